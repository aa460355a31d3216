"""What went wrong with a web server, in words that help."""

import socket
import ssl
from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit

from notifiers import plain, words
from notifiers.contract import DeliveryError
from notifiers.web_server import BadAuthoritiesError, NotHttpError, Reply, WebServer
from notifiers.words import Language, Phrase

_REASON_LIMIT: Final = 200
_LONGEST_WAIT: Final = timedelta(days=1)
# The server does not speak TLS on this port, or nothing we can agree on: waiting will not change that.
_NO_TLS_HERE: Final = frozenset(
    {"WRONG_VERSION_NUMBER", "HTTP_REQUEST", "UNSUPPORTED_PROTOCOL", "NO_PROTOCOLS_AVAILABLE"}
)
_PASSING: Final = frozenset({408, 425, 429})
_REFUSALS: Final[dict[int, tuple[Phrase, Phrase]]] = {
    401: (words.WEB_LOGIN, words.WEB_LOGIN_ADVICE),
    403: (words.WEB_FORBIDDEN, words.WEB_LOGIN_ADVICE),
    404: (words.WEB_NOT_FOUND, words.WEB_NOT_FOUND_ADVICE),
    410: (words.WEB_GONE, words.WEB_NOT_FOUND_ADVICE),
    413: (words.WEB_TOO_LARGE, words.WEB_TOO_LARGE_ADVICE),
    429: (words.WEB_TOO_MANY, words.WEB_TOO_MANY_ADVICE),
}


def lost(error: OSError, *, server: WebServer, language: Language) -> DeliveryError:
    """No answer came, and this is why.

    Permanent: a certificate that does not hold, no encryption, a file of authorities that is none. All else may
    pass by itself: no network, silence, a dropped line.
    """
    what, advice, permanent = _verdict(error)
    reason = error.verify_message if isinstance(error, ssl.SSLCertVerificationError) else _said(error)
    return DeliveryError(
        what.said(
            language,
            server=server,
            seconds=server.timeout,
            path=server.ca_file,
            reason=plain.line(reason, limit=_REASON_LIMIT).rstrip("."),
        ),
        permanent=permanent,
        advice=advice.said(language),
    )


def _verdict(error: OSError) -> tuple[Phrase, Phrase, bool]:
    """What happened, what to do, and whether only the user can mend it."""
    match error:
        case BadAuthoritiesError():
            verdict = (words.WEB_CA_FILE, words.WEB_CA_FILE_ADVICE, True)
        case ssl.SSLCertVerificationError():
            verdict = (words.WEB_CERTIFICATE, words.WEB_CERTIFICATE_ADVICE, True)
        case ssl.SSLEOFError():
            verdict = (words.WEB_DROPPED, words.WEB_AGAIN, False)
        case ssl.SSLError():
            verdict = (words.WEB_NO_TLS, words.WEB_NO_TLS_ADVICE, error.reason in _NO_TLS_HERE)
        case socket.gaierror():
            verdict = (words.WEB_UNKNOWN_HOST, words.WEB_CHECK_PLACE, False)
        case TimeoutError():
            verdict = (words.WEB_TIMEOUT, words.WEB_AGAIN, False)
        case ConnectionResetError() | BrokenPipeError():
            verdict = (words.WEB_DROPPED, words.WEB_AGAIN, False)
        case NotHttpError():
            verdict = (words.WEB_NOT_HTTP, words.WEB_CHECK_PLACE, False)
        case _:
            verdict = (words.WEB_UNREACHABLE, words.WEB_CHECK_PLACE, False)
    return verdict


def refused(reply: Reply, *, server: WebServer, language: Language, reason: str = "") -> DeliveryError:
    """The server answered, and it was no yes.

    Permanent: redirects and all of 4xx but those that ask for patience (408, 425, 429). A 404 is a failure.

    Args:
        reply: What it answered.
        server: Who.
        language: For the words.
        reason: The server's own words, if it is known where to find them.
    """
    what, advice = _REFUSALS.get(reply.status, (words.WEB_REFUSED, words.WEB_REFUSED_ADVICE))
    place = _place(reply) if reply.is_redirect else ""
    is_our_fault = reply.status // 100 == 4  # noqa: PLR2004  RFC 9110, 15.5
    if reply.is_redirect:
        what, advice = words.WEB_MOVED, words.WEB_MOVED_ADVICE
    elif not is_our_fault:
        what, advice = words.WEB_TROUBLE, words.WEB_AGAIN
    answer = f"{reply.status} {plain.line(reason, limit=_REASON_LIMIT)}".strip()
    return DeliveryError(
        what.said(language, server=server, answer=answer, place=place),
        permanent=reply.is_redirect or (is_our_fault and reply.status not in _PASSING),
        advice=advice.said(language),
        retry_after=_retry_after(reply),
    )


def not_understood(*, server: WebServer, language: Language) -> DeliveryError:
    """Somebody said yes who cannot have known what was asked: a hotel's login page, another program's server."""
    return DeliveryError(
        words.WEB_STRANGE_YES.said(language, server=server),
        permanent=False,
        advice=words.WEB_CHECK_PLACE.said(language),
    )


def _place(reply: Reply) -> str:
    """Where a redirect leads, as far as the host: the rest may hold what is secret."""
    try:
        parts = urlsplit(reply.headers.get("location", ""))
    except ValueError:
        return "?"
    return plain.line(f"{parts.scheme}://{parts.netloc}" if parts.netloc else "?", limit=_REASON_LIMIT)


def _retry_after(reply: Reply) -> timedelta | None:
    """How long the server wants to be left alone, if it says so in seconds."""
    text = reply.headers.get("retry-after", "").strip()
    if not (text.isascii() and text.isdigit()):
        return None
    return min(timedelta(seconds=int(text[:9])), _LONGEST_WAIT)


def _said(error: OSError) -> str:
    named = error.reason if isinstance(error, ssl.SSLError) else None
    return named or error.strerror or str(error) or type(error).__name__
