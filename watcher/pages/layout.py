"""One generation of the message box, and which generation a page has."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from watcher.pages import layouts, shown
from watcher.pages.page import Page
from watcher.pages.selectors import Selectors, changed
from watcher.pages.shown import Row, ShownThread


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How one generation of the message box is built: a name and its selectors."""

    name: str
    seen: date
    """When the layout's selectors were last read in a source."""
    selectors: Selectors

    def identify(self, page: Page) -> bool:
        """Whether the page has the list or the thread of this layout."""
        return page.has(self.selectors.any_row) or self.thread(page) is not None

    def rows(self, page: Page) -> tuple[Row, ...]:
        """Return the rows of the conversation list; none where the page has no list of this layout."""
        return shown.rows(page, self.selectors)

    def thread(self, page: Page) -> ShownThread | None:
        """Return the open thread, `None` where the page has none of this layout."""
        return shown.thread(page, self.selectors)


@cache
def all_layouts() -> tuple[Layout, ...]:
    """Return every layout that is shipped, the newest first."""
    found: list[Layout] = [
        import_module(f"{layouts.__name__}.{module.name}").LAYOUT for module in iter_modules(layouts.__path__)
    ]
    return tuple(sorted(found, key=lambda layout: layout.seen, reverse=True))


def layout_from(name: str, own: Mapping[str, str]) -> Layout:
    """Return a layout of the user's: the newest that is shipped, with some selectors replaced.

    Raises:
        ValueError: a name that there is none of, or a text that is no CSS selector; the message says which.
    """
    import soupsieve  # noqa: PLC0415 - 0.1 s, only where somebody adds a layout

    newest = all_layouts()[0]
    selectors = changed(newest.selectors, own)
    for field in fields(selectors):
        try:
            soupsieve.compile(getattr(selectors, field.name))
        except (soupsieve.SelectorSyntaxError, ValueError, RecursionError) as error:
            reason = str(error).splitlines()[0]
            raise ValueError(f"{field.name} is no CSS selector: {reason}") from error
    return Layout(name=name, seen=date.max, selectors=selectors)


def identify(page: Page, own: Sequence[Layout] = ()) -> Layout | None:
    """Return the first layout that knows the page: the user's own, then the newest that is shipped.

    `None`: then the DOM says nothing, and the caller tells so.
    """
    return next((layout for layout in (*own, *all_layouts()) if layout.identify(page)), None)


def shown_rows(page: Page, own: Sequence[Layout] = ()) -> tuple[Row, ...] | None:
    """Return the rows by the first layout that finds any with an id, else by the one that knows the page."""
    found = [rows for layout in (*own, *all_layouts()) if (rows := layout.rows(page))]
    named = next((rows for rows in found if any(row.conversation for row in rows)), None)
    if named is not None or found:
        return named or found[0]
    return () if identify(page, own) else None


def shown_thread(page: Page, own: Sequence[Layout] = ()) -> ShownThread | None:
    """Return the open thread by the first layout that finds one."""
    return next((found for layout in (*own, *all_layouts()) if (found := layout.thread(page))), None)
