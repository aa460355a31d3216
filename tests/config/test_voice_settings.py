"""The tables [summary] and [heartbeat]."""

from collections.abc import Callable
from datetime import time
from pathlib import Path

import pytest

from watcher.config import Config
from watcher.domain.summary import SummaryEvery, SummaryPlan

Load = Callable[[str], Config]
Mistakes = Callable[[str], list[str]]


def test_by_default_a_summary_comes_on_monday_morning_and_nobody_is_pinged(config: Load) -> None:
    loaded = config("")
    assert loaded.summary.plan == SummaryPlan(every=SummaryEvery.WEEKLY, at=time(8))
    assert loaded.heartbeat is None


def test_a_summary_comes_as_often_and_when_it_is_wanted(config: Load) -> None:
    plan = config('[summary]\nevery = "daily"\nat = "19:30"').summary.plan
    assert plan == SummaryPlan(every=SummaryEvery.DAILY, at=time(19, 30))


@pytest.mark.parametrize("at", ["8:00", "24:00", "08.00", "morning", "08:00:00", ""])
def test_a_time_that_is_none_is_refused(mistakes: Mistakes, at: str) -> None:
    assert mistakes(f'[summary]\nat = "{at}"') == ['[summary] at: write a time such as "08:00"']


def test_another_rhythm_is_refused_with_those_that_there_are(mistakes: Mistakes) -> None:
    [told] = mistakes('[summary]\nevery = "hourly"')
    assert told == '[summary] every: must be one of "weekly", "daily", "never"'


@pytest.mark.parametrize(
    "url", ["https://hc.example.org/ping/abc", "env:HEARTBEAT", "keyring:stornowacht/heartbeat"]
)
def test_an_address_may_be_written_or_referred_to(config: Load, url: str) -> None:
    table = config(f'[heartbeat]\nurl = "{url}"').heartbeat
    assert table is not None
    assert table.url == url


def test_a_file_is_counted_from_the_configs_folder(config: Load, tmp_path: Path) -> None:
    table = config('[heartbeat]\nurl = "file:heartbeat.txt"').heartbeat
    assert table is not None
    assert table.url == f"file:{tmp_path / 'heartbeat.txt'}"


@pytest.mark.parametrize(
    "url", ["http://hc.example.org/ping", "hc.example.org", "https://a:b@example.org/", ""]
)
def test_what_is_no_safe_address_is_refused(mistakes: Mistakes, url: str) -> None:
    [told] = mistakes(f'[heartbeat]\nurl = "{url}"')
    assert told.startswith("[heartbeat] url: ")


def test_a_practice_server_on_this_machine_needs_no_https(config: Load) -> None:
    assert config('[heartbeat]\nurl = "http://127.0.0.1:8000/ping"').heartbeat is not None
