"""What is to be forgotten, before anything is: the orders, their captures, the pages that name them, and what holds them."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from watcher.app.archive import StoredCapture
from watcher.app.erasure import Erasing, Holding
from watcher.app.ports import Store
from watcher.domain.case import Case
from watcher.domain.order import Order
from watcher.domain.retention import Holds, holds, is_lost, last_moved


@dataclass(frozen=True, slots=True, kw_only=True)
class Going:
    """One order that is to be forgotten, and what goes with it."""

    order: Order
    captures: tuple[StoredCapture, ...]
    holding: Holding
    had_case: bool
    moved_at: datetime
    """When the last thing happened to it."""
    shares_with: tuple[str, ...] = ()
    """Orders of the same conversation that stay: then its captures stay, too, and go with the last of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is to be forgotten, before anything is."""

    orders: tuple[Going, ...] = ()
    pages: tuple[StoredCapture, ...] = ()
    """Captures of pages about many orders that name one of them, or whose time is over."""
    staying: tuple[StoredCapture, ...] = ()
    """Such captures that stay, for they belong to an order that is under way, or to a case."""

    @property
    def is_nothing(self) -> bool:
        """Whether nothing is to be forgotten."""
        return not self.orders and not self.pages

    @property
    def captures(self) -> int:
        """How many captures go."""
        return sum(len(going.captures) for going in self.orders) + len(self.pages)

    @property
    def size(self) -> int:
        """How many bytes that are at most: what other captures need as well stays."""
        captures = [*(capture for going in self.orders for capture in going.captures), *self.pages]
        files = {file.path: file.size for capture in captures for file in capture.files}
        return sum(files.values()) + sum(going.holding.size for going in self.orders)


def blocked(store: Store, order: Order, *, now: datetime) -> Holds | None:
    """Return why an order may not be forgotten now; `None`: it may."""
    return holds(order, store.cases(order.account), now=now)


def plan_forgetting(store: Store, erasing: Erasing, orders: Collection[Order], *, now: datetime) -> Plan:
    """Return what goes with these orders. Those that are under way, and those already forgotten, are left out.

    Pages about many orders go also with one that was forgotten before: a power cut may have come between the two.
    """
    with known_of(store, erasing, now=now) as known:
        return known.plan(orders)


def older_than(store: Store, erasing: Erasing, span: timedelta, *, now: datetime) -> list[Order]:
    """Return the orders that may be forgotten and to which nothing has happened for so long, the longest ago first."""
    with known_of(store, erasing, now=now) as known:
        old = [order for order in known.orders if known.may_go(order) and now - known.moved_at(order) > span]
        return sorted(old, key=known.moved_at)


@contextmanager
def known_of(store: Store, erasing: Erasing, *, now: datetime) -> Iterator["Known"]:
    """Look within the block at what is known as of one moment."""
    with store.snapshot():
        orders_about: dict[tuple[str, str], list[Order]] = {}
        for order in (orders := store.orders()):
            orders_about.setdefault((order.account, order.conversation), []).append(order)
        cases_of: dict[str, list[Case]] = {}
        for case in store.cases():
            cases_of.setdefault(case.order, []).append(case)
        yield Known(
            store=store,
            erasing=erasing,
            now=now,
            orders=orders,
            orders_about=orders_about,
            cases_of=cases_of,
            moved=erasing.moved(),
            read_at={account.name: account.last_complete_at for account in store.accounts()},
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of all orders at one moment, as far as it decides what may go; captures are read where one is needed.

    There are many orders, and far more captures: nothing here goes through all of them for each order, or holds all of them.
    """

    store: Store
    erasing: Erasing
    now: datetime
    orders: Sequence[Order]
    orders_about: Mapping[tuple[str, str], Sequence[Order]]
    """By account and conversation."""
    cases_of: Mapping[str, Sequence[Case]]
    """By order."""
    moved: Mapping[str, datetime]
    read_at: Mapping[str, datetime | None]
    """When each account was last read completely."""

    def may_go(self, order: Order) -> bool:
        """Whether an order is neither under way nor has an open case."""
        return holds(order, self.cases_of.get(order.id, ()), now=self.now) is None

    def is_over(self, order: Order) -> bool:
        """Whether it is certain that nothing can happen to an order any more, also where nobody has looked for long."""
        is_gone = is_lost(order, read_at=self.read_at.get(order.account))
        return self.may_go(order) and (not order.stage.is_live or is_gone)

    def has_case(self, order: Order) -> bool:
        """Whether there ever was a case about an order."""
        return order.id in self.cases_of

    def moved_at(self, order: Order) -> datetime:
        """Return when the last thing happened to an order."""
        found = self.moved.get(order.id)
        return last_moved(order, self.cases_of.get(order.id, ()), [found] if found else [])

    def going(self, order: Order, orders: Collection[Order]) -> Going:
        """Return what goes with an order when all of `orders` go."""
        about = (order.account, order.conversation)
        others = self.orders_about.get(about, ())
        ids = {each.id for each in others}
        stay = mates(order, others, {each.id for each in orders if each.id in ids and self.may_go(each)})
        captures = () if stay else self.store.captures(account=order.account, conversation=order.conversation)
        return Going(
            order=order,
            captures=tuple(captures),
            holding=self.erasing.holding(order),
            had_case=self.has_case(order),
            moved_at=self.moved_at(order),
            shares_with=tuple(stay),
        )

    def plan(self, orders: Collection[Order]) -> Plan:
        """Return what goes with these orders; see `plan_forgetting`."""
        wanted = [self.going(order, orders) for order in orders if self.may_go(order)]
        naming = self.erasing.naming(self.pages(), [each.order for each in wanted]) if wanted else []
        free, held = self.sorted_out(naming, without={each.order.id for each in wanted})
        return Plan(
            orders=tuple(each for each in wanted if not _is_done(each)),
            pages=tuple(free),
            staying=tuple(held),
        )

    def has_come_back(self, order: Order) -> bool:
        """Whether something is kept of an order that was forgotten: what came after that."""
        return not _is_done(self.going(order, [order]))

    def pages(self, *, before: datetime | None = None) -> Iterator[StoredCapture]:
        """Return the captures of pages that are about many orders, one at a time; those that were taken before a moment."""
        return self.store.captures_of_no_order(before=before)

    def sorted_out(
        self, pages: Sequence[StoredCapture], *, without: Collection[str] = ()
    ) -> tuple[list[StoredCapture], list[StoredCapture]]:
        """Return those of the pages that may go, and those that stay.

        A page stays that names an order that is under way, or has a case, and is not forgotten.
        """
        if not pages:
            return [], []
        holding = [
            order
            for order in self.orders
            if order.id not in without
            and order.forgotten_at is None
            and (self.has_case(order) or not self.is_over(order))
        ]
        held = self.erasing.naming(pages, holding)
        ids = {page.id for page in held}
        return [page for page in pages if page.id not in ids], held


def mates(order: Order, known: Collection[Order], going: Collection[str]) -> list[str]:
    """Return the other orders of an order's conversation that stay."""
    about = (order.account, order.conversation)
    return [
        other.id
        for other in known
        if (other.account, other.conversation) == about
        and other.id != order.id
        and other.id not in going
        and other.forgotten_at is None
    ]


def _is_done(going: Going) -> bool:
    """Whether the order was forgotten before, and nothing has come since."""
    return going.order.forgotten_at is not None and not going.captures and going.holding.is_nothing
