"""A figure: how often something happened, group by group, and which groups may be compared."""

from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

from watcher.domain.rate import Rate

OTHERS = "*"
"""The rows beyond the largest ones, taken together: never compared with anything."""


class Topic(StrEnum):
    """What a figure is about."""

    GOODS = "goods"
    MONTH = "month"
    PRICE = "price"
    CARRIER = "carrier"
    WEEKDAY = "weekday"
    CATEGORY = "category"
    ANSWERS = "answers"
    """By how long the seller took to answer."""
    BUYER_AGE = "buyer_age"
    """By how long the buyer had been registered."""
    FINDING = "finding"
    """By what the rules found in the ad: each finding against the ads without it."""
    WAITING = "waiting"
    """Cancelled on that day of waiting, of those that still waited when it began."""
    INTERCEPT_CARRIER = "intercept_carrier"
    INTERCEPT_WAY = "intercept_way"


COMPARED = frozenset(
    {
        Topic.PRICE,
        Topic.CARRIER,
        Topic.WEEKDAY,
        Topic.CATEGORY,
        Topic.ANSWERS,
        Topic.BUYER_AGE,
        Topic.FINDING,
        Topic.INTERCEPT_CARRIER,
    }
)
"""Topics whose rows are groups of their own. The others are shares of one whole, follow on each other, or share cases."""
WITHOUT = "/without"
"""What the key of a finding's counterpart ends with: the sales whose ad did not have it."""


INTERCEPTS = frozenset({Topic.INTERCEPT_CARRIER, Topic.INTERCEPT_WAY})
"""Topics that are about parcels which somebody tried to stop."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One group of a figure."""

    key: str
    rate: Rate
    """Cancelled of finished; of attempts to stop a parcel those that came back, of those that are decided."""
    open: int = 0
    """Attempts that are not decided yet."""
    unknown: int = 0
    """Attempts of which nobody said how they ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """How often, by group."""

    topic: Topic
    rows: tuple[Row, ...]
    unknown: int = 0
    """How many belong to a group that nobody knows: they are in no row."""

    @property
    def differences(self) -> tuple[tuple[Row, Row], ...]:
        """The pairs of rows that may be compared, the higher share first; the clearest difference first."""
        if self.topic not in COMPARED:
            return ()
        rows = [row for row in self.rows if row.key != OTHERS]
        pairs = [
            (one, other) if one.rate.share > other.rate.share else (other, one)
            for one, other in combinations(rows, 2)
            if (self.topic is not Topic.FINDING or _is_counterpart(one, other))
            and one.rate.is_apart_from(other.rate)
        ]
        return tuple(sorted(pairs, key=lambda pair: pair[1].rate.interval[1] - pair[0].rate.interval[0]))


def _is_counterpart(one: Row, other: Row) -> bool:
    """Whether two rows are about the same finding: those of different ones share sales."""
    return one.key.removesuffix(WITHOUT) == other.key.removesuffix(WITHOUT)
