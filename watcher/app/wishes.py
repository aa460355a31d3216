"""What somebody wants who has evidence handed out."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class Names(StrEnum):
    """Whose names are covered."""

    OTHERS = "others"
    """Everybody's but the seller's."""
    ALL = "all"
    STRANGERS = "strangers"
    """Everybody's but those of the two parties."""


class Variant(StrEnum):
    """What is handed out."""

    SEALED = "sealed"
    """All of it, as it was kept."""
    REDACTED = "redacted"
    SUPPORT = "support"


@dataclass(frozen=True, slots=True, kw_only=True)
class SupportWords:
    """What the platform's support is to be told, in words that are ready to copy."""

    texts: tuple[tuple[str, str], ...]
    """Each with its label."""
    ways: tuple[str, ...]
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What somebody wants."""

    to: Path
    redact: bool = False
    names: Names = Names.OTHERS
    """Whose names are covered."""
    cover: tuple[str, ...] = ()
    """What else is covered."""
    support: SupportWords | None = None
