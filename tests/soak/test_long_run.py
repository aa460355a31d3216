"""A year in fast motion with all its bad days: nothing is lost, nothing piles up. `python -m bench.soak` is the long version."""

from collections import Counter
from pathlib import Path

import pytest

from bench.soak import live
from bench.year.bad_days import Bad
from bench.year.house import Year
from bench.year.lines import LOG_MEGABYTES, Month, judge
from tests.support.memory import tmp_path

__all__ = ["tmp_path"]  # a fixture that tests find here

UNTIMED = {"open files", "write-ahead log", "database", "archive", "outbox", "gaps", "trouble told"}


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_year_with_all_its_bad_days_stays_on_its_lines(tmp_path: Path) -> None:
    year = Year(tmp_path / "data", seed=7, checks=400, orders=24)
    try:
        lived = list(live(year))
        assert [
            line for line in judge([month for month, _ in lived]) if line.what in UNTIMED and not line.holds
        ] == []
        met = sum((spent.ended for _, spent in lived), Counter[str]())
        bad = sum((spent.bad for _, spent in lived), Counter[str]())
        assert bad.keys() > {Bad.KILLED, Bad.DISK_FULL, Bad.BUSY, Bad.MAIL_DOWN}
        assert met["ok"] > sum(met.values()) / 2
        assert met["killed"]
        assert year.is_whole()
        rows = year.rows()
        assert rows["asked_for"] == rows["captures_wanted"] == rows["erasures"] == 0
        assert not list((year.folder / "staging").glob("*/*"))
        assert year.mail.taken > rows["outbox"]
    finally:
        year.close()


def month(number: int, **changed: float) -> Month:
    values: dict[str, float] = {
        "memory": 80.0, "files": 6, "database": float(number), "log": 0.1, "archive": float(min(number, 6)), "checks": 100,
        "pages": 300, "lines": 100 * number, "outbox": 50, "opened": 10, "stale": 0, "remembered": 8, "gaps": 2, "troubles": 40,
        "spells": 3, "check_ms": 30.0, "page_ms": 10.0, "round_ms": 5.0,
    }  # fmt: skip
    return Month(number=number, **(values | changed))  # type: ignore[arg-type]


def left(*months: Month) -> set[str]:
    return {line.what for line in judge(months) if not line.holds}


def test_a_straight_year_is_as_expected() -> None:
    assert left(*(month(number) for number in range(1, 13))) == set()


@pytest.mark.parametrize(
    ("grows", "told"),
    [
        ({"memory": 2.0}, "resident memory"),
        ({"files": 1}, "open files"),
        ({"stale": 1}, "outbox"),
        ({"gaps": 1}, "gaps"),
        ({"troubles": 1}, "trouble told"),
        ({"page_ms": 1.0}, "processor time of a page"),
        ({"round_ms": 1.0}, "processor time of a round, for each open case and sale under way"),
    ],
)
def test_what_grows_is_told(grows: dict[str, float], told: str) -> None:
    base = month(1)
    grown = [
        month(number, **{name: getattr(base, name) + by * number for name, by in grows.items()})
        for number in range(1, 13)
    ]
    assert left(*grown) == {told}


def test_what_grows_ever_faster_is_told() -> None:
    bent = [month(number, database=number**2, archive=number**2) for number in range(1, 13)]
    assert left(*bent) == {"database", "archive"}


def test_a_log_that_is_never_folded_in_is_told() -> None:
    months = [month(number) for number in range(1, 13)]
    assert left(*months[:-1], month(12, log=LOG_MEGABYTES + 1)) == {"write-ahead log"}


def test_a_year_of_two_months_is_none() -> None:
    with pytest.raises(ValueError, match="too few"):
        judge([month(1), month(2)])
