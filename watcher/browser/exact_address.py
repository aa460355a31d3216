"""Addresses that the user lets through the guard: each exact, or refused with the reason."""

import string
from collections.abc import Callable, Iterable
from typing import Final
from urllib.parse import SplitResult, urlsplit

# What an exception may name: a write, or the reading of one address of another host.
_NAMED_METHODS: Final = ("delete", "get", "patch", "post", "put")

_HOST_CHARACTERS: Final = frozenset(string.ascii_lowercase + string.digits + "-.:[]")
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}
# Asked in this order; the first that is true is the reason given.
_FLAWS: Final[tuple[tuple[str, Callable[[SplitResult], object]], ...]] = (
    (
        "it must begin with https:// or http://; WebSockets never pass",
        lambda to: to.scheme not in _DEFAULT_PORTS,
    ),
    ("it names no host", lambda to: not to.hostname),
    ("user name and password do not belong here", lambda to: "@" in to.netloc),
    ("the host must be plain, in lower case", lambda to: not set(to.netloc) <= _HOST_CHARACTERS),
    (
        "leave out the default port",
        lambda to: to.netloc.endswith(":") or to.port == _DEFAULT_PORTS[to.scheme],
    ),
    ("leave out ? and # and what follows; any query goes along", lambda to: set("?#") & set(to.geturl())),
    ("it names no path; a whole host cannot be let through", lambda to: not to.path),
    ("the path must not contain . or .. steps", lambda to: {".", ".."} & set(to.path.split("/"))),
)


def check_allowed(entries: Iterable[str]) -> None:
    """Say what is wrong with the first entry that is no exact address.

    Raises:
        ValueError: an entry is no exact address; the message names it and says what is wrong.

    """
    for entry in entries:
        exact(entry)


def exact(entry: str) -> tuple[str | None, str]:
    """Split an entry into method (`None` for any that writes) and address.

    Raises:
        ValueError: the entry is no exact address; the message names it and says what is wrong.

    """
    method, space, address = entry.rpartition(" ")
    if space and method.lower() not in _NAMED_METHODS:
        known = ", ".join(name.upper() for name in _NAMED_METHODS)
        raise _refused(entry, f"the word before the address must be one of {known}")
    if not (address.isascii() and address.isprintable()):
        raise _refused(entry, "only printable ASCII; write the rest percent-encoded")
    # The first three mean something else in a rule than in an address.
    if wild := sorted(set(address) & set("*^|\\")):
        raise _refused(entry, f"an exact address has no {' '.join(wild)}")
    try:
        parts = urlsplit(address)
        reason = next((reason for reason, applies in _FLAWS if applies(parts)), None)
    except ValueError as error:
        raise _refused(entry, str(error)) from error
    # A lone "?" or "#", an upper-case scheme: whatever parsing tidied away was not exact.
    if reason is None and parts.geturl() != address:
        reason = f"write it as {parts.geturl()}"
    if reason is not None:
        raise _refused(entry, reason)
    return method.lower() or None, address


def _refused(entry: str, reason: str) -> ValueError:
    return ValueError(f"cannot let {entry!r} through: {reason}")
