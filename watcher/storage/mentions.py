"""Which captures of pages about many orders name certain ones: the conversation list shows other people, too."""

import html
import json
import string
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote

from watcher.app.archive import StoredCapture
from watcher.domain.capture import Role
from watcher.domain.order import Order

_PAGES = frozenset({Role.HTML, Role.JSON, Role.OUTLINE, Role.TEXT_MAP})
_SHORTEST = 3
_SHORTEST_ID = 5
_LETTERS = frozenset(f"{string.ascii_letters}{string.digits}_".encode())
_WORDS_APART = bytes(byte if byte in _LETTERS else ord(" ") for byte in range(256))
"""Makes a space of each byte that is no part of a word."""
_GRAIN = 5
"""Bytes: so short that most words have one, so long that few of a page's words share one."""
_PAGES_AT_HAND = 10_000
"""Of so many files it is remembered whether they name one: captures that share a page follow each other soon."""
_LONGEST_WORD, _MOST = 64, 500_000
"""What is remembered of pages is bounded, whatever they hold: bytes of a word; words, and the names that they may be part of, together."""


@dataclass(frozen=True, slots=True)
class _Name:
    """One spelling by which a page names an order: an id alone, an item only together with its buyer."""

    order: str
    text: bytes
    buyers: tuple[bytes, ...] | None
    """The spellings of the buyer; `None` where the text alone is enough."""

    def is_in(self, page: bytes) -> bool:
        return self.text in page and (self.buyers is None or any(buyer in page for buyer in self.buyers))


class _Names:
    """All names of an account's orders, each filed under the rarest of its grains.

    A year's lists times a year's orders are too many to look for each name in each page: a page is cut into words, and only what is
    filed under a grain of one of them is looked for. Pages say mostly the same words, so each word is cut into grains once.
    """

    def __init__(self, orders: Iterable[Order]) -> None:
        spelt = [(name, _grains_of(name.text)) for order in orders for name in _names_of(order)]
        common = Counter(grain for _, grains in spelt for grain in grains)
        self._filed = defaultdict[bytes, list[_Name]](list)
        for name, grains in spelt:
            self._filed[min(grains, key=lambda grain: (common[grain], grain))].append(name)
        self._sizes = sorted({len(grain) for grain in self._filed})
        self._anywhere = frozenset(self._filed.get(b"", ()))
        self._telling: dict[bytes, frozenset[_Name]] = {}
        """Words that may be part of a name -> which names."""
        self._empty: set[bytes] = set()
        """Words that are part of none."""
        self.remembered = 0
        """How many words, and names that they may be part of."""

    def any_in(self, page: bytes) -> bool:
        """Whether the page names any of the orders. Most pages that do name many of them: the first that is found is enough."""
        if self.remembered > _MOST:
            self._telling.clear()
            self._empty.clear()
            self.remembered = 0
        if any(name.is_in(page) for name in self._anywhere):
            return True
        tried = set(self._anywhere)
        for word in set(page.translate(_WORDS_APART).split()).difference(self._empty):
            untried = (self._telling.get(word) or self._filed_under(word)) - tried
            if any(name.is_in(page) for name in untried):
                return True
            tried |= untried
        return False

    def _filed_under(self, word: bytes) -> frozenset[_Name]:
        grains = {word[at : at + size] for size in self._sizes if size for at in range(len(word) - size + 1)}
        filed = frozenset(name for grain in grains & self._filed.keys() for name in self._filed[grain])
        if len(word) <= _LONGEST_WORD:
            self.remembered += 1 + len(filed)
            if filed:
                self._telling[word] = filed
            else:
                self._empty.add(word)
        return filed


def _grains_of(name: bytes) -> frozenset[bytes]:
    """Return the ends of a name's words, all equally long; a page that holds the name holds every one of them within a word."""
    words = name.translate(_WORDS_APART).split()
    size = min(_GRAIN, max(map(len, words), default=0))
    return frozenset(word[-size:] for word in words if len(word) >= size > 0) or frozenset({b""})


def naming(folder: Path, captures: Iterable[StoredCapture], orders: Collection[Order]) -> list[StoredCapture]:
    """Return those captures whose pages name any of the orders.

    Each capture's pages are read one after the other; a file that several captures share, once. One that has no readable page (a
    picture alone says nothing to a program) is taken for one that names every order that was known at its time.
    """
    accounts = {order.account for order in orders}
    names = {account: _Names(order for order in orders if order.account == account) for account in accounts}

    @lru_cache(_PAGES_AT_HAND)
    def names_any(account: str, path: str) -> bool | None:
        page = _read(folder / path)
        return None if page is None else names[account].any_in(page)

    def is_naming(capture: StoredCapture) -> bool:
        if capture.account not in names:
            return False
        readable = False
        for file in capture.files:
            found = names_any(capture.account, file.path) if file.role in _PAGES else None
            if found:
                return True  # its other files need not be read
            readable = readable or found is not None
        return not readable and any(_was_known(order, capture) for order in orders)

    return [capture for capture in captures if is_naming(capture)]


def _was_known(order: Order, capture: StoredCapture) -> bool:
    return order.account == capture.account and order.first_seen_at <= capture.taken_at <= order.last_seen_at


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


def _names_of(order: Order) -> Iterator[_Name]:
    ids = [order.conversation, *order.deal_ids, *([order.tracking_number] if order.tracking_number else [])]
    for text in ids:
        if len(text) >= _SHORTEST_ID:
            yield from (_Name(order.id, spelling, None) for spelling in _spellings(text))
    buyers = tuple(_spellings(order.buyer or ""))
    yield from (_Name(order.id, spelling, buyers) for spelling in _spellings(order.title or ""))


def _spellings(text: str) -> frozenset[bytes]:
    """Return the ways in which HTML, JSON and addresses write a text; nothing for one that is no name."""
    if len(text) < _SHORTEST:
        return frozenset()
    spelt = {
        text,
        html.escape(text),
        html.escape(text, quote=False),
        json.dumps(text)[1:-1],
        quote(text, safe=""),
    }
    return frozenset(each.encode(errors="replace") for each in spelt)
