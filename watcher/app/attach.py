"""Adding files to an order: copied, hashed, typed by what they hold, never changed."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from watcher.app.attachments import Attachment, Attachments
from watcher.app.ports import Store
from watcher.crash_points import crash_point
from watcher.domain.order import Order
from watcher.errors import StornowachtError


@dataclass(frozen=True, slots=True, kw_only=True)
class Attached:
    """What became of a file."""

    attachment: Attachment
    is_new: bool
    """Whether it was not there before, byte by byte."""
    followed: Path | None = None
    """Where a symbolic link led; `None`: it was none."""


def attach(
    store: Store,
    attachments: Attachments,
    order: Order,
    file: Path,
    *,
    largest: int,
    clock: Callable[[], datetime],
    new_id: Callable[[], str],
    new_salt: Callable[[], str],
) -> Attached:
    """Add a file to an order.

    1. It is copied before the transaction begins: a large one must not hold up a check.
    2. The same bytes a second time are not stored again, whatever the file is called now.
    3. Its place in the vault, its row and its ledger line become durable together.

    Raises:
        UsageError: it is no regular file, is empty or too large, or cannot be read.
        StorageError: it cannot be written; nothing of it stays.
    """
    with (
        attachments.take_in(file, largest=largest) as incoming,
        _all_or_nothing(store, attachments) as settled,
        store.writing() as writing,
    ):
        crash_point("attachment_copied")
        known = next((one for one in attachments.of(order.id) if one.sha256 == incoming.sha256), None)
        if known is not None:
            return Attached(attachment=known, is_new=False, followed=incoming.followed)
        settled.append(attachments.settle(incoming))
        crash_point("attachment_settled")
        attachment = Attachment(
            id=new_id(),
            order=order.id,
            at=clock(),
            name=incoming.name,
            media_type=incoming.media_type,
            path=settled[0],
            sha256=incoming.sha256,
            size=incoming.size,
            salt=new_salt(),
        )
        writing.record(
            "attachment_added",
            at=attachment.at,
            account=order.account,
            order=order.id,
            attachment=attachment.id,
            sha256=attachment.sha256,
            size=attachment.size,
            name=attachments.add(attachment),
        )
    return Attached(attachment=attachment, is_new=True, followed=incoming.followed)


@contextmanager
def _all_or_nothing(store: Store, attachments: Attachments) -> Iterator[list[str]]:
    """Take a file out of the vault again whose row could not be written; under the lock, for others may keep it, too."""
    settled: list[str] = []
    try:
        yield settled
    except BaseException:
        with suppress(StornowachtError), store.writing():
            for path in settled:
                attachments.take_back(path)
        raise
