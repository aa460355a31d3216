"""`listings`: the own ads against the rules, as text and as JSON; what was not read is said to be so."""

import re

import pytest

from tests.listings.samples import GOOD, NOW, ad
from tests.support.ads import plant_ads
from tests.support.cli import CommandLine
from watcher.domain.ad import AdStatus, Photo, PriceType

SPOILT = ad(
    "Regal, nur Abholung.", id="3000000001", title="Regal", photo_count=1, price_type=PriceType.NEGOTIABLE
)
FINE = ad(id="3000000002", title="Moulinex Super Uno Fritteuse", status=AdStatus.RESERVED)
UNREAD = ad(None, id="3000000003", title="Bosch Akkuschrauber PSR 18")
GONE = ad(id="3000000004", title="Längst verkauft")
HOSTILE = ad(
    GOOD, id="3000000005", title="\x1b[2JLampe\u202e in warmem Rot", photos=(Photo(number=2, problem="svg"),)
)


@pytest.fixture
def shop(cli: CommandLine, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    plant_ads(cli.data, (FINE, HOSTILE, SPOILT), unread=(UNREAD,), gone=(GONE,), now=NOW)
    monkeypatch.setattr("watcher.cli.listings.now", lambda: NOW)
    return cli


def test_before_the_first_reading_it_says_so_and_how_to_begin(cli: CommandLine) -> None:
    said = cli("listings")
    assert (said.code, said.err) == (0, "")
    assert "not been read yet" in said.out
    assert "stornowacht listings --read" in said.out


def test_each_ad_stands_with_its_findings_the_worst_first(shop: CommandLine) -> None:
    out = shop("listings").out
    assert out.index("Regal") < out.index("Moulinex") < out.index("Bosch")
    assert "• The condition is not named.  (likely)" in out
    assert "3000000001 · €45.00 VB · read yesterday" in out
    assert "3000000002 · €45.00 · reserved · read yesterday at 13:00 · nothing found" in out


def test_the_heading_says_what_was_read_and_what_was_not(shop: CommandLine) -> None:
    lines = shop("listings").out.splitlines()
    assert lines[1] == "4 ads · 1 with something to mend · 1 not read yet · list read today at 11:00"
    assert "3000000003 · €45.00 · not read yet" in "\n".join(lines)


def test_a_list_that_was_cut_short_is_said_to_be(cli: CommandLine) -> None:
    plant_ads(cli.data, (FINE,), now=NOW, complete=False)
    assert "not read to its end" in cli("listings").out
    assert cli("listings", "--json").json["complete"] is False


def test_why_and_better_words_stand_once_for_all_ads(shop: CommandLine) -> None:
    out = shop("listings").out
    assert out.count("For example: “Zustand: gebraucht") == 1
    assert re.search(r"Condition – in 1 ad\s+\(no_condition\)", out)


def test_one_ad_in_full_says_also_what_is_in_order(shop: CommandLine) -> None:
    out = shop("listings", "--ad", "3000000002").out
    assert "In order: title, description," in out
    assert "Regal" not in out
    spoilt = " ".join(shop("listings", "--ad", "3000000001").out.split())
    assert "For example: “Zustand: gebraucht, aber gut gepflegt. Alles funktioniert.”" in spoilt


def test_what_is_gone_is_shown_no_more(shop: CommandLine) -> None:
    assert "Längst verkauft" not in shop("listings").out


def test_an_ad_that_is_not_known_is_wrong_usage(shop: CommandLine) -> None:
    said = shop("listings", "--ad", "1234")
    assert said.code == 2
    assert "There is no ad '1234' among your own." in said.err


def test_a_title_cannot_steer_the_terminal_and_unmeasured_photos_are_named(shop: CommandLine) -> None:
    out = shop("listings").out
    assert "\u202e" not in out
    assert "\x1b[2J" not in out
    assert "Photo 2 was not measured: it is a drawing." in out


def test_scripts_get_every_finding_in_both_languages(shop: CommandLine) -> None:
    told = shop("listings", "--json").json
    assert told.keys() == {"account", "read_at", "complete", "ads"}
    assert (told["account"], told["complete"]) == ("main", True)
    first = told["ads"][0]
    assert first.keys() >= {"id", "title", "status", "price_cents", "read_at", "findings"}
    assert (first["id"], first["price_cents"], first["status"]) == ("3000000001", 4500, "active")
    finding = next(each for each in first["findings"] if each["rule"] == "no_condition")
    assert finding.keys() == {"rule", "tip", "what", "why", "better", "certainty"}
    assert (finding["tip"], finding["certainty"]) == (1, "likely")
    assert finding["what"] == {"de": "Der Zustand ist nicht genannt.", "en": "The condition is not named."}
    assert told["ads"][-1]["read_at"] is None
    assert told["ads"][-1]["findings"] == []


def test_the_rules_stand_with_their_sources_and_what_no_ad_shows(shop: CommandLine) -> None:
    out = shop("listings", "--rules").out
    assert "no_condition: The condition is not named." in out
    assert (
        "Source: Kleinanzeigen Safe Pay: Seller's Guide To Cancellations, prevention 1, read 11/2026;"
        in " ".join(out.split())
    )
    assert "Tip 4, Answer questions promptly: No ad shows that." in " ".join(out.split())
    assert "{" not in out
    assert {rule["id"] for rule in shop("listings", "--rules", "--json").json["rules"]} >= {
        "no_condition",
        "old",
    }


def test_own_rules_and_those_switched_off_count(shop: CommandLine) -> None:
    shop.write_config(
        more='[listings]\noff = ["no_condition"]\n[[listings.rule]]\nid = "smoke"\nneeds = ["Nichtraucher*"]\nsays = "Smoke?"\n'
    )
    out = shop("listings").out
    assert "The condition is not named" not in out
    assert "• Smoke?  (certain)" in out
    rules = shop("listings", "--rules").out
    assert "From your config." in rules
    assert "Switched off in your config: no_condition" in rules


def test_braces_in_an_own_rule_are_plain_signs(shop: CommandLine) -> None:
    shop.write_config(
        more='[listings]\n[[listings.rule]]\nid = "smoke"\nneeds = ["Nichtraucher*"]\nsays = "Half a { of {it}"\n'
    )
    assert "smoke: Half a { of …  (certain)" in shop("listings", "--rules").out
    assert "• Half a { of {it}  (certain)" in shop("listings").out


def test_german_sellers_are_spoken_to_in_german(shop: CommandLine) -> None:
    shop.write_config(spoken="de")
    assert "• Der Zustand ist nicht genannt." in shop("listings").out


def test_an_account_that_is_not_in_the_config_is_wrong_usage(shop: CommandLine) -> None:
    assert shop("listings", "nobody").code == 2


def test_several_accounts_are_a_list(shop: CommandLine) -> None:
    shop.write_config(more='[[account]]\nname = "main"\n[[account]]\nname = "other"\n')
    told = shop("listings", "--json").json
    assert [each["account"] for each in told] == ["main", "other"]
    assert shop("listings", "other", "--json").json["ads"] == []
