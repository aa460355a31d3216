"""Buyers' questions that wait, as each look at the list and at the threads that were opened anyway tells them.

No thread is opened for a question: a row of the list says who wrote last. What is remembered is who waits since when about
which ad, and how soon the seller answered; never what anybody wrote.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from watcher.app.history import KnownConversation
from watcher.app.ports import Store, Writing
from watcher.app.question_shelf import QuestionWriting
from watcher.domain.alert import Alert
from watcher.domain.order import Order
from watcher.domain.own_answers import OwnAnswers, own_answers
from watcher.domain.question import (
    AnswerTime,
    ClosingOf,
    Question,
    Talk,
    Verdict,
    answer_seen,
    apart,
    by_messages,
    by_row,
    followed,
    in_time,
    talk_of,
)
from watcher.domain.question_news import due_questions, questions_wait
from watcher.domain.reading import Entry, ProblemKind, Reading, Thread
from watcher.domain.retention import Keeping
from watcher.domain.wording import WordKind
from watcher.pages.closing import closing_of
from watcher.pages.wording import heading_token


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerRules:
    """What is in force when questions are remembered."""

    closing: ClosingOf = field(default_factory=closing_of)
    kept_for: timedelta | None = field(default_factory=lambda: Keeping().orders)
    """How long a question is kept after it was asked; `None`: until it is answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """What waits for the seller's answer, and how soon the seller answers."""

    open: Sequence[Question]
    """The oldest first."""
    old: Sequence[Question]
    """Those that have waited for so long that nobody is reminded of them."""
    answers: OwnAnswers


def waiting_questions(store: Store, account: str | None = None, *, now: datetime) -> Waiting:
    """Return what waits for an answer, of one account or of all, and the own answer times."""
    shelf = store.questions()
    waits, old = apart(shelf.waiting(account), now=now)
    return Waiting(open=waits, old=old, answers=own_answers(shelf.answers(account)))


def keep_questions(
    writing: Writing,
    store: Store,
    reading: Reading,
    before: Mapping[str, KnownConversation],
    *,
    orders: Iterable[Order],
    rules: AnswerRules,
) -> None:
    """Remember which questions wait after a look, and how soon those before were answered.

    1. The messages of a thread that was opened tell it exactly.
    2. A row that is as it was when its thread was last read changes nothing. At the very first look nothing has been judged
       before, so that every row counts.
    3. Else the row tells who wrote last, and how that begins.
    4. A conversation that a whole list lacks waits for nothing; one that a look did not reach stays as it is.

    Args:
        writing: the transaction that is open.
        store: what is remembered, read within it.
        reading: what the look has understood.
        before: the conversations that it has shown, as they were known before it.
        orders: every order of them as it is now; what was forgotten of them is not remembered anew.
        rules: what is in force.
    """
    account, at, listing = reading.account, reading.taken_at, reading.listing
    rows = {entry.conversation: entry for entry in listing.entries} if listing else {}
    threads = {thread.conversation: thread for thread in reading.threads}
    known = {question.conversation: question for question in store.questions().waiting(account)}
    name = f"questions/judged/{account}"
    look = _Look(
        account=account,
        at=at,
        rules=rules,
        before=before if store.remembered(name) is not None else {},
        headings=_headings(store, reading),
        forgotten=_forgotten(orders),
        writing=writing.questions(),
        answers=_by_conversation(store.questions().answers_in(account, threads)),
    )
    if listing is not None and listing.complete:
        look.writing.see_all(account, at=at)
        if store.remembered(name) is None:
            writing.save_remembered(name, at.isoformat())
    for conversation in dict.fromkeys((*rows, *threads)):
        thread = threads.get(conversation)
        look.follow(rows.get(conversation) or _row_of(thread), thread, known.get(conversation))
    if listing is not None and listing.whole:
        for conversation in known.keys() - rows.keys() - threads.keys():
            look.writing.erase(account, conversation)


def queue_questions(
    store: Store,
    *,
    accounts: Collection[str],
    after: timedelta | None,
    is_quiet: bool,
    channels: Sequence[str],
    now: datetime,
) -> list[Alert]:
    """Tell of the questions that have waited for too long, each of them once, and never at night.

    Args:
        store: what is remembered.
        accounts: the accounts that are watched.
        after: how long a question may wait; `None`: nobody is reminded.
        is_quiet: whether these are quiet hours; what comes due in them is told together when they end.
        channels: through which channels it is told.
        now: this moment.
    """
    if after is None or is_quiet:
        return []
    queued = []
    for account in accounts:
        if not due_questions(store.questions().waiting(account), after=after, now=now):
            continue
        with store.writing() as writing:
            # Looked at again inside the transaction: a check, or another process, may have come first.
            due = due_questions(store.questions().waiting(account), after=after, now=now)
            if not due:
                continue
            alert = questions_wait(account, due, at=now)
            writing.queue(alert, channels=channels, now=now)
            writing.questions().remind(account, [each.conversation for each in due], at=now)
        queued.append(alert)
    return queued


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    """What one look has to go by."""

    account: str
    at: datetime
    rules: AnswerRules
    before: Mapping[str, KnownConversation]
    headings: frozenset[str]
    forgotten: frozenset[str]
    writing: QuestionWriting
    answers: Mapping[str, Sequence[AnswerTime]]

    def follow(self, entry: Entry, thread: Thread | None, known: Question | None) -> None:
        """Remember what has become of one conversation."""
        if not entry.selling or (thread is not None and not thread.selling):
            return
        talk = talk_of(thread, self.rules.closing) if thread is not None else None
        if thread is not None and talk is not None:
            self._keep_answers(thread, talk)
            verdict = by_messages(thread, talk)
        elif self._is_unchanged(entry, thread):
            return
        else:
            verdict = by_row(entry, closing=self.rules.closing, is_card=self._is_card, at=self.at)
        self._keep_question(entry, verdict, known)

    def _is_card(self, text: str) -> bool:
        return heading_token(text).casefold() in self.headings

    def _is_unchanged(self, entry: Entry, thread: Thread | None) -> bool:
        """Whether nothing has happened since the thread was last read; a thread without a row says nothing about that."""
        was = self.before.get(entry.conversation)
        if not entry.marks:
            return True
        return thread is None and was is not None and not entry.differs_from(was.marks)

    def _keep_question(self, entry: Entry, verdict: Verdict, known: Question | None) -> None:
        question = followed(known, verdict, entry, account=self.account, at=self.at)
        answered = answer_seen(known, verdict) if question is None else None
        if answered is not None:
            self._save(entry.conversation, [answered], instead_of=None, exact=False)
        if question is not None and not self._may_not_be_kept(question):
            self.writing.save(question)
        elif known is not None:
            self.writing.erase(self.account, entry.conversation)

    def _may_not_be_kept(self, question: Question) -> bool:
        span = self.rules.kept_for
        is_over = span is not None and self.at - question.asked_at >= span
        return is_over or question.conversation in self.forgotten

    def _keep_answers(self, thread: Thread, talk: Talk) -> None:
        if any(problem.kind is ProblemKind.JSON_MISSING for problem in thread.problems):
            return  # the page shows times to the minute or to the day, and does not say who sells
        told = in_time(talk.answers)
        known = [
            (each.asked_at, each.answered_at, each.exact)
            for each in self.answers.get(thread.conversation, ())
            if each.asked_at >= talk.begins
        ]
        if known != [(asked, answered, True) for asked, answered in told]:
            self._save(thread.conversation, told, instead_of=talk.begins, exact=True)

    def _save(
        self,
        conversation: str,
        answers: Iterable[tuple[datetime, datetime]],
        *,
        instead_of: datetime | None,
        exact: bool,
    ) -> None:
        times = [
            AnswerTime(
                account=self.account,
                conversation=conversation,
                asked_at=asked,
                answered_at=answered,
                exact=exact,
            )
            for asked, answered in in_time(answers)
        ]
        self.writing.save_answers(self.account, conversation, times, instead_of=instead_of)


def _row_of(thread: Thread | None) -> Entry:
    """Return what a thread says that would stand in its row: a thread may be opened without the list."""
    assert thread is not None  # noqa: S101 - narrows the type; a conversation has a row or a thread
    order = next(iter(thread.orders), None)
    return Entry(
        conversation=thread.conversation,
        selling=thread.selling,
        title=order.title if order else None,
        buyer=order.buyer if order else None,
    )


def _headings(store: Store, reading: Reading) -> frozenset[str]:
    """Return what the payment items of this account were headed with, as far as any was ever met."""
    words = (*store.words(reading.account), *(word for thread in reading.threads for word in thread.words))
    return frozenset(word.token.casefold() for word in words if word.kind is WordKind.HEADING)


def _forgotten(orders: Iterable[Order]) -> frozenset[str]:
    """Return the conversations of which everything was erased that named somebody."""
    known = list(orders)
    left = {order.conversation for order in known if order.forgotten_at is None}
    return frozenset(order.conversation for order in known) - left


def _by_conversation(answers: Iterable[AnswerTime]) -> Mapping[str, Sequence[AnswerTime]]:
    found: dict[str, list[AnswerTime]] = defaultdict(list)
    for answer in answers:
        found[answer.conversation].append(answer)
    return found
