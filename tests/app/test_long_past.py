"""A long past: it changes nothing about what a check finds, and no check goes through it."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from fixtures.shop import five_orders, quiet_account
from tests.support.clock import NOON, Clock
from tests.support.rooms import Rooms
from watcher.app.check_account import adopt_leftovers
from watcher.app.erase_told import erase_told
from watcher.app.naming import keep_names
from watcher.app.retention import keep_to_it
from watcher.app.seller import close_case
from watcher.app.shelf import Why
from watcher.app.steady import summary_of
from watcher.domain.capture import Capture, PageKind
from watcher.domain.order import Order
from watcher.domain.retention import Keeping
from watcher.domain.stage import Stage
from watcher.storage.history import SqliteHistory
from watcher.storage.names import ReadableNames
from watcher.storage.store import SqliteStore

_BIG = (
    "orders",
    "cases",
    "steps",
    "captures",
    "capture_files",
    "conversations",
    "answer_times",
    "notes",
    "outbox",
)


class WholeHistory(SqliteHistory):
    """Has all orders at hand, as an account whose past matters from end to end."""

    def orders_at_hand(self, conversations: Iterable[str] = ()) -> list[Order]:
        found = self._connection.execute(
            "SELECT DISTINCT conversation FROM orders WHERE account = ?", (self._account,)
        )
        return self.orders_of({*conversations, *(row["conversation"] for row in found)})


@pytest.fixture
def rooms(tmp_path: Path) -> Iterator[Rooms]:
    """An account with a past of its own, and twenty minutes since its first check."""
    rooms = _rooms(tmp_path / "data")
    yield rooms
    rooms.store.close()


def _rooms(folder: Path) -> Rooms:
    rooms = Rooms(folder, [*five_orders(NOON), *quiet_account(NOON, conversations=9, live=3)], Clock())
    rooms.check()
    rooms.clock.forward(minutes=20)
    return rooms


def _upper(rooms: Rooms) -> object:
    """Check what an ordinary check reads: not the list to its end."""
    return rooms.check(whole_list_every=timedelta(days=365))


def _conversation(rooms: Rooms, deal: str) -> str:
    return rooms.shop.deal(deal).conversation_id


def _is_closed_and_taken_down(rooms: Rooms) -> None:
    """What the close wants to be kept can be kept by nobody."""
    for case in rooms.store.open_cases():
        close_case(rooms.store, case.id, clock=rooms.clock)
    rooms.shop.remove("friteuse")


def _vanishes_and_is_back(rooms: Rooms) -> None:
    deals = [rooms.shop.deal(each) for each in ("lampe", "still-003")]
    for deal in deals:
        rooms.shop.remove(deal.id)
    rooms.check()
    rooms.clock.forward(minutes=20)
    rooms.check()
    for deal in deals:
        rooms.shop.add(deal)


STORY: tuple[Callable[[Rooms], object], ...] = (
    lambda rooms: rooms.shop.happen("friteuse", "BUYER_CANCELLED"),
    lambda rooms: rooms.shop.say(
        "still-003", "Ist der Artikel noch da?"
    ),  # a conversation whose sale is over
    _vanishes_and_is_back,
    lambda rooms: rooms.shop.cancel("lampe"),
    _is_closed_and_taken_down,
    lambda rooms: rooms.shop.happen("still-003", "BUYER_CANCELLED"),  # a sale that was over is called off
    lambda rooms: rooms.check(keep={_conversation(rooms, "still-006"): Why.ASKED}),
    lambda rooms: rooms.clock.forward(days=1),
    lambda rooms: rooms.shop.happen("still-000", "BUYER_CANCELLED"),  # of a buyer of the same name as others
)


def _told(rooms: Rooms) -> tuple[object, ...]:
    """Return all that a story has come to; ids of captures and salted hashes are another each time."""
    store, hidden = rooms.store, {"reading", "unchanged", "files", "capture"}
    return (
        store.account("main"),
        store.orders(),
        store.cases(),
        [(entry.alert, entry.channel) for entry in store.outbox()],
        [(each.conversation, each.kind, each.reason, each.taken_at) for each in store.captures()],
        [store.signs(order.id) for order in store.orders()],
        store.shelf("main", since=rooms.clock() - timedelta(days=30), until=rooms.clock()),
        list(store.questions().waiting()),
        list(store.questions().answers()),
        [
            (
                line["kind"],
                line["at"],
                line["order"],
                {name: told for name, told in line["facts"].items() if name not in hidden},
            )  # type: ignore[attr-defined]
            for line in rooms.ledger()
        ],
    )


@pytest.mark.slow
def test_a_check_that_knows_the_whole_past_comes_to_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = []
    for name, history in (("at-hand", SqliteHistory), ("whole", WholeHistory)):
        monkeypatch.setattr(
            SqliteStore, "history", lambda store, account, kind=history: kind(store._connection, account)
        )
        rooms = _rooms(tmp_path / name)
        for number, step in enumerate(STORY):
            step(rooms)
            _upper(rooms) if number % 2 else rooms.check()
            rooms.clock.forward(hours=1)
        told.append(_told(rooms))
        rooms.store.close()
    at_hand, whole = told
    for one, other in zip(at_hand, whole, strict=True):
        assert one == other
    assert len({case.order for case in at_hand[2]}) > 2


def _plans(rooms: Rooms, do: Callable[[], object]) -> list[tuple[str, str]]:
    """Return what SQLite does for each question that is asked meanwhile: the question, one step of its answer."""
    asked: list[str] = []
    connection: sqlite3.Connection = rooms.store._connection
    connection.set_trace_callback(asked.append)
    do()
    connection.set_trace_callback(None)
    return [
        (query, row["detail"])
        for query in dict.fromkeys(asked)
        if query.lstrip().startswith(("SELECT", "UPDATE", "DELETE"))
        for row in connection.execute(f"EXPLAIN QUERY PLAN {query}")
    ]


def _goes_through_all(step: str) -> bool:
    """Whether a step reads a whole table, or all of one account. Small partial indices may be read from end to end."""
    partial = ("outbox_waiting", "cases_open", "answer_tokens_open", "orders_missing")
    words = step.split()
    if len(words) < 2 or words[1] not in _BIG or any(name in words for name in partial):
        return False
    return words[0] == "SCAN" or step.endswith("(account=?)")


@pytest.mark.slow
def test_no_question_of_a_check_goes_through_all_that_ever_was(rooms: Rooms) -> None:
    rooms.shop.happen("friteuse", "BUYER_CANCELLED")
    rooms.shop.say("still-003", "Ist der Artikel noch da?")

    def checks() -> None:
        _upper(rooms)
        rooms.clock.forward(minutes=20)
        rooms.vault.stage(
            Capture(
                id="left", account="main", kind=PageKind.CONVERSATION_LIST, taken_at=rooms.clock(),
                url="https://www.kleinanzeigen.de/", final_url="https://www.kleinanzeigen.de/", status=200, html="<p>",
            )
        )  # fmt: skip
        adopt_leftovers("main", store=rooms.store, vault=rooms.vault, clock=rooms.clock)
        _upper(rooms)
        rooms.store.open_cases()
        rooms.store.orders_under_way()
        rooms.store.on_their_way()
        list(rooms.store.catalogue().pages_shown("main", conversation=None, page=None))

    plans = _plans(rooms, checks)
    assert any("orders" in step.split() for _, step in plans)
    assert [(step, query) for query, step in plans if _goes_through_all(step)] == []


@pytest.mark.slow
def test_no_question_of_housekeeping_or_of_a_summary_does_so_either(rooms: Rooms) -> None:
    names = ReadableNames(rooms.folder)

    def housekeeping() -> None:
        keep_names(rooms.store, names)  # from order to order, a page of them at a time
        erase_told(rooms.store, {}, clock=rooms.clock)
        summary_of(rooms.store, since=rooms.clock() - timedelta(days=7), channels=[])

    plans = _plans(rooms, housekeeping)
    assert any("captures" in step.split() for _, step in plans)
    assert [(step, query) for query, step in plans if _goes_through_all(step)] == []
    ledger = [query for query, step in plans if step.split()[:2] == ["SCAN", "ledger"]]
    assert ledger, "a summary counts checks"
    assert all("ORDER BY seq DESC" in query for query in ledger), "the ledger is read from its end"


@pytest.mark.slow
def test_the_daily_look_for_what_is_over_goes_through_no_table_of_captures(rooms: Rooms) -> None:
    long_ago = rooms.clock() - timedelta(days=300)
    over = replace(
        rooms.store.orders()[0], id="over", conversation="over:1", stage=Stage.PAID_OUT, stage_at=long_ago,
        first_seen_at=long_ago, last_seen_at=long_ago,
    )  # fmt: skip
    with rooms.store.writing() as writing:
        writing.save_orders([over])
    _keep_to_it(rooms)
    rooms.clock.forward(days=8)
    plans = _plans(rooms, lambda: _keep_to_it(rooms))
    assert next(order for order in rooms.store.orders() if order.id == "over").forgotten_at == rooms.clock()
    by_time = "captures_by_conversation (account=? AND conversation=? AND taken_at>? AND taken_at<?)"
    assert any(step.endswith(by_time) for _, step in plans), "lists are read, a page of them at a time"
    scans = [(step, query) for query, step in plans if step.startswith("SCAN capture")]
    # What only an index is asked for, and which files are still needed, asked once for all orders together.
    assert [scan for scan in scans if "COVERING INDEX" not in scan[0] and "asked" not in scan[1]] == []


def _keep_to_it(rooms: Rooms) -> None:
    keep_to_it(rooms.store, rooms.store.erasing(), Keeping(), channels=[], clock=rooms.clock)
