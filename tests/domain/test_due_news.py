"""Which steps are told because their time has come."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.samples import order, steady
from watcher.carriers.window import window_of
from watcher.domain.alert import AlertKind
from watcher.domain.budget import BERLIN
from watcher.domain.case import Case, Ending
from watcher.domain.confidence import Confidence
from watcher.domain.due_news import JUST_ACKNOWLEDGED, due_mark, due_steps, step_due
from watcher.domain.order import Order
from watcher.domain.parcel import Parcel
from watcher.domain.playbook import plan
from watcher.domain.situation import Situation
from watcher.domain.stage import Stage
from watcher.domain.step import RULES, CaseKind, Step, is_by_day

OPENED = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
"""A Monday, ten o'clock in Germany."""


def sale(*, seen: datetime = OPENED) -> Order:
    return replace(order(Stage.CANCELLED), last_seen_at=seen)


def case(*steps: Step, kind: CaseKind = CaseKind.IN_TRANSIT, acknowledged: datetime | None = OPENED) -> Case:
    return Case(
        id="cabc",
        order="oabc",
        account="main",
        kind=kind,
        confidence=Confidence.CERTAIN,
        opened_at=OPENED,
        steps=steps,
        acknowledged_at=acknowledged,
    )


def planned(kind: CaseKind, *, carrier: str = "dhl", at: datetime = OPENED) -> Case:
    """A case with the steps of its playbook, acknowledged ten minutes after it was seen."""
    parcel = Parcel(carrier=carrier, handed_in_at=at - timedelta(hours=20))
    now = Situation(kind=kind, at=at, parcel=parcel, window=window_of(parcel, at))
    return replace(case(*plan(now), kind=kind, acknowledged=at + timedelta(minutes=10)), opened_at=at)


def berlin(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=BERLIN).astimezone(UTC)


def told(given_case: Case, at: datetime, *before: str, of: Order | None = None) -> list[str]:
    return [step.id for step in due_steps(given_case, of or sale(seen=at), told=before, now=at)]


def waits(step_id: str, due: datetime, *, urgent: bool = False) -> Step:
    return Step(id=step_id, due_at=due, urgent=urgent)


def test_a_step_is_told_at_its_time_and_not_before():
    one = case(waits("keep_proof", berlin(24, 10)))
    assert told(one, berlin(24, 9, 59)) == []
    assert told(one, berlin(24, 10)) == ["keep_proof"]


def test_a_step_that_was_told_is_not_told_again_but_its_next_time_is():
    step = waits("follow_up_support", berlin(24, 10))
    one = case(step)
    assert told(one, berlin(25, 10), due_mark(step)) == []
    later = case(replace(step, due_at=berlin(26, 10)))
    assert told(later, berlin(26, 10), due_mark(step)) == ["follow_up_support"]


def test_the_same_moment_on_another_clock_is_the_same_time():
    step = waits("keep_proof", berlin(24, 10))
    assert due_mark(replace(step, due_at=berlin(24, 10).astimezone(BERLIN))) == due_mark(step)


@pytest.mark.parametrize("hour", [21, 23, 0, 3, 7])
def test_what_can_wait_is_never_told_at_night(hour):
    one = case(waits("keep_proof", berlin(24, 20, 59)))
    at = berlin(24 if hour >= 21 else 25, hour)
    assert told(one, at) == []
    assert told(one, berlin(25, 8)) == ["keep_proof"]


def test_until_somebody_has_acknowledged_the_case_the_reminders_say_it():
    one = case(waits("keep_proof", berlin(24, 10)), acknowledged=None)
    assert told(one, berlin(28, 10)) == []


def test_whoever_has_just_acknowledged_the_case_is_left_alone_for_an_hour():
    acknowledged = berlin(24, 10, 30)
    one = case(waits("keep_proof", berlin(24, 10)), acknowledged=acknowledged)
    assert told(one, acknowledged + JUST_ACKNOWLEDGED - timedelta(seconds=1)) == []
    assert told(one, acknowledged + JUST_ACKNOWLEDGED) == ["keep_proof"]


def test_an_acknowledgement_from_the_future_silences_nobody():
    """A clock that was wrong for a moment."""
    one = case(waits("keep_proof", berlin(24, 10)), acknowledged=berlin(24, 10) + timedelta(days=900))
    assert told(one, berlin(25, 10)) == ["keep_proof"]


def test_a_closed_case_says_nothing():
    one = case(waits("keep_proof", berlin(24, 10)), waits("relist", berlin(24, 10)))
    closed = one.closed(at=berlin(24, 9), ending=Ending.BY_SELLER)
    assert told(closed, berlin(28, 10)) == []


def test_answers_and_what_is_optional_are_never_due():
    answer = replace(waits("handed_in", OPENED), moves_to=CaseKind.IN_TRANSIT)
    assert told(case(answer, waits("relist", OPENED), waits("name_reason", OPENED)), berlin(28, 10)) == []


def test_a_done_or_dropped_step_is_not_told():
    done = replace(waits("keep_proof", OPENED), done_at=OPENED, done_by="dropped")
    assert told(case(done), berlin(28, 10)) == []


def test_several_are_told_at_once_in_the_order_of_the_case():
    one = case(waits("keep_proof", berlin(24, 12)), waits("tell_support", berlin(24, 9)))
    assert told(one, berlin(26, 10)) == ["keep_proof", "tell_support"]


@pytest.mark.parametrize(
    ("due", "from_"),
    [
        (berlin(24, 4), berlin(23, 20)),  # DHL: four in the morning
        (berlin(24, 22), berlin(24, 18)),  # Hermes: ten in the evening
        (berlin(25, 1), berlin(24, 20)),
        (berlin(24, 15), berlin(24, 11)),
    ],
)
def test_an_urgent_step_is_told_hours_before_its_time_and_while_somebody_is_up(due, from_):
    one = case(waits("ask_carrier", due, urgent=True))
    assert told(one, from_ - timedelta(seconds=1)) == []
    assert told(one, from_) == ["ask_carrier"]


def test_an_urgent_step_that_comes_after_the_acknowledgement_is_told_at_once_also_at_night():
    """The carrier's scan says that the parcel was loaded: there is an hour left."""
    at = berlin(25, 5, 40)
    one = case(waits("ask_buyer_at_door", at + timedelta(hours=1), urgent=True))
    assert told(one, at) == ["ask_buyer_at_door"]


def test_an_urgent_step_that_was_due_before_the_acknowledgement_was_said_by_the_reminders():
    one = case(waits("do_not_hand_in", OPENED, urgent=True), acknowledged=OPENED + timedelta(minutes=5))
    assert told(one, berlin(25, 10)) == []


def test_an_urgent_step_whose_time_has_passed_waits_for_the_day():
    one = case(waits("ask_carrier", berlin(24, 4), urgent=True))
    assert told(one, berlin(24, 5)) == []
    assert told(one, berlin(24, 8)) == ["ask_carrier"]


@pytest.mark.parametrize("step", ["refund_seen", "outcome_seen"])
def test_that_a_check_saw_nothing_is_told_once_a_check_has_looked(step):
    one = case(waits(step, berlin(24, 9)))
    assert told(one, berlin(24, 9), of=sale(seen=berlin(24, 8, 50))) == []
    assert told(one, berlin(24, 9, 20), of=sale(seen=berlin(24, 9, 15))) == [step]


def test_that_nobody_could_look_for_a_day_is_told_all_the_same():
    one = case(waits("refund_seen", berlin(24, 9)))
    unseen = sale(seen=berlin(23, 9))
    assert told(one, berlin(25, 8, 59), of=unseen) == []
    assert told(one, berlin(25, 9), of=unseen) == ["refund_seen"]


def test_the_alert_has_a_key_of_its_own_and_names_every_step():
    one = case(waits("keep_proof", berlin(24, 10)), waits("ask_carrier", berlin(24, 4), urgent=True))
    alert = step_due(one, one.steps, at=berlin(24, 10))
    assert alert.kind is AlertKind.STEP_DUE
    assert alert.details == (("step", "keep_proof"), ("step", "ask_carrier"))
    assert alert.critical
    assert alert.key == "cabc/due/keep_proof/2026-11-24T09:00:00+00:00"
    assert not step_due(one, one.steps[:1], at=berlin(24, 10)).critical


def play(one: Case, moments: list[datetime], *, seen: bool = True) -> list[tuple[datetime, tuple[str, ...]]]:
    """Look at a case at each of these moments, as a program would that remembers only what it told."""
    marks: set[str] = set()
    said = []
    for at in moments:
        steps = due_steps(one, sale(seen=at if seen else OPENED), told=marks, now=at)
        if steps:
            assert marks.isdisjoint(map(due_mark, steps))
            marks.update(map(due_mark, steps))
            said.append((at, tuple(step.id for step in steps)))
    return said


@pytest.mark.parametrize("kind", list(CaseKind))
@pytest.mark.parametrize("carrier", ["dhl", "hermes", "other"])
def test_a_month_of_doing_nothing_is_a_handful_of_letters(kind, carrier):
    one = planned(kind, carrier=carrier)
    said = play(one, [OPENED + timedelta(hours=turn) for turn in range(24 * 31)])
    steps = [step for _, ids in said for step in ids]
    assert len(steps) == len(set(steps))
    tasks = {step.id for step in one.steps if step.is_task and not (step.urgent and step.due_at == OPENED)}
    assert set(steps) == tasks
    assert len(said) <= 7


def test_after_a_long_sleep_one_letter_comes():
    one = planned(CaseKind.IN_TRANSIT)
    woken = berlin(23, 10) + timedelta(days=60)
    assert len(play(one, [woken + timedelta(minutes=10 * turn) for turn in range(300)])) == 1


_step_ids = st.sampled_from(sorted(RULES))
_year = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC))


@pytest.mark.slow
@steady
@given(
    steps=st.lists(st.tuples(_step_ids, _year, st.booleans()), max_size=6, unique_by=lambda step: step[0]),
    acknowledged=_year,
    moments=st.lists(_year, min_size=1, max_size=15),
    seen=st.booleans(),
)
def test_in_any_year_each_time_is_told_once_and_nothing_that_can_wait_at_night(
    steps, acknowledged, moments, seen
):
    """The moments come in any order: machines sleep, restart, and set their clocks back."""
    one = case(*(waits(step, due, urgent=urgent) for step, due, urgent in steps), acknowledged=acknowledged)
    known = {step.id: step for step in one.steps}
    for at, ids in play(one, moments, seen=seen):
        for step in map(known.get, ids):
            assert step.is_task
            assert step.urgent or (step.due_at <= at and is_by_day(at))
            assert step.due_at > at or is_by_day(at)


@pytest.mark.slow
@steady
@given(due=_year, acknowledged=_year)
def test_in_any_year_what_is_due_is_told_on_the_next_day_at_the_latest(due, acknowledged):
    one = case(waits("keep_proof", due), acknowledged=acknowledged)
    from_ = max(due, acknowledged) + timedelta(minutes=1)
    said = play(one, [from_ + timedelta(minutes=20 * turn) for turn in range(3 * 24)])
    assert len(said) == 1
    assert said[0][0] <= from_ + timedelta(hours=12)
