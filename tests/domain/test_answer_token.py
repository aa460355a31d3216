"""A token counts once, through its own channel, and not for ever."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from notifiers.message import is_token
from tests.domain.samples import NOW
from tests.support.every import every
from watcher.domain.answer_token import (
    FORM,
    LASTS,
    RANDOM_BYTES,
    AnswerToken,
    Refusal,
    hash_of,
    pause_between,
    token_of,
    why_not,
)

KNOWN = AnswerToken(hash=hash_of("x"), case="c1", round=0, channel="ntfy", expires_at=NOW + LASTS)


def test_a_token_survives_mail_servers_file_names_and_a_bus() -> None:
    for randomness in (bytes(RANDOM_BYTES), b"\xff" * RANDOM_BYTES, bytes(range(RANDOM_BYTES))):
        token = token_of(randomness)
        assert FORM.fullmatch(token)
        assert is_token(token)
        assert token == token.lower()


def test_other_randomness_gives_another_token() -> None:
    assert len({token_of(bytes([number]) * RANDOM_BYTES) for number in range(256)}) == 256


def test_too_little_randomness_is_refused() -> None:
    with pytest.raises(ValueError, match="15 bytes"):
        token_of(b"short")


def test_what_is_remembered_does_not_hold_the_token() -> None:
    token = token_of(bytes(RANDOM_BYTES))
    assert re.fullmatch("[0-9a-f]{64}", hash_of(token))
    assert token not in hash_of(token)


@every(
    ("known", "channel", "after", "why"),
    [
        (KNOWN, "ntfy", timedelta(0), None),
        (KNOWN, "ntfy", LASTS - timedelta(seconds=1), None),
        (KNOWN, "ntfy", LASTS, Refusal.EXPIRED),
        (KNOWN, "email", timedelta(0), Refusal.UNKNOWN),
        (None, "ntfy", timedelta(0), Refusal.UNKNOWN),
        (replace(KNOWN, used_at=NOW), "ntfy", timedelta(0), Refusal.USED),
    ],
)
def test_a_token_counts_once_in_its_time_and_through_its_own_channel(
    known: AnswerToken | None, channel: str, after: timedelta, why: Refusal | None
) -> None:
    assert why_not(known, channel=channel, now=NOW + after) is why


def test_answers_are_looked_for_the_less_often_the_older_the_alert_is() -> None:
    pauses = [
        pause_between(timedelta(minutes=minutes)) for minutes in (-5, 0, 29, 30, 24 * 60 - 1, 24 * 60, 10**5)
    ]
    assert pauses == sorted(pauses)
    assert pauses[0] == timedelta(seconds=15)
    assert pauses[-1] == timedelta(minutes=5)
