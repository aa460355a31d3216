"""Conversations with something at stake that the whole list had no more: deleted, most likely.

Nobody can open them, so a check that does not read the list to its end leaves them alone. Otherwise every such check would
meet a page without a conversation and call it a gap, and each one that does read the whole list would take that back.
"""

import json
from collections.abc import Iterable

from watcher.app.ports import Store, Writing
from watcher.domain.reading import Reading

_NAME = "absent:{account}"


def absent_conversations(store: Store, account: str) -> frozenset[str]:
    """Return those that are absent as far as anybody knows; what cannot be read is forgotten, and learnt anew."""
    try:
        told = json.loads(store.remembered(_NAME.format(account=account)) or "[]")
    except (ValueError, RecursionError):
        return frozenset()
    return (
        frozenset(name for name in told if isinstance(name, str)) if isinstance(told, list) else frozenset()
    )


def keep_absences(writing: Writing, store: Store, reading: Reading, at_hand: Iterable[str]) -> None:
    """Remember which conversations `at_hand` the whole list lacks; one that is listed or opened again is there.

    A list that was not read to its end says nothing of what it does not show.
    """
    if reading.listing is None:
        return
    before = absent_conversations(store, reading.account)
    there = {entry.conversation for entry in reading.listing.entries}
    there.update(thread.conversation for thread in reading.threads)
    now = (frozenset(at_hand) if reading.listing.whole else before) - there
    if now != before:
        writing.save_remembered(_NAME.format(account=reading.account), json.dumps(sorted(now)))
