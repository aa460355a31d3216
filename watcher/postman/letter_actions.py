"""What can be done from within a message, and what may be said of it where strangers read along."""

from collections.abc import Iterator

from notifiers.message import Action, Discreet, Link, Reply
from notifiers.message import is_web_address as may_be_opened
from watcher.domain.alert import AlertKind
from watcher.domain.answer_token import CAN_BE_ANSWERED
from watcher.domain.step import CaseKind
from watcher.postman.letter_facts import LetterFacts
from watcher.postman.letter_view import View
from watcher.postman.letter_words import said
from watcher.texts.language import Language
from watcher.texts.names import alert_name, moment

_MAY_BE_AT_HOME = frozenset({CaseKind.BEFORE_SHIPMENT, CaseKind.UNCLEAR})


def actions(facts: LetterFacts, view: View, *, language: Language) -> tuple[Action, ...]:
    """Return the buttons of a case's alert: take it on, and have a closer look."""
    if facts.alert.kind not in CAN_BE_ANSWERED:
        return ()
    return tuple(_actions(facts, view, language))


def _actions(facts: LetterFacts, view: View, language: Language) -> Iterator[Action]:
    if facts.reply_token is not None:
        name = "still_at_it" if facts.alert.kind is AlertKind.ASK_BACK else "take_care"
        yield Reply(label=said(f"label.{name}", language=language), token=facts.reply_token)
    first = next(iter(view.links), None)
    if first is not None and may_be_opened(first.url):
        yield Link(label=said("label.open", language=language), url=first.url)


def discreet(facts: LetterFacts, *, language: Language) -> Discreet:
    """Return what may be said in public: that something is up and how urgent it is, nothing of whom or what.

    It is made of our own words, of numbers of rounds and of the clock alone, so nothing of an order can come into it.
    """
    case, reminds = facts.case, facts.alert.round or None
    urgent = facts.alert.critical
    lines = [said("discreet.urgent" if urgent else "discreet.calm", language=language)]
    if facts.alert.kind in CAN_BE_ANSWERED and case is not None:
        lines.insert(
            0, said(f"discreet.{'keep' if case.kind in _MAY_BE_AT_HOME else 'act'}", language=language)
        )
        dues = [step.due_at for step in case.steps if step.is_open and step.urgent and step.due_at]
        if dues and max(dues) > facts.now:
            until = moment(max(dues), language=language, tz=facts.tz, now=facts.now)
            lines.insert(1, said("discreet.until", language=language, until=until))
    return Discreet(
        subject=said(
            "discreet.subject",
            language=language,
            what=alert_name(facts.alert.kind, language=language),
            round=None if reminds is None else str(reminds),
        ),
        summary="\n".join(lines),
        url=facts.base_url if may_be_opened(facts.base_url) else None,
    )
