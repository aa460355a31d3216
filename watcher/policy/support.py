"""How the platform's support can be reached, as far as it is publicly known; read from `support.toml` beside this module."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from watcher.domain.fact import Fact, Grade, Saying


@dataclass(frozen=True, slots=True, kw_only=True)
class SupportWay:
    """One way to reach support."""

    id: str
    title: Saying
    says: Saying
    address: str | None
    """`None` where no public source names one."""
    fact: Fact


@cache
def support_ways() -> tuple[SupportWay, ...]:
    """Return the ways, in the order in which they are worth trying."""
    data = tomllib.loads(files(__package__).joinpath("support.toml").read_text(encoding="utf-8"))
    return tuple(
        SupportWay(
            id=entry["id"],
            title=Saying(**entry["title"]),
            says=Saying(**entry["says"]),
            address=entry.get("address"),
            fact=Fact(
                source=entry["source"],
                seen=entry["seen"],
                confidence=Grade(entry["confidence"]),
                published=entry.get("published"),
            ),
        )
        for entry in data["way"]
    )
