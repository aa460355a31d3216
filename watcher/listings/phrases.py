"""Words to look for in an ad, whatever way people write umlauts, capitals and compounds."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

MOST_CHARACTERS = 20_000
"""How much of a text is looked at: twice what the site is said to take."""
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "×": "x", "’": "'", "“": '"', "”": '"', "″": '"'})
_ABBREVIATED = re.compile(
    r"(?<=\d)\.(?=\s)|\b(ca|max|min|inkl|incl|exkl|zzgl|bzw|evtl|ggf|gr|nr|std|versch|etc|usw|approx)\."
)
_SPACES = re.compile(r"[^\S\n]+")
_NO = r"\b(?:kein\w{0,5}|nicht|nie|niemals|ohne|weder|no|not|never|without)\b"
_DENIED = re.compile(rf"{_NO}(?:[ -]{{1,3}}\w{{1,20}}){{0,3}}[ -]{{1,3}}$")
_DENIED_LIST = re.compile(rf"{_NO}(?P<between>(?:[ ,/-]{{1,3}}\w{{1,20}}){{1,6}})[ ,/-]{{1,3}}$")
_LISTED = re.compile(r"\b(?:oder|noch|or|nor)\b")
_CLAUSE_END = re.compile(r"[\n.!?;]|\baber\b|\bbut\b")
_REACH = 60
_BETWEEN = r"[\s-]{1,3}"


def folded(text: str) -> str:
    """Return a text to search in: small letters, umlauts as two letters, fancy letters as plain ones, one line per line.

    The full stop of an abbreviation ("ca. 30 cm") is dropped, so that the others end sentences.
    """
    plain = unicodedata.normalize("NFKC", text[:MOST_CHARACTERS]).casefold().translate(_UMLAUTS)
    bare = "".join(
        char for char in unicodedata.normalize("NFD", plain) if unicodedata.category(char) not in {"Mn", "Cf"}
    )
    return _SPACES.sub(" ", _ABBREVIATED.sub(r"\1", bare))


@dataclass(frozen=True, slots=True)
class Phrases:
    """Words of which one is looked for; a `*` stands for any letters, and slashes enclose a regular expression."""

    entries: tuple[str, ...] = ()
    _pattern: re.Pattern[str] | None = field(default=None, repr=False, compare=False)

    @classmethod
    def of(cls, entries: Iterable[str]) -> "Phrases":
        """Return the words of a table.

        Raises:
            ValueError: an entry has no letters, or is no expression.
        """
        kept = tuple(entries)
        return cls(kept, _compiled(kept) if kept else None)

    def __bool__(self) -> bool:
        return bool(self.entries)

    def found_in(self, text: str) -> re.Match[str] | None:
        """Return where the first of them stands in a folded text."""
        return self._pattern.search(text) if self._pattern is not None else None

    def stated_in(self, text: str) -> re.Match[str] | None:
        """Return where one of them stands without being denied: not as in "keine Kratzer", "nie getragen"."""
        if self._pattern is None:
            return None
        for match in self._pattern.finditer(text):
            if not _is_denied(text, match):
                return match
        return None


def _is_denied(text: str, match: re.Match[str]) -> bool:
    """Whether a "no" governs the words: right before them, or before a list that they belong to ("keine Kratzer, Dellen oder ...")."""
    before = _CLAUSE_END.split(text[max(0, match.start() - _REACH) : match.start()])[-1]
    if _DENIED.search(before):
        return True
    listed = _DENIED_LIST.search(before)
    return listed is not None and bool(
        _LISTED.search(listed["between"]) or _LISTED.match(text[match.end() : match.end() + 6].lstrip())
    )


NO_PHRASES = Phrases()


@lru_cache(maxsize=256)
def _compiled(entries: tuple[str, ...]) -> re.Pattern[str]:
    parts = []
    for entry in entries:
        if len(entry) > 2 and entry.startswith("/") and entry.endswith("/"):  # noqa: PLR2004 - two slashes
            parts.append(f"(?:{entry[1:-1].translate(_UMLAUTS)})")
            continue
        plain = folded(entry).strip()
        if not re.search(r"\w", plain):
            raise ValueError(f"{entry!r} has neither letters nor digits")
        words = (re.escape(word).replace(r"\*", r"\w{0,30}") for word in plain.split(" "))
        parts.append(rf"(?<!\w){_BETWEEN.join(words)}(?!\w)")
    try:
        return re.compile("|".join(parts))
    except re.error as error:
        raise ValueError(f"is no regular expression: {error}") from error


def words_in(text: str) -> int:
    """Count the words of a text; numbers and marks alone are none."""
    return len(re.findall(r"[^\W\d_]{2,}", text[:MOST_CHARACTERS]))
