"""The site's words: event types and headings, and what each means for an order."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from watcher.domain.confidence import Confidence
from watcher.domain.stage import Stage


class WordKind(StrEnum):
    """Where a word stands."""

    TYPE = "type"
    """An event type in the page's JSON."""
    HEADING = "heading"
    """The heading of a payment card, as a person reads it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """One word that was met on the site, and what it was taken for."""

    kind: WordKind
    token: str
    stage: Stage | None
    """`None` for words that say nothing about the order."""
    confidence: Confidence

    @property
    def is_known(self) -> bool:
        """Whether a source or the user has confirmed the word; everything else is a guess, or not understood."""
        return self.confidence is Confidence.CERTAIN and self.stage is not Stage.UNKNOWN

    @property
    def is_understood(self) -> bool:
        """Whether the word was taken for anything at all."""
        return self.stage is not Stage.UNKNOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnWord:
    """A word that the user taught: in the config, or by confirming what was read from it."""

    kind: WordKind
    token: str
    """An event type, a whole heading, or with `is_pattern` a regular expression for headings and texts."""
    stage: Stage | None
    """`UNKNOWN` for a word that does not mean what was guessed: then a person is asked to look."""
    is_pattern: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many of an account's words are known, guessed and not understood."""

    known: int
    guessed: int
    not_understood: int


def tally(words: Iterable[Word]) -> Tally:
    """Count words by how sure their meaning is."""
    met = tuple(words)
    known = sum(word.is_known for word in met)
    not_understood = sum(not word.is_understood for word in met)
    return Tally(known=known, guessed=len(met) - known - not_understood, not_understood=not_understood)
