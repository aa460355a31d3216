"""What two people wrote to each other, read anew from the evidence: messages are kept nowhere else."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from watcher.app.archive import StoredCapture
from watcher.app.ports import Store, Vault
from watcher.app.understanding import understand
from watcher.domain.message import Message
from watcher.domain.order import Order
from watcher.errors import StorageError
from watcher.pages.lore import Lore


@dataclass(frozen=True, slots=True, kw_only=True)
class Chat:
    """The messages of a conversation, and the capture that they were read from."""

    capture: StoredCapture
    messages: tuple[Message, ...]


def archived_chat(store: Store, vault: Vault, order: Order, *, lore: Lore) -> Chat | None:
    """Return the chat as the latest archived capture of an order's thread shows it; `None` where none shows any.

    A capture whose files cannot be read is passed over: `archive verify` names it.
    """
    captures = store.captures(account=order.account, conversation=order.conversation)
    for stored in reversed(captures):
        try:
            capture = vault.capture(stored)
        except StorageError:
            continue
        thread = understand(capture, lore=lore).thread
        if thread is not None and thread.messages:
            return Chat(capture=stored, messages=thread.messages)
    return None


def nearest(messages: Sequence[Message], at: datetime, *, each_side: int) -> slice:
    """Return which messages, in their order, stand around a moment: at most so many before it, and as many after it.

    A message without a time stands where the page shows it.
    """
    before = [
        number for number, message in enumerate(messages) if message.at is not None and message.at <= at
    ]
    middle = before[-1] + 1 if before else 0
    if not any(message.at for message in messages):
        middle = len(messages)
    return slice(max(0, middle - each_side), middle + each_side)
