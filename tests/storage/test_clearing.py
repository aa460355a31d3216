"""What has served its purpose is cleared away, and nothing that somebody may still ask about."""

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from fixtures.shop import five_orders
from tests.support.clock import NOON, Clock
from tests.support.rooms import FakePostman, Rooms
from watcher.app.answers import give_token
from watcher.app.clearing import KEPT_FOR, Cleared, clear_away
from watcher.app.deliver import deliver_due
from watcher.app.seller import close_case
from watcher.app.verify import verify
from watcher.domain.alert import Alert, AlertKind
from watcher.domain.order import Order
from watcher.domain.stage import Stage
from watcher.storage import clearing as storage
from watcher.storage.database import FILE_NAME

LATER = KEPT_FOR + timedelta(days=1)


@pytest.fixture
def rooms(tmp_path: Path) -> Iterator[Rooms]:
    rooms = Rooms(tmp_path / "data", five_orders(NOON), Clock())
    rooms.check()
    yield rooms
    rooms.store.close()


def tell(
    rooms: Rooms, key: str, *, order: Order | None = None, kind: AlertKind = AlertKind.PAYOUT_OVERDUE
) -> None:
    alert = Alert(key=key, kind=kind, account="main", at=rooms.clock(), order=order.id if order else None)
    with rooms.store.writing() as writing:
        writing.queue(alert, channels=["email"], now=rooms.clock())


def hand_out(rooms: Rooms) -> None:
    deliver_due(rooms.store, FakePostman("email"), clock=rooms.clock)


def order_in(rooms: Rooms, stage: Stage) -> Order:
    return next(order for order in rooms.store.orders() if order.stage is stage)


def cleared(rooms: Rooms) -> Cleared:
    return clear_away(rooms.store.clearing(), clock=rooms.clock)


def test_an_alert_that_was_told_long_ago_goes_and_its_line_in_the_ledger_stays(rooms: Rooms) -> None:
    tell(rooms, "old", kind=AlertKind.PAGE_WORDS)
    hand_out(rooms)
    assert cleared(rooms).alerts == 0
    rooms.clock.forward(days=LATER.days)
    tell(rooms, "young", kind=AlertKind.PAGE_WORDS)
    hand_out(rooms)
    assert cleared(rooms).alerts == 1
    assert [entry.alert.key for entry in rooms.store.outbox()] == ["young"]
    assert rooms.ledger_kinds().count("alert_sent") == 2
    assert verify(rooms.store, rooms.vault).ok


def test_one_that_still_waits_stays_however_old(rooms: Rooms) -> None:
    tell(rooms, "waits", kind=AlertKind.PAGE_WORDS)
    rooms.clock.forward(days=LATER.days)
    assert cleared(rooms).alerts == 0
    assert rooms.store.was_queued("waits")


def test_a_word_about_an_order_under_way_is_not_forgotten_for_it_must_not_come_twice(rooms: Rooms) -> None:
    tell(rooms, "live", order=order_in(rooms, Stage.DELIVERED))
    tell(rooms, "over", order=order_in(rooms, Stage.PAID_OUT))
    hand_out(rooms)
    rooms.clock.forward(days=LATER.days)
    assert cleared(rooms).alerts == 1
    assert rooms.store.was_queued("live")
    assert not rooms.store.was_queued("over")


def test_an_open_case_keeps_its_alerts_and_a_closed_one_does_not(rooms: Rooms) -> None:
    rooms.shop.cancel("friteuse", at=rooms.clock.forward(hours=1))
    rooms.check(channels=["email"])
    hand_out(rooms)
    told = len(rooms.store.outbox())
    rooms.clock.forward(days=LATER.days)
    assert told
    assert cleared(rooms).alerts == 0
    (case,) = rooms.store.cases()
    close_case(rooms.store, case.id, clock=rooms.clock)
    assert cleared(rooms).alerts == told


def test_an_announcement_stays_for_a_week_counts_from_it(rooms: Rooms) -> None:
    tell(rooms, "announced", kind=AlertKind.FORGET_SOON)
    hand_out(rooms)
    rooms.clock.forward(days=LATER.days)
    assert cleared(rooms).alerts == 0
    assert rooms.store.told_at("announced") == NOON


def test_what_waits_within_a_digest_stays_until_that_was_told(rooms: Rooms) -> None:
    tell(rooms, "one", kind=AlertKind.PAGE_WORDS)
    tell(rooms, "digest", kind=AlertKind.DIGEST)
    (one,) = [entry.id for entry in rooms.store.outbox() if entry.alert.key == "one"]
    with rooms.store.writing() as writing:
        writing.put_into_digest([one], "digest", now=rooms.clock())
    rooms.clock.forward(days=LATER.days)
    assert cleared(rooms).alerts == 0
    hand_out(rooms)
    assert cleared(rooms).alerts == 1


def test_a_token_goes_long_after_it_has_counted(rooms: Rooms) -> None:
    rooms.shop.cancel("friteuse", at=rooms.clock.forward(hours=1))
    rooms.check(channels=["email"])
    waiting = next(entry for entry in rooms.store.outbox() if entry.alert.case)
    assert give_token(rooms.store, waiting, "a" * 24, clock=rooms.clock)
    rooms.clock.forward(days=KEPT_FOR.days)
    assert cleared(rooms).tokens == 0
    rooms.clock.forward(days=8)
    assert cleared(rooms).tokens == 1


def test_a_copy_from_before_an_update_goes_after_ninety_days(rooms: Rooms) -> None:
    old, young = (rooms.folder / f"{FILE_NAME}.before-schema-{number}" for number in (3, 7))
    for path, age in ((old, LATER), (young, timedelta(days=80))):
        path.write_bytes(b"copy")
        at = (rooms.clock() - age).timestamp()
        os.utime(path, (at, at))
    assert cleared(rooms).copies == 1
    assert (old.exists(), young.exists()) == (False, True)
    assert (rooms.folder / FILE_NAME).exists()


def test_empty_space_is_given_back_only_where_it_is_much(
    rooms: Rooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    with rooms.store.writing() as writing:
        for number in range(300):
            writing.save_remembered(f"padding/{number}", "x" * 5_000)
    with rooms.store.writing() as writing:
        rooms.store._connection.execute("DELETE FROM remembered WHERE name LIKE 'padding/%'")
        writing.save_remembered("left", "here")
    rooms.store.tidy()
    before = (rooms.folder / FILE_NAME).stat().st_size
    assert cleared(rooms).shrunk == 0
    monkeypatch.setattr(storage, "WORTH_IT", 1_000_000)
    assert cleared(rooms).shrunk > 1_000_000
    rooms.store.tidy()
    assert (rooms.folder / FILE_NAME).stat().st_size < before / 2
    assert rooms.store.remembered("left") == "here"
    assert cleared(rooms).shrunk == 0


def test_while_somebody_reads_the_empty_space_waits(rooms: Rooms, monkeypatch: pytest.MonkeyPatch) -> None:
    with rooms.store.writing() as writing:
        for number in range(300):
            writing.save_remembered(f"padding/{number}", "x" * 5_000)
    rooms.store._connection.execute("DELETE FROM remembered")
    rooms.store._connection.execute("PRAGMA busy_timeout = 10")
    monkeypatch.setattr(storage, "WORTH_IT", 1_000)
    other = rooms.second_store()
    with other.writing():
        assert rooms.store.clearing().shrink() == 0
    other.close()
    assert rooms.store.clearing().shrink() > 0


def test_nothing_to_clear_writes_nothing(rooms: Rooms) -> None:
    before = rooms.store._connection.total_changes
    assert cleared(rooms) == replace(cleared(rooms), alerts=0, tokens=0, copies=0, shrunk=0)
    assert rooms.store._connection.total_changes == before
