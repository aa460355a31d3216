"""The task for Windows: held against what Microsoft's documentation of the schema says. None of this ran on Windows."""

import re
import subprocess
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.service.samples import a_plan
from watcher.service.fault import ServiceError
from watcher.service.logon_task import NAMESPACE, LogonTask, values

BOOLEAN, SPAN, TEXT, PATH = r"true|false", r"P(?=.)(\d+D)?(T(\d+H)?(\d+M)?(\d+S)?)?", r"(?s).*", r".{1,260}"
ANY_ORDER, THIS_ORDER = False, True
# Element -> whether its children's order counts, and what they may be. From the pages "Task Scheduler Schema Elements" and
# "... Complex Types" of Microsoft's Win32 documentation, as read on 26 November 2026; only what the task uses.
SCHEMA: dict[str, tuple[bool, dict[str, str | None]]] = {
    "Task": (ANY_ORDER, dict.fromkeys(("RegistrationInfo", "Triggers", "Settings", "Principals", "Actions"))),
    "RegistrationInfo": (ANY_ORDER, {"Author": TEXT, "Description": TEXT}),
    "Triggers": (THIS_ORDER, {"LogonTrigger": None}),
    "LogonTrigger": (
        THIS_ORDER,
        {"Enabled": BOOLEAN, "StartBoundary": TEXT, "EndBoundary": TEXT, "Repetition": None, "ExecutionTimeLimit": SPAN,
         "UserId": r".+", "Delay": SPAN},
    ),
    "Repetition": (ANY_ORDER, {"Interval": SPAN, "Duration": SPAN, "StopAtDurationEnd": BOOLEAN}),
    "Principals": (THIS_ORDER, {"Principal": None}),
    "Principal": (ANY_ORDER, {"UserId": r".+", "LogonType": "S4U|Password|InteractiveToken", "RunLevel": "LeastPrivilege|HighestAvailable"}),
    "Settings": (
        ANY_ORDER,
        dict.fromkeys(
            ("AllowStartOnDemand", "DisallowStartIfOnBatteries", "StopIfGoingOnBatteries", "AllowHardTerminate",
             "StartWhenAvailable", "RunOnlyIfNetworkAvailable", "WakeToRun", "Enabled", "Hidden", "RunOnlyIfIdle"), BOOLEAN,
        )
        | {"MultipleInstancesPolicy": "Parallel|Queue|IgnoreNew|StopExisting", "ExecutionTimeLimit": SPAN,
           "Priority": r"\d|10", "RestartOnFailure": None},
    ),
    "RestartOnFailure": (ANY_ORDER, {"Interval": SPAN, "Count": r"[1-9]\d?|1\d\d|2[0-4]\d|25[0-5]"}),
    "Actions": (THIS_ORDER, {"Exec": None}),
    "Exec": (ANY_ORDER, {"Command": PATH, "Arguments": TEXT, "WorkingDirectory": PATH}),
}  # fmt: skip
FOLDER = r"C:\Users\Jo & Löß\50% <x>"


@pytest.fixture(autouse=True)
def _user(monkeypatch):
    monkeypatch.setenv("USERNAME", "jo")
    monkeypatch.setenv("USERDOMAIN", "PC-7")


def task(**changes: object) -> ET.Element:
    return ET.fromstring(LogonTask().written(a_plan(FOLDER, **changes)).encode("utf-16"))  # noqa: S314 - our own


def faults(element: ET.Element) -> list[str]:
    """What in an element the schema does not allow."""
    name = element.tag.removeprefix(f"{{{NAMESPACE}}}")
    ordered, allowed = SCHEMA[name]
    found = [child.tag.removeprefix(f"{{{NAMESPACE}}}") for child in element]
    wrong = [f"{name}: {child}" for child in found if child not in allowed or found.count(child) > 1]
    if ordered and found != [child for child in allowed if child in found]:
        wrong.append(f"{name}: order {found}")
    for child, tag in zip(element, found, strict=True):
        form = allowed.get(tag)
        if form is None and tag in SCHEMA:
            wrong += faults(child)
        elif form is not None and not re.fullmatch(form, child.text or ""):
            wrong.append(f"{name}/{tag}: {child.text}")
    return wrong


def test_the_schema_allows_all_that_it_says():
    root = task()
    assert root.get("version") == "1.2"
    assert faults(root) == []


def test_a_fault_against_the_schema_is_found():
    text = LogonTask().written(a_plan(FOLDER))
    swapped = text.replace("<Enabled>true</Enabled>", "<Enabled>yes</Enabled>", 1).replace(
        "<Hidden>", "<Hiden>"
    )
    broken = ET.fromstring(swapped.replace("</Hidden>", "</Hiden>").encode("utf-16"))  # noqa: S314
    assert faults(broken) == ["LogonTrigger/Enabled: yes", "Settings: Hiden"]


def test_the_action_belongs_to_the_principal():
    told = LogonTask().written(a_plan(FOLDER))
    assert '<Principal id="Author">' in told
    assert '<Actions Context="Author">' in told


def test_windows_gets_the_command_as_it_is():
    plan = a_plan(FOLDER)
    found = values(LogonTask().written(plan))
    assert found["Actions/Exec/Arguments"] == subprocess.list2cmdline(plan.command[1:])
    assert found["Actions/Exec/Command"] == str(plan.interpreter)
    assert found["Triggers/LogonTrigger/UserId"] == r"PC-7\jo"


def test_it_is_never_ended_for_having_run_long_and_a_dead_one_begins_anew():
    found = values(LogonTask().written(a_plan(FOLDER)))
    assert found["Settings/ExecutionTimeLimit"] == "PT0S"
    assert found["Settings/MultipleInstancesPolicy"] == "IgnoreNew"
    assert found["Triggers/LogonTrigger/Repetition/Interval"] == "PT15M"
    assert "Triggers/LogonTrigger/Repetition/Duration" not in found, "without an end"


def test_no_black_window_where_there_is_a_python_without_one(tmp_path: Path):
    (tmp_path / "pythonw.exe").touch()
    found = values(LogonTask().written(a_plan(FOLDER, interpreter=tmp_path / "python.exe")))
    assert found["Actions/Exec/Command"] == str(tmp_path / "pythonw.exe")


def test_a_variable_that_a_task_would_not_see_is_told():
    with pytest.raises(ServiceError, match="XDG_DATA_HOME"):
        LogonTask().written(a_plan(FOLDER, environment={"XDG_DATA_HOME": "C:\\x"}))


def test_what_is_no_task_says_nothing():
    assert values("") == {}
    assert values(b"\xff\xfe<") == {}
