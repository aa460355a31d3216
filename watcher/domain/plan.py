"""From events to what is remembered and said: the last pure step of a check.

Left of the plan nothing is remembered; right of it nothing is decided.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from watcher.domain.account import Account
from watcher.domain.account_news import account_news
from watcher.domain.alert import Alert
from watcher.domain.cadence import NextCheck, Pace, Reason, next_check
from watcher.domain.case import Case
from watcher.domain.case_news import Around, case_news
from watcher.domain.compare import Comparison
from watcher.domain.event import Event
from watcher.domain.order import Order
from watcher.domain.outcome import Outcome
from watcher.domain.reading import ProblemKind, Reading, Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything that one transaction will write."""

    account: Account
    orders: tuple[Order, ...]
    cases: tuple[Case, ...]
    """Cases that are new or changed."""
    events: tuple[Event, ...]
    alerts: tuple[Alert, ...]


def plan_check(
    *,
    account: Account,
    reading: Reading,
    comparison: Comparison,
    cases: Sequence[Case],
    around: Around | None,
    pace: Pace,
    jitter: float,
    listing_digest: str | None,
    statements: Mapping[str, Statement] | None = None,
) -> Plan:
    """Plan what follows from a check.

    1. Cases open, go on and end, and each new fact becomes at most one alert (`case_news`).
    2. Trouble with the account is an event when it begins, and an alert each day that it lasts; its end is told once.
    3. A page that the seller added (`statements`: what each said before) is told when it begins to speak of a
       cancellation, a refund or a problem more often than before.
    4. A login that is likely to end soon is announced once, and so is a day's budget of pages that is spent.
    5. The next check follows the money at risk, within that budget.

    Without `around` nobody has looked, and the cases stay as they are.
    """
    news_of_cases = case_news(comparison, cases, around=around, at=reading.taken_at)
    news = account_news(account, reading, statements=statements or {}, pages_per_day=pace.pages_per_day)
    listing = reading.listing
    all_cases = {case.id: case for case in (*cases, *news_of_cases.changed)}
    was_read = reading.outcome.was_read
    failures = 0 if was_read else account.failures + 1
    blocks = 0 if was_read else account.blocks + (reading.outcome is Outcome.BLOCKED)
    following = next_check(
        now=reading.taken_at,
        outcome=reading.outcome,
        failures=failures,
        orders=comparison.orders,
        cases=tuple(all_cases.values()),
        pace=pace,
        jitter=jitter,
        blocks=blocks,
        pages_left=news.pages_left,
        pages=reading.pages,
        more_to_read=any(problem.kind is ProblemKind.THREADS_POSTPONED for problem in reading.problems),
    )
    cool_down_until = _cool_down(account, reading, following)
    following = _not_before(following, cool_down_until)
    after = replace(
        account,
        watched_since=account.watched_since or reading.taken_at,
        told_outcome=news.told_outcome,
        told_at=news.told_at,
        loads=news.loads,
        session=news.session,
        login=reading.login or (account.login if news.session.since else None),
    )
    if not reading.by_human:
        after = replace(
            after,
            last_check_at=reading.taken_at,
            last_outcome=reading.outcome,
            last_cause=reading.cause,
            last_complete_at=reading.taken_at if reading.complete else account.last_complete_at,
            last_whole_at=reading.taken_at if listing and listing.whole else account.last_whole_at,
            list_total=listing.total if listing and listing.complete else account.list_total,
            failures=failures,
            blocks=blocks,
            next_check_at=following.at,
            next_check_reason=following.reason,
            cool_down_until=cool_down_until,
            silence_round=0 if reading.complete else account.silence_round,
            listing_digest=listing_digest or account.listing_digest,
        )
    return Plan(
        account=after,
        orders=comparison.orders,
        cases=news_of_cases.changed,
        events=(*news.events, *comparison.events),
        alerts=(*news.alerts, *news_of_cases.alerts),
    )


def _cool_down(account: Account, reading: Reading, following: NextCheck) -> datetime | None:
    """Return until when nobody visits. That a block is over is shown by a page of the site, not by a visit that met none."""
    if reading.outcome is Outcome.BLOCKED:
        return following.at
    lasts = account.cool_down_until is not None and account.cool_down_until > reading.taken_at
    return account.cool_down_until if lasts and reading.outcome is Outcome.UNREACHABLE else None


def _not_before(following: NextCheck, pause: datetime | None) -> NextCheck:
    if pause is None or following.at >= pause:
        return following
    return NextCheck(at=pause, reason=Reason.COOL_DOWN)
