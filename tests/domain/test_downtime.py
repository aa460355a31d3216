"""A time in which nobody watched is told if it was long for what was at stake."""

from dataclasses import replace
from datetime import timedelta

from tests.support.clock import NOON
from tests.support.rooms import PACE
from tests.support.values import CASE, ORDER
from watcher.domain.account import Account
from watcher.domain.cadence import Reason
from watcher.domain.downtime import Downtime, downtime, may_be_checked_at_once
from watcher.domain.order import Order
from watcher.domain.stage import Stage

WATCHED = Account(name="main", watched_since=NOON - timedelta(days=30))
SHIPPED = replace(ORDER, stage=Stage.SHIPPED)


def absence(hours: float, *orders: Order, account: Account = WATCHED, case: bool = False) -> Downtime | None:
    alive_at = NOON - timedelta(hours=hours)
    cases = [CASE] if case else []
    return downtime(account, orders, cases, alive_at=alive_at, pace=PACE, now=NOON)


def test_an_hour_counts_while_a_cancelled_parcel_is_on_its_way() -> None:
    told = absence(1.1, ORDER, case=True)
    assert told is not None
    assert (told.urgent, told.alert("main").critical) == (True, True)
    assert absence(0.9, ORDER, case=True) is None


def test_otherwise_an_absence_is_borne_as_long_as_a_silence() -> None:
    assert absence(2.9, SHIPPED) is None
    assert absence(3.1, SHIPPED) is not None
    assert absence(23) is None
    assert absence(25) is not None


def test_the_very_first_start_follows_no_absence() -> None:
    assert downtime(WATCHED, [], [], alive_at=None, pace=PACE, now=NOON) is None
    assert absence(500, account=Account(name="main")) is None


def test_a_clock_that_was_set_back_is_no_absence() -> None:
    assert absence(-48) is None


def test_no_absence_makes_a_cool_down_shorter() -> None:
    due = replace(WATCHED, next_check_at=NOON + timedelta(hours=1), next_check_reason=Reason.QUIET)
    assert may_be_checked_at_once(due, now=NOON)
    assert not may_be_checked_at_once(replace(due, cool_down_until=NOON + timedelta(hours=1)), now=NOON)
    assert not may_be_checked_at_once(replace(due, next_check_reason=Reason.BUDGET), now=NOON)
    assert not may_be_checked_at_once(WATCHED, now=NOON)
