"""Silence is a state that alarms."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.samples import NOW, PACE, case, order, steady
from watcher.domain.account import Account
from watcher.domain.silence import is_verified, silence, unverified_orders, unverified_since
from watcher.domain.stage import Stage
from watcher.domain.step import CaseKind

HOUR = timedelta(hours=1)
LIVE = [order(Stage.SHIPPED, "offer")]


def failing(*, complete=NOW, round_=0):
    """An account whose checks have gone on, and have not seen everything since `complete`."""
    return Account(
        name="main",
        watched_since=NOW - 10 * HOUR,
        last_check_at=complete + timedelta(minutes=5),
        last_complete_at=complete,
        silence_round=round_,
    )


def told(account, after, *, orders=(), cases=(), pace=PACE, awake=None):
    now = NOW + after
    return silence(account, orders, cases, pace=pace, now=now, awake_since=awake or NOW - 10 * HOUR)


def test_an_account_that_was_seen_at_its_last_check_is_silent_whatever_the_time():
    account = Account(name="main", watched_since=NOW, last_check_at=NOW, last_complete_at=NOW)
    assert told(account, timedelta(days=3), orders=LIVE) is None


def test_an_account_that_was_never_checked_is_not_alarmed_about():
    assert told(Account(name="main"), timedelta(days=30), orders=LIVE) is None


@pytest.mark.parametrize(
    ("orders", "cases", "patience"),
    [
        ([], [case(CaseKind.IN_TRANSIT)], HOUR),
        (LIVE, [], 3 * HOUR),
        ([], [case(CaseKind.AFTER_DELIVERY)], 3 * HOUR),
        ([], [], timedelta(days=1)),
    ],
)
def test_patience_follows_the_money_at_risk(orders, cases, patience):
    assert told(failing(), patience - timedelta(seconds=1), orders=orders, cases=cases) is None
    found = told(failing(), patience, orders=orders, cases=cases)
    assert found is not None
    assert (found.round, found.since) == (1, NOW)


def test_three_missed_checks_are_waited_for_however_rare_checks_are():
    slow = replace(PACE, live=timedelta(hours=4))
    assert told(failing(), 11 * HOUR, orders=LIVE, pace=slow) is None
    assert told(failing(), 12 * HOUR, orders=LIVE, pace=slow) is not None


def test_it_is_told_again_after_growing_pauses_and_then_daily():
    account, moments = failing(), []
    for hours in range(24 * 5):
        found = told(account, hours * HOUR, orders=LIVE)
        if found:
            moments.append(hours)
            account = replace(account, silence_round=found.round)
    assert moments == [3, 6, 12, 24, 48, 72, 96]


def test_rounds_that_nobody_was_there_to_tell_are_told_once():
    found = told(failing(), timedelta(days=2), orders=LIVE)
    assert found is not None
    assert told(failing(round_=found.round), timedelta(days=2, minutes=1), orders=LIVE) is None


def test_a_silence_while_a_parcel_is_on_its_way_is_urgent_at_once_and_one_without_orders_never():
    hot = told(failing(), HOUR, cases=[case(CaseKind.IN_TRANSIT)])
    first, second = told(failing(), 3 * HOUR, orders=LIVE), told(failing(round_=1), 6 * HOUR, orders=LIVE)
    quiet = told(failing(round_=3), timedelta(days=9))
    assert [found.urgent for found in (hot, first, second, quiet)] == [True, False, True, False]


def test_a_sleeping_machine_is_no_silence_until_its_first_check_is_overdue():
    account = Account(
        name="main", watched_since=NOW, last_check_at=NOW, last_complete_at=NOW, next_check_at=NOW + HOUR
    )
    woke = NOW + 20 * HOUR
    assert told(account, 20 * HOUR + timedelta(minutes=5), orders=LIVE, awake=woke) is None
    assert told(account, 20 * HOUR + timedelta(minutes=31), orders=LIVE, awake=woke) is not None


def test_where_no_clock_brings_checks_a_day_is_waited_except_for_a_parcel_on_its_way():
    on_call = replace(PACE, by_clock=False)
    assert told(failing(), 23 * HOUR, orders=LIVE, pace=on_call) is None
    assert told(failing(), 24 * HOUR, orders=LIVE, pace=on_call) is not None
    assert told(failing(), HOUR, cases=[case(CaseKind.IN_TRANSIT)], pace=on_call) is not None


def test_an_account_of_which_the_human_alone_has_opened_pages_is_told_after_a_day_too():
    passive, opened = replace(PACE, by_clock=False), Account(name="main", watched_since=NOW)
    assert told(opened, 23 * HOUR, orders=LIVE, pace=passive) is None
    assert told(opened, 24 * HOUR, orders=LIVE, pace=passive) is not None


@pytest.mark.slow
@steady
@given(st.integers(0, 40), st.timedeltas(timedelta(0), timedelta(days=400)))
def test_a_round_that_was_told_is_not_told_again_at_the_same_moment(round_, after):
    found = told(failing(round_=round_), after, orders=LIVE)
    if found is not None:
        assert found.round > round_
        assert told(failing(round_=found.round), after, orders=LIVE) is None


def test_what_was_never_seen_completely_is_unverified_since_watching_began():
    account = Account(name="main", watched_since=NOW, last_check_at=NOW + HOUR)
    assert unverified_since(account) == NOW
    assert not is_verified(account)


def test_orders_that_the_last_check_did_not_see_are_named_the_longest_unseen_first():
    account = replace(failing(), last_check_at=NOW + 2 * HOUR)
    old = replace(order(Stage.PAID, "a"), last_seen_at=NOW - HOUR)
    older = replace(order(Stage.PAID, "b"), last_seen_at=NOW - 2 * HOUR)
    current = replace(order(Stage.PAID, "c"), last_seen_at=NOW + 2 * HOUR)
    ended = replace(order(Stage.PAID_OUT, "d"), last_seen_at=NOW - 9 * HOUR)
    assert unverified_orders(account, [old, current, ended, older]) == [older, old]


def test_a_cancelled_order_with_an_open_case_is_named_too():
    account = replace(failing(), last_check_at=NOW + 2 * HOUR)
    cancelled = order(Stage.CANCELLED, "a")
    open_case = case(CaseKind.IN_TRANSIT, of=cancelled.id)
    assert unverified_orders(account, [cancelled], [open_case]) == [cancelled]
    assert unverified_orders(account, [cancelled], [replace(open_case, closed_at=NOW)]) == []
