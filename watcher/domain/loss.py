"""What cancellations cost in money and days, as far as it is known."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import median

from watcher.domain.past_sale import Cancellation, PastSale

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """How long something lasted."""

    count: int
    total_days: float
    median_days: float | None
    """`None` where there is nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """What cancellations cost, as far as it is known."""

    price_cents: int
    """The prices of the sales that did not come about."""
    priced: int
    """Of how many cancellations the price is known."""
    own_costs_cents: int
    with_own_costs: int
    open_costs_cents: int
    with_open_costs: int
    missing_cents: int
    """Prices of sales that were refunded while nobody saw the goods come back."""
    missing: int
    bound: Spread
    """From the deal to the end of the case: so long the item was not for sale."""
    handling: Spread
    """From the cancellation to the end of its case."""


def loss_of(off: Sequence[tuple[PastSale, Cancellation]]) -> Loss:
    """Return what these cancelled sales cost."""
    prices = [sale.price_cents for sale, _cancellation in off if sale.price_cents is not None]
    gone = [sale for sale, cancellation in off if cancellation.is_missing]
    own = [each.own_costs_cents for _sale, each in off if each.own_costs_cents]
    still_open = [each.open_costs_cents for _sale, each in off if each.open_costs_cents]
    return Loss(
        price_cents=sum(prices),
        priced=len(prices),
        own_costs_cents=sum(own),
        with_own_costs=len(own),
        open_costs_cents=sum(still_open),
        with_open_costs=len(still_open),
        missing_cents=sum(sale.price_cents or 0 for sale in gone),
        missing=len(gone),
        bound=_spread(
            each.over_at - sale.made_at
            for sale, each in off
            if each.over_at is not None and sale.made_at is not None
        ),
        handling=_spread(each.over_at - each.at for _sale, each in off if each.over_at is not None),
    )


def _spread(spans: Iterable[timedelta]) -> Spread:
    days = [max(span / _DAY, 0.0) for span in spans]
    return Spread(count=len(days), total_days=sum(days), median_days=median(days) if days else None)
