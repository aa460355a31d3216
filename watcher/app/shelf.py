"""What the archive holds already, as far as it decides what is to be kept next, and the reasons for that."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Why(StrEnum):
    """Why a capture is kept."""

    CHANGED = "changed"
    PROBLEM = "problem"
    """The page, or a part of it, could not be read."""
    RECOVERED = "recovered"
    """A check that did not end had left it."""
    ASKED = "asked"
    SHIP = "ship"
    """The seller asked whether the parcel may be handed in."""
    MILESTONE = "milestone"
    """The order's case was opened, took another turn, or was closed."""
    DAILY = "daily"
    """The order's case is open, and nothing was kept today."""
    SALE = "sale"
    """The ad was bought."""
    LISTING = "listing"
    """A page of the list of own ads, seen for the first time; or an own ad that is new, or says something else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptAd:
    """One capture of an ad."""

    conversation: str
    at: datetime
    why: str
    """A problem shows what stood in the way, and not the ad, nor that it is gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """What is kept of an account."""

    kept: frozenset[str]
    """Conversations of which a capture was kept in the span asked about."""
    wanted: tuple[str, ...]
    """Conversations to be kept at the next check, whatever they show."""
    ads: tuple[KeptAd, ...]
    """Ads that were captured from the beginning of that span on."""
