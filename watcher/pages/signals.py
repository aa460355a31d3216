"""By which marks a page shows that it has come to rest: whatever any layout that is shipped looks for."""

import tomllib
from importlib.resources import files

from watcher.pages.layout import all_layouts

_SELECTORS = [layout.selectors for layout in all_layouts()]
_WALLS = tomllib.loads(files(__package__).joinpath("walls.toml").read_text(encoding="utf-8"))

MARKER = ", ".join(_WALLS["logged_in"]["selectors"])
ROWS = ", ".join(dict.fromkeys(selectors.any_row for selectors in _SELECTORS))
THREAD = ", ".join(dict.fromkeys(selectors.thread for selectors in _SELECTORS))
THREAD_LOADED = ", ".join(dict.fromkeys(selectors.any_item for selectors in _SELECTORS))
SKELETONS = ".ConversationListSkeleton, .ConversationSkeleton, [data-testid='skeleton-line'], .spinner-big"
"""Source: a public client's message tab (2026-02)."""
ERROR_BOX = ".outcomebox-error"
"""Source: Second-Hand-Friends/kleinanzeigen-bot (classic pages)."""
