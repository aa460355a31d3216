"""How long a login lasts."""

from datetime import timedelta

import pytest

from tests.domain.samples import NOW
from watcher.domain.outcome import Outcome
from watcher.domain.session import KEPT, Session

DAY = timedelta(days=1)
NOON_IN_BERLIN = NOW.replace(hour=11)


def lived(*days: int) -> Session:
    return Session(lives=tuple(DAY * count for count in days))


def test_a_session_begins_with_the_first_sight_of_the_login_and_goes_on_with_each():
    begun = Session().after(Outcome.OK, at=NOW)
    later = begun.after(Outcome.PARTIAL, at=NOW + DAY)
    assert (later.since, later.seen_at) == (NOW, NOW + DAY)


@pytest.mark.parametrize("outcome", [Outcome.LOGGED_OUT, Outcome.CHALLENGE])
def test_a_session_that_ended_leaves_its_life_as_experience(outcome):
    ended = (
        Session()
        .after(Outcome.OK, at=NOW)
        .after(Outcome.OK, at=NOW + 9 * DAY)
        .after(outcome, at=NOW + 10 * DAY)
    )
    assert ended == Session(lives=(9 * DAY,))


@pytest.mark.parametrize(
    "outcome", [Outcome.BLOCKED, Outcome.UNREACHABLE, Outcome.UNREADABLE, Outcome.CONSENT]
)
def test_what_hides_the_login_does_not_end_it(outcome):
    session = Session().after(Outcome.OK, at=NOW)
    assert session.after(outcome, at=NOW + DAY) == session


def test_a_logout_without_a_session_teaches_nothing():
    assert Session().after(Outcome.LOGGED_OUT, at=NOW) == Session()


def test_only_the_latest_lives_count():
    session = lived(1, 2, 3, 4, 5)
    session = session.after(Outcome.OK, at=NOW).after(Outcome.OK, at=NOW + 6 * DAY)
    assert session.after(Outcome.LOGGED_OUT, at=NOW + 6 * DAY).lives == tuple(
        DAY * n for n in (2, 3, 4, 5, 6)
    )
    assert KEPT == 5


def test_one_life_is_too_little_experience():
    assert lived(10).typical_life is None
    assert lived(10, 30).typical_life == 30 * DAY
    assert lived(10, 30, 12).typical_life == 12 * DAY


def test_a_login_that_is_nearly_as_old_as_they_get_is_announced_once():
    session = Session(since=NOON_IN_BERLIN, seen_at=NOON_IN_BERLIN, lives=(10 * DAY, 10 * DAY))
    assert not session.ends_soon(NOON_IN_BERLIN + 8 * DAY)
    assert session.ends_soon(NOON_IN_BERLIN + 9 * DAY)
    assert not Session(since=session.since, lives=session.lives, warned=True).ends_soon(
        NOON_IN_BERLIN + 9 * DAY
    )


@pytest.mark.parametrize(
    ("hour_utc", "expected"), [(7, False), (8, True), (19, True), (20, False), (2, False)]
)
def test_it_is_announced_when_the_seller_is_likely_awake(hour_utc, expected):
    session = Session(since=NOON_IN_BERLIN, seen_at=NOON_IN_BERLIN, lives=(10 * DAY, 10 * DAY))
    at = (NOON_IN_BERLIN + 10 * DAY).replace(hour=hour_utc, minute=0)
    assert session.ends_soon(at) is expected


def test_sessions_of_minutes_are_no_reason_to_nag():
    minutes = timedelta(minutes=20)
    session = Session(since=NOON_IN_BERLIN, seen_at=NOON_IN_BERLIN, lives=(minutes, minutes))
    assert not session.ends_soon(NOON_IN_BERLIN + timedelta(minutes=19))


def test_an_end_in_the_coming_night_is_announced_before_it():
    """Half past eleven at night: nine tenths of a day later nobody is awake any more."""
    late = NOW.replace(hour=22, minute=30)
    session = Session(since=late, seen_at=late, lives=(DAY, DAY))
    assert not session.ends_soon(late + timedelta(hours=11))
    assert session.ends_soon(late + timedelta(hours=12))


def test_a_session_that_has_just_begun_is_not_announced_however_short_they_are():
    evening = NOW.replace(hour=17)
    session = Session(since=evening, seen_at=evening, lives=(DAY / 2, DAY / 2))
    assert not session.ends_soon(evening + timedelta(hours=1))


def test_a_login_that_was_renewed_in_time_begins_anew_and_is_no_experience():
    old = Session(since=NOW - 9 * DAY, seen_at=NOW, lives=(10 * DAY, 10 * DAY), warned=True)
    assert old.renewed(at=NOW) == Session(since=NOW, seen_at=NOW, lives=(10 * DAY, 10 * DAY))
