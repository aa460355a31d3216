"""The sign of life is only given while all is well: whoever waits for it must be able to trust it."""

from datetime import timedelta

from tests.support.clock import NOON
from watcher.domain.account import Account
from watcher.domain.heartbeat import NOT_SOONER_THAN, STUCK_AFTER, OnItsWay, may_ping, stuck

GOOD = Account(name="main", last_check_at=NOON, last_complete_at=NOON)
BAD = Account(name="other", last_check_at=NOON, last_complete_at=NOON - timedelta(hours=1))


def may(*accounts: Account, last: timedelta | None = None, moves: bool = True) -> bool:
    last_ping = None if last is None else NOON - last
    return may_ping(accounts, last_ping=last_ping, outbox_moves=moves, now=NOON)


def entry(
    *, key: str = "a", tried: bool = True, taken: bool = False, age: timedelta = STUCK_AFTER
) -> OnItsWay:
    return OnItsWay(key=key, queued_at=NOON - age, was_tried=tried, is_over=taken, was_taken=taken)


def test_a_check_that_saw_everything_is_told() -> None:
    assert may(GOOD)
    assert may(GOOD, last=NOT_SOONER_THAN)


def test_one_account_that_was_not_understood_silences_it() -> None:
    assert not may(BAD)
    assert not may(GOOD, BAD)
    assert not may(GOOD, Account(name="never checked"))
    assert not may()


def test_it_is_never_given_twice_within_five_minutes_nor_twice_for_one_check() -> None:
    assert not may(GOOD, last=NOT_SOONER_THAN - timedelta(seconds=1))
    later = NOON + timedelta(hours=1)
    assert not may_ping([GOOD], last_ping=NOON + timedelta(seconds=1), outbox_moves=True, now=later)


def test_an_outbox_that_stands_still_silences_it() -> None:
    assert not may(GOOD, moves=False)


def test_a_clock_that_was_set_back_does_not_silence_it() -> None:
    assert may(GOOD, last=-timedelta(days=3))


def test_an_alert_that_nobody_got_through_any_channel_is_stuck() -> None:
    assert stuck([entry(), entry(taken=False)], now=NOON) == {"a"}
    assert stuck([entry(), entry(taken=True)], now=NOON) == frozenset()  # another channel took it
    assert stuck([entry(age=STUCK_AFTER - timedelta(seconds=1))], now=NOON) == frozenset()
    assert stuck([entry(tried=False)], now=NOON) == frozenset()  # held until the morning
