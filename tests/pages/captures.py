"""Captures without a browser: the shop's own JSON, and HTML built after the published selectors."""

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from html import escape
from typing import Any

from hypothesis import settings

from fixtures.shop import Ad, Deal
from fixtures.shop.answers import conversation, conversation_list
from watcher.domain.capture import Body, Capture, PageKind
from watcher.pages.page import Page, parse

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
BASE = "https://www.kleinanzeigen.example"
BOX = "https://gateway.kleinanzeigen.example/messagebox/api/users/48151623/conversations"
MARKER = '<span id="user-email">angemeldet als: marlene@beispiel.example</span>'
CONVERSATION = "5p123:456dfzm:7ptv8t9bk"
steady = settings(derandomize=True, deadline=None, max_examples=60)
"""The same examples in every run, however slow the machine is."""

Json = dict[str, Any]


def capture(
    html: str = "",
    *bodies: Body,
    conversation: str | None = None,
    status: int | None = 200,
    final_url: str = BASE + "/m-nachrichten.html",
    failure: str | None = None,
) -> Capture:
    return Capture(
        id="capture",
        account="main",
        kind=PageKind.CONVERSATION_LIST if conversation is None else PageKind.CONVERSATION,
        conversation=conversation,
        taken_at=NOW,
        url=BASE + "/m-nachrichten.html",
        final_url=final_url,
        status=status,
        html=html,
        bodies=bodies,
        failure=failure,
    )


def page(html: str = "", *bodies: Body, **known: Any) -> Page:
    return parse(capture(html, *bodies, **known))


# --- the list


def list_body(content: object, *, number: int = 0, status: int = 200) -> Body:
    return Body(url=f"{BOX}?page={number}&size=25", status=status, content=as_bytes(content))


def list_answer(deals: Sequence[Deal], *, number: int = 0, size: int = 25) -> Json:
    return conversation_list(deals, page=number, size=size, base_url=BASE)


def list_bodies(deals: Sequence[Deal], *, size: int = 25) -> tuple[Body, ...]:
    """All pages of the list."""
    return tuple(
        list_body(list_answer(deals, number=number, size=size), number=number)
        for number in range(-(-len(deals) // size) or 1)
    )


def row_html(
    conversation: str,
    *,
    title: str = "Lampe",
    buyer: str = "Jonte",
    preview: str = "Hallo",
    date: str = "Heute 14:21",
) -> str:
    return (
        f'<article class="ConversationListItem"><label><input type="checkbox" data-testid="{escape(conversation)}">'
        f"</label><header><span><span>{escape(buyer)}</span></span><span>{date}</span></header>"
        f"<h3>{escape(title)}</h3><section><span>{escape(preview)}</span></section></article>"
    )


def list_html(*rows: str) -> str:
    everything = '<div><label><input type="checkbox" data-testid="select-all"> Alle auswählen</label></div>'
    return f'{MARKER}<section id="conversation-list">{everything}{"".join(rows)}</section>'


def shown_list(deals: Iterable[Deal]) -> str:
    """The list's HTML for these deals."""
    entries = list_answer(list(deals), size=10_000)["conversations"]
    return list_html(
        *(
            row_html(
                entry["id"],
                title=entry["adTitle"],
                buyer=entry["buyerName"],
                preview=entry["textShortTrimmed"],
            )
            for entry in entries
        )
    )


# --- one thread


def deal(*steps: str, **known: Any) -> Deal:
    """A deal in which these events of the shop's table happened, an hour apart, the last one now."""
    known = {"carrier": "DHL", **known}
    times = [NOW - timedelta(hours=len(steps) - 1 - number) for number in range(len(steps))]
    return Deal(
        id="probe",
        ad=Ad(title="Stehlampe", price_cents=3800),
        buyer="Jonte",
        steps=list(zip(steps, times, strict=True)),
        **known,
    )


def thread_answer(of: Deal) -> Json:
    return conversation(of, base_url=BASE)


def thread_body(content: object, conversation: str = CONVERSATION, *, status: int = 200) -> Body:
    return Body(url=f"{BOX}/{conversation}?contentWarnings=true", status=status, content=as_bytes(content))


def answer(*messages: Json, **fields: object) -> Json:
    """A conversation that says only what a test is about."""
    return {"id": CONVERSATION, "role": "Seller", "messages": list(messages), **fields}


def item(event: str, *, hour: int = 0, **fields: object) -> Json:
    """One payment item; the types of the facts carry their suffix already."""
    return {
        "messageId": f"m{hour}",
        "type": "PAYMENT_AND_SHIPPING_MESSAGE",
        "paymentAndShippingMessageType": event,
        "receivedDate": f"2026-11-21T{hour:02d}:00:00.000+0100",
        **fields,
    }


def card_html(heading: str, text: str = "", *, amount: str = "", rows: str = "", buttons: str = "") -> str:
    total = f"<span><span>{amount}</span>\u00a0<span>€</span></span>" if amount else ""
    return (
        '<li><section class="PaymentMessageBox"><header data-testid="payment-message-header-extended">'
        f"{total}<h4>{heading}</h4></header><p>{text}</p>{rows}{buttons}</section></li>"
    )


def message_html(text: str) -> str:
    return (
        '<li><div class="MessageListItem" data-testid="INBOUND"><div class="MessageListItem--Message">'
        f'<span class="Message--Text">{text}</span></div><span class="MessageListItem-Date">Heute</span></div></li>'
    )


def thread_html(*items: str, title: str = "Reserviert • Stehlampe", marker: str = MARKER) -> str:
    return (
        f'{marker}<div data-testid="conversation-wrapper"><header class="ConversationHeader"><a href="/zur-anzeige/3">'
        f'{title}</a></header><ul class="MessageList">{"".join(items)}</ul>'
        '<form class="ReplyBox"><button data-testid="submit-button">Senden</button></form></div>'
    )


def shown_thread(of: Deal) -> str:
    """The thread's HTML for this deal, as its JSON says."""
    shown = []
    for found in thread_answer(of)["messages"]:
        if "paymentAndShippingMessageType" in found:
            buttons = "".join(f"<button>{action['ctaText']}</button>" for action in found["actions"])
            shown.append(card_html(found["title"], found["text"], buttons=buttons))
        else:
            shown.append(message_html(escape(found["textShort"])))
    return thread_html(*shown)


def thread_page(content: object = None, html: str = "", **known: Any) -> Page:
    """An opened conversation: its JSON answer, if there is one, and what the page shows."""
    bodies = () if content is None else (thread_body(content),)
    return page(html, *bodies, conversation=CONVERSATION, **known)


def opened(of: Deal, *, html: str | None = None) -> Page:
    """The page of a whole deal, both readers in agreement unless the HTML says otherwise."""
    body = thread_body(thread_answer(of), of.conversation_id)
    return page(shown_thread(of) if html is None else html, body, conversation=of.conversation_id)


def as_bytes(content: object) -> bytes:
    return content if isinstance(content, bytes) else json.dumps(content).encode()
