"""A private D-Bus session with a tiny desktop on it."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

# Without service folders: nothing that happens to be installed here is started to answer in our place.
_BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:tmpdir=/tmp</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/>
  </policy>
</busconfig>
"""


@dataclass(frozen=True)
class DesktopSession:
    """A desktop and its user, who does as `tell` says; see ``notification_service.py``."""

    address: str
    file: Path
    tell: Callable[[str], None]

    @property
    def shown(self) -> list[Mapping[str, Any]]:
        """The notifications so far."""
        if not self.file.exists():
            return []
        return [json.loads(line) for line in self.file.read_text(encoding="utf-8").splitlines()]

    @property
    def closed(self) -> list[int]:
        """The ids of those that were closed by a program."""
        file = self.file.with_name("closed")
        return [int(line) for line in file.read_text(encoding="utf-8").split()] if file.exists() else []


@contextmanager
def desktop_session(folder: Path, mode: str = "plain") -> Iterator[DesktopSession]:
    """Runs a session for as long as it is needed; see ``notification_service.py`` for the modes."""
    program = shutil.which("dbus-run-session")
    if sys.platform != "linux" or program is None or shutil.which("dbus-daemon") is None:
        pytest.skip("needs Linux with dbus-run-session and dbus-daemon (Debian: apt-get install dbus)")
    config, file = folder / "bus.conf", folder / "shown.jsonl"
    config.write_text(_BUS, encoding="utf-8")
    service = Path(__file__).with_name("notification_service.py")
    command = [program, "--config-file", str(config), "--", sys.executable, str(service), str(file), mode]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            address = process.stdout.readline().strip()
            assert address, "the private session did not start"

            def tell(line: str) -> None:
                process.stdin.write(f"{line}\n")
                process.stdin.flush()

            yield DesktopSession(address=address, file=file, tell=tell)
        finally:
            process.stdin.close()
            process.stdout.close()
            process.wait(timeout=10)
