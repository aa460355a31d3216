"""What was seen becomes what is known: compare, plan, and ONE transaction."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from watcher.app.absences import keep_absences
from watcher.app.ad_shelf import Judge
from watcher.app.archive import StagedCapture, StoredCapture
from watcher.app.case_book import CaseRules, around, keep, page_sightings
from watcher.app.check_line import foreign, record_check, stopped
from watcher.app.history import KnownConversation
from watcher.app.keeping import listing_digest
from watcher.app.looking import Seen
from watcher.app.noticing import Known, keep_noticed, notice
from watcher.app.ports import Store, Vault, Writing
from watcher.app.questions import AnswerRules, keep_questions
from watcher.app.shelf import Why
from watcher.app.sold_ads import sold_ads
from watcher.crash_points import crash_point
from watcher.domain.acknowledgement import AckEnding, in_force
from watcher.domain.alert import AlertKind
from watcher.domain.cadence import Pace
from watcher.domain.capture import PageKind
from watcher.domain.case import Case
from watcher.domain.compare import Comparison, compare
from watcher.domain.escalation import policy_for, through
from watcher.domain.order import Order
from watcher.domain.parcel import Sighting
from watcher.domain.plan import Plan, plan_check
from watcher.domain.reading import ProblemKind, Reading
from watcher.domain.remind import RemindRules
from watcher.domain.retention import taken_up_again


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What is in force when something is remembered, and what may not be decided there."""

    pace: Pace
    channels: Sequence[str]
    cases: CaseRules
    jitter: float
    remind: RemindRules = field(default_factory=RemindRules)
    answers: AnswerRules = field(default_factory=AnswerRules)
    judge: Judge | None = None
    """Says what is found in an ad that was read on the way; `None`: what was found before stands."""


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
    stopped: Mapping[str, int]
    """What the guard stopped, and how often."""
    foreign: Mapping[str, int]
    """Hosts that are not the site's and were not loaded from, and how often they were asked for."""


def remember(
    name: str,
    seen: Seen,
    *,
    rules: Rules,
    store: Store,
    vault: Vault,
    clock: Callable[[], datetime],
    asked_for: Sequence[str] = (),
) -> Report:
    """Compare what was seen with what was known, plan what follows, remember it.

    One transaction: state, cases, outbox, archive index, ledger. Before it nothing is remembered, and what it compares
    with is read inside it, so that an acknowledgement during the visit is not overwritten. Of the history it reads what
    is at hand and what was shown: all else is over, and a check that does not see it cannot change it.
    """
    reading = Reading(
        account=name,
        taken_at=clock(),
        outcome=seen.outcome,
        listing=seen.listing,
        threads=tuple(seen.threads.values()),
        statements=tuple(seen.statements.values()),
        problems=tuple(seen.problems),
        cause=seen.cause,
        pages=0 if seen.by_human else len(seen.taken),
        login=seen.login,
        by_human=seen.by_human,
    )
    with store.writing() as writing:
        account, statements, history = store.account(name), store.statements(name), store.history(name)
        shown = _shown(seen)
        known, conversations = history.orders_at_hand(shown), history.conversations(shown)
        cases = history.cases_of(known)
        digests = {known.id: known.digest for known in conversations.values()}
        orders = taken_up_again(known, reading.threads, digests)
        comparison = compare(orders, reading, is_taken=history.has_order)
        sightings = _from_the_page(comparison, store, at=reading.taken_at)
        plan = plan_check(
            account=account,
            reading=reading,
            comparison=comparison,
            cases=cases,
            around=lambda order: around(
                store, order, rules=rules.cases, at=reading.taken_at, news=sightings.get(order.id, ())
            ),
            pace=rules.pace,
            jitter=rules.jitter,
            listing_digest=listing_digest(seen.listing),
            statements=statements,
        )
        noticed = notice(
            plan,
            reading,
            Known(
                orders=orders,
                cases=cases,
                signs_of=store.signs,
                reason_of=store.found_reason,
                called_off=history.called_off,
            ),
        )
        plan = noticed.plan
        seen = _looked_at_again(seen, plan)
        captures = [
            stored(taken.staged, vault, reason=taken.why, verdict=taken.understood.verdict)
            for taken in seen.taken
            if taken.why
        ]
        crash_point("evidence_kept")
        _remember(writing, reading, plan, orders=known, captures=captures)
        _queue(writing, plan, rules, at=reading.taken_at)
        _remember_cases(writing, plan, cases, sightings, at=reading.taken_at)
        writing.want_no_more(name, _no_longer_wanted(seen, orders))
        keep_absences(writing, store, reading, (order.conversation for order in known))
        _begin_rounds(writing, store, plan, cases, at=reading.taken_at)
        keep_noticed(writing, noticed, at=reading.taken_at)
        keep_questions(writing, store, reading, conversations, orders=plan.orders, rules=rules.answers)
        for ad in sold_ads(seen, plan.orders, store.ads(), judge=rules.judge, at=reading.taken_at):
            writing.ads().save(ad)
        record_check(writing, reading, seen, orders=plan.orders, is_new=bool(plan.events or captures))
        if reading.outcome.was_read:
            writing.answered(name, _answered(asked_for, reading))
        if not seen.by_human:
            for conversation in set(store.asked_for(name)).difference(asked_for):
                # It rang while the visit was under way, and may be about what the visit had passed by then.
                writing.ask_for_check(name, conversation or None, at=reading.taken_at)
    crash_point("check_remembered")
    for taken in seen.taken:
        vault.drop(taken.staged)
        crash_point("staging_dropped")
    return _report(reading, plan, cases, captures=captures, seen=seen)


def _shown(seen: Seen) -> frozenset[str]:
    """Return the conversations that a look has listed or opened: all that is known of them is compared."""
    listed = (entry.conversation for entry in seen.listing.entries) if seen.listing else ()
    opened = (taken.capture.conversation for taken in seen.taken)
    return frozenset(filter(None, (*listed, *seen.threads, *opened)))


def _answered(asked_for: Sequence[str], reading: Reading) -> list[str]:
    """Return which questions of mails are answered: not those about what could not be read, or waits for another visit."""
    unread = {
        problem.conversation for problem in reading.problems if problem.kind is ProblemKind.THREAD_UNREADABLE
    }
    waits = any(problem.kind is ProblemKind.THREADS_POSTPONED for problem in reading.problems)
    read = {thread.conversation for thread in reading.threads}
    return [
        conversation
        for conversation in asked_for
        if (conversation in read or not waits)
        and (conversation not in unread if conversation else not unread)
    ]


def _looked_at_again(seen: Seen, plan: Plan) -> Seen:
    """Keep threads after all, then without details, that turn out to be news: their orders have changed meanwhile.

    That takes somebody who did something to them while the visit was under way.
    """
    touched = {event.order for event in plan.events}
    conversations = {order.conversation for order in plan.orders if order.id in touched}
    return replace(
        seen,
        taken=[
            replace(taken, why=Why.CHANGED)
            if taken.why is None
            and taken.capture.kind is PageKind.CONVERSATION
            and taken.capture.conversation in conversations
            else taken
            for taken in seen.taken
        ],
    )


def _no_longer_wanted(seen: Seen, orders: Sequence[Order]) -> list[str]:
    """Return the conversations that are kept now, and those that the whole list has no more: nobody can open them."""
    kept = [
        taken.capture.conversation
        for taken in seen.taken
        if taken.capture.kind is PageKind.CONVERSATION and taken.why not in {None, Why.PROBLEM}
    ]
    gone = set[str]()
    if seen.listing is not None and seen.listing.whole:
        listed = {entry.conversation for entry in seen.listing.entries}
        gone = {order.conversation for order in orders} - listed
    return sorted({*filter(None, kept), *gone})


def stored(staged: StagedCapture, vault: Vault, *, reason: str, verdict: str | None = None) -> StoredCapture:
    """Move a staged capture into the vault, and return it as it will be remembered."""
    capture = staged.capture
    return StoredCapture(
        id=capture.id,
        account=capture.account,
        conversation=capture.conversation,
        kind=capture.kind,
        page=capture.page,
        taken_at=capture.taken_at,
        url=capture.url,
        reason=reason,
        complete=capture.is_complete,
        verdict=verdict,
        files=vault.keep(staged),
    )


def _remember(
    writing: Writing,
    reading: Reading,
    plan: Plan,
    *,
    orders: Sequence[Order],
    captures: Sequence[StoredCapture],
) -> None:
    at = reading.taken_at
    writing.save_account(plan.account)
    before = {order.id: order for order in orders}
    changed = (order for order in plan.orders if before.get(order.id) is not order)
    writing.save_orders(order for order in changed if before.get(order.id) != order)
    marks = {entry.conversation: entry.marks for entry in reading.listing.entries} if reading.listing else {}
    for thread in reading.threads:
        seen_marks = marks.get(thread.conversation, {})
        known = KnownConversation(id=thread.conversation, marks=seen_marks, digest=thread.digest)
        writing.save_conversation(reading.account, known, at=at)
    # Threads share most of their words: each is written once, as it was taken last.
    words = {(word.kind, word.token): word for thread in reading.threads for word in thread.words}
    writing.save_words(reading.account, words.values(), at=at)
    for statement in reading.statements:
        writing.save_statement(reading.account, statement)
    for event in plan.events:
        writing.record_event(event)
    for capture in captures:
        writing.save_capture(capture)


def _queue(writing: Writing, plan: Plan, rules: Rules, *, at: datetime) -> None:
    """Put what is to be told into the outbox; the alert of a new case is the first round of its policy."""
    cases = {case.id: case for case in plan.cases}
    for told in plan.alerts:
        case, alert, channels = cases.get(told.case or ""), told, list(rules.channels)
        if case is not None and alert.kind is AlertKind.CASE_OPENED:
            first = policy_for(case.kind, rules.remind.policies).at(0)
            channels = through(first.channels, channels)
            alert = replace(alert, critical=first.critical)
        wakes = rules.remind.quiet.wakes(case, alert.kind, now=at)
        writing.queue(replace(alert, wakes=wakes), channels=channels, now=at)


def _begin_rounds(
    writing: Writing, store: Store, plan: Plan, before: Sequence[Case], *, at: datetime
) -> None:
    """Count the rounds of a case that was taken up again from its new alert on.

    What was acknowledged is another matter, and a button or a mail of before silences nothing that its owner has not seen.
    """
    known = {case.id for case in before}
    for alert in plan.alerts:
        if alert.kind is not AlertKind.CASE_OPENED or alert.case not in known:
            continue
        writing.save_rounds(alert.case, store.rounds(alert.case).restarted(at=at))
        writing.expire_answer_tokens(alert.case, at=at)
        ack = in_force(store.acknowledgements(alert.case))
        if ack is not None:
            writing.save_acknowledgement(replace(ack, ended_at=at, ending=AckEnding.OVERTAKEN))


def _from_the_page(comparison: Comparison, store: Store, *, at: datetime) -> Mapping[str, Sequence[Sighting]]:
    """Return what the pages of live and touched orders say of their parcels for the first time, by order."""
    return {
        order.id: new
        for order in comparison.orders
        if order.stage.is_live or order.id in comparison.touched
        if (new := page_sightings(order, store.sightings(order.id), at=at))
    }


def _remember_cases(
    writing: Writing,
    plan: Plan,
    before: Sequence[Case],
    sightings: Mapping[str, Sequence[Sighting]],
    *,
    at: datetime,
) -> None:
    for sighting in (one for news in sightings.values() for one in news):
        writing.save_sighting(sighting)
    known = {case.id: case for case in before}
    for case in plan.cases:
        keep(writing, known.get(case.id, case), case, at=at)


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
        blocked_requests=sum(taken.capture.blocked_requests for taken in seen.taken),
        stopped=stopped(seen),
        foreign=foreign(seen),
    )
