"""A sign of life to an address of the web, as services for dead man's switches take it: one GET, and any 2xx is a yes."""

from typing import Final
from urllib.parse import urlsplit

from notifiers import web_fault
from notifiers.web_server import WebServer, exchange
from notifiers.words import Language

SECONDS: Final = 10.0


def ping(url: str, *, app_name: str, language: Language, timeout: float = SECONDS) -> int:
    """Ask for the address once; returns the status of the answer. Redirects are not followed.

    Raises:
        ValueError: It is no address of the web, or it holds a login.
        DeliveryError: No answer, or one that is no yes. Its words name the server, never the rest of the address:
            whoever knows that can keep the switch quiet.
    """
    server = WebServer.of(url, timeout=timeout, ca_file=None)
    parts = urlsplit(url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        reply = exchange(server, "GET", target, headers={"User-Agent": app_name, "Accept": "*/*"})
    except OSError as error:
        raise web_fault.lost(error, server=server, language=language) from error
    if not reply.is_success:
        raise web_fault.refused(reply, server=server, language=language)
    return reply.status
