"""Hints in a letter: what is worth a second look, and why the buyer cancelled. Never a verdict."""

from watcher.domain.case import Case
from watcher.domain.signs import Sign
from watcher.domain.step import CaseKind
from watcher.pages.signs import words_of
from watcher.postman.letter_facts import LetterFacts, when
from watcher.postman.letter_view import ListView
from watcher.postman.letter_words import said
from watcher.texts.language import Language
from watcher.texts.names import confidence_name, reason_name
from watcher.texts.quote import quoted_words

_LONGEST_QUOTE = 140
_MOST_SIGNS = 6


def hints(facts: LetterFacts, *, language: Language) -> ListView | None:
    """Return the signs, each with the buyer's words, what to do, and the rule that raised it; `None` where there are none."""
    if not facts.signs:
        return None
    shown, rest = facts.signs[:_MOST_SIGNS], len(facts.signs) - _MOST_SIGNS
    return ListView(
        heading=said("signs.heading", language=language),
        entries=tuple((words_of(sign.rule, language).title, _told(sign, facts, language)) for sign in shown),
        more=said("signs.more", language=language, number=str(rest)) if rest > 0 else "",
    )


def reason_rows(facts: LetterFacts, case: Case, *, language: Language) -> dict[str, str]:
    """Return why the buyer cancelled, by the label's name: the seller's word, what a rule found, or that nothing was found."""
    if case.kind is CaseKind.DISPUTED:
        return {}
    if case.reason is not None and not case.reason_found:
        name = reason_name(case.reason, language=language)
        return {"cancel_reason": said("reason.told", language=language, name=name)}
    if facts.found is None:
        return {"cancel_reason": said("reason.none", language=language)}
    found = said(
        "reason.found",
        language=language,
        name=reason_name(facts.found.reason, language=language),
        sure=confidence_name(facts.found.confidence, language=language),
    )
    quote = quoted_words(facts.found.sentence, limit=_LONGEST_QUOTE)
    chat = said("reason.chat", language=language, sentence=quote, rule=facts.found.rule)
    return {"cancel_reason": found, "from_chat": chat}


def _told(sign: Sign, facts: LetterFacts, language: Language) -> str:
    return said(
        "signs.entry",
        language=language,
        quote=quoted_words(sign.quote, limit=_LONGEST_QUOTE) or None,
        at=when(sign.at, facts, language=language) if sign.at else None,
        what=words_of(sign.rule, language).what,
        rule=sign.rule,
    )
