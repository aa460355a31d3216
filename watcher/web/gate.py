"""Who may come in: this machine's own user, from this machine's own address, by the dashboard's own pages.

The dashboard knows buyers' names and can acknowledge cases. So before a route is even looked for:

1. The Host header must be the dashboard's own: a foreign name that points to 127.0.0.1 (DNS rebinding) gets nothing.
2. The cookie must hold the installation's token. `stornowacht dashboard` opens the page with it once.
3. A write must come from the dashboard's own pages: its Origin is the dashboard's, and browsers that say where a
   request comes from say "same-origin". Forms carry a token besides (`forms.py`).

Every answer forbids scripts, styles, frames and connections from anywhere else.
"""

import hashlib
import hmac
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

COOKIE = "stornowacht"
TOKEN_PARAMETER = "token"  # noqa: S105 - the name of a parameter
_READING = frozenset({"GET", "HEAD"})
_OPEN_PLACES = ("/static/",)
"""Styles and scripts of the program itself; they say nothing about anybody."""
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; font-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Not "no-referrer": then browsers send the dashboard's own forms with "Origin: null". Other sites hear nothing.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(), microphone=(), payment=()",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """What opens the door of one installation."""

    token: str
    hosts: frozenset[str]
    """The Host headers that are the dashboard's own, with port."""
    cookie: str = COOKIE
    """Ports of one machine share their cookies: two applications must call theirs differently."""

    @property
    def csrf(self) -> str:
        """What the dashboard's own forms carry; nobody can reckon it without the token."""
        return hmac.new(self.token.encode(), b"form", hashlib.sha256).hexdigest()

    def opens(self, offered: str) -> bool:
        """Whether this is the token, compared without telling by its duration where it differs."""
        return hmac.compare_digest(self.token.encode(), offered.encode(errors="replace"))

    def is_own_form(self, offered: str) -> bool:
        """Whether a form carries what only this application's own pages know."""
        return hmac.compare_digest(self.csrf.encode(), offered.encode(errors="replace"))


class Gate:
    """Lets through to the application what may come in, and puts the headers on every answer."""

    def __init__(self, app: ASGIApp, *, key: Key, stranger: Response, foreign: Response) -> None:
        self._app = app
        self._key = key
        self._stranger = stranger
        self._foreign = foreign

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or hand it on."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return
        answer = self._refusal(scope)
        await (answer or self._app)(scope, receive, _with_headers(send, scope["path"]))

    def _refusal(self, scope: Scope) -> Response | None:
        """Return what to answer instead of the application, or `None` where it may answer."""
        headers, method = Headers(scope=scope), scope["method"]
        if headers.get("host", "") not in self._key.hosts or len(headers.getlist("host")) != 1:
            return self._foreign
        if method not in _READING and not self._is_own(headers):
            return self._foreign
        if method in _READING and scope["path"].startswith(_OPEN_PLACES):
            return None
        if self._key.opens(cookie_parser(headers.get("cookie", "")).get(self._key.cookie, "")):
            return None
        return self._welcome(scope) if method in _READING else self._stranger

    def _is_own(self, headers: Headers) -> bool:
        came_from = headers.get("sec-fetch-site", "same-origin")
        return came_from == "same-origin" and headers.get("origin") == f"http://{headers['host']}"

    def _welcome(self, scope: Scope) -> Response:
        """Give the cookie to whoever brings the token in the address, and lead to the address without it."""
        query = parse_qsl(scope["query_string"].decode("latin-1"))
        offered = dict(query).get(TOKEN_PARAMETER)
        if offered is None or not self._key.opens(offered):
            return self._stranger
        rest = urlencode([(name, value) for name, value in query if name != TOKEN_PARAMETER])
        # The path begins with exactly one slash, or the browser would take it for another host.
        place = "/" + scope["path"].lstrip("/\\") + (f"?{rest}" if rest else "")
        answer = RedirectResponse(place, status_code=303)
        answer.set_cookie(
            self._key.cookie,
            self._key.token,
            max_age=400 * 24 * 3600,
            httponly=True,
            samesite="strict",
            path="/",
        )
        return answer


def _with_headers(send: Send, path: str) -> Send:
    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers.setdefault(name, value)
            if not path.startswith(_OPEN_PLACES):
                headers.setdefault("Cache-Control", "no-store")
            # A new version's pages must not meet an old one's styles; asking costs next to nothing here.
            headers.setdefault("Cache-Control", "no-cache")
        await send(message)

    return send_with_headers
