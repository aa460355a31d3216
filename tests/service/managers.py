"""Programs on the PATH that answer like a service manager's, remember what was asked, and start nothing."""

import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from watcher import system

_PROGRAM = """#!{python} -IS
import json, sys
from pathlib import Path
folder, name, asked = Path({folder!r}), {name!r}, sys.argv[1:]
with (folder / "asked").open("a", encoding="utf-8") as log:
    print(json.dumps([name, *asked]), file=log)
state = json.loads((folder / "state").read_text(encoding="utf-8"))
answer = state["answers"].get(" ".join([name, *asked]).replace({uid!r}, "UID"))
key = next((word for word in ("restart", "disable", "bootstrap", "bootout", "/Run", "/Delete") if word in asked), None)
if state["refuses"] and key in {{"restart", "bootstrap", "/Run"}}:
    sys.exit(state["refuses"])
if key is not None:
    state["on"] = key in {{"restart", "bootstrap", "/Run"}}
    (folder / "state").write_text(json.dumps(state), encoding="utf-8")
if answer is None:
    answer = state["default"]
code, on, off = answer
out = on if state["on"] else off
if out is None:
    sys.exit("there is no such thing")
sys.stdout.write(out)
sys.exit(code)
"""


@dataclass(slots=True)
class Fake:
    """The programs, and what they were asked."""

    folder: Path

    def asked(self) -> list[list[str]]:
        """Every call, the program's name first; forgotten with this."""
        log = self.folder / "asked"
        calls = (
            [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
            if log.exists()
            else []
        )
        log.unlink(missing_ok=True)
        return calls

    def changes(self) -> list[str]:
        """The calls that change something."""
        looks = {"show", "show-environment", "--version", "show-user", "print", "/Query"}
        return [" ".join(call) for call in self.asked() if not looks & set(call)]

    def answers(self, command: str, code: int, on: str | None, off: str | None = "") -> None:
        """What a command prints while the watch is on, and while it is off; `None`: it fails."""
        self._set(answers=self._state["answers"] | {command: (code, on, off)})

    def refuses(self, words: str) -> None:
        """From now on the watch cannot be started."""
        self._set(refuses=words)

    @property
    def _state(self) -> dict[str, object]:
        return json.loads((self.folder / "state").read_text(encoding="utf-8"))

    def _set(self, **changes: object) -> None:
        (self.folder / "state").write_text(json.dumps(self._state | changes), encoding="utf-8")


def fake(folder: Path, patch: pytest.MonkeyPatch, *names: str) -> Fake:
    """Put programs of these names where alone programs are looked for."""
    programs = folder / "programs"
    programs.mkdir(parents=True)
    state = {"on": False, "refuses": "", "answers": {}, "default": (0, "", "")}
    (folder / "state").write_text(json.dumps(state), encoding="utf-8")
    for name in names:
        program = programs / name
        program.write_text(
            _PROGRAM.format(python=sys.executable, folder=str(folder), name=name, uid=str(os.getuid())),
            encoding="utf-8",
        )
        program.chmod(0o755)
    patch.setenv("PATH", str(programs))
    return Fake(folder)


UNIT = "stornowacht.service"
_ASKED = (
    f"systemctl --user show --property=LoadState,ActiveState,SubState,UnitFileState,MainPID,NRestarts {UNIT}"
)


def fake_systemd(folder: Path, patch: pytest.MonkeyPatch, *, version: int = 255) -> Fake:
    """A systemd that knows the watch once it was started; it runs as this very process."""
    patch.setattr(system, "here", lambda: system.System.LINUX)
    made = fake(folder, patch, "systemctl", "loginctl")
    made.answers(
        "systemctl --version", 0, f"systemd {version} ({version}.4)\n", f"systemd {version} ({version}.4)\n"
    )
    on = f"LoadState=loaded\nActiveState=active\nSubState=running\nUnitFileState=enabled\nMainPID={os.getpid()}\nNRestarts=0\n"
    off = "LoadState=not-found\nActiveState=inactive\nSubState=dead\nUnitFileState=\nMainPID=0\nNRestarts=0\n"
    made.answers(_ASKED, 0, on, off)
    made.answers("loginctl show-user UID --property=Linger --value", 0, "no\n", "no\n")
    return made


def gone_systemd(folder: Path, patch: pytest.MonkeyPatch) -> Fake:
    """A systemd that cannot be reached, as in a container."""
    made = fake_systemd(folder, patch)
    made.answers("systemctl --user show-environment", 1, None, None)
    return made


def fake_launchd(folder: Path, patch: pytest.MonkeyPatch) -> Fake:
    """A launchd that knows the watch once it was started."""
    patch.setattr(system, "here", lambda: system.System.MAC)
    made = fake(folder, patch, "launchctl")
    told = f"gui/501/stornowacht.watch = {{\n\tactive count = 1\n\tstate = running\n\n\tpid = {os.getpid()}\n}}\n"
    made.answers("launchctl print gui/UID/stornowacht.watch", 0, told, None)
    return made


def fake_scheduler(folder: Path, patch: pytest.MonkeyPatch) -> Fake:
    """A Task Scheduler that has a task once it was run."""
    patch.setattr(system, "here", lambda: system.System.WINDOWS)
    made = fake(folder, patch, "schtasks")
    task = "<Task><Settings><Enabled>true</Enabled></Settings></Task>"
    made.answers("schtasks /Query /TN Stornowacht /XML", 0, task, None)
    return made
