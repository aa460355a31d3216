"""One step of a case for a terminal: a line each, and everything that helps with the one that comes next."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from watcher.carriers.knowledge import Way
from watcher.cli.common import moment, printable
from watcher.cli.hints import fitted, link_lines, paragraph
from watcher.domain.case import Case
from watcher.domain.confidence import Confidence
from watcher.domain.order import Order
from watcher.domain.reason import NAME_REASON
from watcher.domain.step import Bears, GetsDone, Standing, Step
from watcher.postman.letter_facts import carrier_of, subject_of
from watcher.postman.letter_policy import policy_lines
from watcher.postman.letter_steps import PARCEL_STEPS, carrier_notes
from watcher.postman.letter_words import said, source_line
from watcher.texts.language import _, current
from watcher.texts.names import because_name, confidence_name, until_milestone
from watcher.texts.playbook import words_for


@dataclass(frozen=True, slots=True)
class Shown:
    """One line, and its colour where it has one."""

    text: str
    colour: str | None = None


_LEAVE_IT = frozenset({"do_not_hand_in", "keep_item", "stop_talking"})
"""What must not be done holds from its time on: there is no moment until which it may be left to wait."""
_JUST_NOW = timedelta(hours=1)


def due_words(step: Step, *, at: datetime) -> str:
    """Say when a step is to be taken; nothing where that has no time, or a thing must not be done and need not be yet."""
    if step.due_at is None:
        return ""
    if step.due_at > at:
        if step.id in _LEAVE_IT:
            return ""
        until = _("until")  # not inside the f-string: the collector of strings does not look into those
        return f"{until} {moment(step.due_at)}{_doubt(step)}"
    if step.id in _LEAVE_IT or at - step.due_at <= _JUST_NOW:
        return _("now")
    return _("due since {at}").format(at=moment(step.due_at)) + _doubt(step)


def _doubt(step: Step) -> str:
    sure = step.certainty
    return "" if sure is Confidence.CERTAIN else f", {confidence_name(sure, language=current())}"


def step_line(step: Step, case: Case, order: Order, *, at: datetime) -> str:
    """Return a step as one line: done, no longer needed and why, next, or waiting with its time and how sure that is.

    An answer is no fact before it is given: it stands there as what may be said, with the command that says it. In a closed
    case nothing waits: of what is optional it only says that it can still be done.
    """
    words, standing = words_for(step.id, subject_of(order, case), language=current()), case.standing(step)
    if standing is Standing.DONE:
        return f"  ✓ {words.title}  [{step.id}]"
    if standing is Standing.DROPPED:
        why = f" ({because_name(step.because, language=current())})" if step.because else ""
        return f"  – {words.title}{why}  [{step.id}]"
    if standing is Standing.LEFT:
        can_be = _("optional, can still be done")
        return f"  – {words.title} ({can_be})  [{step.id}]"
    mark = "→" if standing is Standing.NEXT else "·"
    if step.moves_to is not None:
        answer = _("Or: {answer} – `stornowacht done {case} {step}`")
        return f"  {mark} {answer.format(answer=words.title, case=case.id, step=step.id)}"
    due = due_words(step, at=at)
    return f"  {mark} {words.title}{f' ({due})' if due else ''}  [{step.id}]"


def step_details(step: Step, case: Case, order: Order, *, at: datetime) -> Iterator[Shown]:
    """Return all that helps with a step: why, what it costs, how it gets done, ways, rules, links, and the text to copy."""
    words = words_for(step.id, subject_of(order, case), language=current())
    yield Shown(paragraph(words.why))
    if words.warning:
        yield Shown(paragraph(words.warning), "yellow")
    if step.rule.bears is not Bears.NOBODY:
        yield Shown(paragraph(_BEARS[step.rule.bears]()))
    if step.rule.gets_done is GetsDone.BY_ITSELF:
        yield Shown(
            paragraph(
                _("A check, or the next word about the parcel, ticks it by itself; you may do so, too.")
            )
        )
    if step.id in PARCEL_STEPS:
        yield from map(Shown, _way_lines(step, order, at))
    for rule in policy_lines(step, case, order, language=current(), now=at):
        yield Shown(paragraph(printable(rule)))
    yield from map(Shown, link_lines(step.id))
    if words.draft:
        yield Shown("      " + _("Text to copy:"))
        yield from (Shown(f"        {printable(line)}") for line in words.draft.text.splitlines())
        yield Shown("      " + _("More texts: `stornowacht text {case}`").format(case=case.id))
    if step.id == NAME_REASON:
        yield Shown("      " + _("Which one? `stornowacht reason {case}`").format(case=case.id))
    else:
        done = _("Done? `stornowacht done {case} {step}`").format(case=case.id, step=step.id)
        yield Shown(f"      {done}")


_BEARS = {
    Bears.SELLER: lambda: _("You bear the cost."),
    Bears.UNKNOWN: lambda: _("Who bears the cost is open: ask before you agree to one."),
}


def _way_lines(step: Step, order: Order, at: datetime) -> Iterator[str]:
    """Return the carrier's ways that belong to a step: the buyer's, or the seller's own."""
    who = "buyer" if step.id == "ask_buyer_to_refuse" else "seller"
    known = carrier_of(order)
    for way in known.ways:
        if way.who == who:
            yield from _one_way(way)
    if who == "seller":
        yield from (
            paragraph(printable(note), indent=6) for note in carrier_notes(known, at, language=current())
        )


def _one_way(way: Way) -> Iterator[str]:
    language = current()
    until = until_milestone(way.until_milestone, language=language)
    yield fitted(f"      • {way.title.said(language)}" + (f"  ({until})" if until else ""))
    parts = [way.how.said(language)]
    if way.have_at_hand:
        parts.append(said("label.at_hand", language=language, words=way.have_at_hand.said(language)))
    parts.append(way.afterwards.said(language))
    if way.cost:
        parts.append(said("label.cost", language=language, words=way.cost.said(language)))
    yield from (paragraph(part, indent=8) for part in parts if part)
    yield paragraph(source_line(way.fact, language=language), indent=8)
