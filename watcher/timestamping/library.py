"""The library that reads and verifies stamps: an extra, imported only where it is needed."""

from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Final

INSTALL: Final = "stornowacht[timestamps]"
_PACKAGE: Final = "rfc3161-client"
_OLDEST: Final = (1, 0, 6)
"""Before that one authority's stamp could pass for another's (its change log, April 2026)."""


@cache
def missing() -> str:
    """Return why stamps cannot be verified here, as a technical line; empty where they can."""
    try:
        found = version(_PACKAGE)
    except PackageNotFoundError:
        return f"{_PACKAGE} is not installed: pip install '{INSTALL}'"
    numbers = tuple(int(part) for part in found.split(".")[:3] if part.isdecimal())
    if numbers < _OLDEST:
        return f"{_PACKAGE} {found} is too old: pip install -U '{INSTALL}'"
    return ""
