"""Why a buyer cancelled: a small set, because learning needs one."""

from dataclasses import dataclass, field
from enum import StrEnum

from watcher.domain.confidence import Confidence

NAME_REASON = "name_reason"
"""The step that asks the seller for it."""


class CancelReason(StrEnum):
    """The reason for a cancellation, as far as it was found or told."""

    FOUND_CHEAPER = "found_cheaper"
    SECOND_THOUGHTS = "second_thoughts"
    DESCRIPTION = "description"
    """Description or photos were not what the buyer expected."""
    SHIPPING_COST = "shipping_cost"
    SLOW_SHIPPING = "slow_shipping"
    SLOW_ANSWERS = "slow_answers"
    EMERGENCY = "emergency"
    SEEMS_FRAUDULENT = "seems_fraudulent"
    """The seller takes the cancellation for an attempt to deceive: only the seller says so, never a rule."""
    NONE_GIVEN = "none_given"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundReason:
    """A reason that a rule found in what the buyer wrote; a hint, and the seller's own word comes first.

    The sentence is the buyer's: `repr` leaves it out, so that no log line carries it.
    """

    reason: CancelReason
    """Never `SEEMS_FRAUDULENT`."""
    rule: str
    """The rule that found it."""
    sentence: str = field(repr=False)
    """Where it was found, in one line of at most 200 characters."""
    confidence: Confidence
    """Likely at most."""

    def __post_init__(self) -> None:
        if self.reason is CancelReason.SEEMS_FRAUDULENT:
            raise ValueError("a suspicion is for the seller to name")

    def outweighs(self, earlier: "FoundReason | None") -> bool:
        """Whether it is to stand in place of what was found before: unless that was surer."""
        return earlier is None or self.confidence.rank <= earlier.confidence.rank
