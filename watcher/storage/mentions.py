"""Which captures of pages about many orders name which of them: the conversation list shows other people, too."""

import html
import json
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import quote

from watcher.app.archive import StoredCapture
from watcher.domain.capture import Role
from watcher.domain.order import Order

_PAGES = frozenset({Role.HTML, Role.JSON, Role.OUTLINE, Role.TEXT_MAP})
_SHORTEST = 3
_SHORTEST_ID = 5
_WORD = re.compile(rb"\w+")


class _Name:
    """One spelling of a name, and the words of which it consists."""

    def __init__(self, text: bytes) -> None:
        self.text = text
        found = list(_WORD.finditer(text))
        self.inner = frozenset(word[0] for word in found if word.start() > 0 and word.end() < len(text))
        """Words that are whole wherever the name stands: within it, something else is on both sides of them."""
        self.outer = tuple(word[0] for word in found if word[0] not in self.inner)
        """Words that may go on where the name begins or ends."""


class _Page:
    """One page's bytes, with its words: a year's lists times a year's orders are too many to go through each page for each."""

    def __init__(self, text: bytes) -> None:
        self._text = text
        self._words = frozenset(_WORD.findall(text))
        self._joined = b" ".join(self._words)

    def has_any(self, names: Iterable[_Name]) -> bool:
        """Whether one of the names stands in the page."""
        return any(self._has(name) for name in names)

    def _has(self, name: _Name) -> bool:
        return (
            name.inner <= self._words
            and all(word in self._words or word in self._joined for word in name.outer)
            and name.text in self._text
        )


@dataclass(frozen=True, slots=True)
class _Sought:
    """By what a page names an order: any of its ids, or the item and the buyer on one page."""

    ids: tuple[_Name, ...]
    item: tuple[_Name, ...]
    buyer: tuple[_Name, ...]

    def is_in(self, page: _Page) -> bool:
        return page.has_any(self.ids) or (page.has_any(self.item) and page.has_any(self.buyer))


def mentions(
    folder: Path, captures: Iterable[StoredCapture], orders: Collection[Order]
) -> Mapping[str, frozenset[str]]:
    """Return, by a capture's id, the ids of those orders that its pages name.

    Each capture's pages are read one after the other; a file that several captures share, once. One that has no readable page (a
    picture alone says nothing to a program) is taken for one that names every order that was known at its time.
    """
    if not orders:
        return {capture.id: frozenset() for capture in captures}
    sought = {order.id: _sought(order) for order in orders}

    @cache
    def named_in(account: str, path: str) -> frozenset[str] | None:
        page = _read(folder / path)
        if page is None:
            return None
        return frozenset(
            order.id for order in orders if order.account == account and sought[order.id].is_in(page)
        )

    found: dict[str, frozenset[str]] = {}
    for capture in captures:
        pages = [named_in(capture.account, file.path) for file in capture.files if file.role in _PAGES]
        readable = [named for named in pages if named is not None]
        known = (order.id for order in orders if _was_known(order, capture))
        found[capture.id] = frozenset().union(*readable) if readable else frozenset(known)
    return found


def _was_known(order: Order, capture: StoredCapture) -> bool:
    return order.account == capture.account and order.first_seen_at <= capture.taken_at <= order.last_seen_at


def _read(path: Path) -> _Page | None:
    try:
        return _Page(path.read_bytes())
    except OSError:
        return None


def _sought(order: Order) -> _Sought:
    ids = [order.conversation, *order.deal_ids, *([order.tracking_number] if order.tracking_number else [])]
    return _Sought(
        ids=tuple(name for text in ids if len(text) >= _SHORTEST_ID for name in _names(text)),
        item=tuple(_names(order.title or "")),
        buyer=tuple(_names(order.buyer or "")),
    )


def _names(text: str) -> list[_Name]:
    """Return the ways in which HTML, JSON and addresses write a text; nothing for one that is no name."""
    if len(text) < _SHORTEST:
        return []
    spelt = {
        text,
        html.escape(text),
        html.escape(text, quote=False),
        json.dumps(text)[1:-1],
        quote(text, safe=""),
    }
    return [_Name(each.encode(errors="replace")) for each in spelt]
