"""A captured page, parsed once for all who look at it."""

import warnings
from dataclasses import dataclass

from bs4 import BeautifulSoup, Tag, XMLParsedAsHTMLWarning
from bs4.exceptions import ParserRejectedMarkup

from watcher.domain.capture import Capture
from watcher.pages.wording import plain_text

DEEPEST = 512
"""How deep elements may lie inside each other: Chromium's own parser goes no deeper."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The rendered document of a capture."""

    capture: Capture
    soup: BeautifulSoup

    def has(self, *selectors: str) -> bool:
        """Whether one of the CSS selectors matches."""
        return any(self.soup.select_one(selector) is not None for selector in selectors)


def parse(capture: Capture) -> Page:
    """Parse the document. Whatever the text is, a page comes out.

    Chromium has already normalised the DOM. A text that no browser writes (a broken declaration, elements nested
    deeper than `DEEPEST`) becomes an empty page, which every reader calls unreadable.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", XMLParsedAsHTMLWarning)
        try:
            # The line break keeps a page without any tag from being taken for a file name.
            soup: BeautifulSoup = _ShallowSoup("\n" + capture.html, "html.parser")
        except ParserRejectedMarkup:
            soup = BeautifulSoup("", "html.parser")
    return Page(capture=capture, soup=soup)


class _ShallowSoup(BeautifulSoup):
    """Refuses deep nesting while it parses: selectors look at every ancestor, so their cost grows with the depth."""

    def pushTag(self, tag: Tag) -> None:  # noqa: N802 - named by the library
        if len(self.tagStack) > DEEPEST:
            raise ParserRejectedMarkup(f"elements are nested deeper than {DEEPEST}")
        super().pushTag(tag)


def text_of(tag: Tag | None, *, without: str | None = None) -> str:
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
