"""Careful hands for foreign JSON: every value may be missing, of another type, or hostile."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar

T = TypeVar("T")
Fields = Mapping[str, Any]

_LARGEST_AMOUNT = 10**9


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
    """Return a string that says something, else `None`."""
    return value.strip() or None if isinstance(value, str) else None


def as_id(value: object) -> str | None:
    """Return an id, whether it came as a string or as a number."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else as_text(value)


def as_cents(value: object) -> int | None:
    """Return an amount or count that can be true, else `None`."""
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return value if is_number and 0 <= value < _LARGEST_AMOUNT else None  # type: ignore[return-value, operator]


def as_flag(value: object) -> bool | None:
    """Return a boolean, else `None`."""
    return value if isinstance(value, bool) else None


def as_time(value: object) -> datetime | None:
    """Return a time with its offset (`2026-09-25T19:26:49.627+0200`), else `None`."""
    try:
        at = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return at if at is not None and at.tzinfo is not None else None


def first(places: list[Fields], key: str, read: Callable[[object], T | None]) -> T | None:
    """Return the field from the first place that has it: it may sit on an item or on one of its actions."""
    return next((value for place in places if (value := read(place.get(key))) is not None), None)
