"""A real daemon that visits nobody, with a service manager that listens to it."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from watcher.storage.store import SqliteStore

CONFIG = """language = "en"
[terms]
i_accept_the_risk = true
[storage]
dir = "{data}"
[site]
base_url = "http://127.0.0.1:9"
gateway_url = "http://127.0.0.1:9"
[watch]
mode = "passive"
[dashboard]
enabled = false
"""
DESK = """[notify.email]
to = "marlene@example.org"
sender = "marlene@example.org"
host = "127.0.0.1"
port = 9
security = "none"
"""
MAIN = "from watcher.__main__ import main; main()"


class Manager:
    """The service manager's end of the line."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._line = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._line.bind(f"\0{address[1:]}" if address.startswith("@") else address)
        self.heard: list[str] = []

    def listen(self, seconds: float) -> list[str]:
        """Return everything that was ever said, after listening for a while."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self._line.settimeout(left)
            try:
                self.heard += self._line.recv(4096).decode().splitlines()
            except TimeoutError:
                break
        return self.heard

    def hears(self, word: str, *, seconds: float = 30) -> bool:
        end = time.monotonic() + seconds
        while word not in self.heard and time.monotonic() < end:
            self.listen(0.1)
        return word in self.heard

    def close(self) -> None:
        self._line.close()


class Place:
    """One machine on which daemons run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.config, self.data = folder / "config.toml", folder / "data"
        self._daemons: list[subprocess.Popen[bytes]] = []
        self.configure()

    def configure(self, more: str = "") -> None:
        self.config.write_text(CONFIG.format(data=self.data) + more, encoding="utf-8")

    def start(self, prelude: str = "", **environment: str) -> "subprocess.Popen[bytes]":
        """Start a daemon; `prelude` is run before it in its own process: shorter patience, something that hangs."""
        with (self.folder / "stderr").open("ab") as log:
            daemon = subprocess.Popen(
                [sys.executable, "-c", f"{prelude}\n{MAIN}", "run", "--config", str(self.config)],
                stdout=log,
                stderr=log,
                env={**os.environ, **environment},
                start_new_session=True,
            )
        self._daemons.append(daemon)
        return daemon

    def log(self, event: str) -> list[dict[str, Any]]:
        path = self.data / "log" / "stornowacht.jsonl"
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        return [entry for line in lines if (entry := json.loads(line))["event"] == event]

    def run(
        self, *arguments: str, begin: Callable[[], object] | None = None
    ) -> "subprocess.CompletedProcess[str]":
        """Give a command; `begin` is called in its own process, before it becomes the program."""
        command = [sys.executable, "-m", "watcher", *arguments, "--config", str(self.config)]
        return subprocess.run(
            command, capture_output=True, text=True, timeout=60, check=False, preexec_fn=begin
        )

    def alerts(self) -> list[str]:
        """The alerts that were ever queued."""
        with closing(SqliteStore(self.data)) as store:
            return [entry.alert.kind.value for entry in store.outbox()]

    def stop(self) -> None:
        for daemon in self._daemons:
            if daemon.poll() is None:
                daemon.send_signal(signal.SIGTERM)
                daemon.wait(timeout=60)


def wait_for(look: Callable[[], Any], seconds: float = 30) -> Any:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := look():
            return found
        time.sleep(0.05)
    raise AssertionError(f"waited {seconds} s in vain")


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Place]:
    found = Place(tmp_path)
    yield found
    found.stop()


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[Manager]:
    made = Manager(str(tmp_path / "notify"))
    yield made
    made.close()
