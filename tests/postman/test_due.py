"""What the seller reads about passing time: steps that are due, the night, late money, the hand-in."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from notifiers.message import Urgency
from tests.postman.reader import page, write
from tests.postman.samples import SEEN_AT, a_bare_order, a_case, an_order, facts
from tests.postman.test_letter import HOSTILE
from watcher.domain.alert import AlertKind
from watcher.domain.case import Case
from watcher.domain.order import Order
from watcher.domain.ship_by import ShipBy, ShipByOrigin
from watcher.domain.stage import Stage
from watcher.domain.step import CaseKind, Step
from watcher.postman.letter import LetterFacts
from watcher.texts.language import LANGUAGES, Language

IN_BOTH = pytest.mark.parametrize("language", LANGUAGES)
ASKED = tuple(
    replace(step, done_at=SEEN_AT, done_by="seller") if step.urgent else step
    for step in a_case(CaseKind.IN_TRANSIT).steps
)


def due(
    *steps: str,
    after: timedelta,
    case: Case | None = None,
    order: Order | None = None,
    critical: bool = False,
) -> LetterFacts:
    """The word that these steps are due, so long after the cancellation was seen."""
    given = facts(
        AlertKind.STEP_DUE,
        order=order or an_order(),
        case=case or a_case(CaseKind.IN_TRANSIT, acknowledged_at=SEEN_AT),
        details=tuple(("step", step) for step in steps),
        now=SEEN_AT + after,
    )
    return replace(given, alert=replace(given.alert, critical=critical))


def night(**changes: object) -> LetterFacts:
    details = (("closes", (SEEN_AT + timedelta(hours=7)).isoformat()), ("certainty", "likely"))
    return facts(
        AlertKind.NIGHT_WATCH,
        order=an_order(),
        case=a_case(CaseKind.IN_TRANSIT),
        **{"details": details, "platform": "linux", **changes},
    )


def hand_in(*orders: Order) -> LetterFacts:
    return replace(facts(AlertKind.HAND_IN_SOON), waiting=orders)


def paid(title: str, *, days: int, order_id: str = "ok7m2xap") -> Order:
    return an_order(id=order_id, title=title, stage=Stage.PAID, stage_at=SEEN_AT - timedelta(days=days))


def test_a_due_step_comes_with_all_its_words_and_the_way_to_mark_it() -> None:
    message = write(due("tell_support", after=timedelta(days=1)))
    assert message.subject == "Jetzt dran: Melde es dem Support von Kleinanzeigen – Friteuse (45,00 €)"
    assert "Zum Kopieren – Text für den Support:" in message.text
    assert "stornowacht done ck7m2xap tell_support" in message.text
    assert "    stornowacht show ok7m2xap\n" in message.text
    assert message.urgency is Urgency.NORMAL
    assert message.thread == "ck7m2xap"


def test_several_due_steps_are_one_letter_that_names_them_all() -> None:
    message = write(due("tell_support", "keep_proof", after=timedelta(days=2)))
    assert "Das Erste: Melde es dem Support" in message.text
    assert "- Leg deine Belege zusammen (überfällig seit Di., 24.11., 09:00 Uhr)" in message.text
    assert "Leg deine Belege zusammen" in page(message).text


def test_a_step_that_was_done_meanwhile_is_not_asked_for() -> None:
    case = a_case(CaseKind.IN_TRANSIT).with_step_done("tell_support", at=SEEN_AT, by="seller")
    message = write(due("tell_support", "keep_proof", after=timedelta(days=2), case=case))
    assert message.subject.startswith("Jetzt dran: Leg deine Belege zusammen")
    assert "tell_support" not in message.text


def test_an_urgent_step_is_told_before_its_time_with_the_time_and_the_warning() -> None:
    message = write(due("ask_carrier", after=timedelta(minutes=70), critical=True))
    assert "NOCH OFFEN, UND DIE ZEIT LÄUFT" in message.text
    assert "(bis Mo., 23.11., 04:00 Uhr)" in message.text
    assert "bis Mo., 23.11., 04:00 Uhr" in message.summary
    assert "! Drück bei Kleinanzeigen jetzt nicht" in message.text
    assert message.urgency is Urgency.CRITICAL


def test_a_step_is_due_in_its_first_hour_and_overdue_later() -> None:
    case = replace(
        a_case(CaseKind.IN_TRANSIT), steps=(Step(id="keep_proof", due_at=SEEN_AT + timedelta(hours=12)),)
    )
    assert (
        "(fällig seit Mo., 23.11., 09:05 Uhr)"
        in write(due("keep_proof", after=timedelta(hours=12, minutes=1), case=case)).text
    )
    assert (
        "(überfällig seit Mo., 23.11., 09:05 Uhr)"
        in write(due("keep_proof", after=timedelta(hours=14), case=case)).text
    )


@pytest.mark.parametrize(
    ("seen_after", "says"),
    [
        (timedelta(days=8), "Stornowacht hat danach geschaut, zuletzt Mo., 30.11., 21:05 Uhr"),
        (timedelta(days=2), "Stornowacht konnte seit Di., 24.11., 21:05 Uhr nicht in diesen Verkauf schauen"),
    ],
)
def test_a_refund_that_is_not_seen_is_told_with_when_somebody_last_looked(
    seen_after: timedelta, says: str
) -> None:
    order = an_order(reached=Stage.PAID, last_seen_at=SEEN_AT + seen_after)
    case = a_case(CaseKind.BEFORE_SHIPMENT, order)
    message = write(due("refund_seen", after=timedelta(days=9), case=case, order=order))
    assert message.subject == "Die Erstattung ist noch nicht zu sehen: Friteuse (45,00 €)"
    assert says in message.text


def test_a_request_that_does_not_show_asks_to_look_at_tracking_and_to_paste_it() -> None:
    shown = (Step(id="request_shows", due_at=SEEN_AT), Step(id="look_at_tracking", due_at=SEEN_AT))
    case = replace(a_case(CaseKind.IN_TRANSIT), steps=(*ASKED, *shown))
    message = write(due("request_shows", after=timedelta(hours=23), case=case))
    assert message.subject == "Die Rücksendung zeigt sich noch nicht: Friteuse (45,00 €)"
    assert "Das Erste: Sieh in der Sendungsverfolgung nach" in message.text
    assert "Das ist normal" not in message.text
    assert "    stornowacht track ok7m2xap -\n" in message.text


@pytest.mark.parametrize("step", ["parcel_back", "goods_back", "request_shows"])
@IN_BOTH
def test_what_the_carrier_should_have_said_is_never_claimed_to_have_been_looked_for(
    step: str, language: Language
) -> None:
    case = replace(a_case(CaseKind.IN_TRANSIT), steps=(*ASKED, Step(id=step, due_at=SEEN_AT)))
    text = write(due(step, after=timedelta(days=22), case=case), language).text
    assert "geschaut" not in text
    assert "looked for it" not in text
    assert f"    stornowacht track {an_order().id} -\n" in text


def test_the_night_is_told_with_its_end_what_is_still_open_and_how_to_stay_awake() -> None:
    message = write(night())
    assert ">> Bis Mo., 23.11., 04:05 Uhr lässt sich beim Paketdienst wohl noch fragen" in message.text
    assert "- Versuch es auch bei DHL\n  bis Mo., 23.11., 04:00 Uhr" in message.text
    assert "    systemd-inhibit --what=sleep:idle sleep 12h\n" in message.text
    places = [message.text.index(words) for words in ("! Drück", "Noch heute Abend", "wach bleibt")]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("platform", "command"), [("mac", "caffeinate -i -t 43200"), ("windows", None), ("", None)]
)
@IN_BOTH
def test_a_machine_is_kept_awake_by_its_own_command_or_by_its_settings(
    platform: str, command: str | None, language: Language
) -> None:
    text = write(night(platform=platform), language).text
    assert "systemd-inhibit" not in text
    assert (f"    {command}\n" in text) is (command is not None)
    assert "stornowacht show ok7m2xap" in text


@IN_BOTH
def test_an_uncertain_window_says_so(language: Language) -> None:
    doubt = {"de": "Uhrzeit nicht bestätigt", "en": "time of day not confirmed"}[language]
    unsure = (("closes", (SEEN_AT + timedelta(hours=7)).isoformat()), ("certainty", "unsure"))
    assert doubt in write(night(details=unsure), language).text
    assert doubt not in write(night(), language).text


def test_the_hand_in_is_told_with_each_order_its_age_and_the_question_to_ask() -> None:
    message = write(
        hand_in(
            paid("Friteuse", days=4), paid("Vase", days=1, order_id="ov"), paid("Buch", days=0, order_id="ob")
        )
    )
    assert message.subject == "Vor dem Abgeben nachsehen: Friteuse (45,00 €) und 2 mehr"
    assert "Friteuse (45,00 €) – seit 4 Tagen bezahlt:\n    stornowacht ship ok7m2xap\n" in message.text
    assert "Vase (45,00 €) – seit gestern bezahlt:\n    stornowacht ship ov\n" in message.text
    assert "Buch (45,00 €) – heute bezahlt:\n    stornowacht ship ob\n" in message.text
    assert "eine Frist fürs Verschicken ist öffentlich nicht bekannt" in message.text
    assert not message.pictures


def test_orders_that_were_paid_yesterday_are_not_called_slow() -> None:
    message = write(hand_in(paid("Friteuse", days=2)))
    assert message.subject == "Vor dem Abgeben nachsehen: Friteuse (45,00 €)"
    assert "Frist" not in message.text


def until(days: int, origin: ShipByOrigin = ShipByOrigin.PAGE) -> ShipBy:
    """The last moment of a day, so many days after the letter's (a Sunday)."""
    return ShipBy(at=datetime(2026, 11, 22, 22, 59, 59, tzinfo=UTC) + timedelta(days=days), origin=origin)


def test_the_hand_in_says_until_when_each_should_leave_and_who_says_so() -> None:
    orders = (
        paid("Friteuse", days=4),
        paid("Vase", days=1, order_id="ov"),
        paid("Buch", days=0, order_id="ob"),
    )
    dates = {
        "ok7m2xap": until(-1),
        "ov": until(0, ShipByOrigin.PROMISE),
        "ob": until(2),
    }
    text = write(replace(hand_in(*orders), ship_dates=dates)).text
    assert "Friteuse (45,00 €) – seit 4 Tagen bezahlt; ÜBERFÄLLIG seit Sa., 21.11. (laut Seite):" in text
    assert "Vase (45,00 €) – seit gestern bezahlt; HEUTE letzter Tag, So., 22.11. (dein Versprechen):" in text
    assert "Buch (45,00 €) – heute bezahlt; sollte bis Di., 24.11. los (laut Seite):" in text
    assert "öffentlich nicht bekannt" not in text


def ship_by_letter(kind: AlertKind, date: ShipBy | None, **changes: object) -> LetterFacts:
    order = paid("Friteuse", days=2)
    dates = {order.id: date} if date else {}
    return facts(kind, **{"order": order, "ship_dates": dates, **changes})


@pytest.mark.parametrize(
    ("kind", "date", "subject", "says"),
    [
        (AlertKind.SHIP_BY_NEAR, until(1), "Bald verschicken (bis Mo., 23.11.): Friteuse (45,00 €)", "Ihr Wortlaut ist nicht bestätigt"),
        (AlertKind.SHIP_BY_OVER, until(-1, ShipByOrigin.PROMISE), "Noch nicht verschickt: Friteuse (45,00 €)", "dein eigenes Versprechen aus der Konfiguration ([seller] ships_within)"),
        (AlertKind.SHIP_BY_NEAR, replace(until(1), at=datetime(2026, 11, 23, 17, tzinfo=UTC)), "Bald verschicken (bis Mo., 23.11., 18:00 Uhr): Friteuse (45,00 €)", "DIESES PAKET SOLLTE BIS MO., 23.11., 18:00 UHR LOS"),
    ],
)  # fmt: skip
def test_a_date_is_told_with_who_says_so_and_with_both_ways_on(
    kind: AlertKind, date: ShipBy, subject: str, says: str
) -> None:
    message = write(ship_by_letter(kind, date))
    assert message.subject == subject
    assert says in message.text
    assert "    stornowacht ship ok7m2xap\n" in message.text
    assert "    stornowacht ship ok7m2xap --handed-in\n" in message.text
    assert not message.pictures


@IN_BOTH
def test_a_date_that_is_no_longer_known_is_told_as_it_was_when_it_was_queued(language: Language) -> None:
    details = (("ship_by", until(1).at.isoformat()), ("origin", "page"))
    assert "23" in write(ship_by_letter(AlertKind.SHIP_BY_NEAR, None, details=details), language).subject
    for broken in (
        (("ship_by", "soon"), ("origin", "page")),
        (("ship_by", details[0][1]), ("origin", "x")),
        (),
    ):
        subject = write(ship_by_letter(AlertKind.SHIP_BY_NEAR, None, details=broken), language).subject
        assert "Friteuse" in subject
        assert "(" not in subject.split(":")[0]


@pytest.mark.parametrize(
    ("number", "rest"), [(8, None), (9, "ein weiterer Verkauf"), (12, "4 weitere Verkäufe")]
)
def test_many_waiting_orders_are_counted_beyond_the_first_eight(number: int, rest: str | None) -> None:
    text = write(hand_in(*(paid("Buch", days=0, order_id=f"o{place}") for place in range(number)))).text
    assert text.count("stornowacht ship") == 8
    assert (rest or "") in text
    assert ("weitere" in text) is (rest is not None)


@pytest.mark.parametrize(
    ("waits_for", "subject", "says"),
    [
        ("payout", "Auszahlung lässt auf sich warten", "wurde seit So., 22.11., 21:05 Uhr erwartet"),
        ("confirmation", "Noch nicht bestätigt", "für den heutigen ist keine Frist bekannt"),
    ],
)
def test_late_money_says_whose_threshold_it_is_and_promises_nothing(
    waits_for: str, subject: str, says: str
) -> None:
    details = (("waits_for", waits_for), ("since", SEEN_AT.isoformat()))
    message = write(facts(AlertKind.PAYOUT_OVERDUE, order=an_order(stage=Stage.RECEIVED), details=details))
    assert message.subject == f"{subject}: Friteuse (45,00 €)"
    assert says in message.text
    assert "    stornowacht show ok7m2xap\n" in message.text


@pytest.mark.parametrize("hostile", HOSTILE)
@IN_BOTH
def test_hostile_names_stay_names_in_every_word_about_time(hostile: str, language: Language) -> None:
    strange = an_order(
        title=hostile, buyer=hostile, carrier=hostile, tracking_number=hostile, stage=Stage.PAID
    )
    case = a_case(CaseKind.IN_TRANSIT, strange, acknowledged_at=SEEN_AT)
    for given in (
        due("tell_support", "keep_proof", after=timedelta(days=2), case=case, order=strange),
        due(hostile, after=timedelta(days=2), case=case, order=strange),
        replace(
            night(details=(("closes", hostile), ("certainty", hostile)), platform=hostile), order=strange
        ),
        hand_in(strange, strange),
        facts(AlertKind.SHIP_BY_OVER, order=strange, details=(("ship_by", hostile), ("origin", hostile))),
        facts(AlertKind.PAYOUT_OVERDUE, order=strange, details=(("waits_for", hostile), ("since", hostile))),
    ):
        message = write(given, language)
        shown = page(message)
        assert "script" not in shown.tags
        assert not shown.values("onerror")
        assert "\n" not in message.subject
        for text in (message.subject, message.summary, message.text, shown.text):
            assert not any(sign in text for sign in "\r\x00\x1b\u202e\u2066\ud800")
            assert "\nBcc" not in text


@IN_BOTH
def test_nothing_known_gives_a_letter_all_the_same(language: Language) -> None:
    for kind in (AlertKind.STEP_DUE, AlertKind.NIGHT_WATCH, AlertKind.HAND_IN_SOON, AlertKind.PAYOUT_OVERDUE):
        bare = facts(kind, order=a_bare_order(), conversation_url=None, picture=None)
        assert write(bare, language).subject.strip()
