"""One good ad, to be spoiled."""

from datetime import UTC, datetime, timedelta
from typing import Any

from watcher.domain.ad import Ad, AdStatus, PriceType, ShippingOffer
from watcher.listings.judge import judge
from watcher.listings.rule import Rule
from watcher.listings.rules import shipped_rules

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
GOOD = """Fritteuse in gutem Zustand, zweimal benutzt und gereinigt. Keine Mängel.
Maße ca. 30x40 cm, Korb aus Edelstahl.
Privatverkauf, keine Rücknahme. Zahlung bitte innerhalb von 3 Tagen.
Versand nach Zahlungseingang innerhalb 2 Tagen."""


def ad(text: str | None = GOOD, **changes: Any) -> Ad:
    known: dict[str, Any] = {
        "id": "3210987654",
        "title": "Moulinex Super Uno Fritteuse",
        "price_cents": 4500,
        "price_type": PriceType.FIXED,
        "status": AdStatus.ACTIVE,
        "category": "Haushaltsgeräte",
        "shipping": ShippingOffer(ships=True, cents=549, options=("DHL_002",)),
        "posted_at": NOW - timedelta(days=3),
        "photo_count": 4,
    }
    return Ad(text=text, **known | changes)


def found(given: Ad, rules: tuple[Rule, ...] | None = None) -> set[str]:
    """Return the ids of the rules that find something."""
    return {each.rule.id for each in judge(given, rules or shipped_rules(), at=NOW)}
