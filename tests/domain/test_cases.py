"""Cases and their steps."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.samples import NOW, case, order, steady
from tests.support.every import every
from watcher.domain.budget import BERLIN
from watcher.domain.case import Case, Ending, case_id, kind_of
from watcher.domain.confidence import Confidence
from watcher.domain.parcel import Milestone, Parcel
from watcher.domain.playbook import ASKS, STEPS_SEEN_WITH_REFUND, follow, mark, plan, replan
from watcher.domain.reason import CancelReason
from watcher.domain.situation import Circumstances, Situation, Window, situation_of
from watcher.domain.stage import Stage
from watcher.domain.step import RULES, Because, CaseKind, Standing, Step

every_kind = pytest.mark.parametrize("kind", list(CaseKind))
case_kinds = st.sampled_from(list(CaseKind))
WINDOW = Window(closes_at=NOW + timedelta(hours=6))
windows = st.none() | st.timedeltas(timedelta(days=-3), timedelta(days=3)).map(
    lambda after: Window(closes_at=NOW + after)
)


def situations() -> st.SearchStrategy[Situation]:
    parcels = st.builds(
        Parcel,
        milestone=st.sampled_from(list(Milestone)),
        confidence=st.sampled_from(list(Confidence)),
        at=st.just(NOW),
        at_shop=st.booleans(),
        contradicts=st.booleans(),
    )
    return st.builds(
        Situation,
        kind=case_kinds,
        at=st.just(NOW),
        parcel=parcels,
        window=windows,
        pickup=st.booleans(),
        was_paid=st.booleans(),
        reason=st.none() | st.sampled_from(list(CancelReason)),
        done=st.dictionaries(
            st.sampled_from(sorted(RULES)),
            st.timedeltas(timedelta(days=-9), timedelta(0)).map(lambda ago: NOW + ago),
        ),
        support_asked_at=st.none() | st.just(NOW - timedelta(days=5)),
    )


@steady
@given(situations())
def test_no_step_is_due_in_the_past_when_it_is_planned(now):
    assert all(step.due_at is None or step.due_at >= NOW for step in plan(now))


@steady
@given(situations())
def test_every_plan_begins_with_its_urgent_steps_and_names_no_step_twice(now):
    steps = plan(now)
    urgent = [step.urgent for step in steps]
    assert urgent == sorted(urgent, reverse=True)
    assert len({step.id for step in steps}) == len(steps)


@steady
@given(situations())
def test_every_task_has_a_time_every_answer_a_meaning_and_every_step_a_rule(now):
    assert all((step.due_at is None) == (step.moves_to is not None) for step in plan(now))
    assert {step.id for step in plan(now)} <= RULES.keys()


@steady
@given(situations())
def test_what_can_wait_is_not_due_at_night(now):
    for step in plan(now):
        if (
            step.due_at is not None
            and not step.urgent
            and step.id not in {"request_shows", "agree_or_escalate"}
        ):
            assert 8 <= step.due_at.astimezone(BERLIN).hour < 21 or step.due_at == NOW


def test_in_transit_the_carrier_is_asked_before_the_window_closes():
    closes = NOW + timedelta(minutes=20)
    steps = ids_of(in_transit(window=Window(closes_at=closes)))
    assert steps["ask_carrier"].due_at == closes
    assert steps["ask_buyer_to_refuse"].due_at == closes
    assert steps["ask_carrier"].urgent
    assert steps["ask_buyer_to_refuse"].urgent


def test_before_shipment_the_first_thing_is_not_to_hand_the_parcel_in():
    first = plan(Situation(kind=CaseKind.BEFORE_SHIPMENT, at=NOW))[0]
    assert (first.id, first.due_at, first.urgent) == ("do_not_hand_in", NOW, True)


def test_after_delivery_no_step_asks_for_money_before_the_goods_are_back():
    ids = [step.id for step in plan(Situation(kind=CaseKind.AFTER_DELIVERY, at=NOW))]
    assert ids.index("goods_back") < ids.index("outcome_seen")


@every(
    ("milestone", "asks"),
    [
        (Milestone.UNKNOWN, {"ask_buyer_to_refuse", "ask_carrier"}),
        (Milestone.HANDED_IN, {"ask_buyer_to_refuse", "ask_carrier"}),
        (Milestone.AT_DEPOT, {"ask_buyer_to_refuse", "ask_carrier"}),
        (Milestone.EXCEPTION, {"ask_buyer_no_second_try"}),
        (Milestone.OUT_FOR_DELIVERY, {"ask_buyer_at_door"}),
        (Milestone.HELD_AT_PICKUP, {"ask_buyer_not_to_collect"}),
        (Milestone.RETURNING, set()),
        (Milestone.RETURNED, set()),
    ],
)
def test_what_can_still_be_asked_follows_from_where_the_parcel_is(milestone, asks):
    planned = ids_of(in_transit(parcel=Parcel(milestone=milestone, at=NOW), window=WINDOW))
    assert planned.keys() & ASKS == asks


def test_a_parcel_that_still_lies_in_the_shop_is_fetched_first():
    at_shop = Parcel(milestone=Milestone.HANDED_IN, at=NOW, at_shop=True)
    assert plan(in_transit(parcel=at_shop, window=WINDOW))[0].id == "fetch_from_shop"


def test_a_suspicion_of_fraud_brings_its_own_steps():
    suspected = Situation(kind=CaseKind.AFTER_DELIVERY, at=NOW, reason=CancelReason.SEEMS_FRAUDULENT)
    assert {"stop_talking", "report_fraud", "report_to_police"} <= ids_of(suspected).keys()
    assert not {"stop_talking", "report_fraud"} & ids_of(replace(suspected, reason=CancelReason.OTHER)).keys()


def test_support_is_asked_again_once_its_days_are_over_and_not_before():
    asked = in_transit(support_asked_at=NOW, support_again_after=timedelta(days=3))
    assert ids_of(asked)["follow_up_support"].due_at == NOW + timedelta(days=3)
    assert "follow_up_support" not in ids_of(in_transit())


def test_who_never_paid_gets_no_refund():
    assert "refund_seen" not in ids_of(Situation(kind=CaseKind.BEFORE_SHIPMENT, at=NOW, was_paid=False))


@every("unknown", [(), ("NEWS",)])
@every(
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


def ids_of(now: Situation) -> dict[str, Step]:
    return {step.id: step for step in plan(now)}


def in_transit(**facts: object) -> Situation:
    return Situation(**{"kind": CaseKind.IN_TRANSIT, "at": NOW, **facts})


def marked(found: Case, step_id: str) -> Case:
    """The case after the seller has marked a step, with nothing else known."""
    done = found.with_step_done(step_id, at=NOW, by="seller")
    return replan(
        done, situation_of(done, order(Stage.CANCELLED, reached=Stage.PAID), Circumstances(), at=NOW)
    )


@every_kind
def test_a_case_has_a_next_step_until_it_is_closed(kind):
    found = case(kind)
    for _ in range(20):
        task = found.next_step
        if not found.is_open or task is None or not task.is_task:
            break
        found = marked(found, task.id)
    assert found.is_open is (kind is CaseKind.UNCLEAR)
    assert (found.next_step is not None) is found.is_open


def test_a_case_whose_goods_nobody_knows_never_closes_by_its_steps_alone():
    found = case(CaseKind.UNCLEAR)
    for step in found.steps:
        found = found.with_step_done(step.id, at=NOW, by="seller")
    assert replan(found, Situation(kind=CaseKind.UNCLEAR, at=NOW)).is_open


def test_what_is_optional_and_an_answer_need_not_be_done_for_a_case_to_end():
    found = case(CaseKind.BEFORE_SHIPMENT)
    for step in found.steps:
        if step.is_task:
            found = marked(found, step.id)
    assert (found.closed_at, found.ending) == (NOW, Ending.BY_STEPS)
    assert {step.id for step in found.steps if step.is_open} == {"handed_in", "name_reason", "relist"}


def test_of_a_closed_case_only_what_is_optional_is_left_and_can_still_be_done():
    found = case(CaseKind.BEFORE_SHIPMENT).with_step_done("name_reason", at=NOW, by="seller")
    before = {step.id: found.standing(step) for step in found.steps}
    assert before.pop("name_reason") is Standing.DONE
    assert [step for step, standing in before.items() if standing is Standing.NEXT] == [found.next_step.id]
    assert set(before.values()) == {Standing.NEXT, Standing.OPEN}
    closed = found.closed(at=NOW, ending=Ending.BY_SELLER)
    after = {
        standing: {step.id for step in closed.steps if closed.standing(step) is standing}
        for standing in Standing
    }
    assert after[Standing.LEFT] == {step.id for step in found.steps if step.rule.optional} - {"name_reason"}
    assert after[Standing.MOOT] == {step.id for step in found.steps if step.moves_to is not None}
    assert after[Standing.DROPPED] == {
        step.id for step in found.steps if step.is_task and step.id != "name_reason"
    }
    assert not after[Standing.NEXT] | after[Standing.OPEN]


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
    assert ids_of(Situation(kind=kind, at=NOW)).keys() & set(STEPS_SEEN_WITH_REFUND)


def test_the_answer_handed_in_turns_the_case_into_one_in_transit():
    later = NOW + timedelta(hours=2)
    found = case(CaseKind.BEFORE_SHIPMENT).with_step_done("handed_in", at=later, by="seller")
    moved = replan(
        found,
        in_transit(at=later, window=Window(closes_at=later + timedelta(hours=1))),
        because=Because.ANSWERED,
    )
    assert moved.kind is CaseKind.IN_TRANSIT
    assert moved.next_step is not None
    assert moved.next_step.id == "ask_buyer_to_refuse"
    assert moved.was_done("handed_in")
    dropped = moved.step("do_not_hand_in")
    assert (dropped.done_by, dropped.because) == ("dropped", Because.ANSWERED)


@pytest.mark.slow
@steady
@given(st.data(), st.lists(situations(), min_size=1, max_size=5))
def test_moving_a_case_keeps_what_was_done_and_leaves_a_way_on_or_an_end(data, facts):
    found, at = case(data.draw(case_kinds)), NOW
    for now in facts:
        at += timedelta(hours=1)
        for step in found.steps:
            if step.is_task and data.draw(st.booleans()):
                found = found.with_step_done(step.id, at=at, by="seller")
        done = {step for step in found.steps if step.done_by == "seller"}
        was_open = found.is_open
        found = replan(found, replace(now, at=at))
        assert found.kind is now.kind or not was_open
        assert done <= set(found.steps)
        assert len({step.id for step in found.steps}) == len(found.steps)
        assert (found.next_step is not None) if found.is_open else found.closed_at is not None


@steady
@given(case_kinds, st.lists(situations(), min_size=1, max_size=3))
def test_the_same_facts_a_second_time_change_nothing(kind, facts):
    found = case(kind)
    for now in facts:
        found = replan(found, now)
    assert replan(found, facts[-1]) == found


def test_a_parcel_that_was_delivered_meanwhile_closes_the_asking_and_opens_what_follows():
    found = case(CaseKind.IN_TRANSIT).with_step_done("ask_buyer_to_refuse", at=NOW, by="seller")
    delivered = Circumstances(parcel=Parcel(milestone=Milestone.DELIVERED, at=NOW))
    moved = follow(found, order(Stage.CANCELLED, reached=Stage.SHIPPED), delivered, at=NOW)
    assert moved.kind is CaseKind.AFTER_DELIVERY
    assert moved.was_done("ask_buyer_to_refuse")
    assert moved.step("ask_carrier").because is Because.DELIVERED
    assert {"goods_back", "agree", "insist"} <= {step.id for step in moved.steps if step.is_open}


def test_nothing_is_concluded_from_words_about_the_parcel_that_contradict_each_other():
    found = case(CaseKind.IN_TRANSIT)
    muddle = Circumstances(parcel=Parcel(milestone=Milestone.DELIVERED, at=NOW, confidence=Confidence.UNSURE))
    assert (
        follow(found, order(Stage.CANCELLED, reached=Stage.SHIPPED), muddle, at=NOW).kind
        is CaseKind.IN_TRANSIT
    )


def test_the_carriers_time_moves_with_the_carrier_and_others_stay():
    found = replan(case(CaseKind.IN_TRANSIT), in_transit(window=WINDOW))
    later = Window(closes_at=WINDOW.closes_at + timedelta(days=1))
    moved = replan(found, in_transit(at=NOW + timedelta(hours=2), window=later))
    assert moved.step("ask_carrier").due_at == later.closes_at
    assert moved.step("tell_support").due_at == found.step("tell_support").due_at


def test_who_asked_waits_until_it_must_show_and_is_then_sent_to_look():
    asked = in_transit(window=WINDOW, done={"ask_carrier": NOW})
    waiting = ids_of(asked)
    assert waiting["request_shows"].due_at == WINDOW.closes_at + timedelta(hours=16)
    assert "look_at_tracking" not in waiting
    assert "look_at_tracking" in ids_of(replace(asked, at=NOW + timedelta(days=2), window=None))
    on_its_way_back = replan(
        replan(case(CaseKind.IN_TRANSIT).with_step_done("ask_carrier", at=NOW, by="seller"), asked),
        replace(asked, parcel=Parcel(milestone=Milestone.RETURNING, at=NOW)),
    )
    assert on_its_way_back.step("ask_buyer_to_refuse").because is Because.ON_ITS_WAY_BACK


# --- a delivery that never was


SHIPPED = order(Stage.CANCELLED, reached=Stage.SHIPPED)
DELIVERED = Circumstances(parcel=Parcel(milestone=Milestone.DELIVERED, at=NOW))
MUDDLE = Circumstances(
    parcel=Parcel(milestone=Milestone.IN_TRANSIT, at=NOW, confidence=Confidence.UNSURE, contradicts=True)
)


def test_a_delivery_that_is_contradicted_is_taken_back_and_the_seller_is_asked_where_the_goods_are():
    handed_in = mark(case(CaseKind.BEFORE_SHIPMENT), "handed_in", SHIPPED, Circumstances(), at=NOW)
    delivered = follow(handed_in, SHIPPED, DELIVERED, at=NOW)
    assert delivered.kind is CaseKind.AFTER_DELIVERY
    asked = follow(delivered, SHIPPED, MUDDLE, at=NOW)
    assert asked.kind is CaseKind.UNCLEAR
    answers = {step.id for step in asked.steps if step.is_open and step.moves_to is not None}
    assert answers == {"still_at_home", "under_way", "with_buyer"}
    under_way = mark(asked, "under_way", SHIPPED, MUDDLE, at=NOW)
    assert under_way.kind is CaseKind.IN_TRANSIT
    assert {"ask_buyer_to_refuse", "ask_carrier", "with_buyer"} <= {
        step.id for step in under_way.steps if step.is_open
    }
    arrived = mark(under_way, "with_buyer", SHIPPED, MUDDLE, at=NOW)
    assert arrived.kind is follow(arrived, SHIPPED, MUDDLE, at=NOW).kind is CaseKind.AFTER_DELIVERY


def test_what_the_seller_has_said_of_the_goods_no_contradiction_takes_back():
    found = mark(case(CaseKind.UNCLEAR), "with_buyer", SHIPPED, DELIVERED, at=NOW)
    assert follow(found, SHIPPED, MUDDLE, at=NOW).kind is CaseKind.AFTER_DELIVERY


# --- under way


def test_support_is_asked_about_the_refund_of_sent_goods_only_once_they_are_back():
    overdue = in_transit(overdue=frozenset({"refund_seen"}))
    assert "ask_about_refund" not in ids_of(overdue)
    returning = replace(overdue, parcel=Parcel(milestone=Milestone.RETURNING, at=NOW))
    assert "ask_about_refund" not in ids_of(returning)
    assert "ask_about_refund" in ids_of(replace(overdue, done={"parcel_back": NOW}))
    returned = Parcel(milestone=Milestone.RETURNED, at=NOW)
    assert "ask_about_refund" in ids_of(replace(overdue, parcel=returned))


@pytest.mark.parametrize("step", ["refund_seen", "relist"])
def test_what_waits_for_the_goods_gets_a_new_time_when_they_turn_out_to_be_elsewhere(step):
    before = case(CaseKind.BEFORE_SHIPMENT)
    later = NOW + timedelta(hours=2)
    window = Circumstances(window=WINDOW)
    away = mark(before, "handed_in", SHIPPED, window, at=later)
    assert away.step(step).due_at == ids_of(in_transit(at=later))[step].due_at > before.step(step).due_at
    still = follow(away, SHIPPED, window, at=later + timedelta(days=1))
    assert still.step(step).due_at == away.step(step).due_at
    home = mark(away, "still_at_home", SHIPPED, window, at=later)
    assert home.step(step).due_at < away.step(step).due_at


def test_a_case_that_the_page_has_moved_on_waits_for_the_refund_as_long_as_goods_under_way_do():
    moved_by_page = replace(case(CaseKind.BEFORE_SHIPMENT), kind=CaseKind.IN_TRANSIT)
    moved = replan(moved_by_page, in_transit(window=WINDOW))
    assert moved.step("refund_seen").due_at == ids_of(in_transit())["refund_seen"].due_at


def test_who_insists_under_way_asks_nobody_to_refuse_but_tells_support_and_keeps_the_proof():
    around = Circumstances(window=WINDOW)
    found = follow(case(CaseKind.IN_TRANSIT), SHIPPED, around, at=NOW)
    insisted = mark(found, "insist", SHIPPED, around, at=NOW)
    assert insisted.kind is CaseKind.IN_TRANSIT
    waiting = {step.id for step in insisted.steps if step.is_open}
    assert not waiting & (ASKS | {"agree", "parcel_back", "request_shows"})
    assert waiting >= {"tell_support", "keep_proof", "outcome_seen"}
    assert insisted.step("ask_carrier").because is Because.ANSWERED
    delivered = follow(insisted, SHIPPED, DELIVERED, at=NOW)
    assert delivered.kind is CaseKind.AFTER_DELIVERY
    assert delivered.step("goods_back") is None
    returning = Circumstances(parcel=Parcel(milestone=Milestone.RETURNING, at=NOW))
    assert follow(insisted, SHIPPED, returning, at=NOW).step("parcel_back").is_open


def test_who_agrees_under_way_goes_on_asking_and_is_not_asked_to_insist_any_more():
    agreed = mark(case(CaseKind.IN_TRANSIT), "agree", SHIPPED, Circumstances(window=WINDOW), at=NOW)
    waiting = {step.id for step in agreed.steps if step.is_open}
    assert waiting >= {"ask_buyer_to_refuse", "ask_carrier", "parcel_back"}
    assert "insist" not in waiting


@pytest.mark.parametrize("milestone", [Milestone.RETURNING, Milestone.RETURNED])
def test_once_the_parcel_is_on_its_way_back_nobody_need_agree_or_insist(milestone):
    planned = ids_of(in_transit(parcel=Parcel(milestone=milestone, at=NOW)))
    assert not planned.keys() & {"agree", "insist"}


def test_after_a_delivery_that_failed_the_seller_looks_and_asks_for_no_second_attempt():
    failed = in_transit(parcel=Parcel(milestone=Milestone.EXCEPTION, at=NOW), window=WINDOW)
    assert plan(failed)[0].id == "ask_buyer_no_second_try"
    assert "look_at_exception" in ids_of(failed)
    asked_before = replace(failed, done={"ask_buyer_to_refuse": NOW - timedelta(days=3)})
    assert not ids_of(asked_before).keys() & {"ask_buyer_to_refuse", "ask_carrier"}


def test_once_the_buyer_has_the_money_back_nobody_insists_and_the_parcel_is_asked_for_again():
    around = Circumstances(window=WINDOW)
    insisted = mark(case(CaseKind.IN_TRANSIT), "insist", SHIPPED, around, at=NOW)
    refunded = follow(insisted, order(Stage.REFUNDED, reached=Stage.SHIPPED), around, at=NOW)
    assert refunded.is_open
    waiting = {step.id for step in refunded.steps if step.is_open}
    assert waiting >= {"ask_buyer_to_refuse", "ask_carrier", "parcel_back"}
    assert not waiting & {"agree", "insist"}


FRAUD = CancelReason.SEEMS_FRAUDULENT


@pytest.mark.parametrize("kind", [CaseKind.IN_TRANSIT, CaseKind.AFTER_DELIVERY, CaseKind.DISPUTED])
def test_a_suspicion_is_one_inquiry_and_not_two(kind):
    suspected = Situation(kind=kind, at=NOW, reason=FRAUD, done={"insist": NOW})
    assert "report_fraud" in ids_of(suspected)
    assert "tell_support" not in ids_of(suspected)
    assert "tell_support" in ids_of(replace(suspected, reason=None))


def test_the_report_of_a_suspicion_is_the_contact_that_is_followed_up():
    suspected = replan(replace(case(CaseKind.IN_TRANSIT), reason=FRAUD), in_transit(reason=FRAUD))
    reported = mark(suspected, "report_fraud", SHIPPED, Circumstances(), at=NOW)
    assert reported.step("follow_up_support").due_at >= NOW + timedelta(days=3)


def test_a_suspected_buyer_is_written_to_only_until_the_one_request_is_made():
    suspected = in_transit(reason=FRAUD, window=WINDOW)
    assert plan(suspected)[0].id == "stop_talking"
    asked = replace(suspected, done={"ask_buyer_to_refuse": NOW})
    returning = replace(suspected, parcel=Parcel(milestone=Milestone.RETURNING, at=NOW))
    for later in (asked, returning, replace(suspected, done={"insist": NOW})):
        assert "stop_talking" not in ids_of(later)
        assert plan(later)[0].id == "stay_silent"
    silent = replace(asked, done={**asked.done, "stop_talking": NOW})
    assert not ids_of(silent).keys() & {"stop_talking", "stay_silent"}


@pytest.mark.parametrize("kind", [CaseKind.BEFORE_SHIPMENT, CaseKind.IN_TRANSIT, CaseKind.AFTER_DELIVERY])
def test_the_reason_stands_before_what_takes_weeks(kind):
    planned = list(plan(Situation(kind=kind, at=NOW)))
    place = next(index for index, step in enumerate(planned) if step.id == "name_reason")
    behind = [step for step in planned[place + 1 :] if step.due_at is not None]
    assert behind
    assert all(step.due_at > planned[place].due_at for step in behind)


# --- how a case ends


@every(
    ("kind", "stage", "reached", "milestone", "knows", "ending"),
    [
        (
            CaseKind.BEFORE_SHIPMENT,
            Stage.REFUNDED,
            Stage.PAID,
            Milestone.UNKNOWN,
            True,
            Ending.REFUNDED_GOODS_KEPT,
        ),
        (CaseKind.BEFORE_SHIPMENT, Stage.REFUNDED, Stage.PAID, Milestone.UNKNOWN, False, None),
        (CaseKind.BEFORE_SHIPMENT, Stage.CANCELLED, Stage.PAID, Milestone.UNKNOWN, True, None),
        (CaseKind.IN_TRANSIT, Stage.REFUNDED, Stage.SHIPPED, Milestone.IN_TRANSIT, True, None),
        (CaseKind.IN_TRANSIT, Stage.REFUNDED, Stage.SHIPPED, Milestone.RETURNING, True, None),
        (
            CaseKind.IN_TRANSIT,
            Stage.REFUNDED,
            Stage.SHIPPED,
            Milestone.RETURNED,
            True,
            Ending.RETURNED_AND_REFUNDED,
        ),
        (CaseKind.AFTER_DELIVERY, Stage.REFUNDED, Stage.DELIVERED, Milestone.DELIVERED, True, None),
        (CaseKind.DISPUTED, Stage.PAID_OUT, Stage.PAID_OUT, Milestone.DELIVERED, True, Ending.PAID_OUT),
        (CaseKind.UNCLEAR, Stage.REFUNDED, None, Milestone.UNKNOWN, True, None),
    ],
)
def test_a_case_closes_by_itself_on_proof_alone(  # noqa: PLR0917 - one line of the table each
    kind, stage, reached, milestone, knows, ending
):
    found = replace(case(kind), acknowledged_at=NOW if knows else None)
    around = Circumstances(parcel=Parcel(milestone=milestone, at=NOW))
    after = follow(found, order(stage, reached=reached), around, at=NOW)
    assert (after.ending, after.is_open) == (ending, ending is None)


def test_a_refund_that_is_only_guessed_ends_nothing():
    found = replace(case(CaseKind.BEFORE_SHIPMENT), acknowledged_at=NOW)
    guessed = order(Stage.REFUNDED, reached=Stage.PAID, confidence=Confidence.UNSURE)
    assert follow(found, guessed, Circumstances(), at=NOW).is_open


def test_case_ids_follow_the_order_and_count_from_the_second_on():
    assert [case_id("oabc", ordinal) for ordinal in range(3)] == ["cabc", "cabc-2", "cabc-3"]
