"""The daemon has the archive stamped, and makes up for what it could not have stamped."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from fixtures.shop import Shop
from tests.cli.test_stamp import table
from tests.e2e.conftest import Place
from tests.support.daemon import lines, start, wait_for
from tests.timestamping.authority import Manner, Office, desk
from watcher.domain.event import Event, EventKind
from watcher.storage.store import SqliteStore

__all__ = ["start"]  # a fixture that tests find here
pytestmark = pytest.mark.slow


@pytest.fixture
def place(shop: Shop, tmp_path: Path) -> Place:
    """A seller's machine that nobody has logged in on: a passive watch needs no browser."""
    return Place(tmp_path, shop)


@pytest.fixture
def desks(tmp_path):
    one, two = (Office(folder=tmp_path / name) for name in ("one", "two"))
    with desk(one) as first, desk(two) as second:
        yield first, second


def stamps(place):
    with closing(sqlite3.connect(f"file:{place.storage}/stornowacht.db?mode=ro", uri=True)) as database:
        return database.execute("SELECT authority, lines FROM stamps ORDER BY lines, authority").fetchall()


def cancel(place):
    """Write what a check writes that has seen a cancellation."""
    store = SqliteStore(place.storage)
    with store.writing() as writing:
        writing.record_event(
            Event(kind=EventKind.ORDER_CANCELLED, account="main", at=datetime.now(UTC), order="o1")
        )
    store.close()


def test_a_watch_has_the_archive_stamped_at_its_start_and_at_each_cancellation(place, desks, start, tmp_path):
    first, second = desks
    second.behave(Manner.HTTP_500)
    place.configure(
        '[watch]\nmode = "passive"\n' + table("first", first, tmp_path) + table("second", second, tmp_path)
    )
    start()
    wait_for(
        lambda: (
            [name for name, _ in stamps(place)] == ["first"]
            if any(line["job"] == "stamp" for line in lines(tmp_path, "job_ended"))
            else False
        )
    )
    waiting = place.run("status", "--json").json["stamps"][1]
    assert (waiting["fault"], waiting["stamped_at"]) == ("http_error", None)
    second.behave(Manner.HONEST)
    assert place.run("archive", "stamp").code == 0
    assert len(stamps(place)) == 2
    with closing(sqlite3.connect(place.storage / "stornowacht.db")) as database, database:
        # The minute between two anchors is not waited for here.
        database.execute("UPDATE anchors SET at = '2026-01-01T00:00:00.000000+00:00'")
    cancel(place)
    wait_for(lambda: len(stamps(place)) == 4)
    assert place.run("archive", "verify", "--json").json["ok"]
