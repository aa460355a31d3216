"""What a reading of the own ads has seen becomes what is known: ONE transaction."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from watcher.app.archive import StoredCapture
from watcher.app.check_line import foreign, stopped
from watcher.app.looking import Seen
from watcher.app.ports import Store, Vault, Writing
from watcher.app.remember import Rules, stored
from watcher.domain.account import Account
from watcher.domain.ad import KnownAd, OwnAds
from watcher.domain.compare import compare
from watcher.domain.outcome import Cause, Outcome
from watcher.domain.plan import Plan, plan_check
from watcher.domain.reading import Reading


@dataclass(slots=True)
class SeenAds:
    """What a reading has brought so far."""

    visit: Seen = field(default_factory=Seen)
    pages: list[OwnAds] = field(default_factory=list)
    whole: bool = False
    ads: dict[str, KnownAd] = field(default_factory=dict)
    """What is known now, by id."""
    read: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    waiting: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingsReport:
    """What a reading of the own ads found, as it was remembered."""

    account: str
    at: datetime
    outcome: Outcome
    cause: Cause | None
    complete: bool
    """Whether the list was read to its end."""
    ads: tuple[KnownAd, ...]
    """Every own ad that is not gone."""
    new: tuple[str, ...]
    """Ids of ads that were not known before."""
    read: tuple[str, ...]
    """Ids of those whose page was opened and read."""
    unread: tuple[str, ...]
    """Ids of those whose page was opened and could not be read."""
    gone: tuple[str, ...]
    """Ids of those that are gone since."""
    waiting: int
    """How many ads' pages are still to be opened; the next readings go on."""
    pages: int
    """How many pages were loaded."""
    captures: tuple[StoredCapture, ...]
    blocked_requests: int
    stopped: Mapping[str, int]
    """What the guard stopped, and how often."""
    foreign: Mapping[str, int]
    """Hosts that are not the site's and were not loaded from, and how often they were asked for."""


def remember_ads(
    name: str, seen: SeenAds, *, rules: Rules, store: Store, vault: Vault, clock: Callable[[], datetime]
) -> ListingsReport:
    """Remember what was seen: ads, account, captures, and one line of the ledger that holds counts alone.

    Where a human is needed, that counts for the account as if a check had met it: cool-down, alert, next check. What merely
    did not answer or was not understood here says nothing about the message box; the next check looks for itself.
    """
    at, visit = clock(), seen.visit
    with store.writing() as writing:
        before = {one.ad.id: one for one in store.ads().of(name)}
        account = store.account(name)
        if visit.outcome.needs_human:
            plan = _in_the_way(account, seen, rules=rules, store=store, at=at)
            account = plan.account
            _tell(writing, plan, rules, at=at)
        else:
            account = replace(account, loads=account.loads.plus(len(visit.taken), at=at))
        if seen.pages:
            account = replace(account, ads_read_at=at, ads_complete=seen.whole)
        writing.save_account(account)
        changed = [one for ad_id, one in seen.ads.items() if before.get(ad_id) != one]
        for one in changed:
            writing.ads().save(one)
        captures = [
            stored(taken.staged, vault, reason=taken.why, verdict=taken.understood.verdict)
            for taken in visit.taken
            if taken.why
        ]
        for capture in captures:
            writing.save_capture(capture)
        report = _report(name, seen, before, captures=captures, at=at)
        _record(writing, report)
    for taken in visit.taken:
        vault.drop(taken.staged)
    return report


def _in_the_way(account: Account, seen: SeenAds, *, rules: Rules, store: Store, at: datetime) -> Plan:
    """Return what follows from what stands in the way, as if a check had met it."""
    reading = Reading(
        account=account.name,
        taken_at=at,
        outcome=seen.visit.outcome,
        cause=seen.visit.cause,
        pages=len(seen.visit.taken),
        login=seen.visit.login,
    )
    orders = store.history(account.name).orders_at_hand()
    return plan_check(
        account=account,
        reading=reading,
        comparison=compare(orders, reading),
        cases=store.history(account.name).cases_of(orders),
        around=None,
        pace=rules.pace,
        jitter=rules.jitter,
        listing_digest=None,
    )


def _tell(writing: Writing, plan: Plan, rules: Rules, *, at: datetime) -> None:
    for event in plan.events:
        writing.record_event(event)
    for alert in plan.alerts:
        wakes = rules.remind.quiet.wakes(None, alert.kind, now=at)
        writing.queue(replace(alert, wakes=wakes), channels=list(rules.channels), now=at)


def _record(writing: Writing, report: ListingsReport) -> None:
    """Put the reading into the ledger: counts alone, for the ads are nobody's business."""
    writing.record(
        "listings_read",
        at=report.at,
        account=report.account,
        outcome=report.outcome,
        cause=report.cause or "",
        complete=report.complete,
        pages=report.pages,
        ads=len(report.ads),
        new=len(report.new),
        read=len(report.read),
        unread=len(report.unread),
        gone=len(report.gone),
        waiting=report.waiting,
        stopped=[f"{what} {count}" for what, count in sorted(report.stopped.items())],
        foreign=[f"{host} {count}" for host, count in sorted(report.foreign.items())],
    )


def _report(
    name: str,
    seen: SeenAds,
    before: Mapping[str, KnownAd],
    *,
    captures: Sequence[StoredCapture],
    at: datetime,
) -> ListingsReport:
    visit = seen.visit
    gone = [
        ad_id
        for ad_id, one in seen.ads.items()
        if one.gone_at is not None and (ad_id not in before or before[ad_id].gone_at is None)
    ]
    return ListingsReport(
        account=name,
        at=at,
        outcome=visit.outcome,
        cause=visit.cause,
        complete=seen.whole,
        ads=tuple(one for one in seen.ads.values() if one.gone_at is None),
        new=tuple(ad_id for ad_id in seen.ads if ad_id not in before),
        read=tuple(seen.read),
        unread=tuple(seen.unread),
        gone=tuple(gone),
        waiting=seen.waiting,
        pages=len(visit.taken),
        captures=tuple(captures),
        blocked_requests=sum(taken.capture.blocked_requests for taken in visit.taken),
        stopped=stopped(visit),
        foreign=foreign(visit),
    )
