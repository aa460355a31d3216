"""What fails again and again rests ever longer, also over restarts, and is told once, as is its end."""

from datetime import timedelta

import pytest

from tests.support.rooms import Rooms
from watcher.app.refused_config import forget_refused_config, refused_config, remember_refused_config
from watcher.app.setbacks import (
    Hearers,
    begin_run,
    end_run,
    remember_last_words,
    remember_setback,
    remember_success,
    setback_of,
    steady_run,
)
from watcher.domain.setback import WATCH, Pauses, Setback

PAUSES = Pauses(first=timedelta(seconds=10), longest=timedelta(minutes=2), told_after=3)
YOUNG = Pauses(first=timedelta(seconds=15), longest=timedelta(minutes=30), told_after=4, free=2)
PATIENCE = timedelta(minutes=25)
HEARERS = Hearers(account="main", channels=["email"])


def fail(rooms: Rooms, job: str = "deliver") -> Setback:
    return remember_setback(
        rooms.store, job, reason="exit_1", pauses=PAUSES, hearers=HEARERS, clock=rooms.clock
    )


def alerts(rooms: Rooms) -> list[str]:
    return [entry.alert.kind.value for entry in rooms.store.outbox()]


def test_the_pauses_double_up_to_the_longest_and_stand_in_the_store(rooms: Rooms) -> None:
    pauses = [fail(rooms).pause(at=rooms.clock()).total_seconds() for _time in range(6)]
    assert pauses == [10, 20, 40, 80, 120, 120]
    assert setback_of(rooms.store, "deliver").failures == 6
    assert setback_of(rooms.store, "poll").failures == 0


def test_it_is_told_once_however_long_it_lasts_and_its_end_once(rooms: Rooms) -> None:
    for _time in range(6):
        fail(rooms)
        rooms.clock.forward(hours=30)
    assert alerts(rooms) == ["keeps_failing"]
    assert remember_success(rooms.store, "deliver", hearers=HEARERS, clock=rooms.clock)
    assert not remember_success(rooms.store, "deliver", hearers=HEARERS, clock=rooms.clock)
    assert sorted(alerts(rooms)) == ["keeps_failing", "works_again"]


def test_what_was_never_told_ends_without_a_word(rooms: Rooms) -> None:
    fail(rooms)
    remember_success(rooms.store, "deliver", hearers=HEARERS, clock=rooms.clock)
    assert alerts(rooms) == []


def test_a_second_trouble_is_told_anew(rooms: Rooms) -> None:
    for _trouble in range(2):
        for _time in range(3):
            fail(rooms)
            rooms.clock.forward(minutes=1)
        remember_success(rooms.store, "deliver", hearers=HEARERS, clock=rooms.clock)
    assert alerts(rooms).count("keeps_failing") == 2


def test_a_pause_that_a_wrong_clock_has_written_holds_nobody_up(rooms: Rooms) -> None:
    fail(rooms)
    rooms.clock.forward(days=-3)
    assert setback_of(rooms.store, "deliver").pause(at=rooms.clock()) == timedelta(0)


def begin(rooms: Rooms, boot: str = "") -> Setback | None:
    return begin_run(rooms.store, boot=boot, pauses=YOUNG, hearers=HEARERS, clock=rooms.clock)


def live(rooms: Rooms, *, minutes: int) -> None:
    """Live for so long, and say so each minute, as the watch does; before that the machine has slept, or the watch rested."""
    rooms.clock.forward(hours=1)
    for minute in range(1, minutes + 1):
        rooms.clock.forward(minutes=1)
        steady_run(
            rooms.store,
            lived=timedelta(minutes=minute),
            patience=PATIENCE,
            hearers=HEARERS,
            clock=rooms.clock,
        )


def test_a_watch_that_dies_young_is_counted_with_its_last_words_and_two_deaths_are_free(rooms: Rooms) -> None:
    assert begin(rooms) is None
    pauses = []
    for _death in range(5):
        remember_last_words(rooms.store, "fault:OSError")
        rooms.clock.forward(minutes=1)
        found = begin(rooms)
        assert found is not None
        pauses.append(found.pause(at=rooms.clock()).total_seconds())
    assert pauses == [0, 0, 15, 30, 60]
    assert found.reason == "fault:OSError"
    assert alerts(rooms) == ["keeps_failing"]


def test_a_watch_that_hangs_again_and_again_is_counted_however_long_that_took(rooms: Rooms) -> None:
    assert begin(rooms) is None
    for _death in range(5):
        live(rooms, minutes=int(PATIENCE.total_seconds() / 60))  # its other jobs get on meanwhile
        remember_last_words(rooms.store, "stuck:check")
        found = begin(rooms)
    assert found is not None
    assert found.reason == "stuck:check"
    assert found.pause(at=rooms.clock()) == timedelta(seconds=60)
    assert alerts(rooms) == ["keeps_failing"]


def test_one_that_is_killed_while_the_machine_stays_up_is_counted_too(rooms: Rooms) -> None:
    begin(rooms, "a boot")
    for _death in range(4):
        live(rooms, minutes=15)
        found = begin(rooms, "a boot")
    assert found is not None
    assert found.failures == 4
    assert alerts(rooms) == ["keeps_failing"]


@pytest.mark.parametrize(("boot", "later"), [("a boot", "another"), ("", "")])
def test_one_that_went_with_the_machine_is_not(rooms: Rooms, boot: str, later: str) -> None:
    begin(rooms, boot)
    live(rooms, minutes=15)
    assert begin(rooms, later) is None
    assert setback_of(rooms.store, WATCH).failures == 0


def test_one_that_was_asked_to_end_or_lived_long_has_not_died_young(rooms: Rooms) -> None:
    begin(rooms)
    end_run(rooms.store)
    assert begin(rooms) is None
    live(rooms, minutes=11)
    assert begin(rooms) is None
    assert setback_of(rooms.store, WATCH).failures == 0


def test_one_that_was_asked_to_end_and_is_killed_at_that_has_no_last_words(rooms: Rooms) -> None:
    begin(rooms, "a boot")
    live(rooms, minutes=15)
    end_run(rooms.store)
    remember_last_words(rooms.store, "stuck:ending")
    assert begin(rooms, "a boot") is None


def test_a_watch_that_outlives_whatever_hung_is_over_its_setback(rooms: Rooms) -> None:
    for _start in range(5):
        begin(rooms)
        rooms.clock.forward(minutes=1)
    live(rooms, minutes=34)
    assert setback_of(rooms.store, WATCH).failures == 4, "not yet"
    live(rooms, minutes=35)
    assert setback_of(rooms.store, WATCH).failures == 0
    assert sorted(alerts(rooms)) == ["keeps_failing", "works_again"]


def test_a_refused_config_is_told_once_for_the_same_mistakes(rooms: Rooms) -> None:
    for message in ("[watch] foo", "[watch] foo", "[watch] bar"):
        remember_refused_config(rooms.store, message, account="main", channels=["email"], clock=rooms.clock)
        rooms.clock.forward(minutes=1)
    assert alerts(rooms) == ["config_refused"] * 2
    found = refused_config(rooms.store)
    assert found is not None
    assert found.message == "[watch] bar"
    forget_refused_config(rooms.store)
    assert refused_config(rooms.store) is None
