"""Which cases were taken on since somebody last looked: what is still shown of them can leave the screen."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from watcher.app.ports import Store
from watcher.domain.acknowledgement import in_force
from watcher.domain.case import Case, Ending

_LATELY = timedelta(days=1)
"""Longer than anybody waits before looking again: what was closed before was taken off the screen then."""
Words = tuple[datetime | None, ...]
"""The moments of the seller's last words about a case: "I have it", "it is done", "it is over"."""


def words_by_case(store: Store, *, now: datetime) -> Mapping[str, Words]:
    """Return what the seller has said about each case that is open, or was lately."""
    return {case.id: _words(store, case) for case in store.open_cases(or_closed_since=now - _LATELY)}


def newly_taken_on(before: Mapping[str, Words], now: Mapping[str, Words]) -> list[str]:
    """Return the cases about which something was said since. That a word was taken back is nothing that was said."""
    return [
        case
        for case, words in now.items()
        if any(word is not None and word not in before.get(case, ()) for word in words)
    ]


def _words(store: Store, case: Case) -> Words:
    """An end that was seen is none of them: the letter about it stands where the alert stood."""
    if not case.is_open:
        return (case.closed_at if case.ending is Ending.BY_SELLER else None,)
    ack = in_force(store.acknowledgements(case.id)) if case.acknowledged_at else None
    return (case.acknowledged_at, ack.answered_at if ack else None)
