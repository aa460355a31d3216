"""The letter about silence: nobody has seen for certain how things stand, and since when."""

from watcher.domain.order import Order
from watcher.domain.outcome import Outcome
from watcher.postman.letter_facts import LetterFacts, item, links, rows, when
from watcher.postman.letter_view import CommandView, ListView, StepView, Tone, View
from watcher.postman.letter_way_out import about_account, pause, reason, way_out
from watcher.postman.letter_words import said
from watcher.texts.language import Language
from watcher.texts.names import lasting, stage_name

_MOST_ORDERS = 5


def about_silence(facts: LetterFacts, *, language: Language) -> View:
    """Write since when an account is not verified, what that concerns, why it is so, and what to do now."""
    since = facts.moment_of("since") or facts.alert.at
    known = {
        "since": when(since, facts, language=language),
        "span": lasting(facts.now - since, language=language),
    }
    again = facts.alert.round > 1
    because = reason(facts, language=language) or said("silence.overdue", language=language)
    headline = said("silence.headline", language=language, **known)
    step = said("silence.step", language=language)
    subject = "silence.subject_again" if again else "silence.subject"
    return View(
        subject=about_account(subject, facts, language=language, **known),
        headline=headline,
        kicker=said("silence.kicker", language=language, **known) if again else "",
        tone=Tone.ACT if facts.alert.critical else Tone.LOOK,
        summary=(headline, because, step),
        lead=(about_account("silence.lead", facts, language=language, **known),),
        rows=rows(
            facts,
            {"account": facts.account, "reason": because, "pause": pause(facts, language=language)},
            language=language,
        ),
        orders=_orders(facts, language),
        first=StepView(title=step, why=said("silence.why", language=language)),
        way_out=_way_out(facts, language),
        links=links(facts, language=language),
    )


def _way_out(facts: LetterFacts, language: Language) -> CommandView:
    heading = said("silence.way_heading", language=language)
    if facts.outcome in {Outcome.OK, None}:
        # Nothing stood in the way of the last check: the next one never came.
        typed = about_account("silence.command", facts, language=language)
        return CommandView(
            heading=heading, text=said("silence.way", language=language), commands=(("", typed),)
        )
    return way_out(facts, heading=heading, language=language)


def _orders(facts: LetterFacts, language: Language) -> ListView | None:
    shown, rest = facts.unverified[:_MOST_ORDERS], len(facts.unverified[_MOST_ORDERS:])
    if not shown:
        return None
    more = {0: "", 1: said("silence.one_more", language=language)}
    return ListView(
        heading=said("silence.orders", language=language),
        entries=tuple((item(order, language=language), _seen(order, facts, language)) for order in shown),
        more=more.get(rest) or said("silence.more", language=language, number=str(rest)) if rest else "",
    )


def _seen(order: Order, facts: LetterFacts, language: Language) -> str:
    return said(
        "silence.last_seen",
        language=language,
        stage=stage_name(order.stage, language=language),
        seen=when(order.last_seen_at, facts, language=language),
    )
