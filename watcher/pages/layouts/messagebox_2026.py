"""The message box as public client code of February to September 2026 knows it.

No saved page of a logged-in account is public: every selector below comes from code, not from markup.
Sources: EinMelih/Kleinanzeigen-API-unoffical- message.service.ts (2026-03) and another client (2026-02); both agree on
`#conversation-list article`, the rest is single-source, hence several candidates per item.
"""

import re
from datetime import date
from urllib.parse import unquote

from bs4 import Tag

from watcher.pages.layout import Card, Layout, Row, ShownThread
from watcher.pages.page import Page, text_of

LIST = "#conversation-list, [data-testid='conversation-list']"
ROW = "article"
ROW_ID_HOLDER = "input[data-testid]"
ROW_LINK = "a[href*='conversationId']"
ROW_TITLE = "h3"
# The list itself is a section: without `:scope` any span in a row would be "a span in a section".
ROW_BUYER = ":scope header span span"
ROW_PREVIEW = ":scope section span"
THREAD = "[data-testid='conversation-wrapper']"
THREAD_HEADER_LINK = ".ConversationHeader a"
MESSAGE_LIST = ".MessageList"
MESSAGE_TEXT = ".MessageList > li :is(.Message--Text, .MessageListItem--Message)"
REPLY_BOX = ".ReplyBox"
CARD = ".PaymentMessageBox"
CARD_HEADING = "[data-testid='payment-message-header-extended'], header, h3, h4"
BUTTONS = "button, a, [role='button']"

_TITLE_PREFIX = re.compile(r"^(?:Gelöscht|Reserviert|Inaktiv) • ")
_ID_IN_LINK = re.compile(r"conversationId=([^&#]+)")
# The amount stands directly above a card's line, within the same header.
_LEADING_AMOUNT = re.compile(r"^\d[\d.,]* ?€ ?")
_ITEM_PRICE = re.compile(r"\bArtikel\b\D{0,12}?(\d{1,3}(?:\.\d{3})*|\d+)(?:,(\d{2}))? ?€", re.IGNORECASE)


def _identify(page: Page) -> bool:
    return page.has(f":is({LIST}) {ROW}", THREAD)


def _rows(page: Page) -> tuple[Row, ...]:
    container = page.soup.select_one(LIST)
    return tuple(_row(article) for article in container.select(ROW)) if container else ()


def _row(article: Tag) -> Row:
    return Row(
        conversation=_conversation_id(article),
        title=text_of(article.select_one(ROW_TITLE)),
        buyer=text_of(article.select_one(ROW_BUYER)),
        preview=text_of(article.select_one(ROW_PREVIEW)),
    )


def _conversation_id(article: Tag) -> str | None:
    for holder in article.select(ROW_ID_HOLDER):
        value = str(holder.get("data-testid", ""))
        if ":" in value:
            return value
    link = article.select_one(ROW_LINK)
    match = _ID_IN_LINK.search(str(link.get("href", ""))) if link else None
    return unquote(match[1]) if match else None


def _thread(page: Page) -> ShownThread | None:
    wrapper = page.soup.select_one(THREAD)
    if wrapper is None or wrapper.select_one(f"{MESSAGE_LIST}, {REPLY_BOX}") is None:
        return None
    return ShownThread(
        title=_TITLE_PREFIX.sub("", text_of(wrapper.select_one(THREAD_HEADER_LINK))),
        cards=tuple(_card(box) for box in wrapper.select(CARD)),
        messages=_messages(wrapper),
    )


def _messages(wrapper: Tag) -> tuple[str, ...]:
    """Return each message's text. One selection for all: ten thousand messages must not cost ten thousand."""
    outermost: dict[int, Tag] = {}
    for part in wrapper.select(MESSAGE_TEXT):
        outermost.setdefault(id(part.find_parent("li")), part)
    return tuple(text_of(part) for part in outermost.values())


def _card(box: Tag) -> Card:
    heading = box.select_one(CARD_HEADING)
    whole = text_of(box, without=BUTTONS)
    # The heading may itself be a button that folds the card.
    shown = text_of(heading, without=BUTTONS) or text_of(heading)
    return Card(
        heading=_LEADING_AMOUNT.sub("", shown),
        text=whole.removeprefix(shown).strip(),
        amount_cents=_cents(whole),
    )


def _cents(text: str) -> int | None:
    """Return the item's price from a card's rows ("Artikel 50,00 €"); the euro sign may sit in a node of its own."""
    match = _ITEM_PRICE.search(text)
    if match is None:
        return None
    return int(match[1].replace(".", "")) * 100 + int(match[2] or 0)


LAYOUT = Layout(
    name="messagebox_2026", seen=date(2026, 9, 25), identify=_identify, rows=_rows, thread=_thread
)
