"""A letter before it becomes text or HTML: what it says, in which order, without any layout.

Every string is one or more harmless lines; what strangers wrote in it is still their words, so templates escape it.
"""

from dataclasses import dataclass
from enum import StrEnum


class Tone(StrEnum):
    """The colour at the top."""

    ACT = "act"
    LOOK = "look"
    CALM = "calm"


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftView:
    """A text to copy."""

    label: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WayView:
    """One way to get the parcel back."""

    who: str
    title: str
    lines: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WaysView:
    """What is known about the carrier."""

    heading: str
    ways: tuple[WayView, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StepView:
    """One step: the first ones with all their words, the later ones with their title alone."""

    title: str
    due: str | None = None
    why: str = ""
    rules: tuple[str, ...] = ()
    """What of the platform's rules matters here."""
    drafts: tuple[DraftView, ...] = ()
    links: tuple["LinkView", ...] = ()
    """Where the step leads, beside the letter's own links."""
    command: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandView:
    """Something to type, and what for."""

    heading: str
    text: str
    commands: tuple[tuple[str, str], ...]
    """What it says, and the command; the first may be empty."""
    after: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListView:
    """Several orders or hints, one below the other."""

    heading: str
    entries: tuple[tuple[str, str], ...]
    """What it is, and what is known of it."""
    more: str = ""
    """How many there are besides."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkView:
    """A link that may be shown: its address is http or https."""

    label: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """One letter."""

    subject: str
    headline: str
    tone: Tone
    summary: tuple[str, ...]
    kicker: str = ""
    deadline: str | None = None
    lead: tuple[str, ...] = ()
    rows: tuple[tuple[str, str], ...] = ()
    orders: ListView | None = None
    warning: str | None = None
    first: StepView | None = None
    second: StepView | None = None
    ways: WaysView | None = None
    rest: tuple[StepView, ...] = ()
    question: CommandView | None = None
    way_out: CommandView | None = None
    ack: CommandView | None = None
    hints: ListView | None = None
    """What may be worth knowing, and is not urgent."""
    links: tuple[LinkView, ...] = ()
    fine_print: tuple[str, ...] = ()
