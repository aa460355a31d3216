"""Each question is told once, together with the others that are due."""

from dataclasses import replace
from datetime import datetime, timedelta

from tests.support.clock import NOON
from watcher.domain.alert import AlertKind
from watcher.domain.confidence import Confidence
from watcher.domain.question import OLD, Question
from watcher.domain.question_news import FORGOTTEN, PAUSE, due_questions, questions_wait, still_wait

AFTER = timedelta(hours=4)


def asked(name: str, hours_ago: float, **known: object) -> Question:
    asked_at = NOON - timedelta(hours=hours_ago)
    values = {"account": "main", "conversation": name, "asked_at": asked_at, "seen_at": NOON}
    return Question(**{"confidence": Confidence.CERTAIN, **values, **known})  # type: ignore[arg-type]


def due(*questions: Question, now: datetime = NOON) -> list[str]:
    return [each.conversation for each in due_questions(questions, after=AFTER, now=now)]


def test_what_has_waited_long_enough_is_due_the_oldest_first() -> None:
    assert due(asked("a", 5), asked("b", 3.9), asked("c", 30)) == ["c", "a"]


def test_what_is_unsure_old_or_told_already_is_not_told() -> None:
    old = asked("old", OLD / timedelta(hours=1))
    told = asked("told", 9, reminded_at=NOON - timedelta(hours=5))
    assert due(asked("unsure", 9, confidence=Confidence.UNSURE), old, told) == []


def test_soon_after_one_word_the_next_waits_so_that_several_come_together() -> None:
    just_told = asked("told", 9, reminded_at=NOON - timedelta(minutes=10))
    later = NOON - timedelta(minutes=10) + PAUSE
    assert due(just_told, asked("a", 5), asked("b", 4)) == []
    assert due(just_told, asked("a", 5), asked("b", 4), now=later) == ["a", "b"]


def test_what_nobody_has_looked_at_for_long_is_looked_at_first() -> None:
    unseen = asked("a", 60, seen_at=NOON - AFTER - FORGOTTEN - timedelta(minutes=1))
    assert due(unseen) == []
    assert due(replace(unseen, seen_at=NOON)) == ["a"]


def test_the_word_names_conversations_alone_and_its_key_is_the_questions() -> None:
    questions = [asked("a", 9, title="Lampe", buyer="Jonte"), asked("b", 8)]
    alert = questions_wait("main", questions, at=NOON)
    assert (alert.kind, alert.critical, alert.wakes) == (AlertKind.QUESTIONS_WAIT, False, None)
    assert alert.details == (("question", "a"), ("question", "b"))
    assert "Lampe" not in repr(alert)
    assert alert.key == questions_wait("main", questions, at=NOON + timedelta(hours=1)).key


def test_only_what_was_named_and_asked_before_still_counts() -> None:
    alert = questions_wait("main", [asked("a", 9), asked("b", 8)], at=NOON)
    again = asked("b", -1)  # answered, and asked anew
    assert still_wait(alert, [asked("c", 9), again]) == []
    assert [each.conversation for each in still_wait(alert, [again, asked("a", 9)])] == ["a"]
