"""A statement about the outside world, and how far it can be trusted."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Literal

_FRESH = timedelta(days=365)


class Grade(StrEnum):
    """How a fact came to be known."""

    SEEN = "seen"
    """The source says so."""
    INFERRED = "inferred"
    """Concluded from what the source says."""
    UNVERIFIED = "unverified"
    """The source is old or weak, and nobody has confirmed it since."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """The same words in every language; empty where nothing is known."""

    de: str
    en: str

    def said(self, language: Literal["de", "en"]) -> str:
        """Return the words in one language."""
        return self.de if language == "de" else self.en

    def __bool__(self) -> bool:
        return bool(self.de)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Where a statement comes from."""

    source: str
    seen: date
    """When the source was read."""
    confidence: Grade
    published: str | None = None
    """The date that the source itself carries, year and month; `None` where it carries none."""

    def is_old(self, on: date) -> bool:
        """Whether nobody has read the source for a year: what it says may have changed."""
        return on - self.seen > _FRESH
