"""When an alert comes back, through what, how loud, and when it stops."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.samples import NOW, case, steady
from watcher.domain.budget import BERLIN
from watcher.domain.case import Case, Ending
from watcher.domain.escalation import (
    Policy,
    Round,
    Rounds,
    Stops,
    default_policies,
    next_round,
    policy_for,
    through,
    why_it_stops,
)
from watcher.domain.step import Because, CaseKind

EVERY = timedelta(minutes=30)
POLICIES = default_policies(EVERY)
HOURS = [CaseKind.BEFORE_SHIPMENT, CaseKind.IN_TRANSIT, CaseKind.UNCLEAR]
DAYS = [CaseKind.AFTER_DELIVERY, CaseKind.DISPUTED]
QUIET_START = Policy(
    rounds=(
        Round(channels=frozenset({"desktop"})),
        Round(after=timedelta(minutes=10), channels=frozenset({"desktop", "ntfy"}), critical=True),
    ),
    repeat=timedelta(hours=1),
)


def told(
    found: Case, policy: Policy, *, until: datetime, every: timedelta = timedelta(minutes=1)
) -> list[datetime]:
    """When the rounds come to somebody whose program looks this often and never acknowledges."""
    rounds, moments, now = Rounds(last=0, at=found.opened_at), [], found.opened_at
    while now <= until:
        due = next_round(found, policy, rounds, now=now)
        if due is not None:
            moments.append(now)
            rounds = replace(rounds, last=due.number, at=now)
        now += every
    return moments


def without(found: Case, *steps: str, because: Because | None = None) -> Case:
    """The case with these steps done by the seller, or dropped."""
    return replace(
        found,
        steps=tuple(
            step
            if step.id not in steps
            else step.dropped(at=NOW, because=because)
            if because
            else replace(step, done_at=NOW, done_by="seller")
            for step in found.steps
        ),
    )


@pytest.mark.parametrize("kind", HOURS)
def test_where_hours_count_it_is_said_every_half_hour_and_loud_from_the_first(kind):
    found = case(kind)
    assert told(found, POLICIES[kind], until=NOW + timedelta(hours=2)) == [
        NOW + EVERY * n for n in (1, 2, 3, 4)
    ]
    assert policy_for(kind, POLICIES).at(0).critical
    assert policy_for(kind, POLICIES).at(99).critical


@pytest.mark.parametrize("kind", DAYS)
def test_where_there_are_days_it_comes_after_four_hours_and_then_daily_by_day(kind):
    found = case(kind)
    moments = [at.astimezone(BERLIN) for at in told(found, POLICIES[kind], until=NOW + timedelta(days=3))]
    assert [(at.day, at.hour) for at in moments] == [(22, 15), (23, 15), (24, 15), (25, 11)][: len(moments)]
    assert len(moments) == 3
    assert [POLICIES[kind].at(place).critical for place in range(4)] == [False, False, True, True]


def test_a_daily_reminder_of_an_evening_waits_for_the_morning():
    evening = datetime(2026, 11, 22, 19, 30, tzinfo=UTC)
    found = replace(case(CaseKind.AFTER_DELIVERY), opened_at=evening)
    first = told(found, POLICIES[found.kind], until=evening + timedelta(days=1))[0].astimezone(BERLIN)
    assert (first.day, first.hour, first.minute) == (23, 9, 0)


@pytest.mark.parametrize("mark", ["acknowledged_at", "closed_at"])
def test_an_acknowledged_or_closed_case_reminds_nobody(mark):
    found = replace(case(CaseKind.IN_TRANSIT), **{mark: NOW})
    assert told(found, POLICIES[found.kind], until=NOW + timedelta(days=2)) == []


def test_after_a_long_sleep_one_reminder_comes_not_twenty():
    """The loop that sends: queue what is due, remember the moment, look again."""
    found, rounds = case(CaseKind.IN_TRANSIT), Rounds(last=0, at=NOW)
    awake, sent = NOW + timedelta(days=3), 0
    while (due := next_round(found, POLICIES[found.kind], rounds, now=awake)) is not None:
        sent, rounds = sent + 1, Rounds(last=due.number, at=awake)
    assert sent == 1


def test_a_clock_that_was_years_ahead_silences_nobody():
    found, ahead = case(CaseKind.IN_TRANSIT), NOW + timedelta(days=900)
    due = next_round(found, POLICIES[found.kind], Rounds(last=4, at=ahead), now=NOW)
    assert due is not None
    assert due.number == 5


def test_a_clock_that_is_put_right_by_seconds_brings_no_extra_round():
    found = case(CaseKind.IN_TRANSIT)
    assert (
        next_round(found, POLICIES[found.kind], Rounds(last=1, at=NOW), now=NOW - timedelta(seconds=20))
        is None
    )


@pytest.mark.parametrize(
    "night", [datetime(2026, 10, 24, 23, tzinfo=UTC), datetime(2027, 3, 27, 23, tzinfo=UTC)]
)
def test_in_the_nights_of_the_changing_clocks_the_beat_stays(night):
    found = replace(case(CaseKind.IN_TRANSIT), opened_at=night)
    moments = told(found, POLICIES[found.kind], until=night + timedelta(hours=5))
    assert moments == [night + EVERY * number for number in range(1, 11)]


def test_own_rounds_go_from_the_first_to_the_last_which_is_repeated():
    found = case(CaseKind.IN_TRANSIT)
    moments = told(found, QUIET_START, until=NOW + timedelta(hours=3))
    assert [int((at - NOW).total_seconds()) // 60 for at in moments] == [10, 70, 130]
    first = next_round(found, QUIET_START, Rounds(last=0, at=NOW), now=NOW + timedelta(minutes=10))
    assert first is not None
    assert (first.number, first.channels, first.critical) == (1, frozenset({"desktop", "ntfy"}), True)


def test_rounds_that_begin_anew_begin_at_once_with_the_first_and_are_numbered_on():
    found, anew = case(CaseKind.IN_TRANSIT), Rounds(last=7, at=NOW).anew(at=NOW)
    due = next_round(found, QUIET_START, anew, now=NOW)
    assert due is not None
    assert (due.number, due.channels) == (8, frozenset({"desktop"}))


def test_rounds_after_a_new_alert_of_an_old_case_go_on_with_the_second():
    found, again = case(CaseKind.IN_TRANSIT), Rounds(last=7, at=NOW).restarted(at=NOW)
    assert next_round(found, QUIET_START, again, now=NOW) is None
    due = next_round(found, QUIET_START, again, now=NOW + timedelta(minutes=10))
    assert due is not None
    assert (due.number, due.critical) == (8, True)


def test_a_round_whose_channels_are_gone_goes_through_all_that_are_there():
    known = ["email", "desktop"]
    assert through(None, known) == known
    assert through(frozenset({"desktop"}), known) == ["desktop"]
    assert through(frozenset({"ntfy"}), known) == known


@pytest.mark.parametrize("kind", list(CaseKind))
def test_a_new_case_is_worth_reminding_of(kind):
    assert why_it_stops(case(kind)) is None


def test_reminders_stop_when_the_parcel_can_no_longer_be_stopped():
    loaded = without(case(CaseKind.IN_TRANSIT), "ask_buyer_to_refuse", "ask_carrier", because=Because.LOADED)
    assert why_it_stops(loaded) is Stops.WINDOW_OVER
    assert told(loaded, POLICIES[loaded.kind], until=NOW + timedelta(days=1)) == []


def test_reminders_stop_when_the_goods_are_back():
    assert why_it_stops(without(case(CaseKind.IN_TRANSIT), "parcel_back")) is Stops.PARCEL_BACK
    assert why_it_stops(without(case(CaseKind.AFTER_DELIVERY), "goods_back")) is Stops.PARCEL_BACK


def test_a_contested_sale_goes_on_although_the_goods_are_back():
    back = case(CaseKind.IN_TRANSIT).with_step_done("parcel_back", at=NOW, by="seller")
    contested = replace(back, kind=CaseKind.DISPUTED, steps=(*back.steps, *case(CaseKind.DISPUTED).steps[:1]))
    assert why_it_stops(contested) is None


def test_reminders_stop_when_what_was_urgent_is_done():
    assert why_it_stops(without(case(CaseKind.BEFORE_SHIPMENT), "do_not_hand_in")) is Stops.NOTHING_URGENT
    asked = without(case(CaseKind.IN_TRANSIT), "ask_buyer_to_refuse", "ask_carrier")
    assert why_it_stops(asked) is Stops.NOTHING_URGENT


def test_a_case_of_days_goes_on_until_nothing_is_left_to_do_by_hand():
    found = case(CaseKind.AFTER_DELIVERY)
    assert why_it_stops(without(found, "ask_buyer")) is None
    by_hand = [step.id for step in found.steps if step.is_task and step.rule.gets_done == "by_hand"]
    assert why_it_stops(without(found, *by_hand)) is Stops.NOTHING_URGENT


def test_the_end_of_a_case_needs_no_words_about_its_reminders():
    closed = case(CaseKind.IN_TRANSIT).closed(at=NOW, ending=Ending.BY_SELLER)
    assert why_it_stops(closed) is Stops.CLOSED
    assert [why for why in Stops if not why.is_told] == [Stops.CLOSED]


@steady
@given(st.lists(st.timedeltas(timedelta(0), timedelta(days=2)), max_size=30), st.sampled_from(list(CaseKind)))
def test_however_the_machine_sleeps_rounds_come_one_by_one_and_never_sooner_than_set(sleeps, kind):
    found, policy, rounds, now = case(kind), POLICIES[kind], Rounds(last=0, at=NOW), NOW
    for sleep in sleeps:
        now += sleep
        due = next_round(found, policy, rounds, now=now)
        if due is None:
            continue
        assert due.number == rounds.last + 1
        assert now - rounds.at >= policy.at(due.number).after
        rounds = replace(rounds, last=due.number, at=now)
