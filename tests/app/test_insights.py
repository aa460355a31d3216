"""From when on figures are asked for, as people write it."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.every import every
from watcher.app.insights import since_when
from watcher.errors import UsageError

NOW = datetime(2026, 3, 31, 10, tzinfo=UTC)


@every(
    ("text", "begins"),
    [
        ("1d", "2026-03-30T00:00:00+02:00"),
        ("90d", "2025-12-31T00:00:00+01:00"),
        ("2w", "2026-03-17T00:00:00+01:00"),
        # The last day of a shorter month; February has no 31st.
        ("1m", "2026-02-28T00:00:00+01:00"),
        ("3m", "2025-12-31T00:00:00+01:00"),
        ("15m", "2024-12-31T00:00:00+01:00"),
        ("1y", "2025-03-31T00:00:00+02:00"),
        (" 1Y ", "2025-03-31T00:00:00+02:00"),
        ("2026-01-31", "2026-01-31T00:00:00+01:00"),
        ("2026-03-31", "2026-03-31T00:00:00+02:00"),
    ],
)
def test_a_span_begins_with_a_german_day(text: str, begins: str):
    assert since_when(text, now=NOW) == datetime.fromisoformat(begins)


def test_all_has_no_beginning():
    assert since_when("all", now=NOW) is None


def test_the_same_words_mean_the_same_all_day_long():
    late = datetime(2026, 3, 31, 21, 59, tzinfo=UTC)
    assert since_when("1m", now=late) == since_when("1m", now=NOW)


@every(
    "text",
    [
        "",
        "1",
        "d",
        "0d",
        "-1d",
        "1.5y",
        "9999y",
        "9999m9",
        "2026-04-01",
        "2026-02-30",
        "gestern",
        "1 y",
        "¹d",
        "1d\n1d",
    ],
)
def test_what_says_no_time_is_refused_with_the_way_out(text: str):
    with pytest.raises(UsageError) as refused:
        since_when(text, now=NOW)
    assert repr(text) in refused.value.message
    assert "1y" in refused.value.advice


@given(st.text(max_size=12))
def test_no_text_breaks_it(text: str):
    try:
        begins = since_when(text, now=NOW)
    except UsageError:
        return
    assert begins is None or begins <= NOW
