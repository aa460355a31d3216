"""Spans of time as people write them."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.every import every
from watcher.durations import LONGEST, duration_text, parse_duration


@every(
    ("text", "seconds"),
    [
        ("90s", 90),
        ("20m", 1200),
        ("2h", 7200),
        ("1d", 86400),
        (" 5 m ", 300),
        ("0s", 0),
        ("366d", 366 * 86400),
    ],
)
def test_a_span_is_a_number_and_a_unit(text: str, seconds: int) -> None:
    assert parse_duration(text) == timedelta(seconds=seconds)


@every("text", ["5", "m", "5 minutes", "-5m", "5.5m", "", "5M", "5m5s", "9999999s", None, 5, 5.0, True])
def test_anything_else_is_refused(text: object) -> None:
    with pytest.raises(ValueError, match="number and a unit"):
        parse_duration(text)


@pytest.mark.parametrize("text", ["367d", "999999h", "999999d"])
def test_more_than_a_year_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="366d"):
        parse_duration(text)


def test_a_span_is_a_span_already() -> None:
    assert parse_duration(timedelta(minutes=3)) == timedelta(minutes=3)


@given(seconds=st.integers(0, int(LONGEST.total_seconds())).filter(lambda n: n < 10**6 or n % 60 == 0))
def test_what_is_written_can_be_read_back(seconds: int) -> None:
    span = timedelta(seconds=seconds)
    assert parse_duration(duration_text(span)) == span


@every(("span", "text"), [(90, "90s"), (3600, "1h"), (7200, "2h"), (86400, "1d"), (0, "0s"), (120, "2m")])
def test_the_largest_unit_that_fits_is_taken(span: int, text: str) -> None:
    assert duration_text(timedelta(seconds=span)) == text
