"""What is known about carriers: complete, sourced, and with a window that no clock change breaks."""

import tomllib
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

import watcher.carriers
from tests.support.every import every
from watcher.carriers.knowledge import Carrier, Days, Who, all_carriers, carrier
from watcher.domain.fact import Fact, Grade, Saying

FILES = sorted(Path(watcher.carriers.__file__).parent.glob("*.toml"))
EVERY = pytest.mark.parametrize("known", all_carriers(), ids=lambda known: known.id)


def facts_of(known: Carrier) -> list[Fact]:
    parts = (known.cutoff, *known.holds, known.phone, *known.ways)
    facts = [part.fact for part in parts if part is not None and part.fact is not None]
    return [*facts, known.tracking_fact] if known.tracking_fact else facts


def test_each_file_is_one_carrier_and_the_one_for_all_others_comes_last() -> None:
    found = [known.id for known in all_carriers()]
    assert {"dhl", "hermes", "dpd", "gls", "ups", "deutsche_post"} < set(found)
    assert found[-1] == "other"
    assert {known.id for known in all_carriers()} == {file.stem for file in FILES}


@every(
    ("name", "expected"),
    [
        ("dhl", "dhl"),
        ("DHL", "dhl"),
        ("DHL  Paket", "dhl"),
        ("Hermes", "hermes"),
        ("myhermes", "hermes"),
        ("DPD Deutschland", "dpd"),
        ("Einschreiben", "deutsche_post"),
        ("Deutsche Post DHL", "dhl"),
    ],
)
def test_a_carrier_is_found_by_any_of_its_names(name: str, expected: str) -> None:
    assert carrier(name).id == expected


@every("name", [None, "", "  ", "fedex", "DHL\u202e", "{0}", "other"])
def test_whoever_is_not_known_gets_the_entry_for_all_others(name: str | None) -> None:
    assert carrier(name).id == "other"


@EVERY
def test_every_fact_has_a_source_a_date_and_a_confidence(known: Carrier) -> None:
    for fact in facts_of(known):
        assert fact.source.strip()
        assert date(2026, 1, 1) <= fact.seen <= date.today()  # noqa: DTZ011 - a calendar day, not a moment
        assert fact.confidence in Grade
        assert fact.published is None or datetime.strptime(fact.published, "%Y-%m").replace(tzinfo=UTC)


@EVERY
def test_no_phone_number_is_printed_that_nobody_has_confirmed(known: Carrier) -> None:
    assert known.phone is None or (known.phone.fact and known.phone.fact.confidence is Grade.SEEN)


@EVERY
def test_no_two_carriers_have_the_same_name(known: Carrier) -> None:
    assert all(carrier(name) is known for name in (known.id, known.name or known.id, *known.also))


@EVERY
def test_a_storage_period_has_days_and_says_which_it_counts(known: Carrier) -> None:
    for hold in known.holds:
        assert 0 < hold.days <= 30
        assert hold.counted in Days
        assert bool(hold.place.de) == bool(hold.place.en)
        assert hold.note


@every(
    ("name", "holds"),
    [
        ("dhl", [(7, "working")]),
        ("hermes", [(7, "working")]),
        ("dpd", [(7, "calendar"), (3, "calendar")]),
        ("gls", [(8, "weekdays"), (4, "weekdays")]),
        ("ups", [(10, "calendar"), (5, "calendar")]),
        ("deutsche_post", []),
        ("other", []),
    ],
)
def test_how_long_a_parcel_waits_is_what_the_sources_say(name: str, holds: list[tuple[int, str]]) -> None:
    assert [(hold.days, hold.counted) for hold in carrier(name).holds] == holds


@pytest.mark.parametrize("name", ["dpd", "gls", "ups", "deutsche_post", "other"])
def test_no_cutoff_and_no_phone_number_is_made_up(name: str) -> None:
    assert carrier(name).cutoff is None
    assert carrier(name).phone is None


@EVERY
def test_every_way_is_written_in_both_languages(known: Carrier) -> None:
    assert known.ways
    assert len({way.id for way in known.ways}) == len(known.ways)
    for way in known.ways:
        assert way.title
        assert way.how
        for saying in (way.title, way.how, way.have_at_hand, way.afterwards, way.cost):
            assert isinstance(saying, Saying)
            assert bool(saying.de) == bool(saying.en)


@EVERY
def test_there_is_a_way_for_the_buyer_and_one_for_the_seller(known: Carrier) -> None:
    assert {way.who for way in known.ways} == set(Who)


@every("file", FILES, ids=lambda file: file.stem)
def test_no_text_promises_that_a_parcel_can_be_stopped(file: Path) -> None:
    words = file.read_text().casefold()
    for promise in ("stoppen", "stopp es", "to stop", "garantiert", "guaranteed"):
        assert promise not in words
    assert tomllib.loads(words)


def test_what_a_sender_could_do_at_dhl_in_2021_is_shown_as_unverified_and_needs_consent() -> None:
    way = next(way for way in carrier("dhl").ways if way.id == "seller_refuses_with_consent")
    assert way.fact.confidence is Grade.UNVERIFIED
    assert "Zustimmung" in way.have_at_hand.de


def test_a_tracking_address_is_made_of_the_number_and_of_nothing_else() -> None:
    assert carrier("dhl").tracking_url("00340434161094022115").endswith("piececode=00340434161094022115")
    assert carrier("dhl").tracking_url("1&x=<2>/..\n#").endswith("piececode=1%26x%3D%3C2%3E%2F..%0A%23")
    assert carrier("hermes").tracking_url("02180171003654").endswith("#02180171003654")
    assert carrier("ups").tracking_url("1Z 9?").endswith("tracknum=1Z%209%3F")
    assert carrier("deutsche_post").tracking_url("RR1").endswith("/sendungsverfolgung.html")


@pytest.mark.parametrize(("name", "number"), [("dhl", None), ("dhl", " "), ("other", "123")])
def test_without_a_number_or_an_address_there_is_no_tracking_link(name: str, number: str | None) -> None:
    assert carrier(name).tracking_url(number) is None
