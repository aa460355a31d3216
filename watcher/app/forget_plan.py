"""What is to be forgotten, before anything is: the orders, their captures, the pages that name them, and what holds them."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property

from watcher.app.archive import StoredCapture
from watcher.app.erasure import Erasing, Holding
from watcher.app.ports import Store
from watcher.domain.case import Case
from watcher.domain.order import Order
from watcher.domain.retention import Holds, holds, is_lost, last_moved

_LONGEST_CHECK = timedelta(hours=1)
"""A check remembers what it has captured when it ends: a page taken up to so long before a plan may have been kept only after it."""


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
    holding: frozenset[str] = frozenset()
    """Ids of the orders that would have kept one of `pages`, had it named them."""
    about: frozenset[str] = frozenset()
    """Ids of all orders that may go, those among them of which nothing is left but pages."""
    at: datetime | None = None
    """When it was made; `None`: no order was asked about."""

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

    Pages about many orders go also with one that was forgotten before: a later list may have shown it.
    """
    return known_now(store, erasing, now=now).plan(orders)


def older_than(store: Store, erasing: Erasing, span: timedelta, *, now: datetime) -> list[Order]:
    """Return the orders that may be forgotten and to which nothing has happened for so long, the longest ago first."""
    known = known_now(store, erasing, now=now)
    old = [order for order in known.orders if known.may_go(order) and now - known.moved_at(order) > span]
    return sorted(old, key=known.moved_at)


def known_now(store: Store, erasing: Erasing, *, now: datetime) -> "Known":
    """Return what is known as of one moment."""
    with store.snapshot():
        return known_within(store, erasing, now=now)


def known_within(store: Store, erasing: Erasing, *, now: datetime) -> "Known":
    """Return what is known within the transaction that is open."""
    orders, cases = store.orders(), store.cases()
    orders_about: dict[tuple[str, str], list[Order]] = {}
    for order in orders:
        orders_about.setdefault((order.account, order.conversation), []).append(order)
    cases_of: dict[str, list[Case]] = {}
    for case in cases:
        cases_of.setdefault(case.order, []).append(case)
    return Known(
        store=store,
        erasing=erasing,
        now=now,
        orders=orders,
        orders_about=orders_about,
        cases_of=cases_of,
        read_at={account.name: account.last_complete_at for account in store.accounts()},
    )


@dataclass(frozen=True, kw_only=True)
class Known:
    """What is known of all orders at one moment, as far as it decides what may go.

    Captures are read only when asked for: there are far more of them than orders. Something may have changed since then, so
    whoever forgets asks again.
    """

    store: Store
    erasing: Erasing
    now: datetime
    orders: Sequence[Order]
    orders_about: Mapping[tuple[str, str], Sequence[Order]]
    """By account and conversation."""
    cases_of: Mapping[str, Sequence[Case]]
    """By order."""
    read_at: Mapping[str, datetime | None]
    """When each account was last read completely."""

    @cached_property
    def moved(self) -> Mapping[str, datetime]:
        """When something was last kept about each order."""
        return self.erasing.moved()

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

    def going(self, order: Order, together: Collection[str]) -> Going:
        """Return what goes with an order when the orders of all these ids go."""
        about = (order.account, order.conversation)
        stay = mates(order, self.orders_about.get(about, ()), together, may_go=self.may_go)
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
        wanted = {order.id: order for order in orders if self.may_go(order)}
        going = [self.going(order, wanted) for order in wanted.values()]
        holding = self.holding(without=wanted)
        naming = self.erasing.naming(self.pages(), list(wanted.values())) if wanted else []
        free, held = self.sorted_out(naming, holding)
        return Plan(
            orders=tuple(each for each in going if not _is_done(each)),
            pages=tuple(free),
            staying=tuple(held),
            holding=frozenset(order.id for order in holding),
            about=frozenset(wanted),
            at=self.now,
        )

    def asked_again(self, plan: Plan) -> Plan:
        """Return a plan as it would be by now: without pages that an order has come to hold, with those kept since that name one that goes."""
        going = [order for order in self.orders if order.id in plan.about and self.may_go(order)]
        holding = self.holding(without={order.id for order in going})
        pages = plan.pages
        if newly := [order for order in holding if order.id not in plan.holding]:
            pages = tuple(self.sorted_out(pages, newly)[0])
        if going and plan.at is not None:
            known = {page.id for page in (*plan.pages, *plan.staying)}
            late = [page for page in self.pages(after=plan.at - _LONGEST_CHECK) if page.id not in known]
            naming = self.erasing.naming(late, going) if late else []
            pages = (*pages, *self.sorted_out(naming, holding)[0])
        return replace(plan, pages=pages, holding=frozenset(order.id for order in holding))

    def has_come_back(self, order: Order) -> bool:
        """Whether something is kept of an order that was forgotten: what came after that."""
        return not _is_done(self.going(order, {order.id}))

    def pages(
        self, *, after: datetime | None = None, before: datetime | None = None
    ) -> Iterator[StoredCapture]:
        """Return the captures of pages that are about many orders: all, or those taken after one moment, or before another."""
        return self.store.captures_of_no_order(after=after, before=before)

    def holding(self, *, without: Collection[str] = ()) -> list[Order]:
        """Return the orders that keep each page that names them: they are under way, or have a case.

        One that is forgotten keeps none for an old case; but it may be under way again.
        """

        def is_holding(order: Order) -> bool:
            if order.forgotten_at is not None:
                return not self.may_go(order)
            return self.has_case(order) or not self.is_over(order)

        return [order for order in self.orders if order.id not in without and is_holding(order)]

    def sorted_out(
        self, pages: Sequence[StoredCapture], holding: Collection[Order]
    ) -> tuple[list[StoredCapture], list[StoredCapture]]:
        """Return those of the pages that may go, and those that stay, for they name one of the orders that hold them."""
        held = self.erasing.naming(pages, holding) if pages else []
        ids = {page.id for page in held}
        return [page for page in pages if page.id not in ids], held


def mates(
    order: Order, known: Collection[Order], going: Collection[str], *, may_go: Callable[[Order], bool]
) -> list[str]:
    """Return the other orders of an order's conversation that stay; one that is forgotten does where it is under way again."""
    about = (order.account, order.conversation)
    return [
        other.id
        for other in known
        if (other.account, other.conversation) == about
        and other.id != order.id
        and other.id not in going
        and not (other.forgotten_at is not None and may_go(other))
    ]


def _is_done(going: Going) -> bool:
    """Whether the order was forgotten before, and nothing has come since."""
    return going.order.forgotten_at is not None and not going.captures and going.holding.is_nothing
