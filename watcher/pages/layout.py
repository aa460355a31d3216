"""What a layout knows about the message box, and which layout a page has."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from watcher.pages import layouts
from watcher.pages.page import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of the conversation list as the page shows it."""

    conversation: str | None
    title: str
    buyer: str
    preview: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One payment card of a thread as the page shows it, without its buttons."""

    heading: str
    text: str
    amount_cents: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownThread:
    """One open thread as the page shows it."""

    title: str
    cards: tuple[Card, ...]
    messages: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How one generation of the message box is built."""

    name: str
    seen: date
    """When the layout's selectors were last read in a source."""
    identify: Callable[[Page], bool]
    rows: Callable[[Page], tuple[Row, ...]]
    thread: Callable[[Page], ShownThread | None]


@cache
def all_layouts() -> tuple[Layout, ...]:
    """Return every layout, the newest first."""
    found: list[Layout] = [
        import_module(f"{layouts.__name__}.{module.name}").LAYOUT for module in iter_modules(layouts.__path__)
    ]
    return tuple(sorted(found, key=lambda layout: layout.seen, reverse=True))


def identify(page: Page) -> Layout | None:
    """Return the newest layout that knows the page, or `None`: then the DOM says nothing, and the caller tells so."""
    return next((layout for layout in all_layouts() if layout.identify(page)), None)
