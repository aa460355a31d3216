"""The time line: the ledger in words, in both languages."""

from datetime import timedelta

import pytest

from tests.dossier.handing import Handing, unpacked
from tests.dossier.test_export import note, paper
from tests.support.clock import NOON
from watcher.domain.event import EventKind
from watcher.domain.parcel import Milestone, Origin, Sighting
from watcher.dossier.words import has_words
from watcher.texts.language import LANGUAGES


@pytest.fixture
def order(archive):
    return archive.order("friteuse", first_seen_at=NOON, stage_at=NOON, last_seen_at=NOON)


def told(handing: Handing, order_id: str) -> list[tuple[str, str, str]]:
    dossier = paper(unpacked(handing.out(order_id).handed[0].path), "dossier.json")
    return [
        (entry["moment"]["what"], entry["moment"]["detail"], entry["source"]) for entry in dossier["timeline"]
    ]


def record(archive, order, kind, *, minutes=0, **facts):
    with archive.store.writing() as writing:
        at = NOON + timedelta(minutes=minutes)
        writing.record(kind, at=at, account="main", order=order.id, **facts)


def test_every_kind_of_event_about_an_order_has_words_in_both_languages():
    about_orders = [
        kind for kind in EventKind if kind.value.startswith("order_") or kind is EventKind.STAGE_CHANGED
    ]
    assert len(about_orders) > 8
    for language in LANGUAGES:
        assert [kind for kind in about_orders if not has_words(f"line.{kind}", language=language)] == []


@pytest.mark.parametrize(
    ("kind", "words"),
    [("reminder_due", "Erinnerung fällig"), ("reminders_stopped", "Keine weiteren Erinnerungen")],
)
def test_what_became_of_the_reminders_is_told_in_words(archive, order, handing, kind, words):
    record(archive, order, kind)
    assert [what for what, _detail, _source in told(handing, order.id)] == [words]
    assert all(has_words(f"line.{kind}", language=language) for language in LANGUAGES)


def test_an_event_is_told_with_its_line_and_how_sure_it_is(archive, order, handing):
    record(archive, order, "order_cancelled", stage="cancelled", confidence="likely")
    assert told(handing, order.id) == [("Stornierung gesehen (wahrscheinlich)", "", "Protokoll, Zeile 1")]


def test_one_alert_through_several_channels_is_one_entry(archive, order, handing):
    for channel in ("email", "desktop"):
        record(archive, order, "alert_sent", alert="cfriteuse/case_opened/0", channel=channel, round=0)
    record(
        archive, order, "alert_sent", minutes=30, alert="cfriteuse/case_reminder/1", channel="email", round=1
    )
    assert told(handing, order.id) == [
        ("Benachrichtigt über E-Mail, Desktop: Stornierung oder Problem", "", "Protokoll, Zeile 1, 2"),
        ("Benachrichtigt über E-Mail: Erinnerung an einen offenen Fall", "", "Protokoll, Zeile 3"),
    ]


def test_a_plan_that_says_nothing_new_of_the_goods_is_told_once(archive, order, handing):
    for minutes, goods in enumerate(["in_transit", "in_transit", "after_delivery"]):
        record(archive, order, "case_planned", minutes=minutes, case="cfriteuse", goods=goods)
    assert [what for what, _, _ in told(handing, order.id)] == [
        "Fall: unterwegs zum Käufer",
        "Fall: beim Käufer",
    ]


def test_a_note_is_told_in_its_own_words_and_a_parcel_in_the_carrier_s(archive, order, handing):
    note(archive, order, "Um 14:10 angerufen")
    sighting = Sighting(
        order=order.id,
        milestone=Milestone.RETURNED,
        at=NOON + timedelta(hours=1),
        learnt_at=NOON + timedelta(hours=2),
        origin=Origin.PASTE,
        words="zurück beim Absender",
    )
    with archive.store.writing() as writing:
        writing.save_sighting(sighting)
    assert told(handing, order.id) == [
        ("Notiz", "Um 14:10 angerufen", "Protokoll, Zeile 1"),
        (
            "Paket wieder beim Verkäufer",
            "„zurück beim Absender“",
            "Seite des Paketdienstes, vom Verkäufer eingefügt",
        ),
    ]


def test_a_line_of_another_version_is_told_by_its_name(archive, order, handing):
    record(
        archive,
        order,
        "brand_new_thing",
        stage="not a stage",
        confidence="very",
        ending="so so",
        goods="gone",
    )
    assert told(handing, order.id) == [("brand new thing", "", "Protokoll, Zeile 1")]


def test_a_sign_worth_a_look_is_for_the_seller_alone(archive, order, handing):
    record(archive, order, "signs_noticed", rules=["pay_elsewhere"])
    assert told(handing, order.id) == []


def test_the_same_is_told_in_english(archive, order, tmp_path):
    record(archive, order, "order_cancelled", stage="cancelled", confidence="certain")
    english = Handing(archive, tmp_path / "english", language="en")
    assert told(english, order.id) == [("Cancellation seen", "", "ledger, line 1")]
