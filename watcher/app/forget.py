"""Forgetting an order: the bytes and the names go, a tombstone stays, and the ledger's chain stays whole."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from watcher.app.archive import StoredCapture
from watcher.app.erasure import Erased, Erasing, Leftover
from watcher.app.forget_plan import Going, Plan, known_now, known_within, mates
from watcher.app.ports import Store, Writing
from watcher.crash_points import crash_point
from watcher.domain.order import Order
from watcher.domain.retention import holds

BY_SELLER = "seller"
BY_TIME = "retention"
"""Why something was forgotten, as the ledger says it."""
_AT_ONCE = 50
"""So many orders share a transaction: a check waits no longer than that takes. All pages go with the first of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """What was forgotten."""

    orders: tuple[str, ...]
    captures: int
    files: int
    attachments: int
    notes: int
    leftovers: tuple[Leftover, ...]
    """What could not be removed from the disk yet."""


def forget(
    store: Store,
    erasing: Erasing,
    plan: Plan,
    *,
    reason: str,
    clock: Callable[[], datetime],
) -> Forgotten:
    """Forget what a plan names.

    1. What a killed run left is finished first.
    2. What goes is asked once more, for a check may have opened a case meanwhile, or kept a page: first while nobody waits for it,
       then, as far as it has changed, within the transaction.
    3. Names, words, salts and rows go, and the tombstones come, some orders to a transaction. Pages that name any of them go in
       the first one, so that none is ever left that names a forgotten order. (An order of a later one about which a case is
       opened just then keeps its own captures, but no such page.)
    4. Then its bytes leave the disk. A crash in between is harmless: the next run, or the daemon, goes on there.

    Raises:
        BusyError: a backup is being made.
    """
    erased: list[Erased] = []
    gone: list[str] = []
    with erasing.at_work():
        erasing.finish()
        plan = known_now(store, erasing, now=clock()).asked_again(plan)
        for start in range(0, max(len(plan.orders), 1), _AT_ONCE):
            with store.writing() as writing:
                at = clock()
                plan = known_within(store, erasing, now=at).asked_again(plan)
                erased += _forget_pages(writing, store, erasing, plan.pages, reason=reason, at=at)
                some = plan.orders[start : start + _AT_ONCE]
                found = _forget_orders(writing, store, erasing, some, reason=reason, at=at)
            plan = replace(plan, pages=())  # what is kept from now on is looked at by the next transaction
            gone += found
            erased += found.values()
        crash_point("rows_forgotten")
        leftovers = erasing.finish()
    return Forgotten(
        orders=tuple(gone),
        captures=sum(len(each.captures) for each in erased),
        files=len({digest for each in erased for digest in each.files}),
        attachments=sum(len(each.attachments) for each in erased),
        notes=sum(each.notes for each in erased),
        leftovers=tuple(leftovers),
    )


def finish_forgetting(erasing: Erasing) -> list[Leftover]:
    """Take up what a killed run left; returns what still could not be removed.

    Raises:
        BusyError: a backup is being made.
    """
    if not erasing.is_unfinished():
        return []
    with erasing.at_work():
        return erasing.finish()


def _forget_orders(
    writing: Writing,
    store: Store,
    erasing: Erasing,
    wanted: Sequence[Going],
    *,
    reason: str,
    at: datetime,
) -> dict[str, Erased]:
    """Forget those that may still go; returns what went of each.

    Captures go with the last order of their conversation, and that is decided here: one of them may be held by now.
    """
    about: dict[str, list[str]] = {}
    for each in wanted:
        about.setdefault(each.order.account, []).append(each.order.conversation)
    known = {
        order.id: order
        for account, conversations in about.items()
        for order in store.history(account).orders_of(conversations)
    }
    cases = store.open_cases()

    def may_go(order: Order) -> bool:
        return holds(order, cases, now=at) is None

    found = [known[each.order.id] for each in wanted if each.order.id in known]
    going = {order.id: order for order in found if may_go(order)}
    free: list[tuple[Order, list[str]]] = []
    taken: set[tuple[str, str]] = set()
    for order in going.values():
        whose = (order.account, order.conversation)
        kept = (
            []
            if whose in taken or mates(order, known.values(), going, may_go=may_go)
            else store.captures(account=order.account, conversation=order.conversation)
        )
        taken.add(whose)
        free.append((order, [capture.id for capture in kept]))
    erased = erasing.erase(free, at=at)
    for order, what in erased:
        writing.record(
            "forgotten", at=at, account=order.account, order=order.id, reason=reason, **_facts(what)
        )
    return {order.id: what for order, what in erased}


def _forget_pages(
    writing: Writing,
    store: Store,
    erasing: Erasing,
    pages: Sequence[StoredCapture],
    *,
    reason: str,
    at: datetime,
) -> list[Erased]:
    """Forget pages about many orders, as far as they are still there."""
    erased = []
    for account in dict.fromkeys(page.account for page in pages):
        wanted = [page.id for page in pages if page.account == account]
        there = store.history(account).captures(wanted)
        if not there:
            continue
        found = erasing.erase_captures([page for page in wanted if page in there], at=at)
        writing.record("forgotten", at=at, account=account, order=None, reason=reason, **_facts(found))
        erased.append(found)
    return erased


def _facts(erased: Erased) -> dict[str, list[str] | int]:
    return {
        "captures": list(erased.captures),
        "files": list(erased.files),
        "attachments": list(erased.attachments),
        "notes": erased.notes,
    }
