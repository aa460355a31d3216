"""Past sales: what the use cases need of whoever remembers them."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Protocol

from watcher.domain.order import Order
from watcher.domain.past_sale import Background, ParcelEnd, PastSale


class PastSales(Protocol):
    """Whoever remembers past sales."""

    def mark(self) -> str:
        """Return what is another whenever something was written that figures are made of."""

    def pages(
        self, *, since: datetime | None, account: str | None, carrier_id: Callable[[str], str]
    ) -> Iterator[Sequence[PastSale]]:
        """Return the orders that began since then, page by page, so that never all of them are held as rows.

        Args:
            since: from when on; `None` for all.
            account: of which account; `None` for all.
            carrier_id: makes one name of the many that pages have for a carrier.
        """

    def background(self, order: Order) -> Background:
        """Return what is known around one order: its ad, and the seller's answers."""

    def attempts(self, *, carrier_id: Callable[[str], str]) -> Sequence[tuple[str, ParcelEnd]]:
        """Return each attempt to get a parcel back: with which carrier (empty where nobody knows), and how it ended."""
