"""The library that reads and verifies stamps: an extra, imported only where it is needed."""

from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Final

from watcher.texts.stamps import LIBRARY

_OLDEST: Final = (1, 0, 6)
"""Before that one authority's stamp could pass for another's (its change log, April 2026)."""


@cache
def missing() -> str:
    """Return why stamps cannot be verified here, as a technical line; empty where they can."""
    try:
        found = version(LIBRARY)
    except PackageNotFoundError:
        return f"{LIBRARY} is not installed"
    numbers = tuple(int(part) for part in found.split(".")[:3] if part.isdecimal())
    if numbers < _OLDEST:
        return f"{LIBRARY} {found} is too old"
    return ""
