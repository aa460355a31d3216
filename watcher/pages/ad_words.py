"""What ads say in the site's own words: prices, states, shipping."""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from watcher.domain.ad import AdStatus, PriceType, ShippingOffer
from watcher.domain.confidence import Confidence
from watcher.pages.wording import plain_text

_AMOUNT = r"(?P<euros>\d{1,3}(?:\.\d{3})+|\d{1,7})(?:,(?P<cents>\d{2}))?"
_LONGEST_PRICE = 40
_LARGEST_CENTS = 10**9
_HUNDRED = 100


@cache
def ad_words() -> Mapping[str, Any]:
    """Return the words, selectors and keys of an ad's page, each with its source."""
    return tomllib.loads(files(__package__).joinpath("ad_content.toml").read_text(encoding="utf-8"))


def price_of(text: str) -> tuple[int | None, PriceType]:
    """Return the price that a text shows, in cents, and how it is meant: "45 €", "1.200 € VB", "VB", "Zu verschenken"."""
    plain, words = plain_text(text), ad_words()["price"]
    if len(plain) > _LONGEST_PRICE:
        return None, PriceType.UNKNOWN
    if plain.casefold() in {word.casefold() for word in words["give_away"]}:
        return None, PriceType.GIVE_AWAY
    negotiable = "|".join(re.escape(word) for word in words["negotiable"])
    match = re.fullmatch(
        rf"(?:{_AMOUNT} ?(?:€|EUR)?)? ?(?P<open>{negotiable})?", plain, re.IGNORECASE | re.ASCII
    )
    if match is None or not plain:
        return None, PriceType.UNKNOWN
    return _cents(match), PriceType.NEGOTIABLE if match["open"] else PriceType.FIXED


def price_type_of(word: str | None) -> PriceType:
    """Return how the site's own word for a kind of price is meant."""
    types = {entry["word"]: PriceType(entry["type"]) for entry in ad_words()["price_type"]}
    return types.get((word or "").upper(), PriceType.UNKNOWN)


def shipping_of(text: str) -> ShippingOffer | None:
    """Return what the box beside the price says of shipping; `None` for a text that nobody has seen there."""
    plain = plain_text(text)
    for entry in ad_words()["shipping"]:
        pattern = re.escape(entry["text"]).replace(re.escape("{price}"), rf"{_AMOUNT} ?€")
        match = re.fullmatch(pattern, plain, re.IGNORECASE)
        if match is not None:
            cents = _cents(match) if "{price}" in entry["text"] else None
            return ShippingOffer(ships=entry["ships"], cents=cents)
    return None


def split_title(text: str) -> tuple[str, AdStatus, Confidence]:
    """Take what the site puts before a title ("Reserviert • Lampe") off it, and say what it means."""
    title, status, sure = plain_text(text), AdStatus.UNKNOWN, Confidence.CERTAIN
    while True:
        found = next(
            (entry for entry in ad_words()["prefix"] if title.startswith(f"{entry['word']} •")), None
        )
        if found is None:
            return title, status, sure
        title = title.removeprefix(f"{found['word']} •").strip()
        meant = AdStatus(found["status"])
        if status is not AdStatus.DELETED:  # "Reserviert • Gelöscht • Lampe" is deleted
            status, sure = meant, _confidence(found)


def _confidence(entry: Mapping[str, Any]) -> Confidence:
    return Confidence.CERTAIN if entry["confidence"] == "seen" else Confidence.LIKELY


def _cents(match: re.Match[str]) -> int | None:
    if match["euros"] is None:
        return None
    cents = int(match["euros"].replace(".", "")) * _HUNDRED + int(match["cents"] or 0)
    return cents if cents < _LARGEST_CENTS else None
