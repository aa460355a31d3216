"""What people wrote becomes signs worth a look and a reason found, in the check's one transaction. All words are invented."""

import json
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from fixtures.shop import Ad, Deal
from fixtures.shop.deals import Message
from tests.support.clock import NOON
from tests.support.rooms import CASE_RULES, Rooms
from watcher.app.seller import close_case, name_reason
from watcher.domain.alert import Alert, AlertKind
from watcher.domain.capture import Capture
from watcher.domain.case import Case
from watcher.domain.order import Order
from watcher.domain.reason import CancelReason
from watcher.domain.step import CaseKind
from watcher.storage.writing import SqliteWriting

PAYPAL = "Kann ich das Geld auch per PayPal Freunde schicken?"
CODE = "Bitte nenn mir den Code aus der SMS."
CHEAPER = "Ich muss leider stornieren, ich habe sie woanders günstiger gefunden."


def order(rooms: Rooms, deal: str) -> Order:
    conversation = rooms.visitor.conversation(deal)
    return max(
        (found for found in rooms.store.orders() if found.conversation == conversation),
        key=lambda found: found.first_seen_at,
    )


def rules(rooms: Rooms, deal: str) -> list[str]:
    return [sign.rule for sign in rooms.store.signs(order(rooms, deal).id)]


def alerts(rooms: Rooms, kind: AlertKind = AlertKind.SIGNS_SEEN) -> list[Alert]:
    queued = (entry.alert for entry in rooms.store.outbox() if entry.channel == "email")
    return [alert for alert in queued if alert.kind is kind]


def case(rooms: Rooms) -> Case:
    [found] = rooms.store.cases()
    return found


def go_on(rooms: Rooms, *, minutes: float = 20) -> None:
    rooms.clock.forward(minutes=minutes)
    rooms.check()


def test_a_sign_on_a_live_order_is_told_once_and_not_loudly(known: Rooms) -> None:
    known.shop.say("lampe", PAYPAL)
    go_on(known)
    assert rules(known, "lampe") == ["pays_elsewhere"]
    [alert] = alerts(known)
    assert (alert.order, alert.case, alert.critical) == (order(known, "lampe").id, None, False)
    go_on(known)
    assert alerts(known) == [alert]


def test_the_sign_holds_the_buyers_words_and_when_they_were_written(known: Rooms) -> None:
    known.shop.say("lampe", f"Hallo! {PAYPAL} Gruß", at=known.clock())
    go_on(known)
    [sign] = known.store.signs(order(known, "lampe").id)
    assert (sign.quote, sign.at) == (PAYPAL, NOON.replace(minute=20))


def test_a_graver_sign_that_comes_later_is_told_too_and_the_first_not_again(known: Rooms) -> None:
    known.shop.say("lampe", PAYPAL)
    go_on(known)
    known.shop.say("lampe", CODE)
    known.shop.say("lampe", PAYPAL)
    go_on(known)
    go_on(known)
    assert rules(known, "lampe") == ["pays_elsewhere", "asks_code"]
    assert len({alert.key for alert in alerts(known)}) == len(alerts(known)) == 2


def test_what_the_seller_wrote_is_no_sign(known: Rooms) -> None:
    known.shop.say("lampe", PAYPAL, inbound=False)
    go_on(known)
    assert (rules(known, "lampe"), alerts(known)) == ([], [])


def test_a_sign_in_a_request_waits_until_there_is_a_sale(known: Rooms) -> None:
    known.shop.say("jacke", PAYPAL)
    go_on(known)
    assert rules(known, "jacke") == ["pays_elsewhere"]
    assert alerts(known) == []
    known.shop.happen("jacke", "ACCEPTED")
    go_on(known)
    known.shop.happen("jacke", "PAID")
    go_on(known)
    [alert] = alerts(known)
    assert alert.order == order(known, "jacke").id


@pytest.mark.parametrize("deal", ["brettspiel", "regal"])
def test_of_an_order_that_is_over_signs_are_kept_and_nobody_is_told(rooms: Rooms, deal: str) -> None:
    rooms.shop.say(deal, PAYPAL)
    rooms.check()
    assert rules(rooms, deal) == ["pays_elsewhere"]
    assert alerts(rooms) == []


def test_a_purchase_has_no_signs(known: Rooms) -> None:
    known.shop.say("zelt", PAYPAL)
    go_on(known)
    assert alerts(known) == []


def test_a_cancellation_brings_its_signs_and_its_reason_in_the_cases_own_alert(known: Rooms) -> None:
    known.shop.say("friteuse", f"{CHEAPER} {PAYPAL}")
    known.shop.happen("friteuse", "BUYER_CANCELLED")
    go_on(known)
    assert alerts(known) == []
    [opened] = alerts(known, AlertKind.CASE_OPENED)
    assert rules(known, "friteuse") == ["pays_elsewhere"]
    assert (case(known).reason, case(known).reason_found) == (CancelReason.FOUND_CHEAPER, True)
    found = known.store.found_reason(opened.case or "")
    assert found is not None
    assert (found.rule, found.sentence) == ("found_cheaper", CHEAPER)


def test_a_sign_that_comes_while_the_case_is_open_is_told_and_belongs_to_the_case(cancelled: Rooms) -> None:
    cancelled.shop.say("friteuse", CODE)
    go_on(cancelled)
    [alert] = alerts(cancelled)
    assert alert.case == case(cancelled).id


def test_a_sign_in_a_closed_case_is_kept_and_nobody_is_told(cancelled: Rooms) -> None:
    close_case(cancelled.store, case(cancelled).id, clock=cancelled.clock)
    cancelled.clock.forward(minutes=1)
    cancelled.shop.say("friteuse", CODE)
    go_on(cancelled)
    assert rules(cancelled, "friteuse") == ["asks_code"]
    assert alerts(cancelled) == []


def test_a_reason_that_is_given_later_is_found_later(cancelled: Rooms) -> None:
    assert case(cancelled).reason is None
    cancelled.shop.say("friteuse", CHEAPER)
    go_on(cancelled)
    assert case(cancelled).reason is CancelReason.FOUND_CHEAPER
    assert cancelled.ledger_kinds().count("reason_found") == 1
    go_on(cancelled)
    assert cancelled.ledger_kinds().count("reason_found") == 1


def test_a_surer_reason_takes_the_place_of_an_unsure_one_and_not_the_other_way_round(
    cancelled: Rooms,
) -> None:
    cancelled.shop.say("friteuse", "Der Versand dauert mir zu lange.")
    go_on(cancelled)
    assert case(cancelled).reason is CancelReason.SLOW_SHIPPING
    cancelled.shop.say("friteuse", CHEAPER)
    go_on(cancelled)
    assert case(cancelled).reason is CancelReason.FOUND_CHEAPER
    cancelled.shop.say("friteuse", "Außerdem war die Beschreibung falsch.")
    go_on(cancelled)
    assert case(cancelled).reason is CancelReason.FOUND_CHEAPER


def test_a_found_reason_asks_the_seller_all_the_same(cancelled: Rooms) -> None:
    cancelled.shop.say("friteuse", CHEAPER)
    go_on(cancelled)
    step = case(cancelled).step("name_reason")
    assert step is not None
    assert step.is_open


def test_what_the_seller_named_is_not_overwritten(cancelled: Rooms) -> None:
    name_reason(
        cancelled.store,
        case(cancelled).id,
        CancelReason.EMERGENCY,
        rules=CASE_RULES,
        clock=cancelled.clock,
    )
    cancelled.shop.say("friteuse", CHEAPER)
    go_on(cancelled)
    assert (case(cancelled).reason, case(cancelled).reason_found) == (CancelReason.EMERGENCY, False)


def test_a_buyer_who_writes_of_fraud_brings_no_suspicion_upon_anybody(cancelled: Rooms) -> None:
    cancelled.shop.say("friteuse", "Das ist Betrug, ich habe storniert und will mein Geld zurück!")
    go_on(cancelled)
    assert case(cancelled).reason is CancelReason.OTHER
    assert case(cancelled).step("report_to_police") is None
    assert case(cancelled).step("stop_talking") is None


def test_a_dispute_gets_no_reason_for_a_cancellation(known: Rooms) -> None:
    known.shop.say("fahrradkorb", "Der Korb ist nicht wie beschrieben, ich will stornieren.")
    known.shop.happen("fahrradkorb", "DISPUTED")
    go_on(known)
    assert (case(known).kind, case(known).reason) == (CaseKind.DISPUTED, None)


def test_an_account_that_was_young_when_the_deal_was_made_is_a_sign(rooms: Rooms) -> None:
    rooms.visitor.alter = lambda capture: replace(
        capture,
        bodies=tuple(
            replace(body, content=body.content.replace(b"2019-03-14T", b"2026-11-19T"))
            for body in capture.bodies
        ),
    )
    rooms.check()
    assert rules(rooms, "lampe") == ["new_account"]  # made on the day before
    assert rules(rooms, "jacke") == []  # a request
    assert rules(rooms, "brettspiel") == []  # paid out by then


@pytest.fixture
def twice(rooms: Rooms) -> Rooms:
    """A cancelled sale of last week, and one since yesterday, in the same conversation."""

    def ago(days: float) -> datetime:
        return NOON - timedelta(days=days)

    deal = Deal(
        id="radio",
        ad=Ad(title="Küchenradio", price_cents=2500),
        buyer="Hinnerk",
        carrier="DHL",
        messages=[Message(text=PAYPAL, at=ago(9.5)), Message(text=CHEAPER, at=ago(8))],
        steps=[
            ("REQUESTED", ago(10)), ("ACCEPTED", ago(9.9)), ("PAID", ago(9.8)), ("BUYER_CANCELLED", ago(8.5)),
            ("REQUESTED", ago(1.2)), ("ACCEPTED", ago(1.1)), ("PAID", ago(1)),
        ],
    )  # fmt: skip

    def with_own_ids(capture: Capture) -> Capture:
        """Give the first deal ids of its own: the practice shop has one deal per conversation."""
        if capture.conversation != deal.conversation_id:
            return capture
        [body] = capture.bodies
        answer = json.loads(body.content)
        for number, item in enumerate(answer["messages"]):
            if item["receivedDate"] < ago(5).isoformat():
                text = json.dumps(item)
                for name in (deal.offer_id, deal.payment_id, str(deal.uuid("negotiation"))):
                    text = text.replace(str(name), f"earlier-{str(name)[:8]}")
                answer["messages"][number] = json.loads(text)
        return replace(capture, bodies=(replace(body, content=json.dumps(answer).encode()),))

    rooms.shop.add(deal)
    rooms.visitor.alter = with_own_ids
    rooms.check()
    return rooms


def by_age(rooms: Rooms) -> tuple[Order, Order]:
    first, second = sorted(
        (found for found in rooms.store.orders() if found.title == "Küchenradio"),
        key=lambda found: found.made_at or NOON,
    )
    return first, second


def test_of_two_deals_in_one_conversation_each_gets_what_is_about_it(twice: Rooms) -> None:
    first, second = by_age(twice)
    assert [sign.rule for sign in twice.store.signs(first.id)] == ["pays_elsewhere"]
    assert twice.store.signs(second.id) == []
    assert alerts(twice) == []
    handled = case(twice)
    assert (handled.order, handled.reason) == (first.id, CancelReason.FOUND_CHEAPER)


def test_a_second_cancellation_in_the_same_conversation_is_a_sign(twice: Rooms) -> None:
    twice.clock.forward(minutes=20)
    twice.shop.happen("radio", "BUYER_CANCELLED")
    twice.check()
    _, second = by_age(twice)
    assert [sign.rule for sign in twice.store.signs(second.id)] == ["cancelled_again"]
    assert alerts(twice) == []  # its case's alert shows it


def test_nothing_is_noticed_when_the_transaction_does_not_come_to_its_end(
    known: Rooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    known.shop.say("friteuse", f"{CHEAPER} {PAYPAL}")
    known.shop.happen("friteuse", "BUYER_CANCELLED")
    known.clock.forward(minutes=20)

    def full(*_: object, **__: object) -> None:
        raise OSError("no space left")

    with monkeypatch.context() as broken:
        broken.setattr(SqliteWriting, "save_found_reason", full)
        with pytest.raises(OSError, match="no space"):
            known.check()
    assert (known.store.cases(), rules(known, "friteuse"), known.store.outbox()) == ([], [], [])
    known.check()
    assert rules(known, "friteuse") == ["pays_elsewhere"]
    assert case(known).reason is CancelReason.FOUND_CHEAPER


def test_the_ledger_names_rules_and_none_of_the_buyers_words(known: Rooms) -> None:
    known.shop.say("friteuse", f"{CHEAPER} {PAYPAL}")
    known.shop.happen("friteuse", "BUYER_CANCELLED")
    go_on(known)
    lines = {str(line["kind"]): line for line in known.ledger()}
    assert lines["signs_noticed"]["facts"] == {"rules": ["pays_elsewhere"]}
    assert lines["reason_found"]["facts"] == {
        "case": case(known).id,
        "reason": "found_cheaper",
        "rule": "found_cheaper",
    }
    text = "\n".join(line.text for line in known.store.ledger())
    for word in ("PayPal", "günstiger", "stornieren"):
        assert word not in text


@pytest.mark.parametrize(
    "text", ["\x1b[2J\u202e\x00", "Ja\ud800. " + PAYPAL, "a" * 50_000, "storniert, weil\u0000"]
)
def test_hostile_words_stop_no_check_and_come_out_harmless(known: Rooms, text: str) -> None:
    known.shop.say("friteuse", text)
    known.shop.happen("friteuse", "BUYER_CANCELLED")
    go_on(known)
    assert case(known).kind is CaseKind.IN_TRANSIT
    found = known.store.found_reason(case(known).id)
    quotes = [sign.quote for sign in known.store.signs(order(known, "friteuse").id)]
    for words in (*quotes, found.sentence if found else ""):
        assert words.isprintable()
