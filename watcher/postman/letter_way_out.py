"""The way out of a trouble: what stood in the way decides it, and where that adds nothing, how the visit ended."""

import shlex
from collections.abc import Mapping

from watcher.domain.outcome import Outcome
from watcher.postman.letter_facts import LetterFacts, when
from watcher.postman.letter_view import CommandView
from watcher.postman.letter_words import has_words, said
from watcher.texts.fill import one_line
from watcher.texts.language import Language
from watcher.texts.names import cause_name, outcome_name

_TROUBLES = frozenset(Outcome) - {Outcome.OK}
_OTHER = "trouble.other"


def words_of(name: str, facts: LetterFacts, *, language: Language) -> str:
    """Return the subject, headline, lead, way or command of a trouble: the cause's own words, else the outcome's."""
    topics = (f"cause.{facts.cause}", _topic(facts))
    topic = next((topic for topic in topics if has_words(f"{topic}.{name}", language=language)), _OTHER)
    return about_account(f"{topic}.{name}", facts, language=language)


def way_out(facts: LetterFacts, *, heading: str, language: Language) -> CommandView:
    """Return what to do about the trouble, with the command for it."""
    is_block = facts.outcome is Outcome.BLOCKED
    return CommandView(
        heading=heading,
        text=words_of("way", facts, language=language),
        commands=(("", words_of("command", facts, language=language)),),
        after=about_account("label.force", facts, language=language) if is_block else "",
    )


def reason(facts: LetterFacts, *, language: Language) -> str:
    """Return why the account could not be read, in a few words; empty when nothing stood in the way."""
    if facts.cause is not None:
        return cause_name(facts.cause, language=language)
    return outcome_name(facts.outcome, language=language) if facts.outcome in _TROUBLES else ""


def pause(facts: LetterFacts, *, language: Language) -> str:
    """Return until when nobody looks after a block; empty when nothing of that kind is known."""
    until = _known(facts, language)["until"] if facts.outcome is Outcome.BLOCKED else None
    return said("label.pause_until", language=language, until=until) if until else ""


def about_account(path: str, facts: LetterFacts, *, language: Language, **more: str | None) -> str:
    """Return the words at a path, filled with what is known of the account and with more facts."""
    return said(path, language=language, **{**_known(facts, language), **more})


def _topic(facts: LetterFacts) -> str:
    return f"trouble.{facts.outcome}" if facts.outcome in _TROUBLES else _OTHER


def _known(facts: LetterFacts, language: Language) -> Mapping[str, str | None]:
    name = one_line(facts.account)
    until = facts.remembered.cool_down_until if facts.remembered else None
    return {
        "account": name or "?",
        "account_word": shlex.quote(name),
        "until": when(until, facts, language=language) if until and until > facts.now else None,
        "watch_table": "[watch]",  # square brackets of a pattern mean something else
    }
