"""The steady voice: a summary that is told once, an absence that is told once, a sign of life that can be trusted."""

from dataclasses import replace
from datetime import time, timedelta

import pytest

from notifiers.message import Message, Receipt
from tests.support.clock import NOON
from tests.support.rooms import PACE, FakePostman, Rooms
from tests.support.values import alert
from watcher.app.deliver import deliver_due
from watcher.app.ports import Waiting
from watcher.app.steady import (
    ALIVE_EVERY,
    PingState,
    give_sign_of_life,
    ping_state,
    queue_summary,
    remember_alive,
    summary_of,
    tell_of_absence,
)
from watcher.domain.alert import Alert, AlertKind
from watcher.domain.downtime import Downtime
from watcher.domain.heartbeat import STUCK_AFTER
from watcher.domain.late import digest
from watcher.domain.quiet_hours import QuietHours
from watcher.domain.stage import Stage
from watcher.domain.summary import SummaryEvery, SummaryPlan
from watcher.postman.postman import ChannelPostman

DAILY = SummaryPlan(every=SummaryEvery.DAILY)
CHANNELS = ["email"]


def summary(rooms: Rooms) -> str | None:
    queued = queue_summary(rooms.store, DAILY, accounts=["main"], channels=CHANNELS, clock=rooms.clock)
    return queued.key if queued else None


def absence(rooms: Rooms) -> Downtime | None:
    return tell_of_absence(rooms.store, accounts=["main"], pace=PACE, channels=CHANNELS, clock=rooms.clock)


class Pinged:
    """A switch that counts, and fails as it is told."""

    def __init__(self) -> None:
        self.times, self.problem = 0, ""

    def __call__(self) -> str | None:
        self.times += 1
        return self.problem or None


def sign_of_life(rooms: Rooms, ping: Pinged) -> PingState | None:
    return give_sign_of_life(rooms.store, ping, accounts=[rooms.store.account("main")], clock=rooms.clock)


def test_a_summary_is_queued_once_for_each_day(known: Rooms) -> None:
    assert summary(known) is None  # nobody watched yet when its time came
    known.clock.forward(days=1)
    first = summary(known)
    assert first is not None
    assert summary(known) is None
    known.clock.forward(days=1)
    assert summary(known) not in {None, first}


def test_a_summary_counts_what_is_known(known: Rooms) -> None:
    known.check()
    told = summary_of(known.store, since=NOON - timedelta(days=1), channels=CHANNELS)
    assert (told.good_checks, told.bad_checks) == (2, 0)
    assert told.stages[Stage.SHIPPED] == 1
    assert [health.channel for health in told.channels] == CHANNELS
    later = known.clock() + timedelta(seconds=1)
    assert summary_of(known.store, since=later, channels=CHANNELS).good_checks == 0


def test_a_summary_counts_checks_from_before_a_clock_was_put_back_and_none_of_long_ago(known: Rooms) -> None:
    def checks(since: timedelta) -> int:
        return summary_of(known.store, since=known.clock() + since, channels=CHANNELS).good_checks

    known.check()
    known.clock.forward(days=30)
    known.check()
    known.clock.now -= timedelta(days=1)
    known.check()
    assert checks(timedelta(0)) == 2, "the one that is still to come by the clock, and this"
    assert checks(timedelta(hours=1)) == 1
    assert checks(-timedelta(days=7)) == 2
    assert checks(-timedelta(days=60)) == 4


def test_a_summary_counts_what_ended_since_and_names_the_steps_of_what_ended_long_ago(
    cancelled: Rooms,
) -> None:
    cancelled.check()
    cancelled.shop.happen("lampe", "BUYER_CANCELLED")
    cancelled.clock.forward(hours=1)
    cancelled.check()
    later = cancelled.clock() + timedelta(hours=1)
    for since in (NOON - timedelta(days=99), cancelled.clock(), later):
        told = summary_of(cancelled.store, since=since, channels=CHANNELS)
        orders = cancelled.store.orders()
        assert sum(told.stages.values()) == sum(not order.stage.is_ended for order in orders)
        assert sum(told.ended.values()) == sum(
            order.stage.is_ended and order.stage_at >= since for order in orders
        )
        assert {waiting.case.id for waiting in told.steps} == {case.id for case in cancelled.store.cases()}
    assert {order.stage.is_ended for order in orders} == {True, False}
    assert told.ended == {}


@pytest.mark.parametrize("kind", [AlertKind.SUMMARY, AlertKind.DIGEST])
def test_a_letter_about_several_orders_names_each_of_them(cancelled: Rooms, kind: AlertKind) -> None:
    cancelled.check()
    case = cancelled.store.cases()[0]
    opened = replace(alert("opened"), order=case.order, case=case.id)
    since = (("since", cancelled.clock().isoformat()),)
    told = {
        AlertKind.DIGEST: digest("email", [opened], at=NOON),
        AlertKind.SUMMARY: replace(alert("summary"), kind=AlertKind.SUMMARY, details=since),
    }[kind]
    (message,) = _written(cancelled, told)
    assert "Friteuse, kaum benutzt" in message.text


def _written(rooms: Rooms, told: Alert) -> list[Message]:
    kept: list[Message] = []

    class Keeps:
        name = "email"

        def deliver(self, message: Message) -> Receipt:
            kept.append(message)
            return Receipt(channel="email", detail="taken")

        def probe(self) -> Receipt:
            raise NotImplementedError

    postman = ChannelPostman(
        channels={"email": Keeps()},
        store=rooms.store,
        vault=rooms.vault,
        language="de",
        base_url="https://www.kleinanzeigen.de",
        clock=rooms.clock,
    )
    postman.hand_over(Waiting(id=1, channel="email", alert=told, attempts=1, problem=None))
    return kept


def test_the_watch_writes_down_that_it_is_alive_only_now_and_then(known: Rooms) -> None:
    remember_alive(known.store, clock=known.clock)
    first = known.store.remembered("alive")
    known.clock.now += ALIVE_EVERY - timedelta(seconds=1)
    remember_alive(known.store, clock=known.clock)
    assert known.store.remembered("alive") == first
    known.clock.now += timedelta(seconds=1)
    remember_alive(known.store, clock=known.clock)
    assert known.store.remembered("alive") == known.clock().isoformat()


def test_a_long_absence_is_told_once_and_every_account_is_looked_at_now(cancelled: Rooms) -> None:
    assert absence(cancelled) is None  # the very first start
    began = cancelled.clock()
    cancelled.clock.forward(hours=2)
    told = absence(cancelled)
    assert told is not None
    assert (told.since, told.until) == (began, cancelled.clock())
    assert cancelled.store.account("main").next_check_at == cancelled.clock()
    assert absence(cancelled) is None
    queued = [entry for entry in cancelled.store.outbox() if entry.alert.kind is AlertKind.NOT_WATCHED]
    assert [(entry.channel, entry.alert.critical) for entry in queued] == [("email", True)]


def test_a_short_absence_is_nobodys_business(cancelled: Rooms) -> None:
    absence(cancelled)
    cancelled.clock.forward(minutes=50)
    assert absence(cancelled) is None


def test_a_good_check_gives_one_sign_of_life(known: Rooms) -> None:
    ping = Pinged()
    known.check()
    assert sign_of_life(known, ping) == PingState(
        tried_at=known.clock().isoformat(), worked_at=known.clock().isoformat()
    )
    known.clock.forward(minutes=30)
    assert sign_of_life(known, ping) is None  # nobody has looked since
    known.check()
    assert sign_of_life(known, ping) is not None
    assert ping.times == 2


def test_a_sign_of_life_that_was_not_taken_is_remembered_and_nothing_else(known: Rooms) -> None:
    ping = Pinged()
    ping.problem = "404"
    known.check()
    sign_of_life(known, ping)
    assert (ping_state(known.store).problem, ping_state(known.store).worked_at) == ("404", None)
    assert not [entry for entry in known.store.outbox() if entry.alert.at == known.clock()]


def test_no_sign_of_life_while_an_alert_is_stuck(known: Rooms) -> None:
    ping, postman = Pinged(), FakePostman("email")
    with known.store.writing() as writing:
        writing.queue(alert("news", at=known.clock()), channels=CHANNELS, now=known.clock())
    postman.fail("email")
    deliver_due(known.store, postman, clock=known.clock)
    known.clock.now += STUCK_AFTER
    known.check()
    assert sign_of_life(known, ping) is None
    postman.faults.clear()
    deliver_due(known.store, postman, clock=known.clock)
    assert sign_of_life(known, ping) is not None


def test_no_sign_of_life_while_nobody_delivers(known: Rooms) -> None:
    ping = Pinged()
    with known.store.writing() as writing:
        writing.queue(alert("news", at=known.clock()), channels=CHANNELS, now=known.clock())
    known.clock.now += STUCK_AFTER
    known.check()
    assert sign_of_life(known, ping) is None


def test_what_is_remembered_of_the_switch_and_cannot_be_read_is_forgotten(known: Rooms) -> None:
    with known.store.writing() as writing:
        writing.save_remembered("heartbeat", '{"other": 1}')
        writing.save_remembered("alive", "yesterday")
    assert ping_state(known.store) == PingState()
    assert absence(known) is None


def test_a_sign_of_life_that_was_not_taken_is_tried_again_without_a_new_check(known: Rooms) -> None:
    ping = Pinged()
    ping.problem = "503"
    known.check()
    sign_of_life(known, ping)
    ping.problem = None
    known.clock.forward(minutes=4)
    assert sign_of_life(known, ping) is None, "not so soon"
    known.clock.forward(minutes=2)
    assert sign_of_life(known, ping) is not None
    assert ping.times == 2


def test_the_night_does_not_hide_an_alert_that_was_tried_in_vain_before_it(known: Rooms) -> None:
    ping, postman = Pinged(), FakePostman("email")
    with known.store.writing() as writing:
        writing.queue(alert("news", at=known.clock()), channels=CHANNELS, now=known.clock())
    postman.fail("email")
    deliver_due(known.store, postman, clock=known.clock)
    known.clock.now += timedelta(hours=11)
    known.check()
    night = QuietHours(hours=(time(22), time(7)))
    assert night.is_quiet(known.clock())
    assert (
        give_sign_of_life(known.store, ping, accounts=known.store.accounts(), clock=known.clock, quiet=night)
        is None
    )
