"""How often something happened out of how many times, and how far that can be trusted."""

from dataclasses import dataclass
from math import sqrt

ENOUGH = 8
"""Below that, no rate is told. Even with eight, its interval covers more than half of the scale where it is widest (4 of 8:
22 to 78 %); with fewer it says next to nothing, and a number would only look like knowledge."""
Z = 1.959963984540054
"""The normal quantile of a two-sided interval of 95 %."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """So many of so many."""

    hits: int
    of: int

    def __post_init__(self) -> None:
        if not 0 <= self.hits <= self.of:
            raise ValueError(f"{self.hits} of {self.of} is no rate")

    @property
    def is_enough(self) -> bool:
        """Whether there are enough to tell a rate at all."""
        return self.of >= ENOUGH

    @property
    def share(self) -> float:
        """The share itself, from 0 to 1; of nothing it is 0."""
        return self.hits / self.of if self.of else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Where the true share may lie (`wilson`)."""
        return wilson(self.hits, self.of)

    def is_apart_from(self, other: "Rate") -> bool:
        """Whether the two may be compared: both are told, and their intervals do not overlap."""
        (low, high), (other_low, other_high) = self.interval, other.interval
        return self.is_enough and other.is_enough and (high < other_low or other_high < low)


def wilson(hits: int, of: int) -> tuple[float, float]:
    """Return the ends of Wilson's score interval of 95 %, from 0 to 1.

    It is right for few cases and for shares near 0 and 1, where the usual "plus or minus" is not: 0 of 10 may still be
    28 %. Source: E. B. Wilson, "Probable Inference, the Law of Succession, and Statistical Inference", 1927; the numbers in
    the tests are those of R. G. Newcombe, "Two-sided confidence intervals for the single proportion", 1998, method 3.
    """
    if not of:
        return 0.0, 1.0
    share, slack = hits / of, Z * Z / of
    middle = share + slack / 2
    reach = Z * sqrt(share * (1 - share) / of + slack / (4 * of))
    low, high = (middle - reach) / (1 + slack), (middle + reach) / (1 + slack)
    # At the ends of the scale the formula gives 0 and 1 but for the last digit.
    return (0.0 if not hits else max(low, 0.0)), (1.0 if hits == of else min(high, 1.0))
