"""Where a parcel is: what was said about it, by whom, and what follows from all of it together."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from watcher.domain.confidence import Confidence


class Milestone(StrEnum):
    """The moments of a parcel's life that change what the seller can do."""

    LABEL_CREATED = "label_created"
    """Announced to the carrier, still with the seller."""
    HANDED_IN = "handed_in"
    IN_TRANSIT = "in_transit"
    AT_DEPOT = "at_depot"
    """At the last depot before delivery: the last call for an intercept."""
    OUT_FOR_DELIVERY = "out_for_delivery"
    """Loaded into the delivery vehicle: no carrier stops it any more, the buyer still can."""
    HELD_AT_PICKUP = "held_at_pickup"
    """Waits in a shop, branch or locker: it returns by itself if nobody collects it."""
    DELIVERED = "delivered"
    RETURNING = "returning"
    RETURNED = "returned"
    """Back with the seller."""
    EXCEPTION = "exception"
    UNKNOWN = "unknown"


class Origin(StrEnum):
    """Who said it."""

    PAGE = "page"
    """The order's own page."""
    PASTE = "paste"
    """Words that the seller copied from the carrier's page."""
    MAIL = "mail"
    API = "api"
    SELLER = "seller"
    """The seller's own word: the hand-in, the parcel that is back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """One thing that was said about a parcel. It is kept for good, whatever comes after it."""

    order: str
    milestone: Milestone
    at: datetime
    """When it happened as far as that was said, else when it was learnt."""
    learnt_at: datetime
    origin: Origin
    confidence: Confidence = Confidence.CERTAIN
    at_shop: bool = False
    """Handed in at a shop, and the driver has not been there yet."""
    carrier: str | None = None
    number: str | None = None
    words: str = ""
    """The carrier's own words; a stranger's text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """What follows from everything that was said about one parcel."""

    milestone: Milestone = Milestone.UNKNOWN
    at: datetime | None = None
    confidence: Confidence = Confidence.CERTAIN
    handed_in_at: datetime | None = None
    at_shop: bool = False
    contradicts: bool = False
    """What was said cannot all be true: nothing is concluded from it."""
    carrier: str | None = None
    number: str | None = None
    number_back: str | None = None
    """The number of the way back, where the carrier gave a new one."""

    @property
    def is_sure(self) -> bool:
        """Whether something may be concluded from it: steps are only closed on what is sure."""
        return self.milestone is not Milestone.UNKNOWN and self.confidence is not Confidence.UNSURE

    def is_at(self, *milestones: Milestone) -> bool:
        """Whether it is for sure at one of these milestones."""
        return self.is_sure and self.milestone in milestones


AHEAD = timedelta(hours=1)
"""A status later than that from now is a forecast or a wrong clock: it is kept, and nothing is concluded from it."""
_AFTER_DELIVERY = frozenset({Milestone.DELIVERED, Milestone.RETURNING, Milestone.RETURNED})
_BEYOND_THE_HAND_IN = frozenset(Milestone) - {Milestone.UNKNOWN, Milestone.LABEL_CREATED}


def parcel_of(
    sightings: Iterable[Sighting], *, now: datetime, carrier: str | None = None, number: str | None = None
) -> Parcel:
    """Conclude where a parcel is.

    1. What is not understood, only guessed, or dated in the future counts for nothing but its numbers.
    2. The latest word counts, in the order of the events, whoever told of them and in whichever order.
    3. After "returning" every further scan belongs to the way back, and a delivery is the delivery to the seller.
    4. What comes after a delivery and is no return contradicts it: the parcel is then nowhere for sure.
    5. The order's page knows only that a parcel was sent or delivered, and often only until when: it never takes a parcel back.

    Args:
        sightings: everything that was said, in any order.
        now: the present moment.
        carrier: the carrier that the order's page names; a sighting that names one comes first.
        number: the tracking number that the order's page names.
    """
    every = sorted(sightings, key=lambda sighting: (sighting.at, sighting.learnt_at))
    parcel = Parcel(carrier=carrier, number=number)
    for sighting in every:
        parcel = _with_numbers(parcel, sighting)
        if _counts(sighting, now) and not _is_late_word_of_page(sighting, parcel):
            parcel = _moved(parcel, sighting)
    return parcel


def _counts(sighting: Sighting, now: datetime) -> bool:
    understood = sighting.milestone is not Milestone.UNKNOWN and sighting.confidence is not Confidence.UNSURE
    # What was a forecast when it was said does not become an event by waiting.
    return understood and sighting.at <= min(now, sighting.learnt_at) + AHEAD


def _is_late_word_of_page(sighting: Sighting, parcel: Parcel) -> bool:
    """Whether the order's page says what others have said already: its time is then that of its own change, not the event's."""
    known = _AFTER_DELIVERY if sighting.milestone is Milestone.DELIVERED else _BEYOND_THE_HAND_IN
    return sighting.origin is Origin.PAGE and parcel.milestone in known


def _with_numbers(parcel: Parcel, sighting: Sighting) -> Parcel:
    on_the_way_back = parcel.milestone in {Milestone.RETURNING, Milestone.RETURNED}
    if sighting.number and on_the_way_back and sighting.number != parcel.number:
        return replace(parcel, number_back=sighting.number)
    if not sighting.number and not sighting.carrier:
        return parcel
    return replace(
        parcel, number=sighting.number or parcel.number, carrier=sighting.carrier or parcel.carrier
    )


def _moved(parcel: Parcel, sighting: Sighting) -> Parcel:
    milestone = sighting.milestone
    was = parcel.milestone
    if was is Milestone.RETURNING and milestone is Milestone.DELIVERED:
        milestone = Milestone.RETURNED
    elif was is Milestone.RETURNING and milestone is not Milestone.RETURNED:
        milestone = Milestone.RETURNING
    contradicts = parcel.contradicts or (
        (was is Milestone.DELIVERED and milestone not in _AFTER_DELIVERY)
        or (was is Milestone.RETURNED and milestone is not Milestone.RETURNED)
    )
    handed_in = milestone is not Milestone.LABEL_CREATED
    return replace(
        parcel,
        milestone=milestone,
        at=sighting.at,
        confidence=Confidence.UNSURE if contradicts else sighting.confidence,
        contradicts=contradicts,
        at_shop=sighting.at_shop and milestone is Milestone.HANDED_IN,
        handed_in_at=parcel.handed_in_at or (sighting.at if handed_in else None),
    )
