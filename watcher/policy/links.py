"""Where a step leads on the web, as far as a public source names an address; read from `links.toml` beside this module."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from watcher.domain.fact import Fact, Grade, Saying
from watcher.policy.support import support_ways

_TO_SUPPORT = frozenset({"tell_support", "follow_up_support", "ask_about_refund", "report_fraud"})


@dataclass(frozen=True, slots=True, kw_only=True)
class StepLink:
    """One address that helps with a step."""

    title: Saying
    says: Saying
    address: str
    fact: Fact


def links_for(step_id: str) -> tuple[StepLink, ...]:
    """Return the addresses that help with a step; none where no public source names one."""
    return tuple(link for steps, link in (*_links(), *_support()) if step_id in steps)


def linked_steps() -> frozenset[str]:
    """Return the steps that lead somewhere."""
    return frozenset(step for steps, _ in (*_links(), *_support()) for step in steps)


def _support() -> Iterator[tuple[frozenset[str], StepLink]]:
    for way in support_ways():
        if way.address is not None:
            yield _TO_SUPPORT, StepLink(title=way.title, says=way.says, address=way.address, fact=way.fact)


@cache
def _links() -> tuple[tuple[frozenset[str], StepLink], ...]:
    data = tomllib.loads(files(__package__).joinpath("links.toml").read_text(encoding="utf-8"))
    return tuple(
        (
            frozenset(entry["steps"]),
            StepLink(
                title=Saying(**entry["title"]),
                says=Saying(**entry["says"]),
                address=entry["address"],
                fact=Fact(
                    source=entry["source"],
                    seen=entry["seen"],
                    confidence=Grade(entry["confidence"]),
                    published=entry.get("published"),
                ),
            ),
        )
        for entry in data["link"]
    )
