"""Looking things up by pages, for whoever shows them: nothing here loads more than is shown."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from watcher.app.archive import StoredCapture
from watcher.domain.case import Case
from watcher.domain.ledger import Line
from watcher.domain.order import Order
from watcher.domain.stage import Stage

PAGE = 50
"""How many entries one page holds."""


class Sorting(StrEnum):
    """By what orders are sorted."""

    LATEST = "latest"
    OLDEST = "oldest"
    AMOUNT = "amount"
    TITLE = "title"


class Group(StrEnum):
    """Which orders are shown."""

    ALL = "all"
    LIVE = "live"
    OPEN_CASE = "open_case"
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderQuery:
    """What somebody looks for."""

    words: str = ""
    """Letters within title, buyer, tracking number or id, in any case."""
    group: Group = Group.ALL
    stage: Stage | None = None
    account: str | None = None
    sorting: Sorting = Sorting.LATEST
    page: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPage:
    """One page of orders."""

    orders: tuple[Order, ...]
    found: int
    """How many there are on all pages."""
    page: int

    @property
    def pages(self) -> int:
        """How many pages there are, one at least."""
        return max(-(-self.found // PAGE), 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class CapturePage:
    """One page of captures, the latest first."""

    captures: tuple[StoredCapture, ...]
    found: int
    page: int

    @property
    def pages(self) -> int:
        """How many pages there are, one at least."""
        return max(-(-self.found // PAGE), 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class PastCheck:
    """One check that took place, as the ledger remembers it."""

    account: str
    at: datetime
    outcome: str
    cause: str | None = None


class Catalogue(Protocol):
    """What can be looked up. It only reads."""

    def order(self, order_id: str) -> Order | None:
        """Return the order of exactly that id."""

    def orders_by_id(self, ids: list[str]) -> dict[str, Order]:
        """Return the orders of these ids, as far as they are known."""

    def cases_of(self, order_id: str) -> list[Case]:
        """Return an order's cases, the latest first."""

    def case(self, case_id: str) -> Case | None:
        """Return the case of exactly that id."""

    def open_cases(self) -> list[Case]:
        """Return the open cases, the oldest first."""

    def at_stake(self) -> list[Order]:
        """Return the orders that each check has to see: live ones, and those with an open case."""

    def find_orders(self, query: OrderQuery) -> OrderPage:
        """Return one page of the orders that somebody looks for."""

    def counts(self, account: str | None = None) -> Mapping[Stage, int]:
        """Return how many orders stand at each stage."""

    def find_captures(self, *, order: Order | None = None, page: int = 1) -> CapturePage:
        """Return one page of captures, of one order's conversation or of all."""

    def latest_captures(self, order: Order, *, most: int) -> list[StoredCapture]:
        """Return the last captures of one order's conversation, oldest first; of more than `most` the oldest are left out."""

    def pages_shown(
        self, account: str, *, conversation: str | None, page: str | None
    ) -> Iterator[StoredCapture]:
        """Return the captures of a conversation, of an added page, or (both are `None`) of an account's own pages.

        The latest comes first, and no more are read than are asked for; none is of an ad.
        """

    def capture(self, capture_id: str) -> StoredCapture | None:
        """Return the capture of that id."""

    def titles(self, conversations: list[tuple[str, str]]) -> dict[tuple[str, str], Order]:
        """Return the latest order of each account and conversation."""

    def lines_about(self, order_id: str) -> list[Line]:
        """Return the ledger's lines that name an order, oldest first."""

    def past_checks(self, *, since: datetime) -> list[PastCheck]:
        """Return the checks that took place since a moment, oldest first."""
