"""The words of letters, as the data files beside this module say them."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from watcher.domain.fact import Fact
from watcher.texts.fill import fill
from watcher.texts.language import Language

_LONGEST_FACT = 500
"""Facts of letters are mostly our own words; strangers' ones are shortened where they come in."""


def said(path: str, *, language: Language, **facts: str | None) -> str:
    """Return the words at a path such as `label.item`, filled with the facts.

    Raises:
        KeyError: there are no such words, or a fact that they need is missing.
    """
    words: Any = _table(language)
    for part in path.split("."):
        words = words[part]
    return fill(words, facts, limit=_LONGEST_FACT)


def source_line(fact: Fact, *, language: Language) -> str:
    """Return where a fact comes from, when that was read, and how sure it is."""
    return said(
        "label.source",
        language=language,
        source=fact.source,
        published=fact.published,
        seen=f"{fact.seen:%m/%Y}",
        grade=said(f"grade.{fact.confidence}", language=language),
    )


def has_words(path: str, *, language: Language) -> bool:
    """Whether there are words at that path."""
    words: Any = _table(language)
    for part in path.split("."):
        words = words.get(part) if isinstance(words, Mapping) else None
    return isinstance(words, str)


@cache
def _table(language: Language) -> Mapping[str, Any]:
    return tomllib.loads(files(__package__).joinpath(f"words.{language}.toml").read_text(encoding="utf-8"))
