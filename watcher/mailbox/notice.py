"""Which conversation a mail of the platform is about.

Seen: the header `X-Conversation-ID` with the same id that the message box uses, and links such as
`https://www.kleinanzeigen.de/m-nachrichten.html?conversationId=ID` (public client code, read in November 2026). The id
is taken out of the link; the link is not followed.
"""

import re
from collections.abc import Iterator, Sequence
from hashlib import sha256
from urllib.parse import parse_qs, urlsplit

from watcher.domain.mail import MailVerdict
from watcher.mailbox.headers import Headers
from watcher.mailbox.parts import readable_parts
from watcher.mailbox.sender import is_below

_MOST_LINKS = 500
_MOST_FIELDS = 20
_CONVERSATION = re.compile(r"[A-Za-z0-9:_-]{3,120}")
_HOST = re.compile(r"[A-Za-z0-9.-]+(?::\d{1,5})?")
_LINK = re.compile(r"https?://[^\s\"'<>]{1,2000}", re.IGNORECASE)
_AMPERSAND = re.compile(r"&(?:amp|#38|#x26);", re.IGNORECASE)


def named_in_headers(headers: Headers) -> str | None:
    """Return the conversation that the headers name; `None` where they name none, or several."""
    return _only(value for value in headers.all("x-conversation-id") if _CONVERSATION.fullmatch(value))


def named_in_text(headers: Headers, text: bytes, *, domains: Sequence[str]) -> str | None:
    """Return the conversation that the links to the platform name; `None` where they name none, or several.

    Args:
        headers: the mail's; they say how its text is encoded.
        text: the mail from below its headers, or the beginning of that.
        domains: the platform's.
    """
    parts = (content.decode("ascii", "replace") for _, content in readable_parts(headers, text))
    links = (link for part in parts for link in _links(part))
    return _only(conversation for link in links for conversation in _conversations(link, domains))


def key_of(headers: Headers, verdict: MailVerdict) -> str:
    """Return what tells a mail from all others, though not who wrote it or to whom.

    The verdict is part of it: nobody can make a real mail look known by sending a forged one with its Message-ID.
    """
    message_id = headers.first("message-id")
    fields = [("message-id", message_id)] if message_id else headers.fields
    told = "\n".join((verdict, *(f"{name}: {value}" for name, value in fields)))
    return sha256(told.encode("utf-8", "replace")).hexdigest()


def _only(found: Iterator[str]) -> str | None:
    names = set(found)
    return names.pop() if len(names) == 1 else None


def _links(text: str) -> Iterator[str]:
    for number, link in enumerate(_LINK.finditer(text)):
        if number >= _MOST_LINKS:
            return
        yield _AMPERSAND.sub("&", link[0])


def _conversations(link: str, domains: Sequence[str]) -> Iterator[str]:
    try:
        address = urlsplit(link)
        given = parse_qs(address.query, max_num_fields=_MOST_FIELDS).get("conversationId", [])
    except ValueError:
        return
    # Nothing but a plain host: user names and backslashes are how a foreign address looks like a known one.
    if _HOST.fullmatch(address.netloc) and is_below(address.netloc.partition(":")[0], domains):
        yield from (value for value in given if _CONVERSATION.fullmatch(value))
