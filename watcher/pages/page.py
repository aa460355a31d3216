"""A captured page, parsed once for all who look at it."""

from dataclasses import dataclass

from bs4 import BeautifulSoup, Tag

from watcher.domain.capture import Capture
from watcher.pages.wording import plain_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The rendered document of a capture."""

    capture: Capture
    soup: BeautifulSoup

    def has(self, *selectors: str) -> bool:
        """Whether one of the CSS selectors matches."""
        return any(self.soup.select_one(selector) is not None for selector in selectors)


def parse(capture: Capture) -> Page:
    """Parse the document. Whatever the bytes are, a page comes out: Chromium has already normalised the DOM."""
    return Page(capture=capture, soup=BeautifulSoup(capture.html, "html.parser"))


def text_of(tag: Tag | None, *, without: str | None = None) -> str:
    """Return a tag's visible text in one line, optionally without the descendants that a selector names."""
    if tag is None:
        return ""
    skipped = {id(part) for part in tag.select(without)} if without else set()
    pieces = [
        str(piece)
        for piece in tag.find_all(string=True)
        if not any(id(parent) in skipped for parent in piece.parents)
    ]
    return plain_text(" ".join(pieces))
