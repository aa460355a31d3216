"""Whether a mail pretends to come from the platform, however it is spelt."""

import re
import unicodedata
from collections.abc import Iterable, Sequence

_LOOKALIKES = str.maketrans(
    {
        # Cyrillic, Greek, Armenian and Latin letters, and digits, that look like those of the platform's name.
        **dict.fromkeys("кκҝқᴋĸ", "k"),
        **dict.fromkeys("l1|!іїӏιɪıℓוןǀ", "i"),
        **dict.fromkeys("еєεҽ3ɛ℮", "e"),
        **dict.fromkeys("пηոռɴ", "n"),
        **dict.fromkeys("аαɑ4@ᴀ", "a"),
        **dict.fromkeys("ᴢʐ2ȥ", "z"),
        **dict.fromkeys("ցɡɢ9ɠ", "g"),
    }
)
_PUNYCODE = re.compile(r"xn--[a-z0-9-]{1,60}")


def pretends(texts: Iterable[str], domains: Sequence[str]) -> bool:
    """Whether one of the texts holds the platform's name; `domains` are the platform's."""
    names = {_skeleton(domain.rstrip(".").rpartition(".")[0].rpartition(".")[2]) for domain in domains}
    return any(name in _skeleton(text) for text in texts for name in names if name)


def _skeleton(text: str) -> str:
    """Return what a hasty eye reads: no case, no accents, no invisible signs, no punctuation, one letter per look."""
    whole = _PUNYCODE.sub(_shown, text.lower())
    bare = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", whole).casefold())
    return "".join(sign for sign in bare.translate(_LOOKALIKES) if sign.isalnum())


def _shown(domain: re.Match[str]) -> str:
    try:
        return domain[0].removeprefix("xn--").encode("ascii").decode("punycode")
    except (UnicodeError, ValueError, OverflowError):
        return domain[0]
