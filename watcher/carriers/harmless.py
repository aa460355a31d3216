"""Strangers' text as lines that steer nothing: no controls, no escape codes, no direction marks, no invisible signs."""

import re
import unicodedata

_ESCAPES = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]{0,40}[ -/]{0,8}[@-~]?"  # colours and the like
    r"|(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c\n\r]{0,400}(?:\x07|\x1b\\|\x9c)?"  # titles and links
    r"|\x1b[ -/]{0,8}[0-~]?"
)
"""Whole terminal sequences: what stands behind the escape sign must not stay as words."""
_LINE_ENDS = re.compile(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")


def harmless_line(text: str, *, limit: int = 300) -> str:
    """Return a text as one printable line of at most `limit` signs, umlauts in one piece, cut with an ellipsis."""
    whole = " ".join("".join(map(_harmless, _ESCAPES.sub("", text))).split())
    whole = unicodedata.normalize("NFC", whole)
    return whole if len(whole) <= limit else whole[: limit - 1].rstrip() + "…"


def lines_of(text: str) -> list[str]:
    """Return the lines of a text as they are, whatever ends them; escape codes are gone."""
    return _LINE_ENDS.split(_ESCAPES.sub("", text))


def _harmless(sign: str) -> str:
    if " " <= sign <= "~":
        return sign
    match unicodedata.category(sign):
        case "Cc" | "Zl" | "Zp":
            return " "
        case "Cf":
            return ""
        case "Cs" | "Co" | "Cn":
            return "\ufffd"
        case _:
            return sign
