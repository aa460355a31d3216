"""Asking an authority over HTTP (RFC 3161, 3.4). Nothing but a hash and a random number leaves this machine."""

import ssl
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit, urlunsplit

from notifiers.web_server import NotHttpError, Reply, WebServer, exchange
from watcher import __version__
from watcher.app.anchors import StampAnswer
from watcher.domain.anchor import Qualified, StampFault, StampVerdict
from watcher.texts.fill import one_line
from watcher.timestamping.authority import AuthorityFacts
from watcher.timestamping.library import missing
from watcher.timestamping.question import question
from watcher.timestamping.verdict import judge

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

LIMIT: Final = 100_000
"""How many bytes an answer may have; real ones have five to ten thousand."""
_QUERY: Final = "application/timestamp-query"
_REPLY: Final = "application/timestamp-reply"
_LONGEST_DETAIL: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpAuthority:
    """An authority, ready to be asked.

    Most of them speak plain HTTP only. That is no leak and no risk: the answer is signed, and the hash tells nothing.
    """

    facts: AuthorityFacts
    timeout: float = 15.0
    """Seconds to wait for the connection, and then for the whole exchange."""

    @property
    def name(self) -> str:
        """Its name in the config."""
        return self.facts.name

    @property
    def title(self) -> str:
        """What it calls itself."""
        return self.facts.title

    @property
    def qualified(self) -> Qualified:
        """Whether its stamps are qualified ones."""
        return self.facts.qualified

    def ask(self, digest: str, *, nonce: int) -> StampAnswer:
        """Ask once for a stamp on a SHA-256 hash, and verify the answer, as `StampAuthority` says."""
        reason = missing()
        if reason:
            return self._none(StampFault.NO_LIBRARY, reason)
        if not self.facts.roots:
            return self._none(
                StampFault.UNKNOWN_AUTHORITY,
                self.facts.problem or "no root certificate is known; it was not asked",
            )
        body = question(bytes.fromhex(digest), nonce=nonce, wants_certificates=self.facts.wants_certificates)
        try:
            reply = _posted(self.facts.url, body, timeout=self.timeout)
        except (OSError, ValueError) as error:
            return self._none(_fault_of(error), _said(error))
        fault = _fault_in(reply)
        if fault is not None:
            return self._none(fault, f"HTTP {reply.status}, {len(reply.body)} bytes{_place(reply)}")
        judged = judge(reply.body, digest=digest, facts=self.facts, nonce=nonce)
        return StampAnswer(verdict=judged.verdict, content=reply.body, chain=as_pem(judged.chain))

    def _none(self, fault: StampFault, detail: str) -> StampAnswer:
        verdict = StampVerdict(
            authority=self.name,
            qualified=self.qualified,
            faults=(fault,),
            detail=one_line(detail, limit=_LONGEST_DETAIL),
        )
        return StampAnswer(verdict=verdict)


def as_pem(chain: "tuple[Certificate, ...]") -> str:
    """Return certificates as PEM, one after the other."""
    if not chain:
        return ""
    from cryptography.hazmat.primitives.serialization import Encoding  # noqa: PLC0415 - an extra

    return "".join(cert.public_bytes(Encoding.PEM).decode("ascii") for cert in chain)


def _posted(url: str, body: bytes, *, timeout: float) -> Reply:
    parts = urlsplit(url)
    server = WebServer.of(url, timeout=timeout, ca_file=None)
    target = urlunsplit(("", "", parts.path or "/", parts.query, ""))
    headers = {"Content-Type": _QUERY, "Accept": _REPLY, "User-Agent": f"Stornowacht/{__version__}"}
    return exchange(server, "POST", target, headers=headers, body=body)


def _fault_in(reply: Reply) -> StampFault | None:
    if reply.is_redirect:
        return StampFault.MOVED
    if reply.status != HTTPStatus.OK:
        return StampFault.HTTP_ERROR
    return StampFault.TOO_LARGE if len(reply.body) > LIMIT else None


def _place(reply: Reply) -> str:
    place = reply.headers.get("location", "")
    return f", to {place}" if reply.is_redirect and place else ""


def _fault_of(error: Exception) -> StampFault:
    match error:
        case TimeoutError():
            return StampFault.TOO_SLOW
        case ssl.SSLError():
            return StampFault.TLS
        case NotHttpError():
            return StampFault.UNREADABLE
        case _:
            return StampFault.UNREACHABLE


def _said(error: Exception) -> str:
    named = error.strerror if isinstance(error, OSError) else None
    return named or str(error) or type(error).__name__
