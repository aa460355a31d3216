"""One check, from the visit to the transaction: the straight line of this house.

due account -> Capture (bytes) -> vault (staged) -> Reading -> compare -> Events -> plan -> ONE transaction
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from watcher.app.absences import lacked_conversations
from watcher.app.errand import Errand, conversations_at_stake
from watcher.app.keeping import Before, before_visit
from watcher.app.looking import look
from watcher.app.ports import Store, Vault, Visitor
from watcher.app.remember import Report, Rules, remember, stored
from watcher.app.shelf import Why
from watcher.crash_points import crash_point
from watcher.domain.account import Account
from watcher.domain.budget import next_day
from watcher.domain.cadence import Reason
from watcher.domain.capture import AddedPage
from watcher.domain.outcome import Outcome
from watcher.domain.reading import Reach
from watcher.pages.json_reader import TO_THE_END
from watcher.pages.lore import SHIPPED, Lore

OVERLAP = timedelta(hours=1)
"""How much further down than the last reading the list is read: two clocks, and what came while it was being read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckOrders:
    """What a check is asked to do, and what it may not decide itself."""

    account: str
    rules: Rules
    threads_at_most: int
    """How many threads one visit may open; the others wait for the next ones."""
    whole_list_every: timedelta = timedelta(0)
    """How often the list is read to its end, also when nothing further down can have changed."""
    pages: Sequence[AddedPage] = ()
    lore: Lore = SHIPPED
    by_hand: bool = False
    """Whether a person asks: then the day's page loads count, and bound nothing."""
    keep: Mapping[str, Why] = field(default_factory=dict)
    """Conversations that a person asks for: they are opened first, and kept whatever they show."""


def check_account(
    orders: CheckOrders, *, visitor: Visitor, store: Store, vault: Vault, clock: Callable[[], datetime]
) -> Report:
    """Visit an account once and remember what is new.

    1. Captures that a killed check left behind are taken into the archive. The visit holds the account's profile by then:
       what a check that is still at work has staged is never taken for a leftover.
    2. Visit: the list first, then the threads that a person or a mail asked for, those of live orders and of open cases,
       then those whose row changed, then added pages and ads. Each capture's bytes are on disk before they are read.
    3. Compare with what was known, plan what follows, and remember it in one transaction.
    """
    name = orders.account
    with visitor.visit(name) as visit:
        adopt_leftovers(name, store=store, vault=vault, clock=clock)
        asked_for = store.asked_for(name)
        seen = look(visit, vault, _errand(orders, asked_for, store=store, now=clock()))
        crash_point("pages_seen")
    crash_point("browser_gone")
    return remember(
        name, seen, rules=orders.rules, asked_for=asked_for, store=store, vault=vault, clock=clock
    )


def postpone(store: Store, name: str, *, clock: Callable[[], datetime]) -> None:
    """Put the next check off until the day's page loads are counted anew."""
    with store.writing() as writing:
        account = store.account(name)
        writing.save_account(
            replace(account, next_check_at=next_day(clock()), next_check_reason=Reason.BUDGET)
        )


def _errand(orders: CheckOrders, asked_for: Sequence[str], *, store: Store, now: datetime) -> Errand:
    before = before_visit(store, orders.account, now=now, asked=orders.keep)
    account, at_stake = before.account, conversations_at_stake(before.orders, before.cases)
    lacked = lacked_conversations(store, orders.account)
    left, threads = _loads_left(orders, account, now=now), orders.threads_at_most
    return Errand(
        before=before,
        must_open=tuple(dict.fromkeys((*orders.keep, *filter(None, asked_for), *at_stake, *before.wanted))),
        lacked=lacked.difference(orders.keep),
        threads_at_most=threads if left is None else max(min(threads, left - len(orders.pages)), 0),
        reach=_reach(before, lacked, now=now, whole_list_every=orders.whole_list_every),
        pages=orders.pages,
        pages_at_most=left,
        lore=orders.lore,
    )


def _loads_left(orders: CheckOrders, account: Account, *, now: datetime) -> int | None:
    """Return how many pages may be loaded today beside the list; `None`: as many as it takes."""
    per_day = orders.rules.pace.pages_per_day
    if per_day is None or orders.by_hand:
        return None
    return max(per_day - account.loads.on(now) - 1, 0)


def _reach(before: Before, lacked: Collection[str], *, now: datetime, whole_list_every: timedelta) -> Reach:
    """Return how far down the list must be read: as far as something can have changed since all was seen for certain.

    It is read to its end at set intervals, when the last check could not read everything, and to see whether an order that
    was missed once is missed again: unless its conversation is back.
    """
    account = before.account
    last_whole = account.last_whole_at
    is_due = last_whole is None or now - last_whole >= whole_list_every
    is_missed = any(
        order.missing_checks == 1 and not order.stage.is_ended and order.conversation in lacked
        for order in before.orders
    )
    if is_due or is_missed or account.last_complete_at is None or account.last_outcome is not Outcome.OK:
        return TO_THE_END
    return Reach(until=account.last_complete_at - OVERLAP, total=account.list_total)


def adopt_leftovers(name: str, *, store: Store, vault: Vault, clock: Callable[[], datetime]) -> None:
    """Take what an earlier, killed check had captured into the archive: proof is never lost to a crash.

    Its pages were loaded, so they count.
    """
    leftovers = vault.leftovers(name)
    if not leftovers:
        return
    now = clock()
    with store.writing() as writing:
        remembered = store.history(name).captures(staged.capture.id for staged in leftovers)
        unknown = [staged for staged in leftovers if staged.capture.id not in remembered]
        if unknown:
            account = store.account(name)
            writing.save_account(replace(account, loads=account.loads.plus(len(unknown), at=now)))
            for staged in unknown:
                writing.save_capture(replace(stored(staged, vault, reason=Why.RECOVERED), complete=False))
            writing.record("check_did_not_end", at=now, account=name, captures=len(unknown))
    crash_point("leftovers_taken_in")
    for staged in leftovers:
        vault.drop(staged)
