"""Filling facts into ready-made texts, so that a missing fact leaves no hole.

The patterns are ours; the facts may be strangers' words and are never read as patterns:

- `{name}` stands for a fact.
- `[part]` is left out as a whole when one of its facts is missing; `[part|else]` says something else then.
"""

import re
import unicodedata
from collections.abc import Mapping

LONGEST = 80
"""Enough for a title or a name; whoever writes a novel into one must not push the deadline out of sight."""
_JOINERS = "\u200c\u200d"
_PLACE = re.compile(r"\{([a-z_]+)\}")
_OPTIONAL = re.compile(r"\[([^\[\]|]*)(?:\|([^\[\]|]*))?\]")


def fill(pattern: str, facts: Mapping[str, str | None], *, limit: int = LONGEST) -> str:
    """Return the pattern with the facts in their places, each reduced to one harmless line of at most `limit`.

    Raises:
        KeyError: the pattern names a fact that does not exist, or one that is missing stands outside of brackets.
    """
    known = {name: one_line(value, limit=limit) for name, value in facts.items() if value is not None}
    known = {name: value for name, value in known.items() if value}

    def chosen(match: re.Match[str]) -> str:
        part, otherwise = match[1], match[2] or ""
        names = _PLACE.findall(part)
        for name in names:
            facts[name]  # a misspelt name must not look like a missing fact
        return part if all(name in known for name in names) else otherwise

    return _PLACE.sub(lambda match: known[match[1]], _OPTIONAL.sub(chosen, pattern))


def one_line(text: str, *, limit: int = LONGEST) -> str:
    """Return the text as one line without controls, bidi marks and other invisible signs, cut with an ellipsis."""
    whole = " ".join(_cleaned(text).split())
    return whole if len(whole) <= limit else whole[: limit - 1].rstrip() + "…"


def harmless_lines(text: str) -> str:
    """Return the text line by line as it is, without what `one_line` takes out, too."""
    return "\n".join(_cleaned(line).rstrip() for line in text.splitlines())


def _cleaned(text: str) -> str:
    # What can be printed holds none of the signs that `_harmless` changes, and most texts can.
    return text if text.isprintable() else "".join(map(_harmless, text))


def _harmless(sign: str) -> str:
    match unicodedata.category(sign):
        case "Cc" | "Zl" | "Zp":
            return " "
        case "Cf":
            return sign if sign in _JOINERS else ""
        case "Cs" | "Co":
            return "\ufffd"
        case _:
            return sign
