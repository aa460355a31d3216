"""A captured page, parsed once for all who look at it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from watcher.domain.capture import Capture
from watcher.pages.wording import plain_text

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The rendered document of a capture."""

    capture: Capture
    soup: "BeautifulSoup"

    def has(self, *selectors: str) -> bool:
        """Whether one of the CSS selectors matches."""
        return any(self.soup.select_one(selector) is not None for selector in selectors)


def parse(capture: Capture) -> Page:
    """Parse the document. Whatever the text is, a page comes out."""
    from watcher.pages.markup import soup_of  # noqa: PLC0415 - 0.1 s that a browser need not wait for before it starts

    return Page(capture=capture, soup=soup_of(capture.html))


def text_of(tag: "Tag | None", *, without: str | None = None) -> str:
    """Return a tag's text in one line, optionally without the descendants that a selector names.

    Comments, scripts and styles are no text.
    """
    if tag is None:
        return ""
    skipped = {id(part) for part in tag.select(without)} if without else set()
    pieces = [
        piece
        for piece in tag.strings
        if not skipped or not any(id(parent) in skipped for parent in piece.parents)
    ]
    return plain_text(" ".join(pieces))
