"""Names of files and folders in a bag: readable, and harmless on every system, whatever strangers called their things."""

import re
import unicodedata
from collections.abc import Callable
from datetime import datetime

from watcher.texts.file_name import file_name_part
from watcher.texts.names import BERLIN

_MOST_BYTES = 90
_LONGEST_SLUG = 40
_LONGEST_ENDING = 10
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


def slug(text: str, *, otherwise: str) -> str:
    """Return a text as a name of small letters, digits and hyphens; `otherwise` where none of it is left."""
    plain = unicodedata.normalize("NFKD", text.lower().translate(_UMLAUTS)).encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    return words[:_LONGEST_SLUG].strip("-") or otherwise


def safe_name(text: str, *, otherwise: str = "file") -> str:
    """Return a file's name that leads nowhere else: one line, no folder, no control or direction marks, not endless.

    The ending stays when the rest is cut.
    """
    last = text.replace("\\", "/").rpartition("/")[2].replace("%", "_")  # a manifest reads % as an escape
    stem, dot, ending = last.rpartition(".")
    if not dot or not stem or not ending.isalnum() or len(ending) > _LONGEST_ENDING:
        stem, ending = last, ""
    plain = file_name_part(stem, most_bytes=_MOST_BYTES)
    if not plain:
        return otherwise
    whole = f"{plain}.{ending}" if ending else plain
    return f"_{whole}" if _RESERVED.fullmatch(plain) else whole


def stamped(at: datetime) -> str:
    """Return a moment on a German clock as the beginning of a name: `2026-11-22 1004`."""
    return f"{at.astimezone(BERLIN):%Y-%m-%d %H%M}"


def free_name(wanted: str, is_taken: Callable[[str], bool]) -> str:
    """Return the name, or the first one with a number that nobody has: `x.jpg`, `x-2.jpg`, `x-3.jpg`."""
    stem, dot, ending = wanted.rpartition(".")
    if not dot or not stem or len(ending) > _LONGEST_ENDING or " " in ending:
        stem, dot, ending = wanted, "", ""
    number, name = 1, wanted
    while is_taken(name):
        number += 1
        name = f"{stem}-{number}{dot}{ending}"
    return name


class Taken:
    """Hands out names that differ also where a system takes capitals for small letters."""

    def __init__(self) -> None:
        self._names: set[str] = set()

    def take(self, wanted: str) -> str:
        """Return the name, made different where it is taken."""
        name = free_name(wanted, lambda each: each.casefold() in self._names)
        self._names.add(name.casefold())
        return name
