"""The ports of what is remembered of buyers' questions and the seller's answers."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol

from watcher.domain.question import AnswerTime, Question


class QuestionShelf(Protocol):
    """What is remembered of questions and answers."""

    def waiting(self, account: str | None = None) -> Sequence[Question]:
        """Return the questions that wait, the oldest first."""

    def answers(self, account: str | None = None) -> Sequence[AnswerTime]:
        """Return how long the seller took to answer, in the order in which was asked."""

    def answers_in(self, account: str, conversations: Iterable[str]) -> Sequence[AnswerTime]:
        """Return how long the seller took to answer in these conversations, in the order in which was asked."""

    def has_older(self, moment: datetime) -> bool:
        """Whether a question waits that was asked before a moment."""


class QuestionWriting(Protocol):
    """What may be written of questions and answers within one transaction."""

    def save(self, question: Question) -> None:
        """Remember a question that waits; a conversation has one at most."""

    def see_all(self, account: str, *, at: datetime) -> None:
        """Remember that every question of an account was seen to wait."""

    def remind(self, account: str, conversations: Iterable[str], *, at: datetime) -> None:
        """Remember that the seller was reminded of these."""

    def erase(self, account: str, conversation: str) -> None:
        """Erase the question of a conversation: it waits no more."""

    def erase_older(self, moment: datetime) -> int:
        """Erase the questions that were asked before a moment; returns how many that were."""

    def save_answers(
        self, account: str, conversation: str, answers: Iterable[AnswerTime], *, instead_of: datetime | None
    ) -> None:
        """Remember answers of one conversation.

        Args:
            account: the account's name.
            conversation: the conversation's id.
            answers: what is known now.
            instead_of: what was known of questions asked from then on goes; `None`: all of it stays.
        """
