"""A message as ntfy's server wants it, and what comes back; its documentation: docs.ntfy.sh/publish and /subscribe/api."""

import base64
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from notifiers import plain
from notifiers.contract import Answer, Heard
from notifiers.excerpt import Excerpt
from notifiers.message import Action, Link, Message, Reply, Urgency, is_token
from notifiers.web_server import Reply as WebReply

BODY_SIZE: Final = 3_000
"""Bytes. From 4,096 on the server makes an attachment of the text; a picture's message travels in a header as Base64."""
BAD_PRIORITY: Final = 40007
"""The server's own number for a priority that does not exist; it is looked at after the login and the right to write."""
NO_PRIORITY: Final = "probe"
_BUTTONS: Final = 3
_LABEL: Final = 40
_PRIORITIES: Final = {Urgency.LOW: "2", Urgency.NORMAL: "3", Urgency.CRITICAL: "5"}
_TAGS: Final = {Urgency.LOW: "information_source", Urgency.NORMAL: "bell", Urgency.CRITICAL: "rotating_light"}


def headers(message: Message, said: Excerpt, *, buttons: Sequence[Mapping[str, object]]) -> dict[str, str]:
    """All that is no text: what a message is called, how loud it is, and what can be pressed.

    The sequence id lets a repeat take the place of what it repeats; servers before 2.16 overlook it.
    """
    lines = {
        "Content-Type": "text/plain; charset=utf-8",
        "X-Title": encoded(said.title),
        "X-Priority": _PRIORITIES[message.urgency],
        "X-Tags": _TAGS[message.urgency],
        "X-Sequence-ID": hashlib.sha256(message.key.encode("utf-8", "surrogatepass")).hexdigest()[:32],
    }
    if said.url is not None:
        lines["X-Click"] = said.url
    if buttons:
        lines["X-Actions"] = json.dumps(buttons[:_BUTTONS])
    return lines


def buttons(
    actions: Iterable[Action], *, links: Sequence[Link], reply_address: str | None
) -> list[Mapping[str, object]]:
    """The buttons that may be shown: of the links those in `links`, and answers if there is a place for them."""
    shown: list[Mapping[str, object]] = []
    for action in actions:
        label = plain.line(action.label, limit=_LABEL)
        match action:
            case Link(url=url) if action in links:
                shown.append({"action": "view", "label": label, "url": url})
            case Reply(token=token) if reply_address is not None:
                pressed = {"url": reply_address, "method": "POST", "body": token, "clear": True}
                shown.append({"action": "http", "label": label, **pressed})
            case _:
                pass
    return shown


def encoded(text: str) -> str:
    """A header's text as RFC 2047 wants it, in one word: the server takes it so, however long."""
    return f"=?UTF-8?B?{base64.b64encode(text.encode('utf-8')).decode('ascii')}?="


def published_id(reply: WebReply) -> str | None:
    """The id the server gave a message; None if this is no answer of ntfy to a published message."""
    match _parsed(reply.body):
        case {"id": str(name), "event": "message"} if name:
            return plain.line(name, limit=64)
        case _:
            return None


def error(reply: WebReply) -> tuple[int, str]:
    """The server's own number and words for what is wrong; 0 and nothing if it has none."""
    match _parsed(reply.body):
        case {"code": int(code), "error": str(words)}:
            return code, words
        case _:
            return 0, ""


def heard(reply: WebReply, *, since: str) -> Heard:
    """The answers in a topic's messages. Strangers can write there: what is no token is passed over."""
    answers = []
    *lines, _rest = reply.body.split(b"\n")  # a line without an end may be half a line
    for line in lines:
        match _parsed(line):
            case {"event": "message", "id": str(name), "time": int(time), **more} if name.isalnum():
                since = name
                token = str(more.get("message", "")).strip()
                if is_token(token):
                    answers.append(Answer(token=token, at=_moment(time)))
            case _:
                pass
    return Heard(answers=tuple(answers), since=since)


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(min(max(seconds, 0), 2**33), tz=UTC)


def _parsed(text: bytes) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
