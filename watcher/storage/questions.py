"""Buyers' questions and the seller's answer times in the database. No text of anybody is ever kept."""

import json
import sqlite3
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from watcher.domain.confidence import Confidence
from watcher.domain.question import AnswerTime, Question
from watcher.storage import rows
from watcher.storage.database import FILE_NAME, refused


class SqliteQuestions:
    """What is remembered of questions and answers."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def waiting(self, account: str | None = None) -> list[Question]:
        """Return the questions that wait, the oldest first."""
        query = "SELECT * FROM questions WHERE ?1 IS NULL OR account = ?1 ORDER BY asked_at, account, conversation"
        return [_question_of(row) for row in self._rows(query, account)]

    def answers(self, account: str | None = None) -> list[AnswerTime]:
        """Return how long the seller took to answer, in the order in which was asked."""
        query = "SELECT * FROM answer_times WHERE ?1 IS NULL OR account = ?1 ORDER BY asked_at, account, conversation"
        return [_answer_of(row) for row in self._rows(query, account)]

    def answers_in(self, account: str, conversations: Iterable[str]) -> list[AnswerTime]:
        """Return how long the seller took to answer in these conversations, in the order in which was asked."""
        query = (
            "SELECT * FROM answer_times WHERE account = ? AND conversation IN (SELECT value FROM json_each(?))"
            " ORDER BY asked_at, conversation"
        )
        return [_answer_of(row) for row in self._rows(query, account, json.dumps(list(conversations)))]

    def has_older(self, moment: datetime) -> bool:
        """Whether a question waits that was asked before a moment."""
        return bool(self._rows("SELECT 1 FROM questions WHERE asked_at < ? LIMIT 1", rows.time_text(moment)))

    def _rows(self, query: str, *parameters: str | None) -> list[sqlite3.Row]:
        try:
            return list(self._connection.execute(query, parameters))
        except sqlite3.DatabaseError as error:
            raise refused(Path(FILE_NAME), error) from error


class SqliteQuestionWriting:
    """What may be written of questions and answers within the transaction that is open."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def save(self, question: Question) -> None:
        """Remember a question that waits; a conversation has one at most."""
        self._connection.execute(
            "INSERT OR REPLACE INTO questions"
            " (account, conversation, asked_at, seen_at, title, buyer, confidence, reminded_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                question.account,
                question.conversation,
                rows.time_text(question.asked_at),
                rows.time_text(question.seen_at),
                question.title,
                question.buyer,
                question.confidence,
                rows.time_text(question.reminded_at),
            ),
        )

    def see_all(self, account: str, *, at: datetime) -> None:
        """Remember that every question of an account was seen to wait."""
        query = "UPDATE questions SET seen_at = ? WHERE account = ?"
        self._connection.execute(query, (rows.time_text(at), account))

    def remind(self, account: str, conversations: Iterable[str], *, at: datetime) -> None:
        """Remember that the seller was reminded of these."""
        query = "UPDATE questions SET reminded_at = ? WHERE account = ? AND conversation = ?"
        moment = rows.time_text(at)
        self._connection.executemany(query, [(moment, account, each) for each in conversations])

    def erase(self, account: str, conversation: str) -> None:
        """Erase the question of a conversation: it waits no more."""
        query = "DELETE FROM questions WHERE account = ? AND conversation = ?"
        self._connection.execute(query, (account, conversation))

    def erase_older(self, moment: datetime) -> int:
        """Erase the questions that were asked before a moment; returns how many that were."""
        query = "DELETE FROM questions WHERE asked_at < ?"
        return self._connection.execute(query, (rows.time_text(moment),)).rowcount

    def save_answers(
        self, account: str, conversation: str, answers: Iterable[AnswerTime], *, instead_of: datetime | None
    ) -> None:
        """Remember answers of one conversation, instead of what was known of questions asked from a moment on."""
        if instead_of is not None:
            query = "DELETE FROM answer_times WHERE account = ? AND conversation = ? AND asked_at >= ?"
            self._connection.execute(query, (account, conversation, rows.time_text(instead_of)))
        self._connection.executemany(
            "INSERT OR REPLACE INTO answer_times (account, conversation, asked_at, answered_at, exact)"
            " VALUES (?, ?, ?, ?, ?)",
            [
                (
                    account,
                    conversation,
                    rows.time_text(each.asked_at),
                    rows.time_text(each.answered_at),
                    int(each.exact),
                )
                for each in answers
            ],
        )


def _question_of(row: sqlite3.Row) -> Question:
    return Question(
        account=row["account"],
        conversation=row["conversation"],
        asked_at=datetime.fromisoformat(row["asked_at"]),
        seen_at=datetime.fromisoformat(row["seen_at"]),
        confidence=Confidence(row["confidence"]),
        title=row["title"],
        buyer=row["buyer"],
        reminded_at=rows.time_of(row["reminded_at"]),
    )


def _answer_of(row: sqlite3.Row) -> AnswerTime:
    return AnswerTime(
        account=row["account"],
        conversation=row["conversation"],
        asked_at=datetime.fromisoformat(row["asked_at"]),
        answered_at=datetime.fromisoformat(row["answered_at"]),
        exact=bool(row["exact"]),
    )
