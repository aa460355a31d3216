"""How far a mailbox was read."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

_FORM = re.compile(r"(\d{1,10}) (\d{1,10}) (\S{1,40})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where to go on. UIDs only grow as long as the folder's UIDVALIDITY stays the same (RFC 3501, 2.3.1.1)."""

    validity: int
    uid: int
    """The last mail that was looked at; 0 before the first."""
    at: datetime
    """When that was: the only hint left should the folder number its mails anew."""


def place_text(place: Place) -> str:
    """Return a place in the words that `parse_place` reads."""
    return f"{place.validity} {place.uid} {place.at.astimezone(UTC).isoformat()}"


def parse_place(text: str | None) -> Place | None:
    """Return the place that a text tells; `None` for none, and for one that cannot be read: then it begins at now."""
    match = _FORM.fullmatch(text or "")
    try:
        at = datetime.fromisoformat(match[3]) if match else None
    except ValueError:
        return None
    if match is None or at is None or at.tzinfo is None:
        return None
    return Place(validity=int(match[1]), uid=int(match[2]), at=at)
