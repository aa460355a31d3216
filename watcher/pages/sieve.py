"""CSS selectors, compiled once: what one program has compiled, the next one finds in the user's cache.

A check needs two dozen of them. To compile those takes 0.13 s of processor time, most of a second on a small computer, and
as they never change, it would be the same each time.
"""

import pickle
import sys
from contextlib import suppress
from functools import lru_cache
from hashlib import sha256
from io import BytesIO
from os import getpid
from pathlib import Path
from threading import get_ident
from typing import Any, Final

import soupsieve
from bs4 import Tag
from bs4.css import CSS
from platformdirs import user_cache_path
from soupsieve import SoupSieve
from soupsieve.__meta__ import __version__

_MOST: Final = 500
"""Selectors that one program remembers; it needs a hundred."""
_PARTS: Final = {
    "re": {"_compile"},
    "soupsieve.css_match": {"SoupSieve"},
    "soupsieve.css_types": {
        "_unpickle", "CustomSelectors", "Namespaces", "Selector", "SelectorAttribute", "SelectorContains", "SelectorLang",
        "SelectorList", "SelectorNth", "SelectorNull", "SelectorTag",
    },
}  # fmt: skip
"""Of what a compiled selector consists, by module. By whole names: a dotted one would lead through a module to all that it uses."""
_EDITION: Final = f"{__version__} {sys.version_info.major}.{sys.version_info.minor}"


class SearchableTag(Tag):
    """An element that is searched by selectors which were compiled before."""

    @property
    def css(self) -> CSS:
        """Return what searches below this element: this module, in the place of the library."""
        return CSS(self, sys.modules[__name__])


def select(selector: str, tag: Tag, _namespaces: object, limit: int, _flags: int) -> list[Tag]:
    """Return what is selected below an element, at most `limit` (0: all)."""
    return compiled(selector).select(tag, limit)


def select_one(selector: str, tag: Tag, _namespaces: object, _flags: int) -> Tag | None:
    """Return the first that is selected below an element."""
    return compiled(selector).select_one(tag)


@lru_cache(maxsize=_MOST)
def compiled(selector: str) -> SoupSieve:
    """Return a selector, compiled.

    Raises:
        soupsieve.SelectorSyntaxError: it is none.
    """
    place = user_cache_path("stornowacht") / "selectors" / _name_of(selector)
    kept = _kept(place, selector)
    if kept is not None:
        return kept
    made = soupsieve.compile(selector)
    _keep(place, made)
    return made


def _name_of(selector: str) -> str:
    """Return a name that no other selector has, nor this one in another edition of the library."""
    return sha256(f"{_EDITION}\n{selector}".encode()).hexdigest()


def _kept(place: Path, selector: str) -> SoupSieve | None:
    """Return what is kept there; nothing where it cannot be read, was damaged, or is something else.

    A single bit may turn one selector into another, which would find nothing and say nothing: hence the sum before it.
    """
    with suppress(Exception):
        content = place.read_bytes()
        told, pickled = content[: sha256().digest_size], content[sha256().digest_size :]
        if sha256(pickled).digest() == told:
            found = _Reader(BytesIO(pickled)).load()
            return found if isinstance(found, SoupSieve) and found.pattern == selector else None
    return None


def _keep(place: Path, made: SoupSieve) -> None:
    """Keep it for the next program, as a whole or not at all; what cannot be kept is compiled anew, and stops no reader."""
    with suppress(Exception):
        pickled = pickle.dumps(made)
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = place.with_name(f"{place.name}.{getpid()}-{get_ident()}")  # two threads may need it at once
        draft.write_bytes(sha256(pickled).digest() + pickled)
        draft.replace(place)


class _Reader(pickle.Unpickler):
    """Makes nothing but selectors of what a file names, should it be another than what was written."""

    def find_class(self, module: str, name: str) -> Any:
        if name in _PARTS.get(module, ()):
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"{module}.{name} is no part of a selector")
