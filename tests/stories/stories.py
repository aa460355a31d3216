"""Six whole stories, each from the first sight of a cancellation to the end of its case. Every name in them is invented."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path

from fixtures.shop import Ad, Deal
from fixtures.shop.deals import Message
from fixtures.shop.histories import parcel_number
from tests.stories.stage import WAY, Stage
from watcher.domain.budget import BERLIN
from watcher.domain.case import Ending
from watcher.domain.hand_in import Answer, Why
from watcher.domain.reason import CancelReason
from watcher.domain.step import Because, CaseKind

MONDAY = datetime(2026, 11, 9, 18, 0, tzinfo=BERLIN)
ASKS = {"ask_buyer_to_refuse", "ask_carrier"}


def sale(stage: str, *, carrier: str = "DHL") -> Deal:
    """A sale that has come so far on Monday afternoon."""
    number = {"DHL": parcel_number("0034043420051118351"), "HERMES": parcel_number("0298017264881")}[carrier]
    way = WAY[: WAY.index(stage) + 1]
    times = [MONDAY - timedelta(hours=2 + 20 * place) for place in range(len(way))]
    return Deal(
        id="mixer",
        ad=Ad(title="Standmixer, zwei Becher", price_cents=4200),
        buyer="Gesine",
        carrier=carrier,  # type: ignore[arg-type]
        tracking_number=number if "SHIPPED" in way else None,
        messages=[
            Message(text="Hallo, funktioniert der Mixer einwandfrei?", at=times[-1] - timedelta(hours=5))
        ],
        steps=list(zip(way, reversed(times), strict=True)),
    )


def cancelled_before_shipment(folder: Path) -> Stage:
    """The buyer changes her mind while the parcel stands packed in the hall."""
    stage = Stage(folder, sale("PAID"), begins=MONDAY)
    stage.on(9, "18:30")
    stage.buyer_says("Hallo, ich muss leider stornieren, ich habe den Mixer woanders günstiger bekommen.")
    stage.site("BUYER_CANCELLED", "cancels the sale")
    stage.on(9, "18:40")
    stage.look()
    assert stage.case.kind is CaseKind.BEFORE_SHIPMENT
    assert stage.case.reason is CancelReason.FOUND_CHEAPER
    assert stage.case.reason_found
    assert stage.case.next_step.id == "do_not_hand_in"
    stage.on(10, "08:30")
    assert stage.may_go().answer is Answer.NO
    stage.acknowledges()
    stage.does("do_not_hand_in")
    stage.does("ask_buyer")
    stage.on(12, "10:00")
    stage.site("REFUNDED", "the buyer gets her money back", who="platform")
    stage.on(12, "10:20")
    stage.look()
    assert stage.case.ending is Ending.REFUNDED_GOODS_KEPT
    assert stage.case.step("refund_seen").done_by == "seen"
    assert stage.case.step("relist").is_open
    return stage


def stopped_on_its_way(folder: Path) -> Stage:
    """The parcel is with DHL; the buyer refuses it in time, and it comes back."""
    stage = Stage(folder, sale("SHIPPED"), begins=MONDAY)
    stage.on(9, "20:00")
    stage.site("BUYER_CANCELLED", "cancels the sale")
    stage.on(9, "20:10")
    stage.look()
    assert stage.case.kind is CaseKind.IN_TRANSIT
    assert stage.due("ask_carrier") == "10. 04:00"
    assert stage.open_steps >= ASKS
    stage.on(9, "20:25")
    stage.acknowledges()
    stage.does("ask_buyer_to_refuse")
    stage.does("ask_carrier")
    assert "request_shows" in stage.open_steps
    stage.asks_support("Gekauft, verschickt, dann storniert. Was wird mit dem Geld?")
    assert "follow_up_support" in stage.open_steps
    stage.on(9, "21:15")
    stage.buyer_says("Ich habe gerade „Annahme verweigern“ angeklickt.")
    stage.on(10, "06:50")
    stage.pastes("10.11.2026, 05:12 Uhr Die Sendung wurde im Ziel-Paketzentrum bearbeitet.")
    assert "request_shows" in stage.open_steps
    stage.on(10, "18:20")
    stage.pastes("10.11.2026, 17:40 Uhr Es erfolgt eine Rücksendung auf Wunsch des Empfängers.")
    assert stage.case.step("request_shows").done_by == "seen"
    stage.on(13, "12:00")
    stage.pastes("13.11.2026, 11:31 Uhr Die Sendung wurde erfolgreich zugestellt.")
    assert stage.case.step("parcel_back").done_by == "seen"
    stage.does("inspect_goods")
    stage.on(14, "09:00")
    stage.site("REFUNDED", "the buyer gets her money back", who="platform")
    stage.on(14, "09:10")
    stage.look()
    assert stage.case.ending is Ending.RETURNED_AND_REFUNDED
    return stage


def noticed_too_late(folder: Path) -> Stage:
    """The parcel is in the delivery vehicle already; it is delivered, and comes back by agreement."""
    stage = Stage(folder, sale("SHIPPED", carrier="HERMES"), begins=MONDAY)
    stage.on(11, "09:20")
    stage.site("BUYER_CANCELLED", "cancels the sale")
    stage.on(11, "09:30")
    stage.look()
    assert stage.case.kind is CaseKind.IN_TRANSIT
    stage.pastes("11.11.2026 08:05 Die Sendung befindet sich in der Zustellung.")
    assert "ask_buyer_at_door" in stage.open_steps
    assert stage.case.step("ask_carrier").because is Because.LOADED
    stage.acknowledges()
    stage.on(11, "15:00")
    stage.pastes("11.11.2026 14:22 Die Sendung wurde zugestellt.")
    assert stage.case.kind is CaseKind.AFTER_DELIVERY
    assert stage.case.step("ask_buyer_at_door").because is Because.DELIVERED
    stage.does("agree")
    stage.asks_support(
        "Storniert und zugestellt. Der Käufer schickt zurück; bitte das Geld bis dahin halten."
    )
    assert "goods_back" in stage.open_steps
    stage.on(19, "17:00")
    stage.does("goods_back")
    stage.does("inspect_goods")
    stage.on(21, "10:00")
    stage.site("REFUNDED", "the buyer gets her money back", who="platform")
    stage.on(21, "10:20")
    stage.look()
    assert stage.case.ending is Ending.RETURNED_AND_REFUNDED
    return stage


def insisted_after_delivery(folder: Path) -> Stage:
    """The buyer has the goods and cancels; the seller insists, asks support twice in all, and is paid."""
    stage = Stage(folder, sale("DELIVERED"), begins=MONDAY)
    stage.on(10, "11:00")
    stage.site("BUYER_CANCELLED", "cancels the sale")
    stage.on(10, "11:10")
    stage.look()
    assert stage.case.kind is CaseKind.AFTER_DELIVERY
    stage.acknowledges()
    stage.does("ask_buyer")
    stage.does("insist")
    assert "goods_back" not in stage.open_steps
    stage.does("keep_proof")
    stage.on(10, "12:00")
    stage.asks_support("Zugestellt am 9.11., danach storniert. Der Artikel war wie beschrieben.")
    assert stage.due("follow_up_support") == "13. 12:00"
    stage.on(13, "12:30")
    stage.look()
    stage.asks_support("Nachfrage zu meiner Anfrage vom 10.11.")
    stage.on(18, "09:00")
    stage.site("PAID_OUT", "pays the money out", who="platform")
    stage.on(18, "09:15")
    stage.look()
    assert stage.case.ending is Ending.PAID_OUT
    return stage


def nobody_knows_where_the_goods_are(folder: Path) -> Stage:
    """The page says something that nobody knows, then "cancelled": the seller answers the one question that decides."""
    stage = Stage(folder, sale("PAID"), begins=MONDAY)
    stage.on(9, "19:00")
    stage.site("MYSTERY", "says something that no table knows", who="platform")
    stage.on(9, "19:10")
    stage.look()
    stage.on(10, "07:40")
    stage.site("BUYER_CANCELLED", "cancels the sale")
    stage.on(10, "07:50")
    stage.look()
    assert stage.case.kind is CaseKind.UNCLEAR
    stage.acknowledges()
    stage.does("still_at_home")
    assert stage.case.kind is CaseKind.BEFORE_SHIPMENT
    stage.does("do_not_hand_in")
    stage.on(17, "20:00")
    stage.look()
    stage.on(18, "10:00")
    stage.look()
    assert "ask_about_refund" in stage.open_steps
    stage.asks_support("Storniert am 10.11., die Erstattung ist noch nicht zu sehen.")
    stage.on(19, "15:00")
    stage.site("REFUNDED", "the buyer gets her money back", who="platform")
    stage.on(19, "15:10")
    stage.look()
    assert stage.case.ending is Ending.REFUNDED_GOODS_KEPT
    return stage


def contested_and_suspicious(folder: Path) -> Stage:
    """The buyer reports a problem that does not fit; the seller suspects a fraud, and the platform decides."""
    stage = Stage(folder, sale("DELIVERED"), begins=MONDAY)
    stage.on(10, "16:00")
    stage.buyer_says("Der Karton war leer. Schicken Sie mir das Geld auf mein PayPal, dann melde ich nichts.")
    stage.site("DISPUTED", "reports a problem")
    stage.on(10, "16:10")
    stage.look()
    assert stage.case.kind is CaseKind.DISPUTED
    assert stage.may_go().why is Why.DISPUTED
    stage.acknowledges()
    stage.does("answer_problem")
    stage.names_reason(CancelReason.SEEMS_FRAUDULENT)
    assert stage.open_steps >= {"stop_talking", "report_fraud", "report_to_police"}
    stage.does("stop_talking")
    stage.does("report_fraud")
    stage.does("keep_proof")
    stage.does("insist")
    stage.on(11, "09:00")
    stage.asks_support(
        "Problemmeldung passt nicht zum Gewicht auf dem Einlieferungsbeleg. Bilder liegen bei."
    )
    stage.does("report_to_police")
    stage.on(13, "18:00")
    stage.does("agree_or_escalate")
    stage.on(24, "11:00")
    stage.site("REFUNDED", "decides for the buyer and pays back", who="platform")
    stage.on(24, "11:10")
    stage.look()
    assert stage.case.step("outcome_seen").done_by == "seen"
    assert not stage.case.is_open or stage.case.next_step is not None
    if stage.case.is_open:
        stage.closes()
    return stage


STORIES: Mapping[str, Callable[[Path], Stage]] = {
    "Cancelled before shipment": cancelled_before_shipment,
    "Stopped on its way": stopped_on_its_way,
    "Noticed too late": noticed_too_late,
    "Insisted after delivery": insisted_after_delivery,
    "Nobody knows where the goods are": nobody_knows_where_the_goods_are,
    "Contested and suspicious": contested_and_suspicious,
}
