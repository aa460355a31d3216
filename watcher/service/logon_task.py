"""Windows: a task that begins when the user logs on (Task Scheduler 1.2, learn.microsoft.com/windows/win32/taskschd).

Windows has no signal by which a program without a window is asked to end: ending the task ends it at once. That is what a
power cut does, too, and the watch is made for that.
"""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import psutil

from watcher.service.fault import ServiceError
from watcher.service.manager import Running
from watcher.service.plan import Plan
from watcher.service.program import Answer, ask, require
from watcher.service.seal import sealed
from watcher.texts.language import _

TASK = "Stornowacht"
NAMESPACE = "http://schemas.microsoft.com/windows/2004/02/mit/task"
_SECONDS = 30.0
_SEAL_LINE = 1
"""Below the line that says that it is XML."""
_FILE = "service-task.xml"
_MISSING = 1
"""What `schtasks` ends with for a task that is not there."""


class LogonTask:
    """The Task Scheduler of Windows."""

    name = "task scheduler"
    encoding = "utf-16"

    def place(self) -> Path:
        """Return where the file that the task was made from lies."""
        from platformdirs import user_config_path  # noqa: PLC0415 - only on Windows

        return user_config_path("stornowacht", appauthor=False) / _FILE

    def written(self, plan: Plan) -> str:
        """Return the task."""
        program = _windowless(plan.interpreter)
        arguments = subprocess.list2cmdline(plan.command[1:])
        if plan.environment:
            # A task has no environment of its own; what the user has set for good is there.
            names = ", ".join(plan.environment)
            raise ServiceError(
                _(
                    "A task of Windows sees only variables that are set for good, and these are not: {names}."
                ).format(names=names),
                advice=_("Name the folder under [storage] dir in the config, and unset them."),
            )
        ET.register_namespace("", NAMESPACE)
        task = ET.Element(_tag("Task"), {"version": "1.2"})
        _fill(task, _task(str(program), arguments, str(plan.storage), _user()))
        ET.indent(task)
        body = f'<?xml version="1.0" encoding="UTF-16"?>\n{ET.tostring(task, encoding="unicode")}\n'
        return sealed(body, config=plan.config, line=_SEAL_LINE, comment=("<!-- ", " -->"))

    def refusal(self) -> str:
        """Return why the scheduler does not answer."""
        answer = ask("schtasks", "/Query", "/TN", TASK, seconds=_SECONDS)
        return "" if answer.code in {0, _MISSING} else answer.words or _("schtasks does not answer")

    def start(self, file: Path) -> None:
        """Take the task over from the file, and begin."""
        ask("schtasks", "/End", "/TN", TASK, seconds=_SECONDS)
        require("schtasks", "/Create", "/TN", TASK, "/XML", str(file), "/F", seconds=_SECONDS)
        require("schtasks", "/Run", "/TN", TASK, seconds=_SECONDS)

    def stop(self, file: Path) -> None:
        """End it, and delete the task."""
        if not self.running(file).is_known:
            return
        ask("schtasks", "/End", "/TN", TASK, seconds=_SECONDS)
        require("schtasks", "/Delete", "/TN", TASK, "/F", seconds=_SECONDS)

    def forget(self) -> None:
        """Do nothing: the scheduler has deleted the task."""

    def running(self, file: Path) -> Running:
        """Ask the scheduler whether there is a task, and the list of processes whether it runs.

        What `schtasks` says of a task's state is in the language of that Windows.
        """
        answer = _definition()
        if not answer.is_yes:
            return Running(is_known=False, is_enabled=False, is_running=False)
        told = values(answer.out)
        pid = _process(file)
        return Running(
            is_known=True,
            is_enabled=told.get("Settings/Enabled", "true") == "true",
            is_running=pid is not None,
            pid=pid,
        )

    def by_hand(self, file: Path) -> tuple[str, ...]:
        """Return what is to be said in a command prompt."""
        return (
            subprocess.list2cmdline(["schtasks", "/Create", "/TN", TASK, "/XML", str(file), "/F"]),
            f"schtasks /Run /TN {TASK}",
        )

    def leftovers(self) -> tuple[Path, ...]:
        """Return nothing: the task itself is the scheduler's."""
        return ()

    def remarks(self) -> tuple[str, ...]:
        """Say when it watches."""
        return (_("It watches while you are logged in; while the computer sleeps, nobody watches."),)


def values(document: bytes | str) -> dict[str, str]:
    """Return what the elements of a task say, by their path below `Task`; nothing of a text that is no task."""
    try:
        task = ET.fromstring(document)  # noqa: S314 - this program's own file, or the scheduler's answer
    except ET.ParseError:
        return {}
    return dict(_values(task, ""))


def _values(element: ET.Element, path: str) -> Iterator[tuple[str, str]]:
    for child in element:
        place = f"{path}/{child.tag.rpartition('}')[2]}".lstrip("/")
        if len(child):
            yield from _values(child, place)
        else:
            yield place, (child.text or "").strip()


def _task(program: str, arguments: str, folder: str, user: str) -> "dict[str, object]":
    """Return what the task says. Elements that are lists in the schema stand in the schema's order."""
    who = {"UserId": user} if user else {}
    return {
        "RegistrationInfo": {
            "Author": "Stornowacht",
            "Description": "Stornowacht: watches your own Kleinanzeigen sales",
        },
        "Triggers": {
            "LogonTrigger": {
                "Enabled": "true",
                # Every quarter of an hour a watch that has died begins anew; one that is alive is left alone (IgnoreNew).
                "Repetition": {"Interval": "PT15M", "StopAtDurationEnd": "false"},
                **who,
                # So that whoever logs on has the computer for themselves at first.
                "Delay": "PT30S",
            }
        },
        "Principals": {
            "Principal": {**who, "LogonType": "InteractiveToken", "RunLevel": "LeastPrivilege"},
        },
        "Settings": {
            "MultipleInstancesPolicy": "IgnoreNew",
            "DisallowStartIfOnBatteries": "false",
            "StopIfGoingOnBatteries": "false",
            "AllowHardTerminate": "true",
            "StartWhenAvailable": "true",
            "RunOnlyIfNetworkAvailable": "false",
            "AllowStartOnDemand": "true",
            "Enabled": "true",
            "Hidden": "false",
            "RunOnlyIfIdle": "false",
            "WakeToRun": "false",
            "ExecutionTimeLimit": "PT0S",  # none: otherwise Windows ends it after three days
            "Priority": "7",
            "RestartOnFailure": {"Interval": "PT1M", "Count": "255"},
        },
        "Actions": {"Exec": {"Command": program, "Arguments": arguments, "WorkingDirectory": folder}},
    }


def _fill(parent: ET.Element, content: "dict[str, object]") -> None:
    for name, value in content.items():
        attributes = {"Principal": {"id": "Author"}, "Actions": {"Context": "Author"}}.get(name, {})
        child = ET.SubElement(parent, _tag(name), attributes)
        if isinstance(value, dict):
            _fill(child, value)
        else:
            child.text = str(value)


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def _windowless(interpreter: Path) -> Path:
    """Return the Python that opens no black window, where it lies beside the other."""
    beside = interpreter.with_name("pythonw.exe")
    return beside if beside.is_file() else interpreter


def _user() -> str:
    """Return the user as Windows calls them; empty where it does not say: then the task is for whoever made it."""
    name, domain = os.environ.get("USERNAME", ""), os.environ.get("USERDOMAIN", "")
    return f"{domain}\\{name}" if name and domain else name


def _definition() -> Answer:
    return ask("schtasks", "/Query", "/TN", TASK, "/XML", seconds=_SECONDS)


def _process(file: Path) -> int | None:
    """Return the process that the task has started: the one with just that command line."""
    try:
        told = values(file.read_text(encoding="utf-16"))
    except (OSError, UnicodeError):
        return None
    arguments = told.get("Actions/Exec/Arguments", "")
    for process in psutil.process_iter(["cmdline"]):
        line = process.info["cmdline"] or []
        if arguments and subprocess.list2cmdline(line[1:]) == arguments:
            return int(process.pid)
    return None
