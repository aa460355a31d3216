"""Which mailbox is watched."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import Literal

Security = Literal["tls", "starttls", "none"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxSettings:
    """One folder of one mailbox, and by what the platform's mails are told."""

    host: str
    port: int = 993
    security: Security = "tls"
    """`none` is only spoken to this very machine."""
    username: str
    password: str = field(repr=False)
    folder: str = "INBOX"
    domains: tuple[str, ...] = ("kleinanzeigen.de",)
    authserv_id: str | None = None
    carriers: Mapping[str, str | None] = field(default_factory=dict)
    """From which domains which carriers write, by their ids; `None`: a domain that the user named, of any carrier."""
    reply_from: tuple[str, ...] = ()
    """From which addresses replies to this program's mails count, in lower case; none: replies are nobody's business."""
    ca_file: Path | None = None
    """Trust only the authorities in this PEM file; `None`: those of the system."""
    timeout: float = 20.0
    """Seconds to wait for the connection, and then for each answer."""

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"

    @property
    def is_on_this_machine(self) -> bool:
        """Whether what is said does not leave this machine."""
        try:
            return self.host == "localhost" or ip_address(self.host).is_loopback
        except ValueError:
            return False
