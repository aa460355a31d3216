"""Tracking numbers: which carrier a number belongs to, by its shape and check digit.

Check-digit rules and collisions: universal-parcel-scraper's and tracking_number_data's published tables, recomputed on
the public numbers that the tests name. Context beats digits: 14 digits may be Hermes or DPD.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackingNumber:
    """One number found, and whose it is."""

    number: str
    carrier: str


@dataclass(frozen=True, slots=True)
class _Shape:
    carrier: str
    pattern: re.Pattern[str]
    checks: Callable[[str], bool]


def gs1_is_valid(digits: str) -> bool:
    """Whether the last digit is the GS1 check digit (weights 3 and 1 from the right) of those before it."""
    body, check = digits[:-1], int(digits[-1])
    total = sum(int(digit) * (3 if index % 2 == 0 else 1) for index, digit in enumerate(reversed(body)))
    return (10 - total % 10) % 10 == check


def _always(_: str) -> bool:
    return True


_SHAPES = (
    _Shape("dhl", re.compile(r"\b0034043[345][0-9]{12}\b"), gs1_is_valid),
    _Shape("dhl", re.compile(r"\b(?:JJD[0-9]{18,24}|JVGL[0-9]{10,24}|JD[0-9]{18})\b"), _always),
    _Shape("hermes", re.compile(r"\bH[0-9]{16,19}\b"), _always),
    _Shape("hermes", re.compile(r"\b[0-9]{14}\b"), gs1_is_valid),
)
"""Unmistakable shapes first."""


def recognise_in(text: str, *, carrier: str | None = None) -> TrackingNumber | None:
    """Return the first tracking number in a text, of the carrier that the page names where it names one.

    A number whose check digit is wrong, or whose carrier cannot be told, is left alone: no number is better than a
    wrong one.
    """
    for shape in _SHAPES:
        if carrier is None or shape.carrier == carrier:
            for match in shape.pattern.finditer(text):
                if shape.checks(match[0]):
                    return TrackingNumber(number=match[0], carrier=shape.carrier)
    return None
