"""What is drawn and read once for as long as it stays the same: a year has millions of pages, and few of them are new."""

import random
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar
from unittest.mock import patch

from fixtures.shop import Deal
from tests.support.visiting import FakeVisitor
from watcher.app import looking
from watcher.app.understanding import Understood
from watcher.domain.capture import Capture, PageKind
from watcher.domain.reading import Reach
from watcher.pages.json_reader import TO_THE_END
from watcher.pages.lore import SHIPPED, Lore

_KEPT = 200
"""So many threads are kept as they were drawn and read last; more are never under way at once."""
_Key, _Value = TypeVar("_Key"), TypeVar("_Value")
READ_AGAIN = 50
"""One of so many pages is read although it was read before: it must say the same."""


class KeptVisitor(FakeVisitor):
    """Draws the list and each thread once, until something happens to them; `happened` tells it that something did."""

    happened: Callable[[], int] = staticmethod(lambda: 0)
    """How much has happened on the site so far."""

    def __init__(self, *args: object) -> None:
        super().__init__(*args)  # type: ignore[arg-type]
        self._upto = -1
        self._deals: dict[str, Deal] = {}
        self._lists: dict[int, tuple[bytes, str, int]] = {}
        self._threads: OrderedDict[str, tuple[Deal, str, bytes]] = OrderedDict()

    def list_page(self, number: int) -> tuple[bytes, str, int]:
        """Return the list's page as it was drawn since something happened last."""
        self._look()
        if number not in self._lists:
            self._lists[number] = super().list_page(number)
        return self._lists[number]

    def thread_page(self, conversation_id: str) -> tuple[Deal, str, bytes]:
        """Return the conversation's page as it was drawn since its deal changed last."""
        self._look()
        drawn = self._threads.get(conversation_id)
        if drawn is None or drawn[0] != self._deals[conversation_id]:
            drawn = super().thread_page(conversation_id)
        _keep(self._threads, conversation_id, drawn)
        return drawn

    def _look(self) -> None:
        if self._upto == (upto := self.happened()):
            return
        self._upto = upto
        self._lists.clear()
        self._deals = {deal.conversation_id: deal for deal in self.shop.deals()}


class ReaderError(Exception):
    """A page that has not changed was read in two ways."""


@dataclass(frozen=True, slots=True)
class _Read:
    made_of: object
    reach: Reach
    understood: Understood

    def holds(self, reach: Reach) -> bool:
        """Whether the same page says the same to whoever wants to reach so far: a list that went down far enough still does."""
        if reach.until is None or self.reach.until is None or self.reach == reach:
            return True
        listing = self.understood.listing
        return listing is None or (listing.complete and reach.until >= self.reach.until)


class KeptReadings:
    """Reads a page with the real readers, and once more only when it has changed, on another day, or as a sample."""

    def __init__(self, dice: random.Random) -> None:
        self._dice = dice
        self._read: OrderedDict[str | None, _Read] = OrderedDict()
        """Conversation, or `None` for the list -> its last reading."""

    @contextmanager
    def in_force(self) -> Iterator[None]:
        """Let checks read through it."""
        with patch.object(looking, "understand", self.understand):
            yield

    def understand(self, capture: Capture, *, lore: Lore = SHIPPED, reach: Reach = TO_THE_END) -> Understood:
        """Say what a capture shows, as `watcher.app.understanding.understand` does.

        Raises:
            ReaderError: what was read of the very same page before is not what is read now.
        """
        name, made_of = capture.conversation or capture.page, _made_of(capture, lore, reach)
        before = self._read.get(name)
        is_same = before is not None and before.made_of == made_of
        if before is not None and is_same and before.holds(reach) and self._dice.randrange(READ_AGAIN):
            return before.understood
        understood = _really(capture, lore=lore, reach=reach)
        if before is not None and is_same and before.holds(reach) and before.understood != understood:
            raise ReaderError(f"{capture.url} is {before.understood} once, and {understood} another time")
        _keep(self._read, name, _Read(made_of, reach, understood))
        return understood


def _made_of(capture: Capture, lore: Lore, reach: Reach) -> object:
    is_list = capture.kind is PageKind.CONVERSATION_LIST
    return (
        capture.kind, capture.page, capture.url, capture.final_url, capture.status, capture.failure,
        capture.taken_at.date(), capture.html, capture.bodies, [type(body.content) for body in capture.bodies],
        capture.extras, lore,
        is_list and (reach.total, reach.until is None),
    )  # fmt: skip


def _keep(kept: OrderedDict[_Key, _Value], key: _Key, value: _Value) -> None:
    kept[key] = value
    kept.move_to_end(key)
    if len(kept) > _KEPT:
        kept.popitem(last=False)


_really = looking.understand
