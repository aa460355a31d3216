"""What an account's history answers: what a look has to do with, and what is looked up when it matters after all."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.support.clock import NOON
from tests.support.values import ACCOUNT, CASE, ORDER
from watcher.app.archive import StoredCapture
from watcher.app.history import History
from watcher.app.shelf import Why
from watcher.domain.account import Account
from watcher.domain.capture import PageKind
from watcher.domain.order import Order
from watcher.domain.stage import Stage
from watcher.storage.store import SqliteStore

OVER = replace(ORDER, stage=Stage.PAID_OUT, reached=Stage.PAID_OUT)


def past(name: str, *, at: str | None = None, **changes: object) -> Order:
    """Return an order that is over, in a conversation of its own."""
    return replace(OVER, id=name, conversation=at or f"c:{name}", **changes)  # type: ignore[arg-type]


@pytest.fixture
def history(store: SqliteStore) -> History:
    with store.writing() as writing:
        writing.save_account(ACCOUNT)
        writing.save_account(Account(name="other"))
    return store.history("main")


def save(store: SqliteStore, *orders: Order) -> None:
    with store.writing() as writing:
        writing.save_orders(orders)


def ids(orders: list[Order]) -> list[str]:
    return [order.id for order in orders]


@pytest.mark.parametrize("stage", list(Stage))
def test_an_order_is_at_hand_as_long_as_it_is_not_ended(
    store: SqliteStore, history: History, stage: Stage
) -> None:
    save(store, past("one", stage=stage))
    assert ids(history.orders_at_hand()) == ([] if stage.is_ended else ["one"])


def test_what_a_list_has_lacked_is_at_hand_until_it_is_back(store: SqliteStore, history: History) -> None:
    save(store, past("there"), past("missing", missing_checks=1))
    assert ids(history.orders_at_hand()) == ["missing"]


def test_an_order_with_an_open_case_is_at_hand_and_so_are_all_its_cases(
    store: SqliteStore, history: History
) -> None:
    closed = replace(CASE, id="closed", order="one", closed_at=NOON, opened_at=NOON - timedelta(days=1))
    still_open, over = replace(CASE, id="open", order="one"), replace(closed, id="over", order="two")
    save(store, past("one"), past("two"))
    with store.writing() as writing:
        for case in (closed, still_open, over):
            writing.save_case(case)
    assert ids(history.orders_at_hand()) == ["one"]
    assert history.cases_of(history.orders_at_hand()) == [still_open, closed]


def test_what_the_next_check_is_to_keep_is_at_hand(store: SqliteStore, history: History) -> None:
    save(store, past("one"), past("two"))
    with store.writing() as writing:
        writing.want_capture("two", at=NOON)
    assert ids(history.orders_at_hand()) == ["two"]


def test_whatever_is_at_hand_comes_with_all_orders_of_its_conversation(
    store: SqliteStore, history: History
) -> None:
    later = NOON + timedelta(hours=1)
    save(store, past("old", at="x"), past("new", at="x", stage=Stage.PAID, stage_at=later), past("else"))
    assert ids(history.orders_at_hand()) == ["new", "old"]
    assert ids(history.orders_of(["x"])) == ["new", "old"]
    assert ids(history.orders_at_hand(["c:else"])) == ["new", "else", "old"]


def test_another_accounts_orders_are_never_at_hand(store: SqliteStore, history: History) -> None:
    save(store, past("other", account="other", stage=Stage.PAID, missing_checks=1))
    with store.writing() as writing:
        writing.want_capture("other", at=NOON)
        writing.save_case(replace(CASE, account="other", order="other"))
    assert history.orders_at_hand(["c:other"]) == []
    assert history.orders_of(["c:other"]) == []
    assert history.has_order("other"), "an id names one order of all accounts"
    assert not history.has_order("nobody")


def test_a_namesake_is_found_however_the_name_is_written_within_the_span(
    store: SqliteStore, history: History
) -> None:
    day = timedelta(days=1)
    save(
        store,
        past("one", buyer="  eRIKA", stage=Stage.CANCELLED, stage_at=NOON),
        past("two", buyer="Erika", stage=Stage.EXPIRED, stage_at=NOON - day),
        past("sold", buyer="Erika"),
        past("early", buyer="Erika", stage=Stage.CANCELLED, stage_at=NOON - 3 * day),
        past("late", buyer="Erika", stage=Stage.CANCELLED, stage_at=NOON + day),
        past("else", buyer="Erik", stage=Stage.CANCELLED),
        past("nobody", buyer=None, stage=Stage.CANCELLED),
        past("other", account="other", buyer="Erika", stage=Stage.CANCELLED),
    )
    assert ids(history.called_off("ERIKA ", since=NOON - day, until=NOON)) == ["one", "two"]


def test_captures_are_known_by_their_ids_and_ads_by_their_conversations(
    store: SqliteStore, history: History
) -> None:
    shown = _capture("shown", PageKind.CONVERSATION, Why.CHANGED)
    ad = _capture("ad", PageKind.AD, Why.SALE)
    with store.writing() as writing:
        for capture in (shown, ad, replace(ad, id="elsewhere", conversation="x:y:z")):
            writing.save_capture(capture)
    assert history.captures(["ad", "shown", "never"]) == {"ad", "shown"}
    assert [(kept.conversation, kept.at, kept.why) for kept in history.ads_of(["a:b:c"])] == [
        ("a:b:c", NOON, Why.SALE)
    ]


def test_the_shelf_holds_the_ads_of_the_day_alone(store: SqliteStore, history: History) -> None:
    day = timedelta(days=1)
    with store.writing() as writing:
        writing.save_capture(_capture("today", PageKind.AD, Why.PROBLEM))
        writing.save_capture(replace(_capture("before", PageKind.AD, Why.SALE), taken_at=NOON - day))
    assert [kept.why for kept in store.shelf("main", since=NOON, until=NOON + day).ads] == [Why.PROBLEM]
    assert len(history.ads_of(["a:b:c"])) == 2


def test_pages_are_shown_from_the_latest_on_and_never_an_ad(store: SqliteStore, history: History) -> None:
    moments = [NOON + timedelta(minutes=number) for number in range(12)]
    page = _capture("page", PageKind.CONVERSATION, Why.CHANGED)
    with store.writing() as writing:
        for number, at in enumerate(moments):
            writing.save_capture(replace(page, id=f"shown-{number:02}", taken_at=at))
        writing.save_capture(replace(page, id="list", conversation=None, kind=PageKind.CONVERSATION_LIST))
        writing.save_capture(replace(page, id="added", conversation=None, page="sales", kind=PageKind.ADDED))
        writing.save_capture(replace(page, id="ad", kind=PageKind.AD, taken_at=moments[-1]))

    def shown(conversation: str | None, page: str | None) -> list[str]:
        found = store.catalogue().pages_shown("main", conversation=conversation, page=page)
        return [capture.id for capture in found]

    assert shown("a:b:c", None) == [f"shown-{number:02}" for number in reversed(range(12))]
    assert shown(None, None) == ["list"]
    assert shown(None, "sales") == ["added"]
    assert shown("x:y:z", None) == []


def _capture(name: str, kind: PageKind, why: Why) -> StoredCapture:
    return StoredCapture(
        id=name,
        account="main",
        conversation="a:b:c",
        kind=kind,
        page=None,
        taken_at=NOON,
        url="https://www.kleinanzeigen.de/",
        reason=why,
        complete=True,
        verdict=None,
        files=(),
    )
