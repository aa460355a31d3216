"""Conversations with something at stake that the last whole list lacked: deleted, most likely.

Each is asked for by its address all the same: a list may be wrong, and a cancellation must not wait until it is right. Where
the site then says that there is no such conversation, nothing is left to be read, and that is no gap.
"""

import json
from collections.abc import Iterable

from watcher.app.ports import Store, Writing
from watcher.domain.reading import Reading

_NAME = "lacked:{account}"


def lacked_conversations(store: Store, account: str) -> frozenset[str]:
    """Return them; what was remembered and cannot be read is forgotten, and learnt anew."""
    try:
        told = json.loads(store.remembered(_NAME.format(account=account)) or "[]")
    except (ValueError, RecursionError):
        return frozenset()
    return (
        frozenset(name for name in told if isinstance(name, str)) if isinstance(told, list) else frozenset()
    )


def keep_absences(writing: Writing, store: Store, reading: Reading, at_hand: Iterable[str]) -> None:
    """Remember which conversations `at_hand` a whole list lacks; one that is listed or read again is there.

    A list that was not read to its end says nothing of what it does not show, nor does one that a human has looked at: it
    may show a selection.
    """
    before = lacked_conversations(store, reading.account)
    there = {thread.conversation for thread in reading.threads}
    is_whole = False
    if reading.listing is not None:
        there.update(entry.conversation for entry in reading.listing.entries)
        is_whole = reading.listing.whole and not reading.by_human
    now = (frozenset(at_hand) if is_whole else before) - there
    if now != before:
        writing.save_remembered(_NAME.format(account=reading.account), json.dumps(sorted(now)))
