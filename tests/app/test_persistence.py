"""Regressions that other reminders and on-call systems have had: rounds that outlive an acknowledgement, quiet hours with a
back door, old cases that wake again, questions that nobody asked."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from tests.support.clock import Clock
from tests.support.rooms import CASE_RULES, PACE, FakePostman, Rooms
from tests.support.values import alert
from watcher.app.case_book import CaseRules
from watcher.app.deliver import LEASE, deliver_due, queue_reminders
from watcher.app.round import RoundRules, deliver_round
from watcher.app.seller import acknowledge, mark_done, write_note
from watcher.app.steady import give_sign_of_life
from watcher.domain.acknowledgement import AckEnding, in_force
from watcher.domain.alert import AlertKind, Wakes
from watcher.domain.budget import BERLIN
from watcher.domain.case import Case
from watcher.domain.escalation import Policy, Round, Rounds, default_policies
from watcher.domain.late import digest, entries
from watcher.domain.parcel import Milestone, Origin, Sighting
from watcher.domain.quiet_hours import QuietHours
from watcher.domain.remind import RemindRules
from watcher.domain.situation import Window
from watcher.domain.step import CaseKind


def berlin(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=BERLIN).astimezone(UTC)


EVERY = timedelta(minutes=30)
NIGHT = QuietHours(hours=(time(22), time(7)))
RULES = RoundRules(accounts=["main"], pace=PACE, cases=CASE_RULES)
FAR = CaseRules(window_of=lambda _, _at: Window(closes_at=berlin(26, 18)))
"""The carrier can still be asked in two days."""
AT_NIGHT = replace(RULES, cases=FAR, remind=RemindRules(quiet=NIGHT))


@pytest.fixture
def postman() -> FakePostman:
    return FakePostman("email")


@pytest.fixture
def rooms(cancelled: Rooms, postman: FakePostman) -> Rooms:
    """A case whose first alert went out by mail."""
    with cancelled.store.writing() as writing:
        for entry in cancelled.store.outbox():
            if entry.channel != "email":
                writing.drop(entry.id, now=cancelled.clock())
    deliver_due(cancelled.store, postman, clock=cancelled.clock)
    postman.taken.clear()
    return cancelled


def the_case(rooms: Rooms) -> Case:
    return rooms.store.cases()[0]


def has(rooms: Rooms, *, until: datetime | None = None) -> Case:
    return acknowledge(rooms.store, the_case(rooms).id, clock=rooms.clock, until=until)


def run(rooms: Rooms, postman: FakePostman, rules: RoundRules = RULES) -> list[AlertKind]:
    """One round; what it told of the case's rounds."""
    before = len(postman.taken)
    deliver_round(rooms.store, postman, rules=rules, clock=rooms.clock)
    told = {AlertKind.CASE_REMINDER, AlertKind.ASK_BACK, AlertKind.REMINDERS_STOP, AlertKind.DIGEST}
    return [entry.alert.kind for entry in postman.taken[before:] if entry.alert.kind in told]


def pass_time(
    rooms: Rooms,
    postman: FakePostman,
    *,
    rules: RoundRules = RULES,
    every: timedelta = timedelta(minutes=10),
    **span: float,
) -> list[AlertKind]:
    """Let time pass with the program running; what was told of the case's rounds."""
    end, told = rooms.clock() + timedelta(**span), []
    while rooms.clock() < end:
        rooms.clock.now = min(rooms.clock() + every, end)
        told += run(rooms, postman, rules)
    return told


def window_closes(rooms: Rooms, at: datetime) -> None:
    """The carrier's window is known, and closes at that moment."""
    case = the_case(rooms)
    steps = tuple(replace(step, due_at=at) if step.id == "ask_carrier" else step for step in case.steps)
    with rooms.store.writing() as writing:
        writing.save_case(replace(case, steps=steps))


# --- an acknowledgement stops everything


def test_an_acknowledgement_stops_rounds_that_are_scheduled_and_those_that_are_leased(
    rooms: Rooms, clock: Clock, postman: FakePostman
) -> None:
    clock.now += EVERY
    queue_reminders(rooms.store, channels=["email", "desktop"], rules=RULES.remind, clock=clock)
    [leased] = rooms.store.claim(now=clock(), lease=LEASE, limit=1)
    has(rooms)
    clock.now += LEASE
    assert run(rooms, postman) == []
    clock.forward(minutes=10)
    assert run(rooms, postman) == []
    assert leased.alert.kind is AlertKind.CASE_REMINDER
    assert all(entry.dropped_at or entry.sent_at for entry in rooms.store.outbox())


def test_an_acknowledgement_between_lease_and_hand_over_is_heard(rooms: Rooms, clock: Clock) -> None:
    """Two reminders are due; while the first is handed over, somebody says "I have it"."""
    clock.now += EVERY
    queue_reminders(rooms.store, channels=["email", "desktop"], rules=RULES.remind, clock=clock)

    class Interrupted(FakePostman):
        def hand_over(self, waiting):  # type: ignore[no-untyped-def]
            other = rooms.second_store()
            acknowledge(other, waiting.alert.case, clock=clock, way="ntfy")
            other.close()
            return super().hand_over(waiting)

    assert len(deliver_due(rooms.store, Interrupted(), clock=clock)) == 1


def test_one_that_was_in_a_channels_hands_is_marked_as_sent_and_as_taken_back(
    rooms: Rooms, clock: Clock
) -> None:
    clock.now += EVERY
    queue_reminders(rooms.store, channels=["email"], rules=RULES.remind, clock=clock)

    class Interrupted(FakePostman):
        def hand_over(self, waiting):  # type: ignore[no-untyped-def]
            has(rooms)
            return super().hand_over(waiting)

    deliver_due(rooms.store, Interrupted("email"), clock=clock)
    entry = rooms.store.outbox()[0]
    assert (entry.sent_at, entry.dropped_at) == (clock(), clock())


def test_who_said_so_and_which_way_is_kept_and_the_ledger_has_no_name(rooms: Rooms, clock: Clock) -> None:
    acknowledge(rooms.store, the_case(rooms).id, clock=clock, way="mail", who="marlene@example.org")
    [ack] = rooms.store.acknowledgements(the_case(rooms).id)
    assert (ack.at, ack.way, ack.who) == (clock(), "mail", "marlene@example.org")
    [line] = [line for line in rooms.ledger() if line["kind"] == "acknowledged"]
    assert line["facts"]["by"] == "mail"  # type: ignore[index]
    assert "marlene" not in str(line)


@pytest.mark.slow
def test_an_old_acknowledged_case_never_wakes_again(rooms: Rooms, clock: Clock, postman: FakePostman) -> None:
    """One that was acknowledged before acknowledgements were kept one by one: nobody asks, nothing begins anew."""
    with rooms.store.writing() as writing:
        writing.save_case(replace(the_case(rooms), acknowledged_at=clock()))
    assert pass_time(rooms, postman, days=20, every=timedelta(hours=1)) == []


@pytest.mark.slow
def test_an_answered_question_is_never_asked_again(rooms: Rooms, clock: Clock, postman: FakePostman) -> None:
    has(rooms)
    assert pass_time(rooms, postman, hours=3, minutes=10) == [AlertKind.ASK_BACK]
    has(rooms)
    assert rooms.ledger_kinds().count("question_answered") == 1
    assert pass_time(rooms, postman, days=9, every=timedelta(hours=1)) == []
    assert the_case(rooms).acknowledged_at is not None


# --- "I have it" is not "it is done"


def test_without_an_answer_the_acknowledgement_lapses_and_the_rounds_begin_anew(
    rooms: Rooms, clock: Clock, postman: FakePostman
) -> None:
    has(rooms)
    assert pass_time(rooms, postman, hours=3, minutes=50) == [AlertKind.ASK_BACK]
    assert pass_time(rooms, postman, minutes=11) == [AlertKind.CASE_REMINDER]
    assert pass_time(rooms, postman, minutes=30) == [AlertKind.CASE_REMINDER]
    assert the_case(rooms).acknowledged_at is None
    assert rooms.ledger_kinds().count("acknowledgement_lapsed") == 1
    [ack] = rooms.store.acknowledgements(the_case(rooms).id)
    assert ack.ending is AckEnding.UNANSWERED


def said_no_carrier(rooms: Rooms) -> None:
    mark_done(rooms.store, the_case(rooms).id, "ask_buyer_to_refuse", rules=CASE_RULES, clock=rooms.clock)


def wrote_a_note(rooms: Rooms) -> None:
    write_note(rooms.store, the_case(rooms).order, "Called DHL", rules=CASE_RULES, clock=rooms.clock)


@pytest.mark.slow
@pytest.mark.parametrize("answer", [said_no_carrier, wrote_a_note, has])
@pytest.mark.parametrize("hours", [1, 3.5])
def test_a_mark_a_note_or_another_ack_is_an_answer_before_and_after_the_question(
    rooms: Rooms, clock: Clock, postman: FakePostman, answer: Callable[[Rooms], object], hours: float
) -> None:
    has(rooms)
    told = pass_time(rooms, postman, hours=hours)
    answer(rooms)
    told += pass_time(rooms, postman, hours=9)
    is_asked = hours > 3 or answer is has
    assert told.count(AlertKind.ASK_BACK) == int(is_asked)
    lapses = answer is has and hours < 3  # said before anybody asked, it is no answer
    assert (AlertKind.CASE_REMINDER in told) is lapses


def test_what_a_carrier_says_is_nobodys_answer(rooms: Rooms, clock: Clock, postman: FakePostman) -> None:
    has(rooms)
    pass_time(rooms, postman, hours=1)
    scan = Sighting(
        order=the_case(rooms).order,
        milestone=Milestone.IN_TRANSIT,
        at=clock(),
        learnt_at=clock(),
        origin=Origin.API,
    )
    with rooms.store.writing() as writing:
        writing.save_sighting(scan)
    assert AlertKind.ASK_BACK in pass_time(rooms, postman, hours=3)


def test_a_question_that_no_channel_took_takes_nothing_back(
    rooms: Rooms, clock: Clock, postman: FakePostman
) -> None:
    has(rooms)
    postman.fail("email")
    pass_time(rooms, postman, hours=9)
    assert the_case(rooms).acknowledged_at is not None
    postman.faults.clear()
    clock.forward(hours=2)
    assert run(rooms, postman).count(AlertKind.ASK_BACK) == 1
    assert pass_time(rooms, postman, minutes=50) == []
    assert pass_time(rooms, postman, minutes=20) == [AlertKind.CASE_REMINDER]


# --- snooze


def test_a_snooze_is_silence_until_its_end_and_then_the_rounds_begin_anew(
    rooms: Rooms, clock: Clock, postman: FakePostman
) -> None:
    has(rooms, until=clock() + timedelta(hours=2))
    assert pass_time(rooms, postman, hours=1, minutes=50) == []
    assert pass_time(rooms, postman, minutes=20) == [AlertKind.CASE_REMINDER]
    assert [line["facts"]["why"] for line in rooms.ledger() if line["kind"] == "acknowledgement_lapsed"] == [  # type: ignore[index]
        "snooze_over"
    ]


def test_a_snooze_that_is_taken_on_in_earnest_does_not_end(
    rooms: Rooms, clock: Clock, postman: FakePostman
) -> None:
    has(rooms, until=clock() + timedelta(hours=2))
    clock.forward(minutes=5)
    has(rooms)
    assert pass_time(rooms, postman, hours=2) == []
    ack = in_force(rooms.store.acknowledgements(the_case(rooms).id))
    assert ack is not None
    assert ack.snoozed_until is None


def test_a_snooze_through_which_the_machine_slept_brings_one_reminder(
    rooms: Rooms, clock: Clock, postman: FakePostman
) -> None:
    has(rooms, until=clock() + timedelta(hours=2))
    clock.forward(days=2)
    assert run(rooms, postman) == [AlertKind.CASE_REMINDER]


# --- quiet hours, on every path


def test_in_quiet_hours_an_ordinary_alert_is_handed_out_on_no_path(
    rooms: Rooms, clock: Clock, postman: FakePostman
) -> None:
    clock.now = berlin(24, 23)
    with rooms.store.writing() as writing:
        writing.queue(alert("news", at=clock()), channels=["email"], now=clock())
    assert not rooms.store.has_due(now=clock(), quiet=True)
    assert rooms.store.claim(now=clock(), lease=LEASE, quiet=True) == []
    assert deliver_due(rooms.store, postman, clock=clock, quiet=NIGHT) == []
    clock.now = berlin(25, 7)
    [entry] = deliver_due(rooms.store, postman, clock=clock, quiet=NIGHT)
    assert (entry.alert.key, entry.late, entry.woke) == ("news", False, False)


def test_a_delivery_that_drags_on_into_quiet_hours_stops_there(rooms: Rooms, clock: Clock) -> None:
    clock.now = berlin(24, 21, 59)
    with rooms.store.writing() as writing:
        for number in range(3):
            writing.queue(alert(f"news-{number}", at=clock()), channels=["email"], now=clock())

    class Slow(FakePostman):
        def hand_over(self, waiting):  # type: ignore[no-untyped-def]
            clock.forward(seconds=45)
            return super().hand_over(waiting)

    slow = Slow("email")
    deliver_due(rooms.store, slow, clock=clock, quiet=NIGHT)
    assert slow.keys() == ["news-0", "news-1"]


def test_a_retry_after_a_failure_waits_for_the_morning_too(
    rooms: Rooms, clock: Clock, postman: FakePostman
) -> None:
    clock.now = berlin(24, 21, 59)
    with rooms.store.writing() as writing:
        writing.queue(alert("news", at=clock()), channels=["email"], now=clock())
    postman.fail("email")
    deliver_due(rooms.store, postman, clock=clock, quiet=NIGHT)
    postman.faults.clear()
    clock.now = berlin(25, 2)
    assert deliver_due(rooms.store, postman, clock=clock, quiet=NIGHT) == []
    clock.now = berlin(25, 7, 1)
    assert [entry.alert.key for entry in deliver_due(rooms.store, postman, clock=clock, quiet=NIGHT)] == [
        "news"
    ]


def test_a_restart_within_quiet_hours_resumes_in_the_morning_with_one_reminder(
    rooms: Rooms, clock: Clock, postman: FakePostman
) -> None:
    window_closes(rooms, berlin(26, 18))
    clock.now = berlin(24, 21, 30)
    assert run(rooms, postman, AT_NIGHT) == [AlertKind.CASE_REMINDER]
    clock.now = berlin(25, 2)
    other = rooms.second_store()
    deliver_round(other, postman, rules=AT_NIGHT, clock=clock)
    other.close()
    assert len(postman.taken) == 1
    clock.now = berlin(25, 7)
    assert run(rooms, postman, AT_NIGHT)[:1] == [AlertKind.CASE_REMINDER]


def test_a_program_that_runs_through_a_quiet_night_says_it_once_in_the_morning(
    rooms: Rooms, clock: Clock, postman: FakePostman
) -> None:
    window_closes(rooms, berlin(26, 18))
    clock.now = berlin(24, 21, 30)
    assert run(rooms, postman, AT_NIGHT) == [AlertKind.CASE_REMINDER]
    assert pass_time(rooms, postman, rules=AT_NIGHT, hours=9) == []
    assert pass_time(rooms, postman, rules=AT_NIGHT, minutes=50) == [AlertKind.CASE_REMINDER]


def test_after_an_alert_that_waited_for_the_morning_the_reminder_takes_its_time(
    known: Rooms, clock: Clock, postman: FakePostman
) -> None:
    clock.now = berlin(24, 23)
    known.case_rules, known.remind = FAR, AT_NIGHT.remind
    known.shop.happen("friteuse", "BUYER_CANCELLED")
    known.check()
    told = pass_time(known, postman, rules=AT_NIGHT, hours=8, minutes=20)
    assert told == []
    assert AlertKind.CASE_OPENED in [entry.alert.kind for entry in postman.taken]
    assert pass_time(known, postman, rules=AT_NIGHT, minutes=10) == [AlertKind.CASE_REMINDER]


def test_a_window_that_closes_in_the_night_breaks_through_and_says_so(
    rooms: Rooms, clock: Clock, postman: FakePostman
) -> None:
    window_closes(rooms, berlin(25, 2))
    clock.now = berlin(24, 23)
    with rooms.store.writing() as writing:
        writing.save_rounds(the_case(rooms).id, Rounds(last=3, at=clock() - EVERY))
    queued = queue_reminders(rooms.store, channels=["email"], rules=AT_NIGHT.remind, clock=clock)
    assert [one.wakes for one in queued] == [Wakes.WINDOW_CLOSES]
    [entry] = deliver_due(rooms.store, postman, clock=clock, quiet=NIGHT)
    assert entry.woke


def test_whoever_forbade_it_is_not_woken(rooms: Rooms, clock: Clock, postman: FakePostman) -> None:
    window_closes(rooms, berlin(25, 2))
    clock.now = berlin(24, 23)
    asleep = RemindRules(quiet=replace(NIGHT, wake_me=False))
    queue_reminders(rooms.store, channels=["email"], rules=asleep, clock=clock)
    assert deliver_due(rooms.store, postman, clock=clock, quiet=asleep.quiet) == []


def test_nobody_is_asked_back_at_night(rooms: Rooms, clock: Clock, postman: FakePostman) -> None:
    window_closes(rooms, berlin(26, 18))
    clock.now = berlin(24, 21)
    has(rooms)
    assert pass_time(rooms, postman, rules=AT_NIGHT, hours=9, minutes=50) == []
    assert pass_time(rooms, postman, rules=AT_NIGHT, minutes=20) == [AlertKind.ASK_BACK]


@pytest.mark.parametrize("day", [datetime(2026, 10, 24, tzinfo=BERLIN), datetime(2027, 3, 27, tzinfo=BERLIN)])
def test_in_the_nights_of_the_changing_clocks_quiet_hours_hold_and_end_on_time(
    rooms: Rooms, clock: Clock, postman: FakePostman, day: datetime
) -> None:
    clock.now = day.replace(hour=22).astimezone(UTC)
    with rooms.store.writing() as writing:
        writing.queue(alert("news", at=clock()), channels=["email"], now=clock())
    handed_over = []
    for _ in range(60):
        if deliver_due(rooms.store, postman, clock=clock, quiet=NIGHT):
            handed_over.append(clock().astimezone(BERLIN))
        clock.forward(minutes=15)
    assert [(at.hour, at.minute) for at in handed_over] == [(7, 0)]


# --- the policy


def test_the_first_alert_goes_through_the_channels_of_the_first_round(known: Rooms) -> None:
    own = {
        kind: Policy(rounds=(Round(channels=frozenset({"desktop"}), critical=True),), repeat=EVERY)
        for kind in CaseKind
    }
    known.remind = RemindRules(policies=own)
    known.shop.happen("friteuse", "BUYER_CANCELLED")
    known.check()
    opened = [entry for entry in known.store.outbox() if entry.alert.kind is AlertKind.CASE_OPENED]
    assert [(entry.channel, entry.alert.critical) for entry in opened] == [("desktop", True)]


def test_a_later_round_goes_through_its_own_channels(rooms: Rooms, clock: Clock) -> None:
    rounds = (Round(channels=frozenset({"email"})), Round(after=EVERY, channels=frozenset({"desktop"})))
    own = RemindRules(policies={CaseKind.IN_TRANSIT: Policy(rounds=rounds, repeat=EVERY)})
    clock.now += EVERY
    queue_reminders(rooms.store, channels=["email", "desktop"], rules=own, clock=clock)
    assert [entry.channel for entry in rooms.store.outbox() if entry.alert.round == 1] == ["desktop"]


def stop(rooms: Rooms) -> None:
    """The parcel was loaded: what was urgent fell away."""
    case = the_case(rooms)
    steps = tuple(
        replace(step, done_at=rooms.clock(), done_by="dropped") if step.urgent else step
        for step in case.steps
    )
    with rooms.store.writing() as writing:
        writing.save_case(replace(case, steps=steps))


def test_when_nothing_is_left_to_press_for_the_reminders_stop_and_say_why_once(
    rooms: Rooms, clock: Clock
) -> None:
    stop(rooms)
    rules = RemindRules(policies=default_policies(EVERY))
    told = []
    for _ in range(12):
        clock.now += EVERY
        told += queue_reminders(rooms.store, channels=["email"], rules=rules, clock=clock)
    assert [(one.kind, one.details) for one in told] == [
        (AlertKind.REMINDERS_STOP, (("why", "window_over"),))
    ]
    assert rooms.ledger_kinds().count("reminders_stopped") == 1


def test_after_reminders_have_stopped_the_steps_still_speak_up_at_their_time(
    rooms: Rooms, clock: Clock, postman: FakePostman
) -> None:
    clock.now += EVERY
    stop(rooms)
    queue_reminders(rooms.store, channels=["email"], rules=RULES.remind, clock=clock)
    case = the_case(rooms)
    due = next(step for step in case.steps if step.id == "keep_proof")
    assert due.due_at is not None
    clock.now = due.due_at + timedelta(hours=1)
    from watcher.app.timely import SellerWays, queue_timely

    told = queue_timely(
        rooms.store, accounts=["main"], rules=CASE_RULES, seller=SellerWays(), channels=["email"], clock=clock
    )
    assert AlertKind.STEP_DUE in [one.kind for one in told]


# --- late, and a digest


def test_what_comes_an_hour_late_is_handed_over_as_late(
    rooms: Rooms, clock: Clock, postman: FakePostman
) -> None:
    with rooms.store.writing() as writing:
        writing.queue(alert("news", at=clock()), channels=["email"], now=clock())
    clock.forward(hours=1, seconds=1)
    [entry] = deliver_due(rooms.store, postman, clock=clock)
    assert entry.late


@pytest.mark.parametrize(("count", "messages"), [(3, 3), (4, 1)])
def test_more_than_three_stale_ones_of_a_channel_become_one(
    rooms: Rooms, clock: Clock, postman: FakePostman, count: int, messages: int
) -> None:
    with rooms.store.writing() as writing:
        for number in range(count):
            writing.queue(alert(f"news-{number}", at=clock()), channels=["email"], now=clock())
    clock.forward(hours=2)
    assert len(deliver_due(rooms.store, postman, clock=clock)) == messages


def test_after_a_day_without_a_mail_server_a_thousand_alerts_are_one_digest_and_none_is_lost(
    rooms: Rooms, clock: Clock, postman: FakePostman
) -> None:
    with rooms.store.writing() as writing:
        for number in range(1000):
            one = replace(
                alert(f"news-{number}", at=clock(), critical=number % 7 == 0), kind=AlertKind.ORDER_UNKNOWN
            )
            writing.queue(one, channels=["email"], now=clock())
    clock.forward(days=1, hours=1)
    with rooms.store.writing() as writing:
        writing.queue(alert("fresh", at=clock()), channels=["email"], now=clock())
    taken = deliver_due(rooms.store, postman, clock=clock)
    assert sorted(entry.alert.kind for entry in taken) == [AlertKind.CASE_OPENED, AlertKind.DIGEST]
    told = entries(next(entry.alert for entry in taken if entry.alert.kind is AlertKind.DIGEST))
    assert len(told) == 1000
    assert rooms.store.told_at("news-999") == clock()
    assert rooms.ledger_kinds().count("alerts_gathered") == 1
    assert deliver_due(rooms.store, postman, clock=clock) == []


def test_a_digest_whose_delivery_failed_is_tried_again_and_is_not_sent_twice(
    rooms: Rooms, clock: Clock, postman: FakePostman
) -> None:
    with rooms.store.writing() as writing:
        for number in range(5):
            writing.queue(alert(f"news-{number}", at=clock()), channels=["email"], now=clock())
    clock.forward(hours=2)
    postman.fail("email")
    assert deliver_due(rooms.store, postman, clock=clock) == []
    postman.faults.clear()
    clock.forward(minutes=30)
    [entry] = deliver_due(rooms.store, postman, clock=clock)
    assert entry.alert.kind is AlertKind.DIGEST
    assert deliver_due(rooms.store, postman, clock=clock) == []


def test_stale_reminders_of_a_case_give_way_to_the_last_one(
    rooms: Rooms, clock: Clock, postman: FakePostman
) -> None:
    for _ in range(8):
        clock.now += EVERY
        queue_reminders(rooms.store, channels=["email"], rules=RULES.remind, clock=clock)
    clock.forward(minutes=20)
    taken = deliver_due(rooms.store, postman, clock=clock)
    assert [entry.alert.round for entry in taken] == [7, 8]
    assert not any(entry.late for entry in taken)
    assert rooms.ledger_kinds().count("alert_overtaken") == 6
    assert rooms.store.told_at(f"{the_case(rooms).id}/1") == clock()


def queue_rounds(rooms: Rooms, *wakes: Wakes | None) -> None:
    """Rounds of the case, half an hour apart, the last of them now: which of them may break through."""
    begin = rooms.clock() - EVERY * (len(wakes) - 1)
    with rooms.store.writing() as writing:
        for number, why in enumerate(wakes):
            at = begin + EVERY * number
            one = alert(f"{the_case(rooms).id}/{number + 5}", at=at, case=the_case(rooms).id)
            writing.queue(replace(one, round=number + 5, wakes=why), channels=["email"], now=at)


def test_a_round_that_wakes_gives_way_to_no_later_one_that_the_night_holds_back(
    rooms: Rooms, clock: Clock, postman: FakePostman
) -> None:
    clock.now = berlin(25, 2)
    queue_rounds(rooms, None, None, Wakes.PLACE_UNKNOWN, None, None)
    clock.forward(minutes=10)
    [woke] = deliver_due(rooms.store, postman, clock=clock, quiet=NIGHT)
    assert (woke.alert.round, woke.alert.wakes, woke.woke) == (7, Wakes.PLACE_UNKNOWN, True)
    clock.now = berlin(25, 7)
    in_the_morning = deliver_due(rooms.store, postman, clock=clock, quiet=NIGHT)
    assert in_the_morning, "what was held back comes when the night is over"


def test_a_round_that_wakes_gives_way_to_a_later_one_that_wakes_too(
    rooms: Rooms, clock: Clock, postman: FakePostman
) -> None:
    clock.now = berlin(25, 2)
    queue_rounds(rooms, Wakes.PLACE_UNKNOWN, None, None, Wakes.PLACE_UNKNOWN)
    clock.forward(minutes=10)
    taken = deliver_due(rooms.store, postman, clock=clock, quiet=NIGHT)
    assert [entry.alert.round for entry in taken] == [8]
    assert rooms.store.told_at(f"{the_case(rooms).id}/5") == clock()


def test_a_digest_about_a_case_that_somebody_has_by_now_is_not_sent(
    rooms: Rooms, clock: Clock, postman: FakePostman
) -> None:
    case = the_case(rooms)
    with rooms.store.writing() as writing:
        one = digest("email", [replace(alert(f"{case.id}/9", at=clock(), case=case.id))], at=clock())
        writing.queue(one, channels=["email"], now=clock())
    has(rooms)
    assert deliver_due(rooms.store, postman, clock=clock) == []


# --- clocks


def test_a_clock_that_jumps_years_ahead_and_back_neither_floods_nor_silences(
    rooms: Rooms, clock: Clock, postman: FakePostman
) -> None:
    right = clock()
    clock.forward(days=900)
    assert run(rooms, postman).count(AlertKind.CASE_REMINDER) <= 1
    clock.now = right + EVERY
    told = pass_time(rooms, postman, hours=2)
    assert 3 <= told.count(AlertKind.CASE_REMINDER) <= 5


# --- what looks at the outbox from outside


@pytest.mark.parametrize("hour", [23, 6, 7])
def test_what_quiet_hours_hold_back_does_not_stop_the_sign_of_life(
    rooms: Rooms, clock: Clock, hour: int
) -> None:
    clock.now = berlin(24, 22, 5)
    with rooms.store.writing() as writing:
        writing.queue(alert("news", at=clock()), channels=["email"], now=clock())
    clock.now = berlin(24 if hour > 12 else 25, hour, 10)
    checked = replace(rooms.store.account("main"), last_check_at=clock(), last_complete_at=clock())
    state = give_sign_of_life(rooms.store, lambda: "", accounts=[checked], clock=clock, quiet=NIGHT)
    assert state is not None
    clock.forward(minutes=40)
    late = replace(checked, last_check_at=clock(), last_complete_at=clock())
    again = give_sign_of_life(rooms.store, lambda: "", accounts=[late], clock=clock, quiet=NIGHT)
    assert (again is not None) is (hour != 7)
