"""One ad against the rules: when nothing is said, in what order, and what the photos tell."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.listings.samples import GOOD, NOW, ad, found
from tests.support.every import every
from watcher.domain.ad import Ad, AdStatus, Photo, PriceType, ShippingOffer
from watcher.domain.confidence import Confidence
from watcher.listings.judge import assess, judge
from watcher.listings.rules import own_rule, rules_in_force, shipped_rules

SHARP = Photo(
    number=1, width=1200, height=900, brightness=0.5, sharpness=500.0, fingerprint=0xF0F0F0F0F0F0F0F0
)


def with_photos(*photos: Photo) -> Ad:
    return ad(photos=photos, photo_count=max(len(photos), 3))


def test_an_ad_that_nobody_has_read_is_not_judged():
    judgement = assess(ad(None, photo_count=0, price_cents=None), shipped_rules(), at=NOW)
    assert (judgement.findings, judgement.fine, judgement.is_read) == ((), (), False)


def test_an_ad_that_was_deleted_is_not_judged():
    assert found(ad("", status=AdStatus.DELETED)) == set()


def test_an_empty_description_is_said_once_and_for_certain():
    findings = judge(ad("  \n "), shipped_rules(), at=NOW)
    assert (findings[0].rule.id, findings[0].certainty) == ("text_missing", Confidence.CERTAIN)
    assert found(ad("")) == {"text_missing"}


def test_a_wanted_ad_is_asked_for_title_text_and_age_alone():
    seeking = ad(
        "Suche einen Toaster.",
        title="Toaster",
        wanted=True,
        photo_count=0,
        price_cents=None,
        shipping=ShippingOffer(),
    )
    assert found(seeking) == {"title_short", "text_short"}


def test_a_give_away_is_not_asked_for_price_returns_or_payment():
    giving = ad("Zu verschenken.", price_type=PriceType.GIVE_AWAY, price_cents=None, photo_count=1)
    assert found(giving).isdisjoint(
        {"no_price", "no_returns", "no_payment_deadline", "no_shipping_time", "few_photos"}
    )


def test_where_nothing_is_shipped_nobody_asks_when():
    text = GOOD.replace("Versand nach Zahlungseingang innerhalb 2 Tagen.", "Nur Abholung.").replace(
        "Zahlung bitte innerhalb von 3 Tagen.", ""
    )
    assert {"no_shipping_time", "no_payment_deadline"}.isdisjoint(
        found(ad(text, shipping=ShippingOffer(ships=False)))
    )


def test_whoever_buys_direct_pays_at_once():
    text = GOOD.replace("Zahlung bitte innerhalb von 3 Tagen.", "")
    assert "no_payment_deadline" in found(ad(text))
    direct = ShippingOffer(ships=True, cents=549, buys_direct=True)
    assert "no_payment_deadline" not in found(ad(text, shipping=direct))


def test_no_price_is_a_hint_and_vb_is_one():
    assert "no_price" in found(ad(price_cents=None))
    assert "no_price" not in found(ad(price_cents=None, price_type=PriceType.NEGOTIABLE))


def test_pick_up_only_is_a_hint_where_the_thing_could_be_sent():
    at_home = ShippingOffer(ships=False)
    text = GOOD.replace("Versand nach Zahlungseingang innerhalb 2 Tagen.", "")
    assert "pickup_only" in found(ad(text, shipping=at_home))
    assert "pickup_only" not in found(ad(text, title="Kleiderschrank weiß drei Türen", shipping=at_home))
    assert "pickup_only" not in found(ad(text + "\nGewicht 40 kg", shipping=at_home))


def test_words_of_another_language_are_left_alone_but_photos_are_not():
    turkish = "Çok temiz durumda bir bisiklet ve kask, satılık, araba için uygun"
    judgement = assess(ad(turkish, title="Satılık bisiklet temiz", photo_count=0), shipped_rules(), at=NOW)
    assert judgement.is_foreign
    assert {each.rule.id for each in judgement.findings} == {"text_short", "no_photos"}


def test_findings_stand_in_the_order_of_an_ad_and_hints_last():
    findings = judge(ad("Toaster.", photo_count=1, price_cents=None), shipped_rules(), at=NOW)
    order = [rule.id for rule in shipped_rules()]
    sure = [order.index(each.rule.id) for each in findings if each.certainty is not Confidence.UNSURE]
    hints = [order.index(each.rule.id) for each in findings if each.certainty is Confidence.UNSURE]
    assert sure == sorted(sure)
    assert hints == sorted(hints)
    assert [order.index(each.rule.id) for each in findings] == [*sure, *hints]
    assert sure
    assert hints


def test_the_age_counts_from_now():
    assert "old" not in found(ad(posted_at=NOW - timedelta(days=60)))
    (finding,) = judge(ad(posted_at=NOW - timedelta(days=61)), shipped_rules(), at=NOW)
    assert finding.what("de") == "Die Anzeige ist 61 Tage alt."
    assert found(ad(posted_at=None)) == set()


def test_a_good_photo_has_no_finding():
    assert found(with_photos(SHARP)) == set()


@every(
    ("rule", "value", "certainty"),
    [
        ("photo_dark", {"brightness": 0.21}, Confidence.UNSURE),
        ("photo_dark", {"brightness": 0.1}, Confidence.LIKELY),
        ("photo_blurred", {"sharpness": 29.0}, Confidence.UNSURE),
        ("photo_blurred", {"sharpness": 5.0}, Confidence.LIKELY),
        ("photo_small", {"width": 600, "height": 450}, Confidence.UNSURE),
        ("photo_small", {"width": 300, "height": 390}, Confidence.LIKELY),
        ("photo_broken", {"problem": "broken"}, Confidence.LIKELY),
    ],
)
def test_a_photo_is_named_by_its_number_and_the_worse_the_surer(
    rule: str, value: dict, certainty: Confidence
):
    (finding,) = judge(
        with_photos(SHARP, replace(SHARP, number=2, fingerprint=0x0F0F, **value)), shipped_rules(), at=NOW
    )
    assert (finding.rule.id, finding.certainty, finding.filling["photos"]) == (rule, certainty, "2")


def test_two_photos_of_the_same_view_are_named_together():
    again = replace(SHARP, number=3, fingerprint=SHARP.fingerprint ^ 0b1011)
    other = replace(SHARP, number=2, fingerprint=0x0123456789ABCDEF)
    (finding,) = judge(with_photos(SHARP, other, again), shipped_rules(), at=NOW)
    assert finding.what("en") == "Almost the same view: photo 1, 3."


@pytest.mark.parametrize("fingerprint", [0, None])
def test_pictures_without_any_outline_are_like_nothing(fingerprint: int | None):
    blank = replace(SHARP, fingerprint=fingerprint)
    assert found(with_photos(blank, replace(blank, number=2))) == set()


def test_what_was_not_measured_is_not_judged():
    assert (
        found(
            with_photos(Photo(number=1), Photo(number=2, problem="svg"), Photo(number=3, problem="net::ERR"))
        )
        == set()
    )


def test_own_rules_are_asked_too_and_sure():
    mine = own_rule(name="smoke_free", needs=["Nichtraucher*"], never=[], says="Raucher?", why="", better="")
    never = own_rule(name="no_paypal", needs=[], never=["PayPal"], says="PayPal!", why="Schutz", better="")
    rules = rules_in_force(own=(mine, never))
    findings = judge(ad(GOOD + "\nPayPal möglich"), rules, at=NOW)
    assert [(each.rule.id, each.certainty) for each in findings] == [
        ("smoke_free", Confidence.CERTAIN),
        ("no_paypal", Confidence.CERTAIN),
    ]
    assert found(ad(GOOD + "\nkein PayPal. Tierfreier Nichtraucherhaushalt"), rules) == set()


def test_a_rule_that_is_switched_off_is_silent():
    spoilt = ad(GOOD.replace("Keine Mängel.", ""))
    assert found(spoilt) == {"no_defects"}
    assert found(spoilt, rules_in_force(off=("no_defects",))) == set()


@every(
    ("title", "category"),
    [
        ("Monstera Ableger", "Gartenzubehör & Pflanzen"),
        ("Nachhilfe in Mathe", "Unterricht & Kurse"),
        ("Gutschein fürs Kino", "Gutscheine"),
    ],
)
def test_nobody_asks_a_plant_or_a_lesson_for_its_flaws(title: str, category: str):
    asked = {"no_condition", "no_defects", "no_returns"}
    text = "Gut zwanzig Wörter über das, was es gibt, wann es geht und wo man sich treffen kann, damit es lang genug ist."
    assert asked.isdisjoint(found(ad(text, title=title, category=category)))
    assert asked <= found(ad(text, title="Gartenschere mit Tasche", category="Gartenzubehör & Pflanzen"))
