"""What a line of the ledger says, and whether it is written as every line is.

A line is one JSON object in the one spelling that RFC 8785 allows: no second way to write it, so no second hash for it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

FIELDS = frozenset({"seq", "prev", "kind", "at", "account", "order", "facts"})
"""What every line has, and nothing else."""
_FORMAT = "format"
"""A line of a later kind names its number here; those of the first kind have no such field."""
_LARGEST = 2**53 - 1
"""No larger number survives in every program that reads JSON (RFC 8785, section 3.2.2.3)."""


class FormFault(StrEnum):
    """What is wrong with how a line is written."""

    UNREADABLE = "unreadable"
    """It is no JSON object, or not one with the fields of a line."""
    NOT_CANONICAL = "not_canonical"
    """Another spelling than the one of RFC 8785."""
    DUPLICATE_KEY = "duplicate_key"
    """One name stands there twice: programs would read it differently."""
    NEWER_FORMAT = "newer_format"
    """A later version wrote it in a way that this one does not know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a line says; empty where it cannot be read."""

    seq: int | None = None
    prev: str | None = None
    kind: str = ""
    at: datetime | None = None
    order: str | None = None
    facts: Mapping[str, object] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """Return a fact that is a text; empty where there is none."""
        value = self.facts.get(name)
        return value if isinstance(value, str) else ""

    def number(self, name: str) -> int | None:
        """Return a fact that is a whole number."""
        value = self.facts.get(name)
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a fact that is a list of texts."""
        value = self.facts.get(name)
        return tuple(map(str, value)) if isinstance(value, list) else ()


def read_line(text: str) -> tuple[Told, FormFault | None]:
    """Return what a line says and what is wrong with its form; never raises, whatever the text is.

    A line in another spelling is read all the same: what it says is needed to judge the lines around it.
    """
    spelling = _Spelling()
    try:
        value = json.loads(
            text,
            object_pairs_hook=spelling.take,
            parse_float=spelling.refuse,
            parse_constant=spelling.refuse,
            parse_int=spelling.whole,
        )
        again = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    except (ValueError, RecursionError):
        return Told(), FormFault.UNREADABLE
    if not isinstance(value, dict):
        return Told(), FormFault.UNREADABLE
    told = _told(value)
    if _FORMAT in value:
        return told, FormFault.NEWER_FORMAT
    if value.keys() != FIELDS or told.seq is None or told.prev is None or told.at is None:
        return told, FormFault.UNREADABLE
    if spelling.twice:
        return told, FormFault.DUPLICATE_KEY
    return told, None if spelling.canonical and again == text else FormFault.NOT_CANONICAL


class _Spelling:
    """Watches a line being read for what another spelling would hide."""

    __slots__ = ("canonical", "twice")

    def __init__(self) -> None:
        self.canonical, self.twice = True, False

    def take(self, pairs: list[tuple[str, object]]) -> dict[str, object]:
        """Return an object; names in another order, and names that stand there twice, are remembered."""
        names = [name for name, _ in pairs]
        found = dict(pairs)
        if len(found) != len(names):
            self.twice = True
        elif names != sorted(names, key=_rank):
            self.canonical = False
        return found

    def refuse(self, text: str) -> str:
        """Return a number that is no whole one as it stands there: no line holds any."""
        self.canonical = False
        return text

    def whole(self, text: str) -> int:
        """Return a whole number."""
        number = int(text)
        if abs(number) > _LARGEST:
            self.canonical = False
        return number


def _rank(name: str) -> bytes:
    """Return what names are sorted by: their UTF-16 code units."""
    return name.encode("utf-16-be", errors="surrogatepass")


def _told(value: dict[str, object]) -> Told:
    seq, facts = value.get("seq"), value.get("facts")
    return Told(
        seq=seq if isinstance(seq, int) and not isinstance(seq, bool) else None,
        prev=_text(value.get("prev")),
        kind=_text(value.get("kind")) or "",
        at=_moment(value.get("at")),
        order=_text(value.get("order")),
        facts=facts if isinstance(facts, dict) else {},
    )


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _moment(value: object) -> datetime | None:
    try:
        at = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return at if at is not None and at.tzinfo is not None else None
