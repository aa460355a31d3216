"""Where an order stands."""

from enum import StrEnum


class Stage(StrEnum):
    """The stages of a *Sicher bezahlen* deal as its seller lives through them."""

    REQUESTED = "requested"
    AWAITING_PAYMENT = "awaiting_payment"
    PAID = "paid"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    RECEIVED = "received"
    PAID_OUT = "paid_out"
    DECLINED = "declined"
    """A request was refused or withdrawn: no sale, hence no cancellation."""
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    REFUNDED = "refunded"
    DISPUTED = "disputed"
    """The buyer reported a problem."""
    UNKNOWN = "unknown"
    """Seen, not understood."""

    @property
    def is_progress(self) -> bool:
        """Whether the stage lies on the ordinary way from request to pay-out."""
        return self in _PROGRESS

    @property
    def is_live(self) -> bool:
        """Whether something can still happen to money or goods: its thread is opened at each check."""
        return self in LIVE

    @property
    def is_ended(self) -> bool:
        """Whether the deal is over; `requested` is neither live nor ended."""
        return self in ENDED


_PROGRESS = (
    Stage.REQUESTED,
    Stage.AWAITING_PAYMENT,
    Stage.PAID,
    Stage.SHIPPED,
    Stage.DELIVERED,
    Stage.RECEIVED,
    Stage.PAID_OUT,
)

LIVE = frozenset(
    {
        Stage.AWAITING_PAYMENT,
        Stage.PAID,
        Stage.SHIPPED,
        Stage.DELIVERED,
        Stage.RECEIVED,
        Stage.DISPUTED,
        Stage.UNKNOWN,
    }
)
ENDED = frozenset({Stage.PAID_OUT, Stage.DECLINED, Stage.EXPIRED, Stage.CANCELLED, Stage.REFUNDED})
MONEY_BACK = frozenset({Stage.CANCELLED, Stage.REFUNDED})
"""Stages in which the buyer has, or is about to get, the money back."""
CALLED_OFF = MONEY_BACK | {Stage.EXPIRED, Stage.DECLINED}
"""Stages in which there is no sale; whether there had been one, `is_called_off` says."""


def furthest(a: Stage | None, b: Stage | None) -> Stage | None:
    """Return the later of two stages on the ordinary way; stages aside of it do not count."""
    steps = [stage for stage in (a, b) if stage is not None and stage.is_progress]
    return max(steps, key=_PROGRESS.index, default=None)


def has_reached(reached: Stage | None, stage: Stage) -> bool:
    """Whether `reached` lies at or beyond `stage` on the ordinary way."""
    return reached is not None and reached.is_progress and _PROGRESS.index(reached) >= _PROGRESS.index(stage)


def is_called_off(stage: Stage, reached: Stage | None) -> bool:
    """Whether a sale is off although money had been paid or agreed.

    A request that was declined, withdrawn or ran out is no sale, hence no cancellation. Once money was paid there is a
    sale, and whatever word ends it calls it off.
    """
    if stage in {Stage.EXPIRED, Stage.DECLINED}:
        return has_reached(reached, Stage.PAID)
    return stage in MONEY_BACK
