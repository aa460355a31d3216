"""The visit: open the list and the threads that matter, archive each capture before it is read, stop at a wall."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import ceil

from watcher.app.archive import StagedCapture
from watcher.app.ports import KnownConversation, Vault, Visit
from watcher.app.understanding import Understood, understand
from watcher.domain.capture import AddedPage, Capture
from watcher.domain.case import Case
from watcher.domain.order import Order
from watcher.domain.outcome import Cause, Outcome
from watcher.domain.reading import Entry, Listing, Problem, ProblemKind, Reach, Statement, Thread
from watcher.pages.addresses import is_thread_answer
from watcher.pages.json_reader import TO_THE_END
from watcher.pages.json_reader import read_list as list_so_far
from watcher.pages.lore import SHIPPED, Lore
from watcher.pages.wall import SERVER_ERROR


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """What a visit is to look at."""

    must_open: Sequence[str] = ()
    """Conversations with something at stake, the most urgent first."""
    known: Mapping[str, KnownConversation] = field(default_factory=dict)
    threads_at_most: int
    """How many threads one visit may open; the others wait for the next ones."""
    reach: Reach = TO_THE_END
    pages: Sequence[AddedPage] = ()
    pages_at_most: int | None = None
    """How many added pages the day's page loads allow."""
    lore: Lore = SHIPPED


@dataclass(slots=True)
class Seen:
    """What a visit has brought so far."""

    staged: list[StagedCapture] = field(default_factory=list)
    verdicts: list[str] = field(default_factory=list)
    """What each staged capture was taken for."""
    listing: Listing | None = None
    threads: dict[str, Thread] = field(default_factory=dict)
    statements: dict[str, Statement] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    outcome: Outcome = Outcome.OK
    cause: Cause | None = None
    login: str | None = None
    by_human: bool = False
    """Whether a human opened the pages: then they count as nobody's loads."""


def look(visit: Visit, vault: Vault, errand: Errand) -> Seen:
    """Open the list, then the threads that must be opened, then those whose row changed, then added pages.

    It stops at the first wall. Each capture's bytes are on disk before they are read: a bug in a reader never costs
    proof.
    """
    seen = Seen()
    _look_at_list(seen, visit, vault, errand)
    if seen.listing is None or seen.outcome is not Outcome.OK:
        return seen
    wanted, postponed = _wanted_threads(seen.listing, errand)
    for number, conversation in enumerate(wanted):
        if not visit.has_time():
            postponed += len(wanted) - number
            break
        if _is_stopped(_look_at_thread(seen, visit, vault, errand, conversation)):
            return seen
    if postponed:
        seen.problems.append(Problem(kind=ProblemKind.THREADS_POSTPONED, detail=str(postponed)))
    for page in errand.pages[: errand.pages_at_most]:
        _look_at_page(seen, visit, vault, errand, page)
    for page in errand.pages[len(errand.pages[: errand.pages_at_most]) :]:
        seen.problems.append(Problem(kind=ProblemKind.BUDGET_SPENT, detail=page.name))
    seen.outcome = Outcome.PARTIAL if any(_is_gap(problem) for problem in seen.problems) else Outcome.OK
    return seen


def _look_at_list(seen: Seen, visit: Visit, vault: Vault, errand: Errand) -> None:
    def enough(so_far: Capture) -> bool:
        listing = list_so_far(so_far, errand.reach)
        return listing is None or listing.complete

    capture = visit.open_list(enough)
    understood = _taken(seen, capture, vault, errand)
    seen.listing = understood.listing
    if understood.listing is not None:
        seen.problems.extend((*understood.listing.problems, *_capture_problems(capture)))
    if understood.listing is None or _is_stopped(understood):
        _add_preview(seen, visit, vault)
        seen.outcome, seen.cause = understood.wall or Outcome.UNREADABLE, understood.cause


def _wanted_threads(listing: Listing, errand: Errand) -> tuple[list[str], int]:
    """Return the conversations to open, and how many more wait for the next visits."""
    at_stake = _at_stake(listing, errand.must_open)
    changed = _changed(listing, errand.must_open, errand.known)
    wanted = _first_of(at_stake, changed, errand.threads_at_most)
    return wanted, len(at_stake) + len(changed) - len(wanted)


def _look_at_thread(seen: Seen, visit: Visit, vault: Vault, errand: Errand, conversation: str) -> Understood:
    capture = visit.open_thread(conversation)
    understood = _taken(seen, capture, vault, errand)
    thread, before = understood.thread, errand.known.get(conversation)
    if thread is None or before is None or before.digest != thread.digest:
        _add_preview(seen, visit, vault)
    if _is_stopped(understood):
        seen.outcome, seen.cause = understood.wall or Outcome.UNREADABLE, understood.cause
    if thread is not None and seen.listing is not None:
        seen.problems.extend((*thread.problems, *_capture_problems(capture)))
        seen.threads[conversation] = _named(thread, seen.listing)
    elif not _is_stopped(understood):
        detail = understood.cause.value if understood.cause else ""
        problem = Problem(kind=ProblemKind.THREAD_UNREADABLE, conversation=conversation, detail=detail)
        seen.problems.append(problem)
    return understood


def _look_at_page(seen: Seen, visit: Visit, vault: Vault, errand: Errand, page: AddedPage) -> None:
    if not visit.has_time():
        detail = f"{page.name}: {Cause.TIMEOUT}"
        seen.problems.append(Problem(kind=ProblemKind.PAGE_UNREAD, detail=detail))
        return
    understood = _taken(seen, visit.open_page(page), vault, errand)
    if understood.statement is None:
        detail = f"{page.name}: {understood.cause or understood.wall}"
        seen.problems.append(Problem(kind=ProblemKind.PAGE_UNREAD, detail=detail))
    else:
        seen.statements[page.name] = understood.statement


def _taken(seen: Seen, capture: Capture, vault: Vault, errand: Errand) -> Understood:
    """Put a capture's bytes on disk, then say what it shows."""
    seen.staged.append(vault.stage(capture))
    understood = understand(capture, lore=errand.lore, reach=errand.reach)
    seen.verdicts.append(understood.verdict)
    seen.login = seen.login or understood.login
    return understood


def _is_stopped(understood: Understood) -> bool:
    """Whether nothing further may be opened; a single thread that the gateway fails to send stops nobody."""
    return understood.wall not in {None, Outcome.UNREACHABLE}


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
    """Return what must be opened: all that is listed, and where the list was not read to its end what it lacks."""
    selling = {entry.conversation for entry in listing.entries if entry.selling}
    listed = {entry.conversation for entry in listing.entries}
    return [
        conversation
        for conversation in must_open
        if conversation in selling or (not listing.whole and conversation not in listed)
    ]


def _changed(listing: Listing, must_open: Sequence[str], known: Mapping[str, KnownConversation]) -> list[str]:
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
    if capture.lost_bodies or _has_broken_off(capture):
        yield Problem(kind=ProblemKind.BODY_LOST, conversation=capture.conversation)
    if not capture.screenshot:
        yield Problem(kind=ProblemKind.SCREENSHOT_MISSING, conversation=capture.conversation)


def _has_broken_off(capture: Capture) -> bool:
    """Whether the page asked for this conversation, and no whole answer came: what it shows may be from before."""
    conversation = capture.conversation
    met = [
        body.status for body in capture.bodies if conversation and is_thread_answer(body.url, conversation)
    ]
    return bool(met) and (met[-1] == 0 or met[-1] >= SERVER_ERROR)


def _is_gap(problem: Problem) -> bool:
    """Whether something was not read. One reader alone, or two that disagree, lower the confidence and leave no gap."""
    return problem.kind in {
        ProblemKind.LIST_INCOMPLETE,
        ProblemKind.THREAD_UNREADABLE,
        ProblemKind.THREADS_POSTPONED,
        ProblemKind.BODY_LOST,
        ProblemKind.PAGE_UNREAD,
        ProblemKind.BUDGET_SPENT,
    }
