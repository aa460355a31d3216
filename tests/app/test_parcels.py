"""The seller's word about a parcel: said, kept, nothing guessed."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from fixtures.shop.histories import parcel_number
from tests.carriers import pages
from tests.support.clock import Clock
from tests.support.parcels import Depot, FakeSource
from tests.support.rooms import CASE_RULES
from watcher.app.parcels import Tracked, checked_number, hand_in, take_number, take_text
from watcher.carriers.paste import PasteProblem
from watcher.domain.confidence import Confidence
from watcher.domain.order import Order
from watcher.domain.parcel import Milestone, Origin
from watcher.errors import UsageError
from watcher.texts import language

OURS = pages.DHL_NUMBER
OTHER = pages.OTHER_DHL_NUMBER
LOADED = "Die Sendung wurde in das Zustellfahrzeug geladen."


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(language, "_in_force", ["en"])


@pytest.fixture
def depot(tmp_path: Path, clock: Clock) -> Iterator[Depot]:
    depot = Depot(tmp_path / "data", FakeSource(), clock)
    yield depot
    depot.store.close()


def paste(depot: Depot, order: Order, text: str) -> Tracked:
    return take_text(depot.store, order.id, text, rules=CASE_RULES, clock=depot.clock)


def number(depot: Depot, order: Order, text: str) -> Tracked:
    return take_number(depot.store, order.id, text, rules=CASE_RULES, clock=depot.clock)


def handed_in(depot: Depot, order: Order, text: str | None = None) -> Tracked:
    return hand_in(depot.store, order.id, number=text, rules=CASE_RULES, clock=depot.clock)


# --- text -----------------------------------------------------------------------------------------------------------


def test_a_pasted_page_becomes_the_course_of_the_parcel(depot: Depot) -> None:
    order = depot.order(tracking_number=None)
    told = paste(depot, order, pages.DHL)
    assert (told.new, told.problem, told.others) == (5, None, ())
    assert (told.parcel.milestone, told.parcel.number, told.parcel.carrier) == (
        Milestone.OUT_FOR_DELIVERY,
        OURS,
        "dhl",
    )
    assert told.parcel.handed_in_at is not None
    assert {sighting.origin for sighting in told.sightings} == {Origin.PASTE}
    assert [sighting.words for sighting in depot.store.sightings(order.id)][-1].startswith(LOADED)


def test_the_same_page_again_is_no_news(depot: Depot) -> None:
    order = depot.order(tracking_number=None)
    first = paste(depot, order, pages.DHL)
    depot.clock.forward(minutes=5)
    again = paste(depot, order, pages.DHL)
    assert (again.new, again.sightings, again.parcel) == (0, first.sightings, first.parcel)
    assert depot.ledger_kinds().count("parcel_seen") == 1


def test_a_number_that_comes_with_known_statuses_is_taken_over(depot: Depot) -> None:
    order = depot.order(tracking_number=None)
    status = f"DHL\n20.11.2026 08:15 {LOADED}"
    paste(depot, order, status)
    told = paste(depot, order, f"{OURS}\n{status}")
    assert (told.new, told.parcel.number) == (1, OURS)


def test_a_status_without_a_date_holds_from_now_on(depot: Depot) -> None:
    told = paste(depot, depot.order(), LOADED)
    assert (told.parcel.milestone, told.parcel.at) == (Milestone.OUT_FOR_DELIVERY, depot.clock())


def test_the_case_follows_what_was_pasted(depot: Depot) -> None:
    order = depot.order(tracking_number=OURS)
    depot.case(order)
    told = paste(depot, order, pages.DHL)
    assert told.case is not None
    steps = {step.id for step in told.case.steps if step.is_open}
    assert "ask_buyer_at_door" in steps
    assert "ask_carrier" not in steps


def test_the_ledger_holds_milestones_and_no_words(depot: Depot) -> None:
    order = depot.order(tracking_number=OURS)
    paste(depot, order, pages.DHL)
    lines = [json.loads(line.text) for line in depot.store.ledger()]
    line = next(line for line in lines if line["kind"] == "parcel_seen")
    assert line["facts"]["milestones"] == [
        "label_created",
        "handed_in",
        "in_transit",
        "at_depot",
        "out_for_delivery",
    ]
    assert "Zustellfahrzeug" not in json.dumps(lines)
    assert OURS not in json.dumps(lines)


def test_a_text_about_another_number_is_said_and_not_taken_over(depot: Depot) -> None:
    order = depot.order(tracking_number=OTHER)
    told = paste(depot, order, pages.DHL)
    assert (told.problem, told.others, told.new) == (PasteProblem.OTHER_NUMBER, (OURS,), 0)
    assert told.parcel.number == OTHER
    assert depot.store.sightings(order.id) == []


def test_a_text_that_names_our_number_in_any_spelling_is_ours(depot: Depot) -> None:
    order = depot.order(tracking_number=None)
    number(depot, order, OURS)
    spaced = " ".join(OURS[place : place + 4] for place in range(0, 20, 4))
    told = paste(depot, order, f"Sendungsnummer {spaced}\n20.11.2026 08:15 {LOADED}")
    assert (told.problem, told.new) == (None, 1)


def test_of_several_parcels_only_what_stands_under_our_number_is_ours(depot: Depot) -> None:
    order = depot.order(tracking_number=OTHER)
    text = f"{OURS}\n20.11.2026, 08:15\n{LOADED}\n{OTHER}\n19.11.2026, 20:00\nDie Sendung wurde im Ziel-Paketzentrum bearbeitet."
    told = paste(depot, order, text)
    assert [sighting.milestone for sighting in told.sightings] == [Milestone.AT_DEPOT]
    assert told.problem is None


def test_of_several_parcels_nobody_knows_which_is_ours_before_the_number_is_told(depot: Depot) -> None:
    order = depot.order(tracking_number=None)
    text = f"{OURS}\n20.11.2026, 08:15\n{LOADED}\n{OTHER}\n19.11.2026, 20:00\nDie Sendung wurde im Ziel-Paketzentrum bearbeitet."
    told = paste(depot, order, text)
    assert (told.problem, set(told.others), told.new) == (PasteProblem.SEVERAL_PARCELS, {OURS, OTHER}, 0)
    number(depot, order, OTHER)
    assert paste(depot, order, text).parcel.milestone is Milestone.AT_DEPOT


def test_the_way_back_may_have_a_number_of_its_own(depot: Depot) -> None:
    order = depot.order(carrier="ups", tracking_number=pages.UPS_NUMBER)
    paste(depot, order, "UPS\n20.11.2026 10:00 Returning to Sender")
    back = "1Z999AA10123456793"
    depot.clock.forward(hours=1)
    told = paste(depot, order, f"UPS {back}\n22.11.2026 10:00 Departed from Facility")
    assert (told.problem, told.parcel.number, told.parcel.number_back) == (None, pages.UPS_NUMBER, back)
    assert told.parcel.milestone is Milestone.RETURNING


def test_another_carrier_is_kept_and_said(depot: Depot) -> None:
    order = depot.order(tracking_number=None)
    told = paste(depot, order, pages.HERMES)
    assert told.problem is PasteProblem.OTHER_CARRIER
    assert told.new == 6
    assert (told.parcel.milestone, told.parcel.number, told.parcel.carrier) == (
        Milestone.UNKNOWN,
        None,
        "dhl",
    )
    assert paste(depot, order, pages.HERMES).new == 0


def test_another_carriers_text_counts_once_its_number_was_told(depot: Depot) -> None:
    order = depot.order(tracking_number=None)
    paste(depot, order, pages.HERMES)
    depot.clock.forward(minutes=1)
    number(depot, order, pages.HERMES_NUMBER)
    told = paste(depot, order, pages.HERMES)
    assert (told.problem, told.parcel.number) == (None, pages.HERMES_NUMBER)
    assert told.parcel.milestone is Milestone.OUT_FOR_DELIVERY


def test_another_number_of_another_carrier_does_not_move_the_parcel(depot: Depot) -> None:
    order = depot.order(tracking_number=OURS)
    told = paste(depot, order, "Deine Hermes Sendung 02180171003654 wurde zugestellt.")
    assert (told.problem, told.others, told.new) == (PasteProblem.OTHER_NUMBER, ("02180171003654",), 0)
    assert told.parcel.milestone is Milestone.UNKNOWN


def test_a_wrong_number_in_a_text_is_named_and_not_taken_over(depot: Depot) -> None:
    order = depot.order(tracking_number=None)
    wrong = OURS[:-1] + str((int(OURS[-1]) + 1) % 10)
    told = paste(depot, order, f"DHL\nSendungsnummer {wrong}\n20.11.2026 08:15 {LOADED}")
    assert (told.mistyped, told.parcel.number) == ((wrong,), None)


def test_without_a_carrier_that_of_the_text_is_taken(depot: Depot) -> None:
    order = depot.order(carrier=None, tracking_number=None)
    told = paste(depot, order, pages.HERMES)
    assert (told.parcel.carrier, told.parcel.number, told.problem) == ("hermes", pages.HERMES_NUMBER, None)


def test_a_text_with_a_number_alone_tells_the_number(depot: Depot) -> None:
    order = depot.order(tracking_number=None)
    told = paste(depot, order, f"Deine Sendungsnummer lautet {OURS}.")
    assert (told.parcel.number, told.parcel.milestone, told.problem) == (OURS, Milestone.UNKNOWN, None)
    assert paste(depot, order, f"Deine Sendungsnummer lautet {OURS}.").new == 0


def test_words_that_nobody_understands_are_kept_and_change_nothing(depot: Depot) -> None:
    order = depot.order(tracking_number=OURS)
    paste(depot, order, f"20.11.2026 08:15 {LOADED}")
    before = depot.parcel(order)
    told = paste(depot, order, "Das Paket tanzt einen wilden Tango")
    assert (told.problem, told.new) == (PasteProblem.NOT_UNDERSTOOD, 1)
    assert "Das Paket tanzt einen wilden Tango" in [sighting.words for sighting in told.sightings]
    assert (told.parcel.milestone, told.parcel.at) == (before.milestone, before.at)


def test_a_status_from_the_future_counts_neither_now_nor_when_its_time_has_come(depot: Depot) -> None:
    order = depot.order(tracking_number=OURS)
    told = paste(depot, order, "24.11.2026 10:00 Die Sendung wurde zugestellt.")
    assert (told.problem, told.new) == (PasteProblem.FUTURE, 1)
    depot.clock.forward(days=7)
    assert depot.parcel(order).milestone is Milestone.UNKNOWN


def test_a_false_return_of_hermes_does_not_turn_a_delivery_into_the_end_of_a_return(depot: Depot) -> None:
    order = depot.order(carrier="hermes", tracking_number=None)
    told = paste(
        depot,
        order,
        "19.11.2026 09:27 Die Sendung wurde von Hermes im PaketShop abgeholt.\n"
        "19.11.2026 09:28 Die Sendung wird an den Versender zurückgeführt.\n"
        "21.11.2026 14:00 Die Sendung wurde zugestellt.",
    )
    assert told.parcel.milestone is Milestone.DELIVERED


def test_statuses_that_contradict_each_other_are_kept_and_nothing_is_concluded(depot: Depot) -> None:
    order = depot.order(tracking_number=OURS)
    told = paste(
        depot,
        order,
        "20.11.2026 10:00 Die Sendung wurde zugestellt.\n20.11.2026 15:00 Die Sendung wurde im Start-Paketzentrum bearbeitet.",
    )
    assert (told.new, told.problem) == (2, None)
    assert told.parcel.contradicts
    assert not told.parcel.is_sure


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", PasteProblem.EMPTY),
        ("<html><body>Die Sendung wurde zugestellt.</body></html>", PasteProblem.MARKUP),
        ("Die Sendung wurde zugestellt.\n" * 10_000, PasteProblem.TOO_LONG),
        ("Startseite\nMein Konto\nImpressum", PasteProblem.NOT_UNDERSTOOD),
        ("Die Sendung wird voraussichtlich morgen zugestellt.", PasteProblem.FUTURE),
    ],
)
def test_what_is_no_status_changes_nothing(depot: Depot, text: str, problem: PasteProblem) -> None:
    order = depot.order()
    told = paste(depot, order, text)
    assert (told.problem, told.new) == (problem, 0)
    assert depot.store.sightings(order.id) == []


def test_a_pick_up_deal_has_no_parcel(depot: Depot) -> None:
    order = depot.order(pickup=True, carrier=None, tracking_number=None)
    for call in (
        lambda: paste(depot, order, LOADED),
        lambda: handed_in(depot, order),
        lambda: number(depot, order, OURS),
    ):
        with pytest.raises(UsageError, match="pick-up deal"):
            call()


def test_an_order_that_does_not_exist_is_named(depot: Depot) -> None:
    with pytest.raises(UsageError, match="o999"):
        take_text(depot.store, "o999", LOADED, rules=CASE_RULES, clock=depot.clock)


# --- numbers --------------------------------------------------------------------------------------------------------


def test_a_typed_number_is_kept_with_its_carrier(depot: Depot) -> None:
    order = depot.order(carrier=None, tracking_number=None)
    told = number(depot, order, f" {OURS[:6]} {OURS[6:]} ")
    assert (told.parcel.number, told.parcel.carrier, told.new) == (OURS, "dhl", 1)
    assert number(depot, order, OURS).new == 0


def test_a_number_typed_anew_replaces_the_one_before(depot: Depot) -> None:
    order = depot.order(tracking_number=None)
    number(depot, order, OURS)
    depot.clock.forward(minutes=1)
    assert number(depot, order, OTHER).parcel.number == OTHER


def test_a_number_with_a_wrong_check_digit_is_refused(depot: Depot) -> None:
    order = depot.order(tracking_number=None)
    wrong = OURS[:-1] + str((int(OURS[-1]) + 1) % 10)
    with pytest.raises(UsageError, match=f"{wrong}.*check digit"):
        number(depot, order, wrong)
    assert depot.store.sightings(order.id) == []


def test_a_shape_that_nobody_knows_is_kept_as_it_was_typed(depot: Depot) -> None:
    order = depot.order(carrier=None, tracking_number=None)
    told = number(depot, order, "abc 123 4567 \x1b[31mx\u202e")
    assert (told.parcel.number, told.parcel.carrier) == ("ABC1234567X", None)


def test_digits_that_do_not_tell_their_carrier_leave_the_order_its_own(depot: Depot) -> None:
    order = depot.order(carrier="dpd", tracking_number=None)
    carrier, digits = checked_number("01234567890123", order)
    assert digits == "01234567890123"
    assert carrier in {None, "dpd"}


# --- the hand-in ----------------------------------------------------------------------------------------------------


def test_the_hand_in_is_remembered_with_its_number(depot: Depot) -> None:
    order = depot.order(tracking_number=None)
    told = handed_in(depot, order, OURS)
    assert (told.parcel.milestone, told.parcel.number, told.parcel.handed_in_at) == (
        Milestone.HANDED_IN,
        OURS,
        depot.clock(),
    )
    assert told.parcel.confidence is Confidence.CERTAIN


def test_a_hand_in_told_late_does_not_take_the_parcel_back_to_the_counter(depot: Depot) -> None:
    order = depot.order(tracking_number=None)
    paste(depot, order, f"DHL\n22.11.2026 08:15 {LOADED}")
    depot.clock.forward(minutes=1)
    told = handed_in(depot, order, OURS)
    assert (told.parcel.milestone, told.parcel.number) == (Milestone.OUT_FOR_DELIVERY, OURS)
    assert handed_in(depot, order).new == 0


def test_the_hand_in_with_a_wrong_number_is_refused_whole(depot: Depot) -> None:
    order = depot.order(tracking_number=None)
    with pytest.raises(UsageError):
        handed_in(depot, order, parcel_number("0034043420051118270")[:-1] + "0")
    assert depot.store.sightings(order.id) == []


def test_news_within_a_moment_of_the_page_keep_their_order(depot: Depot) -> None:
    order = depot.order(carrier="dpd", tracking_number=None)
    told = paste(
        depot, order, "DPD\n20.11.2026\nIn Zustellung\nIm Paketzustellzentrum\n19.11.2026\nUnterwegs"
    )
    assert told.parcel.milestone is Milestone.OUT_FOR_DELIVERY
    assert depot.clock() - (told.parcel.at or depot.clock()) > timedelta(days=1)
