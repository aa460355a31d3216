"""The power goes at each named moment of what the watch does beside its checks, while it is at work as a real process.

It visits nobody here: it forgets, asks a carrier, gets time stamps, delivers, and brings an old database up to date.
"""

import json
import sys
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import psutil
import pytest

from notifiers.letter import REPEAT_HEADER, message_id
from tests.cli.test_stamp import table
from tests.daemon.running import DESK, Place, wait_for, watched
from tests.notifiers.mail_host import MailHost, mail_host
from tests.support.archive import LONG_AGO, Archive
from tests.support.clock import Clock
from tests.support.crash_points import HOUSE, PowerCut
from tests.support.parcels import Depot, FakeSource
from tests.support.values import alert
from tests.timestamping.authority import Desk, Office, desk
from tests.tracking.dhl_server import HANDED_IN, KEY, body, dhl, shipment
from watcher.app.verify import verify
from watcher.storage.store import SqliteStore
from watcher.storage.vault import FileVault

__all__ = ["watched"]  # a fixture that tests find here

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(300),
    pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is of POSIX"),
]

FORGETTING = (
    "rows_forgotten",
    "readable_names_removed",
    "forgotten_file_removed",
    "forgotten_files_removed",
    "database_written_anew",
)
ASKING = ("question_counted", "carrier_answered", "parcel_followed")
STAMPING = ("ledger_anchored", "stamp_came", "stamp_in_the_vault")
DELIVERING = ("alert_leased", "alert_handed_over", "alert_marked_sent")
MIGRATING = ("schema_backed_up", "schema_half_made")
BESIDE_CHECKS = (*FORGETTING, *ASKING, *STAMPING, *DELIVERING, *MIGRATING)
"""All points that are tried here."""

DHL = '[tracking.dhl]\nkey = "env:TEST_DHL_KEY"\nevery = "2s"\nbase_url = "{url}"\n'
KEYS = ("first", "second", "third", "fourth")


def cut(watched: Place, point: str, within: str) -> None:
    """Let the watch run until the power goes at that point; what is left must be whole at once."""
    witness = watched.folder / "witness"
    witness.unlink(missing_ok=True)
    daemon = watched.start(**PowerCut(point, within=within).environment(witness))
    daemon.wait(timeout=60)
    assert witness.read_text(encoding="utf-8") == point, f"{point} was never reached"
    wait_for(lambda: not _processes(watched.folder))
    with closing(SqliteStore(watched.data)) as store:
        assert verify(store, FileVault(watched.data)).faults == ()


def _processes(folder: Path) -> list[psutil.Process]:
    return [
        process
        for process in psutil.process_iter(["cmdline"])
        if any(str(folder) in part for part in process.info["cmdline"] or ())
    ]


@pytest.fixture
def post() -> Iterator[MailHost]:
    with mail_host() as host:
        yield host


@pytest.fixture
def authority(tmp_path: Path) -> Iterator[Desk]:
    with desk(Office(folder=tmp_path / "office")) as open_desk:
        yield open_desk


def have_work(folder: Path) -> None:
    """Lay out an order whose time is over, a parcel that a carrier is to be asked about, and alerts that wait."""
    depot = Depot(folder, FakeSource(), Clock(datetime.now(UTC)))
    depot.case(depot.order())
    depot.store.close()
    archive = Archive(folder)
    archive.thread(archive.order("gone"))
    with archive.store.writing() as writing:
        writing.save_remembered(
            "retention/announced",
            json.dumps([[LONG_AGO.isoformat(), "", LONG_AGO.isoformat(), ["ogone"], False]]),
        )
        for key in KEYS:
            writing.queue(alert(key, at=datetime.now(UTC)), channels=["email"], now=datetime.now(UTC))
    archive.store.close()


def let_leases_end(folder: Path) -> None:
    """Do as if the two minutes had passed for which a delivery that died has its alert to itself."""
    with closing(SqliteStore(folder)) as store, store.writing():
        store._connection.execute("UPDATE outbox SET leased_until = ? WHERE sent_at IS NULL", ("2026-01-01",))


def _mails(post: MailHost, key: str) -> list[EmailMessage]:
    return [mail for mail in post.mails if mail["Message-ID"] == message_id(key)]


def _is_done(folder: Path) -> bool:
    """Whether every alert was sent and the newest lines of the ledger are stamped."""
    with closing(SqliteStore(folder)) as store:
        last = store.anchors().last()
        stamped = last is not None and bool(store.anchors().stamps(lines=last.lines))
        return stamped and all(entry.sent_at for entry in store.outbox())


def test_a_power_cut_at_any_named_moment_beside_the_checks_costs_nothing(
    watched: Place, post: MailHost, authority: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEST_DHL_KEY", KEY)
    have_work(watched.data)
    with dhl() as carrier:
        carrier.answers(200, body(shipment(HANDED_IN)))
        asks = DHL.format(url=carrier.url)
        stamps = table("here", authority, tmp_path)
        mails = DESK.replace("port = 9", f"port = {post.port}")
        for more, within, points in (
            ("", " archive forget ", FORGETTING),
            (asks, " poll ", ASKING),
            (stamps, " anchor ", STAMPING),
            (mails, " deliver ", DELIVERING),
        ):
            watched.configure(more)
            for point in points:
                cut(watched, point, within)
        let_leases_end(watched.data)
        watched.configure(asks + mails + stamps)
        watched.start()
        wait_for(lambda: _is_done(watched.data), seconds=60)
        watched.stop()

    handed_over = {key: [mail[REPEAT_HEADER] == "yes" for mail in _mails(post, key)] for key in KEYS}
    once, twice, perhaps = [False], [False, True], [True]  # of the last nobody knows whether it had left
    assert sorted(handed_over.values()) == sorted([once, once, twice, perhaps])
    with closing(SqliteStore(watched.data)) as store:
        assert verify(store, FileVault(watched.data)).faults == ()
        assert next(order for order in store.orders() if order.id == "ogone").title is None
        assert [case.order for case in store.cases()] == ["o1abcdef"]
        assert [seen.milestone for seen in store.sightings("o1abcdef")] == ["handed_in"]
        stamped = Counter(stamp.lines for stamp in store.anchors().stamps())
    assert set(stamped.values()) == {1}
    kept = [path for path in watched.data.rglob("*") if path.is_file() and b"Title gone" in path.read_bytes()]
    assert kept == []


def test_a_power_cut_while_an_old_database_is_brought_up_to_date_costs_nothing(watched: Place) -> None:
    with zipfile.ZipFile(HOUSE / "fixtures/evidence/0.1.0/storage.zip") as old:
        old.extractall(watched.data)
    for point in MIGRATING:
        witness = watched.folder / "witness"
        daemon = watched.start(**PowerCut(point).environment(witness))
        daemon.wait(timeout=60)
        assert witness.read_text(encoding="utf-8") == point, f"{point} was never reached"
        witness.unlink()
    watched.start()
    wait_for(lambda: watched.log("watch_began"))
    watched.stop()
    with closing(SqliteStore(watched.data)) as store:
        assert verify(store, FileVault(watched.data)).faults == ()
        assert [order.id for order in store.orders()] != []
    assert list(watched.data.glob("stornowacht.db.before-schema-*")) != []
