"""The visit: open the list and the threads that matter, archive each capture before it is read, stop at a wall."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from math import ceil

from watcher.app.archive import StagedCapture
from watcher.app.ports import KnownConversation, Vault, Visit
from watcher.domain.capture import Capture
from watcher.domain.case import Case
from watcher.domain.order import Order
from watcher.domain.outcome import Outcome
from watcher.domain.reading import Entry, Listing, Problem, ProblemKind, Thread
from watcher.pages.page import parse
from watcher.pages.reader import read_list, read_thread
from watcher.pages.wall import unread, wall


@dataclass(slots=True)
class Seen:
    """What a visit has brought so far."""

    staged: list[StagedCapture] = field(default_factory=list)
    listing: Listing | None = None
    threads: dict[str, Thread] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    outcome: Outcome = Outcome.OK


def look(
    visit: Visit, vault: Vault, must_open: Sequence[str], known: dict[str, KnownConversation], at_most: int
) -> Seen:
    """Open the list, then the threads of `must_open`, then those whose row changed; stop at the first wall.

    Each capture's bytes are on disk before they are read: a bug in a reader never costs proof.
    """
    seen = Seen()
    capture = visit.open_list()
    seen.staged.append(vault.stage(capture))
    page = parse(capture)
    stopped = wall(page)
    if stopped is not None:
        _add_preview(seen, visit, vault)
        seen.outcome = stopped
        return seen
    seen.listing = read_list(page)
    if seen.listing is None:
        _add_preview(seen, visit, vault)
        seen.outcome = unread(page)
        return seen
    seen.problems.extend((*seen.listing.problems, *_capture_problems(capture)))
    at_stake = _at_stake(seen.listing, must_open)
    changed = _changed(seen.listing, must_open, known)
    wanted = _first_of(at_stake, changed, at_most)
    postponed = len(at_stake) + len(changed) - len(wanted)
    if postponed:
        seen.problems.append(Problem(kind=ProblemKind.THREADS_POSTPONED, detail=str(postponed)))
    for conversation in wanted:
        capture = visit.open_thread(conversation)
        seen.staged.append(vault.stage(capture))
        page = parse(capture)
        stopped = wall(page)
        thread = None if stopped is not None else read_thread(page)
        before = known.get(conversation)
        if thread is None or before is None or before.digest != thread.digest:
            _add_preview(seen, visit, vault)
        if stopped is not None and stopped is not Outcome.UNREACHABLE:
            seen.outcome = stopped
            return seen
        if thread is None:
            seen.problems.append(Problem(kind=ProblemKind.THREAD_UNREADABLE, conversation=conversation))
            continue
        seen.problems.extend((*thread.problems, *_capture_problems(capture)))
        seen.threads[conversation] = _named(thread, seen.listing)
    seen.outcome = Outcome.PARTIAL if any(_is_gap(problem) for problem in seen.problems) else Outcome.OK
    return seen


def _add_preview(seen: Seen, visit: Visit, vault: Vault) -> None:
    """Add to the latest capture what a mail shows of the page; pages that show nothing new are spared it."""
    seen.staged[-1] = vault.stage(replace(seen.staged[-1].capture, preview=visit.preview()))


def _named(thread: Thread, listing: Listing) -> Thread:
    """Fill in the buyer and the title from the list's row where the thread does not show them."""
    entry = next((entry for entry in listing.entries if entry.conversation == thread.conversation), None)
    if entry is None:
        return thread
    orders = tuple(
        replace(
            order,
            title=order.title or entry.title,
            buyer=order.buyer or entry.buyer,
            ad_id=order.ad_id or entry.ad_id,
        )
        for order in thread.orders
    )
    return replace(thread, orders=orders)


def conversations_at_stake(orders: Iterable[Order], cases: Iterable[Case]) -> list[str]:
    """Return the conversations that every check must open, the one first that was not seen for the longest time.

    They are those of live orders and of open cases: no known fact says that a cancellation shows in the list.
    """
    open_cases = {case.order for case in cases if case.is_open}
    wanted = [order for order in orders if order.stage.is_live or order.id in open_cases]
    wanted.sort(key=lambda order: (order.last_seen_at, order.id))
    return list(dict.fromkeys(order.conversation for order in wanted))


def _at_stake(listing: Listing, must_open: Sequence[str]) -> list[str]:
    """Return what must be opened: all that is listed, and from an incomplete list also what it lacks."""
    selling = {entry.conversation for entry in listing.entries if entry.selling}
    listed = {entry.conversation for entry in listing.entries}
    return [
        conversation
        for conversation in must_open
        if conversation in selling or (not listing.complete and conversation not in listed)
    ]


def _changed(listing: Listing, must_open: Sequence[str], known: dict[str, KnownConversation]) -> list[str]:
    """Return the other conversations whose row changed, newest first."""
    return [
        entry.conversation
        for entry in listing.entries
        if entry.selling
        and entry.conversation not in must_open
        and _has_changed(entry, known.get(entry.conversation))
    ]


def _first_of(at_stake: Sequence[str], changed: Sequence[str], at_most: int) -> list[str]:
    """Choose what one visit opens: money at stake first, but a quarter is left for what changed.

    So nothing waits for ever: what is at stake takes turns, and what changed is read once and done with.
    """
    reserved = min(len(changed), ceil(at_most / 4))
    first = at_stake[: at_most - reserved]
    return [*first, *changed[: at_most - len(first)]]


def _has_changed(entry: Entry, known: KnownConversation | None) -> bool:
    return known is None or entry.differs_from(known.marks)


def _capture_problems(capture: Capture) -> Iterable[Problem]:
    if capture.lost_bodies:
        yield Problem(kind=ProblemKind.BODY_LOST, conversation=capture.conversation)
    if not capture.screenshot:
        yield Problem(kind=ProblemKind.SCREENSHOT_MISSING, conversation=capture.conversation)


def _is_gap(problem: Problem) -> bool:
    """Whether something was not read. One reader alone, or two that disagree, lower the confidence and leave no gap."""
    return problem.kind in {
        ProblemKind.LIST_INCOMPLETE,
        ProblemKind.THREAD_UNREADABLE,
        ProblemKind.THREADS_POSTPONED,
        ProblemKind.BODY_LOST,
    }
