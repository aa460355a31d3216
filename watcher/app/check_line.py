"""A check's own line in the ledger: how it ended, what it saw unchanged, how much it loaded, what the guard stopped."""

from collections import Counter
from collections.abc import Iterator, Sequence

from watcher.app.keeping import listing_digest
from watcher.app.looking import Seen
from watcher.app.ports import Writing
from watcher.domain.capture import PageKind
from watcher.domain.order import Order
from watcher.domain.reading import Reading

LIST, NO_ORDER = "list", "-"


def record_check(
    writing: Writing, reading: Reading, seen: Seen, *, orders: Sequence[Order], is_new: bool
) -> None:
    """Put the check into the ledger.

    What was read and not stored, because it says the same as when it was stored last, is named: the order (or `list`; a
    conversation without one is `-`) and the salted hash of what was read. Such a page is at hand as it was stored then.
    """
    writing.record(
        "check" if is_new else "seen_unchanged",
        at=reading.taken_at,
        account=reading.account,
        outcome=reading.outcome,
        cause=reading.cause or "",
        complete=reading.complete,
        pages=reading.pages,
        reading=writing.salted_hash(reading.account, _digest_of(reading)),
        unchanged=[
            f"{name} {writing.salted_hash(reading.account, digest)}"
            for name, digest in _unchanged(seen, orders)
        ],
        stopped=[f"{what} {count}" for what, count in sorted(stopped(seen).items())],
        foreign=[f"{host} {count}" for host, count in sorted(foreign(seen).items())],
    )


def stopped(seen: Seen) -> Counter[str]:
    """Return what the guard stopped, and how often."""
    return sum((Counter(dict(taken.capture.stopped)) for taken in seen.taken), Counter())


def foreign(seen: Seen) -> Counter[str]:
    """Return the hosts that were not loaded from, and how often they were asked for."""
    return sum((Counter(dict(taken.capture.foreign)) for taken in seen.taken), Counter())


def _unchanged(seen: Seen, orders: Sequence[Order]) -> Iterator[tuple[str, str]]:
    """Yield what was read and is not kept, with the digest of the reading."""
    for taken in seen.taken:
        capture, understood = taken.capture, taken.understood
        if taken.why is not None:
            continue
        if capture.kind is PageKind.CONVERSATION_LIST and understood.listing is not None:
            yield LIST, listing_digest(understood.listing) or ""
        elif understood.thread is not None:
            own = [order.id for order in orders if order.conversation == capture.conversation]
            yield "+".join(sorted(own)) or NO_ORDER, understood.thread.digest


def _digest_of(reading: Reading) -> str:
    return "\n".join(sorted(f"{thread.conversation} {thread.digest}" for thread in reading.threads))
