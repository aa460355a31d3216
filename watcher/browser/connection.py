"""What the browser tells of the connection over which an answer came."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from playwright.sync_api import Error, Response

from watcher.domain.exchange import Exchange, Tls
from watcher.pages.secrets import names_secret

_PLAIN = "plain http: the connection was not encrypted"
_NOT_TOLD = "the browser does not tell"
_FRESH = ("no-store", "no-cache", "max-age=0")
_ALWAYS_SECRET = frozenset({"cookie", "set-cookie", "cookie2", "set-cookie2", "authorization", "messagebox"})
"""`messagebox` comes with the token and bears a key (public clients)."""


def exchange_of(answer: Response, *, finished: bool) -> Exchange | None:
    """Return how an answer came, without cookies and tokens among its headers; `None` where the browser cannot tell.

    Args:
        answer: the answer.
        finished: whether it has wholly arrived. Of one that has not only the headers that a page can see are had: the browser
            may never tell the others.
    """
    try:
        if finished:
            headers = [(header["name"], header["value"]) for header in answer.headers_array()]
        else:
            headers = list(answer.headers.items())
        server, security = answer.server_addr(), answer.security_details()
        version = answer.http_version() if finished else None
    except Error:
        return None
    is_plain = answer.url.startswith("http:")
    tls = None if is_plain else _tls(security)
    return replace(
        _without_tokens(headers),
        address=f"{server['ipAddress']}:{server['port']}" if server else None,
        http_version=version,
        tls=tls,
        why_no_tls="" if tls else _PLAIN if is_plain else _NOT_TOLD,
    )


def headers_of(answer: Response) -> Exchange:
    """Return the headers of an answer that has only begun to come; the browser is asked nothing."""
    return _without_tokens(answer.headers.items())


def clock_offset(exchange: Exchange | None, received_at: datetime | None) -> float | None:
    """Return by how many seconds the server's clock is ahead of this machine's; `None` where nobody knows.

    The server's `Date` counts whole seconds, so this is good to a second. An answer that a cache may have kept says nothing.
    """
    if exchange is None or received_at is None:
        return None
    headers = {name.lower(): value for name, value in exchange.headers}
    kept_by_nobody = any(word in headers.get("cache-control", "").lower() for word in _FRESH)
    if "age" in headers or not kept_by_nobody:
        return None
    try:
        sent_at = parsedate_to_datetime(headers["date"])
    except (KeyError, ValueError, TypeError):
        return None
    sent_at = sent_at.replace(tzinfo=UTC) if sent_at.tzinfo is None else sent_at
    return round((sent_at - received_at).total_seconds() + 0.5, 1)


def received_at(answer: Response | None) -> datetime | None:
    """Return when the first byte of an answer arrived, by this machine's clock."""
    if answer is None:
        return None
    timing = answer.request.timing
    if timing["startTime"] <= 0 or timing["responseStart"] < 0:
        return None
    return datetime.fromtimestamp((timing["startTime"] + timing["responseStart"]) / 1000, tz=UTC)


def _without_tokens(headers: Iterable[tuple[str, str]]) -> Exchange:
    kept, taken = [], dict[str, None]()
    for name, value in headers:
        if _is_secret(name):
            taken[name.lower()] = None
        else:
            kept.append((name, value))
    return Exchange(headers=tuple(kept), removed_headers=tuple(taken), why_no_tls=_NOT_TOLD)


def _is_secret(name: str) -> bool:
    lowered = name.lower()
    if lowered.startswith("access-control-"):  # says what scripts may do, and carries nothing
        return False
    return lowered in _ALWAYS_SECRET or "cookie" in lowered or names_secret(name)


def _tls(security: Mapping[str, object] | None) -> Tls | None:
    if not security:
        return None
    return Tls(
        protocol=str(security.get("protocol", "")),
        issuer=str(security.get("issuer", "")),
        subject=str(security.get("subjectName", "")),
        valid_from=_moment(security.get("validFrom")),
        valid_to=_moment(security.get("validTo")),
    )


def _moment(seconds: object) -> datetime | None:
    return datetime.fromtimestamp(seconds, tz=UTC) if isinstance(seconds, int | float) else None
