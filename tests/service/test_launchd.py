"""The agent for macOS: read back as launchd reads it. None of this ran on a Mac."""

import plistlib

from tests.service.samples import HARD, a_plan
from watcher.daemon.service_manager import ServiceManager
from watcher.service.launchd import LABEL, Launchd


def read(**changes: object) -> dict[str, object]:
    return plistlib.loads(Launchd().written(a_plan(HARD, **changes)).encode("utf-8"))


def test_the_command_comes_back_word_by_word():
    assert read()["ProgramArguments"] == list(a_plan(HARD).command)
    assert read()["Label"] == LABEL
    assert read()["WorkingDirectory"] == f"{HARD}/data"


def test_a_fault_is_followed_by_another_attempt_and_an_end_is_not():
    agent = read()
    assert agent["KeepAlive"] == {"SuccessfulExit": False}
    assert agent["RunAtLoad"] is True
    assert agent["ThrottleInterval"] == 60


def test_a_check_may_end_before_it_is_ended():
    from watcher.daemon.jobs import STOP_GRACE

    assert read()["ExitTimeOut"] > STOP_GRACE + 10


def test_what_it_says_is_kept_and_nobody_is_in_its_way():
    agent = read()
    assert agent["StandardErrorPath"] == agent["StandardOutPath"]
    assert str(agent["StandardOutPath"]).endswith("Library/Logs/stornowacht.log")
    assert agent["LowPriorityIO"] is True
    assert "ProcessType" not in agent


def test_the_watch_is_told_that_nobody_clears_away_what_it_says():
    told = dict(read()["EnvironmentVariables"])
    assert not ServiceManager(told).clears_stderr
    assert told == {"PYTHONUNBUFFERED": "1"}, "its children hear nothing of it"
    assert ServiceManager({}).clears_stderr, "under systemd, and in a terminal"


def test_variables_are_kept():
    assert read(environment={"XDG_DATA_HOME": HARD})["EnvironmentVariables"]["XDG_DATA_HOME"] == HARD
