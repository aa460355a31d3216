"""The letter that tells the seller what happened: one message, as text and as HTML, ready for every channel.

Guaranteed: every alert becomes a letter, whatever is missing; strangers' words stay words, on every surface; no letter
suggests a step that could cost the seller money before the goods are back.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Protocol

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from notifiers.message import Message, Picture, Urgency
from watcher.domain.alert import AlertKind
from watcher.domain.case import Case
from watcher.postman.letter_account import (
    about_budget,
    about_key,
    about_mailbox,
    about_recovery,
    about_session,
    about_stamps,
    about_test,
    about_trouble,
)
from watcher.postman.letter_actions import actions, discreet
from watcher.postman.letter_case import about_case, about_refund
from watcher.postman.letter_doubt import about_mail, about_order, about_page_words, about_reinstated
from watcher.postman.letter_facts import LetterFacts, when
from watcher.postman.letter_keeping import WRITERS as ABOUT_KEEPING
from watcher.postman.letter_progress import WRITERS as ABOUT_PROGRESS
from watcher.postman.letter_questions import WRITERS as ABOUT_QUESTIONS
from watcher.postman.letter_rounds import WRITERS as ABOUT_ROUNDS
from watcher.postman.letter_rounds import of_this_hour
from watcher.postman.letter_setback import WRITERS as ABOUT_SETBACKS
from watcher.postman.letter_silence import about_silence
from watcher.postman.letter_steady import WRITERS as ABOUT_ITSELF
from watcher.postman.letter_view import View
from watcher.postman.letter_words import said
from watcher.texts.fill import one_line
from watcher.texts.language import Language

__all__ = ["LetterFacts", "write_letter"]

PICTURE_NAME = "page.png"
_PNG = b"\x89PNG\r\n\x1a\n"
_LONGEST_SUBJECT = 180
_LONGEST_LINE = 120
_QUIET = frozenset(
    {
        AlertKind.ACCOUNT_RECOVERED,
        AlertKind.CASE_CLOSED,
        AlertKind.REMINDERS_STOP,
        AlertKind.CHANNEL_BACK,
        AlertKind.SUMMARY,
        AlertKind.FORGET_SOON,
        AlertKind.WORKS_AGAIN,
        AlertKind.TEST,
    }
)
_SAID_AGAIN = frozenset({AlertKind.CASE_REMINDER, AlertKind.ASK_BACK, AlertKind.REMINDERS_STOP})
_WITHOUT_PICTURE = frozenset(
    {
        AlertKind.ACCOUNT_RECOVERED,
        AlertKind.TEST,
        AlertKind.SESSION_ENDING,
        AlertKind.MAIL_SUSPICIOUS,
        AlertKind.MAILBOX_TROUBLE,
        AlertKind.KEY_REFUSED,
        AlertKind.STAMPS_MISSING,
        AlertKind.BUDGET_SPENT,
        AlertKind.HAND_IN_SOON,
        AlertKind.SHIP_BY_NEAR,
        AlertKind.SHIP_BY_OVER,
        AlertKind.QUESTIONS_WAIT,
        AlertKind.DIGEST,
        AlertKind.CHANNEL_DEAD,
        AlertKind.CHANNEL_BACK,
        AlertKind.SUMMARY,
        AlertKind.FORGET_SOON,
        AlertKind.NOT_WATCHED,
        AlertKind.KEEPS_FAILING,
        AlertKind.WORKS_AGAIN,
        AlertKind.CONFIG_REFUSED,
    }
)
"""No page has to do with what they say."""


def write_letter(facts: LetterFacts, *, language: Language) -> Message:
    """Write the message of an alert, from what is known now.

    1. Decide what it says (a view, without layout).
    2. Lay it out as text and as HTML, from the same view.
    3. Put the page's picture beside it, where there is one.
    """
    view = of_this_hour(_view(facts, language), facts, language=language)
    picture = _picture(facts, language)
    words = {
        "view": view,
        "language": language,
        "picture": picture,
        "picture_caption": _caption(facts, language),
        "label": lambda name, **words: said(f"label.{name}", language=language, **words),
        "seen": said(
            "label.seen_at", language=language, seen=when(_seen_at(facts), facts, language=language)
        ),
        "account": one_line(facts.account),
        "ledger_head": one_line(facts.ledger_head or ""),
    }
    return Message(
        key=facts.alert.key,
        thread=facts.alert.case or f"account/{facts.account}",
        subject=one_line(view.subject, limit=_LONGEST_SUBJECT),
        text=_templates().get_template("letter.txt").render(words),
        html=_templates().get_template("letter.html").render(words),
        summary="\n".join(one_line(line, limit=_LONGEST_LINE) for line in view.summary),
        urgency=_loudness(facts),
        at=facts.alert.at,
        repeat=facts.repeat,
        pictures=(picture,) if picture else (),
        url=next((link.url for link in view.links), None),
        actions=actions(facts, view, language=language),
        discreet=discreet(facts, language=language),
    )


def _view(facts: LetterFacts, language: Language) -> View:
    match facts.alert.kind, facts.case:
        case ((AlertKind.CASE_OPENED | AlertKind.CASE_REMINDER), Case() as case):
            return about_case(facts, case, language=language)
        case AlertKind.REFUND_SEEN, case:
            return about_refund(facts, case, language=language)
        case AlertKind.ORDER_MISSING as kind, _:
            return about_order(facts, kind, language=language)
        case kind, _ if kind in _WRITERS:
            return _WRITERS[kind](facts, language=language)
        case _:
            # Not understood, or a case that cannot be found: said with what is left, look yourself.
            return about_order(facts, AlertKind.ORDER_UNKNOWN, language=language)


class _Writer(Protocol):
    def __call__(self, facts: LetterFacts, /, *, language: Language) -> View: ...


_WRITERS: Mapping[AlertKind, _Writer] = {
    AlertKind.ORDER_REINSTATED: about_reinstated,
    AlertKind.ACCOUNT_TROUBLE: about_trouble,
    AlertKind.ACCOUNT_RECOVERED: about_recovery,
    AlertKind.ACCOUNT_UNVERIFIED: about_silence,
    AlertKind.SESSION_ENDING: about_session,
    AlertKind.PAGE_WORDS: about_page_words,
    AlertKind.MAIL_SUSPICIOUS: about_mail,
    AlertKind.MAILBOX_TROUBLE: about_mailbox,
    AlertKind.KEY_REFUSED: about_key,
    AlertKind.STAMPS_MISSING: about_stamps,
    AlertKind.BUDGET_SPENT: about_budget,
    AlertKind.TEST: about_test,
    **ABOUT_KEEPING,
    **ABOUT_PROGRESS,
    **ABOUT_QUESTIONS,
    **ABOUT_ROUNDS,
    **ABOUT_SETBACKS,
    **ABOUT_ITSELF,
}


def _seen_at(facts: LetterFacts) -> datetime:
    """Return when somebody last saw what the letter is about: a reminder, or a silence, is no sight of it."""
    if facts.alert.kind in _SAID_AGAIN and facts.order is not None:
        return facts.order.last_seen_at
    if facts.alert.kind is AlertKind.ACCOUNT_UNVERIFIED:
        return facts.moment_of("since") or facts.alert.at
    if facts.questions:
        return min(question.seen_at for question in facts.questions)
    return facts.alert.at


def _loudness(facts: LetterFacts) -> Urgency:
    if facts.alert.critical:
        return Urgency.CRITICAL
    return Urgency.LOW if facts.alert.kind in _QUIET else Urgency.NORMAL


def _picture(facts: LetterFacts, language: Language) -> Picture | None:
    is_png = facts.picture is not None and facts.picture.startswith(_PNG)
    if facts.picture is None or not is_png or facts.alert.kind in _WITHOUT_PICTURE:
        return None
    return Picture(name=PICTURE_NAME, png=facts.picture, alt=said("label.picture_alt", language=language))


def _caption(facts: LetterFacts, language: Language) -> str:
    taken = facts.picture_taken_at
    shown = when(taken, facts, language=language) if taken else None
    return said("label.picture", language=language, taken=shown)


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("watcher.postman"),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
