"""`carriers`: everything that is known about each carrier, where from, and what the seller has entered."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from fixtures.shop.histories import parcel_number
from tests.support.cli import CommandLine
from tests.support.clock import NOON, Clock
from tests.support.sales import plant
from watcher.carriers import own
from watcher.carriers.knowledge import all_carriers
from watcher.postman.letter_words import source_line

OWN = '[carrier.hermes]\nphone = "030 23125 000"\nnote = "Zweimal klingeln"\ncutoff = "21:15"\nhold_working_days = 5\n'
WAITS = "Die Sendung liegt in der Filiale zur Abholung bereit."


def flat(text: str) -> str:
    """Undo the breaking of lines; addresses are broken behind a slash."""
    return re.sub(r"\s+", " ", text)


def bare(text: str) -> str:
    return re.sub(r"\s+", "", text)


@pytest.fixture(autouse=True)
def nothing_in_force(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own, "_in_force", [{}])


@pytest.mark.parametrize("language", ["de", "en"])
def test_everything_is_shown_with_its_source_in_either_language(cli: CommandLine, language: str) -> None:
    cli.write_config(spoken=language)
    said = cli("carriers")
    assert (said.code, said.err) == (0, "")
    words = bare(said.out)
    for known in all_carriers():
        assert known.name.upper() in said.out
        for part in (*known.ways, *known.holds, *filter(None, [known.cutoff])):
            assert bare(source_line(part.fact, language=language)) in words
        for way in known.ways:
            for saying in (way.title, way.how, way.have_at_hand, way.afterwards, way.cost):
                assert bare(saying.said(language)) in words


@pytest.mark.parametrize("language", ["de", "en"])
def test_no_line_is_wider_than_a_terminal(cli: CommandLine, language: str) -> None:
    cli.write_config(spoken=language, more=OWN + f'[carrier.dhl]\nnote = "{"wort " * 50}"\n')
    assert max(map(len, cli("carriers").out.splitlines())) <= 80


def test_it_needs_no_data_and_makes_none(cli: CommandLine) -> None:
    assert cli("carriers").code == 0
    assert not cli.data.exists()


@pytest.mark.parametrize("name", ["hermes", "HERMES", "myHermes"])
def test_one_carrier_is_shown_by_any_of_its_names(cli: CommandLine, name: str) -> None:
    said = cli("carriers", name)
    assert said.code == 0
    assert "HERMES" in said.out
    assert "DHL" not in said.out


def test_what_is_not_known_is_said_with_where_to_look_and_where_to_keep_it(cli: CommandLine) -> None:
    words = flat(cli("carriers", "deutsche_post").out)
    assert "Look it up here: in tracking, or on your receipt." in words
    assert '[carrier.deutsche_post] phone = "…"' in words
    assert "Requests until: not known, so ask at once." in words
    assert "Storage period: not known" in words
    assert "[carrier.other]" not in cli("carriers", "other").out


def test_own_entries_stand_in_for_the_facts_and_are_named_as_own(cli: CommandLine) -> None:
    shipped = cli("carriers", "hermes").out
    assert "your own entry" not in shipped
    cli.write_config(more=OWN)
    lines = [line.strip() for line in cli("carriers", "hermes").out.splitlines()]
    for line in (
        "Phone: 030 23125 000",
        "Requests until: 21:15",
        "Storage period: 5 working days (Mon-Sat)",
        "Note: Zweimal klingeln",
    ):
        assert lines[lines.index(line) + 1] == "your own entry"
    assert not any("22:00" in line for line in lines)
    assert "your own entry" not in cli("carriers", "dhl").out


def test_old_facts_are_shown_as_old_and_own_entries_are_not(
    cli: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "OLD:" not in cli("carriers").out
    monkeypatch.setattr("watcher.cli.carriers.now", lambda: datetime(2028, 1, 1, tzinfo=UTC))
    cli.write_config(more=OWN)
    words = cli("carriers", "hermes").out
    [hermes] = cli("carriers", "hermes", "--json").json["carriers"]
    assert words.count("OLD: nobody has read the source") == 1 + len(hermes["ways"])
    assert all(way["old"] for way in hermes["ways"])
    assert not hermes["phone"]["old"]


def test_scripts_get_everything_with_the_contracts_keys(cli: CommandLine) -> None:
    cli.write_config(more=OWN)
    found = {each["id"]: each for each in cli("carriers", "--json").json["carriers"]}
    assert list(found) == [known.id for known in all_carriers()]
    keys = {"id", "name", "also", "tracking", "phone", "cutoff", "holds", "ways", "own_note", "own_attempts"}
    assert all(each.keys() == keys for each in found.values())
    assert found["other"]["phone"] is None
    hermes, nothing = found["hermes"], {"source": None, "published": None, "seen": None, "confidence": None}
    assert hermes["phone"] == {"number": "030 23125 000", "own": True, "old": False, **nothing}
    assert hermes["own_note"] == "Zweimal klingeln"
    assert [hold["days"] for hold in found["dpd"]["holds"]] == [7, 3]
    assert found["gls"]["holds"][0]["confidence"] == "unverified"
    english = cli("carriers", "--json").out
    cli.write_config(spoken="de", more=OWN)
    assert cli("carriers", "--json").out == english


@pytest.mark.parametrize("name", ["fedex", "", "\udcff", "{0}", "x\x1b[2J"])
def test_a_carrier_that_nobody_described_is_wrong_usage(cli: CommandLine, name: str) -> None:
    said = cli("carriers", name)
    assert (said.code, said.out) == (2, "")
    assert "deutsche_post, dhl, dpd, gls, hermes, ups" in said.err
    assert "\x1b" not in said.err


@pytest.fixture
def waiting(seller: CommandLine, order_id: str, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    """The parcel waits in a branch since Tuesday, 24 November."""
    clock = Clock(NOON + timedelta(days=2))
    monkeypatch.setattr("watcher.cli.track.now", clock)
    monkeypatch.setattr("watcher.cli.show.now", clock)
    number = parcel_number("0034043420051118270")
    assert seller("track", order_id, f"{number}\nDi, 24.11.2026, 09:10\n{WAITS}").code == 0
    return seller


def test_a_parcel_that_waits_is_told_with_the_day_on_which_it_goes_back(
    waiting: CommandLine, order_id: str
) -> None:
    words = "goes back by itself from about Thu, 3 Dec if nobody collects it (likely)"
    assert words in waiting("track", order_id).out
    assert words in waiting("show", order_id).out
    expected = {"on": "2026-12-03", "certainty": "likely"}
    assert waiting("track", order_id, "--json").json["goes_back"] == expected
    assert waiting("show", order_id, "--json").json["goes_back"] == expected


def test_an_own_storage_period_moves_that_day(waiting: CommandLine, order_id: str) -> None:
    waiting.write_config(more="[carrier.dhl]\nhold_working_days = 2\n")
    assert "from about Fri, 27 Nov" in waiting("track", order_id).out


def test_a_day_that_is_over_is_told_as_over(
    waiting: CommandLine, order_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("watcher.cli.track.now", Clock(NOON + timedelta(days=20)))
    assert "should be going back by itself since about Thu, 3 Dec" in waiting("track", order_id).out


def test_a_parcel_that_does_not_wait_has_no_such_day(seller: CommandLine, order_id: str) -> None:
    assert "by itself" not in seller("track", order_id).out
    assert seller("track", order_id, "--json").json["goes_back"] is None


def test_the_sellers_own_record_stands_beside_the_carriers_facts(cli: CommandLine) -> None:
    """Ten of forty parcels with Hermes were cancelled on their way and asked back; of five it is known that they came back."""
    plant(cli.data, now=datetime(2026, 11, 26, 12, tzinfo=UTC))
    attempts = cli("carriers", "hermes", "--json").json["carriers"][0]["own_attempts"]
    assert (attempts["decided"] + attempts["open"] + attempts["unknown"], attempts["came_back"]) == (10, 5)
    assert "With you: 5 of 5 came back; too few to say (5 not known)." in cli("carriers", "hermes").out
    assert "With you" not in cli("carriers", "gls").out
    assert cli("carriers", "gls", "--json").json["carriers"][0]["own_attempts"] is None


def test_before_anything_is_known_no_storage_is_made_for_the_facts(cli: CommandLine) -> None:
    assert cli("carriers").code == 0
    assert not cli.data.exists()
