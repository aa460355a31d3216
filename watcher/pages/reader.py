"""Two readers, one truth: what the JSON says and what the page shows become one listing and one thread."""

from dataclasses import replace

from watcher.domain.order import SeenOrder
from watcher.domain.reading import Entry, Listing, Problem, ProblemKind, Reach, Thread
from watcher.pages import dom_reader, json_reader
from watcher.pages.deals import agree
from watcher.pages.lore import SHIPPED, Lore
from watcher.pages.page import Page


def read_list(page: Page, reach: Reach = json_reader.TO_THE_END, lore: Lore = SHIPPED) -> Listing | None:
    """Read the conversation list with both readers; `None` when neither could.

    JSON tells roles and how long the list is; rows that only one reader saw are kept. A list that shows rows which the
    JSON does not hold is not complete, whatever the JSON says.
    """
    by_json = json_reader.read_list(page.capture, reach)
    by_dom = dom_reader.read_list(page, lore.layouts)
    if by_json is None and by_dom is None:
        return None
    if by_json is None:
        assert by_dom is not None  # noqa: S101 - narrows the type; the line above decides
        return None if not by_dom.entries else _with_problem(by_dom, ProblemKind.JSON_MISSING)
    if by_dom is None or (by_json.entries and not by_dom.entries):
        # Without entries an empty page is right: a new account has no conversations.
        return by_json if not by_json.entries else _with_problem(by_json, ProblemKind.DOM_MISSING)
    shown = {entry.conversation: entry for entry in by_dom.entries}
    entries = [_merged(entry, shown.pop(entry.conversation, None)) for entry in by_json.entries]
    problems = by_json.problems
    if shown:
        detail = f"{len(shown)} rows are shown that the JSON does not hold"
        problems = (*problems, Problem(kind=ProblemKind.READERS_DISAGREE, detail=detail))
    return replace(
        by_json,
        entries=(*entries, *shown.values()),
        complete=by_json.complete and not shown,
        whole=by_json.whole and not shown,
        problems=problems,
    )


def read_thread(page: Page, lore: Lore = SHIPPED) -> Thread | None:
    """Read one thread with both readers; `None` when neither could.

    Only the JSON tells a purchase of the account's own from a sale.
    """
    by_json = json_reader.read_thread(page.capture, lore.vocabulary)
    by_dom = dom_reader.read_thread(page, lore.layouts, lore.vocabulary)
    if by_json is None and by_dom is None:
        return None
    if by_json is not None and not by_json.selling:
        return by_json
    if by_json is None or by_dom is None:
        alone = by_json or by_dom
        assert alone is not None  # noqa: S101 - narrows the type; the lines above decide
        kind = ProblemKind.JSON_MISSING if by_json is None else ProblemKind.DOM_MISSING
        problem = Problem(kind=kind, conversation=alone.conversation)
        return replace(alone, orders=tuple(_alone(order) for order in alone.orders), problems=(problem,))
    orders, agreed = _joined(by_json.orders, by_dom.orders)
    disagreement = Problem(kind=ProblemKind.READERS_DISAGREE, conversation=by_json.conversation)
    words = tuple(dict.fromkeys((*by_json.words, *by_dom.words)))
    return replace(
        by_json,
        orders=orders,
        words=words,
        messages=by_json.messages or by_dom.messages,
        problems=() if agreed else (disagreement,),
    )


def _joined(
    by_json: tuple[SeenOrder, ...], by_dom: tuple[SeenOrder, ...]
) -> tuple[tuple[SeenOrder, ...], bool]:
    """Pair the deals of both readers from the latest back: the page shows no ids, but it shows them in order."""
    pairs = list(zip(reversed(by_json), reversed(by_dom), strict=False))
    merged = [agree(one, other) for one, other in pairs]
    rest = [
        _alone(order)
        for order in (*by_json[: len(by_json) - len(pairs)], *by_dom[: len(by_dom) - len(pairs)])
    ]
    agreed = all(same for _, same in merged) and not rest
    return (*rest, *(order for order, _ in reversed(merged))), agreed


def _alone(order: SeenOrder) -> SeenOrder:
    return replace(order, confidence=order.confidence.lowered())


def _merged(entry: Entry, shown: Entry | None) -> Entry:
    if shown is None:
        return entry
    preview = entry.preview or (shown.preview if entry.selling else None)
    return replace(entry, at=entry.at or shown.at, preview=preview, marks={**entry.marks, **shown.marks})


def _with_problem(listing: Listing, kind: ProblemKind) -> Listing:
    return replace(listing, problems=(*listing.problems, Problem(kind=kind)))
