"""Addresses of the message box and of the own ads, and which of the page's own answers are worth keeping.

Source: public client code (tomorrowflow/kleinanzeigen-bot docs/MESSAGEBOX.md, bkd3sign/kleinanzeigen-bot-ui), read in
November 2026; those of the own ads stand in `own_ads.toml`.
"""

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlencode, urlsplit

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


def own_ads_page(base_url: str, number: int) -> str:
    """Return the address of one page of the list of the own ads, from 1."""
    known = _own_ads()["address"]
    query = urlencode({known["page"]: number, **known["first"]})
    return f"{base_url.rstrip('/')}{known['path']}?{query}"


def own_ads_number(url: str) -> int:
    """Return which page of the list of the own ads an address asks for, be it the page's or its answer's; 1 where it does not say."""
    known = _own_ads()
    try:
        query = parse_qs(urlsplit(url).query)
    except ValueError:
        return 1
    number = next(
        (query[key][0] for key in (known["address"]["page"], known["answer"]["page"]) if key in query), ""
    )
    return max(int(number), 1) if re.fullmatch(r"[0-9]{1,5}", number) else 1


def is_own_ads_answer(url: str) -> bool:
    """Whether the address is that of a page of the list of the own ads, as JSON."""
    return _path(url) == str(_own_ads()["answer"]["path"])


@cache
def _own_ads() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("own_ads.toml").read_text(encoding="utf-8"))


def is_worth_keeping(url: str) -> bool:
    """Whether an answer may be kept: conversation list, conversations and own ads alone, never one that carries a token."""
    return is_list_answer(url) or is_thread_answer(url) or is_own_ads_answer(url)


def place_of_answer(url: str) -> str:
    """Return what tells an answer from others: which page of a list it is, or which conversation; else nothing."""
    if is_list_answer(url):
        return f"list {page_number(url)}"
    if is_own_ads_answer(url):
        return f"own ads {own_ads_number(url)}"
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
