"""Which captures of pages about many orders name which of them: the conversation list shows other people, too."""

import html
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from watcher.app.archive import StoredCapture, StoredFile
from watcher.domain.capture import Role
from watcher.domain.order import Order

_PAGES = frozenset({Role.HTML, Role.JSON, Role.OUTLINE, Role.TEXT_MAP})
_SHORTEST = 3
_SHORTEST_ID = 5


@dataclass(frozen=True, slots=True)
class _Sought:
    """By what a page names an order: any of its ids, or the item and the buyer on one page."""

    ids: tuple[bytes, ...]
    item: tuple[bytes, ...]
    buyer: tuple[bytes, ...]

    def is_in(self, page: bytes) -> bool:
        return _any_in(self.ids, page) or (_any_in(self.item, page) and _any_in(self.buyer, page))


def mentions(
    folder: Path, captures: Iterable[StoredCapture], orders: Collection[Order]
) -> Mapping[str, frozenset[str]]:
    """Return, by a capture's id, the ids of those orders that its pages name.

    Each capture's pages are read one after the other. One that has no readable page (a picture alone says nothing to a
    program) is taken for one that names every order that was known at its time.
    """
    sought = {order.id: _sought(order) for order in orders}
    found: dict[str, frozenset[str]] = {}
    for capture in captures:
        own = [order for order in orders if order.account == capture.account]
        pages = [page for file in capture.files if (page := _read(folder, file)) is not None]
        found[capture.id] = frozenset(
            order.id
            for order in own
            if (any(sought[order.id].is_in(page) for page in pages) if pages else _was_known(order, capture))
        )
    return found


def _was_known(order: Order, capture: StoredCapture) -> bool:
    return order.first_seen_at <= capture.taken_at <= order.last_seen_at


def _read(folder: Path, file: StoredFile) -> bytes | None:
    if file.role not in _PAGES:
        return None
    try:
        return (folder / file.path).read_bytes()
    except OSError:
        return None


def _sought(order: Order) -> _Sought:
    ids = [order.conversation, *order.deal_ids, *([order.tracking_number] if order.tracking_number else [])]
    return _Sought(
        ids=tuple(spelt for name in ids if len(name) >= _SHORTEST_ID for spelt in _spelt(name)),
        item=tuple(_spelt(order.title or "")),
        buyer=tuple(_spelt(order.buyer or "")),
    )


def _spelt(text: str) -> set[bytes]:
    """Return the ways in which HTML, JSON and addresses write a text; nothing for one that is no name."""
    if len(text) < _SHORTEST:
        return set()
    spelt = {
        text,
        html.escape(text),
        html.escape(text, quote=False),
        json.dumps(text)[1:-1],
        quote(text, safe=""),
    }
    return {each.encode(errors="replace") for each in spelt}


def _any_in(needles: Iterable[bytes], page: bytes) -> bool:
    return any(needle in page for needle in needles)
