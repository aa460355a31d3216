"""What a page shows at the places that a layout's selectors name."""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote

from watcher.pages.page import Page, text_of
from watcher.pages.selectors import Selectors

if TYPE_CHECKING:
    from bs4 import Tag

_TITLE_PREFIX = re.compile(r"^(?:Gelöscht|Reserviert|Inaktiv) • ")
_ID_IN_LINK = re.compile(r"conversationId=([^&#]+)")
# The amount stands directly above a card's line, within the same header.
_LEADING_AMOUNT = re.compile(r"^\d[\d.,]* ?€ ?")
_ITEM_PRICE = re.compile(r"\bArtikel\b\D{0,12}?(\d{1,3}(?:\.\d{3})*|\d+)(?:,(\d{2}))? ?€", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of the conversation list as the page shows it."""

    conversation: str | None
    title: str
    buyer: str
    preview: str
    date: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One payment card of a thread as the page shows it, without its buttons."""

    heading: str
    text: str
    amount_cents: int | None
    date: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownMessage:
    """One message of a thread as the page shows it."""

    text: str
    date: str = ""
    inbound: bool | None = None
    """Whether the page marks it as the other person's; `None` where it marks neither, or both."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownThread:
    """One open thread as the page shows it."""

    title: str
    cards: tuple[Card, ...]
    messages: tuple[ShownMessage, ...]


def rows(page: Page, selectors: Selectors) -> tuple[Row, ...]:
    """Return the rows of the conversation list; none where the page has no list."""
    container = page.soup.select_one(selectors.list)
    return tuple(_row(row, selectors) for row in container.select(selectors.row)) if container else ()


def thread(page: Page, selectors: Selectors) -> ShownThread | None:
    """Return the open thread; `None` where there is none, or it has not loaded."""
    wrapper = page.soup.select_one(selectors.thread)
    if wrapper is None or wrapper.select_one(f"{selectors.message_list}, {selectors.reply_box}") is None:
        return None
    return ShownThread(
        title=_TITLE_PREFIX.sub("", text_of(wrapper.select_one(selectors.thread_title))),
        cards=tuple(_card(box, selectors) for box in wrapper.select(selectors.card)),
        messages=_messages(wrapper, selectors),
    )


def _row(row: "Tag", selectors: Selectors) -> Row:
    return Row(
        conversation=_conversation_id(row, selectors),
        title=text_of(row.select_one(selectors.row_title)),
        buyer=text_of(row.select_one(selectors.row_buyer)),
        preview=text_of(row.select_one(selectors.row_preview)),
        date=text_of(row.select_one(selectors.row_date)),
    )


def _conversation_id(row: "Tag", selectors: Selectors) -> str | None:
    for holder in row.select(selectors.row_id):
        value = str(holder.get("data-testid", ""))
        if ":" in value:
            return value
    link = row.select_one(selectors.row_link)
    match = _ID_IN_LINK.search(str(link.get("href", ""))) if link else None
    return unquote(match[1]) if match else None


def _messages(wrapper: "Tag", selectors: Selectors) -> tuple[ShownMessage, ...]:
    """Return each message. One selection of a kind for all: ten thousand messages must not cost ten thousand."""
    outermost: dict[int, Tag] = {}
    for part in wrapper.select(selectors.message):
        outermost.setdefault(_item_of(part), part)
    dates: dict[int, Tag] = {}
    for part in wrapper.select(selectors.message_date):
        dates.setdefault(_item_of(part), part)
    inbound = {_item_of(part) for part in wrapper.select(selectors.inbound)}
    outbound = {_item_of(part) for part in wrapper.select(selectors.outbound)}
    return tuple(
        ShownMessage(
            text=text_of(part),
            date=text_of(dates.get(item)),
            inbound=None if (item in inbound) is (item in outbound) else item in inbound,
        )
        for item, part in outermost.items()
    )


def _item_of(part: "Tag") -> int:
    """Return what names the list item that holds the part, or that it is."""
    return id(part if part.name == "li" else part.find_parent("li"))


def _card(box: "Tag", selectors: Selectors) -> Card:
    heading = box.select_one(selectors.card_heading)
    whole = text_of(box, without=selectors.buttons)
    # The heading may itself be a button that folds the card.
    shown = text_of(heading, without=selectors.buttons) or text_of(heading)
    item = box.find_parent("li")
    return Card(
        heading=_LEADING_AMOUNT.sub("", shown),
        text=whole.removeprefix(shown).strip(),
        amount_cents=_cents(whole),
        date=text_of(item.select_one(selectors.message_date)) if item else "",
    )


def _cents(text: str) -> int | None:
    """Return the item's price from a card's rows ("Artikel 50,00 €"); the euro sign may sit in a node of its own."""
    match = _ITEM_PRICE.search(text)
    if match is None:
        return None
    return int(match[1].replace(".", "")) * 100 + int(match[2] or 0)
