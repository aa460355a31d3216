"""Which messages of a conversation are about which of its orders."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.domain.samples import NOW, order, steady
from watcher.domain.message import Message
from watcher.domain.order import Order
from watcher.domain.stage import Stage
from watcher.domain.talk import share_of


def said(day: float | None) -> Message:
    at = None if day is None else NOW + timedelta(days=day)
    return Message(at=at, inbound=True, text=f"day {day}")


def deal(name: str, stage: Stage, *, made: float | None = None, at: float) -> Order:
    made_at = None if made is None else NOW + timedelta(days=made)
    return order(stage, name, reached=Stage.PAID, made_at=made_at, stage_at=NOW + timedelta(days=at))


def request(name: str, *, at: float) -> Order:
    return order(Stage.DECLINED, name, reached=Stage.REQUESTED, stage_at=NOW + timedelta(days=at))


FIRST = deal("p1", Stage.CANCELLED, made=2, at=5)
SECOND = deal("p2", Stage.SHIPPED, made=8, at=9)
BOTH = [FIRST, SECOND]


def days(about: Order, *others: Order, of: tuple[float | None, ...]) -> list[float | None]:
    talk = [said(day) for day in of]
    share = share_of(about, [about, *others], talk)
    return [day for day, message in zip(of, talk, strict=True) if message in share]


def test_a_conversation_with_one_deal_is_all_about_it() -> None:
    assert days(SECOND, of=(-30, 8.5, 40, None)) == [-30, 8.5, 40, None]


def test_each_deal_has_what_was_written_in_its_time() -> None:
    assert days(FIRST, SECOND, of=(1, 3, 8.5, 12)) == [1, 3]
    assert days(SECOND, FIRST, of=(1, 3, 8.5, 12)) == [8.5, 12]


def test_what_was_written_between_two_deals_counts_for_both() -> None:
    assert days(FIRST, SECOND, of=(6,)) == days(SECOND, FIRST, of=(6,)) == [6]


def test_while_the_first_deal_goes_on_the_talk_before_the_second_is_about_the_first() -> None:
    going_on = deal("p1", Stage.SHIPPED, made=2, at=5)
    assert days(going_on, SECOND, of=(6,)) == [6]
    assert days(SECOND, going_on, of=(6,)) == []


def test_a_refund_that_comes_late_takes_nothing_from_the_next_deal() -> None:
    refunded = deal("p1", Stage.REFUNDED, made=2, at=20)
    assert days(SECOND, refunded, of=(7, 8.5, 21)) == [8.5, 21]


def test_a_request_that_came_to_nothing_parts_nothing() -> None:
    assert days(SECOND, request("p0", at=1), of=(0, 3, 9)) == [0, 3, 9]


def test_a_message_without_a_time_is_about_the_latest_deal() -> None:
    assert days(FIRST, SECOND, of=(None,)) == []
    assert days(SECOND, FIRST, of=(None,)) == [None]


@steady
@given(st.lists(st.none() | st.floats(-50, 50), max_size=8))
def test_no_message_is_about_nobody(written: list[float | None]) -> None:
    talk = [said(day) for day in written]
    shares = [share_of(about, BOTH, talk) for about in BOTH]
    assert {message.text for message in talk} == {message.text for share in shares for message in share}
