"""A buyer's question that waits for the seller's answer, and how long answers took.

Whether a text asks for an answer is judged outside of this room (`Closing`); here it is decided what follows from it.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from watcher.domain.confidence import Confidence
from watcher.domain.message import Message
from watcher.domain.reading import Entry, ProblemKind, Thread

OLD = timedelta(days=14)
"""From then on a question counts as old: nobody is reminded of it, and an answer after that counts in no figure. This
program's own number."""


class Closing(StrEnum):
    """What a message is that asks for no answer."""

    THANKS = "thanks"
    """"Ok, danke": what was asked before it stays asked."""
    WITHDRAWN = "withdrawn"
    """"Hat sich erledigt": what was asked before it needs no answer any more."""


ClosingOf = Callable[[str], Closing | None]
"""Says what kind of closing a text is; `None`: it may ask for an answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question that waits: the last word in the conversation is the buyer's, and it may ask for an answer."""

    account: str
    conversation: str
    asked_at: datetime
    seen_at: datetime
    """When it was last seen to wait."""
    confidence: Confidence
    title: str | None = None
    buyer: str | None = field(default=None, repr=False)
    reminded_at: datetime | None = None
    """When the seller was reminded of it."""

    def is_old(self, *, now: datetime) -> bool:
        """Whether it has waited for so long that nobody is reminded of it any more."""
        return now - self.asked_at >= OLD

    @property
    def is_sure(self) -> bool:
        """Whether it is known that the buyer wrote last, and that the account sells."""
        return self.confidence is not Confidence.UNSURE


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerTime:
    """That the seller answered, and when: times alone."""

    account: str
    conversation: str
    asked_at: datetime
    answered_at: datetime
    exact: bool
    """Whether the messages themselves tell it; else it was seen in the list alone."""

    @property
    def took(self) -> timedelta:
        """How long the answer took."""
        return self.answered_at - self.asked_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """What a whole conversation tells: since when it waits, and how soon the seller answered before."""

    begins: datetime
    """From when on it is known; what was remembered of that time is overtaken by it."""
    waits_since: datetime | None
    answers: tuple[tuple[datetime, datetime], ...]
    """When each question was asked, and when it was answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a look says of one conversation."""

    waits_since: datetime | None = None
    """`None`: it does not wait."""
    confidence: Confidence = Confidence.UNSURE
    answered_at: datetime | None = None
    """When the seller wrote last, where that is all that is known of an answer."""
    is_told_by_messages: bool = False


def talk_of(thread: Thread, closing: ClosingOf) -> Talk | None:
    """Return what the messages of a conversation tell; `None` where their times or their writers are not all known.

    1. A question begins with the first message of the buyer that may ask for an answer. Messages that follow belong to it.
    2. It ends with the seller's next message, which answers it; with the buyer's own word that it is settled; or with a
       payment item, after which nobody can tell from the messages what was answered where.
    """
    items = _in_order(thread)
    if not thread.selling or not thread.messages or items is None:
        return None
    waits_since: datetime | None = None
    answers = []
    for at, said in items:
        if said is not None and said.inbound:
            kind = closing(said.text)
            if kind is Closing.WITHDRAWN:
                waits_since = None
            elif kind is None and waits_since is None:
                waits_since = at
            continue
        if said is not None and waits_since is not None:
            answers.append((waits_since, at))
        waits_since = None
    return Talk(begins=items[0][0], waits_since=waits_since, answers=tuple(answers))


def _in_order(thread: Thread) -> list[tuple[datetime, Message | None]] | None:
    """Return messages and payment items (`None`) by their times; of two at the same moment the message comes first."""
    messages = [(message.at, message) for message in thread.messages if message.inbound is not None]
    timed: list[tuple[datetime, Message | None]] = [
        (at, message) for at, message in messages if at is not None
    ]
    timed += [(at, None) for at in thread.card_times if at is not None]
    if len(timed) < len(thread.messages) + len(thread.card_times):
        return None
    return sorted(timed, key=lambda item: (item[0], item[1] is None))


def by_messages(thread: Thread, talk: Talk) -> Verdict:
    """Return what the messages say. Certain is what both readers saw; the page alone does not tell who sells."""
    kinds = {problem.kind for problem in thread.problems}
    confidence = Confidence.LIKELY if kinds else Confidence.CERTAIN
    return Verdict(
        waits_since=talk.waits_since,
        confidence=Confidence.UNSURE if ProblemKind.JSON_MISSING in kinds else confidence,
        is_told_by_messages=True,
    )


def by_row(entry: Entry, *, closing: ClosingOf, is_card: Callable[[str], bool], at: datetime) -> Verdict:
    """Return what a row of the list says, which is the last item and how it begins; never more than likely.

    Args:
        entry: the row.
        closing: what kind of closing a text is.
        is_card: whether a text is the heading of a payment item.
        at: when the list was read; a row without a time counts from then.
    """
    if entry.inbound is False:
        return Verdict(confidence=Confidence.LIKELY, answered_at=entry.at)
    preview = entry.preview or ""
    if is_card(preview) or closing(preview) is not None:
        return Verdict(confidence=Confidence.LIKELY)
    sure = Confidence.LIKELY if entry.inbound else Confidence.UNSURE
    return Verdict(waits_since=entry.at or at, confidence=sure)


def followed(
    known: Question | None, verdict: Verdict, entry: Entry, *, account: str, at: datetime
) -> Question | None:
    """Return the question as it waits after a look; `None` where none does.

    A row that does not say who wrote last changes nothing about what is known better. A row with a later message of the
    buyer does not say whether the question before was answered: it is taken for the same one.
    """
    since = verdict.waits_since
    if since is None:
        return None
    if known is None:
        return Question(
            account=account,
            conversation=entry.conversation,
            asked_at=since,
            seen_at=at,
            confidence=verdict.confidence,
            title=entry.title,
            buyer=entry.buyer,
        )
    confidence = verdict.confidence
    if not verdict.is_told_by_messages:
        since = min(known.asked_at, since)
        confidence = known.confidence if confidence is Confidence.UNSURE else confidence
    is_same = known.reminded_at is not None and since <= known.reminded_at
    return Question(
        account=account,
        conversation=entry.conversation,
        asked_at=since,
        seen_at=at,
        confidence=confidence,
        title=entry.title or known.title,
        buyer=entry.buyer or known.buyer,
        reminded_at=known.reminded_at if is_same else None,
    )


def answer_seen(known: Question | None, verdict: Verdict) -> tuple[datetime, datetime] | None:
    """Return when a question was asked and answered, where the list alone tells it; `None` where it does not."""
    answered_at = verdict.answered_at
    if known is None or not known.is_sure or answered_at is None or answered_at < known.asked_at:
        return None
    return known.asked_at, answered_at


def in_time(answers: Iterable[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    """Return the answers that count: what comes after weeks answers nothing."""
    return [(asked, answered) for asked, answered in answers if answered - asked < OLD]


def oldest_first(questions: Iterable[Question]) -> list[Question]:
    """Return questions in the order in which they were asked."""
    return sorted(questions, key=lambda question: (question.asked_at, question.conversation))


def apart(questions: Sequence[Question], *, now: datetime) -> tuple[list[Question], list[Question]]:
    """Return the questions that wait, and those that have grown old; each of them the oldest first."""
    ordered = oldest_first(questions)
    return (
        [question for question in ordered if not question.is_old(now=now)],
        [question for question in ordered if question.is_old(now=now)],
    )
