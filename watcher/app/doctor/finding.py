"""What an examination found."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How it is with the thing that was examined."""

    OK = "ok"
    WARN = "warn"
    """It works, and something about it should be known or mended."""
    BAD = "bad"
    """It does not work, or not safely."""
    SKIPPED = "skipped"
    """It could not be examined, or there is nothing to examine yet; the words say why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One line of the doctor's report."""

    name: str
    """Which examination; where there are several of a kind, `kind/what`. The same in every language."""
    state: State
    said: str
    advice: str = ""
    """How to mend it; only where something is wrong."""


def ok(name: str, said: str) -> Finding:
    """Return that all is well."""
    return Finding(name=name, state=State.OK, said=said)


def warn(name: str, said: str, advice: str = "") -> Finding:
    """Return that something should be known or mended."""
    return Finding(name=name, state=State.WARN, said=said, advice=advice)


def bad(name: str, said: str, advice: str = "") -> Finding:
    """Return that something does not work."""
    return Finding(name=name, state=State.BAD, said=said, advice=advice)


def skipped(name: str, said: str) -> Finding:
    """Return that something could not be examined."""
    return Finding(name=name, state=State.SKIPPED, said=said)
