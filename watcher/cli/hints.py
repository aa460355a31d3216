"""Hints about an order, for people and for scripts: signs worth a look, the reason found, where a step leads."""

import shutil
import sys
import textwrap
from collections.abc import Iterator, Sequence

from watcher.cli.common import moment, printable
from watcher.cli.report import Json, time_json
from watcher.domain.case import Case
from watcher.domain.reason import FoundReason
from watcher.domain.signs import Sign
from watcher.domain.step import CaseKind
from watcher.pages.signs import words_of
from watcher.policy.links import links_for
from watcher.postman.letter_words import source_line
from watcher.texts.language import _, current
from watcher.texts.names import confidence_name, reason_name
from watcher.texts.quote import quoted_words

_LONGEST_QUOTE = 240
_WIDEST = 100
_NARROWEST = 20


def line_width() -> int:
    """Return how wide a paragraph may be: as the terminal, but never wider than reads well. Outside of one nothing is known."""
    if sys.stdout is None or not sys.stdout.isatty():
        return _WIDEST
    return max(_NARROWEST, min(_WIDEST, shutil.get_terminal_size().columns))


def fitted(line: str) -> str:
    """Return one line as the terminal has room for it, what is broken off indented as the line is; whole outside of one."""
    if sys.stdout is None or not sys.stdout.isatty() or len(line) <= line_width():
        return line
    return paragraph(line.lstrip(), indent=len(line) - len(line.lstrip()))


def paragraph(text: str, *, indent: int = 6) -> str:
    """Return a text of several sentences, broken and indented for a terminal; addresses and ids stay whole."""
    return textwrap.fill(
        text,
        width=line_width(),
        initial_indent=" " * indent,
        subsequent_indent=" " * indent,
        break_on_hyphens=False,
        break_long_words=False,
    )


def sign_lines(signs: Sequence[Sign]) -> Iterator[str]:
    """Say what is worth a second look: what it is, the buyer's words, what to do, and the rule that raised it."""
    if signs:
        yield _("Worth a second look (hints, no verdicts):")
    for sign in signs:
        words = words_of(sign.rule, current())
        at = f"  ({moment(sign.at)})" if sign.at else ""
        yield f"  • {words.title}{at}"
        if sign.quote:
            yield paragraph(_("“{quote}”").format(quote=quoted_words(sign.quote, limit=_LONGEST_QUOTE)))
        yield paragraph(words.what)
        rule = printable(sign.rule)
        yield paragraph(
            _("Rule: {rule}; described at {source}").format(rule=rule, source=words.source)
            if words.source
            else _("Rule: {rule}").format(rule=rule)
        )


def reason_lines(case: Case, found: FoundReason | None) -> Iterator[str]:
    """Say why the buyer of a case cancelled, as far as it was named or found, and how to name it."""
    if case.kind is CaseKind.DISPUTED and case.reason is None:
        return
    how = f"`stornowacht reason {case.id}`"
    if case.reason is not None and not case.reason_found:
        name = reason_name(case.reason, language=current())
        yield "  " + _("Reason: {reason} (named by you)").format(reason=name)
    elif found is None:
        yield "  " + _("Reason: none found in the chat. To name it: {how}").format(how=how)
    else:
        yield "  " + _("Reason: {found}").format(found=found_words(found))
        yield paragraph(found_quote(found))
        yield paragraph(_("Is that right? {how}").format(how=how))


def found_words(found: FoundReason) -> str:
    """Return the name of a reason that was found, and how sure that is."""
    return _("{reason} ({sure}; found in the chat: a hint, no verdict)").format(
        reason=reason_name(found.reason, language=current()),
        sure=confidence_name(found.confidence, language=current()),
    )


def found_quote(found: FoundReason) -> str:
    """Return the sentence in which a reason was found, and the rule that found it."""
    sentence = quoted_words(found.sentence, limit=_LONGEST_QUOTE)
    return _("“{sentence}” – rule: {rule}").format(sentence=sentence, rule=printable(found.rule))


def link_lines(step_id: str) -> Iterator[str]:
    """Say where a step leads, and where that is known from."""
    for link in links_for(step_id):
        yield f"      {link.title.said(current())}: {link.address}"
        yield paragraph(link.says.said(current()), indent=8)
        yield paragraph(source_line(link.fact, language=current()), indent=8)


def sign_json(sign: Sign) -> Json:
    """Return a sign with its words in both languages."""
    de, en = words_of(sign.rule, "de"), words_of(sign.rule, "en")
    return {
        "rule": sign.rule,
        "at": time_json(sign.at),
        "quote": sign.quote or None,
        "title": {"de": de.title, "en": en.title},
        "what": {"de": de.what, "en": en.what},
        "source": de.source,
    }


def reason_json(case: Case | None, found: FoundReason | None) -> Json | None:
    """Return why the buyer cancelled: what stands in the case, by whom, and what a rule found; `None` without a case."""
    if case is None:
        return None
    by = None if case.reason is None else "rule" if case.reason_found else "seller"
    return {
        "case": case.id,
        "reason": case.reason.value if case.reason else None,
        "by": by,
        "found": None
        if found is None
        else {
            "reason": found.reason.value,
            "rule": found.rule,
            "sentence": found.sentence,
            "confidence": found.confidence.value,
        },
    }
