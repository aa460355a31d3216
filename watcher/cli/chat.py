"""The chat of an order, read anew from the archive, for people and for scripts."""

from collections.abc import Iterator

from watcher.app.chat import Chat, archived_chat, nearest
from watcher.bootstrap import House
from watcher.cli.common import moment
from watcher.cli.report import Json, time_json
from watcher.domain.case import Case
from watcher.domain.message import LONGEST_TEXT, Message
from watcher.domain.order import Order
from watcher.texts.language import _, ngettext
from watcher.texts.quote import quoted_words

_EACH_SIDE = 8
"""How many messages are shown before a cancellation, and after it."""


def chat_of(our: House, order: Order) -> Chat | None:
    """Return the chat of an order's conversation as it was last archived."""
    return archived_chat(our.store, our.vault, order, lore=our.lore(order.account))


def chat_lines(chat: Chat | None, order: Order, case: Case | None) -> Iterator[str]:
    """Show the messages around the cancellation, or the latest ones where there was none."""
    if chat is None:
        yield _("No archived page of this conversation shows a message.")
        yield _("Whether all of them can be read, says `stornowacht archive verify`.")
        return
    at = min(order.stage_at, case.opened_at) if case else order.last_seen_at
    shown = chat.messages[nearest(chat.messages, at, each_side=_EACH_SIDE)]
    yield _("Chat, as archived on {at}:").format(at=moment(chat.capture.taken_at))
    for message in shown:
        yield _line(message)
    left = len(chat.messages) - len(shown)
    if left:
        yield "  " + ngettext(
            "{count} more message is in the archive; --json shows all.",
            "{count} more messages are in the archive; --json shows all.",
            left,
        ).format(count=left)


def chat_json(chat: Chat | None) -> Json | None:
    """Return the whole chat, and the capture that it was read from."""
    if chat is None:
        return None
    return {
        "capture": chat.capture.id,
        "taken": time_json(chat.capture.taken_at),
        "messages": [
            {"at": time_json(message.at), "from": _side(message), "text": message.text}
            for message in chat.messages
        ],
    }


def _line(message: Message) -> str:
    who = {"buyer": _("Buyer"), "seller": _("You"), None: "?"}[_side(message)]
    return f"  {moment(message.at):<13} {who + ':':<9} {quoted_words(message.text, limit=LONGEST_TEXT)}"


def _side(message: Message) -> str | None:
    """Return who wrote it; `None` where the page does not tell."""
    return None if message.inbound is None else "buyer" if message.inbound else "seller"
