"""The steady voice: a summary at its time, a word after an absence, a sign of life to somebody elsewhere."""

import json
from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

from watcher.app.ports import Store
from watcher.domain.account import Account
from watcher.domain.alert import Alert
from watcher.domain.cadence import Pace
from watcher.domain.downtime import Downtime, downtime, may_be_checked_at_once
from watcher.domain.heartbeat import STUCK_AFTER, OnItsWay, may_ping, stuck
from watcher.domain.quiet_hours import NEVER_QUIET, QuietHours
from watcher.domain.summary import Summary, SummaryPlan, summarise, summary_due, watched_since

ALIVE_EVERY = timedelta(minutes=5)
"""How often the watch writes down that it is alive: the memory card of a small machine wears out by writing."""
_ALIVE, _PING = "alive", "heartbeat"

Ping = Callable[[], str | None]
"""Tells somebody elsewhere that all is well; returns why it did not work, `None` when it did. Never raises."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PingState:
    """How it stands with the dead man's switch."""

    tried_at: str | None = None
    worked_at: str | None = None
    problem: str | None = None
    """Why the last try did not work."""


def queue_summary(
    store: Store,
    plan: SummaryPlan,
    *,
    accounts: Collection[str],
    channels: Sequence[str],
    clock: Callable[[], datetime],
) -> Alert | None:
    """Queue the summary whose time has come, once."""
    now = clock()
    watched = [account for account in store.accounts() if account.name in accounts]
    if not watched or not channels:
        return None
    alert = summary_due(plan, watched_since=watched_since(watched), account=watched[0].name, now=now)
    if alert is None or store.was_queued(alert.key):
        return None
    with store.writing() as writing:
        writing.queue(alert, channels=channels, now=now)
    return alert


def summary_of(store: Store, *, since: datetime, channels: Sequence[str]) -> Summary:
    """Return what a summary tells, as it is known now."""
    good, bad = store.checks_since(since)
    return summarise(
        since=since,
        orders=store.orders_under_way(or_changed_since=since),
        cases=store.open_cases(),
        good_checks=good,
        bad_checks=bad,
        channels=[store.channel_health(name) for name in channels],
    )


def remember_alive(store: Store, *, clock: Callable[[], datetime]) -> None:
    """Write down that the watch is alive, every few minutes."""
    now, last = clock(), _moment(store.remembered(_ALIVE))
    if last is not None and timedelta(0) <= now - last < ALIVE_EVERY:
        return
    with store.writing() as writing:
        writing.save_remembered(_ALIVE, now.isoformat())


def tell_of_absence(
    store: Store,
    *,
    accounts: Sequence[str],
    pace: Pace,
    channels: Sequence[str],
    clock: Callable[[], datetime],
) -> Downtime | None:
    """At the start of a watch, tell of a long absence, once, and let every account be looked at now.

    All in one transaction with the word that the watch is alive again: a second start tells nothing more.
    """
    now = clock()
    with store.writing() as writing:
        alive_at = _moment(store.remembered(_ALIVE))
        absences = {
            name: found
            for name in accounts
            if (
                found := downtime(
                    store.account(name),
                    orders := store.history(name).orders_at_hand(),
                    store.history(name).cases_of(orders),
                    alive_at=alive_at,
                    pace=pace,
                    now=now,
                )
            )
        }
        writing.save_remembered(_ALIVE, now.isoformat())
        if not absences:
            return None
        name, told = max(absences.items(), key=lambda found: found[1].urgent)
        if channels:
            writing.queue(told.alert(name), channels=channels, now=now)
        for account in map(store.account, absences):
            if may_be_checked_at_once(account, now=now):
                writing.save_account(replace(account, next_check_at=now))
        seconds = int((told.until - told.since).total_seconds())
        writing.record("not_watched", at=now, seconds=seconds, accounts=sorted(absences))
    return told


def give_sign_of_life(
    store: Store,
    ping: Ping,
    *,
    accounts: Sequence[Account],
    clock: Callable[[], datetime],
    quiet: QuietHours = NEVER_QUIET,
) -> PingState | None:
    """Ping, if all is well and it is time; returns how it stands then, `None` where nothing was tried.

    What does not work is shown, and alarms nobody: whoever waits for the ping alarms by themselves.
    """
    now, known = clock(), ping_state(store)
    if not may_ping(
        accounts,
        last_ping=_moment(known.worked_at),
        last_try=_moment(known.tried_at),
        outbox_moves=_outbox_moves(store, quiet, now),
        now=now,
    ):
        return None
    problem = ping()
    worked_at = known.worked_at if problem else clock().isoformat()
    state = PingState(tried_at=now.isoformat(), worked_at=worked_at, problem=problem)
    with store.writing() as writing:
        writing.save_remembered(_PING, json.dumps(asdict(state)))
    return state


def ping_state(store: Store) -> PingState:
    """Return how it stands with the dead man's switch; what cannot be read is forgotten."""
    try:
        return PingState(**json.loads(store.remembered(_PING) or "{}"))
    except (ValueError, TypeError):
        return PingState()


def _outbox_moves(store: Store, quiet: QuietHours, now: datetime) -> bool:
    """Whether nothing is stuck: nothing was tried in vain for too long, and nothing lies there untouched.

    What quiet hours hold back, or have held back until a moment ago, is not stuck; what was tried in vain before them is.
    """
    held = quiet.is_quiet(now) or quiet.is_quiet(now - STUCK_AFTER)
    on_their_way = (
        OnItsWay(
            key=entry.alert.key,
            queued_at=entry.alert.at,
            was_tried=entry.attempts > 0,
            is_over=entry.sent_at is not None
            or entry.dropped_at is not None
            or (held and entry.alert.wakes is None and entry.attempts == 0),
            was_taken=entry.sent_at is not None,
        )
        for entry in store.on_their_way()
    )
    return not stuck(on_their_way, now=now) and not store.has_due(now=now - STUCK_AFTER, quiet=held)


def _moment(text: str | None) -> datetime | None:
    try:
        at = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return at if at.tzinfo else None
