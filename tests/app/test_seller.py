"""What the seller does: found by a few letters, remembered once, never lost."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.support.every import every
from tests.support.rooms import CASE_RULES, Rooms
from tests.support.values import CASE
from watcher.app.archive import NoteKind
from watcher.app.seller import (
    acknowledge,
    close_case,
    earlier_contacts,
    find,
    mark_done,
    name_reason,
    write_note,
)
from watcher.domain.case import Case, Ending
from watcher.domain.order import Order
from watcher.domain.parcel import Milestone
from watcher.domain.playbook import plan
from watcher.domain.reason import CancelReason
from watcher.domain.situation import Situation
from watcher.domain.step import CaseKind
from watcher.errors import UsageError
from watcher.texts import language

KNOWN = [replace(CASE, id=name) for name in ("cabc2345", "cabd2345", "cxyz2345", "cxyz2345-2")]


def done(rooms: Rooms, step: str) -> Case:
    return mark_done(rooms.store, rooms.store.cases()[0].id, step, rules=CASE_RULES, clock=rooms.clock)


def steps(case: Case) -> dict[str, str | None]:
    return {step.id: step.done_by for step in case.steps}


def make_unclear(rooms: Rooms) -> None:
    case = rooms.store.cases()[0]
    with rooms.store.writing() as writing:
        writing.save_case(
            replace(
                case, kind=CaseKind.UNCLEAR, steps=plan(Situation(kind=CaseKind.UNCLEAR, at=rooms.clock()))
            )
        )


@pytest.mark.parametrize("wanted", ["cabc2345", "cabc", "cab" + "c2"])
def test_an_id_or_its_first_letters_are_enough(wanted: str) -> None:
    assert find(wanted, KNOWN, what="case").id == "cabc2345"


def test_a_whole_id_is_found_although_a_longer_one_begins_with_it() -> None:
    assert find("cxyz2345", KNOWN, what="case").id == "cxyz2345"


def test_letters_that_fit_several_name_them_all() -> None:
    with pytest.raises(UsageError) as caught:
        find("cab", KNOWN, what="case")
    assert "cabc2345" in caught.value.message
    assert "cabd2345" in caught.value.message


@every("wanted", ["", "c", "ca", "nothing", "CABC2345", "%", "cab%"])
def test_what_names_nothing_is_refused(wanted: str) -> None:
    with pytest.raises(UsageError):
        find(wanted, KNOWN, what="case")


def test_an_unknown_order_is_told_with_the_way_to_the_known_ones() -> None:
    language.use("en")
    with pytest.raises(UsageError) as caught:
        find("o123", list[Order](), what="order")
    assert "stornowacht orders" in caught.value.advice


def test_an_acknowledgement_is_remembered_with_its_time(cancelled: Rooms) -> None:
    case = acknowledge(cancelled.store, cancelled.store.cases()[0].id, clock=cancelled.clock)
    assert case.acknowledged_at == cancelled.clock()
    assert cancelled.store.cases() == [case]


def test_the_second_acknowledgement_changes_nothing(cancelled: Rooms) -> None:
    case_id = cancelled.store.cases()[0].id
    first = acknowledge(cancelled.store, case_id, clock=cancelled.clock)
    cancelled.clock.forward(minutes=5)
    assert acknowledge(cancelled.store, case_id, clock=cancelled.clock) == first
    assert cancelled.ledger_kinds().count("acknowledged") == 1


def test_a_step_is_done_by_the_seller(cancelled: Rooms) -> None:
    assert steps(done(cancelled, "ask_carrier"))["ask_carrier"] == "seller"
    assert "step_done" in cancelled.ledger_kinds()[-2:]


def test_a_step_that_is_done_already_stays_as_it_was(cancelled: Rooms) -> None:
    first = done(cancelled, "ask_carrier")
    cancelled.clock.forward(minutes=5)
    assert done(cancelled, "ask_carrier") == first
    assert cancelled.ledger_kinds().count("step_done") == 1


def test_an_unknown_step_is_refused_with_those_that_there_are(cancelled: Rooms) -> None:
    with pytest.raises(UsageError) as caught:
        done(cancelled, "dance")
    assert "ask_carrier" in caught.value.advice
    assert "step_done" not in cancelled.ledger_kinds()


def test_the_last_step_closes_the_case_once(cancelled: Rooms) -> None:
    case = cancelled.store.cases()[0]
    while case.next_step is not None and case.is_open:
        last = case.next_step
        case = done(cancelled, last.id)
    assert case.closed_at == cancelled.clock()
    assert case.ending is Ending.BY_STEPS
    assert done(cancelled, last.id) == case
    assert cancelled.ledger_kinds().count("case_closed") == 1


def test_what_is_optional_can_still_be_marked_when_the_case_is_closed(cancelled: Rooms) -> None:
    closed = close_case(cancelled.store, cancelled.store.cases()[0].id, clock=cancelled.clock)
    assert (closed.ending, closed.is_open) == (Ending.BY_SELLER, False)
    assert steps(done(cancelled, "relist"))["relist"] == "seller"
    assert steps(done(cancelled, "keep_proof"))["keep_proof"] == "dropped"


def test_a_parcel_that_is_back_is_inspected_and_the_sellers_word_is_kept(cancelled: Rooms) -> None:
    case = done(cancelled, "parcel_back")
    assert "inspect_goods" in steps(case)
    assert [sighting.milestone for sighting in cancelled.store.sightings(case.order)][
        -1
    ] is Milestone.RETURNED
    assert steps(case)["ask_carrier"] == "dropped"


def test_the_word_that_the_goods_are_at_home_outlasts_the_next_check(cancelled: Rooms) -> None:
    case = done(cancelled, "still_at_home")
    assert case.kind is CaseKind.BEFORE_SHIPMENT
    cancelled.clock.forward(minutes=30)
    cancelled.check()
    assert cancelled.store.cases()[0].kind is CaseKind.BEFORE_SHIPMENT


def test_a_reason_is_kept_and_a_suspicion_brings_its_steps(cancelled: Rooms) -> None:
    case_id = cancelled.store.cases()[0].id
    case = name_reason(
        cancelled.store, case_id, CancelReason.SEEMS_FRAUDULENT, rules=CASE_RULES, clock=cancelled.clock
    )
    assert case.reason is CancelReason.SEEMS_FRAUDULENT
    assert {"stop_talking", "report_fraud", "report_to_police"} <= steps(case).keys()
    assert steps(case)["name_reason"] == "seen"
    assert cancelled.store.cases() == [case]


def test_a_contact_with_support_marks_its_step_and_plans_one_follow_up(cancelled: Rooms) -> None:
    order = cancelled.store.cases()[0].order
    write_note(
        cancelled.store, order, "Formular", rules=CASE_RULES, clock=cancelled.clock, kind=NoteKind.SUPPORT
    )
    case = cancelled.store.cases()[0]
    assert steps(case)["tell_support"] == "seller"
    assert steps(case)["follow_up_support"] is None
    assert earlier_contacts(
        cancelled.store, cancelled.store.orders()[0], within=timedelta(days=3), now=cancelled.clock()
    )


def test_a_second_contact_ticks_the_follow_up_only_once_it_is_due(cancelled: Rooms) -> None:
    order = cancelled.store.cases()[0].order

    def contact() -> str | None:
        write_note(
            cancelled.store, order, "Form", rules=CASE_RULES, clock=cancelled.clock, kind=NoteKind.SUPPORT
        )
        return steps(cancelled.store.cases()[0])["follow_up_support"]

    assert contact() is None
    assert contact() is None
    follow_up = cancelled.store.cases()[0].step("follow_up_support")
    assert follow_up is not None
    assert follow_up.due_at is not None
    cancelled.clock.now = follow_up.due_at
    assert contact() == "seller"


def test_a_closed_case_is_not_acknowledged_any_more(cancelled: Rooms) -> None:
    closed = close_case(cancelled.store, cancelled.store.cases()[0].id, clock=cancelled.clock)
    assert acknowledge(cancelled.store, closed.id, clock=cancelled.clock) == closed
    assert cancelled.store.acknowledgements(closed.id) == []


def test_the_answer_that_it_was_handed_in_brings_the_steps_of_a_parcel_on_its_way(cancelled: Rooms) -> None:
    make_unclear(cancelled)
    case = done(cancelled, "handed_in")
    assert case.kind is CaseKind.IN_TRANSIT
    found = steps(case)
    assert found["handed_in"] == "seller"
    assert found["do_not_hand_in"] == "dropped"
    assert found["ask_carrier"] is None
    assert next(
        step.due_at for step in case.steps if step.id == "ask_carrier"
    ) == cancelled.clock() + timedelta(hours=6)
    assert cancelled.store.cases() == [case]


def test_an_answer_that_new_facts_made_moot_changes_nothing_any_more(cancelled: Rooms) -> None:
    make_unclear(cancelled)
    case = done(cancelled, "handed_in")
    assert done(cancelled, "with_buyer") == case


def test_an_unclear_case_stays_open_until_an_answer_is_given(cancelled: Rooms) -> None:
    make_unclear(cancelled)
    assert done(cancelled, "do_not_hand_in").is_open


def test_a_note_is_kept_as_it_was_said(cancelled: Rooms) -> None:
    order = cancelled.store.cases()[0].order
    note = write_note(
        cancelled.store,
        order[:5],
        "  Bei DHL angerufen, 14:10 Uhr\n",
        rules=CASE_RULES,
        clock=cancelled.clock,
    )
    assert cancelled.store.notes(order) == [note]
    assert note.text == "Bei DHL angerufen, 14:10 Uhr"


def test_the_ledger_holds_a_salted_hash_of_a_note_and_not_its_text(cancelled: Rooms) -> None:
    order = cancelled.store.cases()[0].order
    for _ in range(2):
        write_note(cancelled.store, order, "Erika war nett", rules=CASE_RULES, clock=cancelled.clock)
    first, second = (line["facts"] for line in cancelled.ledger() if line["kind"] == "note_added")
    assert first != second  # the same text twice: the salts differ
    assert "Erika" not in "".join(line.text for line in cancelled.store.ledger())


@pytest.mark.parametrize("text", ["", "   ", "\n\t"])
def test_an_empty_note_is_refused(cancelled: Rooms, text: str) -> None:
    with pytest.raises(UsageError):
        write_note(
            cancelled.store, cancelled.store.cases()[0].order, text, rules=CASE_RULES, clock=cancelled.clock
        )


def test_a_note_with_broken_letters_is_kept_as_far_as_it_can_be(cancelled: Rooms) -> None:
    order = cancelled.store.cases()[0].order
    write_note(cancelled.store, order, "Stra\udce3e", rules=CASE_RULES, clock=cancelled.clock)
    assert cancelled.store.notes(order)[0].text == "Stra?e"


def test_a_note_on_an_unknown_order_is_refused(cancelled: Rooms) -> None:
    with pytest.raises(UsageError):
        write_note(cancelled.store, "o000000", "text", rules=CASE_RULES, clock=cancelled.clock)
