"""A server that behaves like ntfy: what it takes, refuses and tells is that of its documentation and its numbers for errors."""

import base64
import itertools
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.header import decode_header
from ssl import SSLContext
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.notifiers.web_host import Request, Response, WebHost, web_host

_TOPIC = re.compile(r"/([-_A-Za-z0-9]{1,64})(/json)?")
_PRIORITIES = {"": 3, "1": 1, "min": 1, "2": 2, "low": 2, "3": 3, "default": 3, "4": 4, "high": 4, "5": 5, "max": 5}  # fmt: skip
_MESSAGE_LIMIT = 4096
NOW = 1_795_341_600


@dataclass
class NtfyHost:
    """A server and its topics.

    Attributes:
        logins: Authorization header -> user.
        writers, readers: Topic -> who may; a topic that is not named is open to all. None: everybody.
        attachment_limit: Bytes; 0: the server takes none.
        quota: How many messages it takes until it says 429.
    """

    logins: Mapping[str, str] = field(default_factory=dict)
    writers: Mapping[str, frozenset[str | None]] = field(default_factory=dict)
    readers: Mapping[str, frozenset[str | None]] = field(default_factory=dict)
    attachment_limit: int = 2_000_000
    quota: int = 250
    messages: list[dict[str, Any]] = field(default_factory=list)
    attachments: dict[str, bytes] = field(default_factory=dict)
    web: WebHost = field(init=False)
    _ids: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def of(self, topic: str) -> list[dict[str, Any]]:
        return [message for message in self.messages if message["topic"] == topic]

    def press(self, message: Mapping[str, Any], label: str) -> None:
        """What the app on the phone does: exactly what the button says, without a login."""
        (button,) = [action for action in message["actions"] if action["label"] == label]
        path = button["url"].removeprefix(self.web.url)
        request = Request(method=button["method"], path=path, headers={}, body=button["body"].encode())
        assert self.answer(request).status == 200

    def answer(self, request: Request) -> Response:
        path = urlsplit(request.path)
        authorization = request.headers.get("authorization")
        if authorization is not None and authorization not in self.logins:
            return _error(401, 40101, "unauthorized")
        user = self.logins.get(authorization or "")
        match = _TOPIC.fullmatch(path.path)
        is_poll = match is not None and match[2] is not None and request.method == "GET"
        if match is None or (not is_poll and request.method not in {"PUT", "POST"}):
            return _error(404, 40401, "page not found")
        if user not in (self.readers if is_poll else self.writers).get(match[1], {user}):
            return _error(403, 40301, "forbidden")
        if is_poll:
            return self._poll(match[1], parse_qs(path.query).get("since", ["all"])[0])
        return self._publish(match[1], request)

    def _publish(self, topic: str, request: Request) -> Response:
        priority = _PRIORITIES.get(_header(request, "priority"))
        if priority is None:
            return _error(400, 40007, "invalid priority parameter")
        actions = json.loads(_header(request, "actions") or "[]")
        if len(actions) > 3 or not all(action.get("label") for action in actions):
            return _error(400, 40018, "invalid request: actions invalid")
        if len(self.messages) >= self.quota:
            return _error(429, 42908, "limit reached: daily message quota reached")
        name = f"m{next(self._ids):011}"
        message = {"id": name, "time": NOW + len(self.messages), "event": "message", "topic": topic, "priority": priority,
                   "title": _header(request, "title"), "message": _header(request, "message"),
                   "tags": _header(request, "tags").split(","), "click": _header(request, "click"), "actions": actions,
                   "sequence_id": _header(request, "sequence-id")}  # fmt: skip
        filename = _header(request, "filename")
        if filename or len(request.body) > _MESSAGE_LIMIT:
            if not self.attachment_limit:
                return _error(400, 40014, "invalid request: attachments not allowed")
            if len(request.body) > self.attachment_limit:
                return _error(413, 41301, "attachment too large, or bandwidth limit reached")
            self.attachments[name] = request.body
            message["attachment"] = {"name": filename or "attachment.txt"}
        else:
            message["message"] = request.body.decode("utf-8").strip() or "triggered"
        self.messages.append(message)
        return Response(body=_line(message))

    def _poll(self, topic: str, since: str) -> Response:
        known = [message["id"] for message in self.messages]
        after = known.index(since) + 1 if since in known else 0
        told = [] if since == "none" else self.messages[after:]
        return Response(body=b"".join(_line(message) for message in told if message["topic"] == topic))


def _line(message: object) -> bytes:
    return json.dumps(message, ensure_ascii=False).encode() + b"\n"


def _header(request: Request, name: str) -> str:
    """A parameter, with or without X-, and as RFC 2047 writes it."""
    written = request.headers.get(f"x-{name}", request.headers.get(name, ""))
    return "".join(
        part.decode(charset or "latin-1") if isinstance(part, bytes) else part
        for part, charset in decode_header(written)
    )


def _error(status: int, code: int, words: str) -> Response:
    body = json.dumps({"code": code, "http": status, "error": words}).encode()
    return Response(status, body, {"Content-Type": "application/json"})


def basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


@contextmanager
def ntfy_host(*, tls: SSLContext | None = None, **traits: Any) -> Iterator[NtfyHost]:
    host = NtfyHost(**traits)
    with web_host(host.answer, tls=tls) as host.web:
        yield host
