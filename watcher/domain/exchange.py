"""How one answer came: from where, over which connection, and with which headers."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Tls:
    """What the browser tells of an encrypted connection and of the certificate that the other side showed."""

    protocol: str
    issuer: str
    subject: str
    valid_from: datetime | None = None
    valid_to: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One answer's circumstances, without its content."""

    headers: tuple[tuple[str, str], ...] = ()
    """As they came, in their order, without those named below."""
    removed_headers: tuple[str, ...] = ()
    """Names of the headers that were taken out: cookies, and what bears a token."""
    address: str | None = None
    """Of the server, with the port; a proxy's, where there is one. `None` where the browser does not tell."""
    http_version: str | None = None
    tls: Tls | None = None
    why_no_tls: str = ""
    """Why nothing is known of the encryption; empty where it is known."""
