"""`service`: what it writes, starts, leaves alone and takes away, with each system's programs played by stand-ins."""

import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from filelock import FileLock

from tests.cli.test_downgrade import newer
from tests.service.managers import (
    UNIT,
    Fake,
    fake_launchd,
    fake_scheduler,
    fake_systemd,
    gone_systemd,
)
from tests.support.cli import CommandLine
from tests.support.crash_points import HOUSE
from watcher import system
from watcher.cli import service as command
from watcher.service.logon_task import LogonTask
from watcher.storage.database import FILE_NAME, connect

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def home(cli: CommandLine, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of one's own, and a program that does not lie in a temporary folder, as far as it knows."""
    folder = cli.folder / "home"
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", str(cli.folder / "temporary"))
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "PLAYWRIGHT_BROWSERS_PATH"):
        monkeypatch.delenv(name, raising=False)
    return folder


@pytest.fixture
def systemd(cli: CommandLine, monkeypatch: pytest.MonkeyPatch) -> Fake:
    return fake_systemd(cli.folder / "systemd", monkeypatch)


def unit(home: Path) -> Path:
    return home / ".config" / "systemd" / "user" / UNIT


# Installing


def test_it_writes_the_unit_starts_the_watch_and_says_so(cli, systemd, home):
    said = cli("service", "install")
    assert said.code == 0
    assert "The watch runs, and from now on it starts with the computer." in said.out
    assert "loginctl enable-linger" in said.out
    assert f'"--config" "{cli.config}"' in unit(home).read_text(encoding="utf-8")
    assert systemd.changes() == [
        "systemctl --user daemon-reload",
        f"systemctl --user enable {UNIT}",
        f"systemctl --user restart {UNIT}",
    ]


def test_a_second_time_it_changes_nothing(cli, systemd):
    cli("service", "install")
    systemd.asked()
    said = cli("service", "install")
    assert (said.code, systemd.changes()) == (0, [])
    assert "It is there already" in said.out


def test_on_request_the_watch_is_started_anew_all_the_same(cli, systemd):
    cli("service", "install")
    systemd.asked()
    cli("service", "install", "--restart")
    assert f"systemctl --user restart {UNIT}" in systemd.changes()


def test_another_version_of_the_program_is_started_anew(cli, systemd, monkeypatch):
    cli("service", "install")
    monkeypatch.setattr("watcher.service.seal.__version__", "99.0")
    assert "brings it up to date" in cli("service", "status").out
    systemd.asked()
    assert cli("service", "install").code == 0
    assert f"systemctl --user restart {UNIT}" in systemd.changes()
    assert "brings it up to date" not in cli("service", "status").out


def test_what_would_be_written_is_only_printed(cli, systemd, home):
    said = cli("service", "install", "--print")
    assert (said.code, unit(home).exists(), systemd.changes()) == (0, False, [])
    assert said.out.startswith("# written by `stornowacht service install`")


def test_a_relative_config_is_named_in_full(cli, systemd, home, monkeypatch):
    monkeypatch.chdir(cli.folder)
    cli("service", "install", "--config", "config.toml", with_config=False)
    assert f'"--config" "{cli.folder}/config.toml"' in unit(home).read_text(encoding="utf-8")


def test_where_nobody_answers_it_writes_the_file_and_says_what_remains(cli, home, monkeypatch):
    fake = gone_systemd(cli.folder / "gone", monkeypatch)
    said = cli("service", "install")
    assert said.code == 1
    assert unit(home).is_file()
    assert "there is no such thing" in said.out, "what systemctl itself says"
    assert f"  systemctl --user enable --now {UNIT}" in said.out.splitlines()
    assert fake.changes() == []


def test_a_manager_that_refuses_is_quoted(cli, systemd):
    systemd.refuses("Job for stornowacht.service failed.")
    said = cli("service", "install")
    assert said.code == 2
    assert "Job for stornowacht.service failed." in said.err
    assert "journalctl --user -u stornowacht" in said.err


def test_without_the_risk_accepted_nothing_is_installed(cli, systemd, home):
    cli.write_config(terms=False)
    said = cli("service", "install")
    assert (said.code, unit(home).exists(), systemd.changes()) == (2, False, [])
    assert "accepted the risk" in said.err


def test_with_a_config_that_has_mistakes_nothing_is_installed(cli, systemd, home):
    cli.write_config(more="[watch]\nhot = 'soon'\n")
    said = cli("service", "install")
    assert (said.code, unit(home).exists(), systemd.changes()) == (2, False, [])
    assert "[watch] hot" in said.err


def test_beside_a_watch_in_a_window_nothing_is_installed(cli, systemd, home):
    cli.data.mkdir()
    with FileLock(cli.data / "daemon.lock"):
        said = cli("service", "install")
    assert (said.code, unit(home).exists(), systemd.changes()) == (2, False, [])
    assert "A watch is already at work" in said.err
    assert "Ctrl-C" in said.err


def test_with_the_database_of_a_newer_version_nothing_is_installed(cli, systemd, home):
    connect(cli.data).close()
    newer(cli.data)
    said = cli("service", "install")
    assert (said.code, unit(home).exists(), systemd.changes()) == (2, False, [])
    assert "newer Stornowacht" in said.err
    assert "Update Stornowacht" in said.err


def test_an_installation_that_is_refused_leaves_an_older_database_as_it_is(cli, systemd, home):
    with zipfile.ZipFile(HOUSE / "fixtures/evidence/0.1.0/storage.zip") as old:
        old.extractall(cli.data)
    unit(home).parent.mkdir(parents=True)
    unit(home).write_text("[Service]\n")
    before = (cli.data / FILE_NAME).read_bytes()
    assert cli("service", "install").code == 2
    assert (cli.data / FILE_NAME).read_bytes() == before
    assert cli("service", "install", "--force").code == 0
    assert (cli.data / FILE_NAME).read_bytes() != before, "as the watch needs it"


def test_with_a_file_in_place_of_the_storage_folder_nothing_is_installed_and_the_setting_is_named(
    cli, systemd, home
):
    cli.data.write_text("a file")
    said = cli("service", "install")
    assert (said.code, unit(home).exists(), systemd.changes()) == (2, False, [])
    assert f"The storage folder {cli.data} cannot be written" in said.err
    assert "[storage] dir" in said.err


def test_the_watch_of_the_service_itself_is_in_nobodys_way(cli, systemd):
    cli("service", "install")
    with FileLock(cli.data / "daemon.lock"):
        assert cli("service", "install", "--restart").code == 0


def test_a_program_in_a_cache_is_not_relied_upon(cli, systemd, home, monkeypatch):
    monkeypatch.setattr(
        sys, "executable", str(home / ".cache" / "uv" / "archive-v0" / "x" / "bin" / "python")
    )
    said = cli("service", "install")
    assert (said.code, unit(home).exists()) == (2, False)
    assert "as docs/install.md tells" in said.err


def test_a_password_that_the_service_would_not_see_is_told(cli, systemd):
    cli.write_config(more='[notify.ntfy]\ntopic = "a-topic-of-mine"\ntoken = "env:MY_TOKEN"\n')
    said = cli("service", "install")
    assert "MY_TOKEN" in said.err
    assert str(cli.folder / "service.env") in said.err
    (cli.folder / "service.env").write_text("MY_TOKEN=x\n", encoding="utf-8")
    assert "MY_TOKEN" not in cli("service", "install").err


def test_a_data_folder_from_the_shell_is_kept(cli, systemd, home, monkeypatch):
    cli.config.write_text("language = 'en'\n[terms]\ni_accept_the_risk = true\n", encoding="utf-8")
    monkeypatch.setenv("XDG_DATA_HOME", str(cli.folder / "elsewhere"))
    cli("service", "install")
    assert f'Environment="XDG_DATA_HOME={cli.folder}/elsewhere"' in unit(home).read_text(encoding="utf-8")


# What belongs to somebody else


def test_a_unit_that_was_changed_by_hand_stays(cli, systemd, home):
    cli("service", "install")
    changed = unit(home).read_text(encoding="utf-8").replace("TasksMax=800", "TasksMax=80")
    unit(home).write_text(changed, encoding="utf-8")
    systemd.asked()
    for words in (("install",), ("uninstall",)):
        said = cli("service", *words, with_config=words == ("install",))
        assert (said.code, systemd.changes()) == (2, [])
        assert "changed by hand" in said.err
        assert "TasksMax=80\n" in unit(home).read_text(encoding="utf-8")
    assert "changed by hand" in cli("service", "status").out
    assert cli("service", "install", "--force").code == 0
    assert "TasksMax=800\n" in unit(home).read_text(encoding="utf-8")


def test_a_unit_that_somebody_else_wrote_stays(cli, systemd, home):
    unit(home).parent.mkdir(parents=True)
    unit(home).write_text("[Service]\nExecStart=/bin/true\n", encoding="utf-8")
    assert "was not written by Stornowacht" in cli("service", "install").err
    assert "was not written by Stornowacht" in cli("service", "uninstall", with_config=False).err
    assert systemd.changes() == []


def test_the_service_of_another_config_is_not_taken_over(cli, systemd):
    cli("service", "install")
    other = cli.folder / "other.toml"
    other.write_text(cli.config.read_text(encoding="utf-8"), encoding="utf-8")
    said = cli("service", "install", "--config", str(other), with_config=False)
    assert said.code == 2
    assert str(cli.config) in said.err
    assert cli("service", "install", "--force", "--config", str(other), with_config=False).code == 0
    assert f"It watches with {other}." in cli("service", "status").out


@pytest.mark.parametrize("words", [("install",), ("uninstall",), ("status",)])
@pytest.mark.parametrize("in_the_way", ["a folder in its place", "a file in place of a folder above"])
def test_what_lies_in_the_way_of_the_unit_is_named_with_the_way_out(cli, systemd, home, words, in_the_way):
    if in_the_way == "a folder in its place":
        unit(home).mkdir(parents=True)
    else:
        (home / ".config").mkdir(parents=True)
        (home / ".config" / "systemd").write_text("a file")
    said = cli("service", *words, with_config=words != ("uninstall",))
    assert (said.code, systemd.changes()) == (2, [])
    assert f"{unit(home)} cannot be read" in said.err
    assert "Move away what lies in its way" in said.err


def test_a_unit_that_cannot_be_written_comes_with_the_way_out(cli, systemd, home):
    unit(home).with_name(f".{UNIT}.new").mkdir(parents=True)
    said = cli("service", "install")
    assert (said.code, unit(home).exists(), systemd.changes()) == (2, False, [])
    assert "make the folder yours" in said.err


# Uninstalling


def test_it_takes_away_what_it_made_and_nothing_else(cli, systemd, home):
    cli("service", "install")
    beside = unit(home).with_name("other.service")
    beside.touch()
    systemd.asked()
    said = cli("service", "uninstall", with_config=False)
    assert said.code == 0
    assert [path for path in home.rglob("*") if path.is_file()] == [beside]
    assert systemd.changes() == [
        f"systemctl --user disable --now {UNIT}",
        f"systemctl --user reset-failed {UNIT}",
        "systemctl --user daemon-reload",
    ]


def test_where_there_is_nothing_it_says_so(cli, systemd):
    said = cli("service", "uninstall", with_config=False)
    assert (said.code, systemd.changes()) == (0, [])
    assert "There is no service here" in said.out


def test_where_nobody_answers_the_link_goes_with_the_file(cli, systemd, home, monkeypatch):
    cli("service", "install")
    link = unit(home).parent / "default.target.wants" / UNIT
    link.parent.mkdir()
    link.symlink_to(unit(home))
    gone_systemd(cli.folder / "gone", monkeypatch)
    said = cli("service", "uninstall", with_config=False)
    assert said.code == 1
    assert "could not be told" in said.err
    assert not link.is_symlink()
    assert not unit(home).exists()


# How it stands


def test_status_says_since_when_it_runs(cli, systemd):
    cli("service", "install")
    said = cli("service", "status")
    assert said.code == 0
    assert f"(process {os.getpid()})" in said.out
    told = cli("service", "status", "--json").json
    assert told["running"] is told["enabled"] is told["installed"] is told["current"] is True
    assert told["pid"] == os.getpid()
    assert told["since"] < "9999"
    assert told["config"] == str(cli.config)


def test_status_says_that_there_is_none(cli, systemd):
    said = cli("service", "status")
    assert said.code == 1
    assert "service install" in said.out
    assert cli("service", "status", "--json").json["installed"] is False


def test_status_does_not_know_what_nobody_tells(cli, systemd, monkeypatch):
    cli("service", "install")
    gone_systemd(cli.folder / "gone", monkeypatch)
    assert "is not known" in cli("service", "status").out
    told = cli("service", "status", "--json").json
    assert told["running"] is None
    assert told["enabled"] is None


def test_status_speaks_also_where_the_config_has_mistakes(cli, systemd):
    cli("service", "install")
    cli.write_config(more="[nonsense]\n")
    said = cli("service", "status")
    assert said.code == 0
    assert "It has been running since" in said.out


# Other systems


def test_on_a_mac_the_agent_is_taken_out_before_it_comes_back(cli, home, monkeypatch):
    fake = fake_launchd(cli.folder / "launchd", monkeypatch)
    uid = os.getuid()
    agent = home / "Library" / "LaunchAgents" / "stornowacht.watch.plist"
    assert cli("service", "install").code == 0
    assert fake.changes() == [
        f"launchctl bootout gui/{uid}/stornowacht.watch",
        f"launchctl enable gui/{uid}/stornowacht.watch",
        f"launchctl bootstrap gui/{uid} {agent}",
    ]
    assert cli("service", "status", "--json").json["pid"] == os.getpid()
    said = home / "Library" / "Logs" / "stornowacht.log"
    said.parent.mkdir(parents=True)
    said.touch()
    told = cli("service", "uninstall", "--json", with_config=False)
    assert (told.code, told.json["removed"]) == (0, [str(agent), str(said)])
    assert fake.changes() == [f"launchctl bootout gui/{uid}/stornowacht.watch"]
    assert not agent.exists()
    assert not said.exists()


def test_on_windows_the_task_is_made_from_the_file_and_its_process_is_found(cli, monkeypatch):
    fake = fake_scheduler(cli.folder / "scheduler", monkeypatch)
    file = cli.folder / "roaming" / "service-task.xml"
    monkeypatch.setattr(LogonTask, "place", lambda _self: file)
    assert cli("service", "install").code == 1, "nothing runs with just this command line"
    assert fake.changes() == [
        "schtasks /End /TN Stornowacht",
        f"schtasks /Create /TN Stornowacht /XML {file} /F",
        "schtasks /Run /TN Stornowacht",
    ]
    assert file.read_bytes()[:2] in {b"\xff\xfe", b"\xfe\xff"}, "UTF-16 with a mark"
    with started(cli.folder / "windows", "-P", "-m", "watcher", "run", "--config", str(cli.config)) as pid:
        assert cli("service", "status", "--json").json["pid"] == pid
    assert cli("service", "uninstall", with_config=False).code == 0
    assert fake.changes() == ["schtasks /End /TN Stornowacht", "schtasks /Delete /TN Stornowacht /F"]
    assert not file.exists()


@contextmanager
def started(folder: Path, *arguments: str) -> Iterator[int]:
    """A process with that command line, which only waits."""
    package = folder / "watcher"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "__main__.py").write_text("print(flush=True)\ninput()\n", encoding="utf-8")
    waiting = subprocess.Popen(
        [sys.executable, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(folder)},
    )
    try:
        waiting.stdout.readline()
        yield waiting.pid
    finally:
        waiting.communicate(b"\n")


def test_a_system_without_a_manager_is_told_what_to_start(cli, monkeypatch):
    monkeypatch.setattr(system, "here", lambda: system.System.OTHER)
    said = cli("service", "install")
    assert said.code == 2
    assert "stornowacht run" in said.err
    doctors = {line["name"]: line for line in cli("doctor", "--json").json}
    assert doctors["service"]["state"] == "skipped"


# The doctor


@pytest.mark.parametrize("installed", [False, True])
def test_the_doctor_says_whether_it_starts_with_the_computer(cli, systemd, installed):
    if installed:
        cli("service", "install")
    line = {each["name"]: each for each in cli("doctor", "--json").json}["service"]
    assert line["state"] == ("ok" if installed else "skipped")


def test_nothing_but_these_commands_is_in_the_group():
    assert set(command.service_command.commands) == {"install", "uninstall", "status"}
