"""The unit: what it says, what systemd itself thinks of it, and where it says less."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.service.managers import fake_systemd
from tests.service.samples import HARD, a_plan
from watcher.service import systemd
from watcher.service.fault import ServiceError
from watcher.service.plan import require_writable
from watcher.service.systemd import Systemd

ANALYZE = shutil.which("systemd-analyze")
needs_systemd = pytest.mark.skipif(
    ANALYZE is None, reason="systemd is not installed (`make test` installs it where it may)"
)
EXPOSURE_AT_MOST = 40
"""Of 100: what `systemd-analyze security` calls "OK". A browser needs the network, namespaces and machine code made as it runs."""


@pytest.fixture(autouse=True)
def _kernel(tmp_path, monkeypatch):
    """A kernel in which nothing is forbidden."""
    monkeypatch.setattr(systemd, "_SYSCTL", tmp_path / "sysctl")


def settings(text: str) -> dict[str, str]:
    lines = [line for line in text.splitlines() if "=" in line and not line.startswith("#")]
    found = dict(line.partition("=")[::2] for line in lines)
    assert len(found) + text.count("\nEnvironment=") - 1 == len(lines), "nothing is said twice"
    return found


def setting(tmp_path: Path, name: str, value: str) -> None:
    path = tmp_path / "sysctl" / name
    path.parent.mkdir(parents=True)
    path.write_text(f"{value}\n", encoding="ascii")


def analyzed(tmp_path: Path, text: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    unit = tmp_path / "units" / "stornowacht.service"
    unit.parent.mkdir()
    unit.write_text(text, encoding="utf-8")
    return subprocess.run(
        [ANALYZE, "--user", *arguments, str(unit)],
        capture_output=True,
        text=True,
        timeout=60,
        env={
            "PATH": "/usr/bin:/bin",
            "HOME": str(tmp_path),
            "XDG_RUNTIME_DIR": str(tmp_path),
            "LANG": "C.UTF-8",
        },
    )


@needs_systemd
@pytest.mark.parametrize("folder", ["/home/seller", HARD])
def test_systemd_understands_every_line(tmp_path, folder):
    done = analyzed(
        tmp_path, Systemd().written(a_plan(folder, environment={"XDG_DATA_HOME": folder})), "verify"
    )
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


@needs_systemd
def test_systemd_complains_of_a_line_that_it_does_not_know(tmp_path):
    text = Systemd().written(a_plan()).replace("NotifyAccess=main", "NotifyAccess=nobody")
    assert "notify access" in analyzed(tmp_path, text, "verify").stderr


@needs_systemd
def test_what_is_exposed_stays_below_its_mark(tmp_path):
    # A user's service is nobody's root and has no rights beyond the user's; systemd counts that only where it is said.
    text = (
        Systemd()
        .written(a_plan())
        .replace("[Service]\n", "[Service]\nUser=seller\nCapabilityBoundingSet=\n", 1)
    )
    done = analyzed(
        tmp_path,
        text,
        "security",
        "--offline=true",
        "--no-pager",
        "--json=short",
        f"--threshold={EXPOSURE_AT_MOST}",
    )
    assert done.returncode == 0, done.stdout + done.stderr
    held = {each["json_field"] for each in json.loads(done.stdout) if each["set"]}
    assert {
        "NoNewPrivileges",
        "PrivateUsers",
        "ProtectControlGroups",
        "RestrictRealtime",
        "RestrictSUIDSGID",
    } <= held


def test_it_says_itself_when_it_is_ready_and_is_begun_anew_when_it_falls_silent():
    said = settings(Systemd().written(a_plan()))
    assert (said["Type"], said["NotifyAccess"], said["WatchdogSec"]) == ("notify", "main", "10min")
    assert (said["Restart"], said["StartLimitIntervalSec"]) == ("on-failure", "0")
    assert (said["OOMPolicy"], said["KillMode"]) == ("continue", "mixed")
    assert {"MemoryHigh", "MemoryMax", "TasksMax"} <= said.keys()


def test_the_pauses_grow_where_systemd_knows_how(tmp_path, monkeypatch):
    fake_systemd(tmp_path / "new", monkeypatch, version=254)
    assert settings(Systemd().written(a_plan()))["RestartSteps"] == "6"
    fake_systemd(tmp_path / "old", monkeypatch, version=252)
    assert "RestartSteps" not in settings(Systemd().written(a_plan()))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("user/max_user_namespaces", "0"),
        ("kernel/unprivileged_userns_clone", "0"),
        ("kernel/apparmor_restrict_unprivileged_userns", "1"),
    ],
)
def test_where_it_would_break_the_browser_it_has_no_view_of_its_own(tmp_path, name, value):
    assert settings(Systemd().written(a_plan()))["PrivateUsers"] == "yes"
    setting(tmp_path, name, value)
    said = settings(Systemd().written(a_plan()))
    assert (
        not {"PrivateUsers", "ProtectSystem", "ProtectHome", "ProtectControlGroups", "ReadWritePaths"}
        & said.keys()
    )
    assert said["NoNewPrivileges"] == "yes"


def test_a_browser_that_is_a_snap_keeps_the_rights_that_it_is_started_by():
    said = settings(Systemd().written(a_plan(browser_is_snap=True)))
    assert not {"NoNewPrivileges", "SystemCallFilter", "RestrictNamespaces", "PrivateUsers"} & said.keys()
    assert "MemoryMax" in said


def test_nothing_that_a_browser_needs_is_forbidden():
    said = settings(Systemd().written(a_plan()))
    assert said["RestrictNamespaces"].split() == ["user", "pid", "net"]
    assert said["SystemCallFilter"].startswith("~")
    assert (
        not {"MemoryDenyWriteExecute", "PrivateTmp", "PrivateDevices", "PrivateNetwork", "ProtectProc"}
        & said.keys()
    )


def test_it_may_write_where_the_config_says():
    plan = a_plan(writable=(Path("/home/seller/.config/stornowacht"), Path("/srv/calendar")))
    assert settings(Systemd().written(plan))["ReadWritePaths"] == (
        '"-/home/seller/data" "-/home/seller/.config/stornowacht" "-/srv/calendar" -%C -%t'
    )


def test_a_variable_is_kept():
    assert 'Environment="XDG_DATA_HOME=/a b/50%%"' in Systemd().written(
        a_plan(environment={"XDG_DATA_HOME": "/a b/50%"})
    )


def test_a_line_break_in_a_path_is_refused_before_it_becomes_a_line_of_its_own():
    with pytest.raises(ServiceError, match=re.escape(r"/x\nExecStartPre=/bin/false")):
        require_writable(a_plan("/x\nExecStartPre=/bin/false"))
