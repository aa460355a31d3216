"""The money of all orders: what the page says, and what the seller wrote down beside it."""

import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from watcher.app.ports import Store, Writing
from watcher.app.seller import find
from watcher.domain.case import Case
from watcher.domain.money import Cost, CostKind, OrderMoney, Payer, money_of, refunded_parts
from watcher.domain.order import Order
from watcher.errors import UsageError
from watcher.texts import names
from watcher.texts.language import _, current

_AMOUNT = re.compile(r"(\d{1,7})(?:[.,](\d\d))?", re.ASCII)
_AROUND = re.compile(r"^\s*€?\s*|\s*(?:€|EUR)?\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyLine:
    """One order with its money and the seller's entries for it."""

    order: Order
    money: OrderMoney
    costs: tuple[Cost, ...]


def money_lines(store: Store, *, now: datetime, order_id: str | None = None) -> list[MoneyLine]:
    """Return where the money of each order is, of one or of all; the latest change first.

    Raises:
        UsageError: there is no such order.
    """
    orders = store.orders()
    if order_id is not None:
        orders = [find(order_id, orders, what="order")]
    cases: dict[str, list[Case]] = defaultdict(list)
    for case in store.cases():
        cases[case.order].append(case)
    costs: dict[str, list[Cost]] = defaultdict(list)
    for cost in store.costs():
        costs[cost.order].append(cost)
    return [
        MoneyLine(
            order=order,
            money=money_of(order, cases[order.id], costs[order.id], now=now),
            costs=tuple(costs[order.id]),
        )
        for order in orders
    ]


def enter_cost(
    store: Store,
    order_id: str,
    *,
    kind: CostKind,
    cents: int,
    payer: Payer,
    text: str,
    clock: Callable[[], datetime],
) -> Cost:
    """Write down money beside an order's price; entries are only ever added.

    Raises:
        UsageError: there is no such order, the sum is none, or more would have gone back to the buyer than the price.
    """
    if cents <= 0:
        raise UsageError(
            _("A cost of nothing is no entry."),
            advice=_("A wrong entry is taken back with --undo and the same kind, sum and payer."),
        )
    with store.writing() as writing:
        order = find(order_id, store.orders(), what="order")
        if kind is CostKind.REFUND_PART:
            _check_parts(order, refunded_parts(store.costs(order.id)), cents)
        cost = Cost(order=order.id, at=clock(), kind=kind, cents=cents, payer=payer, text=text.strip())
        _write(writing, order, cost)
    return cost


def _check_parts(order: Order, before: int, cents: int) -> None:
    price = order.amount_cents
    if price is None or before + cents <= price:
        return
    said, paid, whole = (names.money(each, language=current()) for each in (cents, price, before + cents))
    raise UsageError(
        _("With {said} more, {whole} of the price would have gone back; the price is {price}.").format(
            said=said, whole=whole, price=paid
        )
        if before
        else _("{said} is more than the price of {price}.").format(said=said, price=paid),
        advice=_(
            "`stornowacht money {order}` lists what is written down. A wrong entry is taken back with --undo; what you "
            "paid on top of the price is a cost of the kind `other`."
        ).format(order=order.id),
    )


def take_back(
    store: Store, order_id: str, *, kind: CostKind, cents: int, payer: Payer, clock: Callable[[], datetime]
) -> Cost:
    """Take an entry back by one of the opposite sum: both stay to be seen.

    Raises:
        UsageError: there is no such order, or no such entry that still stands.
    """
    with store.writing() as writing:
        order = find(order_id, store.orders(), what="order")
        entries = [cost for cost in store.costs(order.id) if (cost.kind, cost.payer) == (kind, payer)]
        standing = sum(cost.cents == cents for cost in entries) - sum(
            cost.cents == -cents for cost in entries
        )
        if standing <= 0 or cents <= 0:
            raise UsageError(
                _("{order} has no such entry to take back.").format(order=order.id),
                advice=_(
                    "`stornowacht money {order}` lists its entries: kind, sum and payer must be the same."
                ).format(order=order.id),
            )
        entry = next(cost for cost in reversed(entries) if cost.cents == cents)
        taken_back = replace(entry, cents=-cents, at=clock())
        _write(writing, order, taken_back)
    return taken_back


def _write(writing: Writing, order: Order, cost: Cost) -> None:
    """Remember an entry; the ledger gets a salted hash of the sum and the words, never the words."""
    writing.save_cost(cost)
    writing.record(
        "cost_added" if cost.cents > 0 else "cost_taken_back",
        at=cost.at,
        account=order.account,
        order=order.id,
        about=cost.kind,
        payer=cost.payer,
        entry=writing.salted_hash(order.account, f"{cost.at.isoformat()} {cost.cents} {cost.text}"),
    )


def cents_of(text: str) -> int:
    """Return the cents of an amount such as `12,50`, `12.50`, `12` or `12,50 €`.

    Raises:
        UsageError: it is none, or could be read in two ways.
    """
    found = _AMOUNT.fullmatch(_AROUND.sub("", text))
    if found is None:
        raise UsageError(
            _("{text!r} is no amount.").format(text=text[:40]),
            advice=_(
                "Write euros and cents, such as 12,50 or 12.50, without a sign and without dots for thousands."
            ),
        )
    return int(found[1]) * 100 + int(found[2] or 0)
