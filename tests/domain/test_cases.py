"""Cases, their steps, and when to say it again."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.samples import NOW, case, order, steady
from watcher.domain.case import CaseKind, case_id, kind_of
from watcher.domain.playbook import STEPS_SEEN_WITH_REFUND, Window, plan, replan
from watcher.domain.reminder import next_reminder
from watcher.domain.stage import Stage

every_kind = pytest.mark.parametrize("kind", list(CaseKind))
case_kinds = st.sampled_from(list(CaseKind))
windows = st.none() | st.timedeltas(timedelta(days=-3), timedelta(days=3)).map(
    lambda after: Window(closes_at=NOW + after)
)


@steady
@given(case_kinds, windows, st.booleans())
def test_no_step_is_due_before_its_case_began(kind, window, pickup):
    steps = plan(kind, at=NOW, window=window, pickup=pickup)
    assert all(step.due_at is None or step.due_at >= NOW for step in steps)


@steady
@given(case_kinds, windows, st.booleans())
def test_every_plan_begins_with_its_urgent_steps_and_names_no_step_twice(kind, window, pickup):
    steps = plan(kind, at=NOW, window=window, pickup=pickup)
    urgent = [step.urgent for step in steps]
    assert urgent == sorted(urgent, reverse=True)
    assert len({step.id for step in steps}) == len(steps)


@every_kind
def test_every_task_has_a_time_and_every_answer_a_meaning(kind):
    assert all((step.due_at is None) == (step.moves_to is not None) for step in plan(kind, at=NOW))


def test_in_transit_the_carrier_is_asked_before_the_window_closes():
    closes = NOW + timedelta(minutes=20)
    steps = {step.id: step for step in plan(CaseKind.IN_TRANSIT, at=NOW, window=Window(closes_at=closes))}
    assert steps["ask_carrier"].due_at == closes
    assert steps["ask_buyer_to_refuse"].due_at == closes
    assert steps["ask_carrier"].urgent
    assert steps["ask_buyer_to_refuse"].urgent


def test_before_shipment_the_first_thing_is_not_to_hand_the_parcel_in():
    first = plan(CaseKind.BEFORE_SHIPMENT, at=NOW)[0]
    assert (first.id, first.due_at, first.urgent) == ("do_not_hand_in", NOW, True)


def test_after_delivery_no_step_asks_for_money_before_the_goods_are_back():
    ids = [step.id for step in plan(CaseKind.AFTER_DELIVERY, at=NOW)]
    assert ids.index("goods_back") < ids.index("outcome_seen")


@pytest.mark.parametrize("unknown", [(), ("NEWS",)])
@pytest.mark.parametrize(
    ("reached", "kind"),
    [
        (Stage.SHIPPED, CaseKind.IN_TRANSIT),
        (Stage.DELIVERED, CaseKind.AFTER_DELIVERY),
        (Stage.RECEIVED, CaseKind.AFTER_DELIVERY),
        (Stage.PAID_OUT, CaseKind.AFTER_DELIVERY),
        (None, CaseKind.UNCLEAR),
    ],
)
def test_goods_that_left_are_judged_by_how_far_they_came(reached, kind, unknown):
    assert kind_of(order(Stage.CANCELLED, reached=reached, unknown_events=unknown)) is kind


@pytest.mark.parametrize("reached", [Stage.AWAITING_PAYMENT, Stage.PAID])
def test_an_unknown_event_in_between_may_have_been_the_hand_in(reached):
    assert kind_of(order(Stage.CANCELLED, reached=reached)) is CaseKind.BEFORE_SHIPMENT
    in_between = order(Stage.CANCELLED, reached=reached, unknown_events=("NEWS",))
    assert kind_of(in_between) is CaseKind.UNCLEAR


@pytest.mark.parametrize("reached", [Stage.PAID, Stage.SHIPPED, Stage.DELIVERED])
def test_a_dispute_is_a_dispute_wherever_the_goods_are(reached):
    assert kind_of(order(Stage.DISPUTED, reached=reached)) is CaseKind.DISPUTED


# --- working through a case


@every_kind
def test_a_case_has_a_next_step_until_it_is_closed(kind):
    found = case(kind)
    tasks = [step.id for step in found.steps if step.moves_to is None]
    for task in tasks:
        assert found.is_open
        assert found.next_step is not None
        assert found.next_step.id == task
        found = found.with_step_done(task, at=NOW, by="seller")
    assert found.is_open is (kind is CaseKind.UNCLEAR)
    assert (found.next_step is not None) is found.is_open


def test_a_case_whose_goods_nobody_knows_never_closes_by_its_steps_alone():
    found = case(CaseKind.UNCLEAR)
    for step in found.steps:
        found = found.with_step_done(step.id, at=NOW, by="seller")
    assert found.is_open


def test_an_answer_is_no_task_and_need_not_be_given():
    found = case(CaseKind.BEFORE_SHIPMENT)
    for step in found.steps:
        if step.moves_to is None:
            found = found.with_step_done(step.id, at=NOW, by="seller")
    assert found.closed_at == NOW
    assert next(step for step in found.steps if step.id == "handed_in").done_at is None


def test_an_earlier_mark_stays():
    found = case(CaseKind.IN_TRANSIT).with_step_done("ask_carrier", at=NOW, by="seller")
    again = found.with_step_done("ask_carrier", at=NOW + timedelta(days=1), by="seen")
    assert again == found


def test_a_closed_case_keeps_the_time_of_its_end():
    found = replace(case(CaseKind.IN_TRANSIT), closed_at=NOW)
    assert found.with_step_done("keep_proof", at=NOW + timedelta(days=1), by="seller").closed_at == NOW


@every_kind
def test_an_unknown_step_is_refused(kind):
    with pytest.raises(KeyError):
        case(kind).with_step_done("paint_it_green", at=NOW, by="seller")


@pytest.mark.parametrize("kind", [kind for kind in CaseKind if kind is not CaseKind.UNCLEAR])
def test_a_refund_ticks_a_step_of_every_plan_that_waits_for_money(kind):
    assert {step.id for step in plan(kind, at=NOW)} & set(STEPS_SEEN_WITH_REFUND)


def test_the_answer_handed_in_turns_the_case_into_one_in_transit():
    later = NOW + timedelta(hours=2)
    found = case(CaseKind.BEFORE_SHIPMENT).with_step_done("handed_in", at=later, by="seller")
    moved = replan(found, CaseKind.IN_TRANSIT, at=later, window=Window(closes_at=later + timedelta(hours=1)))
    assert moved.kind is CaseKind.IN_TRANSIT
    assert moved.next_step is not None
    assert moved.next_step.id == "ask_buyer_to_refuse"
    marks = {step.id: step.done_by for step in moved.steps}
    assert (marks["handed_in"], marks["do_not_hand_in"]) == ("seller", "dropped")


@steady
@given(st.data(), st.lists(case_kinds, min_size=1, max_size=5))
def test_moving_a_case_keeps_what_was_done_and_leaves_a_way_on_or_an_end(data, kinds):
    found, at = case(data.draw(case_kinds)), NOW
    for kind in kinds:
        at += timedelta(hours=1)
        for step in found.steps:
            if step.moves_to is None and data.draw(st.booleans()):
                found = found.with_step_done(step.id, at=at, by="seller")
        done = {step for step in found.steps if step.done_by == "seller"}
        found = replan(found, kind, at=at)
        assert found.kind is kind
        assert done <= set(found.steps)
        assert len({step.id for step in found.steps}) == len(found.steps)
        assert (found.next_step is not None) if found.is_open else (found.closed_at == at)


def test_moving_a_case_of_which_nothing_is_left_to_do_closes_it():
    found = case(CaseKind.IN_TRANSIT)
    for step in plan(CaseKind.AFTER_DELIVERY, at=NOW):
        found = replan(found, CaseKind.AFTER_DELIVERY, at=NOW).with_step_done(step.id, at=NOW, by="seller")
    assert replan(found, CaseKind.AFTER_DELIVERY, at=NOW).closed_at == NOW


def test_case_ids_follow_the_order_and_count_from_the_second_on():
    assert [case_id("oabc", ordinal) for ordinal in range(3)] == ["cabc", "cabc-2", "cabc-3"]


# --- reminders


EVERY = timedelta(minutes=30)


def test_the_next_reminder_comes_one_interval_after_the_last_one():
    found = next_reminder(case(CaseKind.IN_TRANSIT), last_round=3, last_at=NOW, every=EVERY)
    assert found is not None
    assert (found.round, found.due_at) == (4, NOW + EVERY)


@pytest.mark.parametrize("mark", ["acknowledged_at", "closed_at"])
def test_an_acknowledged_or_closed_case_reminds_nobody(mark):
    found = replace(case(CaseKind.IN_TRANSIT), **{mark: NOW})
    assert next_reminder(found, last_round=0, last_at=NOW, every=EVERY) is None


def test_after_a_long_sleep_one_reminder_comes_not_twenty():
    """The loop that sends: queue what is due, remember the moment, look again."""
    found, last_round, last_at = case(CaseKind.IN_TRANSIT), 0, NOW
    awake, sent = NOW + timedelta(days=3), 0
    while (reminder := next_reminder(found, last_round=last_round, last_at=last_at, every=EVERY)) is not None:
        if reminder.due_at > awake:
            break
        sent, last_round, last_at = sent + 1, reminder.round, awake
    assert sent == 1
