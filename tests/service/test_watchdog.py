"""The unit's watchdog in the hands of a real systemd: a watch that is held is ended, and begun anew."""

import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.service.session import Session, session, what_is_missing
from tests.support.daemon import wait_for
from watcher.service.systemd import UNIT

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(120),
    pytest.mark.skipif(bool(what_is_missing()), reason=what_is_missing() or "-"),
]
# Ten minutes are nothing that a test waits for. All else is as it was written.
SOONER = """[Service]
WatchdogSec=2
RestartSec=100ms
ExecStopPost=/bin/sh -c 'echo "$SERVICE_RESULT" >> %h/data/ends'
"""


@pytest.fixture
def user() -> Iterator[Session]:
    """A user with a config that looks at no site; below /home, where the unit lets the watch change what is its own alone."""
    stage = Path(tempfile.mkdtemp(dir="/home", prefix="stornowacht-test-"))
    stage.chmod(0o755)
    with session(stage) as begun:
        config = begun.home / "config.toml"
        config.write_text(
            f"language = 'en'\n[terms]\ni_accept_the_risk = true\n[storage]\ndir = '{begun.home}/data'\n"
            "[watch]\nmode = 'passive'\n[dashboard]\nport = 0\n",
            encoding="utf-8",
        )
        begun.owns(begun.home)
        yield begun
    shutil.rmtree(stage)


def test_a_watch_that_is_held_is_ended_by_the_unit_and_begun_anew(user: Session) -> None:
    def systemctl(*arguments: str) -> str:
        done = user.run("systemctl", "--user", *arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def told(name: str) -> str:
        return systemctl("show", f"--property={name}", "--value", UNIT).strip()

    program = (sys.executable, "-m", "watcher", "service", "install", "--config")
    # A checkout below the system's folder for passing files is none of a user's: there it would be refused.
    installed = user.run("env", f"TMPDIR={user.home}", *program, str(user.home / "config.toml"))
    assert installed.returncode == 0, installed.stderr
    assert told("WatchdogUSec") == "10min"

    sooner = user.home / ".config/systemd/user" / f"{UNIT}.d" / "sooner.conf"
    sooner.parent.mkdir()
    sooner.write_text(SOONER, encoding="ascii")
    systemctl("daemon-reload")
    systemctl("restart", UNIT)
    begun = told("WatchdogTimestampMonotonic")
    wait_for(lambda: told("WatchdogTimestampMonotonic") != begun)  # it says that it gets on
    watch = psutil.Process(int(told("MainPID")))

    watch.suspend()
    wait_for(lambda: told("NRestarts") == "1" and told("ActiveState") == "active")
    assert not watch.is_running()
    assert int(told("MainPID")) not in {0, watch.pid}
    ends = (user.home / "data" / "ends").read_text(encoding="ascii").split()
    assert ends == ["success", "watchdog"]  # of the restart above, and of what was held
