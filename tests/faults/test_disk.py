"""A disk that fills up, may not be written, or is slow."""

import ctypes
import functools
import json
import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest

from fixtures.shop import five_orders
from tests.app.conftest import clock, known, played, rooms, tmp_path
from tests.daemon.running import Place, wait_for, watched
from tests.support.clock import NOON, Clock
from tests.support.rooms import Rooms
from tests.support.values import ACCOUNT, alert
from watcher import crash_points
from watcher.app.disk_watch import tell_of_disk
from watcher.app.doctor.storage import Limits
from watcher.app.setbacks import Hearers
from watcher.app.verify import verify
from watcher.daemon import child
from watcher.demo.mailbox import Mailbox
from watcher.storage.store import SqliteStore

__all__ = ["clock", "known", "played", "rooms", "tmp_path", "watched"]  # fixtures that tests find here

ROOT = Path(__file__).parents[2]
DESK = """[notify.email]
to = "marlene@example.org"
sender = "stornowacht@example.org"
host = "127.0.0.1"
port = {port}
security = "none"
[remind]
quiet_hours = ""
"""
CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH, PR_CAPBSET_DROP = 1, 2, 24
NEARLY_FULL = """
import functools
import watcher.daemon.jobs as jobs
from watcher.app.doctor.storage import Limits
jobs.tell_of_disk = functools.partial(jobs.tell_of_disk, limits=Limits(few=10**18))
"""
SLOW = 0.002
"""Seconds that a slow disk takes for each file."""
DEADLINE = 3600
"""Seconds."""
STUCK = """#!{python}
import os, sys, time
from contextlib import nullcontext
from pathlib import Path
sys.path.insert(0, {root!r})
from fixtures.shop import Shop, five_orders
from tests.support.clock import NOON, Clock
from tests.support.visiting import FakeVisitor
from watcher.__main__ import main
from watcher.bootstrap import House
def wait(handle):
    Path({stuck!r} + ".part").write_text(str(os.getpid()))
    os.replace({stuck!r} + ".part", {stuck!r})
    time.sleep({seconds})
clock = Clock()
visitor = FakeVisitor(Shop(five_orders(NOON), clock=clock), clock)
House.visitor = lambda our: nullcontext(visitor)
os.fsync = wait
del sys.argv[1:4]
main()
"""
"""Stands in Python's place: the program without a browser, on a disk that takes longer than any deadline. `-P -m watcher` is left out."""


@pytest.fixture
def mailbox(tmp_path: Path) -> Iterator[Mailbox]:
    box = Mailbox(tmp_path / "mail")
    box.start()
    yield box
    box.stop()


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="limits of a process that is running are Linux' own")
def test_a_disk_that_fills_up_under_a_running_watch_ends_nothing_and_costs_no_alert(
    watched: Place, mailbox: Mailbox
) -> None:
    """A limit on the size of files stands for the full disk: each write is refused, for the watch and its children."""
    import resource

    watched.configure(DESK.format(port=mailbox.port))
    daemon = watched.start()
    wait_for(lambda: watched.log("watch_began"))
    resource.prlimit(daemon.pid, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
    begun_before = psutil.Process(daemon.pid).children(recursive=True)  # these may still write
    assert not psutil.wait_procs(begun_before, timeout=30)[1]
    now = datetime.now(UTC)
    with closing(SqliteStore(watched.data)) as store, store.writing() as writing:
        writing.queue(alert("news", at=now), channels=["email"], now=now)
    time.sleep(4)
    assert daemon.poll() is None
    assert mailbox.mails() == [], "nothing is sent that could not be remembered"
    resource.prlimit(daemon.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    wait_for(mailbox.mails, seconds=60)
    assert len(mailbox.mails()) == 1
    assert watched.run("archive", "verify").returncode == 0


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="limits on the size of files are POSIX'")
def test_a_command_on_a_full_disk_says_so_and_works_once_there_is_room(watched: Place) -> None:
    import resource

    with closing(SqliteStore(watched.data)) as store, store.writing() as writing:
        writing.save_account(ACCOUNT)
    full = functools.partial(resource.setrlimit, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
    said = watched.run("status", begin=full)
    assert said.returncode == 2, said
    assert "cannot be used" in said.stderr
    assert "stornowacht.db" in said.stderr
    assert "Nothing was overwritten" in said.stderr
    assert "Traceback" not in said.stderr
    assert watched.run("status").returncode == 0


@pytest.mark.slow
def test_a_running_watch_tells_that_the_disk_is_nearly_full_and_that_there_is_room_again(
    watched: Place, mailbox: Mailbox
) -> None:
    watched.configure(DESK.format(port=mailbox.port))
    daemon = watched.start(NEARLY_FULL)
    wait_for(lambda: watched.log("disk_nearly_full"))
    wait_for(mailbox.mails)
    assert "disk is nearly full" in mailbox.mails()[0].subject
    assert "The disk has been nearly full since" in watched.run("status").stdout
    daemon.terminate()
    daemon.wait(timeout=60)
    watched.start()
    wait_for(lambda: len(mailbox.mails()) == 2, seconds=60)
    assert "room on the disk again" in mailbox.mails()[1].subject
    assert "nearly full" not in watched.run("status").stdout


def test_a_disk_at_the_limit_is_told_of_once_and_as_better_only_when_there_is_twice_as_much(
    known: Rooms,
) -> None:
    def look(free: int) -> bool:
        known.clock.forward(hours=1)
        hearers, limits = Hearers(account="main", channels=["email"]), Limits(few=1000)
        return tell_of_disk(known.store, free=free, hearers=hearers, clock=known.clock, limits=limits)

    assert [look(free) for free in (5000, 999, 1001, 999, 1999, 10, 2000, 2000)] == [
        False, True, False, True, False, True, False, False,
    ]  # fmt: skip
    told = [entry.alert for entry in known.store.outbox()]
    assert sorted(each.kind.value for each in told) == ["keeps_failing", "works_again"]


def _without_the_rights_of_root() -> None:
    """Let what is begun now ask for rights like everybody else, also where root begins it."""
    libc = ctypes.CDLL(None, use_errno=True)
    for capability in (CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH):
        if os.geteuid() == 0 and libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) != 0:
            raise OSError(ctypes.get_errno(), "root may not give up its rights here")


@pytest.mark.slow
@pytest.mark.skipif(
    sys.platform != "linux", reason="capabilities, of which root gives up some, are Linux' own"
)
@pytest.mark.parametrize("left_behind", [[], ["stornowacht.db-wal"]], ids=["tidy", "after a power cut"])
def test_a_folder_that_may_not_be_written_is_told_and_all_is_there_once_it_may_be_again(
    watched: Place, left_behind: list[str]
) -> None:
    """SQLite refuses in other words where it would have to make a file first."""
    with closing(SqliteStore(watched.data)) as store, store.writing() as writing:
        writing.save_account(ACCOUNT)
    for name in left_behind:
        (watched.data / name).touch(mode=0o600)
    before = {path: path.read_bytes() for path in watched.data.iterdir()}
    watched.data.chmod(0o500)
    said = watched.run("status", begin=_without_the_rights_of_root)
    assert (said.returncode, said.stdout) == (2, "")
    assert f"The storage folder {watched.data} cannot be written" in said.stderr
    assert "[storage] dir" in said.stderr
    examined = watched.run("doctor", begin=_without_the_rights_of_root)
    assert examined.returncode == 1
    assert f"nothing can be written to {watched.data}: Permission denied" in examined.stdout
    watched.data.chmod(0o700)
    assert {path: path.read_bytes() for path in watched.data.iterdir()} == before
    again = watched.run("status", "--json", begin=_without_the_rights_of_root)
    assert [account["name"] for account in json.loads(again.stdout)["accounts"]] == [ACCOUNT.name]


def test_a_disk_that_takes_its_time_makes_a_check_slow_and_nothing_else(
    rooms: Rooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    flushed: list[int] = []
    unsafe: set[str] = set()
    flush = os.fsync

    def slowly(handle: int) -> None:
        time.sleep(SLOW)
        flush(handle)
        flushed.append(os.fstat(handle).st_ino)

    def look(point: str) -> None:
        if point == "committed":
            with closing(rooms.second_store()) as store:
                kept = {file.path for capture in store.captures() for file in capture.files}
            unsafe.update(path for path in kept if (rooms.folder / path).stat().st_ino not in flushed)

    monkeypatch.setattr(os, "fsync", slowly)
    monkeypatch.setattr(crash_points, "on_passing", look)
    began = time.monotonic()
    report = rooms.check()
    assert len(flushed) > 20
    assert time.monotonic() - began >= len(flushed) * SLOW, "each is waited for"
    assert unsafe == set(), "each file is on the disk before it counts"
    assert (report.reading.outcome.value, len(report.orders)) == ("ok", len(rooms.store.orders()))
    assert verify(rooms.store, rooms.vault).ok


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="a program is what its first line says on POSIX alone")
def test_a_check_that_waits_for_the_disk_past_its_deadline_is_ended_and_the_next_one_is_fine(
    watched: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The deadline comes by a clock that jumps once the check waits."""
    stuck, program = watched.folder / "stuck", watched.folder / "python"
    program.write_text(
        STUCK.format(python=sys.executable, root=str(ROOT), stuck=str(stuck), seconds=2 * DEADLINE),
        encoding="utf-8",
    )
    program.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(program))
    clock = SimpleNamespace(
        monotonic=lambda: time.monotonic() + (DEADLINE if stuck.exists() else 0), sleep=time.sleep
    )
    monkeypatch.setattr(child, "time", clock)
    ending = child.run_child(
        ["check", "main", "--json", "--scheduled"],
        config=watched.config,
        limits=child.Limits(deadline=DEADLINE),
        stop=threading.Event(),
        stop_grace=0,
    )
    assert (ending.why, ending.code) == (child.Why.DEADLINE, None), ending.words
    assert not psutil.pid_exists(int(stuck.read_text()))
    after = Rooms(watched.data, five_orders(NOON), Clock())
    with closing(after.store):
        assert after.store.orders() == []
        assert after.check().reading.outcome.value == "ok"
        assert verify(after.store, after.vault).ok
