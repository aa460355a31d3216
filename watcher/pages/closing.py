"""What asks for no answer: thanks, greetings, "hat sich erledigt", by the table beside this module and the seller's own words.

Conservative: a closing consists of known phrases alone, from its first word to its last. Whatever holds a question mark, a number or
an unknown word may be a question, and so may what is long or cut off.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache, partial
from importlib.resources import files

from watcher.domain.question import Closing, ClosingOf
from watcher.pages.wording import plain_text

LONGEST = 160
"""Nobody needs more characters to say thank you."""
_BESIDE = "beside"
"""The kind of a phrase that asks nothing beside another one, and says nothing alone."""
_RANK = (_BESIDE, Closing.THANKS, Closing.WITHDRAWN)
"""Of several phrases in a text the last of these tells what it is."""
_ASKS = re.compile(r"[?؟⁇⁈⁉⸮¿❓❔‽]")
_CUT = re.compile(r"(?:…|\.\.)\W*$")
_WORD = re.compile(r"\w+|[^\w\s]")
_PUNCTUATION = frozenset("P")
_SMILEY = re.compile(r"(?<!\w)[:;=][-']?[)D\]](?!\w)|\^\^")
_INVISIBLE = re.compile("[\u200b-\u200d\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]")
"""Joiners, variation selectors and the colours of skin."""


def closing_of(own: Iterable[str] = ()) -> ClosingOf:
    """Return what says which kind of closing a text is, with the seller's own words among the phrases."""
    mine: dict[tuple[str, ...], str] = {
        tuple(words): Closing.THANKS for each in own if (words := words_of(each))
    }
    phrases = {**_shipped(), **mine}
    return partial(_closing, phrases=phrases, longest=max(map(len, phrases)))


def may_ask(text: str) -> bool:
    """Whether a text asks by its signs alone, or is cut off, so that nobody knows."""
    return bool(_ASKS.search(text) or _CUT.search(text))


def words_of(text: str) -> list[str]:
    """Return the words and emojis of a text in small letters, without punctuation, smileys and invisible marks."""
    plain = _INVISIBLE.sub("", unicodedata.normalize("NFKC", _SMILEY.sub(" ", plain_text(text))))
    found = _WORD.findall(plain.lower())
    return [word for word in found if unicodedata.category(word[0])[0] not in _PUNCTUATION]


def _closing(text: str, *, phrases: Mapping[tuple[str, ...], str], longest: int) -> Closing | None:
    if not text or len(text) > LONGEST or may_ask(text) or may_ask(unicodedata.normalize("NFKC", text)):
        return None
    words = words_of(text)
    # What each beginning of the text is, as a row of phrases; `None`: it is no such row.
    kinds: list[str | None] = [_BESIDE, *[None] * len(words)]
    for end in range(1, len(words) + 1):
        found = [
            max(before, phrase, key=_RANK.index)
            for begin in range(max(end - longest, 0), end)
            if (before := kinds[begin]) is not None
            and (phrase := phrases.get(tuple(words[begin:end]))) is not None
        ]
        kinds[end] = max(found, key=_RANK.index, default=None)
    last = kinds[-1]
    return None if last is None or last == _BESIDE else Closing(last)


@cache
def _shipped() -> Mapping[tuple[str, ...], str]:
    data = tomllib.loads(files(__package__).joinpath("closing.toml").read_text(encoding="utf-8"))
    return {
        tuple(words_of(phrase)): _RANK[_RANK.index(entry["kind"])]
        for entry in data["closing"]
        for phrase in entry["phrases"]
    }
