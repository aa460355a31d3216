"""What is known about carriers: complete, sourced, and with a window that no clock change breaks."""

import tomllib
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

import watcher.carriers
from watcher.carriers.knowledge import Carrier, Who, all_carriers, carrier, window_of
from watcher.domain.fact import Fact, Grade, Saying

BERLIN = ZoneInfo("Europe/Berlin")
FILES = sorted(Path(watcher.carriers.__file__).parent.glob("*.toml"))
EVERY = pytest.mark.parametrize("known", all_carriers(), ids=lambda known: known.id)


def facts_of(known: Carrier) -> list[Fact]:
    parts = (known.cutoff, known.hold, known.phone, *known.ways)
    facts = [part.fact for part in parts if part is not None]
    return [*facts, known.tracking_fact] if known.tracking_fact else facts


def test_each_file_is_one_carrier_and_the_one_for_all_others_comes_last() -> None:
    found = [known.id for known in all_carriers()]
    assert {"dhl", "hermes"} < set(found)
    assert found[-1] == "other"
    assert {known.id for known in all_carriers()} == {file.stem for file in FILES}


@pytest.mark.parametrize(
    ("name", "expected"),
    [("dhl", "dhl"), ("DHL", "dhl"), ("DHL  Paket", "dhl"), ("Hermes", "hermes"), ("myhermes", "hermes")],
)
def test_a_carrier_is_found_by_any_of_its_names(name: str, expected: str) -> None:
    assert carrier(name).id == expected


@pytest.mark.parametrize("name", [None, "", "  ", "dpd", "DHL\u202e", "{0}", "other"])
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
    assert known.phone is None or known.phone.fact.confidence is Grade.SEEN


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


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
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


@pytest.mark.parametrize(("name", "number"), [("dhl", None), ("dhl", " "), ("other", "123")])
def test_without_a_number_or_an_address_there_is_no_tracking_link(name: str, number: str | None) -> None:
    assert carrier(name).tracking_url(number) is None


@pytest.mark.parametrize(
    ("name", "at", "closes"),
    [
        ("dhl", "2026-11-22 21:05", "2026-11-23 04:00"),
        ("dhl", "2026-11-23 03:59:59", "2026-11-23 04:00"),
        ("dhl", "2026-11-23 04:00", "2026-11-24 04:00"),
        ("dhl", "2026-11-23 04:00:01", "2026-11-24 04:00"),
        ("hermes", "2026-11-22 21:59", "2026-11-22 22:00"),
        ("hermes", "2026-11-22 22:00", "2026-11-23 22:00"),
        ("dhl", "2026-12-31 23:59", "2027-01-01 04:00"),
        ("dhl", "2027-03-27 23:00", "2027-03-28 04:00"),
        ("dhl", "2027-03-28 01:59", "2027-03-28 04:00"),
        ("dhl", "2026-10-24 23:00", "2026-10-25 04:00"),
        ("hermes", "2026-10-24 22:30", "2026-10-25 22:00"),
    ],
)
def test_the_window_closes_at_the_next_cutoff_on_the_clock_in_berlin(name: str, at: str, closes: str) -> None:
    moment = datetime.fromisoformat(at).replace(tzinfo=BERLIN)
    window = window_of(name, moment.astimezone(UTC))
    assert window.closes_at.astimezone(BERLIN) == datetime.fromisoformat(closes).replace(tzinfo=BERLIN)
    assert window.closes_at.utcoffset() == timedelta(0)


def test_the_night_on_which_the_clocks_go_back_is_an_hour_longer() -> None:
    before = datetime(2026, 10, 24, 23, 0, tzinfo=BERLIN).astimezone(UTC)
    assert window_of("dhl", before).closes_at - before == timedelta(hours=6)


@pytest.mark.parametrize("fold", [0, 1])
def test_both_half_past_twos_of_that_night_have_the_same_cutoff(fold: int) -> None:
    at = datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN, fold=fold).astimezone(UTC)
    assert window_of("dhl", at).closes_at == datetime(2026, 10, 25, 3, 0, tzinfo=UTC)


@given(st.datetimes(datetime(2025, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC)))
def test_a_cutoff_is_always_ahead_and_never_more_than_a_day_and_an_hour(at: datetime) -> None:
    for name in ("dhl", "hermes"):
        assert timedelta(0) < window_of(name, at).closes_at - at <= timedelta(hours=25)


def test_without_a_known_cutoff_everything_is_due_at_once() -> None:
    at = datetime(2026, 11, 22, 20, 5, tzinfo=UTC)
    assert window_of("dpd", at).closes_at == at
    assert window_of(None, at).closes_at == at


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        window_of("dhl", datetime(2026, 11, 22))
