"""Clocks that jump, a time zone that changes, a machine that is suspended: the watch goes on, and says each thing once."""

import shutil
import signal
import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path

import psutil
import pytest

from tests.app.conftest import clock, known, played, rooms, tmp_path
from tests.daemon.running import Place, wait_for, watched
from tests.domain.samples import order
from tests.support.rooms import Rooms
from tests.support.values import alert
from watcher.app.verify import verify
from watcher.daemon.progress import Progress
from watcher.daemon.schedule import Heartbeat
from watcher.demo.mailbox import Mailbox
from watcher.domain.budget import BERLIN
from watcher.domain.hand_in_soon import hand_in_today
from watcher.domain.ship_by import Promise, ship_by
from watcher.domain.stage import Stage
from watcher.storage.database import FILE_NAME
from watcher.storage.store import SqliteStore
from watcher.texts.names import moment

__all__ = ["clock", "known", "played", "rooms", "tmp_path", "watched"]  # fixtures that tests find here

DESK = """[notify.email]
to = "marlene@example.org"
sender = "stornowacht@example.org"
host = "127.0.0.1"
port = {port}
security = "none"
[remind]
quiet_hours = ""
"""
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)
OWN_SLEEP = "import threading, time; time.sleep = lambda seconds: threading.Event().wait(seconds) and None"
"""faketime refuses the way in which Python sleeps."""


@pytest.fixture
def mailbox(tmp_path: Path) -> Iterator[Mailbox]:
    box = Mailbox(tmp_path / "mail")
    box.start()
    yield box
    box.stop()


def queue(place: Place, key: str, *, now: datetime) -> None:
    with closing(SqliteStore(place.data)) as store, store.writing() as writing:
        writing.queue(alert(key, at=now), channels=["email"], now=now)


def arrive(mailbox: Mailbox, count: int) -> None:
    wait_for(lambda: len(mailbox.mails()) >= count, seconds=60)
    assert len(mailbox.mails()) == count


def _suspended_alone(daemon: psutil.Process, place: Place) -> bool:
    """Stop the watch; one that has a child in this very moment goes on, for a machine suspends all or nothing.

    So does one that is writing: whoever queues something meanwhile would wait for it.
    """
    daemon.send_signal(signal.SIGSTOP)
    wait_for(lambda: daemon.status() == psutil.STATUS_STOPPED)
    if not daemon.children(recursive=True) and not _is_being_written(place):
        return True
    daemon.send_signal(signal.SIGCONT)
    return False


def _is_being_written(place: Place) -> bool:
    with closing(sqlite3.connect(place.data / FILE_NAME, timeout=0, isolation_level=None)) as database:
        try:
            database.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return True
        database.execute("ROLLBACK")
    return False


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="signals that stop a process are POSIX'")
def test_a_watch_that_was_suspended_goes_on_and_delivers_what_has_waited(
    watched: Place, mailbox: Mailbox
) -> None:
    watched.configure(DESK.format(port=mailbox.port))
    daemon = watched.start()
    wait_for(lambda: watched.log("watch_began"))
    wait_for(lambda: _suspended_alone(psutil.Process(daemon.pid), watched))
    try:
        queue(watched, "while-suspended", now=datetime.now(UTC))
        time.sleep(5)  # several of its intervals
        assert mailbox.mails() == []
    finally:
        daemon.send_signal(signal.SIGCONT)
    arrive(mailbox, 1)
    assert daemon.poll() is None
    assert watched.log("watch_is_stuck") == []


@pytest.mark.slow
@pytest.mark.skipif(
    shutil.which("faketime") is None, reason="needs faketime (Debian: apt-get install faketime)"
)
def test_a_clock_that_is_set_forward_and_back_under_a_running_watch_stops_nothing(
    watched: Place, mailbox: Mailbox, tmp_path: Path
) -> None:
    watched.configure(DESK.format(port=mailbox.port))
    offset = tmp_path / "offset"
    offset.write_text("+0d")
    (library,) = list(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"))[:1]
    daemon = watched.start(
        OWN_SLEEP,
        LD_PRELOAD=str(library),
        FAKETIME_TIMESTAMP_FILE=str(offset),
        FAKETIME_CACHE_DURATION="1",
        FAKETIME_DONT_FAKE_MONOTONIC="1",
    )
    wait_for(lambda: watched.log("watch_began"))
    for number, days in enumerate((3, 0), start=1):
        offset.write_text(f"{days:+}d")
        queue(watched, f"alert-{number}", now=datetime.now(UTC) + timedelta(days=days))
        arrive(mailbox, number)
    assert daemon.poll() is None
    assert watched.run("archive", "verify").returncode == 0


def test_of_the_beats_that_a_sleeping_machine_missed_one_is_made_up_for_and_none_is_counted() -> None:
    beats: list[float] = []
    heart = Heartbeat(Progress())
    heart.every(timedelta(seconds=5), lambda: beats.append(time.monotonic()), name="job", seconds=60)
    heart.start()
    try:
        wait_for(lambda: beats)
        (job,) = heart._scheduler.get_jobs()
        now = datetime.now(UTC)
        fell_asleep = now - timedelta(days=30, seconds=2)
        assert job.trigger.get_next_fire_time(fell_asleep, now) == now + timedelta(seconds=3)
        job.modify(next_run_time=fell_asleep)
        assert job._get_run_times(now) == [fell_asleep]
        wait_for(lambda: len(beats) == 2)
        (job,) = heart._scheduler.get_jobs()
        assert timedelta(0) < job.next_run_time - datetime.now(UTC) <= timedelta(seconds=5)
    finally:
        heart.stop()


def test_a_heart_whose_next_beat_is_days_away_beats_at_once() -> None:
    """As it is after the clock was set back: the scheduler reads the moment from it."""
    beats: list[float] = []
    heart = Heartbeat(Progress())
    heart.every(timedelta(hours=1), lambda: beats.append(time.monotonic()), name="job", seconds=60)
    heart.start()
    try:
        wait_for(lambda: beats)
        heart.catch_up()
        (job,) = heart._scheduler.get_jobs()
        assert timedelta(0) < job.next_run_time - datetime.now(UTC) <= timedelta(hours=1), "all is well"
        job.modify(next_run_time=datetime.now(UTC) + timedelta(days=3))
        heart.catch_up()
        wait_for(lambda: len(beats) == 2)
    finally:
        heart.stop()


def test_a_time_zone_that_changes_between_two_checks_changes_nothing_that_is_known_or_told(
    known: Rooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    orders, told = known.store.orders(), []
    for zone in ("Pacific/Auckland", "America/Los_Angeles", "Europe/Berlin"):
        monkeypatch.setenv("TZ", zone)
        time.tzset()
        report = known.check()
        assert (report.reading.outcome.value, report.plan.events) == ("ok", ())
        told.append(moment(known.clock(), language="en"))
        known.clock.forward(minutes=20)
    monkeypatch.undo()
    time.tzset()
    assert {order.id: order.stage for order in known.store.orders()} == {o.id: o.stage for o in orders}
    assert [at[-5:] for at in told] == ["13:20", "13:40", "14:00"]
    assert verify(known.store, known.vault).ok


@pytest.mark.parametrize(("day", "hours"), [(SPRING, 23), (AUTUMN, 25)])
def test_on_the_days_of_the_changing_clocks_the_hand_in_and_the_last_day_to_ship_keep_their_german_time(
    day: date, hours: int
) -> None:
    usual = time_of_day(17)
    began = datetime(day.year, day.month, day.day, tzinfo=BERLIN).astimezone(UTC)
    minutes = [began + timedelta(minutes=each) for each in range(hours * 60)]
    near = [at for at in minutes if hand_in_today(usual, works=lambda _: True, now=at) is not None]
    assert len(near) == 120
    assert f"{near[0].astimezone(BERLIN):%H:%M}" == "15:00"
    paid = order(stage=Stage.PAID, paid_at=began - timedelta(days=1))
    until = ship_by(paid, promise=Promise(days=1, after=lambda at, count: at + timedelta(days=count)))
    assert until is not None
    assert f"{until.at.astimezone(BERLIN):%Y-%m-%d %H:%M:%S}" == f"{day} 23:59:59"
    assert [until.days_left(now=at) for at in (began - timedelta(seconds=1), began, minutes[-1])] == [1, 0, 0]


def test_an_archive_whose_clock_jumped_years_ahead_and_back_verifies_and_is_checked_at_its_usual_pace(
    known: Rooms,
) -> None:
    at = known.clock()
    for moment_ in (at + timedelta(days=1000), at + timedelta(minutes=20)):
        known.clock.now = moment_
        assert known.check().reading.outcome.value == "ok"
    account = known.store.account("main")
    assert account.next_check_at is not None
    assert account.next_check_at - known.clock() <= timedelta(hours=2)
    assert verify(known.store, known.vault).ok
