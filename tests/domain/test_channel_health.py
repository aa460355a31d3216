"""How a channel stands follows from its tries; its death is told once a day on the others, its return once."""

from datetime import timedelta

from tests.support.clock import NOON
from watcher.domain.alert import AlertKind
from watcher.domain.channel_health import (
    DEAD_AFTER,
    LONGEST_ASKED_REST,
    LONGEST_REST,
    SAY_AGAIN,
    SELF_TEST,
    TEST_AGAIN,
    TEST_REFUSED_AGAIN,
    ChannelHealth,
    Failure,
    Liveness,
    channel_news,
)

MAIL = ChannelHealth(channel="email")
PASSING = Failure(problem="no answer", permanent=False)
REFUSED = Failure(problem="wrong password", permanent=True, advice="Mend it.")
MINUTE = timedelta(minutes=1)


def news(health: ChannelHealth, *, after: timedelta = timedelta(0)) -> AlertKind | None:
    found = channel_news(health, account="main", now=NOON + after)
    return found[0].kind if found else None


def told(health: ChannelHealth, *, after: timedelta = timedelta(0)) -> ChannelHealth:
    found = channel_news(health, account="main", now=NOON + after)
    assert found is not None
    return found[1]


def test_a_channel_that_nobody_has_tried_is_neither_alive_nor_dead() -> None:
    assert MAIL.liveness is Liveness.UNTRIED
    assert news(MAIL) is None


def test_what_only_a_person_can_mend_is_told_at_once() -> None:
    dead = MAIL.failed(REFUSED, at=NOON)
    assert (dead.liveness, news(dead)) == (Liveness.DEAD, AlertKind.CHANNEL_DEAD)


def test_what_may_pass_is_told_when_a_try_half_an_hour_later_fails_too() -> None:
    failing = MAIL.failed(PASSING, at=NOON)
    assert failing.liveness is Liveness.FAILING
    assert news(failing, after=timedelta(hours=5)) is None  # nobody has tried since
    again = failing.failed(PASSING, at=NOON + DEAD_AFTER - MINUTE)
    assert again.liveness is Liveness.FAILING
    assert again.failed(PASSING, at=NOON + DEAD_AFTER).liveness is Liveness.DEAD


def test_a_death_is_told_once_and_again_each_day() -> None:
    dead = told(MAIL.failed(REFUSED, at=NOON))
    assert news(dead.failed(REFUSED, at=NOON + MINUTE), after=SAY_AGAIN - MINUTE) is None
    assert news(dead, after=SAY_AGAIN) is AlertKind.CHANNEL_DEAD


def test_a_return_is_told_once_and_only_after_a_death_that_was_told() -> None:
    back = told(MAIL.failed(REFUSED, at=NOON)).took(at=NOON + MINUTE)
    assert news(back, after=MINUTE) is AlertKind.CHANNEL_BACK
    assert news(told(back, after=MINUTE), after=2 * MINUTE) is None
    assert news(MAIL.failed(PASSING, at=NOON).took(at=NOON + MINUTE)) is None


def test_a_test_ends_what_a_test_has_found_and_not_what_an_alert_has_met() -> None:
    by_test = MAIL.failed(PASSING, at=NOON, by_test=True)
    assert by_test.passed_test(at=NOON, something_waits=True).liveness is Liveness.WORKS
    in_earnest = MAIL.failed(REFUSED, at=NOON)
    assert in_earnest.passed_test(at=NOON, something_waits=True).liveness is Liveness.DEAD
    assert in_earnest.passed_test(at=NOON, something_waits=False).liveness is Liveness.WORKS


def test_an_alert_that_fails_after_a_failed_test_counts_as_met_in_earnest() -> None:
    health = MAIL.failed(PASSING, at=NOON, by_test=True).failed(PASSING, at=NOON + MINUTE)
    assert not health.by_test
    assert not health.failed(PASSING, at=NOON + 2 * MINUTE, by_test=True).by_test


def test_a_channel_rests_a_little_longer_after_each_failure_and_never_long() -> None:
    health, rests = MAIL, []
    for _ in range(6):
        health = health.failed(PASSING, at=NOON)
        assert health.rests_until is not None
        rests.append((health.rests_until - NOON).total_seconds())
    assert rests == [15, 30, 60, 120, 120, 120]
    assert rests[-1] == LONGEST_REST.total_seconds()
    assert health.took(at=NOON).rests_until is None


def test_a_server_that_wants_to_be_left_alone_is_but_not_for_ever() -> None:
    def rest(asked: timedelta) -> timedelta:
        failure = Failure(problem="429", permanent=False, retry_after=asked)
        until = MAIL.failed(failure, at=NOON).rests_until
        assert until is not None
        return until - NOON

    assert rest(timedelta(minutes=20)) == timedelta(minutes=20)
    assert rest(timedelta(days=1)) == LONGEST_ASKED_REST


def test_a_quiet_channel_is_tested_once_a_day_and_by_day() -> None:
    assert MAIL.test_is_due(now=NOON, something_waits=False)
    assert not MAIL.test_is_due(now=NOON + timedelta(hours=13), something_waits=False)  # in the night
    assert not MAIL.test_is_due(now=NOON, something_waits=True)
    lately = MAIL.took(at=NOON)
    assert not lately.test_is_due(now=NOON + timedelta(hours=3), something_waits=False)
    assert lately.test_is_due(now=NOON + SELF_TEST, something_waits=False)


def test_a_failing_channel_is_tested_sooner_but_no_login_is_tried_over_and_over() -> None:
    failing, refused = MAIL.failed(PASSING, at=NOON), MAIL.failed(REFUSED, at=NOON)
    assert failing.test_is_due(now=NOON + TEST_AGAIN, something_waits=False)
    assert not refused.test_is_due(now=NOON + TEST_AGAIN, something_waits=False)
    assert refused.test_is_due(now=NOON + TEST_REFUSED_AGAIN, something_waits=False)


def test_a_clock_that_was_set_back_does_not_stop_the_tests() -> None:
    ahead = MAIL.took(at=NOON + timedelta(days=30))
    assert ahead.test_is_due(now=NOON, something_waits=False)
