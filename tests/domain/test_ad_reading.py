"""The clock brings readings of the own ads rarely, by day, and never before a check."""

from dataclasses import replace
from datetime import time, timedelta

from tests.support.clock import NOON
from tests.support.rooms import PACE
from watcher.domain.account import Account
from watcher.domain.ad_reading import reading_is_due
from watcher.domain.budget import Loads
from watcher.domain.outcome import Outcome
from watcher.domain.permission import is_due
from watcher.domain.quiet_hours import NEVER_QUIET, QuietHours

WEEK = timedelta(days=7)
CHECKED = Account(
    name="main",
    last_outcome=Outcome.OK,
    last_check_at=NOON - timedelta(minutes=30),
    next_check_at=NOON + timedelta(minutes=30),
)


def due(account: Account = CHECKED, *, quiet: QuietHours = NEVER_QUIET, **ways: object) -> bool:
    usual: dict[str, object] = {"every": WEEK, "has_waiting": False, "modes": ("scheduled",), "pace": PACE}
    return reading_is_due(account, quiet=quiet, now=NOON, **(usual | ways))  # type: ignore[arg-type]


def test_the_first_reading_comes_once_a_check_has_read_the_account() -> None:
    assert due()
    assert not due(Account(name="main"))
    for trouble in set(Outcome) - {Outcome.OK, Outcome.PARTIAL}:
        assert not due(replace(CHECKED, last_outcome=trouble)), trouble


def test_the_next_one_comes_when_the_last_is_old_enough() -> None:
    assert not due(replace(CHECKED, ads_read_at=NOON - WEEK + timedelta(minutes=1)))
    assert due(replace(CHECKED, ads_read_at=NOON - WEEK))
    assert due(replace(CHECKED, ads_read_at=NOON + timedelta(days=400))), "a clock was wrong"


def test_while_ads_wait_that_were_never_opened_a_day_is_enough() -> None:
    yesterday = replace(CHECKED, ads_read_at=NOON - timedelta(days=1))
    assert due(yesterday, has_waiting=True)
    assert not due(yesterday)
    assert not due(replace(yesterday, ads_read_at=NOON - timedelta(hours=23)), has_waiting=True)


def test_a_check_that_is_due_or_was_just_made_comes_first() -> None:
    assert not due(replace(CHECKED, next_check_at=NOON))
    assert not due(replace(CHECKED, next_check_at=None))
    assert not due(replace(CHECKED, last_check_at=NOON - timedelta(minutes=4)))


def test_neither_at_night_nor_in_quiet_hours() -> None:
    night = replace(PACE, night=(time(12), time(14)))
    assert not due(pace=night)
    assert not due(quiet=QuietHours(hours=(time(12), time(14))))


def test_neither_in_a_cool_down_nor_beyond_the_days_page_loads() -> None:
    assert not due(replace(CHECKED, cool_down_until=NOON + timedelta(minutes=1)))
    spent = replace(CHECKED, loads=Loads().plus(50, at=NOON))
    assert not due(spent, pace=replace(PACE, pages_per_day=50))


def test_where_the_clock_brings_no_visits_it_brings_no_reading() -> None:
    assert not due(modes=("mail",))
    assert not due(modes=("passive",))


def test_no_check_comes_sooner_after_a_reading_than_the_floor() -> None:
    asked = replace(CHECKED, next_check_at=NOON, ads_read_at=NOON - timedelta(minutes=4))
    assert not is_due(asked, ("scheduled",), asked=True, floor=PACE.floor, now=NOON)
    assert is_due(asked, ("scheduled",), asked=True, floor=PACE.floor, now=NOON + timedelta(minutes=1))
