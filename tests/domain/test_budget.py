"""How many pages a day."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from tests.domain.samples import NOW, PACE, order
from watcher.domain.account import Account
from watcher.domain.budget import Loads, next_day, shortest_interval
from watcher.domain.cadence import Reason, next_check
from watcher.domain.outcome import Outcome
from watcher.domain.permission import what_holds_back
from watcher.domain.stage import Stage

BUDGET = replace(PACE, pages_per_day=100)


def due(*, left, pages=6, stage=Stage.SHIPPED, at=NOW):
    return next_check(
        now=at,
        outcome=Outcome.OK,
        failures=0,
        orders=[order(stage)],
        cases=[],
        pace=BUDGET,
        jitter=0.5,
        pages_left=left,
        pages=pages,
    )


def test_loads_are_counted_by_the_german_day():
    before_midnight = datetime(2026, 11, 22, 22, 59, tzinfo=UTC)
    loads = Loads().plus(7, at=before_midnight).plus(3, at=before_midnight)
    assert loads.on(before_midnight) == 10
    assert loads.on(before_midnight + timedelta(minutes=1)) == 0
    assert loads.plus(2, at=before_midnight + timedelta(minutes=1)).count == 2


def test_the_next_day_begins_at_german_midnight_also_when_the_clocks_change():
    assert next_day(datetime(2026, 10, 24, 21, 0, tzinfo=UTC)) == datetime(2026, 10, 24, 22, 0, tzinfo=UTC)
    assert next_day(datetime(2026, 10, 25, 12, 0, tzinfo=UTC)) == datetime(2026, 10, 25, 23, 0, tzinfo=UTC)


def test_enough_pages_leave_the_pace_as_it_is():
    assert due(left=100).reason is Reason.LIVE_ORDERS


def test_visits_become_rarer_before_the_pages_are_spent():
    planned = due(left=12)
    assert planned.reason is Reason.BUDGET
    assert planned.at - NOW == (next_day(NOW) - NOW) / 2


def test_spent_pages_mean_no_visit_before_midnight():
    planned = due(left=0)
    assert (planned.reason, planned.at) == (Reason.BUDGET, next_day(NOW) + PACE.floor * 0.5)


def test_visits_that_cost_what_is_left_never_exceed_it():
    left, at, visits = 100, NOW, 0
    while at < next_day(NOW):
        left, visits = left - 6, visits + 1
        assert left >= 0
        at = due(left=left, at=at).at
    assert visits > 10


def test_the_shortest_interval_of_a_visit_that_costs_too_much_is_the_rest_of_the_day():
    assert shortest_interval(left=5, cost=6, at=NOW) == next_day(NOW) - NOW


def test_spent_pages_hold_back_the_schedule_and_not_a_person():
    account = Account(name="main", loads=Loads().plus(100, at=NOW))
    assert what_holds_back(account, BUDGET, now=NOW, scheduled=True) is Reason.BUDGET
    assert what_holds_back(account, BUDGET, now=NOW, scheduled=False) is None
    assert what_holds_back(account, BUDGET, now=next_day(NOW), scheduled=True) is None


def test_a_cool_down_holds_back_everybody():
    account = Account(name="main", cool_down_until=NOW + timedelta(hours=1))
    for scheduled in (True, False):
        assert what_holds_back(account, PACE, now=NOW, scheduled=scheduled) is Reason.COOL_DOWN
    assert what_holds_back(account, PACE, now=NOW + timedelta(hours=1), scheduled=False) is None
