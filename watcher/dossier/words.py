"""The words of the dossier, as the data files beside this module say them."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from watcher.texts.fill import fill
from watcher.texts.language import Language

_LONGEST_FACT = 400


def said(path: str, *, language: Language, **facts: str | None) -> str:
    """Return the words at a path such as `label.item`, filled with the facts.

    Raises:
        KeyError: there are no such words, or a fact that they need is missing.
    """
    words: Any = _table(language)
    for part in path.split("."):
        words = words[part]
    return fill(words, facts, limit=_LONGEST_FACT)


def has_words(path: str, *, language: Language) -> bool:
    """Whether there are words at that path."""
    words: Any = _table(language)
    for part in path.split("."):
        words = words.get(part) if isinstance(words, Mapping) else None
    return isinstance(words, str)


def paragraphs(path: str, *, language: Language) -> tuple[tuple[str, str], ...]:
    """Return the titled paragraphs at a path."""
    words: Any = _table(language)
    for part in path.split("."):
        words = words[part]
    return tuple((entry["title"], entry["text"]) for entry in words)


@cache
def _table(language: Language) -> Mapping[str, Any]:
    return tomllib.loads(files(__package__).joinpath(f"words.{language}.toml").read_text(encoding="utf-8"))
