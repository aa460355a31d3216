"""The words of which code makes its names, and what of a name is shown to strangers."""

import re
from functools import cache
from importlib.resources import files

MASKED = "·"
_JOIN = re.compile(r"([-_.:]{1,2})")
_PIECE = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+|[^A-Za-z0-9]+")
_DIGITS = re.compile(r"[0-9]+")
_LONGEST = 120


@cache
def code_words() -> frozenset[str]:
    """Return the list in `code_words.txt`: in a report that strangers read, only these are shown."""
    told = files(__package__).joinpath("code_words.txt").read_text(encoding="utf-8")
    lines = (line for line in told.splitlines() if not line.startswith("#"))
    return frozenset(word for line in lines for word in line.split())


def shown_name(name: str) -> str:
    """Return a name of code with each word masked that is not on the list; a name without one is masked whole.

    `adL1CategoryId` is shown as it is, `Conversation--erika-2` as `Conversation--·-2`. One number of one or two digits
    stays, unless a word that is not on the list stands at it: then it may be an id.
    """
    if len(name) > _LONGEST:
        return MASKED
    parts = _JOIN.split(name)
    parts[::2] = map(_shown_part, parts[::2])
    if not any(piece.lower() in code_words() for part in parts for piece in _PIECE.findall(part)):
        return MASKED
    return "".join(parts)


def _shown_part(part: str) -> str:
    pieces = _PIECE.findall(part)
    numbers = _DIGITS.findall(part)
    if numbers and (len(numbers) > 1 or len(numbers[0]) > 2 or not _all_known(pieces)):  # noqa: PLR2004
        return MASKED
    shown = "".join(
        piece if piece.isdecimal() or piece.lower() in code_words() else MASKED for piece in pieces
    )
    return re.sub(f"{MASKED}{{2,}}", MASKED, shown)


def _all_known(pieces: list[str]) -> bool:
    return all(piece.lower() in code_words() for piece in pieces if not piece.isdecimal())
