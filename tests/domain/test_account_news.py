"""What a check says about the account itself."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.domain.samples import NOW, kinds, reading, unread
from watcher.domain.account import Account
from watcher.domain.account_news import AccountNews, account_news
from watcher.domain.alert import AlertKind
from watcher.domain.budget import Loads
from watcher.domain.event import EventKind
from watcher.domain.outcome import Cause, Outcome
from watcher.domain.reading import Problem, ProblemKind, Reading, Statement
from watcher.domain.session import Session
from watcher.domain.stage import Stage

DAY = timedelta(days=1)


def news(
    one: Reading, account: Account | None = None, *, pages_per_day: int | None = None, **before: Statement
) -> AccountNews:
    return account_news(account or Account(name="main"), one, statements=before, pages_per_day=pages_per_day)


def alerts(found: AccountNews) -> list[AlertKind]:
    return [alert.kind for alert in found.alerts]


def says(*stages: tuple[Stage, int], digest: str = "new") -> Statement:
    return Statement(page="payments", stages=stages, digest=digest)


def test_trouble_names_what_exactly_was_met():
    found = news(replace(unread(Outcome.LOGGED_OUT), cause=Cause.GATEWAY_REFUSED))
    [alert] = found.alerts
    assert dict(alert.details) == {"outcome": "logged_out", "cause": "gateway_refused"}
    [event] = found.events
    assert (event.kind, dict(event.details)) == (EventKind.SESSION_ENDED, {"cause": "gateway_refused"})


def test_a_login_that_is_about_to_end_is_announced_once():
    session = Session(since=NOW - 10 * DAY, seen_at=NOW, lives=(10 * DAY, 11 * DAY))
    found = news(reading(), Account(name="main", session=session, last_outcome=Outcome.OK))
    assert alerts(found) == [AlertKind.SESSION_ENDING]
    again = news(reading(), Account(name="main", session=found.session, last_outcome=Outcome.OK))
    assert alerts(again) == []


def test_the_last_page_of_the_day_is_told_once():
    account = Account(name="main", loads=Loads().plus(96, at=NOW))
    found = news(replace(reading(), pages=4), account, pages_per_day=100)
    assert (alerts(found), found.pages_left) == ([AlertKind.BUDGET_SPENT], 0)
    again = news(replace(reading(), pages=4), Account(name="main", loads=found.loads), pages_per_day=100)
    assert alerts(again) == []


def test_where_nobody_counts_nothing_is_spent():
    found = news(replace(reading(), pages=5000))
    assert (alerts(found), found.pages_left) == ([], None)


def test_what_was_left_for_later_is_no_trouble():
    waits = tuple(Problem(kind=kind) for kind in (ProblemKind.THREADS_POSTPONED, ProblemKind.BUDGET_SPENT))
    assert alerts(news(reading(outcome=Outcome.PARTIAL, problems=waits))) == []
    worse = (*waits, Problem(kind=ProblemKind.THREAD_UNREADABLE))
    assert alerts(news(reading(outcome=Outcome.PARTIAL, problems=worse))) == [AlertKind.ACCOUNT_TROUBLE]


GAP = reading(outcome=Outcome.PARTIAL, problems=(Problem(kind=ProblemKind.THREAD_UNREADABLE),))


def day_of(outcomes: Sequence[Outcome], *, every: timedelta) -> list[AlertKind]:
    """Return what is told in the course of these checks."""
    account, told, at = Account(name="main"), list[AlertKind](), NOW
    for outcome in outcomes:
        one = replace(GAP if outcome is Outcome.PARTIAL else reading(), outcome=outcome, taken_at=at)
        found = news(one, account)
        told += alerts(found)
        complete = at if outcome is Outcome.OK else account.last_complete_at
        account = replace(
            account,
            told_outcome=found.told_outcome,
            told_at=found.told_at,
            last_outcome=outcome,
            last_complete_at=complete,
        )
        at += every
    return told


def test_a_gap_that_comes_and_goes_is_told_once_a_day():
    now_and_then = (Outcome.OK, Outcome.PARTIAL, Outcome.PARTIAL)
    pair = [AlertKind.ACCOUNT_TROUBLE, AlertKind.ACCOUNT_RECOVERED]
    assert day_of(now_and_then * 95, every=timedelta(minutes=5)) == pair
    assert day_of((*now_and_then * 96, *now_and_then), every=timedelta(minutes=5)) == [*pair, pair[0]]


def test_a_gap_that_comes_back_and_lasts_is_told_after_an_hour():
    comes_back = (Outcome.PARTIAL, Outcome.OK, *[Outcome.PARTIAL] * 20)
    told = [AlertKind.ACCOUNT_TROUBLE, AlertKind.ACCOUNT_RECOVERED]
    assert day_of(comes_back[:13], every=timedelta(minutes=5)) == told
    assert day_of(comes_back, every=timedelta(minutes=5)) == [*told, AlertKind.ACCOUNT_TROUBLE]


def test_what_is_worse_than_a_gap_is_told_again_at_once():
    again = (Outcome.PARTIAL, Outcome.OK, Outcome.LOGGED_OUT)
    told = [AlertKind.ACCOUNT_TROUBLE, AlertKind.ACCOUNT_RECOVERED, AlertKind.ACCOUNT_TROUBLE]
    assert day_of(again, every=timedelta(minutes=5)) == told


def test_a_first_gap_after_another_trouble_is_told_at_once():
    first = (Outcome.LOGGED_OUT, Outcome.OK, Outcome.PARTIAL)
    told = [AlertKind.ACCOUNT_TROUBLE, AlertKind.ACCOUNT_RECOVERED, AlertKind.ACCOUNT_TROUBLE]
    assert day_of(first, every=timedelta(minutes=5)) == told


def test_a_clock_that_was_ahead_keeps_no_gap_back():
    ahead = Account(name="main", told_at=NOW + 30 * DAY, last_complete_at=NOW + 30 * DAY)
    assert alerts(news(GAP, ahead)) == [AlertKind.ACCOUNT_TROUBLE]
    standing = replace(ahead, told_outcome=Outcome.PARTIAL)
    assert alerts(news(GAP, standing)) == [AlertKind.ACCOUNT_TROUBLE]


def test_the_end_of_a_silence_is_told_like_that_of_a_trouble():
    quiet = Account(name="main", silence_round=2, last_outcome=Outcome.OK)
    assert alerts(news(reading(), quiet)) == [AlertKind.ACCOUNT_RECOVERED]
    assert alerts(news(reading(), Account(name="main", last_outcome=Outcome.OK))) == []


@pytest.mark.parametrize(
    ("before", "now", "told"),
    [
        (says((Stage.SHIPPED, 1), digest="old"), says((Stage.CANCELLED, 1)), ["cancelled"]),
        (says((Stage.CANCELLED, 1), digest="old"), says((Stage.CANCELLED, 2)), ["cancelled"]),
        (says(digest="old"), says((Stage.DISPUTED, 1), (Stage.REFUNDED, 1)), ["disputed", "refunded"]),
        (says((Stage.CANCELLED, 2), digest="old"), says((Stage.CANCELLED, 1)), []),
        (says((Stage.PAID, 1), digest="old"), says((Stage.SHIPPED, 1)), []),
    ],
)
def test_an_added_page_alarms_when_it_speaks_of_trouble_more_often(before, now, told):
    found = news(replace(reading(), statements=(now,)), payments=before)
    assert kinds(found.events) == [EventKind.PAGE_CHANGED]
    stages = [value for alert in found.alerts for name, value in alert.details if name == "stage"]
    assert stages == told
    assert all(alert.critical for alert in found.alerts)


def test_the_first_sight_of_an_added_page_is_no_news():
    found = news(replace(reading(), statements=(says((Stage.CANCELLED, 3)),)))
    assert (found.events, found.alerts) == ((), ())


def test_what_a_human_sees_is_not_told_to_the_human():
    assert alerts(news(replace(unread(Outcome.LOGGED_OUT), by_human=True))) == []
    assert alerts(news(replace(unread(Outcome.UNREADABLE), by_human=True))) == [AlertKind.ACCOUNT_TROUBLE]
