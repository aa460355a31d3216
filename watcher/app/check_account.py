"""One check, from the visit to the transaction: the straight line of this house.

due account -> Capture (bytes) -> vault (staged) -> Reading -> compare -> Events -> plan -> ONE transaction
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from watcher.app.archive import StagedCapture, StoredCapture
from watcher.app.looking import Seen, conversations_at_stake, look
from watcher.app.ports import KnownConversation, Store, Vault, Visitor, Writing
from watcher.domain.cadence import Pace
from watcher.domain.case import Case
from watcher.domain.compare import compare
from watcher.domain.order import Order
from watcher.domain.plan import Plan, plan_check
from watcher.domain.playbook import Window
from watcher.domain.reading import Listing, Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckOrders:
    """What a check is asked to do, and what it may not decide itself."""

    account: str
    pace: Pace
    channels: Sequence[str]
    window_of: Callable[[Order, datetime], Window | None]
    jitter: float
    threads_at_most: int
    """How many threads one visit may open; the others wait for the next ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a check found, as it was remembered."""

    reading: Reading
    plan: Plan
    orders: tuple[Order, ...]
    """Orders that are not ended, and those that this check changed."""
    cases: tuple[Case, ...]
    """Cases that are open, and those that this check changed."""
    captures: tuple[StoredCapture, ...]
    blocked_requests: int


def check_account(
    orders: CheckOrders, *, visitor: Visitor, store: Store, vault: Vault, clock: Callable[[], datetime]
) -> Report:
    """Visit an account once and remember what is new.

    1. Captures that a killed check left behind are taken into the archive. The visit holds the account's profile by then:
       what a check that is still at work has staged is never taken for a leftover.
    2. Visit: the list first, then the threads of live orders and open cases, then those whose row changed. Each
       capture's bytes are on disk before they are read.
    3. Compare with what was known; plan what follows.
    4. One transaction: state, cases, outbox, archive index, ledger. Before it nothing is remembered, and what it compares
       with is read inside it, so that an acknowledgement during the visit is not overwritten.
    """
    name = orders.account
    with visitor.visit(name) as visit:
        _adopt_leftovers(name, store=store, vault=vault, clock=clock)
        must_open = conversations_at_stake(store.orders(name), store.cases(name))
        seen = look(visit, vault, must_open, store.conversations(name), orders.threads_at_most)
    reading = Reading(
        account=name,
        taken_at=clock(),
        outcome=seen.outcome,
        listing=seen.listing,
        threads=tuple(seen.threads.values()),
        problems=tuple(seen.problems),
    )
    with store.writing() as writing:
        account, cases = store.account(name), store.cases(name)
        comparison = compare(store.orders(name), reading)
        plan = plan_check(
            account=account,
            reading=reading,
            comparison=comparison,
            cases=cases,
            window_of=lambda order: orders.window_of(order, reading.taken_at),
            pace=orders.pace,
            jitter=orders.jitter,
            listing_digest=_listing_digest(seen.listing),
        )
        reasons = _reasons_to_keep(seen, plan, account.listing_digest, store.conversations(name))
        captures = [
            stored(staged, vault, reason=reason)
            for staged, reason in zip(seen.staged, reasons, strict=True)
            if reason
        ]
        _remember(writing, reading, plan, captures=captures, channels=orders.channels)
    for staged in seen.staged:
        vault.drop(staged)
    return _report(reading, plan, cases, captures=captures, seen=seen)


def _listing_digest(listing: Listing | None) -> str | None:
    if listing is None:
        return None
    rows = sorted(f"{entry.conversation} {sorted(entry.marks.items())}" for entry in listing.entries)
    return sha256("\n".join(rows).encode()).hexdigest()


def _reasons_to_keep(
    seen: Seen, plan: Plan, known_listing: str | None, known: Mapping[str, KnownConversation]
) -> Iterator[str | None]:
    """Say for each capture why it is kept, or `None` when it shows nothing new and nothing unread."""
    touched_orders = {event.order for event in plan.events}
    touched = {order.conversation for order in plan.orders if order.id in touched_orders}
    trouble = not seen.outcome.was_read and bool(plan.events)
    unread_threads = {problem.conversation for problem in seen.problems}
    for staged in seen.staged:
        conversation = staged.capture.conversation
        thread = seen.threads.get(conversation or "")
        if conversation in unread_threads or (thread is None and trouble):
            yield "problem"
        elif conversation is None:
            yield "changed" if plan.account.listing_digest != known_listing or touched else None
        else:
            before = known.get(conversation)
            new = thread is not None and (before is None or before.digest != thread.digest)
            yield "changed" if new or conversation in touched else None


def stored(staged: StagedCapture, vault: Vault, *, reason: str) -> StoredCapture:
    """Move a staged capture into the vault, and return it as it will be remembered."""
    capture = staged.capture
    return StoredCapture(
        id=capture.id,
        account=capture.account,
        conversation=capture.conversation,
        kind=capture.kind,
        taken_at=capture.taken_at,
        url=capture.url,
        reason=reason,
        complete=capture.settled and bool(capture.screenshot) and not capture.lost_bodies,
        files=vault.keep(staged),
    )


def _adopt_leftovers(name: str, *, store: Store, vault: Vault, clock: Callable[[], datetime]) -> None:
    """Take what an earlier, killed check had captured into the archive: proof is never lost to a crash."""
    leftovers = vault.leftovers(name)
    if not leftovers:
        return
    with store.writing() as writing:
        remembered = {capture.id for capture in store.captures(account=name)}
        unknown = [staged for staged in leftovers if staged.capture.id not in remembered]
        if unknown:
            writing.save_account(store.account(name))
            for staged in unknown:
                writing.save_capture(replace(stored(staged, vault, reason="recovered"), complete=False))
            writing.record("check_did_not_end", at=clock(), account=name, captures=len(unknown))
    for staged in leftovers:
        vault.drop(staged)


def _remember(
    writing: Writing,
    reading: Reading,
    plan: Plan,
    *,
    captures: Sequence[StoredCapture],
    channels: Sequence[str],
) -> None:
    at = reading.taken_at
    writing.save_account(plan.account)
    writing.save_orders(plan.orders)
    marks = {entry.conversation: entry.marks for entry in reading.listing.entries} if reading.listing else {}
    for thread in reading.threads:
        seen_marks = marks.get(thread.conversation, {})
        known = KnownConversation(id=thread.conversation, marks=seen_marks, digest=thread.digest)
        writing.save_conversation(reading.account, known, at=at)
    for event in plan.events:
        writing.record_event(event)
    for capture in captures:
        writing.save_capture(capture)
    for case in plan.cases:
        writing.save_case(case)
        writing.record(
            "case_planned", at=at, account=case.account, order=case.order, case=case.id, goods=case.kind
        )
    for alert in plan.alerts:
        writing.queue(alert, channels=channels, now=at)
    writing.record(
        "check" if plan.events or captures else "seen_unchanged",
        at=at,
        account=reading.account,
        outcome=reading.outcome,
        complete=reading.complete,
        reading=writing.salted_hash(reading.account, _digest_of(reading)),
    )


def _digest_of(reading: Reading) -> str:
    return "\n".join(sorted(f"{thread.conversation} {thread.digest}" for thread in reading.threads))


def _report(
    reading: Reading,
    plan: Plan,
    cases_before: Sequence[Case],
    *,
    captures: Sequence[StoredCapture],
    seen: Seen,
) -> Report:
    touched = {event.order for event in plan.events}
    changed = {case.id for case in plan.cases}
    cases = {**{case.id: case for case in cases_before}, **{case.id: case for case in plan.cases}}
    return Report(
        reading=reading,
        plan=plan,
        orders=tuple(order for order in plan.orders if not order.stage.is_ended or order.id in touched),
        cases=tuple(case for case in cases.values() if case.is_open or case.id in changed),
        captures=tuple(captures),
        blocked_requests=sum(staged.capture.blocked_requests for staged in seen.staged),
    )
