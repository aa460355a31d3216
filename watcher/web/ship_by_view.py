"""Until when a parcel should leave, as the dashboard shows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from watcher.app.ship_by import Going
from watcher.domain.order import Order
from watcher.domain.ship_by import ShipBy
from watcher.texts.ship_by import is_slow, left_words, until_words, waiting_words

MOST = 6
"""More than that do not help on a start page; the hand-in page has them all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UntilView:
    """How it stands with one parcel that is still at home."""

    order: Order
    waits: str
    """Since when it is paid."""
    until: str
    """Until when it should leave, and who says so; empty where nobody does."""
    left: str
    tone: str
    """`act`: its day is over; `look`: it is the last one, or it has waited for days; else empty."""


def until_view(order: Order, until: ShipBy | None, *, at: datetime) -> UntilView:
    """Return it in words."""
    is_today = until is not None and until.days_left(now=at) == 0
    slow = is_slow(order, until, now=at)
    return UntilView(
        order=order,
        waits=waiting_words(order, now=at),
        until=until_words(until, now=at) if until else "",
        left=left_words(until, now=at) if until else "",
        tone="act" if slow and until is not None else "look" if slow or is_today else "",
    )


def until_views(going: Sequence[Going], *, at: datetime) -> list[UntilView]:
    """Return them for several parcels."""
    return [until_view(each.order, each.until, at=at) for each in going]
