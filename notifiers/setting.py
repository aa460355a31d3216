"""What the settings of several channels have in common.

They read two things from pydantic's validation context, if given: ``base``, the folder that relative paths count from
(default: the working directory), and ``language`` for the words of a mistake (default: German).
"""

import ipaddress
from pathlib import Path

from pydantic import ValidationInfo

from notifiers import secret, words
from notifiers.web_server import WebServer
from notifiers.words import Language


def language(info: ValidationInfo) -> Language:
    """The language for the words of a mistake."""
    return "en" if (info.context or {}).get("language") == "en" else "de"


def base(info: ValidationInfo) -> Path | None:
    """The folder that relative paths count from; None: the working directory."""
    folder = (info.context or {}).get("base")
    return None if folder is None else Path(folder)


def reference(value: str | None, info: ValidationInfo) -> str | None:
    """A reference to a secret, with its path made absolute.

    Raises:
        SecretError: It is no reference; a ValueError.
    """
    return None if value is None else secret.checked(value, language=language(info), base=base(info))


def absolute(value: Path | None, info: ValidationInfo) -> Path | None:
    """A path, made absolute."""
    return None if value is None else (base(info) or Path.cwd()) / value.expanduser()


def web_address(value: str, *, language: Language, is_bare: bool = False) -> str:
    """An address of the web; without the slash at its end where only a server is meant.

    Raises:
        ValueError: It is none, it holds a login, or it holds a path though `is_bare`.
    """
    address = value.strip()
    try:
        server = WebServer.of(address, timeout=1, ca_file=None)
    except ValueError:
        is_login = "@" in address.partition("//")[2].partition("/")[0]
        raise ValueError(
            (words.WEB_ADDRESS_LOGIN if is_login else words.WEB_ADDRESS).said(language)
        ) from None
    if not is_bare:
        return address
    if address.rstrip("/").partition("://")[2].lower() not in {str(server), f"{server}:{server.port}"}:
        raise ValueError(words.WEB_ADDRESS_BARE.said(language))
    return f"{'https' if server.is_secure else 'http'}://{server}"


def refuse_open(address: str, *, language: Language, allow_http: bool) -> None:
    """Refuse an address without https, but on this machine or where the user allows it.

    Raises:
        ValueError: It is one.
    """
    server = WebServer.of(address, timeout=1, ca_file=None)
    if not (server.is_secure or allow_http or is_this_machine(server.host)):
        raise ValueError(words.WEB_OPEN.said(language, host=server.host))


def is_this_machine(host: str) -> bool:
    """Whether a host is this very machine: nobody listens on the way there."""
    name = host.rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name.strip("[]")).is_loopback
    except ValueError:
        return False
