"""One carrier's wording and codes, as its file beside this module has them; a new file is found by itself.

- `[[phrase]]`: `words` are said somewhere in a sentence, without regard to case and hyphens. `…` stands for a place, a
  name or a day; a phrase that begins with `=` is the whole sentence, or all of it before a comma.
- `[[code]]`: the carrier's own fine codes. `[[state]]`: its coarse ones, which say too little to be sure of.
- `only_here = true`: the words mean this from this carrier alone, and count only where it is named.
- `milestone` as in `watcher/domain/parcel.py`, or `none` for what says nothing about where the parcel is.
- `confidence`: `seen` = a source says so; `inferred` = concluded from it; `unverified` = sources disagree, or are weak.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from watcher.carriers.statuses.sentence import GAP, folded
from watcher.domain.confidence import Confidence
from watcher.domain.fact import Fact, Grade
from watcher.domain.parcel import Milestone

SURE = {
    Grade.SEEN: Confidence.CERTAIN,
    Grade.INFERRED: Confidence.LIKELY,
    Grade.UNVERIFIED: Confidence.UNSURE,
}
_WORD = re.compile(r"\w+")
_GENERAL = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What a group of words or codes stands for; `milestone` is `None` where they say nothing about the place."""

    carrier: str
    milestone: Milestone | None
    at_shop: bool
    only_here: bool
    fact: Fact

    @property
    def confidence(self) -> Confidence:
        """Return how sure the reading is."""
        return SURE[self.fact.confidence]


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """One wording."""

    text: str
    pattern: re.Pattern[str]
    key: str
    """A word that every sentence with this phrase has."""
    letters: int
    """How much of it is fixed: of two phrases for the same place in a text, the longer one knows better."""
    entry: Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Everything that is known of one carrier's way to speak."""

    carrier: str
    phrases: Mapping[str, tuple[Phrase, ...]]
    """By their key."""
    codes: Mapping[str, Entry]
    states: Mapping[str, Entry]
    entries: tuple[tuple[Entry, tuple[str, ...]], ...]
    """Each entry with its words or codes as the file has them."""


@cache
def tables() -> Mapping[str, Table]:
    """Return every carrier's table by the carrier's id; `other` has what all of them say.

    Raises:
        ValueError: a file names a milestone or a confidence that does not exist.
    """
    found = {}
    for file in sorted(files(__package__).iterdir(), key=lambda each: each.name):
        if file.name.endswith(".toml"):
            carrier = file.name.removesuffix(".toml")
            found[carrier] = _table(carrier, tomllib.loads(file.read_text(encoding="utf-8")))
    return found


def general() -> Table:
    """Return what every carrier says."""
    return tables()[_GENERAL]


def special() -> Iterator[Table]:
    """Return the tables of the carriers themselves."""
    return (table for table in tables().values() if table.carrier != _GENERAL)


def _table(carrier: str, data: Mapping[str, Any]) -> Table:
    phrases: dict[str, list[Phrase]] = {}
    entries = []
    maps: dict[str, dict[str, Entry]] = {"code": {}, "state": {}}
    for each in data.get("phrase", ()):
        entry = _entry(carrier, each)
        entries.append((entry, tuple(each["words"])))
        for text in each["words"]:
            phrase = _phrase(text, entry)
            phrases.setdefault(phrase.key, []).append(phrase)
    for kind, map_ in maps.items():
        for each in data.get(kind, ()):
            entry = _entry(carrier, each)
            entries.append((entry, tuple(each["codes"])))
            map_ |= {code.casefold(): entry for code in each["codes"]}
    return Table(
        carrier=carrier,
        phrases={key: tuple(group) for key, group in phrases.items()},
        codes=maps["code"],
        states=maps["state"],
        entries=tuple(entries),
    )


def _entry(carrier: str, data: Mapping[str, Any]) -> Entry:
    return Entry(
        carrier=carrier,
        milestone=None if data["milestone"] == "none" else Milestone(data["milestone"]),
        at_shop=data.get("at_shop", False),
        only_here=data.get("only_here", False),
        fact=Fact(
            source=data["source"],
            seen=data["seen"],
            confidence=Grade(data["confidence"]),
            published=data.get("published"),
        ),
    )


def _phrase(text: str, entry: Entry) -> Phrase:
    whole = text.startswith("=")
    parts = [folded(part) for part in text.removeprefix("=").split("…")]
    middle = GAP.join(rf"(?<!\w){re.escape(part)}(?!\w)" for part in parts)
    return Phrase(
        text=text,
        pattern=re.compile(rf"^[\W_]*{middle}(?=[.,:;!…)]|$)" if whole else middle),
        key=max((word for part in parts for word in _WORD.findall(part)), key=len),
        letters=sum(map(len, parts)),
        entry=entry,
    )
