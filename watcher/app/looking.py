"""The visit: open the list and the threads that matter, archive each capture before it is read, stop at a wall."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Final

from watcher.app.ads import MOST_ADS, ads_to_open
from watcher.app.archive import StagedCapture
from watcher.app.errand import Errand, threads_to_open
from watcher.app.keeping import why_list, why_page, why_thread, why_wall
from watcher.app.ports import Vault, Visit
from watcher.app.shelf import Why
from watcher.app.understanding import Understood, understand
from watcher.crash_points import crash_point
from watcher.domain.capture import AddedPage, Capture, PageKind
from watcher.domain.order import Order
from watcher.domain.outcome import Cause, Outcome
from watcher.domain.reading import Listing, Problem, ProblemKind, Reach, Statement, Thread
from watcher.pages.ad import ad_path
from watcher.pages.addresses import is_thread_answer
from watcher.pages.json_reader import TO_THE_END
from watcher.pages.json_reader import read_list as list_so_far
from watcher.pages.lore import Lore
from watcher.pages.page import parse
from watcher.pages.wall import SERVER_ERROR

_NO_SUCH: Final = (404, 410)


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """One capture that a visit has brought: what it was taken for, and why it is kept; `None`: it shows nothing new."""

    staged: StagedCapture
    understood: Understood
    why: Why | None

    @property
    def capture(self) -> Capture:
        """The capture itself."""
        return self.staged.capture


@dataclass(slots=True)
class Seen:
    """What a visit has brought so far."""

    taken: list[Taken] = field(default_factory=list)
    listing: Listing | None = None
    threads: dict[str, Thread] = field(default_factory=dict)
    statements: dict[str, Statement] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    outcome: Outcome = Outcome.OK
    cause: Cause | None = None
    login: str | None = None
    by_human: bool = False
    """Whether a human opened the pages: then they count as nobody's loads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    """What a page is looked at with."""

    visit: Visit
    vault: Vault
    errand: Errand
    seen: Seen

    def read(self, capture: Capture) -> tuple[StagedCapture, Understood]:
        """Put a capture's bytes on disk, then say what it shows."""
        staged, understood = read_staged(
            capture, visit=self.visit, vault=self.vault, lore=self.errand.lore, reach=self.errand.reach
        )
        self.seen.login = self.seen.login or understood.login
        return staged, understood

    def take(self, staged: StagedCapture, understood: Understood, why: Why | None) -> None:
        """Remember a capture; one that is kept gets its picture and its details now, for its page is still open."""
        if why is not None:
            staged = self.vault.stage(self.visit.details(staged.capture))
            crash_point("details_staged")
            if not staged.capture.screenshot and understood.wall is None:
                conversation = staged.capture.conversation
                self.seen.problems.append(
                    Problem(kind=ProblemKind.SCREENSHOT_MISSING, conversation=conversation)
                )
            if understood.ad_content is not None:  # its photos have come with the details
                understood = understand(staged.capture, lore=self.errand.lore, reach=self.errand.reach)
        self.seen.taken.append(Taken(staged=staged, understood=understood, why=why))


def read_staged(
    capture: Capture, *, visit: Visit, vault: Vault, lore: Lore, reach: Reach = TO_THE_END
) -> tuple[StagedCapture, Understood]:
    """Put the bytes of the page that is open on disk, then say what it shows.

    A reader that breaks down on them has not said that nothing is new: the page gets its picture and its details all the
    same, before the fault is passed on.
    """
    staged = vault.stage(capture)
    try:
        return staged, understand(capture, lore=lore, reach=reach)
    except Exception:
        vault.stage(visit.details(capture))
        raise


def look(visit: Visit, vault: Vault, errand: Errand) -> Seen:
    """Open the list, then the threads that must be opened, then those whose row changed, then added pages, then ads.

    It stops at the first wall. Each capture's bytes are on disk before they are read: a bug in a reader never costs
    proof. What an ad's page shows changes nothing about how the visit ended.
    """
    seen = Seen()
    through = _Look(visit=visit, vault=vault, errand=errand, seen=seen)
    _look_at_list(through)
    if seen.listing is None or seen.outcome is not Outcome.OK:
        return seen
    wanted, postponed = threads_to_open(seen.listing, errand)
    for number, conversation in enumerate(wanted):
        if not visit.has_time():
            postponed += len(wanted) - number
            break
        if _is_stopped(_look_at_thread(through, conversation)):
            return seen
    if postponed:
        seen.problems.append(Problem(kind=ProblemKind.THREADS_POSTPONED, detail=str(postponed)))
    for page in errand.pages[: errand.pages_at_most]:
        _look_at_page(through, page)
    for page in errand.pages[len(errand.pages[: errand.pages_at_most]) :]:
        seen.problems.append(Problem(kind=ProblemKind.BUDGET_SPENT, detail=page.name))
    seen.outcome = Outcome.PARTIAL if any(_is_gap(problem) for problem in seen.problems) else Outcome.OK
    _look_at_ads(through)
    return seen


def _look_at_list(through: _Look) -> None:
    seen, errand = through.seen, through.errand

    def enough(so_far: Capture) -> bool:
        listing = list_so_far(so_far, errand.reach)
        return listing is None or listing.complete

    capture = through.visit.open_list(enough)
    staged, understood = through.read(capture)
    seen.listing = understood.listing
    if understood.listing is None or _is_stopped(understood):
        seen.outcome, seen.cause = understood.wall or Outcome.UNREADABLE, understood.cause
    if understood.listing is None:
        through.take(staged, understood, why_wall(seen.outcome, seen.cause, errand.before.account))
        return
    problems = (*understood.listing.problems, *_capture_problems(capture))
    seen.problems.extend(problems)
    why = why_list(understood.listing, problems, errand.before, at=capture.taken_at)
    if _is_stopped(understood):
        why = why_wall(seen.outcome, seen.cause, errand.before.account) or why
    through.take(staged, understood, why)


def _look_at_thread(through: _Look, conversation: str) -> Understood:
    seen, before = through.seen, through.errand.before
    capture = through.visit.open_thread(conversation)
    staged, understood = through.read(capture)
    if _is_stopped(understood):
        seen.outcome, seen.cause = understood.wall or Outcome.UNREADABLE, understood.cause
    thread = understood.thread
    if thread is not None and seen.listing is not None:
        thread = seen.threads[conversation] = _named(thread, seen.listing)
        problems = [*thread.problems, *_capture_problems(capture)]
        seen.problems.extend(problems)
        why = why_thread(thread, problems, before, at=capture.taken_at)
    elif _is_stopped(understood):
        why = why_wall(seen.outcome, seen.cause, before.account)
    elif conversation in through.errand.lacked and is_gone(capture):
        seen.problems.append(Problem(kind=ProblemKind.THREAD_GONE, conversation=conversation))
        why = None
    else:
        detail = understood.cause.value if understood.cause else ""
        problem = Problem(kind=ProblemKind.THREAD_UNREADABLE, conversation=conversation, detail=detail)
        seen.problems.append(problem)
        why = Why.PROBLEM
    through.take(staged, understood, why)
    return understood


def _look_at_page(through: _Look, page: AddedPage) -> None:
    seen = through.seen
    if not through.visit.has_time():
        detail = f"{page.name}: {Cause.TIMEOUT}"
        seen.problems.append(Problem(kind=ProblemKind.PAGE_UNREAD, detail=detail))
        return
    staged, understood = through.read(through.visit.open_page(page))
    through.take(staged, understood, why_page(page.name, understood.statement, through.errand.before))
    if understood.statement is None:
        detail = f"{page.name}: {understood.cause or understood.wall}"
        seen.problems.append(Problem(kind=ProblemKind.PAGE_UNREAD, detail=detail))
    else:
        seen.statements[page.name] = understood.statement


def _look_at_ads(through: _Look) -> None:
    """Capture the ads that are still lacking: a few in one visit, within the day's page loads.

    At the first one that cannot be read they are left alone; the next visits go on.
    """
    seen, errand = through.seen, through.errand
    loads = MOST_ADS
    if errand.pages_at_most is not None:
        loads = min(loads, errand.pages_at_most - (len(seen.taken) - 1))
    at = max(taken.capture.taken_at for taken in seen.taken)
    for order in ads_to_open(seen.threads.values(), errand.before, at=at)[: max(loads, 0)]:
        path = _path_to_ad(seen, order)
        if path is None:
            continue
        if not through.visit.has_time():
            return
        staged, understood = through.read(through.visit.open_ad(path, order.conversation))
        asked = errand.before.wanted.get(order.conversation) is Why.ASKED
        why = Why.PROBLEM if understood.ad is None else Why.ASKED if asked else Why.SALE
        through.take(staged, understood, why)
        if understood.ad is None:
            return


def _path_to_ad(seen: Seen, order: Order) -> str | None:
    """Return the ad's address: as the thread's page has it, where that was opened in this visit."""
    threads = [
        taken.capture
        for taken in seen.taken
        if taken.capture.kind is PageKind.CONVERSATION and taken.capture.conversation == order.conversation
    ]
    return ad_path(order.ad_id or "", parse(threads[0]) if threads else None)


def _is_stopped(understood: Understood) -> bool:
    """Whether nothing further may be opened; a single thread that the gateway fails to send stops nobody."""
    return understood.wall not in {None, Outcome.UNREACHABLE}


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


def _capture_problems(capture: Capture) -> Iterable[Problem]:
    if capture.lost_bodies or _has_broken_off(capture):
        yield Problem(kind=ProblemKind.BODY_LOST, conversation=capture.conversation)


def _has_broken_off(capture: Capture) -> bool:
    """Whether the page asked for this conversation, and no whole answer came: what it shows may be from before."""
    met = _answers(capture)
    return bool(met) and (met[-1] == 0 or met[-1] >= SERVER_ERROR)


def is_gone(capture: Capture) -> bool:
    """Whether the page asked for this conversation, and was told that there is none."""
    return bool(met := _answers(capture)) and met[-1] in _NO_SUCH


def _answers(capture: Capture) -> list[int]:
    """Return the statuses of what the page was answered when it asked for its conversation, the latest last."""
    name = capture.conversation
    return [body.status for body in capture.bodies if name and is_thread_answer(body.url, name)]


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
