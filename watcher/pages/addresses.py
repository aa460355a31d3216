"""Addresses of the message box, and which of the page's own answers are worth keeping.

Source: public client code (tomorrowflow/kleinanzeigen-bot docs/MESSAGEBOX.md, bkd3sign/kleinanzeigen-bot-ui), read in
November 2026.
"""

import re
from urllib.parse import parse_qs, quote, unquote, urlsplit

MESSAGE_BOX = "/m-nachrichten.html"

_PLAIN = re.compile(r"[A-Za-z._-]{0,40}")
_CONVERSATIONS = re.compile(r"/messagebox/api/users/[^/]+/conversations(?:/(?P<id>[^/?]+))?/?")


def message_box(base_url: str, conversation: str | None = None) -> str:
    """Return the address of the message box, or of one conversation in it."""
    address = base_url.rstrip("/") + MESSAGE_BOX
    return address if conversation is None else f"{address}?conversationId={quote(conversation, safe=':')}"


def is_list_answer(url: str) -> bool:
    """Whether the address is that of a page of the conversation list."""
    match = _CONVERSATIONS.fullmatch(_path(url))
    return match is not None and match["id"] is None


def is_thread_answer(url: str, conversation: str | None = None) -> bool:
    """Whether the address is that of one conversation (of this one, when it is named)."""
    match = _CONVERSATIONS.fullmatch(_path(url))
    if match is None or match["id"] in {None, "read"}:
        return False
    return conversation is None or conversation == unquote(match["id"])


def is_worth_keeping(url: str) -> bool:
    """Whether an answer may be kept: conversation list and conversations alone, never one that carries a token."""
    return is_list_answer(url) or is_thread_answer(url)


def place_of_answer(url: str) -> str:
    """Return what tells an answer from others: which page of the list it is, or which conversation; else nothing."""
    if is_list_answer(url):
        return f"list {page_number(url)}"
    return f"thread {_path(url)}" if is_thread_answer(url) else ""


def page_number(url: str) -> int:
    """Return which page of the conversation list an address asks for; 0 where it does not say."""
    number = parse_qs(urlsplit(url).query).get("page", ["0"])[0]
    return int(number) if number.isdecimal() and len(number) < 6 else 0  # noqa: PLR2004


def _path(url: str) -> str:
    """Return the path of an address; that of one that is none is empty."""
    try:
        return urlsplit(url).path
    except ValueError:
        return ""


def origin_of(url: str) -> str:
    """Return scheme and host of an address, which say nothing about a person."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return "?"
    return f"{parts.scheme}://{host}"


def place_of(url: str) -> str:
    """Return an address without query, and with a dot for each part of its path that may name somebody or something."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "?"
    path = parts.path if parts.hostname else ""
    shown = [part if _PLAIN.fullmatch(part) else "…" for part in path.split("/")]
    return origin_of(url) + "/".join(shown)
