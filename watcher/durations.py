"""Spans of time as people write them: `90s`, `20m`, `2h`, `1d`."""

import re
from datetime import timedelta
from typing import Annotated

from pydantic import BeforeValidator

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
FORM = 'write a number and a unit: "90s", "20m", "2h" or "1d"'
TOO_LONG = "must be at most 366d"
LONGEST = timedelta(days=366)
_FORM = re.compile(r"(\d{1,6})\s*([smhd])")


def parse_duration(value: object, *, longest: timedelta = LONGEST) -> timedelta:
    """Return the span of a text such as `20m`.

    Raises:
        ValueError: the text has another form (`FORM`), or says more than `longest` (`TOO_LONG`); a bare number is refused,
            too, because nobody could tell its unit.
    """
    if isinstance(value, timedelta):
        return value
    match = _FORM.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        raise ValueError(FORM)
    span = timedelta(**{_UNITS[match[2]]: int(match[1])})
    if span > longest:
        raise ValueError(TOO_LONG)
    return span


def duration_text(span: timedelta) -> str:
    """Return a span in the form that `parse_duration` reads, in the largest unit that fits."""
    seconds = int(span.total_seconds())
    for unit, size in (("d", 86_400), ("h", 3_600), ("m", 60)):
        if seconds and seconds % size == 0:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"


Duration = Annotated[timedelta, BeforeValidator(parse_duration)]
