"""Whether the daemon visits the site now."""

from datetime import timedelta

import pytest

from tests.domain.samples import NOW
from tests.support.every import every
from watcher.domain.account import Account
from watcher.domain.cadence import Reason
from watcher.domain.outcome import Outcome
from watcher.domain.permission import is_due

FLOOR = timedelta(minutes=5)
AGO = NOW - timedelta(hours=1)


def due(*modes: str, asked: bool = False, **known: object) -> bool:
    return is_due(Account(name="main", **known), modes, asked=asked, floor=FLOOR, now=NOW)  # type: ignore[arg-type]


def test_the_clock_brings_a_check_when_its_time_has_come():
    assert due("scheduled")
    assert due("scheduled", next_check_at=NOW)
    assert not due("scheduled", next_check_at=NOW + timedelta(seconds=1))


def test_in_mail_mode_only_a_mail_brings_a_check():
    assert not due("mail", next_check_at=AGO)
    assert not due("mail")
    assert due("mail", asked=True, next_check_at=AGO)


def test_a_visit_that_a_mail_asked_for_and_that_failed_is_tried_again_at_its_time():
    assert not due("mail", asked=True, next_check_at=NOW + FLOOR, next_check_reason=Reason.BACK_OFF)
    assert due("mail", asked=True, next_check_at=NOW, next_check_reason=Reason.BACK_OFF)


@pytest.mark.parametrize("reason", [Reason.MORE_TO_READ, Reason.BUDGET])
def test_in_mail_mode_a_first_reading_goes_on_until_everything_was_opened(reason):
    known = {"next_check_at": AGO, "next_check_reason": reason}
    assert due("mail", last_outcome=Outcome.PARTIAL, **known)
    assert not due("mail", last_outcome=Outcome.OK, **known)
    assert not due("passive", last_outcome=Outcome.PARTIAL, **known)


def test_in_mail_mode_what_stays_unread_for_good_makes_no_clock():
    assert not due(
        "mail", last_outcome=Outcome.PARTIAL, next_check_at=AGO, next_check_reason=Reason.LIVE_ORDERS
    )


def test_modes_combine():
    assert due("scheduled", "mail", next_check_at=AGO, next_check_reason=Reason.LIVE_ORDERS)
    assert due("passive", "mail", asked=True, next_check_at=AGO)


@every("reason", list(Reason))
def test_a_passive_daemon_never_visits(reason):
    assert not due("passive", asked=True, next_check_at=AGO, next_check_reason=reason)


def test_a_mail_does_not_undercut_the_floor():
    known = {"next_check_at": NOW, "asked": True}
    assert not due("mail", last_check_at=NOW - timedelta(minutes=4), **known)
    assert due("mail", last_check_at=NOW - FLOOR, **known)


def test_a_clock_that_was_set_back_stops_no_check():
    assert due("scheduled", last_check_at=NOW + timedelta(days=1), next_check_at=AGO)
