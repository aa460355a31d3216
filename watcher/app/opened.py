"""The passive mode: what the human opens is archived, read and remembered, and nothing else is ever looked at."""

from collections.abc import Callable
from datetime import datetime

from watcher.app.keeping import before_visit, why_list, why_thread, why_wall
from watcher.app.looking import Seen, Taken, is_gone
from watcher.app.ports import Store, Vault
from watcher.app.remember import Report, Rules, remember
from watcher.app.shelf import Why
from watcher.app.understanding import understand
from watcher.domain.capture import Capture
from watcher.domain.outcome import Outcome
from watcher.domain.reading import Problem, ProblemKind
from watcher.pages.lore import SHIPPED, Lore


def remember_opened(
    capture: Capture,
    *,
    rules: Rules,
    store: Store,
    vault: Vault,
    clock: Callable[[], datetime],
    lore: Lore = SHIPPED,
) -> Report:
    """Remember one page that the human has opened, as a check would have.

    A single page never makes an account verified, and one that shows less than a check would see is no trouble: the
    human sees it. One that cannot be read is told all the same.
    """
    now = clock()
    seen, staged = Seen(by_human=True), vault.stage(capture)
    before = before_visit(store, capture.account, now=now)
    understood = understand(capture, lore=lore)
    seen.login = understood.login
    why: Why | None = None
    if understood.wall is not None:
        seen.outcome, seen.cause = understood.wall, understood.cause
        why = why_wall(seen.outcome, seen.cause, before.account, by_human=True)
    if understood.listing is not None:
        seen.listing = understood.listing
        why = why or why_list(seen.listing, seen.listing.problems, before, at=now)
    elif understood.thread is not None:
        thread = seen.threads[understood.thread.conversation] = understood.thread
        why = why or why_thread(thread, thread.problems, before, at=now)
    elif understood.wall is None and is_gone(capture):
        why = Why.PROBLEM  # kept as what the human has seen of it
    elif understood.wall is None:
        seen.outcome, why = Outcome.UNREADABLE, Why.PROBLEM
        seen.problems.append(Problem(kind=ProblemKind.THREAD_UNREADABLE, conversation=capture.conversation))
    seen.taken.append(Taken(staged=staged, understood=understood, why=why))
    return remember(capture.account, seen, rules=rules, store=store, vault=vault, clock=clock)
