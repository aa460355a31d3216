"""One advertisement: as its pages showed it, and as it is remembered."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from watcher.domain.confidence import Confidence


class AdStatus(StrEnum):
    """What the own list says about an ad."""

    ACTIVE = "active"
    RESERVED = "reserved"
    PAUSED = "paused"
    DELETED = "deleted"
    UNKNOWN = "unknown"


class PriceType(StrEnum):
    """How the price is meant."""

    FIXED = "fixed"
    NEGOTIABLE = "negotiable"
    GIVE_AWAY = "give_away"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    """One photo of an ad, as far as it was measured. `None` means "not measured", never "nothing"."""

    number: int
    """Its place in the ad, from 1."""
    width: int | None = None
    height: int | None = None
    """Pixels of the file that the page showed: the site may keep a larger one."""
    brightness: float | None = None
    """The mean of all pixels, from 0 (black) to 1 (white)."""
    sharpness: float | None = None
    """The variance of the Laplacian of the picture, scaled to one width for all (see `watcher/pages/photo.py`)."""
    fingerprint: int | None = None
    """A difference hash of 64 bits: of two pictures of the same view few bits differ."""
    problem: str | None = None
    """Why it could not be measured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShippingOffer:
    """What an ad says about how the thing comes to its buyer; `None` where it says nothing."""

    ships: bool | None = None
    """False: pick-up only."""
    cents: int | None = None
    """The price of shipping that the buyer sees."""
    options: tuple[str, ...] = ()
    """The chosen options in the page's own words or ids: `DHL_001`, `Hermes Päckchen`."""
    buys_direct: bool | None = None
    """Whether "Direkt kaufen" is offered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ad:
    """What one ad says. `None` means "not shown" or "not read yet", never "none"."""

    id: str
    title: str | None = None
    text: str | None = field(default=None, repr=False)
    """The description with its line breaks; empty where the page shows an empty one."""
    price_cents: int | None = None
    price_type: PriceType = PriceType.UNKNOWN
    wanted: bool = False
    """Whether it looks for a thing instead of offering one."""
    status: AdStatus = AdStatus.UNKNOWN
    category: str | None = None
    """The category's name or number, in the site's own words."""
    attributes: Mapping[str, str] = field(default_factory=dict)
    """What the seller chose from lists: `{"Zustand": "Gut", "Marke": "Bosch"}`."""
    shipping: ShippingOffer = ShippingOffer()
    posted_at: datetime | None = None
    photo_count: int | None = None
    """How many photos the page says that it has; more than were measured, where some could not be had."""
    photos: tuple[Photo, ...] = ()
    path: str | None = None
    """Where its page is, from the slash on."""
    confidence: Confidence = Confidence.CERTAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownAd:
    """One own ad as Stornowacht remembers it."""

    account: str
    ad: Ad
    first_seen_at: datetime
    seen_at: datetime
    """When the own list, or its own page, last showed it."""
    mark: str
    """A digest of what the list said about it when its page was last read: another one means that it is to be read again.

    Empty where the page was read and the list was not.
    """
    read_at: datetime | None = None
    """When its own page was last read; before that text and photos are unknown."""
    tried_at: datetime | None = None
    """When its own page was last opened, whether it could be read or not."""
    gone_at: datetime | None = None
    """When a complete list no longer had it, or its page said that it is gone."""
    findings: tuple[str, ...] = ()
    """The rules that found something when it was last read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnAds:
    """What one page of the list of own ads says."""

    ads: tuple[Ad, ...]
    page: int
    """Which page of the list it is, from 1."""
    pages: int | None = None
    """How many pages the list has, where it says so."""
    total: int | None = None
