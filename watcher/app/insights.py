"""What past sales teach, from what is remembered; and from when on somebody wants to know it."""

import re
from calendar import monthrange
from collections import Counter
from datetime import date, datetime, time, timedelta

from watcher.app.ports import Store
from watcher.carriers.knowledge import OTHER, carrier
from watcher.domain.figure import Row
from watcher.domain.insights import Insights, attempts_row, insights_of
from watcher.domain.past_sale import ParcelEnd
from watcher.errors import UsageError
from watcher.texts.language import _
from watcher.texts.names import BERLIN

ALL = "all"
_LONGEST_NAME = 40
_SPAN = re.compile(r"([1-9]\d{0,3})([dwmy])", re.ASCII)
_MONTHS_A_YEAR = 12


def insights(store: Store, *, since: datetime | None, account: str | None, now: datetime) -> Insights:
    """Return what the sales since then teach, of one account or of all, as of one moment."""
    with store.snapshot():
        pages = store.past_sales().pages(since=since, account=account, carrier_id=carrier_id)
        return insights_of((sale for page in pages for sale in page), since=since, until=now)


def own_attempts(store: Store) -> dict[str, Row]:
    """Return how the seller's own attempts to get parcels back ended, by the carrier's id; only carriers that were tried."""
    ends: dict[str, Counter[ParcelEnd]] = {}
    with store.snapshot():
        for carrier_, end in store.past_sales().attempts(carrier_id=carrier_id):
            ends.setdefault(carrier_, Counter())[end] += 1
    return {key: attempts_row(key, counted) for key, counted in ends.items()}


def carrier_id(name: str) -> str:
    """Return the id of a carrier that somebody has described, else the page's own word in small letters."""
    known = carrier(name).id
    return known if known != OTHER else " ".join(name.lower().split())[:_LONGEST_NAME]


def since_when(text: str, *, now: datetime) -> datetime | None:
    """Return from when on: `90d`, `12w`, `6m` (months), `1y`, a date such as `2026-01-31`, or `all`, which is `None`.

    A span ends now and begins with a German day, so that the same words say the same all day long.

    Raises:
        UsageError: the text says nothing of that kind, or a time to come.
    """
    words = text.strip().lower()
    if words == ALL:
        return None
    today = now.astimezone(BERLIN).date()
    begins = _day_of(words, today)
    if begins is None or begins > today:
        raise UsageError(
            _("{text!r} says no time that has begun.").format(text=text[:40]),
            advice=_("Write 90d, 12w, 6m (months), 1y, a date such as 2026-01-31, or all."),
        )
    return datetime.combine(begins, time(), BERLIN)


def _day_of(words: str, today: date) -> date | None:
    span = _SPAN.fullmatch(words)
    try:
        if span is None:
            return date.fromisoformat(words)
        number, unit = int(span[1]), span[2]
        if unit in "dw":
            return today - timedelta(days=number * (7 if unit == "w" else 1))
        months = (
            today.year * _MONTHS_A_YEAR + today.month - 1 - number * (_MONTHS_A_YEAR if unit == "y" else 1)
        )
        year, month = divmod(months, _MONTHS_A_YEAR)
        return date(year, month + 1, min(today.day, monthrange(year, month + 1)[1]))
    except (ValueError, OverflowError):
        return None
