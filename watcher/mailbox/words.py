"""What a human would read in a mail: its text as lines, without markup."""

import re
from collections.abc import Iterator
from email.message import Message
from html import unescape

from watcher.mailbox.headers import CHARSETS, Headers
from watcher.mailbox.parts import readable_parts

_NAME = re.compile(r"/?[a-z][a-z0-9]{0,15}", re.IGNORECASE)
_UNSEEN = frozenset({"style", "script", "head", "title", "template"})
_BREAKS = frozenset(
    {"address", "br", "div", "dd", "dt", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "p", "section"}
    | {"table", "td", "th", "tr", "ul", "ol"}
)


def words_of(headers: Headers, text: bytes) -> str:
    """Return the words of a mail: of its plain parts, then of its HTML ones; takes time in proportion to its length.

    Args:
        headers: the mail's; they say how its text is encoded.
        text: the mail from below its headers, or the beginning of that.
    """
    plain, marked = [], []
    for part, content in readable_parts(headers, text):
        words = content.decode(_charset(part), "replace")
        if part.get_content_subtype() == "html":
            marked.append(_without_markup(words))
        else:
            plain.append(words)
    return "\n".join((*plain, *marked))


def _charset(part: Message) -> str:
    try:
        named = part.get_content_charset() or "utf-8"
    except (ValueError, LookupError, TypeError, AttributeError):
        return "utf-8"
    return named if CHARSETS.fullmatch(named) else "utf-8"


def _without_markup(html: str) -> str:
    return unescape("".join(_seen(html)))


def _seen(html: str) -> Iterator[str]:
    """Return what stands between the tags, a line end for each that begins or ends a line."""
    first, *pieces = html.split("<")
    yield first
    unseen = ""
    for piece in pieces:
        tag, _, words = piece.partition(">")
        match = _NAME.match(tag)
        name = match[0].lower() if match else ""
        if unseen:
            unseen = "" if name == f"/{unseen}" else unseen
            if unseen:
                continue
        elif name in _UNSEEN:
            unseen = name
            continue
        yield "\n" if name.removeprefix("/") in _BREAKS else " " if not name else ""
        yield words
