"""What the readers know beyond the tables that are shipped: the user's own words and layouts."""

from dataclasses import dataclass

from watcher.pages.layout import Layout
from watcher.pages.wording import SHIPPED as SHIPPED_WORDS
from watcher.pages.wording import Vocabulary


@dataclass(frozen=True, slots=True, kw_only=True)
class Lore:
    """Words and layouts that the user added, in the config or by confirming what was read."""

    vocabulary: Vocabulary = SHIPPED_WORDS
    layouts: tuple[Layout, ...] = ()

    @property
    def markers(self) -> tuple[str, ...]:
        """By what else a page shows that it knows the visitor."""
        return tuple(layout.selectors.logged_in for layout in self.layouts)


SHIPPED = Lore()
"""Nothing was added."""
