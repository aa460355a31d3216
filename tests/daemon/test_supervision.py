"""The daemon under supervision, as a real process: it feeds the watchdog, hangs, dies young, and gets over it."""

import signal
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.daemon.running import DESK, Manager, Place, manager, wait_for, watched
from watcher.app.setbacks import setback_of
from watcher.daemon.watchdog import EXIT_STUCK
from watcher.domain.setback import WATCH
from watcher.service.plan import LOG_FILE_ONLY
from watcher.storage.store import SqliteStore

__all__ = ["manager", "watched"]  # fixtures that tests find here

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="systemd and its sockets are Linux' own"),
]

IMPATIENT = (
    "import watcher.daemon.daemon as d; d.SLOWNESS = d.DELIVERY_SECONDS = 1.0; d.FORGETTING_SECONDS = 1.0"
)
HANGS = """
import threading, time
from watcher import crash_points
def hang(point):
    if point == "before_commit" and threading.current_thread() is not threading.main_thread():
        time.sleep(600)
crash_points.on_passing = hang
"""
"""A job hangs within a transaction, so that the database is locked as well."""
QUICKLY_STEADY = """
import watcher.app.setbacks as s
from datetime import timedelta
from watcher.daemon.progress import Progress
s.STEADY = timedelta(seconds=1)
Progress.patience = 1.0
"""

RESTS_LONG = """
import watcher.daemon.life as life
from datetime import timedelta
from watcher.domain.setback import Pauses
life.watch_pauses = lambda _config: Pauses(first=timedelta(hours=1), longest=timedelta(hours=1))
"""


def test_the_service_manager_hears_that_it_is_up_alive_and_ending(watched: Place, manager: Manager) -> None:
    daemon = watched.start(NOTIFY_SOCKET=manager.address, WATCHDOG_USEC="900000")
    assert manager.hears("READY=1")
    assert manager.hears("WATCHDOG=1")
    manager.heard.clear()
    assert manager.hears("WATCHDOG=1"), "again and again"
    daemon.send_signal(signal.SIGTERM)
    assert daemon.wait(timeout=30) == 0
    assert "STOPPING=1" in manager.listen(0.2)


def test_where_nobody_clears_stderr_away_the_log_file_alone_has_the_lines(watched: Place) -> None:
    daemon = watched.start(**{LOG_FILE_ONLY: "1"})
    wait_for(lambda: watched.log("watch_began"))
    daemon.send_signal(signal.SIGTERM)
    assert daemon.wait(timeout=30) == 0
    assert watched.log("watch_ended")
    assert "watch_" not in (watched.folder / "stderr").read_text(encoding="utf-8")


def test_an_abstract_socket_is_spoken_to_as_well(watched: Place, tmp_path: Path) -> None:
    line = Manager(f"@stornowacht-test-{tmp_path.name}-{time.monotonic_ns()}")
    watched.start(NOTIFY_SOCKET=line.address)
    assert line.hears("READY=1")
    line.close()


def test_a_job_that_hangs_ends_the_feeding_and_the_process_and_the_next_start_says_why(
    watched: Place, manager: Manager
) -> None:
    daemon = watched.start(IMPATIENT + HANGS, NOTIFY_SOCKET=manager.address, WATCHDOG_USEC="900000")
    assert daemon.wait(timeout=60) == EXIT_STUCK
    (stuck,) = watched.log("watch_is_stuck")
    assert stuck["job"] in {"deliver", "check", "housekeeping"}
    assert stuck["level"] == "critical"
    heard = manager.listen(0.2)
    assert "WATCHDOG=1" in heard
    assert "STOPPING=1" not in heard, "it did not end because it was asked to"
    watched.start()
    wait_for(lambda: watched.log("watch_began")[-1:] and watched.log("watch_died_before"))


def test_a_daemon_that_dies_young_again_and_again_rests_and_tells_once_until_it_is_over(
    watched: Place,
) -> None:
    watched.configure(DESK)
    for starts in range(1, 6):
        daemon = watched.start()
        wait_for(lambda starts=starts: len(watched.log("watch_began")) >= starts)
        daemon.kill()
        daemon.wait(timeout=30)
    pauses = [entry["pause_seconds"] for entry in watched.log("watch_died_before")]
    assert len(pauses) == 4
    assert [entry["times"] for entry in watched.log("watch_died_before")] == [1, 2, 3, 4]
    assert watched.alerts().count("keeps_failing") == 1
    watched.start(QUICKLY_STEADY)
    wait_for(lambda: "works_again" in watched.alerts(), seconds=90)
    with closing(SqliteStore(watched.data)) as store:
        assert setback_of(store, WATCH).failures == 0
    assert watched.alerts().count("keeps_failing") == 1


def test_one_that_rests_takes_over_a_changed_config_and_rests_no_longer(
    watched: Place, manager: Manager
) -> None:
    watched.configure(DESK)
    with closing(SqliteStore(watched.data)) as store, store.writing() as writing:
        writing.save_remembered("run", '{"began": "2026-11-26T12:00:00+00:00"}')  # and died of it
    watched.start(RESTS_LONG, NOTIFY_SOCKET=manager.address)
    assert manager.hears("STATUS=The watch died several times: it rests before the next try.")
    watched.configure(DESK + "[watch]\nfoo = 1\n")
    wait_for(lambda: watched.log("config_refused"))
    assert watched.log("watch_began") == [], "it rests on"
    watched.configure(DESK + '[[account]]\nname = "second"\n')
    wait_for(lambda: watched.log("config_taken_over"))
    wait_for(lambda: watched.log("watch_began"))


def test_one_that_is_stopped_and_started_as_often_as_one_likes_has_no_setback(watched: Place) -> None:
    for starts in range(1, 4):
        daemon = watched.start()
        wait_for(lambda starts=starts: len(watched.log("watch_began")) >= starts)
        daemon.send_signal(signal.SIGTERM)
        assert daemon.wait(timeout=30) == 0
    assert watched.log("watch_died_before") == []


def test_a_new_config_is_taken_over_by_a_signal_and_one_with_mistakes_is_not(
    watched: Place, manager: Manager
) -> None:
    watched.configure(DESK)
    daemon = watched.start(NOTIFY_SOCKET=manager.address)
    wait_for(lambda: watched.log("watch_began"))
    watched.configure(DESK + '[[account]]\nname = "second"\n[[account]]\nname = "third"\n')
    daemon.send_signal(signal.SIGHUP)
    (taken,) = wait_for(lambda: watched.log("config_taken_over"))
    assert (taken["accounts"], taken["channels"]) == (2, ["email"])
    wait_for(lambda: len(watched.log("watch_began")) == 2)
    assert "RELOADING=1" in manager.listen(0.2)

    watched.configure(DESK + "[watch]\nfoo = 1\n")
    daemon.send_signal(signal.SIGHUP)
    wait_for(lambda: watched.log("config_refused"))
    daemon.send_signal(signal.SIGHUP)
    wait_for(lambda: len(watched.log("config_refused")) == 2)
    assert watched.alerts().count("config_refused") == 1
    assert len(watched.log("watch_began")) == 2, "the old one goes on"
    assert daemon.poll() is None

    watched.configure(DESK)
    wait_for(lambda: len(watched.log("config_taken_over")) == 2)  # without a signal
    wait_for(lambda: '"config_refused": null' in watched.run("status", "--json").stdout)


def test_children_use_the_config_in_force_and_not_a_half_written_file(watched: Place) -> None:
    watched.configure(DESK)
    watched.start("import watcher.daemon.daemon as d; d.CONFIG_EVERY = 600.0")
    wait_for(lambda: watched.log("watch_began"))
    watched.config.write_text("[[[", encoding="utf-8")
    with closing(SqliteStore(watched.data)) as store, store.writing() as writing:
        from tests.support.values import alert
        from watcher.bootstrap import now

        writing.queue(alert("one", at=now()), channels=["email"], now=now())
    (ended,) = wait_for(lambda: watched.log("job_ended"))
    assert (ended["job"], ended["code"]) == ("deliver", 0)
