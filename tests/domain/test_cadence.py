"""How soon the next check comes."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.samples import NOW, PACE, case, order, steady
from tests.support.every import every
from watcher.domain.budget import BERLIN
from watcher.domain.cadence import Pace, Reason, decisive_moments, next_check
from watcher.domain.case import Ending
from watcher.domain.outcome import Outcome
from watcher.domain.parcel import Milestone, Parcel
from watcher.domain.playbook import replan
from watcher.domain.situation import Situation
from watcher.domain.stage import Stage
from watcher.domain.step import CaseKind, Step

spans = st.timedeltas(timedelta(seconds=1), timedelta(days=30))
orders = st.lists(st.sampled_from(list(Stage)).map(order), max_size=3)
cases = st.lists(st.sampled_from(list(CaseKind)).map(case), max_size=3)
paces = st.builds(
    Pace, floor=spans, hot=spans, live=spans, quiet=spans, cool_down=spans, longest_cool_down=spans
)


def due(outcome=Outcome.OK, *, stages=(), kinds=(), failures=0, jitter=0.5, more_to_read=False):
    return next_check(
        now=NOW,
        outcome=outcome,
        failures=failures,
        orders=[order(stage) for stage in stages],
        cases=[case(kind) for kind in kinds],
        pace=PACE,
        jitter=jitter,
        more_to_read=more_to_read,
    )


@steady
@given(
    st.fixed_dictionaries(
        {
            "outcome": st.sampled_from(list(Outcome)),
            "failures": st.integers(0, 1000),
            "orders": orders,
            "cases": cases,
            "pace": paces,
            "jitter": st.floats(0, 1, exclude_max=True),
            "more_to_read": st.booleans(),
        }
    )
)
def test_no_check_ever_comes_sooner_than_the_floor(situation):
    assert next_check(now=NOW, **situation).at >= NOW + situation["pace"].floor


@every(
    ("stages", "kinds", "wait", "reason"),
    [
        ((), (), PACE.quiet, Reason.QUIET),
        ((Stage.PAID_OUT, Stage.CANCELLED, Stage.REQUESTED, Stage.RECEIVED), (), PACE.quiet, Reason.QUIET),
        ((Stage.PAID,), (), PACE.live, Reason.LIVE_ORDERS),
        ((Stage.UNKNOWN,), (), PACE.live, Reason.LIVE_ORDERS),
        ((Stage.PAID,), (CaseKind.IN_TRANSIT,), PACE.hot, Reason.PARCEL_CASE_OPEN),
        ((), (CaseKind.UNCLEAR,), PACE.hot, Reason.PARCEL_CASE_OPEN),
        ((), (CaseKind.AFTER_DELIVERY,), PACE.live, Reason.CASE_OPEN),
    ],
)
def test_the_wait_follows_the_money_at_risk(stages, kinds, wait, reason):
    found = due(stages=stages, kinds=kinds)
    assert (found.at - NOW, found.reason) == (wait, reason)


def test_a_closed_case_hurries_nobody():
    closed = case(CaseKind.BEFORE_SHIPMENT).closed(at=NOW, ending=Ending.BY_SELLER)
    found = next_check(
        now=NOW, outcome=Outcome.OK, failures=0, orders=[], cases=[closed], pace=PACE, jitter=0.5
    )
    assert found.reason is Reason.QUIET


def test_a_parcel_that_is_on_its_way_back_no_longer_hurries():
    asked = case(CaseKind.IN_TRANSIT)
    back = Situation(kind=CaseKind.IN_TRANSIT, at=NOW, parcel=Parcel(milestone=Milestone.RETURNING, at=NOW))
    found = next_check(
        now=NOW, outcome=Outcome.OK, failures=0, orders=[], cases=[replan(asked, back)], pace=PACE, jitter=0.5
    )
    assert found.reason is Reason.CASE_OPEN


@pytest.mark.parametrize(("jitter", "share"), [(0.0, 0.8), (0.5, 1.0), (0.999999, 1.2)])
def test_the_wait_varies_by_a_fifth_to_either_side(jitter, share):
    assert (due(jitter=jitter).at - NOW) / PACE.quiet == pytest.approx(share, abs=1e-3)


def test_threads_that_wait_bring_the_next_check_soon():
    found = due(Outcome.PARTIAL, more_to_read=True)
    assert (found.at - NOW, found.reason) == (PACE.hot, Reason.MORE_TO_READ)


@pytest.mark.parametrize("outcome", [Outcome.LOGGED_OUT, Outcome.CONSENT, Outcome.CHALLENGE])
def test_where_a_human_is_needed_an_urgent_case_does_not_hurry_the_visits(outcome):
    found = due(outcome, kinds=(CaseKind.IN_TRANSIT,), failures=1)
    assert (found.at - NOW, found.reason) == (PACE.live, Reason.WAITING_FOR_HUMAN)


@pytest.mark.parametrize("outcome", [Outcome.UNREACHABLE, Outcome.UNREADABLE])
def test_after_a_failure_the_wait_begins_short_and_grows_to_the_quiet_one(outcome):
    waits = [due(outcome, stages=(Stage.PAID,), failures=failures).at - NOW for failures in range(1, 9)]
    assert waits[0] == PACE.live / 2
    assert waits == sorted(waits)
    assert waits[-1] == PACE.quiet


def test_a_block_is_waited_out_to_the_second():
    """Jitter could only shorten it."""
    assert {due(Outcome.BLOCKED, failures=1, jitter=jitter).at for jitter in (0, 0.5, 0.99)} == {
        NOW + timedelta(hours=1)
    }


NIGHT = replace(PACE, night=(time(23, 0), time(6, 30)))


def at_night(*, stage=Stage.SHIPPED, kinds=(), hour_utc=2):
    return next_check(
        now=NOW.replace(hour=hour_utc),
        outcome=Outcome.OK,
        failures=0,
        orders=[order(stage)],
        cases=[case(kind) for kind in kinds],
        pace=NIGHT,
        jitter=0.5,
    ).at - NOW.replace(hour=hour_utc)


def test_at_night_a_sale_under_way_is_looked_at_as_seldom_as_nothing():
    assert at_night() == PACE.quiet
    assert at_night(hour_utc=12) == PACE.live


def test_an_open_case_knows_no_night():
    assert at_night(kinds=[CaseKind.IN_TRANSIT]) == PACE.hot
    assert at_night(kinds=[CaseKind.AFTER_DELIVERY]) == PACE.live


@pytest.mark.parametrize(("hour_utc", "night"), [(21, False), (22, True), (5, True), (6, False)])
def test_the_night_is_counted_on_a_german_clock(hour_utc, night):
    assert (at_night(hour_utc=hour_utc) == PACE.quiet) is night


def test_each_block_doubles_the_cool_down_up_to_a_day():
    waits = [
        next_check(
            now=NOW,
            outcome=Outcome.BLOCKED,
            failures=9,
            orders=[],
            cases=[],
            pace=PACE,
            jitter=0.5,
            blocks=blocks,
        ).at
        - NOW
        for blocks in range(1, 8)
    ]
    assert [wait / timedelta(hours=1) for wait in waits] == [1, 2, 4, 8, 16, 24, 24]


def berlin(day: int, hour: int, minute: int = 0, *, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=BERLIN).astimezone(UTC)


def asked(closes: datetime, *, shows: datetime | None = None, done_by: str | None = None):
    """A case whose parcel may still be stopped, and the carrier asked until then."""
    ask = Step(
        id="ask_carrier", due_at=closes, urgent=True, done_at=closes if done_by else None, done_by=done_by
    )
    follows = [Step(id="request_shows", due_at=shows)] if shows else []
    return replace(case(CaseKind.IN_TRANSIT), steps=(ask, *follows))


def at_night_of(now: datetime, known, *, pace: Pace = PACE, outcome=Outcome.OK, jitter=0.0, **given: object):
    found = next_check(
        now=now,
        outcome=outcome,
        failures=0 if outcome is Outcome.OK else 9,
        orders=[],
        cases=[known],
        pace=pace,
        jitter=jitter,
        **given,  # type: ignore[arg-type]
    )
    return found.at, found.reason


SLOW = replace(PACE, hot=timedelta(hours=3))
"""Of a seller who wants few visits."""


def test_what_decides_a_parcel_is_the_end_of_its_window_the_morning_after_and_what_must_show():
    one = asked(berlin(10, 4), shows=berlin(10, 20))
    assert decisive_moments(one) == (berlin(10, 4), berlin(10, 9, 30), berlin(10, 20))


def test_a_window_of_the_evening_is_followed_by_the_next_morning():
    assert decisive_moments(asked(berlin(10, 22))) == (berlin(10, 22), berlin(11, 9, 30))


@pytest.mark.parametrize("done_by", ["seller", "seen"])
def test_a_request_that_was_made_is_followed_through_its_night(done_by):
    one = asked(berlin(10, 4), shows=berlin(10, 20), done_by=done_by)
    assert berlin(10, 4) in decisive_moments(one)


def test_a_step_that_fell_away_decides_nothing():
    one = asked(berlin(10, 4), shows=berlin(10, 20), done_by="dropped")
    assert decisive_moments(one) == (berlin(10, 20),)


@pytest.mark.parametrize("kind", [CaseKind.BEFORE_SHIPMENT, CaseKind.AFTER_DELIVERY, CaseKind.UNCLEAR])
def test_other_cases_have_no_such_moments(kind):
    assert decisive_moments(case(kind)) == ()


def test_a_closed_case_has_none_either():
    one = asked(berlin(10, 4)).closed(at=berlin(10, 1), ending=Ending.BY_SELLER)
    assert decisive_moments(one) == ()


@pytest.mark.parametrize(
    ("now", "moment"),
    [(berlin(10, 2), berlin(10, 4)), (berlin(10, 8), berlin(10, 9, 30)), (berlin(10, 18), berlin(10, 20))],
)
def test_a_check_is_due_right_after_a_moment_that_decides(now, moment):
    one = asked(berlin(10, 4), shows=berlin(10, 20))
    assert at_night_of(now, one, pace=SLOW) == (moment, Reason.DECISIVE)
    at, _ = at_night_of(now, one, pace=SLOW, jitter=0.999)
    assert moment <= at <= moment + SLOW.floor


def test_the_usual_check_that_comes_sooner_stays():
    at, reason = at_night_of(berlin(10, 2), asked(berlin(10, 4)))
    assert (at, reason) == (berlin(10, 2) + PACE.hot * 0.8, Reason.PARCEL_CASE_OPEN)


def test_a_moment_within_the_floor_waits_for_the_floor():
    now = berlin(10, 3, 59)
    assert at_night_of(now, asked(berlin(10, 4)), pace=SLOW) == (now + SLOW.floor, Reason.DECISIVE)


def test_after_the_moment_the_usual_pace_goes_on():
    at, reason = at_night_of(berlin(10, 10), asked(berlin(10, 4)), pace=SLOW)
    assert reason is Reason.PARCEL_CASE_OPEN
    assert at > berlin(10, 10) + SLOW.hot * 0.7


def test_a_failed_check_is_tried_again_at_the_moment_that_decides():
    found = at_night_of(berlin(10, 2), asked(berlin(10, 4)), pace=SLOW, outcome=Outcome.UNREACHABLE)
    assert found == (berlin(10, 4), Reason.DECISIVE)


@pytest.mark.parametrize(
    ("outcome", "given", "reason"),
    [
        (Outcome.BLOCKED, {"blocks": 4}, Reason.COOL_DOWN),
        (Outcome.LOGGED_OUT, {}, Reason.WAITING_FOR_HUMAN),
        (Outcome.OK, {"pages_left": 0}, Reason.BUDGET),
        (Outcome.OK, {"pages_left": 8, "pages": 8}, Reason.BUDGET),
    ],
)
def test_no_moment_outweighs_a_block_a_missing_human_or_the_days_pages(outcome, given, reason):
    at, found = at_night_of(berlin(10, 2), asked(berlin(10, 4)), pace=SLOW, outcome=outcome, **given)
    assert found is reason
    assert at > berlin(10, 4)


@pytest.mark.parametrize(("day", "month"), [(29, 3), (25, 10)])
def test_on_the_nights_when_clocks_are_changed_the_moments_keep_their_german_time(day, month):
    one = asked(berlin(day, 4, month=month))
    for moment in (berlin(day, 4, month=month), berlin(day, 9, 30, month=month)):
        assert at_night_of(moment - timedelta(hours=1), one, pace=SLOW) == (moment, Reason.DECISIVE)
