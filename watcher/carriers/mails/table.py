"""What is known of one carrier's mails, as its file beside this module has it; a new file is found by itself.

`dhl.toml` explains the fields.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from watcher.carriers.statuses.meaning import Meaning
from watcher.carriers.statuses.sentence import folded, is_denied, is_question, sentences_of
from watcher.carriers.statuses.table import SURE
from watcher.domain.confidence import Confidence, least
from watcher.domain.fact import Fact, Grade
from watcher.domain.parcel import Milestone

_GAP = r"[^.!?]{1,80}?"
_LONGEST = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class MailDomain:
    """A domain from which a carrier writes."""

    name: str
    fact: Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectWords:
    """What a wording in a subject means."""

    patterns: tuple[re.Pattern[str], ...]
    milestone: Milestone
    fact: Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class MailTable:
    """Everything that is known of one carrier's mails."""

    carrier: str
    domains: tuple[MailDomain, ...]
    subjects: tuple[SubjectWords, ...]
    """The first that fits counts."""


def meaning_of_subject(subject: str, *, carrier: str) -> Meaning | None:
    """Return what the subject of a carrier's mail says, likely at most; `None` where nobody knows.

    Questions and what is denied say nothing: a survey asks whether the parcel was delivered.
    """
    table = mail_tables().get(carrier)
    sentences = [folded(each) for each in sentences_of(subject[:_LONGEST]) if not is_question(each)]
    for known in table.subjects if table else ():
        for sentence in sentences:
            for pattern in known.patterns:
                found = pattern.search(sentence)
                if found and not is_denied(sentence, found.start(), found.end()):
                    sure = least((SURE[known.fact.confidence], Confidence.LIKELY))
                    return Meaning(milestone=known.milestone, confidence=sure)
    return None


@cache
def mail_tables() -> Mapping[str, MailTable]:
    """Return every carrier's table, by the carrier's id.

    Raises:
        ValueError: a file names a milestone or a confidence that does not exist.
    """
    found = {}
    for file in sorted(files(__package__).iterdir(), key=lambda each: each.name):
        if file.name.endswith(".toml"):
            carrier = file.name.removesuffix(".toml")
            found[carrier] = _table(carrier, tomllib.loads(file.read_text(encoding="utf-8")))
    return found


def _table(carrier: str, data: Mapping[str, Any]) -> MailTable:
    return MailTable(
        carrier=carrier,
        domains=tuple(MailDomain(name=each["name"], fact=_fact(each)) for each in data["domain"]),
        subjects=tuple(
            SubjectWords(
                patterns=tuple(map(_pattern, each["words"])),
                milestone=Milestone(each["milestone"]),
                fact=_fact(each),
            )
            for each in data.get("subject", ())
        ),
    )


def _pattern(words: str) -> re.Pattern[str]:
    parts = [rf"(?<!\w){re.escape(folded(part))}(?!\w)" for part in words.split("…")]
    return re.compile(_GAP.join(parts))


def _fact(entry: Mapping[str, Any]) -> Fact:
    return Fact(
        source=entry["source"],
        seen=entry["seen"],
        confidence=Grade(entry["confidence"]),
        published=entry.get("published"),
    )
