"""Text that strangers may have written, made safe to show."""

import unicodedata
from collections.abc import Iterable

_JOINERS = "\u200c\u200d"  # spelling in some scripts, family emoji: harmless
_ELLIPSIS = "…"


def _harmless(text: str, *, keep: str) -> Iterable[str]:
    """Drops what steers a terminal or a reader's eye: controls, bidi marks, invisible signs, lone surrogates."""
    for sign in text:
        match unicodedata.category(sign):
            case "Cc" | "Zl" | "Zp":
                yield sign if sign in keep else " "
            case "Cf":
                yield sign if sign in _JOINERS else ""
            case "Cs":
                yield "\ufffd"
            case _:
                yield sign


def line(text: str, *, limit: int) -> str:
    """One line of at most `limit` characters; ends in an ellipsis where it was cut."""
    whole = " ".join("".join(_harmless(text, keep="")).split())
    return whole if len(whole) <= limit else whole[: limit - 1].rstrip() + _ELLIPSIS


def block(text: str) -> str:
    r"""Lines separated by ``\n``, nothing cut; tabs stay."""
    return "".join(_harmless(text.replace("\r\n", "\n").replace("\r", "\n"), keep="\n\t"))


def lines(text: str, *, count: int, limit: int) -> str:
    """The first `count` lines that hold something, each of at most `limit` characters."""
    short = (line(each, limit=limit) for each in block(text).split("\n"))
    return "\n".join([each for each in short if each][:count])


def within(text: str, *, size: int) -> str:
    """The text in at most `size` bytes of UTF-8; ends in an ellipsis where it was cut."""
    whole = text.encode("utf-8", "replace")
    if len(whole) <= size:
        return text
    return whole[: size - len(_ELLIPSIS.encode())].decode("utf-8", "ignore").rstrip() + _ELLIPSIS


def encodable(document: str) -> str:
    """The same document without the few signs that no mail and no socket can carry."""
    return document.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
