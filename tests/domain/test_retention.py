"""How long what is known of an order is kept, and what never goes by itself."""

from dataclasses import replace
from datetime import timedelta

from tests.support.clock import NOON
from tests.support.every import every
from tests.support.values import CASE, ORDER
from watcher.domain.confidence import Confidence
from watcher.domain.order import SeenOrder
from watcher.domain.reading import Thread
from watcher.domain.retention import (
    GONE_AFTER,
    Holds,
    Keeping,
    goes_at,
    holds,
    is_lost,
    last_moved,
    taken_up_again,
)
from watcher.domain.stage import Stage

KEEPING = Keeping()
ENDED = replace(ORDER, stage=Stage.PAID_OUT)
FORGOTTEN = replace(
    ENDED, title=None, buyer=None, unknown_events=(), words=(), forgotten_at=NOON - timedelta(days=1)
)
CLOSED = replace(CASE, closed_at=NOON)


def thread(digest: str) -> Thread:
    return Thread(conversation=ORDER.conversation, orders=(), digest=digest)


def seen(stage: Stage) -> SeenOrder:
    return SeenOrder(
        conversation=ORDER.conversation,
        deal_ids=ORDER.deal_ids,
        stage=stage,
        confidence=Confidence.CERTAIN,
        title="Friteuse",
        buyer="Erika",
        unknown_events=("odd",),
    )


def test_an_order_without_a_case_goes_half_a_year_after_the_last_that_happened() -> None:
    assert goes_at(NOON, KEEPING, has_case=False) == NOON + timedelta(days=180)


def test_an_order_with_a_closed_case_is_kept_beyond_the_period_of_limitation() -> None:
    """Three years from the end of the year in which it arose: at most four years less a day."""
    end = goes_at(NOON, KEEPING, has_case=True)
    assert end is not None
    assert end >= NOON.replace(year=NOON.year + 4)


def test_never_is_never() -> None:
    never = Keeping(orders=None, cases=None)
    assert goes_at(NOON, never, has_case=False) is None
    assert goes_at(NOON, never, has_case=True) is None


def test_an_open_case_holds_its_order_whatever_its_stage() -> None:
    assert holds(ENDED, [CASE], now=NOON) is Holds.OPEN_CASE
    assert holds(ENDED, [CLOSED], now=NOON) is None
    assert holds(ENDED, [replace(CASE, order="another")], now=NOON) is None


@every("stage", Stage)
def test_what_is_under_way_is_held_until_nobody_has_seen_it_for_long(stage: Stage) -> None:
    order = replace(ORDER, stage=stage)
    assert holds(order, [], now=NOON) is (Holds.UNDER_WAY if stage.is_live else None)
    assert holds(order, [], now=NOON + GONE_AFTER + timedelta(seconds=1)) is None


def test_the_last_that_happened_is_the_latest_of_all() -> None:
    late = NOON + timedelta(days=3)
    assert last_moved(ENDED, []) == NOON
    assert last_moved(ENDED, [replace(CASE, closed_at=late)]) == late
    assert last_moved(ENDED, [replace(CASE, order="another", closed_at=late)]) == NOON
    assert last_moved(ENDED, [], [late]) == late


def test_a_thread_that_says_the_same_leaves_the_order_forgotten() -> None:
    assert taken_up_again([FORGOTTEN], [thread("same")], {ORDER.conversation: "same"}) == [FORGOTTEN]
    assert taken_up_again([FORGOTTEN], [], {}) == [FORGOTTEN]


def test_a_thread_that_says_something_new_makes_it_an_order_again() -> None:
    [order] = taken_up_again([FORGOTTEN], [thread("new")], {ORDER.conversation: "old"})
    assert order == replace(FORGOTTEN, forgotten_at=None)
    [order] = taken_up_again([FORGOTTEN], [thread("new")], {})
    assert order.forgotten_at is None


def test_a_forgotten_order_that_is_read_unchanged_is_filled_with_nothing() -> None:
    after = FORGOTTEN.seen_again(seen(Stage.PAID_OUT), at=NOON)
    assert after == replace(FORGOTTEN, last_seen_at=NOON)


def test_a_forgotten_order_with_a_new_stage_is_an_order_like_any_other() -> None:
    after = FORGOTTEN.seen_again(seen(Stage.REFUNDED), at=NOON)
    assert (after.title, after.buyer, after.stage) == ("Friteuse", "Erika", Stage.REFUNDED)
    assert after.forgotten_at is None
    assert after.unknown_events == ("odd",)


def test_an_order_is_lost_only_if_complete_checks_have_lacked_it_for_long() -> None:
    assert not is_lost(ORDER, read_at=None)
    assert not is_lost(ORDER, read_at=NOON), "a watch that was switched off proves nothing"
    assert is_lost(ORDER, read_at=NOON + GONE_AFTER + timedelta(seconds=1))
