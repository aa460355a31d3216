"""What goes by itself because its time is over: announced a week before, told through the channels, then forgotten."""

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from watcher.app.archive import StoredCapture
from watcher.app.erasure import Erasing
from watcher.app.forget import BY_TIME, Forgotten, forget
from watcher.app.forget_plan import Known, Plan, known_now
from watcher.app.ports import Store, Writing
from watcher.app.shelf import Why
from watcher.domain.alert import Alert, AlertKind
from watcher.domain.retention import ANNOUNCED_FOR, Keeping, goes_at

HORIZON = timedelta(days=14)
"""So far ahead an announcement looks at most."""
_ANNOUNCED, _RAN = "retention/announced", "retention/ran"
_EVERY = timedelta(hours=20)
_YOUNG = timedelta(days=7)
"""Nothing that is younger can be due within a week."""
_HALF_WRITTEN = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """What was announced: which orders go by themselves, and from when on."""

    at: datetime
    key: str
    """The key of the alert that told of it; empty where no channel was set up, and `status` alone says it."""
    goes_from: datetime
    orders: tuple[str, ...]
    pages: bool
    """Whether it told that captures about no single order go as well; that is said once."""


def due_plan(
    store: Store,
    erasing: Erasing,
    keeping: Keeping,
    *,
    now: datetime,
    channels: Collection[str] | None = None,
    within: timedelta = timedelta(0),
) -> Plan:
    """Return what the config gives an end to.

    Args:
        store: what is remembered.
        erasing: whoever erases.
        keeping: how long what is kept.
        now: the moment.
        channels: set: only what was announced for a week, through these channels if there are any; else all of it.
        within: in which span from now on.
    """
    free = None if channels is None else _free(store, channels, now)
    if free is not None and not (free.orders or free.pages):
        return Plan()
    known = known_now(store, erasing, now=now)
    ends = _ends(known, keeping)
    going = [
        order
        for order in known.orders
        if order.id in ends and ends[order.id] <= now + within and (free is None or order.id in free.orders)
    ]
    plan = known.plan(going) if going else Plan()
    return _with_pages(known, plan, keeping) if free is None or free.pages else plan


def announce(
    store: Store,
    erasing: Erasing,
    keeping: Keeping,
    *,
    channels: Sequence[str],
    clock: Callable[[], datetime],
) -> Alert | None:
    """Say which orders go by themselves within a week; returns the alert, `None` where there is nothing new to say.

    Each order is announced once. What comes due in the week after is told in the same breath: one word a week is enough.
    An order to which something has happened since is announced anew when its time has come again.
    """
    now = clock()
    before = announcements(store)
    known = known_now(store, erasing, now=now)
    ends = _ends(known, keeping)
    soon = {order: end for order, end in ends.items() if end <= now + HORIZON}
    history = _without(before, lambda order: order not in soon)
    told = {order for entry in history for order in entry.orders}
    new = {order: end for order, end in soon.items() if order not in told}
    page = (
        None
        if any(entry.pages for entry in history)
        else next(_old_pages(known, keeping, at=now + ANNOUNCED_FOR), None)
    )
    accounts = [page.account] if page else [each.account for each in known.orders if each.id in new]
    if page is None and not any(end <= now + ANNOUNCED_FOR for end in new.values()):
        if history != before:
            with store.writing() as writing:
                _save(writing, history)
        return None
    goes_from = max(min(new.values(), default=now), now + ANNOUNCED_FOR)
    alert = Alert(
        key=f"{AlertKind.FORGET_SOON}/{now.isoformat()}",
        kind=AlertKind.FORGET_SOON,
        account=accounts[0],
        at=now,
        details=(
            ("count", str(len(new))),
            ("from", goes_from.isoformat()),
            ("pages", "yes" if page else ""),
        ),
    )
    word = Announcement(
        at=now,
        key=alert.key if channels else "",
        goes_from=goes_from,
        orders=tuple(sorted(new)),
        pages=page is not None,
    )
    with store.writing() as writing:
        _save(writing, [*history, word])
        if channels:
            writing.queue(alert, channels=channels, now=now)
    return alert


def announcements(store: Store) -> list[Announcement]:
    """Return what was announced and is still to come, oldest first; what cannot be read is announced anew."""
    try:
        return [
            Announcement(
                at=datetime.fromisoformat(at),
                key=str(key),
                goes_from=datetime.fromisoformat(goes_from),
                orders=tuple(map(str, orders)),
                pages=bool(pages),
            )
            for at, key, goes_from, orders, pages in json.loads(store.remembered(_ANNOUNCED) or "[]")
        ]
    except (ValueError, TypeError):
        return []


def keep_to_it(
    store: Store,
    erasing: Erasing,
    keeping: Keeping,
    *,
    channels: Sequence[str],
    clock: Callable[[], datetime],
) -> Forgotten | None:
    """Announce what is to go, and forget what was announced long enough ago; returns `None` where nothing went.

    Raises:
        BusyError: a backup is being made.
    """
    now = clock()
    with store.writing() as writing:
        writing.save_remembered(_RAN, now.isoformat())
        if keeping.orders is not None and writing.questions().erase_older(now - keeping.orders):
            erasing.erase_captures((), at=now)  # nothing but the old pages of the database are to be cleaned
    erasing.remove_parts(before=now - _HALF_WRITTEN)
    announce(store, erasing, keeping, channels=channels, clock=clock)
    plan = due_plan(store, erasing, keeping, now=now, channels=channels)
    if plan.is_nothing:
        return None
    forgotten = forget(store, erasing, plan, reason=BY_TIME, clock=clock)
    with store.writing() as writing:
        _save(writing, _without(announcements(store), forgotten.orders.__contains__))
    return forgotten


def is_time_to_look(store: Store, erasing: Erasing, *, now: datetime) -> bool:
    """Whether somebody should look for what is due: once a day, where anything is old enough; or at once after a crash."""
    if erasing.is_unfinished():
        return True
    try:
        ran = datetime.fromisoformat(store.remembered(_RAN) or "")
    except ValueError:
        ran = None
    if ran is not None and timedelta(0) <= now - ran < _EVERY:
        return False
    return store.questions().has_older(now - _YOUNG) or store.has_older_order(now - _YOUNG)


def with_old_pages(store: Store, erasing: Erasing, plan: Plan, span: timedelta, *, now: datetime) -> Plan:
    """Return a plan with all captures about many orders that are older than a span, but for those that prove something."""
    return _with_pages(known_now(store, erasing, now=now), plan, Keeping(lists=span, problems=span))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Free:
    """What was announced long enough ago."""

    orders: frozenset[str]
    pages: bool


def _free(store: Store, channels: Collection[str], now: datetime) -> _Free:
    """Return what may go: announced a week ago, by an alert that a channel has taken, where there are channels."""
    over = [
        entry
        for entry in announcements(store)
        if (at := store.told_at(entry.key) if entry.key and channels else entry.at) is not None
        and now - at >= ANNOUNCED_FOR
    ]
    return _Free(
        orders=frozenset(order for entry in over for order in entry.orders),
        pages=any(entry.pages for entry in over),
    )


def _ends(known: Known, keeping: Keeping) -> Mapping[str, datetime]:
    """Return when each order's time is over; those that nothing ends, and those already forgotten, are left out."""
    return {
        order.id: end
        for order in known.orders
        if known.is_over(order)
        and (end := goes_at(known.moved_at(order), keeping, has_case=known.has_case(order))) is not None
        and (order.forgotten_at is None or known.has_come_back(order))
    }


def _with_pages(known: Known, plan: Plan, keeping: Keeping) -> Plan:
    taken = {page.id for page in plan.pages}
    old = [page for page in _old_pages(known, keeping, at=known.now) if page.id not in taken]
    holding = known.holding(without={going.order.id for going in plan.orders})
    free, _held = known.sorted_out(old, holding)
    asked = frozenset(order.id for order in holding)
    return replace(plan, pages=(*plan.pages, *free), holding=plan.holding & asked if plan.pages else asked)


def _old_pages(known: Known, keeping: Keeping, *, at: datetime) -> Iterator[StoredCapture]:
    spans = {True: keeping.problems, False: keeping.lists}
    shortest = min((span for span in spans.values() if span is not None), default=None)
    for page in known.pages(before=at - shortest) if shortest is not None else ():
        span = spans[page.reason in {Why.PROBLEM, Why.RECOVERED}]
        if span is not None and at - page.taken_at > span:
            yield page


def _without(history: Sequence[Announcement], is_over: Callable[[str], bool]) -> list[Announcement]:
    """Return the announcements without those orders; one that then says nothing is left out."""
    left = (
        replace(entry, orders=tuple(order for order in entry.orders if not is_over(order)))
        for entry in history
    )
    return [entry for entry in left if entry.orders or entry.pages]


def _save(writing: Writing, history: Sequence[Announcement]) -> None:
    writing.save_remembered(_ANNOUNCED, json.dumps([_plain(entry) for entry in history]))


def _plain(entry: Announcement) -> list[object]:
    return [entry.at.isoformat(), entry.key, entry.goes_from.isoformat(), list(entry.orders), entry.pages]
