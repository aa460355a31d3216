"""When a question waits, when it is answered, and what a row of the list can say of both."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.clock import NOON
from watcher.domain.confidence import Confidence
from watcher.domain.message import Message
from watcher.domain.question import (
    OLD,
    Closing,
    Question,
    Verdict,
    answer_seen,
    apart,
    by_messages,
    by_row,
    followed,
    in_time,
    talk_of,
)
from watcher.domain.reading import Entry, Problem, ProblemKind, Thread

CLOSINGS = {"ok, danke": Closing.THANKS, "hat sich erledigt": Closing.WITHDRAWN}


def at(hours: float) -> datetime:
    return NOON + timedelta(hours=hours)


def buyer(hours: float, text: str = "Noch da?") -> Message:
    return Message(at=at(hours), inbound=True, text=text)


def seller(hours: float, text: str = "Ja") -> Message:
    return Message(at=at(hours), inbound=False, text=text)


def thread(*messages: Message, cards: tuple[datetime | None, ...] = (), **known: object) -> Thread:
    return Thread(
        conversation="a:b:c",
        orders=(),
        digest="d",
        messages=messages,
        card_times=cards,
        **known,  # type: ignore[arg-type]
    )


def row(**known: object) -> Entry:
    values = {"conversation": "a:b:c", "selling": True, "title": "Lampe", "buyer": "Jonte", "at": at(0)}
    return Entry(**{"inbound": True, "preview": "Noch da?", **values, **known})  # type: ignore[arg-type]


def question(**known: object) -> Question:
    values = {"account": "main", "conversation": "a:b:c", "asked_at": at(0), "seen_at": at(0)}
    return Question(**{"confidence": Confidence.CERTAIN, **values, **known})  # type: ignore[arg-type]


def judged(entry: Entry, *, headings: tuple[str, ...] = ()) -> Verdict:
    return by_row(entry, closing=CLOSINGS.get, is_card=headings.__contains__, at=at(9))


def waits(*messages: Message, **known: object) -> datetime | None:
    talk = talk_of(thread(*messages, **known), CLOSINGS.get)
    assert talk is not None
    return talk.waits_since


def test_a_question_waits_since_its_first_unanswered_message() -> None:
    assert waits(buyer(0), seller(1), buyer(2), buyer(3, "Hallo??")) == at(2)


def test_an_answer_takes_from_the_first_message_to_the_sellers_next() -> None:
    talk = talk_of(thread(buyer(0), buyer(1), seller(5), seller(6), buyer(8), seller(8.5)), CLOSINGS.get)
    assert talk is not None
    assert talk.answers == ((at(0), at(5)), (at(8), at(8.5)))
    assert (talk.begins, talk.waits_since) == (at(0), None)


def test_thanks_after_an_answer_ask_nothing_and_leave_an_open_question_open() -> None:
    assert waits(buyer(0), seller(1), buyer(2, "ok, danke")) is None
    assert waits(buyer(0), buyer(1, "ok, danke")) == at(0)


def test_who_takes_a_question_back_waits_for_nothing_and_no_answer_time_comes_of_it() -> None:
    talk = talk_of(thread(buyer(0), buyer(1, "hat sich erledigt"), seller(5)), CLOSINGS.get)
    assert talk is not None
    assert (talk.waits_since, talk.answers) == (None, ())


def test_a_payment_item_ends_a_question_without_an_answer_time() -> None:
    talk = talk_of(thread(buyer(0), seller(30), cards=(at(2),)), CLOSINGS.get)
    assert talk is not None
    assert (talk.waits_since, talk.answers) == (None, ())
    assert waits(buyer(0), cards=(at(2),)) is None
    assert waits(buyer(3), cards=(at(2),)) == at(3)


def test_what_has_no_time_or_no_writer_tells_nothing() -> None:
    assert talk_of(thread(replace(buyer(0), at=None)), CLOSINGS.get) is None
    assert talk_of(thread(replace(buyer(0), inbound=None)), CLOSINGS.get) is None
    assert talk_of(thread(buyer(0), cards=(None,)), CLOSINGS.get) is None
    assert talk_of(thread(), CLOSINGS.get) is None
    assert talk_of(thread(buyer(0), selling=False), CLOSINGS.get) is None


@pytest.mark.parametrize(
    ("kinds", "sure"),
    [
        ((), Confidence.CERTAIN),
        ((ProblemKind.DOM_MISSING,), Confidence.LIKELY),
        ((ProblemKind.JSON_MISSING,), Confidence.UNSURE),
    ],
)
def test_certain_is_what_both_readers_saw(kinds: tuple[ProblemKind, ...], sure: Confidence) -> None:
    told = thread(buyer(0), problems=tuple(Problem(kind=kind) for kind in kinds))
    talk = talk_of(told, CLOSINGS.get)
    assert talk is not None
    assert by_messages(told, talk).confidence is sure


def test_a_row_whose_last_item_is_the_buyers_is_likely_a_question() -> None:
    assert judged(row()) == Verdict(waits_since=at(0), confidence=Confidence.LIKELY)


def test_a_row_that_does_not_say_who_wrote_last_is_unsure() -> None:
    assert judged(row(inbound=None)).confidence is Confidence.UNSURE


def test_a_row_without_a_time_counts_from_the_look_that_saw_it() -> None:
    assert judged(row(at=None)).waits_since == at(9)


@pytest.mark.parametrize(
    "known", [{"preview": "ok, danke"}, {"preview": "Artikel bezahlt"}, {"inbound": False}]
)
def test_a_row_with_thanks_a_payment_item_or_the_sellers_own_word_asks_nothing(
    known: dict[str, object],
) -> None:
    assert judged(row(**known), headings=("Artikel bezahlt",)).waits_since is None


def test_a_row_without_a_preview_may_be_a_picture_and_counts() -> None:
    assert judged(row(preview=None)).waits_since == at(0)


def follow(known: Question | None, verdict: Verdict, entry: Entry | None = None) -> Question | None:
    return followed(known, verdict, entry or row(), account="main", at=at(10))


def test_a_new_question_knows_who_asked_about_what_and_nothing_more() -> None:
    asked = follow(None, judged(row(preview="Geheim?")))
    assert asked == Question(
        account="main",
        conversation="a:b:c",
        asked_at=at(0),
        seen_at=at(10),
        confidence=Confidence.LIKELY,
        title="Lampe",
        buyer="Jonte",
    )
    assert "Geheim" not in repr(asked)
    assert "Jonte" not in repr(asked)


def test_a_later_message_in_the_row_is_taken_for_the_same_question() -> None:
    before = question(reminded_at=at(5))
    after = follow(before, judged(row(at=at(8))))
    assert after is not None
    assert (after.asked_at, after.reminded_at, after.confidence) == (at(0), at(5), Confidence.LIKELY)


def test_a_row_that_says_less_changes_nothing_about_what_is_known_better() -> None:
    after = follow(question(), judged(row(inbound=None)))
    assert after is not None
    assert after.confidence is Confidence.CERTAIN


def test_a_question_asked_after_the_reminder_is_a_new_one() -> None:
    told = Verdict(waits_since=at(8), confidence=Confidence.CERTAIN, is_told_by_messages=True)
    after = follow(question(reminded_at=at(5)), told)
    assert after is not None
    assert (after.asked_at, after.reminded_at) == (at(8), None)


def test_an_answer_in_the_list_is_timed_from_the_question_that_was_known() -> None:
    answered = judged(row(inbound=False, at=at(3)))
    assert follow(question(), answered) is None
    assert answer_seen(question(), answered) == (at(0), at(3))


def test_no_answer_time_comes_of_what_was_unsure_unknown_or_runs_backwards() -> None:
    answered = judged(row(inbound=False, at=at(3)))
    assert answer_seen(None, answered) is None
    assert answer_seen(question(confidence=Confidence.UNSURE), answered) is None
    assert answer_seen(question(asked_at=at(4)), answered) is None
    assert answer_seen(question(), judged(row(preview="ok, danke"))) is None


def test_an_answer_after_two_weeks_counts_in_no_figure() -> None:
    assert in_time([(at(0), at(0) + OLD), (at(0), at(1))]) == [(at(0), at(1))]


def test_questions_grow_old_after_two_weeks() -> None:
    new, old = question(conversation="new"), question(conversation="old", asked_at=at(0) - OLD)
    assert apart([new, old], now=at(0)) == ([new], [old])


@given(
    st.lists(
        st.tuples(
            st.integers(0, 100), st.sampled_from(["ask", "ok, danke", "hat sich erledigt", "say", "card"])
        ),
        max_size=12,
    )
)
def test_of_any_conversation_answers_come_after_questions_and_never_overlap(
    items: list[tuple[int, str]],
) -> None:
    messages = [
        seller(hours) if what == "say" else buyer(hours, what)
        for hours, what in sorted(items, key=lambda item: item[0])
        if what != "card"
    ]
    cards = tuple(sorted(at(hours) for hours, what in items if what == "card"))
    talk = talk_of(thread(*messages, cards=cards), CLOSINGS.get)
    assert (talk is None) is (not messages)
    if talk is None:
        return
    ends = [talk.begins]
    for asked, answered in talk.answers:
        assert ends[-1] <= asked <= answered
        ends.append(answered)
    if talk.waits_since is not None:
        assert ends[-1] <= talk.waits_since
        assert not any(not message.inbound and message.at > talk.waits_since for message in messages)
