"""Careful hands for foreign JSON: every value may be missing, of another type, or hostile."""

import json
from collections.abc import Callable, Mapping
from datetime import MAXYEAR, MINYEAR, UTC, datetime
from typing import Any, TypeVar

from watcher.pages.wording import plain_text

T = TypeVar("T")
Fields = Mapping[str, Any]

_LARGEST_AMOUNT = 10**9
_LONGEST_ID = 200


def parse_object(content: bytes) -> Fields:
    """Parse a JSON object; anything else, however deep or broken, is an empty one."""
    try:
        value = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return as_fields(value)


def as_fields(value: object) -> Fields:
    """Return the value if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def as_items(value: object) -> list[Any]:
    """Return the value if it is an array, else an empty one."""
    return value if isinstance(value, list) else []


def as_text(value: object) -> str | None:
    """Return a string that says something, else `None`.

    Half of a cut-up emoji (a lone surrogate) becomes a question mark: no file and no database could store it.
    """
    return value.encode(errors="replace").decode().strip() or None if isinstance(value, str) else None


def as_name(value: object) -> str | None:
    """Return a name or title in one line, without control codes and invisible marks, else `None`."""
    text = as_text(value)
    return plain_text(text) or None if text is not None else None


def as_id(value: object) -> str | None:
    """Return an id, whether it came as a string or as a number; what is longer than any id is none."""
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else as_text(value)
    return text if text is not None and len(text) <= _LONGEST_ID else None


def as_cents(value: object) -> int | None:
    """Return an amount or count that can be true, else `None`."""
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return value if is_number and 0 <= value < _LARGEST_AMOUNT else None  # type: ignore[return-value, operator]


def as_flag(value: object) -> bool | None:
    """Return a boolean, else `None`."""
    return value if isinstance(value, bool) else None


def as_time(value: object) -> datetime | None:
    """Return the moment of a time with its offset (`2026-09-25T19:26:49.627+0200`) in UTC, else `None`.

    The calendar's first and last year are none: no other zone could show them.
    """
    try:
        at = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    if at is None or at.tzinfo is None or not MINYEAR < at.year < MAXYEAR:
        return None
    return at.astimezone(UTC)


def as_mark(value: object) -> str:
    """Return a plain value as text, to be hashed; of lists and objects only that they are there."""
    return str(value) if value is None or isinstance(value, str | int | float) else type(value).__name__


def first(places: list[Fields], key: str, read: Callable[[object], T | None]) -> T | None:
    """Return the field from the first place that has it: it may sit on an item or on one of its actions."""
    return next((value for place in places if (value := read(place.get(key))) is not None), None)
