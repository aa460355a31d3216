"""What people wrote to each other, among the items of a conversation's JSON.

Shape of a plain item (bkd3sign/kleinanzeigen-bot-ui src/types/message.ts): `type` MESSAGE, `boundness` INBOUND or OUTBOUND,
`textShort`, the whole text in `unichatMessage.payload.content.text`. Items without any text occur.
"""

from collections.abc import Iterable
from datetime import datetime

from watcher.domain.message import LONGEST_TEXT, Message
from watcher.pages.fields import Fields, as_fields, as_name, as_text

PAYMENT_ITEM = "PAYMENT_AND_SHIPPING_MESSAGE"
_RATING_ITEM = "INTERACTION_RATING"
_ORDINARY_ITEMS = {"MESSAGE", _RATING_ITEM}
_DIRECTIONS = {"INBOUND": True, "OUTBOUND": False}


def is_from_person(item: Fields) -> bool:
    """Whether an item is what people or the rating service wrote, not an event of the payment."""
    if as_text(item.get("paymentAndShippingMessageType")) is not None:
        return False
    kind = _kind(item)
    return kind in _ORDINARY_ITEMS or (kind != PAYMENT_ITEM and as_text(item.get("boundness")) is not None)


def said(items: Iterable[tuple[Fields, datetime | None]]) -> tuple[Message, ...]:
    """Return the messages among the items of a conversation, each with its time, in their order."""
    return tuple(
        Message(at=at, inbound=is_inbound(item), text=text)
        for item, at in items
        if is_from_person(item) and _kind(item) != _RATING_ITEM and (text := _text_of(item))
    )


def _text_of(item: Fields) -> str:
    """Return what a message says in one line: its whole text, else the short form that the list shows, too."""
    content = as_fields(as_fields(as_fields(item.get("unichatMessage")).get("payload")).get("content"))
    text = as_name(content.get("text")) or as_name(item.get("textShort")) or ""
    return text[:LONGEST_TEXT]


def _kind(item: Fields) -> str:
    return as_text(item.get("type")) or ""


def is_inbound(item: Fields) -> bool | None:
    """Whether the other person wrote an item, or the last one of a row of the list; `None` where it does not say."""
    return _DIRECTIONS.get((as_text(item.get("boundness")) or "").upper())
