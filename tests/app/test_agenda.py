"""What is due in open cases, and when it is worth writing anew."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.support.clock import NOON
from tests.support.rooms import CASE_RULES, Rooms
from tests.support.values import ORDER
from watcher.app.agenda import Appointment, agenda, beginnings, fingerprint, keep_agenda
from watcher.app.seller import close_case, mark_done
from watcher.domain.stage import Stage
from watcher.domain.step import CaseKind, Step
from watcher.errors import UsageError
from watcher.policy.rule import CountsFrom


@pytest.fixture
def disputed(rooms: Rooms) -> Rooms:
    rooms.check()
    rooms.clock.forward(minutes=20)
    rooms.shop.happen("friteuse", "DISPUTED")
    rooms.check()
    return rooms


def names(appointments: tuple[Appointment, ...]) -> list[str]:
    return [each.subject.id for each in appointments]


def test_every_open_step_with_a_time_is_due_once_the_earliest_first(cancelled: Rooms) -> None:
    case = cancelled.store.cases()[0]
    found = agenda(cancelled.store)
    assert sorted(names(found)) == sorted(step.id for step in case.steps if step.is_open and step.due_at)
    assert [each.at for each in found] == sorted(each.at for each in found)
    assert len({each.uid for each in found}) == len(found) > 3


def test_a_step_that_is_done_is_due_no_more(cancelled: Rooms) -> None:
    case = cancelled.store.cases()[0]
    assert "keep_proof" in names(agenda(cancelled.store))
    mark_done(cancelled.store, case.id, "keep_proof", rules=CASE_RULES, clock=cancelled.clock)
    assert "keep_proof" not in names(agenda(cancelled.store))


def test_a_closed_case_has_nothing_due(cancelled: Rooms) -> None:
    close_case(cancelled.store, cancelled.store.cases()[0].id, clock=cancelled.clock)
    assert agenda(cancelled.store) == ()


def test_one_case_can_be_asked_for(cancelled: Rooms) -> None:
    case = cancelled.store.cases()[0]
    with cancelled.store.writing() as writing:
        writing.save_case(replace(case, id="cother22"))
    assert {each.case.id for each in agenda(cancelled.store)} == {case.id, "cother22"}
    assert {each.case.id for each in agenda(cancelled.store, case_id=case.id)} == {case.id}
    with pytest.raises(UsageError):
        agenda(cancelled.store, case_id="c000000")


def test_a_period_that_a_step_stands_for_is_not_due_twice(disputed: Rooms) -> None:
    found = agenda(disputed.store)
    assert "agree_or_escalate" in names(found)
    assert "agree_within_5_days" not in names(found)


def test_a_period_without_a_step_of_its_time_is_due(disputed: Rooms) -> None:
    case = next(case for case in disputed.store.cases() if case.kind is CaseKind.DISPUTED)
    mark_done(disputed.store, case.id, "agree_or_escalate", rules=CASE_RULES, clock=disputed.clock)
    [period] = [each for each in agenda(disputed.store) if not isinstance(each.subject, Step)]
    assert (period.subject.id, period.at) == (
        "agree_within_5_days",
        period.order.stage_at + timedelta(days=5),
    )
    assert period.uid == f"{case.id}-rule-agree_within_5_days@stornowacht"


def test_only_the_present_stage_dates_a_beginning() -> None:
    for stage in Stage:
        known = beginnings(replace(ORDER, stage=stage))
        wanted = {Stage.PAID: CountsFrom.PAID, Stage.DISPUTED: CountsFrom.REPORTED}.get(stage)
        assert known == ({wanted: NOON} if wanted else {})


def test_the_agenda_is_written_when_it_changes_and_not_otherwise(cancelled: Rooms) -> None:
    written: list[list[str]] = []

    def keep(*words: str, anew: bool = False) -> bool:
        return keep_agenda(
            cancelled.store, write=lambda each: written.append([x.uid for x in each]), words=words, anew=anew
        )

    assert [keep("de"), keep("de"), keep("de", anew=True), keep("en"), keep("en")] == [
        True, False, True, True, False,
    ]  # fmt: skip
    case = cancelled.store.cases()[0]
    mark_done(cancelled.store, case.id, "keep_proof", rules=CASE_RULES, clock=cancelled.clock)
    assert keep("en")
    assert len(written[-1]) != len(written[-2])


def test_what_could_not_be_written_is_tried_again(cancelled: Rooms) -> None:
    def fails(_: object) -> None:
        raise UsageError("no room")

    with pytest.raises(UsageError):
        keep_agenda(cancelled.store, write=fails, words=())
    assert keep_agenda(cancelled.store, write=lambda _: None, words=())


def test_a_fingerprint_changes_with_each_thing_that_is_shown(cancelled: Rooms) -> None:
    [first, *rest] = agenda(cancelled.store)
    whole = fingerprint([first, *rest])
    changed = [
        fingerprint([*rest]),
        fingerprint([first, *rest], "en"),
        fingerprint([replace(first, at=first.at + timedelta(seconds=1)), *rest]),
        fingerprint([replace(first, urgent=not first.urgent), *rest]),
        fingerprint([replace(first, order=replace(first.order, title="\udcff")), *rest]),
    ]
    assert len({whole, *changed}) == len(changed) + 1
    assert fingerprint([first, *rest]) == whole
