"""The second reader: the page as a person sees it."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import sha256

from watcher.domain.message import LONGEST_TEXT, Message
from watcher.domain.reading import Entry, Listing, Problem, ProblemKind, Thread
from watcher.domain.wording import Word, WordKind
from watcher.pages.dates import moment_of
from watcher.pages.deals import Item, group, seen_order, words_of
from watcher.pages.layout import Layout, shown_rows, shown_thread
from watcher.pages.page import Page
from watcher.pages.shown import Card, ShownMessage
from watcher.pages.wording import SHIPPED, Vocabulary, heading_token, meaning_of_words


def read_list(page: Page, own: Sequence[Layout] = ()) -> Listing | None:
    """Read the rows of the conversation list; `None` when no layout knows the page.

    The page does not say how many rows there are, so a list read from the DOM alone is never complete.
    """
    rows = shown_rows(page, own)
    if rows is None:
        return None
    entries: dict[str, Entry] = {}
    problems = []
    for row in rows:
        if row.conversation is None:
            problems.append(
                Problem(kind=ProblemKind.LIST_INCOMPLETE, detail="a row shows no conversation id")
            )
            continue
        mark = sha256(json.dumps([row.title, row.preview]).encode()).hexdigest()
        entries[row.conversation] = Entry(
            conversation=row.conversation,
            selling=True,  # the row does not show the role; opening a purchase's thread costs little, missing a sale a lot
            title=row.title or None,
            buyer=row.buyer or None,
            at=moment_of(row.date, now=page.capture.taken_at),
            preview=row.preview or None,
            marks={"dom": mark},
        )
    return Listing(entries=tuple(entries.values()), complete=False, problems=tuple(problems))


def read_thread(page: Page, own: Sequence[Layout] = (), vocabulary: Vocabulary = SHIPPED) -> Thread | None:
    """Read the open thread; `None` when no layout knows the page or the thread is not there."""
    shown = shown_thread(page, own)
    if shown is None:
        return None
    conversation = page.capture.conversation or ""
    items = [_item(card, vocabulary, now=page.capture.taken_at) for card in shown.cards]
    orders = tuple(
        replace(seen_order(deal, conversation), title=shown.title or None) for deal in group(items)
    )
    told = [[card.heading, card.text] for card in shown.cards] + [
        [message.text] for message in shown.messages
    ]
    return Thread(
        conversation=conversation,
        orders=orders,
        digest=sha256(json.dumps(told).encode()).hexdigest(),
        words=words_of(items),
        card_times=tuple(item.at for item in items),
        messages=tuple(
            _message(message, now=page.capture.taken_at) for message in shown.messages if message.text
        ),
    )


def _message(message: ShownMessage, *, now: datetime) -> Message:
    return Message(
        at=moment_of(message.date, now=now), inbound=message.inbound, text=message.text[:LONGEST_TEXT]
    )


def _item(card: Card, vocabulary: Vocabulary, *, now: datetime) -> Item:
    meaning = meaning_of_words(card.heading, card.text, vocabulary)
    name = heading_token(card.heading) or "CARD_WITHOUT_HEADING"
    return Item(
        meaning=meaning,
        name=name,
        word=Word(kind=WordKind.HEADING, token=name, stage=meaning.stage, confidence=meaning.confidence),
        at=moment_of(card.date, now=now),
        text=f"{card.heading} {card.text}",
        amount_cents=card.amount_cents,
    )
