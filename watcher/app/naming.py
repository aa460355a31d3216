"""Readable names beside the vault: one folder for each order, so that a person finds things without this program."""

import json
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from pathlib import PurePosixPath
from typing import Any, Protocol

from watcher.app.archive import StoredCapture, StoredFile
from watcher.app.ports import Store
from watcher.app.shelf import Why
from watcher.crash_points import crash_point
from watcher.domain.capture import PageKind, Role
from watcher.domain.order import Order
from watcher.domain.stage import Stage
from watcher.texts.file_name import file_name_part
from watcher.texts.language import _, current
from watcher.texts.names import BERLIN, stage_name

FAULT = "readable_names"
"""Under this name the store remembers why names could not be made; empty while they can."""
_MOST_BYTES = 90
"""Of a title: the folder's name stays far below what any system takes, and a path on Windows below 260 signs."""
_PHOTOS = frozenset({"image/jpeg", "image/webp", "image/png", "image/avif", "image/gif"})
"""Pictures that are nothing but that: an SVG may hold a script, and a double click would run it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """One file of the vault, and how it is called for people."""

    when: str
    """The moment at which its capture was taken: `2026-11-22 1004`. Every name begins with it."""
    what: str
    file: StoredFile

    @property
    def suffix(self) -> str:
        """The name's ending, with the dot."""
        return PurePosixPath(self.file.path).suffix


@dataclass(frozen=True, slots=True, kw_only=True)
class NamesKept:
    """What came of making names."""

    made: int = 0
    lacking: int = 0
    """How many files have no readable name."""
    fault: str = ""
    """Why: the system's word for it, without a path."""
    is_cut_short: bool = False
    """Whether there was no more time for all of them."""


class Names(Protocol):
    """Where the readable names are."""

    def keep(self, order: str, title: str, files: Sequence[Named]) -> NamesKept:
        """Give files a name in the order's folder where they have none there; never raises.

        Args:
            order: the order's id; a folder that ends with it is the order's, however it begins.
            title: how a new folder begins.
            files: what has to be there. Names that people have given to the program's links stay.
        """

    def find(self, order: str, named: Named) -> str | None:
        """Return the file's readable name, relative to the storage folder."""

    def forget(self, order: str) -> None:
        """Remove the order's links and its folder; of what people have put there only the folder's title goes.

        Raises:
            OSError: something of it could not be removed.
        """


def keep_names(
    store: Store,
    names: Names,
    *,
    conversations: Collection[str] | None = None,
    is_over: Callable[[], bool] = lambda: False,
) -> NamesKept:
    """Make the names that are missing: those of the conversations, or all; and take those of forgotten orders away.

    Never costs a check: what cannot be made is counted and remembered for the doctor. Only whoever has looked through all knows
    that nothing is missing any more.

    Args:
        store: what is remembered.
        names: where the names are.
        conversations: whose names; `None`: all.
        is_over: asked before each order whether there is no more time.
    """
    made = lacking = 0
    fault = ""
    is_cut_short = False
    for order in (
        chain.from_iterable(store.order_pages())
        if conversations is None
        else _orders_of(store, conversations)
    ):
        if is_over():
            is_cut_short = True
            break
        if order.forgotten_at is not None:
            try:
                names.forget(order.id)
            except OSError as error:
                fault = fault or error.strerror or str(error)
            continue
        captures = store.captures(account=order.account, conversation=order.conversation)
        files = [named for capture in captures for named in named_files(capture)]
        if not files:
            continue
        kept = names.keep(order.id, folder_title(order), files)
        crash_point("names_made")
        made, lacking, fault = made + kept.made, lacking + kept.lacking, fault or kept.fault
    is_known = conversations is None and not is_cut_short
    if (fault or is_known) and (store.remembered(FAULT) or "") != fault:
        with store.writing() as writing:
            writing.save_remembered(FAULT, fault)
    return NamesKept(made=made, lacking=lacking, fault=fault, is_cut_short=is_cut_short)


def is_name_missing(store: Store) -> bool:
    """Whether somebody could not make a name, and nobody has looked through all since."""
    return bool(store.remembered(FAULT))


def _orders_of(store: Store, conversations: Collection[str]) -> list[Order]:
    histories = (store.history(account.name) for account in store.accounts())
    return [order for history in histories for order in history.orders_of(conversations)]


def folder_title(order: Order) -> str:
    """Return how an order's folder is called: `2026-11-20 Friteuse (o2ppfqa9)`."""
    title = file_name_part(order.title or "", most_bytes=_MOST_BYTES) or _("untitled")
    day = (order.made_at or order.first_seen_at).astimezone(BERLIN).date()
    return f"{day.isoformat()} {title} ({order.id})"


def named_files(capture: StoredCapture) -> list[Named]:
    """Return the files of a capture that people look at: its picture, the page in one file, the photos of an ad."""
    if capture.kind not in {PageKind.CONVERSATION, PageKind.AD} or capture.front is None:
        return []
    when, what = moment_in_name(capture.taken_at), _what(capture)
    pages = [file for file in capture.files if file.role is Role.MHTML]
    named = [Named(when=when, what=what, file=file) for file in dict.fromkeys((capture.front, *pages))]
    photos = (
        [file for file in capture.files if file.role is Role.PART and file.media_type in _PHOTOS]
        if capture.kind is PageKind.AD
        else []
    )
    form = _("{what}, photo {number}")
    return [
        *named,
        *(
            Named(when=when, what=form.format(what=what, number=number), file=file)
            for number, file in enumerate(photos, start=1)
        ),
    ]


def moment_in_name(at: datetime) -> str:
    """Return a moment on a German clock as every name begins with it: `2026-11-22 1004`."""
    return f"{at.astimezone(BERLIN):%Y-%m-%d %H%M}"


def readable_name(names: Names, capture: StoredCapture, orders: Iterable[Order]) -> str | None:
    """Return the readable name of a capture's picture, where it has one."""
    own = [order.id for order in orders if order.conversation == capture.conversation]
    files = named_files(capture)[:1] if own else []
    found = (names.find(order, named) for order in own for named in files)
    return next((name for name in found if name is not None), None)


def _what(capture: StoredCapture) -> str:
    """Say in a few words what a capture shows, as the readers of its day understood it."""
    verdict = _verdict(capture)
    if capture.kind is PageKind.AD:
        words = _("ad, gone") if verdict.get("ad") == "gone" else _("ad")
    else:
        orders = verdict.get("orders") or [{}]
        stage = orders[-1].get("stage")  # the latest deal of the conversation
        words = stage_name(Stage(stage), language=current()) if stage in set(Stage) else _("conversation")
    if capture.reason == Why.PROBLEM and not (verdict.keys() & {"orders", "ad"}):
        words = _("not readable")
    return words if capture.complete else _("{what}, incomplete").format(what=words)


def _verdict(capture: StoredCapture) -> dict[str, Any]:
    try:
        verdict = json.loads(capture.verdict or "{}")
    except ValueError:
        return {}
    return verdict if isinstance(verdict, dict) else {}
