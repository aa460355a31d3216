"""Whether the site can be reached: name, connection and certificate, and not one request.

What is done here is the beginning of what the browser does before its first request. No page is asked for, so nothing is
loaded, logged in or counted as a visit. With a proxy the proxy alone is spoken to: the site is its business.
"""

import socket
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

from watcher.app.doctor.finding import Finding, bad, ok, warn
from watcher.domain.outcome import Cause
from watcher.texts.fill import one_line
from watcher.texts.language import _, current
from watcher.texts.names import cause_name, moment

DIRECT = "direct://"
_PORTS = {"http": 80, "https": 443, "socks5": 1080}


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """Whom to connect to."""

    host: str
    port: int
    tls: bool
    """Whether a certificate must be shown, as with https; plain http is only spoken to this very machine."""
    is_proxy: bool = False

    @property
    def name(self) -> str:
        """Which examination this is."""
        return f"{'proxy' if self.is_proxy else 'site'}/{self.host}:{self.port}"


def peers(addresses: Sequence[str], *, proxy: str = DIRECT) -> list[Peer]:
    """Return whom visits to these addresses speak to first: the proxy where there is one, else each host once."""
    if proxy != DIRECT:
        found = _peer(proxy, is_proxy=True)
        return [found] if found else []
    return list(dict.fromkeys(peer for address in addresses if (peer := _peer(address)) is not None))


def _peer(address: str, *, is_proxy: bool = False) -> Peer | None:
    try:
        parts = urlsplit(address)
        port = parts.port or _PORTS.get(parts.scheme, 443)
    except ValueError:
        return None
    if not parts.hostname:
        return None
    tls = parts.scheme == "https" and not is_proxy
    return Peer(host=parts.hostname, port=port, tls=tls, is_proxy=is_proxy)


def reached(peer: Peer, *, seconds: float, clock: Callable[[], datetime]) -> Finding:
    """Connect, look at the certificate, hang up.

    Args:
        peer: whom to.
        seconds: how long the connection, and then the handshake, may take.
        clock: the present moment.
    """
    try:
        with socket.create_connection((peer.host, peer.port), timeout=seconds) as line:
            expiry = _expiry(line, peer.host) if peer.tls else None
    except ssl.SSLCertVerificationError as error:
        return _distrusted(peer, error, now=clock())
    except (OSError, UnicodeError) as error:  # UnicodeError: a name that cannot be one
        return _unreached(peer, error)
    if peer.is_proxy:
        return ok(peer.name, _("the proxy takes connections; what is behind it was not asked"))
    if expiry is None:
        return ok(peer.name, _("takes connections; nothing was asked for"))
    at = moment(expiry, language=current(), now=clock())
    return ok(
        peer.name,
        _("name, connection and certificate (until {at}) are fine; nothing was asked for").format(at=at),
    )


def _expiry(line: socket.socket, host: str) -> datetime:
    """Shake hands as a browser would, with the system's authorities; returns until when the certificate is good."""
    with ssl.create_default_context().wrap_socket(line, server_hostname=host) as spoken:
        told = (spoken.getpeercert() or {}).get("notAfter")
    if not isinstance(told, str):
        raise ssl.SSLError("no certificate")
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(told), UTC)


def _distrusted(peer: Peer, error: ssl.SSLCertVerificationError, *, now: datetime) -> Finding:
    return bad(
        peer.name,
        _("its certificate cannot be trusted: {reason}").format(
            reason=one_line(error.verify_message, limit=200)
        ),
        _(
            "Check this computer's clock (it says {now}), and whether an antivirus or a proxy reads along. The browser "
            "trusts a list of its own and may judge otherwise."
        ).format(now=moment(now, language=current())),
    )


def _unreached(peer: Peer, error: Exception) -> Finding:
    cause = _cause(error)
    if cause is None:
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        said = _("cannot be reached: {reason}").format(reason=one_line(reason, limit=200))
    else:
        said = cause_name(cause, language=current())
    if peer.is_proxy:
        return bad(peer.name, said, _("Check [browser] proxy, and whether the proxy is running."))
    if cause is Cause.TLS:
        return warn(
            peer.name,
            said,
            _("Something on the way interferes: an antivirus, a proxy, a hotel's login page?"),
        )
    return bad(peer.name, said, _("Check your internet connection, and [site] in the config."))


def _cause(error: Exception) -> Cause | None:
    match error:
        case socket.gaierror() | UnicodeError():
            return Cause.DNS
        case ssl.SSLError():
            return Cause.TLS
        case TimeoutError():
            return Cause.TIMEOUT
        case ConnectionRefusedError():
            return Cause.REFUSED
        case ConnectionResetError() | BrokenPipeError():
            return Cause.RESET
        case _:
            return None
