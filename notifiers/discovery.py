"""Finds the channels: every module of this package with a constant ``KIND`` is one."""

import importlib
import importlib.util
import pkgutil
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

import notifiers
from notifiers.contract import ChannelKind

__all__ = ["ChannelKind", "channel", "channels"]


@cache
def channels() -> Mapping[str, ChannelKind]:
    """All kinds of channels by name, sorted.

    A new file in this package is a new channel; nothing else is touched. Modules import what is heavy only
    when they deliver, so that this stays cheap. A module that cannot be imported fails loudly here: a channel
    that vanishes in silence would be an alert that vanishes in silence.

    Raises:
        ValueError: Two modules claim one name.
    """
    found: dict[str, ChannelKind] = {}
    for module in pkgutil.iter_modules(notifiers.__path__):
        kind = getattr(importlib.import_module(f"{notifiers.__name__}.{module.name}"), "KIND", None)
        if not isinstance(kind, ChannelKind):
            continue
        if kind.name in found:
            raise ValueError(f"two channels are called {kind.name!r}, one of them in {module.name}.py")
        found[kind.name] = kind
    return MappingProxyType(dict(sorted(found.items())))


def channel(name: str) -> ChannelKind | None:
    """The kind of that name, found without importing the other ones; None where its own module does not define it."""
    if not name.isidentifier() or importlib.util.find_spec(f"{notifiers.__name__}.{name}") is None:
        return None
    kind = getattr(importlib.import_module(f"{notifiers.__name__}.{name}"), "KIND", None)
    return kind if isinstance(kind, ChannelKind) and kind.name == name else None
