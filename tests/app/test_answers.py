"""Acknowledging from anywhere: an answer stops the reminders if its token says so, and nothing else does."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.support.clock import NOON, Clock
from tests.support.rooms import FakePostman, Rooms
from watcher.app.answers import Taken, give_token, hear_answers, refused_answer, take_reply
from watcher.app.deliver import deliver_due
from watcher.app.ports import Heard, Unheard, Waiting
from watcher.app.seller import acknowledge, close_case
from watcher.domain.alert import AlertKind
from watcher.domain.answer_token import LASTS, RANDOM_BYTES, Refusal, token_of
from watcher.domain.mail import ReplyMail

TOKENS = [token_of(bytes([number]) * RANDOM_BYTES) for number in range(9)]
REPLY = ReplyMail(key="m1", at=NOON, tokens=(TOKENS[0],), sender="me@example.org")


class Ears:
    """Implements the port `Listener`: what was published, by its number."""

    def __init__(self, **said: Sequence[str]) -> None:
        self.said = {channel: list(tokens) for channel, tokens in said.items()}
        self.asked: list[tuple[str, str | None]] = []
        self.deaf = False

    def names(self) -> tuple[str, ...]:
        return tuple(self.said)

    def hear(self, channel: str, *, since: str | None) -> Heard:
        self.asked.append((channel, since))
        if self.deaf:
            raise Unheard("no answer")
        told = self.said[channel]
        return Heard(tokens=tuple(told[int(since or 0) :]), since=str(len(told)))


def case_alert(rooms: Rooms, channel: str = "desktop") -> Waiting:
    waiting = next(entry for entry in rooms.store.outbox() if entry.alert.case)
    return replace(waiting, channel=channel)


def given(rooms: Rooms, *channels: str) -> None:
    """Tokens that have gone out, one through each channel, in their order."""
    for token, channel in zip(TOKENS, channels, strict=False):
        assert give_token(rooms.store, case_alert(rooms, channel), token, clock=rooms.clock)


def hear(rooms: Rooms, ears: Ears) -> dict[str, str]:
    return hear_answers(rooms.store, ears, channels=["desktop", "ntfy"], clock=rooms.clock)


def acknowledged(rooms: Rooms) -> bool:
    return rooms.store.cases()[0].acknowledged_at is not None


def lines(rooms: Rooms, kind: str) -> list[object]:
    return [line["facts"] for line in rooms.ledger() if line["kind"] == kind]


def test_a_button_stops_every_waiting_round_on_every_channel_at_once(cancelled: Rooms) -> None:
    given(cancelled, "desktop")
    hear(cancelled, Ears(desktop=[TOKENS[0]]))
    assert acknowledged(cancelled)
    postman = FakePostman()
    deliver_due(cancelled.store, postman, clock=cancelled.clock)
    assert [entry for entry in postman.taken if entry.alert.case] == []
    [line] = lines(cancelled, "acknowledged")
    assert line["by"] == "desktop"  # type: ignore[index]


def test_a_leased_round_is_stopped_too(cancelled: Rooms) -> None:
    given(cancelled, "desktop")
    leased = cancelled.store.claim(now=cancelled.clock(), lease=timedelta(minutes=2))
    assert leased
    hear(cancelled, Ears(desktop=[TOKENS[0]]))
    cancelled.clock.forward(minutes=3)
    assert all(entry.dropped_at for entry in cancelled.store.outbox() if entry.alert.case)


def test_a_token_counts_once(cancelled: Rooms) -> None:
    given(cancelled, "desktop")
    hear(cancelled, Ears(desktop=[TOKENS[0], TOKENS[0]]))
    assert len(lines(cancelled, "acknowledged")) == 1
    assert lines(cancelled, "answer_refused") == [{"channel": "desktop", "reason": "used", "count": 1}]


def test_a_token_from_before_silences_nothing_that_has_come_since(cancelled: Rooms) -> None:
    given(cancelled, "desktop")
    acknowledge(cancelled.store, cancelled.store.cases()[0].id, clock=cancelled.clock)
    cancelled.clock.forward(hours=5)
    cancelled.shop.happen("friteuse", "DISPUTED")
    cancelled.check()
    assert not acknowledged(cancelled)
    hear(cancelled, Ears(desktop=[TOKENS[0]]))
    assert not acknowledged(cancelled)
    [line] = lines(cancelled, "answer_refused")
    assert line == {"channel": "desktop", "reason": Refusal.EXPIRED, "count": 1}


@pytest.mark.parametrize(
    ("token", "later", "why"),
    [(TOKENS[8], timedelta(0), Refusal.UNKNOWN), (TOKENS[0], LASTS, Refusal.EXPIRED)],
)
def test_a_strange_or_old_token_is_said_and_changes_nothing(
    cancelled: Rooms, clock: Clock, token: str, later: timedelta, why: Refusal
) -> None:
    given(cancelled, "ntfy")
    clock.now += later
    before = cancelled.store.cases(), cancelled.store.outbox()
    hear(cancelled, Ears(ntfy=[token]))
    assert (cancelled.store.cases(), cancelled.store.outbox()) == before
    assert lines(cancelled, "answer_refused") == [{"channel": "ntfy", "reason": why, "count": 1}]
    told = refused_answer(cancelled.store, now=clock())
    assert told is not None
    assert (told.channel, told.why) == ("ntfy", why)
    assert refused_answer(cancelled.store, now=clock() + timedelta(days=4)) is None


def test_what_strangers_read_of_one_channel_is_worth_nothing_in_another(cancelled: Rooms) -> None:
    given(cancelled, "email")
    hear(cancelled, Ears(ntfy=[TOKENS[0]]))
    assert not acknowledged(cancelled)


def test_a_thousand_strange_tokens_are_one_line_of_the_ledger(cancelled: Rooms) -> None:
    given(cancelled, "ntfy")
    hear(cancelled, Ears(ntfy=[f"stranger{number:016}" for number in range(1000)]))
    assert lines(cancelled, "answer_refused") == [{"channel": "ntfy", "reason": "unknown", "count": 1000}]


def test_a_real_answer_among_strange_ones_counts(cancelled: Rooms) -> None:
    given(cancelled, "ntfy")
    hear(cancelled, Ears(ntfy=["s" * 24, TOKENS[0], "t" * 24]))
    assert acknowledged(cancelled)


def test_the_answer_to_a_closed_case_says_so(cancelled: Rooms) -> None:
    given(cancelled, "desktop")
    close_case(cancelled.store, cancelled.store.cases()[0].id, clock=cancelled.clock)
    hear(cancelled, Ears(desktop=[TOKENS[0]]))
    assert lines(cancelled, "answer_refused") == [{"channel": "desktop", "reason": "closed", "count": 1}]


def test_listening_goes_on_where_it_ended(cancelled: Rooms) -> None:
    given(cancelled, "ntfy")
    ears = Ears(ntfy=["s" * 24])
    hear(cancelled, ears)
    ears.said["ntfy"].append(TOKENS[0])
    hear(cancelled, ears)
    assert ears.asked == [("ntfy", None), ("ntfy", "1")]
    assert acknowledged(cancelled)
    assert len(lines(cancelled, "answer_refused")) == 1


def test_a_death_before_the_end_of_the_transaction_loses_no_answer(cancelled: Rooms) -> None:
    given(cancelled, "ntfy")
    ears = Ears(ntfy=[TOKENS[0]])

    def dies() -> object:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        hear_answers(cancelled.store, ears, channels=["ntfy"], clock=dies)  # type: ignore[arg-type]
    assert not acknowledged(cancelled)
    hear(cancelled, ears)
    assert ears.asked[-1] == ("ntfy", None)
    assert acknowledged(cancelled)


def test_of_two_who_hear_the_same_answer_one_takes_it(cancelled: Rooms) -> None:
    given(cancelled, "ntfy")
    other = cancelled.second_store()

    class Slow(Ears):
        def hear(self, channel: str, *, since: str | None) -> Heard:
            heard = super().hear(channel, since=since)
            hear_answers(other, Ears(ntfy=[TOKENS[0]]), channels=["ntfy"], clock=cancelled.clock)
            return heard

    hear(cancelled, Slow(ntfy=[TOKENS[0]]))
    other.close()
    assert acknowledged(cancelled)
    assert lines(cancelled, "answer_refused") == []


def test_a_channel_that_cannot_say_holds_up_no_other(cancelled: Rooms) -> None:
    given(cancelled, "desktop")

    class HalfDeaf(Ears):
        def hear(self, channel: str, *, since: str | None) -> Heard:
            self.deaf = channel == "ntfy"
            return super().hear(channel, since=since)

    ears = HalfDeaf(ntfy=[], desktop=[TOKENS[0]])
    silent = hear_answers(cancelled.store, ears, channels=["ntfy", "desktop"], clock=cancelled.clock)
    assert silent == {"ntfy": "no answer"}
    assert acknowledged(cancelled)


def test_nothing_new_writes_nothing(cancelled: Rooms) -> None:
    given(cancelled, "ntfy")
    ears = Ears(ntfy=["s" * 24])
    hear(cancelled, ears)
    before = cancelled.ledger_kinds()
    hear(cancelled, ears)
    assert cancelled.ledger_kinds() == before


def test_answers_are_awaited_only_while_an_open_case_can_still_be_answered(
    cancelled: Rooms, clock: Clock
) -> None:
    assert cancelled.store.awaited_answers(now=clock()) == {}
    given(cancelled, "desktop", "ntfy")
    assert cancelled.store.awaited_answers(now=clock()) == {"desktop": clock(), "ntfy": clock()}
    assert cancelled.store.awaited_answers(now=clock() + LASTS) == {}
    hear(cancelled, Ears(desktop=[TOKENS[0]]))
    assert set(cancelled.store.awaited_answers(now=clock())) == {"ntfy"}
    close_case(cancelled.store, cancelled.store.cases()[0].id, clock=clock)
    assert cancelled.store.awaited_answers(now=clock()) == {}


def test_no_token_is_given_for_what_somebody_has_or_what_is_no_case(cancelled: Rooms) -> None:
    waiting = case_alert(cancelled)
    no_case = replace(waiting, alert=replace(waiting.alert, case=None))
    assert not give_token(cancelled.store, no_case, TOKENS[5], clock=cancelled.clock)
    given(cancelled, "desktop")
    hear(cancelled, Ears(desktop=[TOKENS[0]]))
    assert not give_token(cancelled.store, waiting, TOKENS[6], clock=cancelled.clock)


def test_the_database_does_not_hold_the_token(cancelled: Rooms) -> None:
    given(cancelled, "email")
    take_reply(cancelled.store, REPLY, clock=cancelled.clock)
    files = b"".join(file.read_bytes() for file in cancelled.folder.glob("stornowacht.db*"))
    assert TOKENS[0].encode() not in files


def test_a_reply_acknowledges_and_the_ledger_names_nobody(cancelled: Rooms) -> None:
    given(cancelled, "email")
    assert take_reply(cancelled.store, REPLY, clock=cancelled.clock) is Taken.ACKNOWLEDGED
    assert acknowledged(cancelled)
    [line] = lines(cancelled, "acknowledged")
    assert line["by"] == "mail"  # type: ignore[index]
    assert "example.org" not in str(line)


def test_the_same_reply_told_again_is_no_second_one(cancelled: Rooms) -> None:
    given(cancelled, "email")
    take_reply(cancelled.store, REPLY, clock=cancelled.clock)
    kinds = cancelled.ledger_kinds()
    assert take_reply(cancelled.store, REPLY, clock=cancelled.clock) is Taken.KNOWN
    assert cancelled.ledger_kinds() == kinds
    again = replace(REPLY, key="m2")
    assert take_reply(cancelled.store, again, clock=cancelled.clock) is Taken.REFUSED
    assert lines(cancelled, "answer_refused") == [{"channel": "email", "reason": "used", "count": 1}]


@pytest.mark.parametrize("why", [Refusal.STRANGER, Refusal.UNPROVEN, Refusal.AUTOMATIC])
def test_a_reply_that_the_mailbox_does_not_trust_changes_nothing_and_leaves_the_token_good(
    cancelled: Rooms, why: Refusal
) -> None:
    given(cancelled, "email")
    strange = replace(REPLY, key="m0", refusal=why)
    assert take_reply(cancelled.store, strange, clock=cancelled.clock) is Taken.REFUSED
    assert not acknowledged(cancelled)
    assert lines(cancelled, "answer_refused") == [{"channel": "email", "reason": why, "count": 1}]
    assert take_reply(cancelled.store, REPLY, clock=cancelled.clock) is Taken.ACKNOWLEDGED


def test_a_reply_in_a_long_thread_counts_by_any_token_that_still_does(cancelled: Rooms) -> None:
    given(cancelled, "email")
    long = replace(REPLY, tokens=(TOKENS[7], TOKENS[0]))
    assert take_reply(cancelled.store, long, clock=cancelled.clock) is Taken.ACKNOWLEDGED


def test_the_question_whether_it_is_done_can_be_answered_in_the_same_way(
    cancelled: Rooms, clock: Clock
) -> None:
    case = acknowledge(cancelled.store, cancelled.store.cases()[0].id, clock=clock)
    [known] = cancelled.store.acknowledgements(case.id)
    asked_at = clock.forward(hours=3)
    with cancelled.store.writing() as writing:
        writing.save_acknowledgement(replace(known, asked_at=asked_at))
    opened = case_alert(cancelled)
    question = replace(opened, alert=replace(opened.alert, kind=AlertKind.ASK_BACK))
    assert give_token(cancelled.store, question, TOKENS[0], clock=clock)
    answered_at = clock.forward(minutes=5)
    hear(cancelled, Ears(desktop=[TOKENS[0]]))
    [known] = cancelled.store.acknowledgements(case.id)
    assert (known.answered_at, known.ended_at) == (answered_at, None)
