"""What is known about each carrier: how a parcel can still be turned round, until when, and how sure that is.

One TOML file beside this module is one carrier; a new file is found by itself. No carrier owes a private sender
anything after the hand-in (BGH, 7 April 2022, I ZR 212/20), so every way is something to ask for or to try.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from watcher.domain.fact import Fact, Grade, Saying

BERLIN = ZoneInfo("Europe/Berlin")
"""The carriers' clock, wherever the seller's machine stands."""
OTHER = "other"


class Who(StrEnum):
    """Who has to act."""

    BUYER = "buyer"
    SELLER = "seller"


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way to get a parcel back that is under way. Empty words mean that nothing is known."""

    id: str
    who: Who
    title: Saying
    how: Saying
    have_at_hand: Saying
    afterwards: Saying
    """What tracking will show, or what to do, once it was asked for."""
    cost: Saying
    until_milestone: str
    """The way is open until the parcel reaches this milestone."""
    fact: Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class Cutoff:
    """The local time each day up to which a request counts for the next delivery."""

    time: time
    note: Saying
    fact: Fact | None
    """`None` for the seller's own entry."""


class Days(StrEnum):
    """Which days a waiting period is counted in."""

    CALENDAR = "calendar"
    WORKING = "working"
    """Monday to Saturday without holidays ("Werktage")."""
    WEEKDAYS = "weekdays"
    """Monday to Friday without holidays ("Arbeitstage")."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """How long a parcel waits to be collected at one kind of place before it returns by itself."""

    place: Saying
    """Empty for wherever it waits."""
    days: int
    counted: Days
    note: Saying
    fact: Fact | None
    """`None` for the seller's own entry."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone:
    """A number to call."""

    number: str
    fact: Fact | None
    """`None` for the seller's own entry."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Carrier:
    """One carrier; `None` means "not known". The name is empty for the entry that stands for all others."""

    id: str
    name: str
    also: tuple[str, ...]
    """Other names under which a page may speak of it."""
    ways: tuple[Way, ...]
    """In the order in which they are worth trying."""
    tracking: str | None
    tracking_fact: Fact | None
    cutoff: Cutoff | None
    holds: tuple[Hold, ...]
    """By place, the usual one first; empty where nothing is known."""
    phone: Phone | None
    own_note: str = ""
    """What the seller has written down about it."""

    def tracking_url(self, number: str | None) -> str | None:
        """Return the public tracking page of a number; `None` where either is unknown.

        Where the carrier's address takes no number, it is the page on which the number is typed.
        """
        if self.tracking is None or not number or not number.strip():
            return None
        return self.tracking.replace("{number}", quote(number.strip(), safe=""))


def carrier(name: str | None) -> Carrier:
    """Return the carrier of that id or name, in any spelling of case; the entry for all others if nobody knows it."""
    known = _by_name()
    return known.get(_folded(name or OTHER), known[OTHER])


def all_carriers() -> tuple[Carrier, ...]:
    """Return every carrier that has a file, by id, the entry for all others last."""
    return tuple(sorted(set(_by_name().values()), key=lambda each: (each.id == OTHER, each.id)))


@cache
def _by_name() -> Mapping[str, Carrier]:
    known: dict[str, Carrier] = {}
    for file in files(__package__).iterdir():
        if file.name.endswith(".toml"):
            found = _read(file.name.removesuffix(".toml"), tomllib.loads(file.read_text(encoding="utf-8")))
            known |= dict.fromkeys(map(_folded, (found.id, found.name or found.id, *found.also)), found)
    return known


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())


def _read(carrier_id: str, data: Mapping[str, Any]) -> Carrier:
    tracking, cutoff, phone = (data.get(key) for key in ("tracking", "cutoff", "phone"))
    return Carrier(
        id=carrier_id,
        name=data["name"],
        also=tuple(data.get("also", ())),
        ways=tuple(_way(entry) for entry in data["way"]),
        tracking=tracking["url"] if tracking else None,
        tracking_fact=_fact(tracking) if tracking else None,
        cutoff=Cutoff(time=cutoff["time"], note=_saying(cutoff["note"]), fact=_fact(cutoff))
        if cutoff
        else None,
        holds=tuple(_hold(entry) for entry in data.get("hold", ())),
        phone=Phone(number=phone["number"], fact=_fact(phone)) if phone else None,
    )


def _hold(entry: Mapping[str, Any]) -> Hold:
    return Hold(
        place=_saying(entry["place"]),
        days=entry["days"],
        counted=Days(entry["counted"]),
        note=_saying(entry["note"]),
        fact=_fact(entry),
    )


def _way(entry: Mapping[str, Any]) -> Way:
    return Way(
        id=entry["id"],
        who=Who(entry["who"]),
        title=_saying(entry["title"]),
        how=_saying(entry["how"]),
        have_at_hand=_saying(entry["have_at_hand"]),
        afterwards=_saying(entry["afterwards"]),
        cost=_saying(entry["cost"]),
        until_milestone=entry["until_milestone"],
        fact=_fact(entry),
    )


def _saying(entry: Mapping[str, str]) -> Saying:
    return Saying(de=entry["de"], en=entry["en"])


def _fact(entry: Mapping[str, Any]) -> Fact:
    return Fact(
        source=entry["source"],
        seen=entry["seen"],
        confidence=Grade(entry["confidence"]),
        published=entry.get("published"),
    )
