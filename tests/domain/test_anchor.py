from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

from tests.support.clock import NOON
from tests.support.every import every
from watcher.domain.alert import AlertKind
from watcher.domain.anchor import (
    LONGEST_REST,
    Anchor,
    AnchorReason,
    AuthorityHealth,
    LedgerNews,
    StampFault,
    authority_news,
    digest_of,
    reason_to_anchor,
    rest_after,
)

NOTHING = LedgerNews(anything=False, pressing=False)
LINES = LedgerNews(anything=True, pressing=False)
PRESSING = LedgerNews(anything=True, pressing=True)
WELL = AuthorityHealth(authority="digicert")


def anchor(**ago: float) -> Anchor:
    return Anchor(lines=4, head="aa", digest="bb", at=NOON - timedelta(**ago), reason=AnchorReason.DAILY)


def failing(*, times: int = 1, **ago: float) -> AuthorityHealth:
    health = WELL
    for _ in range(times):
        health = health.failed(StampFault.UNREACHABLE, detail="no route", at=NOON - timedelta(**ago))
    return health


def test_the_digest_is_that_of_the_hashes_with_a_line_feed_each() -> None:
    assert digest_of(["ab", "cd"]) == sha256(b"ab\ncd\n").hexdigest()
    assert digest_of([]) == sha256(b"").hexdigest()


@every(
    ("last", "news", "reason"),
    [
        (None, NOTHING, None),
        (None, LINES, AnchorReason.DAILY),
        (None, PRESSING, AnchorReason.CANCELLATION),
        (anchor(hours=23.9), LINES, None),
        (anchor(hours=24), LINES, AnchorReason.DAILY),
        (anchor(days=9), NOTHING, None),
        (anchor(hours=1), PRESSING, AnchorReason.CANCELLATION),
        (anchor(seconds=59), PRESSING, None),
        (anchor(seconds=60), PRESSING, AnchorReason.CANCELLATION),
        (anchor(hours=-2), LINES, AnchorReason.DAILY),
        (anchor(hours=-2), PRESSING, AnchorReason.CANCELLATION),
    ],
)
def test_an_anchor_is_due_each_day_and_at_once_when_it_presses(
    last: Anchor | None, news: LedgerNews, reason: AnchorReason | None
) -> None:
    assert reason_to_anchor(last, news, now=NOON) is reason


def test_an_authority_that_fails_rests_for_longer_each_time_and_is_never_given_up() -> None:
    rests = [rest_after(failures) for failures in range(1, 12)]
    assert rests[:4] == [timedelta(minutes=minutes) for minutes in (1, 2, 4, 8)]
    assert rests == sorted(rests)
    assert rests[-1] == rest_after(10_000) == LONGEST_REST


def test_it_is_asked_again_when_its_rest_is_over() -> None:
    resting = failing(times=3, seconds=0)
    assert not resting.is_free(now=NOON + timedelta(minutes=3, seconds=59))
    assert resting.is_free(now=NOON + timedelta(minutes=4))
    assert WELL.is_free(now=NOON)


def test_a_rest_that_a_wrong_clock_wrote_holds_up_nothing() -> None:
    assert replace(WELL, not_before=NOON + timedelta(days=400)).is_free(now=NOON)


def test_a_failure_keeps_its_beginning_and_a_stamp_ends_it() -> None:
    first = failing(hours=5)
    later = first.failed(StampFault.TOO_SLOW, detail="", at=NOON)
    assert (later.failing_since, later.failures) == (first.failing_since, 2)
    assert (later.fault, later.detail) == (StampFault.TOO_SLOW, "")
    assert later.stamped() == WELL


def test_what_has_failed_for_days_is_told_once() -> None:
    assert authority_news(failing(hours=71), account="main", now=NOON) is None
    told = authority_news(failing(hours=72), account="main", now=NOON)
    assert told is not None
    alert, health = told
    assert (alert.kind, alert.account, alert.critical) == (AlertKind.STAMPS_MISSING, "main", False)
    assert dict(alert.details)["fault"] == "unreachable"
    assert authority_news(health, account="main", now=NOON + timedelta(days=9)) is None


def test_a_new_failure_is_told_anew() -> None:
    told = authority_news(failing(days=4), account="main", now=NOON)
    assert told is not None
    again = told[1].stamped().failed(StampFault.MOVED, detail="", at=NOON)
    later = authority_news(again, account="main", now=NOON + timedelta(days=3))
    assert later is not None
    assert later[0].key != told[0].key


def test_of_an_authority_that_works_nothing_is_told() -> None:
    assert authority_news(WELL, account="main", now=NOON) is None
