"""The letter about questions that wait: who, about what, since when; never what was written, never an offer to send."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from notifiers.message import Message, Urgency
from tests.postman.samples import QUESTIONS, SEEN_AT, facts
from tests.support.every import every
from watcher.domain.alert import AlertKind
from watcher.domain.question import Question
from watcher.postman.letter import write_letter
from watcher.texts.language import LANGUAGES, Language

IN_BOTH = every("language", LANGUAGES)


def letter(*questions: Question, language: Language = "de") -> Message:
    given = replace(facts(AlertKind.QUESTIONS_WAIT, order=None), questions=questions, now=SEEN_AT)
    return write_letter(replace(given, alert=replace(given.alert, critical=False)), language=language)


def test_it_names_item_buyer_and_age_the_oldest_first() -> None:
    told = letter(*QUESTIONS)
    assert told.subject == "Wartet auf deine Antwort: Stehlampe, höhenverstellbar und 2 mehr"
    assert told.summary.splitlines()[1] == "Stehlampe, höhenverstellbar: Jonte, seit 9 Stunden"
    first, second, third = (
        told.text.index(words) for words in ("Stehlampe", "Kinderfahrrad", "ein Gespräch")
    )
    assert first < second < third
    assert "Jonte – seit 9 Stunden (So., 22.11., 12:00 Uhr)" in told.text
    assert "Stand: So., 22.11., 20:53 Uhr" in told.text
    assert told.urgency is Urgency.NORMAL


def test_one_question_leads_to_its_chat_and_several_to_the_message_box() -> None:
    alone, several = letter(QUESTIONS[0]), letter(*QUESTIONS)
    assert alone.subject == "Wartet auf deine Antwort: Stehlampe, höhenverstellbar"
    assert alone.url is not None
    assert alone.url.endswith("m-nachrichten.html?conversationId=abc0:def34:ghi56")
    assert several.url is not None
    assert several.url.endswith("m-nachrichten.html")


@IN_BOTH
def test_it_says_that_the_answer_is_written_on_the_site_and_offers_no_button(language: Language) -> None:
    told = letter(*QUESTIONS, language=language)
    words = {
        "de": "Stornowacht liest nur und verschickt nie etwas",
        "en": "Stornowacht only reads, and never sends anything",
    }
    assert words[language] in re.sub(r"\s+", " ", told.text)
    assert "stornowacht questions" in told.text
    assert told.actions == ()


def test_of_many_questions_the_oldest_are_named_and_the_others_counted() -> None:
    many = [
        replace(QUESTIONS[0], title=f"Ding {number:02}", conversation=f"a:b:{number}") for number in range(30)
    ]
    text = letter(*many).text
    assert "Ding 07" in text
    assert "Ding 08" not in text
    assert "22" in text


@IN_BOTH
def test_nobody_who_reads_along_learns_who_asked_or_what_about(language: Language) -> None:
    told = letter(*QUESTIONS, language=language)
    assert told.discreet is not None
    public = f"{told.discreet.subject} {told.discreet.summary}"
    assert not any(word in public for word in ("Stehlampe", "Jonte", "Ayla"))


@pytest.mark.parametrize("hostile", ["<b>Jonte</b>", "Jonte\x1b[31m\r\nBcc: x", "\u202eetnoJ"])
def test_what_strangers_are_called_stays_their_words(hostile: str) -> None:
    told = letter(replace(QUESTIONS[0], title=hostile, buyer=hostile))
    assert told.html is not None
    assert "<b>Jonte" not in told.html
    assert not any(mark in told.subject + told.summary + told.text for mark in ("\x1b", "\r", "\u202e"))


def test_an_age_is_that_of_the_moment_when_the_letter_is_written() -> None:
    given = replace(facts(AlertKind.QUESTIONS_WAIT), questions=QUESTIONS[:1], now=SEEN_AT + timedelta(days=2))
    assert "seit 2 Tagen" in write_letter(given, language="de").text
