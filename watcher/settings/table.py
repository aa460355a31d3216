"""What all tables share: how they are checked, paths, addresses, spans."""

import ipaddress
from datetime import timedelta
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from pydantic import BaseModel, ConfigDict, ValidationInfo

from watcher.texts.language import _


class Table(BaseModel):
    """One table of the config: unknown names are mistakes, and values never stand in messages."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True, defer_build=True)


def placed(value: Path | None, info: ValidationInfo) -> Path | None:
    """Return a path that means the same wherever the program is started: counted from the config's own folder."""
    if value is None:
        return None
    if value == Path() or "\0" in str(value):
        raise ValueError(_("must be a path in quotes"))
    try:
        return Path((info.context or {}).get("base", "")) / value.expanduser()
    except RuntimeError as error:
        raise ValueError(_("there is no such user's home folder")) from error


def at_least_a_second(value: timedelta) -> timedelta:
    """Return a span that is none of nothing."""
    if value < timedelta(seconds=1):
        raise ValueError(_("must be at least 1s"))
    return value


def is_loopback(url: str) -> bool:
    """Whether an address is on this very machine."""
    try:
        host = urlsplit(url).hostname or ""
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def split(url: str) -> SplitResult | None:
    """Return the parts of an address, `None` for one that is broken."""
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - a broken port is only noticed here
    except ValueError:
        return None
    return parts if url.isprintable() and " " not in url else None


def is_bare_address(value: str) -> bool:
    """Whether a text is scheme, host and port, and nothing else."""
    if not value.isprintable() or " " in value:
        return False
    try:
        parts = urlsplit(value)
        rest = parts.path.strip("/") or parts.query or parts.fragment or parts.username or parts.password
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and not rest and parts.port != 0
    except ValueError:  # a port beyond 65535, a broken IPv6 address
        return False
