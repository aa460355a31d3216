"""By which marks a page shows that it has come to rest: whatever any layout that is known looks for."""

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.resources import files

from watcher.pages.layout import Layout, all_layouts

_WALLS = tomllib.loads(files(__package__).joinpath("walls.toml").read_text(encoding="utf-8"))
SKELETONS = ".ConversationListSkeleton, .ConversationSkeleton, [data-testid='skeleton-line'], .spinner-big"
"""Source: a public client's message tab (2026-02)."""
ERROR_BOX = ".outcomebox-error"
"""Source: Second-Hand-Friends/kleinanzeigen-bot (classic pages)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signals:
    """One CSS selector each."""

    marker: str
    """That the page knows the visitor."""
    rows: str
    thread: str
    thread_loaded: str
    """By what an open conversation shows that it has loaded, from the thread on."""
    cards: str = ":not(*)"
    """The payment cards, from the thread on."""
    skeletons: str = SKELETONS
    error: str = ERROR_BOX


def signals_of(own: Sequence[Layout] = ()) -> Signals:
    """Return the signals of all layouts: the user's own, and those that are shipped."""
    selectors = [layout.selectors for layout in (*own, *all_layouts())]
    return Signals(
        marker=_any_of((*_WALLS["logged_in"]["selectors"], *(each.logged_in for each in selectors))),
        rows=_any_of(each.any_row for each in selectors),
        thread=_any_of(each.thread for each in selectors),
        thread_loaded=_any_of(each.any_item for each in selectors),
        cards=_any_of(each.card for each in selectors),
    )


def _any_of(selectors: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(selectors))


SHIPPED = signals_of()
"""Those of the shipped layouts alone."""
