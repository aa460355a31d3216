"""What past sales teach: how many were cancelled, when, why, at what cost; each figure with its count.

Rates are of *finished* sales: cancelled ones, and those whose buyer has confirmed the receipt. What is still under way is
counted apart: it may go either way. So a cancellation, which comes early, is in the figures before the sales of the same
week that go well; over a quarter or a year that evens out.

Nothing here says why. Two rows of a figure are only compared where their intervals do not overlap, and even then all
that is said is that the one share was higher than the other.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from watcher.domain.budget import BERLIN
from watcher.domain.figure import OTHERS, WITHOUT, Figure, Row, Topic
from watcher.domain.loss import Loss, loss_of
from watcher.domain.past_sale import Cancellation, ParcelEnd, PastSale, was_shipped
from watcher.domain.rate import Rate
from watcher.domain.reason import CancelReason
from watcher.domain.step import CaseKind

PRICE_BANDS = (0, 2_000, 5_000, 10_000, 25_000)
"""Where each band of prices begins, in cents. Few and wide, so that a private seller's sales fill them."""
WAITING_DAYS = (0, 1, 2, 3)
"""Where each day of waiting for the hand-in begins; the last has no end."""
ANSWER_HOURS = (0, 1, 4, 24, 72)
"""Where each band of answer times begins."""
BUYER_DAYS = (0, 30, 365, 3 * 365)
"""Where each band of the age of a buyer's account begins."""
PICKUP = "pickup"
MOST_CARRIERS = 8
MOST_CATEGORIES = 8
MOST_FINDINGS = 8
_CLOCKS_DIFFER = timedelta(days=1)
"""A site that says on which day somebody registered may say it by another clock."""
MOST_MONTHS = 24
K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonRow:
    """How often a reason was named by the seller, and how often it was only found in the chat."""

    reason: CancelReason
    named: int
    found: int

    @property
    def both(self) -> int:
        """How many cancellations it stands for."""
        return self.named + self.found


@dataclass(frozen=True, slots=True, kw_only=True)
class Insights:
    """Everything that is said about a stretch of time."""

    since: datetime | None
    until: datetime
    cancelled: Rate
    """Cancelled of finished sales."""
    under_way: int
    reasons: tuple[ReasonRow, ...]
    """The most frequent first; only those that occur."""
    no_reason: int
    """Cancellations of which no reason was named or found."""
    figures: tuple[Figure, ...]
    loss: Loss

    def figure(self, topic: Topic) -> Figure:
        """Return the figure of that topic; an empty one where it has no rows."""
        return next(
            (figure for figure in self.figures if figure.topic is topic), Figure(topic=topic, rows=())
        )


def insights_of(sales: Iterable[PastSale], *, since: datetime | None, until: datetime) -> Insights:
    """Return what these sales teach. They may come in any order; no figure depends on it.

    Args:
        sales: every order of that time; what is no sale is left out.
        since: from when on the sales are, as it was asked for.
        until: now.
    """
    every = list(sales)
    finished = [sale for sale in every if sale.is_finished]
    off = [(sale, sale.cancellation) for sale in finished if sale.cancellation is not None]
    reasons, no_reason = _reasons(cancellation for _sale, cancellation in off)
    goods = Counter(cancellation.goods for _sale, cancellation in off)
    figures = (
        Figure(
            topic=Topic.GOODS,
            rows=tuple(
                Row(key=kind.value, rate=Rate(hits=goods[kind], of=len(off)))
                for kind in CaseKind
                if goods[kind]
            ),
        ),
        _months(finished),
        _grouped(Topic.PRICE, finished, _price_band, _BANDS),
        _carriers(finished),
        _grouped(Topic.WEEKDAY, finished, _weekday, tuple(map(str, range(7)))),
        _largest(Topic.CATEGORY, finished, lambda sale: sale.category or None, MOST_CATEGORIES),
        _grouped(Topic.ANSWERS, finished, _answer_band, _ANSWER_BANDS),
        _grouped(Topic.BUYER_AGE, finished, _buyer_band, _BUYER_BANDS),
        _findings(finished),
        _waiting(every),
        _intercepts(Topic.INTERCEPT_CARRIER, off, lambda sale, _cancellation: (sale.carrier or "",)),
        _intercepts(Topic.INTERCEPT_WAY, off, lambda _sale, cancellation: sorted(cancellation.asks)),
    )
    return Insights(
        since=since,
        until=until,
        cancelled=Rate(hits=len(off), of=len(finished)),
        under_way=sum(sale.is_under_way for sale in every),
        reasons=reasons,
        no_reason=no_reason,
        figures=tuple(figure for figure in figures if figure.rows),
        loss=loss_of(off),
    )


def price_key(begins: int) -> str:
    """Return the key of the band of prices that begins there: `2000-5000`, in cents; the last has no end."""
    return band_key(PRICE_BANDS, begins)


def band_key(bands: Sequence[int], begins: int) -> str:
    """Return the key of the band that begins there; the last has no end."""
    ends = next((each for each in bands if each > begins), None)
    return f"{begins}-{'' if ends is None else ends}"


def band_keys(bands: Sequence[int]) -> tuple[str, ...]:
    """Return the keys of bands, in their order."""
    return tuple(band_key(bands, begins) for begins in bands)


_BANDS = band_keys(PRICE_BANDS)
_ANSWER_BANDS, _BUYER_BANDS = band_keys(ANSWER_HOURS), band_keys(BUYER_DAYS)


def _grouped(
    topic: Topic, sales: Sequence[PastSale], group: Callable[[PastSale], str | None], keys: Sequence[str]
) -> Figure:
    """Count by group, in the order of `keys`; a group without a single sale has no row."""
    of, hits = _counted(sales, group)
    rows = tuple(Row(key=key, rate=Rate(hits=hits[key], of=of[key])) for key in keys if of[key])
    return Figure(topic=topic, rows=rows, unknown=of[None])


def _counted(sales: Iterable[PastSale], group: Callable[[PastSale], K]) -> tuple[Counter[K], Counter[K]]:
    """Return how many sales each group has, and how many of those were cancelled."""
    of, hits = Counter[K](), Counter[K]()
    for sale in sales:
        key = group(sale)
        of[key] += 1
        if sale.is_cancelled:
            hits[key] += 1
    return of, hits


def _price_band(sale: PastSale) -> str | None:
    price = sale.price_cents
    return None if price is None else _BANDS[max(bisect_right(PRICE_BANDS, price) - 1, 0)]


def _answer_band(sale: PastSale) -> str | None:
    if sale.answered_in is None:
        return None
    hours = sale.answered_in / timedelta(hours=1)
    return _ANSWER_BANDS[max(bisect_right(ANSWER_HOURS, hours) - 1, 0)]


def _buyer_band(sale: PastSale) -> str | None:
    """The age of the buyer's account when the deal was made; one that is younger than the deal is a date that makes no sense."""
    if sale.buyer_since is None:
        return None
    age = (sale.made_at or sale.since) - sale.buyer_since
    if age < -_CLOCKS_DIFFER:
        return None
    return _BUYER_BANDS[max(bisect_right(BUYER_DAYS, age.days) - 1, 0)]


def _weekday(sale: PastSale) -> str | None:
    """The German weekday on which the deal was made."""
    return None if sale.made_at is None else str(sale.made_at.astimezone(BERLIN).weekday())


def _months(sales: Sequence[PastSale]) -> Figure:
    """By the month in which the sale began; months without a sale have a row, too, for a time line has no gaps."""
    of, hits = _counted(sales, _month)
    keys = list(_each_month(min(of), max(of)))[-MOST_MONTHS:] if of else []
    return Figure(
        topic=Topic.MONTH,
        rows=tuple(
            Row(key=f"{year:04}-{month:02}", rate=Rate(hits=hits[year, month], of=of[year, month]))
            for year, month in keys
        ),
    )


def _month(sale: PastSale) -> tuple[int, int]:
    local = sale.since.astimezone(BERLIN)
    return local.year, local.month


def _each_month(first: tuple[int, int], last: tuple[int, int]) -> Iterator[tuple[int, int]]:
    year, month = first
    while (year, month) <= last:
        yield year, month
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)  # noqa: PLR2004 - months of a year


def _carriers(sales: Sequence[PastSale]) -> Figure:
    """By carrier, the one first that carried most; pick-up is a row of its own, and the smallest are one together."""

    def carrier(sale: PastSale) -> str | None:
        return PICKUP if sale.pickup else sale.carrier or None

    return _largest(Topic.CARRIER, sales, carrier, MOST_CARRIERS)


def _largest(
    topic: Topic, sales: Sequence[PastSale], group: Callable[[PastSale], str | None], most: int
) -> Figure:
    """Count by group, the largest first; the smallest are one row together."""
    of = Counter(key for sale in sales if (key := group(sale)) is not None)
    largest = _most_frequent(of, most)
    kept = set(largest)

    def row(sale: PastSale) -> str | None:
        key = group(sale)
        return key if key is None or key in kept else OTHERS

    return _grouped(topic, sales, row, (*largest, OTHERS))


def _most_frequent(of: Mapping[str, int], most: int) -> list[str]:
    return [key for key, _count in sorted(of.items(), key=lambda item: (-item[1], item[0]))[:most]]


def _findings(sales: Sequence[PastSale]) -> Figure:
    """Count each frequent finding: the sales whose ad had it, then those whose ad did not. An unread ad is in neither."""
    known = [sale for sale in sales if sale.findings is not None]
    of, hits = Counter[str](), Counter[str]()
    # Few kinds of ads are behind many sales.
    of_alike, hits_alike = _counted(known, lambda sale: sale.findings or frozenset())
    for findings, count in of_alike.items():
        for key in findings:
            of[key] += count
            hits[key] += hits_alike[findings]
    everywhere = Rate(hits=sum(sale.is_cancelled for sale in known), of=len(known))
    rows: list[Row] = []
    for key in _most_frequent(of, MOST_FINDINGS):
        rest = Rate(hits=everywhere.hits - hits[key], of=everywhere.of - of[key])
        rows += (Row(key=key, rate=Rate(hits=hits[key], of=of[key])), Row(key=key + WITHOUT, rate=rest))
    return Figure(topic=Topic.FINDING, rows=tuple(rows), unknown=len(sales) - len(known))


def _waiting(sales: Iterable[PastSale]) -> Figure:
    """Of the sales that still waited for the hand-in when a day of waiting began: how many were cancelled in its course.

    Counted so, a long wait is not mistaken for a danger only because what is cancelled at once never waits long. A sale
    counts once it was handed in or cancelled; what still waits has no end to count.
    """
    ended, hits, unknown = Counter[int](), Counter[int](), 0
    for sale in sales:
        if sale.pickup or not (sale.is_cancelled or was_shipped(sale)):
            continue
        waited, was_cancelled = _waited(sale)
        if waited is None:
            unknown += 1
            continue
        day = WAITING_DAYS[bisect_right(WAITING_DAYS, waited.days) - 1]
        ended[day] += 1
        hits[day] += was_cancelled
    # Who still waited when a day began is whose waiting ended on that day or later.
    at_risk = {day: sum(count for last, count in ended.items() if last >= day) for day in WAITING_DAYS}
    rows = tuple(
        Row(key=str(day), rate=Rate(hits=hits[day], of=at_risk[day])) for day in WAITING_DAYS if at_risk[day]
    )
    return Figure(topic=Topic.WAITING, rows=rows, unknown=unknown)


def _waited(sale: PastSale) -> tuple[timedelta | None, bool]:
    """Return how long a sale waited for its hand-in, and whether its cancellation ended that; `None` where nobody knows."""
    off, gone = sale.cancellation, sale.handed_in_at
    ends_before = off is not None and (
        off.at < gone if gone is not None else off.goods is CaseKind.BEFORE_SHIPMENT
    )
    end = off.at if off is not None and ends_before else gone
    if sale.waits_from is None or end is None:
        return None, ends_before
    return max(end - sale.waits_from, timedelta()), ends_before


def _intercepts(
    topic: Topic,
    off: Iterable[tuple[PastSale, Cancellation]],
    groups: Callable[[PastSale, Cancellation], Iterable[str]],
) -> Figure:
    """Count attempts to get a parcel back: how many are decided, and how many of those came back."""
    ends: dict[str, Counter[ParcelEnd]] = {}
    for sale, cancellation in off:
        if cancellation.parcel is not None:
            for key in groups(sale, cancellation):
                ends.setdefault(key, Counter())[cancellation.parcel] += 1
    largest_first = sorted(ends.items(), key=lambda item: (-item[1].total(), item[0]))
    return Figure(topic=topic, rows=tuple(attempts_row(key, counted) for key, counted in largest_first))


def attempts_row(key: str, ends: Mapping[ParcelEnd, int]) -> Row:
    """Return attempts to stop parcels as one row: how many of those that are decided came back, and the rest."""
    decided = sum(count for end, count in ends.items() if end.is_decided)
    return Row(
        key=key,
        rate=Rate(hits=ends[ParcelEnd.CAME_BACK], of=decided),
        open=ends[ParcelEnd.OPEN],
        unknown=ends[ParcelEnd.UNKNOWN],
    )


def _reasons(off: Iterable[Cancellation]) -> tuple[tuple[ReasonRow, ...], int]:
    named, found, none = Counter[CancelReason](), Counter[CancelReason](), 0
    for cancellation in off:
        if cancellation.named is not None:
            named[cancellation.named] += 1
        elif cancellation.found is not None:
            found[cancellation.found] += 1
        else:
            none += 1
    rows = [ReasonRow(reason=reason, named=named[reason], found=found[reason]) for reason in CancelReason]
    rows = [row for row in rows if row.both]
    return tuple(sorted(rows, key=lambda row: -row.both)), none
