"""What a check says about the account itself: trouble, its end, the login, the day's pages, added pages."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from watcher.domain.account import Account
from watcher.domain.alert import Alert, AlertKind
from watcher.domain.budget import Loads
from watcher.domain.event import Event, EventKind
from watcher.domain.outcome import Outcome
from watcher.domain.reading import ProblemKind, Reading, Statement
from watcher.domain.session import Session
from watcher.domain.silence import unverified_since
from watcher.domain.stage import MONEY_BACK, Stage

SAY_TROUBLE_AGAIN = timedelta(days=1)
"""A mail is missed; an account that cannot be read stays unwatched until somebody acts."""
TELL_UNREACHABLE_AFTER = 3
"""A single failed visit is the network's everyday life; from the third in a row the seller is told."""
TELL_GAPS_AGAIN_AFTER = timedelta(hours=1)
"""Gaps that were told within `SAY_TROUBLE_AGAIN` and have ended are told again only when all was last read so long ago: else an
account with a gap in every second check would be told of, and taken back, a hundred times a day."""
_ALARMING = MONEY_BACK | {Stage.DISPUTED}

_TROUBLE_EVENT: Mapping[Outcome, EventKind] = {
    Outcome.LOGGED_OUT: EventKind.SESSION_ENDED,
    Outcome.CONSENT: EventKind.CONSENT_NEEDED,
    Outcome.CHALLENGE: EventKind.CHALLENGE_MET,
    Outcome.BLOCKED: EventKind.ACCOUNT_BLOCKED,
    Outcome.UNREACHABLE: EventKind.SITE_UNREACHABLE,
    Outcome.UNREADABLE: EventKind.PAGE_UNREADABLE,
    Outcome.PARTIAL: EventKind.PAGE_PARTLY_READ,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountNews:
    """What follows from a check for the account as a whole."""

    events: tuple[Event, ...]
    alerts: tuple[Alert, ...]
    told_outcome: Outcome | None
    told_at: datetime | None
    session: Session
    loads: Loads
    pages_left: int | None


def account_news(
    account: Account, reading: Reading, *, statements: Mapping[str, Statement], pages_per_day: int | None
) -> AccountNews:
    """Return what a check says about the account; `statements` is what each added page said before."""
    told_outcome, told_at, events, alerts = _trouble(account, reading)
    for statement in reading.statements:
        change, alert = _statement(account, reading, statement, statements.get(statement.page))
        events += change
        alerts += alert
    session = account.session.after(reading.outcome, at=reading.taken_at)
    if session.ends_soon(reading.taken_at):
        alerts.append(_alert(AlertKind.SESSION_ENDING, account, reading))
        session = replace(session, warned=True)
    loads = account.loads.plus(reading.pages, at=reading.taken_at)
    left = None if pages_per_day is None else max(pages_per_day - loads.count, 0)
    if left == 0 and pages_per_day is not None and account.loads.on(reading.taken_at) < pages_per_day:
        alerts.append(_alert(AlertKind.BUDGET_SPENT, account, reading, ("pages", str(pages_per_day))))
    return AccountNews(
        events=tuple(events),
        alerts=tuple(alerts),
        told_outcome=told_outcome,
        told_at=told_at,
        session=session,
        loads=loads,
        pages_left=left,
    )


def _trouble(
    account: Account, reading: Reading
) -> tuple[Outcome | None, datetime | None, list[Event], list[Alert]]:
    """Return the trouble told so far and when, the events and the alerts that the reading's outcome brings."""
    outcome, at = reading.outcome, reading.taken_at
    if reading.by_human and outcome is not Outcome.UNREADABLE:
        return account.told_outcome, account.told_at, [], []  # the human sees the wall, and its end
    details = (("outcome", outcome.value), *((("cause", reading.cause.value),) if reading.cause else ()))
    events = []
    if outcome is not account.last_outcome and outcome in _TROUBLE_EVENT:
        events.append(Event(kind=_TROUBLE_EVENT[outcome], account=account.name, at=at, details=details[1:]))
    recovered = outcome is Outcome.OK and account.last_outcome not in {None, Outcome.OK}
    if recovered:
        events.append(Event(kind=EventKind.ACCOUNT_READABLE_AGAIN, account=account.name, at=at))
    if outcome is Outcome.OK:
        told_of = account.told_outcome is not None or account.silence_round > 0
        since = unverified_since(account)
        told = (("outcome", outcome.value), *((("since", since.isoformat()),) if since else ()))
        recovered_alerts = [_alert(AlertKind.ACCOUNT_RECOVERED, account, reading, *told)] if told_of else []
        was_gap = account.told_outcome in {None, Outcome.PARTIAL}
        return None, account.told_at if was_gap else None, events, recovered_alerts
    said_again = outcome is account.told_outcome and _was_told_lately(account, at)
    if said_again or _comes_and_goes(account, reading) or _is_too_early_to_tell(account, reading):
        return account.told_outcome, account.told_at, events, []
    return outcome, at, events, [_alert(AlertKind.ACCOUNT_TROUBLE, account, reading, *details)]


def _was_told_lately(account: Account, at: datetime) -> bool:
    return account.told_at is not None and timedelta(0) <= at - account.told_at < SAY_TROUBLE_AGAIN


def _comes_and_goes(account: Account, reading: Reading) -> bool:
    """Whether it is a gap like one that was told lately, its end as well, and little has been missed."""
    return (
        reading.outcome is Outcome.PARTIAL
        and account.told_outcome is None
        and _was_told_lately(account, reading.taken_at)
        and account.last_complete_at is not None
        and timedelta(0) <= reading.taken_at - account.last_complete_at < TELL_GAPS_AGAIN_AFTER
    )


def _is_too_early_to_tell(account: Account, reading: Reading) -> bool:
    if reading.outcome is Outcome.UNREACHABLE:
        return account.failures + 1 < TELL_UNREACHABLE_AFTER
    # A first, long reading spread over several visits is no trouble, and of a spent budget is told by itself.
    kinds = {problem.kind for problem in reading.problems}
    calm = {ProblemKind.THREADS_POSTPONED, ProblemKind.BUDGET_SPENT}
    return reading.outcome is Outcome.PARTIAL and bool(kinds) and kinds <= calm


def _statement(
    account: Account, reading: Reading, now: Statement, before: Statement | None
) -> tuple[list[Event], list[Alert]]:
    """Return the event and the alert of an added page that says something else than before.

    Its first sight is no news: what stands in a list of old payments happened long ago.
    """
    if before is None or now.digest == before.digest:
        return [], []
    counts = dict(before.stages)
    more = [stage for stage, count in now.stages if stage in _ALARMING and count > counts.get(stage, 0)]
    details = (("page", now.page), *(("stage", stage.value) for stage in more))
    event = Event(kind=EventKind.PAGE_CHANGED, account=account.name, at=reading.taken_at, details=details)
    return [event], [_alert(AlertKind.PAGE_WORDS, account, reading, *details)] if more else []


def _alert(kind: AlertKind, account: Account, reading: Reading, *details: tuple[str, str]) -> Alert:
    page = next((value for name, value in details if name == "page"), "")
    critical = (
        kind is AlertKind.ACCOUNT_TROUBLE and reading.outcome.needs_human
    ) or kind is AlertKind.PAGE_WORDS
    return Alert(
        key=f"{account.name}/{kind}/{page}{reading.taken_at.isoformat()}",
        kind=kind,
        account=account.name,
        at=reading.taken_at,
        critical=critical,
        details=details or (("outcome", reading.outcome.value),),
    )
