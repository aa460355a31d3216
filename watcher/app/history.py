"""The port of an account's history: looked up by what is asked about, so that a long one takes no longer than a short one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from watcher.app.shelf import KeptAd
from watcher.domain.case import Case
from watcher.domain.order import Order


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownConversation:
    """What a conversation looked like when it was last read."""

    id: str
    marks: Mapping[str, str]
    digest: str


class History(Protocol):
    """What one account's checks have left, as far as the next one has to know of it."""

    def orders_at_hand(self, conversations: Iterable[str] = ()) -> list[Order]:
        """Return the orders that a look at the account has to do with, the latest change first.

        They are those that are not ended, that a list has lacked, that have an open case, or whose conversation is to be
        kept; and every other order of the same conversations and of those named. All others are over and stay as they are.
        """

    def orders_of(self, conversations: Iterable[str]) -> list[Order]:
        """Return every order of these conversations, the latest change first."""

    def has_order(self, order_id: str) -> bool:
        """Whether an order has that id, of whichever account."""

    def called_off(self, buyer: str, *, since: datetime, until: datetime) -> list[Order]:
        """Return the orders of buyers of that name that ended without a sale from one moment on, up to another."""

    def cases_of(self, orders: Iterable[Order]) -> list[Case]:
        """Return every case of these orders, the latest first."""

    def conversations(self, ids: Iterable[str]) -> dict[str, KnownConversation]:
        """Return those of these conversations that were ever read, by their ids."""

    def ads_of(self, conversations: Iterable[str]) -> list[KeptAd]:
        """Return the captures of the ads that these conversations are about, oldest first."""

    def captures(self, ids: Iterable[str]) -> frozenset[str]:
        """Return which of these captures are remembered."""
