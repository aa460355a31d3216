"""The words of each step: what to do, why, and what to write, filled with the facts of one order.

Guaranteed: every step that the playbook can plan has words in every language; a missing fact leaves no hole; before
the goods are back no text suggests a button of the platform that gives money back, and the warnings say why.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from watcher.domain.case import CaseKind
from watcher.texts.fill import fill, one_line
from watcher.texts.language import Language
from watcher.texts.names import BERLIN, moment, money

_BLANK_LINES = re.compile(r"\n{3,}")
"""What is left where a draft names facts that are all missing."""


class Recipient(StrEnum):
    """Whom a draft is for."""

    BUYER = "buyer"
    CARRIER = "carrier"
    SUPPORT = "support"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What a text is about; `None` is a fact that is not known. Names and titles are strangers' words."""

    kind: CaseKind | None = None
    order: str | None = None
    conversation: str | None = None
    title: str | None = None
    buyer: str | None = None
    ad_id: str | None = None
    amount_cents: int | None = None
    carrier: str | None = None
    """The carrier's id; it chooses the words."""
    carrier_name: str | None = None
    """What the texts call it."""
    tracking_number: str | None = None
    cancelled_at: datetime | None = None
    tz: tzinfo = BERLIN

    def facts(self, language: Language) -> Mapping[str, str | None]:
        """Return what the patterns may name."""
        return {
            "order": self.order,
            "conversation": self.conversation,
            "title": self.title,
            "buyer": self.buyer,
            "ad_id": self.ad_id,
            "amount": None if self.amount_cents is None else money(self.amount_cents, language=language),
            "carrier": self.carrier_name,
            "number": self.tracking_number,
            "cancelled": None
            if self.cancelled_at is None
            else moment(self.cancelled_at, language=language, tz=self.tz),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A ready-made message to copy. It is never sent by the program."""

    to: Recipient
    label: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StepWords:
    """One step in words. Further drafts are other ways to answer: the choice is the seller's."""

    id: str
    title: str
    why: str
    drafts: tuple[Draft, ...] = ()
    warning: str | None = None

    @property
    def draft(self) -> Draft | None:
        """The draft to offer first."""
        return self.drafts[0] if self.drafts else None


def words_for(step_id: str, subject: Subject, *, language: Language) -> StepWords:
    """Return a step's words for this order. A step of a later version has at least its id for a title."""
    entry: dict[str, Any] = {}
    for candidate in _table(language)["step"]:
        if candidate["id"] == step_id and _fits(candidate, subject):
            entry |= candidate
    if not entry:
        return StepWords(id=step_id, title=one_line(step_id), why="")
    facts = subject.facts(language)
    return StepWords(
        id=step_id,
        title=fill(entry["title"], facts),
        why=fill(entry["why"], facts),
        drafts=tuple(_draft(name, subject, language) for name in entry.get("drafts", ())),
        warning=warning_for(subject.kind, language=language) if entry.get("warn") else None,
    )


def warning_for(kind: CaseKind | None, *, language: Language) -> str | None:
    """Return what must not be pressed, and why, while the goods are, or may be, away; `None` where they are at home."""
    warning: str | None = _table(language)["warning"].get(kind)
    return warning


def law(language: Language) -> str:
    """Return what can be said of the law in two sentences, named as no legal advice."""
    text: str = _table(language)["law"]["text"]
    return text


def known_steps(language: Language) -> frozenset[str]:
    """Return the ids of all steps that have words."""
    return frozenset(entry["id"] for entry in _table(language)["step"])


def _draft(name: str, subject: Subject, language: Language) -> Draft:
    entry = _table(language)["draft"][name]
    text = fill(entry["text"], subject.facts(entry.get("language", language))).strip()
    return Draft(
        to=Recipient(entry["to"]),
        label=fill(entry["label"], subject.facts(language)),
        text=_BLANK_LINES.sub("\n\n", text),
    )


def _fits(entry: Mapping[str, Any], subject: Subject) -> bool:
    return entry.get("kind") in {None, subject.kind} and entry.get("carrier") in {None, subject.carrier}


@cache
def _table(language: Language) -> Mapping[str, Any]:
    """Read one language's words; general entries stand before the special ones that overrule them."""
    table = tomllib.loads(
        files(__package__).joinpath(f"playbook.{language}.toml").read_text(encoding="utf-8")
    )
    table["step"].sort(key=lambda entry: ("kind" in entry) + ("carrier" in entry))
    return table
