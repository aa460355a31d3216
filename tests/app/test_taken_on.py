"""Which cases the seller has said something about since somebody last looked: their alerts leave the screen."""

from dataclasses import replace
from datetime import timedelta

from tests.support.rooms import Rooms
from watcher.app.answers import give_token, take_reply
from watcher.app.seller import acknowledge, close_case
from watcher.app.taken_on import Words, newly_taken_on, words_by_case
from watcher.domain.answer_token import RANDOM_BYTES, token_of
from watcher.domain.case import Ending
from watcher.domain.mail import ReplyMail


class Watcher:
    """Looks again and again, as the daemon does."""

    def __init__(self, rooms: Rooms) -> None:
        self.rooms = rooms
        self.seen: dict[str, Words] = dict(words_by_case(rooms.store, now=rooms.clock()))

    def news(self) -> list[str]:
        now = dict(words_by_case(self.rooms.store, now=self.rooms.clock()))
        before, self.seen = self.seen, now
        return newly_taken_on(before, now)


def test_an_acknowledgement_is_news_once_whichever_way_it_came(cancelled: Rooms) -> None:
    [case], watcher = cancelled.store.cases(), Watcher(cancelled)
    assert watcher.news() == []
    queued = next(entry for entry in cancelled.store.outbox() if entry.alert.case)
    waiting = replace(queued, channel="email")
    token = token_of(b"1" * RANDOM_BYTES)
    assert give_token(cancelled.store, waiting, token, clock=cancelled.clock)
    reply = ReplyMail(key="m1", at=cancelled.clock(), tokens=(token,), sender="me@example.org")
    take_reply(cancelled.store, reply, clock=cancelled.clock)
    assert watcher.news() == [case.id]
    assert watcher.news() == []


def test_a_snooze_is_news_and_its_end_is_none(cancelled: Rooms) -> None:
    [case], watcher = cancelled.store.cases(), Watcher(cancelled)
    until = cancelled.clock() + timedelta(hours=2)
    acknowledge(cancelled.store, case.id, clock=cancelled.clock, until=until)
    assert watcher.news() == [case.id]
    with cancelled.store.writing() as writing:
        writing.save_case(case)
    assert watcher.news() == []


def test_a_case_that_the_seller_closes_is_news_and_one_that_ends_by_proof_has_a_letter_of_its_own(
    cancelled: Rooms,
) -> None:
    [case], watcher = cancelled.store.cases(), Watcher(cancelled)
    with cancelled.store.writing() as writing:
        writing.save_case(case.closed(at=cancelled.clock(), ending=Ending.RETURNED_AND_REFUNDED))
    assert watcher.news() == []
    with cancelled.store.writing() as writing:
        writing.save_case(case)
    close_case(cancelled.store, case.id, clock=cancelled.clock)
    assert watcher.news() == [case.id]
