"""The letter about buyers' questions that wait: who asked about what, since when, and where the answer is written."""

from collections.abc import Sequence

from watcher.domain.alert import AlertKind
from watcher.domain.question import Question
from watcher.pages.addresses import message_box
from watcher.postman.letter_facts import LetterFacts, command, is_web_address, when
from watcher.postman.letter_view import CommandView, LinkView, ListView, Tone, View
from watcher.postman.letter_words import said
from watcher.texts.fill import one_line
from watcher.texts.language import Language
from watcher.texts.names import lasting

_MOST = 8
_TITLE_IN_SUBJECT = 40


def about_questions(facts: LetterFacts, *, language: Language) -> View:
    """Write which questions wait, the oldest first. The answer is written on the site: this program sends nothing."""
    questions = facts.questions
    first = _title(questions[0], language) if questions else None
    more = len(questions) - 1
    headline = said(f"questions.headline.{'one' if more < 1 else 'more'}", language=language)
    return View(
        subject=said(
            "questions.subject",
            language=language,
            item=one_line(first or "", limit=_TITLE_IN_SUBJECT) or None,
            more=said("hand_in.and_more", language=language, number=str(more)) if more > 0 else None,
        ),
        headline=headline,
        tone=Tone.LOOK,
        summary=(headline, *(_line(each, facts, language) for each in questions[:2])),
        lead=(" ".join((said("questions.lead", language=language), *_as_of(facts, language))),),
        orders=_listed(questions, facts, language),
        way_out=CommandView(
            heading=said("questions.way_heading", language=language),
            text=said("questions.way", language=language),
            commands=((said("questions.see", language=language), command("questions")),),
        ),
        links=_links(facts, language),
    )


def _title(question: Question, language: Language) -> str:
    return one_line(question.title or "") or said("questions.no_title", language=language)


def _buyer(question: Question, language: Language) -> str:
    return one_line(question.buyer or "") or said("questions.no_buyer", language=language)


def _age(question: Question, facts: LetterFacts, language: Language) -> str:
    span = lasting(facts.now - question.asked_at, language=language)
    return said(
        "questions.age", language=language, span=span, asked=when(question.asked_at, facts, language=language)
    )


def _line(question: Question, facts: LetterFacts, language: Language) -> str:
    span = lasting(facts.now - question.asked_at, language=language)
    return said(
        "questions.line",
        language=language,
        title=one_line(_title(question, language), limit=_TITLE_IN_SUBJECT),
        buyer=_buyer(question, language),
        span=span,
    )


def _listed(questions: Sequence[Question], facts: LetterFacts, language: Language) -> ListView | None:
    if not questions:
        return None
    rest = len(questions[_MOST:])
    more = {0: "", 1: said("silence.one_more", language=language)}
    return ListView(
        heading=said("questions.list", language=language),
        entries=tuple(
            (_title(each, language), f"{_buyer(each, language)} – {_age(each, facts, language)}")
            for each in questions[:_MOST]
        ),
        more=more[rest] if rest in more else said("silence.more", language=language, number=str(rest)),
    )


def _as_of(facts: LetterFacts, language: Language) -> tuple[str, ...]:
    """Say of when that is: who has answered since need not do anything."""
    if not facts.questions:
        return ()
    seen = min(question.seen_at for question in facts.questions)
    return (said("questions.as_of", language=language, seen=when(seen, facts, language=language)),)


def _links(facts: LetterFacts, language: Language) -> tuple[LinkView, ...]:
    """Return where the answer is written: the conversation itself where there is one alone."""
    only = facts.questions[0].conversation if len(facts.questions) == 1 else None
    url = message_box(facts.base_url, only)
    if not is_web_address(url):
        return ()
    return (
        LinkView(label=said(f"label.{'open_thread' if only else 'open_site'}", language=language), url=url),
    )


WRITERS = {AlertKind.QUESTIONS_WAIT: about_questions}
