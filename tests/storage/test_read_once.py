"""What a check reads twice is read once: until somebody has written, in whichever way."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from fixtures.shop import five_orders
from tests.support.clock import NOON, Clock
from tests.support.rooms import Rooms
from watcher.domain.order import Order
from watcher.errors import StorageError
from watcher.storage import store


@pytest.fixture
def rooms(tmp_path: Path) -> Iterator[Rooms]:
    rooms = Rooms(tmp_path / "data", five_orders(NOON), Clock())
    rooms.check()
    yield rooms
    rooms.store.close()


def first(rooms: Rooms) -> Order:
    return min(rooms.store.orders("main"), key=lambda order: order.id)


def renamed(rooms: Rooms, title: str) -> Order:
    return replace(first(rooms), title=title)


def test_the_same_history_is_read_once(rooms: Rooms) -> None:
    assert all(
        one is two for one, two in zip(rooms.store.orders("main"), rooms.store.orders("main"), strict=True)
    )
    with rooms.store.writing():
        assert first(rooms) is first(rooms)


def test_a_list_that_somebody_changes_is_nobody_elses(rooms: Rooms) -> None:
    count = len(rooms.store.orders("main"))
    rooms.store.orders("main").clear()
    assert len(rooms.store.orders("main")) == count


def test_what_another_program_has_written_is_seen(rooms: Rooms) -> None:
    changed, other = renamed(rooms, "elsewhere"), rooms.second_store()
    with other.writing() as writing:
        writing.save_orders([changed])
    other.close()
    assert first(rooms).title == "elsewhere"


def test_what_another_program_has_written_is_seen_from_the_next_transaction_on(rooms: Rooms) -> None:
    changed, other = renamed(rooms, "elsewhere"), rooms.second_store()
    with rooms.store.snapshot():
        before = first(rooms).title
        with other.writing() as writing:
            writing.save_orders([changed])
        assert first(rooms).title == before
    with rooms.store.writing():
        assert first(rooms).title == "elsewhere"
    other.close()


def test_own_writing_is_seen_within_the_transaction(rooms: Rooms) -> None:
    with rooms.store.writing() as writing:
        writing.save_orders([renamed(rooms, "here")])
        assert first(rooms).title == "here"
    assert first(rooms).title == "here"


def test_what_was_undone_was_never_there(rooms: Rooms) -> None:
    before = first(rooms).title
    after = renamed(rooms, "never")

    def change() -> None:
        with rooms.store.writing() as writing:
            writing.save_orders([after])
            assert first(rooms).title == "never"
            raise StorageError("undone")

    with pytest.raises(StorageError):
        change()
    assert first(rooms).title == before


def test_orders_under_way_are_those_not_ended_and_those_in_a_case(rooms: Rooms) -> None:
    rooms.shop.cancel("lampe", at=rooms.clock.forward(hours=1))
    rooms.check()
    open_cases = {case.order for case in rooms.store.cases() if case.is_open}
    wanted = [order for order in rooms.store.orders() if not order.stage.is_ended or order.id in open_cases]
    assert rooms.store.orders_under_way() == wanted
    assert any(order.stage.is_ended for order in wanted)
    assert len(wanted) < len(rooms.store.orders())


def test_orders_under_way_are_joined_by_what_changed_since(rooms: Rooms) -> None:
    latest = max(order.stage_at for order in rooms.store.orders() if order.stage.is_ended)
    changed = [order for order in rooms.store.orders() if order.stage_at >= latest]
    found = rooms.store.orders_under_way(or_changed_since=latest)
    wanted = {order.id for order in (*rooms.store.orders_under_way(), *changed)}
    assert [order.id for order in found] == [order.id for order in rooms.store.orders() if order.id in wanted]
    assert len(found) > len(rooms.store.orders_under_way())


def test_page_by_page_each_order_comes_once(rooms: Rooms, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = sorted(rooms.store.orders(), key=lambda order: order.id)
    for size in (1, 2, len(wanted), 500):
        monkeypatch.setattr(store, "_PAGE", size)
        pages = list(rooms.store.order_pages())
        assert [order for page in pages for order in page] == wanted
        assert max(map(len, pages)) == min(size, len(wanted))


def test_whoever_writes_holds_no_history_that_is_no_more(rooms: Rooms) -> None:
    assert first(rooms) is first(rooms)
    with rooms.store.writing():
        assert rooms.store._read == {}


def test_whether_an_order_is_older_is_known_without_reading_any(rooms: Rooms) -> None:
    oldest = min(order.first_seen_at for order in rooms.store.orders())
    assert not rooms.store.has_older_order(oldest)
    assert rooms.store.has_older_order(oldest + timedelta(microseconds=1))


def test_open_cases_are_read_with_their_steps(rooms: Rooms) -> None:
    rooms.shop.cancel("lampe", at=rooms.clock.forward(hours=1))
    rooms.shop.cancel("friteuse", at=rooms.clock())
    rooms.check()
    closed, still_open = rooms.store.cases()
    with rooms.store.writing() as writing:
        closed = replace(closed, closed_at=rooms.clock())
        writing.save_case(closed)
    assert rooms.store.open_cases() == [still_open]
    assert still_open.steps
    assert {case.id for case in rooms.store.open_cases(or_closed_since=rooms.clock())} == {
        closed.id,
        still_open.id,
    }
    assert rooms.store.open_cases(or_closed_since=rooms.clock.forward(hours=1)) == [still_open]
