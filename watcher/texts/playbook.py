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

from watcher.domain.step import CaseKind
from watcher.texts.fill import fill, one_line
from watcher.texts.language import Language, _
from watcher.texts.names import BERLIN, moment, money
from watcher.texts.own import OwnText, fill_own, own_text

_LONGEST_FACT = 240
"""Names and titles are shortened before; several ids that name one deal at the platform must not be."""
_BLANK_LINES = re.compile(r"\n{3,}")
"""What is left where a draft names facts that are all missing."""


class Recipient(StrEnum):
    """Whom a draft is for."""

    BUYER = "buyer"
    CARRIER = "carrier"
    SUPPORT = "support"
    POLICE = "police"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What a text is about; `None` is a fact that is not known. Names and titles are strangers' words."""

    kind: CaseKind | None = None
    order: str | None = None
    conversation: str | None = None
    title: str | None = None
    buyer: str | None = None
    ad_id: str | None = None
    transaction: str | None = None
    """What names the deal at the platform and its payment provider."""
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
            "title": _short(self.title),
            "buyer": _short(self.buyer),
            "ad_id": _short(self.ad_id),
            "transaction": self.transaction,
            "amount": None if self.amount_cents is None else money(self.amount_cents, language=language),
            "carrier": _short(self.carrier_name),
            "number": _short(self.tracking_number),
            "cancelled": None
            if self.cancelled_at is None
            else moment(self.cancelled_at, language=language, tz=self.tz),
        }


def _short(words: str | None) -> str | None:
    return None if words is None else one_line(words)


PLACEHOLDERS = frozenset(Subject().facts("de"))
"""What a ready-made text may name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A ready-made message to copy. It is never sent by the program."""

    name: str
    to: Recipient
    label: str
    text: str
    language: Language
    """The language of the text: support and carriers are written to in German, whoever reads the label."""
    own: bool = False
    """Whether it is the seller's own version."""
    fault: str | None = None
    """Why the seller's own version cannot be used; this is the shipped one then, and its label says so."""


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
        drafts=tuple(draft_for(name, subject, language=language) for name in entry.get("drafts", ())),
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


def text_names(language: Language) -> tuple[str, ...]:
    """Return the names of all ready-made texts, those that stand together in use together."""
    used = (name for entry in _table(language)["step"] for name in entry.get("drafts", ()))
    return tuple(dict.fromkeys((*used, *_table(language)["draft"])))


def steps_with(name: str, language: Language) -> tuple[str, ...]:
    """Return the steps at which a ready-made text is offered."""
    steps = (entry["id"] for entry in _table(language)["step"] if name in entry.get("drafts", ()))
    return tuple(dict.fromkeys(steps))


def draft_for(name: str, subject: Subject, *, language: Language) -> Draft:
    """Return a ready-made text, filled for this order: the seller's own version, where there is one that can be used.

    Raises:
        KeyError: there is no such text.
    """
    entry = _table(language)["draft"][name]
    written_in: Language = entry.get("language", language)
    facts = subject.facts(written_in)
    own = own_text(name, written_in, known=facts)
    usable = own is not None and own.fault is None
    text = (
        fill_own(own.pattern, facts, limit=_LONGEST_FACT)
        if own is not None and usable
        else fill(entry["text"], facts, limit=_LONGEST_FACT)
    )
    label = fill(entry["label"], subject.facts(language))
    return Draft(
        name=name,
        to=Recipient(entry["to"]),
        label=label if own is None else f"{label} {_standing(own)}",
        text=_BLANK_LINES.sub("\n\n", text.strip()),
        language=written_in,
        own=usable,
        fault=own.fault if own else None,
    )


def pattern_for(name: str, *, language: Language) -> str:
    """Return a ready-made text as it is before it is filled: the seller's own version, right or wrong, else the shipped one.

    Raises:
        KeyError: there is no such text.
    """
    entry = _table(language)["draft"][name]
    own = own_text(name, entry.get("language", language), known=PLACEHOLDERS)
    pattern: str = own.pattern if own is not None and own.pattern else entry["text"].strip()
    return pattern


def shipped_pattern(name: str, *, language: Language) -> str:
    """Return a ready-made text as it was shipped, before it is filled.

    Raises:
        KeyError: there is no such text.
    """
    pattern: str = _table(language)["draft"][name]["text"].strip()
    return pattern


def _standing(own: OwnText) -> str:
    """Say beside a text that it is the seller's own, or why it is not."""
    if own.fault is None:
        return _("(your own version)")
    return _("(the shipped text: your own version, {file}, cannot be used: {fault})").format(
        file=one_line(own.path.name), fault=one_line(own.fault, limit=300)
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
