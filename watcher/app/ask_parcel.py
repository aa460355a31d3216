"""One question to a carrier's interface, and what is learnt from its answer."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from watcher.app import poll_book
from watcher.app.case_book import CaseRules
from watcher.app.parcels import Tracked, learn
from watcher.app.poll_book import Trouble
from watcher.app.ports import Store, TrackingSource, Writing
from watcher.carriers.statuses.meaning import meaning_of
from watcher.crash_points import crash_point
from watcher.domain import quota
from watcher.domain.answer import Answer, Said, SourceProblem, rest_after
from watcher.domain.order import Order
from watcher.domain.parcel import Milestone, Origin, Parcel, Sighting
from watcher.domain.polling import Asked
from watcher.texts.fill import one_line

_OF_THE_PARCEL = frozenset({None, SourceProblem.NOT_FOUND})
"""What a source says that works: about this parcel, and against no other."""
_LIFTED_BY_HAND = frozenset({SourceProblem.KEY_REFUSED, SourceProblem.UNREACHABLE})
"""Rests that may be over because the human has done something. A spent quota comes back by the clock alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What to ask whom."""

    order: Order
    source: TrackingSource
    carrier: str
    """The id of the parcel's carrier, one of the source's."""
    number: str
    parcel: Parcel
    """What is known of it so far."""

    @property
    def is_way_back(self) -> bool:
        """Whether the number is a new one, of the way back: what is said about it is about the return."""
        return self.parcel.number_back is not None and self.number == self.parcel.number_back


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """What came of a question."""

    question: Question
    answer: Answer | None = None
    """`None`: it was not asked, for the source wants to be left alone until `not_before`."""
    not_before: datetime | None = None
    tracked: Tracked | None = None
    """What is known of the parcel now; `None` where nothing was asked."""


def ask(
    question: Question,
    store: Store,
    *,
    rules: CaseRules,
    clock: Callable[[], datetime],
    by_hand: bool = False,
) -> Asking:
    """Ask once, within the quota.

    1. That a question goes out is remembered before it does: a crash, or a second program, costs one answer at most and
       never the quota.
    2. The answer becomes sightings, the case follows them, and the ledger says so, in one transaction.
    3. A source that breaks its promise, or says nothing that can be understood, changes nothing about the parcel; what was
       wrong is remembered and shown. After a refused key, a spent quota or a dead line the whole source rests.

    Args:
        question: what to ask whom.
        store: what is remembered.
        rules: what is in force when a case is planned.
        clock: the present moment.
        by_hand: the human asks, who may have mended the key or the line: a rest for these is over.
    """
    source, now = question.source, clock()
    with store.writing() as writing:
        used = poll_book.used_of(store, source.name)
        trouble = poll_book.trouble_of(store, source.name)
        if used and by_hand and trouble and trouble.problem in _LIFTED_BY_HAND:
            used = quota.rested(used, until=None)
        free_at = quota.next_at(used, source.quota, now)
        if free_at > now:
            return Asking(question=question, not_before=free_at)
        before = _asked_before(store, question)
        poll_book.save_used(writing, source.name, quota.asked(used, now))
        poll_book.save_asked(writing, question.order.id, replace(before, at=now))
    crash_point("question_counted")
    answer = _answer(question)
    crash_point("carrier_answered")
    now = clock()
    order = store.catalogue().order(question.order.id) or question.order
    news = _news(question, answer, store, at=now)
    tracked = learn(store, order, news, rules=rules, at=now)
    crash_point("parcel_followed")
    with store.writing() as writing:
        _remember_source(writing, store, question, answer, at=now)
        _remember_parcel(writing, store, question, answer)
    return Asking(question=question, answer=answer, tracked=tracked)


def _asked_before(store: Store, question: Question) -> Asked:
    known = poll_book.asked_of(store, question.order.id)
    return known if known and known.number == question.number else Asked(number=question.number, at=_NEVER)


_NEVER = datetime.fromisoformat("2000-01-01T00:00:00+00:00")


def _answer(question: Question) -> Answer:
    """Ask; whatever a source does that it has promised not to do is an answer that was not understood."""
    try:
        answer: object = question.source.ask(question.number, postcode=None)
    except Exception as error:  # noqa: BLE001 - sources come from one file each: none of them may end the watch
        return _not_understood(f"the source failed: {type(error).__name__}")
    if not isinstance(answer, Answer) or not _is_whole(answer):
        return _not_understood("the source's answer has another shape than it promises")
    return answer


def _is_whole(answer: Answer) -> bool:
    problem: object = answer.problem
    statements: object = answer.statements
    return (
        isinstance(problem, SourceProblem | None)
        and isinstance(statements, tuple)
        and all(map(_is_said, statements))
    )


def _is_said(said: object) -> bool:
    if not isinstance(said, Said):
        return False
    words, codes, at = said.words, (said.status_code, said.event_code), said.at
    texts: tuple[object, ...] = (words, *(code for code in codes if code is not None))
    return all(isinstance(text, str) for text in texts) and (at is None or at.tzinfo is not None)


def _not_understood(detail: str) -> Answer:
    return Answer(problem=SourceProblem.NOT_UNDERSTOOD, detail=detail)


def _news(question: Question, answer: Answer, store: Store, *, at: datetime) -> tuple[Sighting, ...]:
    """Return what the answer says that this source has not said before."""
    known = [each for each in store.sightings(question.order.id) if each.origin is Origin.API]
    told = {(each.milestone, each.at, each.words) for each in known}
    latest = max(known, key=lambda each: (each.at, each.learnt_at), default=None)
    news = []
    for sighting, is_dated in _sightings(question, answer, at=at):
        if is_dated:
            is_known = (sighting.milestone, sighting.at, sighting.words) in told
        else:
            # Without a time of its own it is told anew with every answer: news only when something else was said last.
            is_known = latest is not None and (latest.milestone, latest.words) == (
                sighting.milestone,
                sighting.words,
            )
        if not is_known:
            news.append(sighting)
    return tuple(news)


def _sightings(question: Question, answer: Answer, *, at: datetime) -> Iterator[tuple[Sighting, bool]]:
    """Return each statement as a sighting, and whether it has a time of its own.

    What nobody understands is kept with its words, and counts for nothing; what tells of nothing that happened is no sighting.
    """
    for said in answer.statements:
        meaning = meaning_of(
            said.words,
            carrier=question.carrier,
            code=said.event_code,
            state=said.status_code,
            is_return=said.is_return or question.is_way_back,
        )
        words = said.words or said.event_code or said.status_code or ""
        if meaning.milestone is Milestone.UNKNOWN and not (meaning.is_event and words):
            continue
        sighting = Sighting(
            order=question.order.id,
            milestone=meaning.milestone,
            at=said.at or at,
            learnt_at=at,
            origin=Origin.API,
            confidence=meaning.confidence,
            at_shop=meaning.at_shop,
            carrier=question.carrier,
            words=words,
        )
        yield sighting, said.at is not None


def _remember_source(
    writing: Writing, store: Store, question: Question, answer: Answer, *, at: datetime
) -> None:
    source = question.source.name
    used, rest = poll_book.used_of(store, source), rest_after(answer)
    if used is not None and (rest is not None or used.not_before is not None):
        poll_book.save_used(writing, source, quota.rested(used, until=at + rest if rest else None))
    known = poll_book.trouble_of(store, source)
    if answer.problem in _OF_THE_PARCEL:
        if known is not None:
            poll_book.save_trouble(writing, source, None)
            writing.record("tracking_works", at=at, source=source)
    elif answer.problem is not None and (known is None or known.problem is not answer.problem):
        trouble = Trouble(problem=answer.problem, since=at, detail=one_line(answer.detail, limit=200))
        poll_book.save_trouble(writing, source, trouble)
        writing.record("tracking_trouble", at=at, source=source, problem=answer.problem)


def _remember_parcel(writing: Writing, store: Store, question: Question, answer: Answer) -> None:
    asked = _asked_before(store, question)
    missed = answer.problem is SourceProblem.NOT_FOUND
    after = replace(asked, misses=asked.misses + 1 if missed else 0)
    if after != asked:
        poll_book.save_asked(writing, question.order.id, after)
