"""The first reader: the JSON answers that the page itself received."""

import json
import re
from dataclasses import replace
from datetime import datetime
from hashlib import sha256

from watcher.domain.capture import Capture
from watcher.domain.confidence import Confidence
from watcher.domain.order import SeenOrder
from watcher.domain.reading import Entry, Listing, Problem, ProblemKind, Reach, Thread
from watcher.domain.stage import Stage, furthest
from watcher.domain.wording import Word, WordKind
from watcher.pages.addresses import is_list_answer, is_thread_answer, page_number
from watcher.pages.chat import is_from_person, is_inbound, said
from watcher.pages.deals import Item, group, seen_order, words_of
from watcher.pages.fields import (
    Fields,
    as_cents,
    as_fields,
    as_flag,
    as_id,
    as_items,
    as_mark,
    as_name,
    as_text,
    as_time,
    first,
    parse_object,
)
from watcher.pages.wording import (
    SHIPPED,
    Meaning,
    Vocabulary,
    meaning_of_type,
    meaning_of_words,
    plain_text,
    type_token,
)

_ALARMING = {Stage.CANCELLED, Stage.REFUNDED, Stage.DISPUTED}
_OK = 200


TO_THE_END = Reach()


def read_list(capture: Capture, reach: Reach = TO_THE_END) -> Listing | None:
    """Read the conversation list; `None` when the page received no readable list.

    The list is whole when it holds as many conversations as its own `_meta.numFound` says, and complete when it goes
    down as far as `reach` asks. Offsets shift while new messages arrive, so pages are joined by conversation id.
    """
    bodies = [body for body in capture.bodies if is_list_answer(body.url) and body.status == _OK]
    bodies.sort(key=lambda body: page_number(body.url))
    pages = [
        (page_number(body.url), answer)
        for body in bodies
        if "conversations" in (answer := parse_object(body.content))
    ]
    answers = [answer for _, answer in pages]
    if not any(isinstance(answer["conversations"], list) for answer in answers):
        return None
    entries: dict[str, Entry] = {}
    problems: list[Problem] = []
    for number in _lacking(capture, {number for number, _ in pages}):
        detail = f"page {number} of the list did not come, or cannot be read"
        problems.append(Problem(kind=ProblemKind.LIST_INCOMPLETE, detail=detail))
    for row in (row for answer in answers for row in as_items(answer["conversations"])):
        entry = _entry(as_fields(row))
        if entry is None:
            problems.append(Problem(kind=ProblemKind.LIST_INCOMPLETE, detail="a row has no conversation id"))
        else:
            entries[entry.conversation] = entry
    totals = [as_cents(as_fields(answer.get("_meta")).get("numFound")) for answer in answers]
    found = max((total for total in totals if total is not None), default=None)
    if found is None:
        problems.append(
            Problem(kind=ProblemKind.LIST_INCOMPLETE, detail="the list does not say how long it is")
        )
    elif not reach.is_met_by(tuple(entries.values()), found):
        problems.append(Problem(kind=ProblemKind.LIST_INCOMPLETE, detail=f"{len(entries)} of {found} rows"))
    return Listing(
        entries=tuple(entries.values()),
        complete=not problems,
        whole=not problems and found is not None and len(entries) >= found,
        total=found,
        problems=tuple(problems),
    )


def _lacking(capture: Capture, read: set[int]) -> list[int]:
    """Return the pages that are lacking above the last one that was read: what stood there may have changed."""
    urls = (*(body.url for body in capture.bodies), *capture.lost_bodies)
    first = min(page_number(url) for url in urls if is_list_answer(url))
    return sorted(set(range(first, max(read))) - read)


def read_thread(capture: Capture, vocabulary: Vocabulary = SHIPPED) -> Thread | None:
    """Read one conversation; `None` when the page received no readable answer for it."""
    conversation = capture.conversation or ""
    for body in reversed(capture.bodies):
        if body.status == _OK and is_thread_answer(body.url, conversation):
            answer = parse_object(body.content)
            if _has_messages(answer):
                return _thread(answer, conversation, vocabulary)
    return None


def _has_messages(answer: Fields) -> bool:
    """Whether the answer holds messages as we know them: of none at all, or of things without a type, nothing is said."""
    messages = answer.get("messages")
    if not isinstance(messages, list):
        return False
    return not messages or any(as_text(as_fields(message).get("type")) for message in messages)


def _thread(answer: Fields, conversation: str, vocabulary: Vocabulary) -> Thread:
    messages = [as_fields(message) for message in answer["messages"]]
    times = [as_time(message.get("receivedDate")) for message in messages]
    if None not in times:
        order = sorted(range(len(messages)), key=lambda index: (times[index], index))
        messages, times = [messages[index] for index in order], [times[index] for index in order]
    items = [
        item
        for message, at in zip(messages, times, strict=True)
        if (item := _item(message, at, vocabulary)) is not None
    ]
    orders = [_dressed(seen_order(deal, conversation), answer) for deal in group(items)]
    analytics = as_fields(answer.get("paymentAnalyticsData"))
    if orders and analytics:
        orders = _with_analytics(orders, analytics)
    selling = _is_selling(answer)
    return Thread(
        conversation=conversation,
        orders=tuple(orders) if selling else (),
        selling=selling,
        digest=_digest(messages, analytics),
        words=words_of(items) if selling else (),
        messages=said(zip(messages, times, strict=True)) if selling else (),
        card_times=tuple(item.at for item in items) if selling else (),
        buyer_since=as_time(answer.get("buyerRegistrationDate")) if selling else None,
    )


def _item(message: Fields, at: datetime | None, vocabulary: Vocabulary) -> Item | None:
    """Return the payment item that a message is; `None` for what people or the rating service wrote."""
    if is_from_person(message):
        return None
    kind = as_text(message.get("type")) or ""
    event_type = as_text(message.get("paymentAndShippingMessageType"))
    heading = as_text(message.get("title")) or ""
    text = as_text(message.get("text")) or as_text(message.get("textShort")) or ""
    places = [message, *(as_fields(action) for action in as_items(message.get("actions")))]
    offered = first(places, "offeredPriceInEuroCent", as_cents)
    carrier = first(places, "carrierId", as_text) or first(places, "carrierName", as_text)
    shipping = (first(places, "shippingType", as_text) or "").upper()
    ids = (as_id(place.get(key)) for key in ("offerId", "negotiationId", "paymentId") for place in places)
    meaning = _meaning(event_type or kind, heading, text, vocabulary)
    name = type_token(event_type or kind or "ITEM_WITHOUT_TYPE")
    return Item(
        meaning=meaning,
        name=name,
        word=Word(kind=WordKind.TYPE, token=name, stage=meaning.stage, confidence=meaning.confidence),
        ids=frozenset(found for found in ids if found is not None),
        at=at,
        active=as_flag(message.get("active")),
        text=plain_text(f"{heading} {text}"),
        amount_cents=first(places, "itemPriceInEuroCent", as_cents) if offered is None else offered,
        carrier=_carrier(carrier),
        pickup=True if "PICKUP" in shipping or "PICK_UP" in shipping else None,
        shipping_option=first(places, "shippingOptionName", as_name),
        liability_cents=first(places, "liabilityLimitInEuroCent", as_cents),
    )


def _meaning(event_type: str, heading: str, text: str, vocabulary: Vocabulary) -> Meaning:
    meaning = meaning_of_type(event_type, vocabulary)
    if meaning.is_unknown and event_type.upper() not in vocabulary.types:
        by_words = meaning_of_words(heading, text, vocabulary)
        if by_words.stage in _ALARMING:
            return (
                by_words  # the type is new to us, its words are not: alarm now, and say how little is known
            )
    return meaning


def _dressed(order: SeenOrder, answer: Fields) -> SeenOrder:
    price = as_cents(answer.get("adPriceInEuroCent"))
    return replace(
        order,
        title=as_name(answer.get("adTitle")),
        buyer=as_name(answer.get("buyerName")),
        ad_id=as_id(answer.get("adId")),
        amount_cents=price if order.amount_cents is None else order.amount_cents,
        buyer_since=as_time(answer.get("buyerRegistrationDate")),
    )


def _with_analytics(orders: list[SeenOrder], analytics: Fields) -> list[SeenOrder]:
    """Add what the thread says about its payment to the deal that it belongs to.

    1. The deal is the one that shares an id; else the latest one, unless that is over and has other ids.
    2. A payment id is there if and only if the buyer has paid (tomorrowflow/kleinanzeigen-bot docs/MESSAGEBOX.md).
    """
    offer, payment = as_id(analytics.get("offerId")), as_id(analytics.get("paymentId"))
    named = {found for found in (offer, payment) if found is not None}
    latest = len(orders) - 1
    index = next((i for i, order in enumerate(orders) if named & order.deal_ids), latest)
    if index == latest and orders[latest].stage.is_ended and not named & orders[latest].deal_ids:
        return orders
    carrier = _carrier(as_text(analytics.get("carrier")))
    order = replace(
        orders[index], deal_ids=orders[index].deal_ids | named, carrier=orders[index].carrier or carrier
    )
    if payment:
        order = replace(order, reached=furthest(order.reached, Stage.PAID))
        if order.stage in {Stage.REQUESTED, Stage.AWAITING_PAYMENT}:
            order = replace(order, stage=Stage.PAID, confidence=Confidence.LIKELY)
    return [*orders[:index], order, *orders[index + 1 :]]


def _entry(row: Fields) -> Entry | None:
    conversation = as_id(row.get("id"))
    if conversation is None:
        return None
    watched = ("receivedDate", "textShortTrimmed", "adStatus", "adTitle", "userActionRequired")
    mark = sha256(json.dumps([as_mark(row.get(key)) for key in watched]).encode()).hexdigest()
    selling = _is_selling(row)
    return Entry(
        conversation=conversation,
        selling=selling,
        title=as_name(row.get("adTitle")),
        buyer=as_name(row.get("buyerName")),
        ad_id=as_id(row.get("adId")),
        at=as_time(row.get("receivedDate")),
        inbound=is_inbound(row) if (as_text(row.get("role")) or "").lower() == "seller" else None,
        preview=as_name(row.get("textShortTrimmed")) if selling else None,
        marks={"json": mark},
    )


def _is_selling(row: Fields) -> bool:
    """Whether the account sells here; sources show both `Buyer` and `BUYER`, and an unreadable role counts as selling."""
    return (as_text(row.get("role")) or "").lower() != "buyer"


def _digest(messages: list[Fields], analytics: Fields) -> str:
    """Return a hash of what the thread says; whether a message was viewed is not part of it."""
    watched = ("messageId", "type", "paymentAndShippingMessageType", "title", "text", "textShort", "active")
    told = [[as_mark(message.get(key)) for key in watched] for message in messages]
    told.append(sorted(f"{key}={as_mark(value)}" for key, value in analytics.items()))
    return sha256(json.dumps(told).encode()).hexdigest()


_CARRIER = re.compile(r"(DHL|HERMES|DPD|GLS|UPS|DEUTSCHE.?POST|FEDEX)", re.IGNORECASE)


def _carrier(name: str | None) -> str | None:
    """Return a carrier's short name from `HERMES`, `HERMES_002`, `DHL Paket` ..."""
    match = _CARRIER.search(name or "")
    return match[1].lower().replace("_", " ").replace(" ", "-") if match else None
