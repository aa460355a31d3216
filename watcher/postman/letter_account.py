"""Letters that are not about a case: an order nobody understands, an account in trouble, a test."""

import shlex
from collections.abc import Mapping

from watcher.domain.alert import AlertKind
from watcher.domain.outcome import Outcome
from watcher.postman.letter_facts import LetterFacts, item, links, rows
from watcher.postman.letter_view import CommandView, Tone, View
from watcher.postman.letter_words import said
from watcher.texts.fill import one_line
from watcher.texts.language import Language
from watcher.texts.names import stage_name

_TOPICS = {AlertKind.ORDER_UNKNOWN: "unknown", AlertKind.ORDER_MISSING: "missing"}
_TROUBLES = frozenset(Outcome) - {Outcome.OK}


def about_order(facts: LetterFacts, kind: AlertKind, *, language: Language) -> View:
    """Write that an order was not understood, or is gone: look yourself."""
    topic, name = _TOPICS[kind], item(facts.order, language=language)
    view_rows = rows(facts, {"account": facts.account}, language=language)
    if facts.order is not None and kind is AlertKind.ORDER_UNKNOWN and facts.order.unknown_events:
        event = one_line(facts.order.unknown_events[-1], limit=100)
        view_rows += ((said("unknown.event", language=language), event),)
    if facts.order is not None and kind is AlertKind.ORDER_MISSING:
        stage = stage_name(facts.order.stage, language=language)
        view_rows += ((said("missing.last_stage", language=language), stage),)
    headline = said(f"{topic}.headline", language=language)
    return View(
        subject=said(f"{topic}.subject", language=language, item=name),
        headline=headline,
        tone=Tone.LOOK,
        summary=(name, headline),
        lead=(said(f"{topic}.lead", language=language),),
        rows=view_rows,
        links=links(facts, language=language),
    )


def about_trouble(facts: LetterFacts, *, language: Language) -> View:
    """Write that an account is not being watched, why, and the way out."""
    outcome = facts.outcome
    topic = f"trouble.{outcome if outcome in _TROUBLES else 'other'}"
    headline = said(f"{topic}.headline", language=language)
    way = said(f"{topic}.way", language=language)
    typed = _typed(topic, facts, language)
    return View(
        subject=_about_account(f"{topic}.subject", facts, language),
        headline=headline,
        tone=Tone.LOOK,
        summary=(headline, typed),
        lead=(_about_account(f"{topic}.lead", facts, language),),
        way_out=CommandView(
            heading=said("label.way_out", language=language), text=way, commands=(("", typed),)
        ),
        links=links(facts, language=language),
    )


def about_recovery(facts: LetterFacts, *, language: Language) -> View:
    """Write that the account can be read again."""
    return _calm("recovered", facts, language)


def about_test(facts: LetterFacts, *, language: Language) -> View:
    """Write a test."""
    return _calm("test", facts, language)


def _calm(topic: str, facts: LetterFacts, language: Language) -> View:
    lead = _about_account(f"{topic}.lead", facts, language)
    headline = said(f"{topic}.headline", language=language)
    return View(
        subject=_about_account(f"{topic}.subject", facts, language),
        headline=headline,
        tone=Tone.CALM,
        summary=(headline,),
        lead=(lead,),
    )


def _about_account(path: str, facts: LetterFacts, language: Language) -> str:
    return said(path, language=language, **_account(facts))


def _typed(topic: str, facts: LetterFacts, language: Language) -> str:
    return said(f"{topic}.command", language=language, **_account(facts))


def _account(facts: LetterFacts) -> Mapping[str, str]:
    name = one_line(facts.account)
    return {"account": name or "?", "account_word": shlex.quote(name)}
