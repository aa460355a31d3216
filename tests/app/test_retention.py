"""What goes by itself: announced a week before, told through a channel, then forgotten, and nothing else."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.support.archive import LONG_AGO, Archive, archive
from tests.support.clock import NOON
from watcher.app.forget import Forgotten
from watcher.app.retention import announce, announcements, due_plan, is_time_to_look, keep_to_it
from watcher.domain.alert import Alert, AlertKind
from watcher.domain.retention import Keeping
from watcher.domain.stage import Stage

__all__ = ["archive"]  # a fixture that tests find here

KEEPING = Keeping()
CHANNELS = ("email",)
DAY = timedelta(days=1)


def look(
    archive: Archive, channels: Sequence[str] = CHANNELS, keeping: Keeping = KEEPING
) -> Forgotten | None:
    return keep_to_it(archive.store, archive.store.erasing(), keeping, channels=channels, clock=archive.clock)


def deliver(archive: Archive) -> list[Alert]:
    """Let the channel take what waits."""
    waiting = [
        entry for entry in archive.store.outbox() if entry.sent_at is None and entry.dropped_at is None
    ]
    with archive.store.writing() as writing:
        for entry in waiting:
            writing.mark_sent(entry.id, now=archive.clock())
    return [entry.alert for entry in waiting]


def test_nothing_goes_before_it_was_announced_for_a_week(archive: Archive) -> None:
    order = archive.order("old")
    assert look(archive) is None
    [alert] = deliver(archive)
    assert (alert.kind, alert.critical, alert.wakes) == (AlertKind.FORGET_SOON, False, None)
    assert dict(alert.details) == {"count": "1", "from": (NOON + 7 * DAY).isoformat(), "pages": ""}
    archive.clock.forward(days=6)
    assert look(archive) is None
    assert archive.known(order).title == "Title old"
    archive.clock.forward(days=1)
    forgotten = look(archive)
    assert forgotten is not None
    assert forgotten.orders == (order.id,)
    assert archive.known(order).title is None
    assert announcements(archive.store) == [], "what went is no longer to come"
    assert json.loads(list(archive.store.ledger())[-1].text)["facts"]["reason"] == "retention"


def test_an_announcement_that_no_channel_has_taken_counts_from_when_one_takes_it(archive: Archive) -> None:
    archive.order("old")
    look(archive)
    archive.clock.forward(days=30)
    assert look(archive) is None
    deliver(archive)
    archive.clock.forward(days=6)
    assert look(archive) is None
    archive.clock.forward(days=1)
    assert look(archive) is not None


def test_without_channels_status_alone_announces_it(archive: Archive) -> None:
    order = archive.order("old")
    assert look(archive, ()) is None
    [told] = announcements(archive.store)
    assert (told.orders, told.goes_from, told.key) == ((order.id,), NOON + 7 * DAY, "")
    archive.clock.forward(days=7)
    assert look(archive, ()) is not None
    assert archive.store.outbox() == []


def test_a_channel_that_was_taken_out_of_the_config_holds_nothing_up(archive: Archive) -> None:
    archive.order("old")
    look(archive)
    archive.clock.forward(days=8)
    assert look(archive, ()) is not None


def test_each_order_is_announced_once(archive: Archive) -> None:
    archive.order("old")
    for _ in range(5):
        look(archive)
        archive.clock.forward(hours=20)
    assert len(archive.store.outbox()) == 1


def test_what_comes_due_in_the_week_after_is_told_in_the_same_breath(archive: Archive) -> None:
    half_a_year = timedelta(days=180)
    for days in (0, 5, 13, 20):
        moved = NOON - half_a_year + days * DAY
        archive.order(f"in-{days}", stage_at=moved, first_seen_at=moved, last_seen_at=moved)
    look(archive)
    [alert] = deliver(archive)
    assert dict(alert.details)["count"] == "3"
    archive.clock.forward(days=7)
    forgotten = look(archive)
    assert forgotten is not None
    assert set(forgotten.orders) == {"oin-0", "oin-5"}


def test_an_order_to_which_something_happens_meanwhile_stays_and_is_announced_anew(archive: Archive) -> None:
    order = archive.order("old")
    look(archive)
    deliver(archive)
    archive.clock.forward(days=6)
    archive.thread(order, taken_at=archive.clock())
    archive.clock.forward(days=2)
    assert look(archive) is None
    assert announcements(archive.store) == []
    archive.clock.forward(days=180)
    look(archive)
    assert len(archive.store.outbox()) == 2


def test_what_is_under_way_and_what_has_an_open_case_never_goes(archive: Archive) -> None:
    archive.order("live", stage=Stage.SHIPPED, last_seen_at=NOON)
    archive.case(archive.order("disputed"), closed=False)
    assert look(archive) is None
    archive.clock.forward(days=8)
    assert look(archive) is None
    assert archive.store.outbox() == []


def test_what_was_under_way_before_the_watch_was_off_for_long_does_not_go_by_itself(archive: Archive) -> None:
    order = archive.order("live", stage=Stage.SHIPPED)
    page = archive.listing([order])
    account = archive.store.account("main")
    erasing = archive.store.erasing()
    for read_at, goes in ((LONG_AGO, False), (NOON, True)):
        with archive.store.writing() as writing:
            writing.save_account(replace(account, last_complete_at=read_at))
        plan = due_plan(archive.store, erasing, KEEPING, now=NOON)
        assert [going.order.id for going in plan.orders] == ([order.id] if goes else [])
        assert [each.id for each in plan.pages] == ([page] if goes else [])


def test_an_order_with_a_closed_case_goes_years_later(archive: Archive) -> None:
    order = archive.order("proven")
    archive.case(order)
    archive.thread(order)
    assert due_plan(
        archive.store, archive.store.erasing(), KEEPING, now=LONG_AGO + timedelta(days=1461)
    ).is_nothing
    later = LONG_AGO + timedelta(days=1463)
    plan = due_plan(archive.store, archive.store.erasing(), KEEPING, now=later)
    assert [going.order.id for going in plan.orders] == [order.id]


def test_never_keeps_everything(archive: Archive) -> None:
    archive.listing([archive.order("old")])
    never = Keeping(orders=None, cases=None, lists=None, problems=None)
    assert look(archive, keeping=never) is None
    assert archive.store.outbox() == []


def test_old_lists_go_but_for_those_that_prove_something(archive: Archive) -> None:
    proven, live, gone = (
        archive.order("proven"),
        archive.order("live", stage=Stage.SHIPPED, last_seen_at=NOON),
        archive.order("gone", title=None, buyer=None, tracking_number=None, forgotten_at=NOON),
    )
    archive.case(proven)
    kept = [archive.listing([proven, gone]), archive.listing([live])]
    young = archive.listing([gone], taken_at=NOON - 30 * DAY)
    archive.listing([gone])
    archive.listing([], reason="problem")
    look(archive)
    [alert] = deliver(archive)
    assert dict(alert.details)["pages"] == "yes"
    archive.clock.forward(days=7)
    forgotten = look(archive)
    assert forgotten is not None
    assert forgotten.captures == 2
    assert archive.captures() == [*kept, young]


def test_lists_and_problems_have_spans_of_their_own(archive: Archive) -> None:
    archive.order("any", stage_at=NOON, first_seen_at=NOON)
    changed, problem = archive.listing([]), archive.listing([], reason="problem")
    erasing = archive.store.erasing()
    keeping = Keeping(lists=None, problems=30 * DAY)
    assert [page.id for page in due_plan(archive.store, erasing, keeping, now=NOON).pages] == [problem]
    keeping = Keeping(lists=30 * DAY, problems=None)
    assert [page.id for page in due_plan(archive.store, erasing, keeping, now=NOON).pages] == [changed]


def test_a_word_that_cannot_be_read_is_said_again(archive: Archive) -> None:
    archive.order("old")
    look(archive)
    for scribble in ("", "no json", "[1]", '[["x","k","y",[],true]]', "{}"):
        with archive.store.writing() as writing:
            writing.save_remembered("retention/announced", scribble)
        assert announcements(archive.store) == []
    alert = announce(archive.store, archive.store.erasing(), KEEPING, channels=CHANNELS, clock=archive.clock)
    assert alert is not None


def test_somebody_looks_once_a_day_and_only_where_anything_is_old_enough(archive: Archive) -> None:
    erasing = archive.store.erasing()
    assert not is_time_to_look(archive.store, erasing, now=NOON)
    archive.order("new", stage_at=NOON, first_seen_at=NOON)
    assert not is_time_to_look(archive.store, erasing, now=NOON)
    archive.order("old")
    assert is_time_to_look(archive.store, erasing, now=NOON)
    look(archive)
    assert not is_time_to_look(archive.store, erasing, now=NOON + timedelta(hours=19))
    assert is_time_to_look(archive.store, erasing, now=NOON + timedelta(hours=21))
    assert is_time_to_look(archive.store, erasing, now=NOON - timedelta(days=9)), "the clock was put right"


def test_what_a_killed_run_left_is_looked_after_at_once(archive: Archive) -> None:
    order = archive.order("gone")
    look(archive)
    with archive.store.writing():
        archive.store.erasing().erase([(order, [])], at=NOON)
    assert is_time_to_look(archive.store, archive.store.erasing(), now=NOON)


@pytest.mark.slow
def test_an_account_of_five_hundred_old_orders_is_planned_in_reasonable_time(archive: Archive) -> None:
    """No figure is asserted; what would take minutes shows."""
    for number in range(500):
        archive.thread(archive.order(f"n{number}"))
    archive.listing([])
    plan = due_plan(archive.store, archive.store.erasing(), KEEPING, now=NOON)
    assert len(plan.orders) == 500


@pytest.mark.parametrize("text", ["14d", "180d", "1461d"])
def test_spans_of_the_config_are_days(text: str) -> None:
    from watcher.settings.archive import Archive as Table

    assert Table.model_validate({"forget_orders": text}).keeping.orders == timedelta(days=int(text[:-1]))
