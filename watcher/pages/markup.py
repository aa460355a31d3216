"""Markup, parsed."""

import warnings

from bs4 import BeautifulSoup, Tag, XMLParsedAsHTMLWarning
from bs4.exceptions import ParserRejectedMarkup

from watcher.pages.sieve import SearchableTag

DEEPEST = 512
"""How deep elements may lie inside each other: Chromium's own parser goes no deeper."""

_ahead: dict[str, BeautifulSoup] = {}


def parse_ahead(html: str) -> None:
    """Parse a page that will be read in a moment; it is kept until then, and only the last one."""
    _ahead.clear()
    _ahead[html] = _parsed(html)


def soup_of(html: str) -> BeautifulSoup:
    """Return what can be searched by selectors.

    Chromium has already normalised the DOM. A text that no browser writes (a broken declaration, elements nested
    deeper than `DEEPEST`) becomes an empty page, which every reader calls unreadable.
    """
    return _ahead.pop(html, None) or _parsed(html)


def _parsed(html: str) -> BeautifulSoup:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", XMLParsedAsHTMLWarning)
        try:
            # The line break keeps a page without any tag from being taken for a file name.
            return _ShallowSoup("\n" + html, "html.parser", element_classes={Tag: SearchableTag})
        except ParserRejectedMarkup:
            return BeautifulSoup("", "html.parser")


class _ShallowSoup(SearchableTag, BeautifulSoup):
    """Refuses deep nesting while it parses: selectors look at every ancestor, so their cost grows with the depth."""

    def pushTag(self, tag: Tag) -> None:  # noqa: N802 - named by the library
        if len(self.tagStack) > DEEPEST:
            raise ParserRejectedMarkup(f"elements are nested deeper than {DEEPEST}")
        super().pushTag(tag)
