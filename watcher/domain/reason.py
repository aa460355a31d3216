"""Why a buyer cancelled: a small set, because learning needs one."""

from dataclasses import dataclass, field
from enum import StrEnum

from watcher.domain.confidence import Confidence


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
    NONE_GIVEN = "none_given"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundReason:
    """A reason that a rule found in what the buyer wrote; the seller's own word comes first.

    The sentence is the buyer's: `repr` leaves it out, so that no log line carries it.
    """

    reason: CancelReason
    sentence: str = field(repr=False)
    """Where it was found, in one line of at most 200 characters."""
    confidence: Confidence
    """Likely at most."""
