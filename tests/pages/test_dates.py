"""German dates as pages show them."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.pages.captures import steady
from tests.support.every import every
from watcher.pages.dates import moment_of

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)  # a Sunday, 11:00 in Berlin


@every(
    ("text", "moment"),
    [
        ("Heute 09:15", "2026-11-22T08:15"),
        ("Heute, 09:15 Uhr", "2026-11-22T08:15"),
        ("heute\u00a009:15", "2026-11-22T08:15"),
        ("Gestern 23:59", "2026-11-21T22:59"),
        ("Vorgestern", "2026-11-19T23:00"),
        ("Freitag", "2026-11-19T23:00"),
        ("Sonntag 08:00", "2026-11-15T07:00"),
        ("18.11.2026 08:00", "2026-11-18T07:00"),
        ("18.11.26", "2026-11-17T23:00"),
        ("12.05.", "2026-05-11T22:00"),
        ("24.12.", "2025-12-23T23:00"),
        ("23.11.", "2026-11-22T23:00"),
        ("29.02.", "2024-02-28T23:00"),
        ("Mo., 16.11.2026, 08:00", "2026-11-16T07:00"),
        ("am 18.11.2026 um 08:00 Uhr", "2026-11-18T07:00"),
        ("Sonnabend", "2026-11-20T23:00"),
        ("12. Mai 2026", "2026-05-11T22:00"),
        ("3. März, 07:00", "2026-03-03T06:00"),
        ("1. Dez.", "2025-11-30T23:00"),
        ("3. Mrz", "2026-03-02T23:00"),
        ("vor 5 Minuten", "2026-11-22T09:55"),
        ("vor einer Stunde", "2026-11-22T09:00"),
        ("vor 3 Tagen", "2026-11-19T10:00"),
    ],
)
def test_a_date_is_the_moment_that_a_reader_would_take_it_for(text: str, moment: str) -> None:
    assert moment_of(text, now=NOW) == datetime.fromisoformat(moment).replace(tzinfo=UTC)


@every(
    "text",
    ["", "Neu", "5. Mail", "Tisch vom 12.05.2026 in Eiche", "vor 9999 wochen", "vor 10000 Tagen", "Heute 45,00 €", "45,00 €", "12.05", "31.02.2026", "30.02.", "99.99.2026", "25:00", "01.01.1066", "2026"],
)  # fmt: skip
def test_what_is_no_date_is_none(text: str) -> None:
    assert moment_of(text, now=NOW) is None


@pytest.mark.parametrize(
    ("now", "text", "moment"),
    [
        ("2026-10-25T02:30", "Heute 02:30", "2026-10-25T00:30"),  # the hour that comes twice
        ("2026-10-25T12:00", "Gestern 12:00", "2026-10-24T10:00"),
        ("2026-03-29T12:00", "Heute 02:30", "2026-03-29T01:30"),  # the hour that is left out
        ("2026-03-29T12:00", "Gestern 12:00", "2026-03-28T11:00"),
    ],
)
def test_nights_in_which_the_clocks_change_are_read_right(now: str, text: str, moment: str) -> None:
    found = moment_of(text, now=datetime.fromisoformat(now).replace(tzinfo=UTC))
    assert found == datetime.fromisoformat(moment).replace(tzinfo=UTC)


@steady
@given(st.text(max_size=80), st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)))
def test_no_text_is_too_strange(text: str, now: datetime) -> None:
    moment_of(text, now=now)


@steady
@given(
    st.sampled_from(["vor {} Minuten", "vor {} Wochen", "{}.{}.", "{}:{}", "{}. Mai {}", "Heute {}:{}"]),
    st.integers(0, 99999),
    st.integers(0, 99999),
)
def test_numbers_that_make_no_date_do_no_harm(pattern: str, one: int, other: int) -> None:
    found = moment_of(pattern.format(one, other), now=NOW)
    assert found is None or found < NOW + timedelta(days=2)
