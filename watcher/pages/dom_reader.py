"""The second reader: the page as a person sees it."""

import json
from dataclasses import replace
from hashlib import sha256

from watcher.domain.reading import Entry, Listing, Problem, ProblemKind, Thread
from watcher.pages.deals import Item, group, seen_order
from watcher.pages.layout import Card, identify
from watcher.pages.page import Page
from watcher.pages.wording import meaning_of_words

_LONGEST_HEADING = 80


def read_list(page: Page) -> Listing | None:
    """Read the rows of the conversation list; `None` when no layout knows the page.

    The page does not say how many rows there are, so a list read from the DOM alone is never complete.
    """
    layout = identify(page)
    if layout is None:
        return None
    entries: dict[str, Entry] = {}
    problems = []
    for row in layout.rows(page):
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
            marks={"dom": mark},
        )
    return Listing(entries=tuple(entries.values()), complete=False, problems=tuple(problems))


def read_thread(page: Page) -> Thread | None:
    """Read the open thread; `None` when no layout knows the page or the thread is not there."""
    layout = identify(page)
    shown = layout.thread(page) if layout else None
    if shown is None:
        return None
    conversation = page.capture.conversation or ""
    orders = tuple(
        replace(seen_order(deal, conversation), title=shown.title or None)
        for deal in group([_item(card) for card in shown.cards])
    )
    told = [[card.heading, card.text] for card in shown.cards] + [[message] for message in shown.messages]
    return Thread(
        conversation=conversation, orders=orders, digest=sha256(json.dumps(told).encode()).hexdigest()
    )


def _item(card: Card) -> Item:
    return Item(
        meaning=meaning_of_words(card.heading, card.text),
        name=card.heading[:_LONGEST_HEADING] or "CARD_WITHOUT_HEADING",
        text=f"{card.heading} {card.text}",
        amount_cents=card.amount_cents,
    )
