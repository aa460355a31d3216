"""Saying "I have it" is not saying "it is done"."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.domain.samples import NOW, case
from watcher.domain.acknowledgement import AckEnding, Acknowledgement, Back, asks_at, check_back, in_force
from watcher.domain.case import Case
from watcher.domain.step import CaseKind

ASK_BACK = timedelta(hours=3)
ACK = Acknowledgement(case="c1", at=NOW, way="cli")
ASKED = replace(ACK, asked_at=NOW + ASK_BACK)


def closing(after: timedelta) -> Case:
    found = case(CaseKind.IN_TRANSIT)
    steps = tuple(
        replace(step, due_at=NOW + after) if step.id == "ask_carrier" else step for step in found.steps
    )
    return replace(found, steps=steps, acknowledged_at=NOW)


def back(ack: Acknowledgement, found: Case, *, hours: float, **known: object) -> Back | None:
    given = {"heard_at": None, "told_at": None, "ask_back": ASK_BACK, **known}
    return check_back(ack, found, now=NOW + timedelta(hours=hours), **given)  # type: ignore[arg-type]


FAR = closing(timedelta(hours=20))


def test_it_is_asked_back_after_three_hours():
    assert back(ACK, FAR, hours=2.99) is None
    assert back(ACK, FAR, hours=3) is Back.ASK


def test_it_is_asked_half_an_hour_before_the_window_closes_where_that_is_sooner():
    assert asks_at(ACK, closing(timedelta(hours=2)), ask_back=ASK_BACK) == NOW + timedelta(hours=1.5)


def test_nobody_is_asked_in_the_quarter_hour_after_saying_it():
    assert asks_at(ACK, closing(timedelta(minutes=40)), ask_back=ASK_BACK) == NOW + timedelta(minutes=15)
    assert asks_at(ACK, closing(timedelta(minutes=10)), ask_back=ASK_BACK) == NOW + ASK_BACK


@pytest.mark.parametrize("ack", [ACK, ASKED])
def test_whoever_was_heard_of_since_is_left_alone(ack):
    found = back(ack, FAR, hours=9, heard_at=NOW + timedelta(hours=1), told_at=NOW + ASK_BACK)
    assert found is (Back.ANSWERED if ack.asked_at else None)


def test_what_was_heard_before_is_no_answer():
    assert back(ACK, FAR, hours=3, heard_at=NOW - timedelta(minutes=5)) is Back.ASK


def test_it_is_asked_once():
    assert back(ASKED, FAR, hours=3.5, told_at=NOW + ASK_BACK) is None


def test_without_an_answer_within_an_hour_it_lapses():
    assert back(ASKED, FAR, hours=3.99, told_at=NOW + ASK_BACK) is None
    assert back(ASKED, FAR, hours=4, told_at=NOW + ASK_BACK) is Back.LAPSE


def test_a_question_that_no_channel_took_holds_nothing_against_anybody():
    assert back(ASKED, FAR, hours=48, told_at=None) is None


def test_an_answer_settles_it_for_good():
    answered = replace(ASKED, answered_at=NOW + timedelta(hours=3.2))
    assert back(answered, FAR, hours=900, told_at=NOW + ASK_BACK) is None


def test_where_nothing_is_urgent_nobody_is_asked():
    calm = replace(FAR, steps=tuple(replace(step, urgent=False) for step in FAR.steps))
    assert back(ACK, calm, hours=900) is None
    assert back(ASKED, calm, hours=900, told_at=NOW + ASK_BACK) is Back.ANSWERED


def test_a_closed_case_asks_nothing():
    assert back(ACK, replace(FAR, closed_at=NOW), hours=900) is None


def test_a_snooze_ends_at_its_time_whatever_was_heard():
    snooze = replace(ACK, snoozed_until=NOW + timedelta(hours=2))
    assert back(snooze, FAR, hours=1.99) is None
    assert back(snooze, FAR, hours=2, heard_at=NOW + timedelta(hours=1)) is Back.WAKE


def test_a_snooze_from_the_future_ends_when_the_clock_is_put_right():
    snooze = replace(ACK, at=NOW + timedelta(days=900), snoozed_until=NOW + timedelta(days=901))
    assert back(snooze, FAR, hours=0) is Back.WAKE


def test_the_one_in_force_is_the_one_that_has_not_ended():
    over = replace(ACK, ended_at=NOW, ending=AckEnding.UNANSWERED)
    assert in_force([over]) is None
    assert in_force([over, ASKED]) == ASKED
