"""Names, money and moments in both languages."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.support.every import every
from watcher.domain.confidence import Confidence
from watcher.domain.outcome import Outcome
from watcher.domain.stage import Stage
from watcher.domain.step import CaseKind
from watcher.texts import names
from watcher.texts.language import LANGUAGES, Language

AT = datetime(2026, 11, 23, 13, 5, tzinfo=UTC)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_member_has_a_name_of_its_own(language: Language) -> None:
    for kind, name in (
        (Stage, names.stage_name),
        (CaseKind, names.kind_name),
        (CaseKind, names.goods_name),
        (Outcome, names.outcome_name),
        (Confidence, names.confidence_name),
    ):
        spoken = [name(member, language=language) for member in kind]  # type: ignore[operator]
        assert all(spoken)
        assert name is names.goods_name or len(set(spoken)) == len(spoken)


@pytest.mark.parametrize(
    ("cents", "german", "english"),
    [
        (4500, "45,00 €", "€45.00"),
        (5, "0,05 €", "€0.05"),
        (0, "0,00 €", "€0.00"),
        (123456789, "1.234.567,89 €", "€1,234,567.89"),
        (-250, "-2,50 €", "-€2.50"),
    ],
)
def test_money_is_written_as_people_write_it(cents: int, german: str, english: str) -> None:
    assert names.money(cents, language="de") == german
    assert names.money(cents, language="en") == english


def test_a_moment_is_written_with_its_day() -> None:
    assert names.moment(AT, language="de") == "Mo., 23.11., 14:05 Uhr"
    assert names.moment(AT, language="en") == "Mon, 23 Nov, 14:05"


def test_the_given_time_zone_counts() -> None:
    assert names.moment(AT, language="de", tz=ZoneInfo("Asia/Tokyo")) == "Mo., 23.11., 22:05 Uhr"


def test_another_year_is_named() -> None:
    now = datetime(2027, 1, 2, tzinfo=UTC)
    assert names.moment(AT, language="de", now=now) == "Mo., 23.11.2026, 14:05 Uhr"
    assert names.moment(AT, language="en", now=now) == "Mon, 23 Nov 2026, 14:05"


@every(
    ("minutes", "german", "english"),
    [
        (-5, "weniger als einer Minute", "less than a minute"),
        (1, "1 Minute", "1 minute"),
        (90, "90 Minuten", "90 minutes"),
        (190, "3 Stunden", "3 hours"),
        (47 * 60, "47 Stunden", "47 hours"),
        (49 * 60, "2 Tagen", "2 days"),
    ],
)
def test_a_span_is_told_in_its_largest_whole_unit(minutes: int, german: str, english: str) -> None:
    assert names.lasting(timedelta(minutes=minutes), language="de") == german
    assert names.lasting(timedelta(minutes=minutes), language="en") == english


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_unknown_milestone_gives_no_words(language: Language) -> None:
    assert names.until_milestone("on_the_moon", language=language) == ""
