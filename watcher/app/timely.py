"""What follows because time has passed: cases are planned anew, and what has come due is told."""

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from watcher.app.case_book import CaseRules, around, follow_up
from watcher.app.nights import remembered_nights
from watcher.app.ports import Store, Writing
from watcher.app.questions import queue_questions
from watcher.carriers.calendar import is_working_day
from watcher.domain.alert import Alert
from watcher.domain.budget import BERLIN
from watcher.domain.case import Case
from watcher.domain.case_news import case_closed
from watcher.domain.due_news import due_mark, due_steps, step_due
from watcher.domain.hand_in_soon import hand_in_key, hand_in_soon, hand_in_today, longest_first, waits_to_go
from watcher.domain.late_money import late_money
from watcher.domain.night_watch import night_watch
from watcher.domain.nights import Nights
from watcher.domain.order import Order
from watcher.domain.parcel import parcel_of
from watcher.domain.playbook import follow
from watcher.domain.quiet_hours import NEVER_QUIET, QuietHours
from watcher.domain.ship_by import Promise, ship_by, ship_by_near, ship_by_over
from watcher.domain.stage import Stage
from watcher.domain.step import Step


@dataclass(frozen=True, slots=True, kw_only=True)
class SellerWays:
    """The seller's own ways, as far as something is told by them."""

    hand_in: time | None = None
    """When parcels are usually handed in, on a German clock."""
    state: str | None = None
    """The German state whose holidays count."""
    promise: Promise | None = None
    """Within how many working days parcels leave, where that is promised."""
    answers_after: timedelta | None = None
    """How long a buyer's question may wait before the seller is reminded of it; `None`: nobody is."""


def follow_time(
    store: Store, *, rules: CaseRules, channels: Sequence[str], clock: Callable[[], datetime]
) -> list[Case]:
    """Let every open case follow what time alone has changed, as a window that moved to the next night; returns those.

    Nothing is written, and no line of the ledger, where nothing changed. A case that this closes is told.
    """
    now, changed = clock(), []
    orders = _by_id(store.orders_under_way())
    for case in store.open_cases():
        order = orders.get(case.order)
        if order is None:
            continue
        if follow(case, order, around(store, order, rules=rules, at=now), at=now) == case:
            continue
        with store.writing() as writing:
            going_on = follow_up(writing, store, order, rules=rules, at=now)
            if going_on is not None and not going_on.is_open:
                writing.queue(case_closed(going_on, at=now), channels=channels, now=now)
        if going_on is not None:
            changed.append(going_on)
    return changed


def queue_timely(
    store: Store,
    *,
    accounts: Collection[str],
    rules: CaseRules,
    seller: SellerWays,
    channels: Sequence[str],
    clock: Callable[[], datetime],
    quiet: QuietHours = NEVER_QUIET,
) -> list[Alert]:
    """Queue what has come due: steps, the evening's word, late money, the hand-in, questions; each of it once.

    Cases should have followed the time before (`follow_time`). Nothing is written where nothing is due.
    """
    now, queued = clock(), []
    with store.snapshot():
        orders, cases = store.orders_under_way(), store.open_cases()
    by_id, nights = _by_id(orders), remembered_nights(store)
    for case in cases:
        order = by_id.get(case.order)
        if order is None:
            continue
        for found in (
            _queue_tonight(store, case, order, nights, rules=rules, quiet=quiet, channels=channels, now=now),
            _queue_due_steps(store, case, order, quiet=quiet, channels=channels, now=now),
        ):
            queued += [found] if found else []
    watched = [order for order in orders if order.account in accounts]
    waiting = waiting_to_go(store, watched, cases, now=now)
    told = [*_late(store, watched, cases, now=now), *_hand_in(waiting, seller=seller, now=now)]
    queued += [alert for alert in told if _queue(store, alert, channels=channels, now=now)]
    dated = _ship_by(store, waiting, seller=seller, now=now)
    queued += queue_questions(
        store,
        accounts=accounts,
        after=seller.answers_after,
        is_quiet=quiet.is_quiet(now),
        channels=channels,
        now=now,
    )
    return queued + [alert for alert in dated if _queue(store, alert, channels=channels, now=now)]


def waiting_to_go(
    store: Store, orders: Iterable[Order], cases: Collection[Case], *, now: datetime
) -> tuple[Order, ...]:
    """Return the paid orders that are still to be handed in, the one first that has waited longest."""
    return longest_first(
        order
        for order in orders
        if order.stage is Stage.PAID
        and waits_to_go(order, cases, parcel_of(store.sightings(order.id), now=now))
    )


def _by_id(orders: Iterable[Order]) -> Mapping[str, Order]:
    return {order.id: order for order in orders}


def _queue(store: Store, alert: Alert, *, channels: Sequence[str], now: datetime) -> bool:
    """Queue an alert that never was; returns whether it is news."""
    if store.was_queued(alert.key):
        return False
    with store.writing() as writing:
        writing.queue(alert, channels=channels, now=now)
    return True


def _queue_tonight(
    store: Store,
    case: Case,
    order: Order,
    nights: Nights,
    *,
    rules: CaseRules,
    quiet: QuietHours,
    channels: Sequence[str],
    now: datetime,
) -> Alert | None:
    """Queue the evening's word. It speaks of asking the carrier, too: that the step is due is then not told once more."""
    if not nights.likely_sleeps(now):
        return None
    window = around(store, order, rules=rules, at=now).window
    alert = night_watch(case, window, nights, now=now)
    if window is None or alert is None or store.was_queued(alert.key):
        return None
    alert = replace(alert, wakes=quiet.wakes(case, alert.kind, now=now))
    with store.writing() as writing:
        writing.queue(alert, channels=channels, now=now)
        _remember_told(writing, store, case, [step for step in case.steps if step.due_at == window.closes_at])
    return alert


def _queue_due_steps(
    store: Store, case: Case, order: Order, *, quiet: QuietHours, channels: Sequence[str], now: datetime
) -> Alert | None:
    stopped_at = store.rounds(case.id).stopped_at
    if not due_steps(case, order, told=_told(store, case.id), now=now, stopped_at=stopped_at):
        return None
    with store.writing() as writing:
        # Looked at again inside the transaction: the seller, or another process, may have come first.
        current = store.catalogue().case(case.id) or case
        steps = due_steps(current, order, told=_told(store, case.id), now=now, stopped_at=stopped_at)
        if not steps:
            return None
        alert = step_due(current, steps, at=now)
        alert = replace(alert, wakes=quiet.wakes(current, alert.kind, now=now) if alert.critical else None)
        writing.queue(alert, channels=channels, now=now)
        _remember_told(writing, store, case, steps)
    return alert


def _told_name(case_id: str) -> str:
    return f"told/{case_id}"


def _told(store: Store, case_id: str) -> frozenset[str]:
    """Return the marks of the steps that were told because their time had come."""
    return frozenset(json.loads(store.remembered(_told_name(case_id)) or "[]"))


def _remember_told(writing: Writing, store: Store, case: Case, steps: Sequence[Step]) -> None:
    marks = _told(store, case.id).union(map(due_mark, steps))
    writing.save_remembered(_told_name(case.id), json.dumps(sorted(marks)))


def _late(store: Store, orders: Iterable[Order], cases: Iterable[Case], *, now: datetime) -> Iterable[Alert]:
    open_cases = {case.order: case for case in cases if case.is_open}
    since = {account.name: account.watched_since for account in store.accounts()}
    for order in orders:
        alert = late_money(order, open_cases.get(order.id), watched_since=since.get(order.account), now=now)
        if alert is not None:
            yield alert


def _hand_in(waiting: Iterable[Order], *, seller: SellerWays, now: datetime) -> Iterable[Alert]:
    moment = seller.hand_in and hand_in_today(
        seller.hand_in, works=lambda day: is_working_day(day, state=seller.state), now=now
    )
    if not moment:
        return
    by_account = defaultdict(list)
    for order in waiting:
        by_account[order.account].append(order)
    for account, orders in by_account.items():
        alert = hand_in_soon(account, orders, moment=moment, at=now)
        if alert is not None:
            yield alert


def _ship_by(store: Store, waiting: Iterable[Order], *, seller: SellerWays, now: datetime) -> Iterable[Alert]:
    """Return what is to be said of dates, unless the word before the hand-in says, or has said, it today."""
    since = {account.name: account.watched_since for account in store.accounts()}
    for order in waiting:
        until = ship_by(order, seller.promise)
        if until is None or _told_before_hand_in(store, order, seller, now=now):
            continue
        alert = ship_by_near(order, until, now=now) or ship_by_over(
            order, until, was_told=store.was_queued, watched_since=since.get(order.account), now=now
        )
        if alert is not None:
            yield alert


def _told_before_hand_in(store: Store, order: Order, seller: SellerWays, *, now: datetime) -> bool:
    """Whether the word before the usual hand-in names the order today, or will; on a day of rest it can wait for the next one."""
    if seller.hand_in is None:
        return False
    today = now.astimezone(BERLIN).date()
    moment = datetime.combine(today, seller.hand_in, BERLIN)
    if now < moment or not is_working_day(today, state=seller.state):
        return True
    return store.was_queued(hand_in_key(order.account, today))
