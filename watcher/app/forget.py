"""Forgetting an order: the bytes and the names go, a tombstone stays, and the ledger's chain stays whole."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from watcher.app.archive import StoredCapture
from watcher.app.erasure import Erased, Erasing, Leftover
from watcher.app.forget_plan import Going, Plan, mates
from watcher.app.ports import Store, Writing
from watcher.crash_points import crash_point
from watcher.domain.retention import holds

BY_SELLER = "seller"
BY_TIME = "retention"
"""Why something was forgotten, as the ledger says it."""
_AT_ONCE = 50
"""So many orders share a transaction: a check waits no longer than that takes."""


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
    2. In one transaction names, words, salts and rows go, and the tombstone of each order comes. Whether it may go is asked
       again inside: a check may have opened its case meanwhile.
    3. Then its bytes leave the disk. A crash in between is harmless: the next run, or the daemon, goes on there.

    Raises:
        BusyError: a backup is being made.
    """
    gone: list[str] = []
    erased: list[Erased] = []
    with erasing.at_work():
        erasing.finish()
        for start in range(0, len(plan.orders), _AT_ONCE):
            with store.writing() as writing:
                found = _forget_orders(
                    writing,
                    store,
                    erasing,
                    plan.orders[start : start + _AT_ONCE],
                    {going.order.id for going in plan.orders},
                    reason=reason,
                    at=clock(),
                )
            gone += found
            erased += found.values()
        crash_point("rows_forgotten")
        erased += _forget_pages(store, erasing, plan.pages, gone, plan, reason=reason, clock=clock)
        leftovers = erasing.finish()
    return Forgotten(
        orders=tuple(gone),
        captures=sum(len(each.captures) for each in erased),
        files=sum(len(each.files) for each in erased),
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
    together: Collection[str],
    *,
    reason: str,
    at: datetime,
) -> dict[str, Erased]:
    """Forget those that may still go; returns what went of each. `together` are all orders that go in this run."""
    orders, cases = store.orders(), store.cases()
    known = {order.id: order for order in orders}
    erased: dict[str, Erased] = {}
    for going in wanted:
        order = known.get(going.order.id)
        if order is None or holds(order, cases, now=at) is not None:
            continue
        captures: list[str] = []
        if not mates(order, orders, together):
            kept = store.captures(account=order.account, conversation=order.conversation)
            captures = [capture.id for capture in kept]
        erased[order.id] = found = erasing.erase(order, captures, at=at)
        writing.record(
            "forgotten", at=at, account=order.account, order=order.id, reason=reason, **_facts(found)
        )
    return erased


def _forget_pages(
    store: Store,
    erasing: Erasing,
    pages: Sequence[StoredCapture],
    gone: Collection[str],
    plan: Plan,
    *,
    reason: str,
    clock: Callable[[], datetime],
) -> list[Erased]:
    """Forget pages about many orders, in one transaction for each account."""
    if plan.orders and not gone:
        return []  # none of the orders went: a check was quicker
    erased = []
    for account in dict.fromkeys(page.account for page in pages):
        with store.writing() as writing:
            at, known = clock(), {capture.id for capture in store.captures(account=account)}
            ids = [page.id for page in pages if page.account == account and page.id in known]
            if not ids:
                continue
            found = erasing.erase_captures(ids, at=at)
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
