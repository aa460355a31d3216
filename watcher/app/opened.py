"""The passive mode: what the human opens is archived, read and remembered, and nothing else is ever looked at."""

from collections.abc import Callable
from datetime import datetime

from watcher.app.looking import Seen
from watcher.app.ports import Store, Vault
from watcher.app.remember import Report, Rules, remember
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
    seen = Seen(staged=[vault.stage(capture)], by_human=True)
    understood = understand(capture, lore=lore)
    seen.verdicts.append(understood.verdict)
    seen.login = understood.login
    if understood.wall is not None:
        seen.outcome, seen.cause = understood.wall, understood.cause
    if understood.listing is not None:
        seen.listing = understood.listing
    elif understood.thread is not None:
        seen.threads[understood.thread.conversation] = understood.thread
    elif understood.wall is None:
        seen.outcome = Outcome.UNREADABLE
        seen.problems.append(Problem(kind=ProblemKind.THREAD_UNREADABLE, conversation=capture.conversation))
    return remember(capture.account, seen, rules=rules, store=store, vault=vault, clock=clock)
