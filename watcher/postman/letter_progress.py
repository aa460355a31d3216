"""Letters about how a case or a sale goes on: a step is due, the night decides, the money is late, the case has ended."""

from watcher.domain.alert import AlertKind
from watcher.domain.case import Ending
from watcher.domain.step import GetsDone
from watcher.postman import letter_steps as steps
from watcher.postman.letter_facts import LetterFacts, command, item, links, rows, when
from watcher.postman.letter_view import CommandView, ListView, Tone, View
from watcher.postman.letter_words import said
from watcher.texts.language import Language
from watcher.texts.playbook import warning_for


def about_end(facts: LetterFacts, *, language: Language) -> View:
    """Write that a case has come to its end by proof, and what is still worth doing."""
    case = facts.case
    ending = (case.ending if case else None) or Ending.BY_STEPS
    left = [step for step in case.steps if step.is_open and step.rule.optional] if case else []
    name = item(facts.order, language=language)
    headline = said(f"closed.headline.{ending}", language=language)
    return View(
        subject=said("closed.subject", language=language, item=name),
        headline=headline,
        tone=Tone.CALM,
        summary=(name, headline),
        lead=(said(f"closed.lead.{ending}", language=language), said("closed.after", language=language)),
        rows=rows(facts, {}, language=language),
        rest=tuple(steps.brief(step, facts, language=language) for step in left),
        links=links(facts, language=language),
    )


def about_due_step(facts: LetterFacts, *, language: Language) -> View:
    """Write that the time of a step has come; of one that should have been seen by itself, that it was not."""
    case = facts.case
    step = case.step(facts.detail("step") or "") if case else None
    name = item(facts.order, language=language)
    if case is None or step is None:
        headline = said("due.headline", language=language)
        return View(
            subject=f"{headline}: {name}",
            headline=headline,
            tone=Tone.LOOK,
            summary=(name, headline),
            links=links(facts, language=language),
        )
    first = steps.full(step, facts, language=language)
    waits = step.rule.gets_done is GetsDone.BY_ITSELF
    return View(
        subject=said("due.subject", language=language, step=first.title, item=name),
        headline=said("due.not_seen" if waits else "due.headline", language=language),
        tone=Tone.ACT if step.urgent else Tone.LOOK,
        summary=(name, first.title),
        lead=(said("due.lead_not_seen" if waits else "due.lead", language=language),),
        rows=rows(facts, {}, language=language),
        warning=warning_for(case.kind, language=language),
        first=first,
        way_out=_see(facts, language),
        links=links(facts, language=language),
    )


def about_payout(facts: LetterFacts, *, language: Language) -> View:
    """Write that the seller's money should be there by now, or the buyer's confirmation."""
    name = item(facts.order, language=language)
    since = facts.moment_of("since")
    topic = "confirmation" if facts.detail("waits_for") == "confirmation" else "payout"
    return View(
        subject=said(f"{topic}.subject", language=language, item=name),
        headline=said(f"{topic}.headline", language=language),
        tone=Tone.LOOK,
        summary=(name, said(f"{topic}.headline", language=language)),
        lead=(
            said(
                f"{topic}.lead",
                language=language,
                since=when(since, facts, language=language) if since else None,
            ),
        ),
        rows=rows(facts, {}, language=language),
        way_out=CommandView(
            heading=said("label.way_out", language=language),
            text=said(f"{topic}.way", language=language),
            commands=(("", command("show", facts.alert.order or "")),) if facts.alert.order else (),
        ),
        links=links(facts, language=language),
    )


def about_night(facts: LetterFacts, *, language: Language) -> View:
    """Write that this night decides, and that the machine slept through the last ones."""
    name = item(facts.order, language=language)
    closes = facts.moment_of("closes")
    headline = said("night.headline", language=language)
    return View(
        subject=said("night.subject", language=language, item=name),
        headline=headline,
        tone=Tone.ACT,
        summary=(name, headline),
        deadline=said("night.deadline", language=language, closes=when(closes, facts, language=language))
        if closes
        else None,
        lead=(said("night.lead", language=language),),
        warning=warning_for(facts.case.kind, language=language) if facts.case else None,
        rows=rows(facts, {}, language=language),
        way_out=CommandView(
            heading=said("night.way_heading", language=language),
            text=said("night.way", language=language),
            commands=(("", command("show", facts.alert.order or "")),) if facts.alert.order else (),
            after=said("night.after", language=language),
        ),
        links=links(facts, language=language),
    )


def about_hand_in(facts: LetterFacts, *, language: Language) -> View:
    """Write which paid orders wait to be handed in, and what to ask before."""
    headline = said("hand_in.headline", language=language)
    waiting = facts.waiting or ((facts.order,) if facts.order else ())
    entries = tuple((item(order, language=language), command("ship", order.id)) for order in waiting)
    return View(
        subject=said("hand_in.subject", language=language),
        headline=headline,
        tone=Tone.LOOK,
        summary=(headline, *(name for name, _ in entries[:2])),
        lead=(said("hand_in.lead", language=language),),
        orders=ListView(heading=said("hand_in.list", language=language), entries=entries)
        if entries
        else None,
        way_out=CommandView(
            heading=said("label.way_out", language=language),
            text=said("hand_in.way", language=language),
            commands=(("", command("status")),),
        ),
    )


def about_signs(facts: LetterFacts, *, language: Language) -> View:
    """Write that something in an order is worth a closer look; a hint, never a verdict."""
    name = item(facts.order, language=language)
    headline = said("signs.headline", language=language)
    known = [(sign.title, sign.what) for sign in facts.signs]
    return View(
        subject=said("signs.subject", language=language, item=name),
        headline=headline,
        tone=Tone.LOOK,
        summary=(name, *(title for title, _ in known[:2])) if known else (name, headline),
        lead=(said("signs.lead", language=language),),
        rows=(*rows(facts, {}, language=language), *known),
        way_out=_see(facts, language),
        links=links(facts, language=language),
    )


def _see(facts: LetterFacts, language: Language) -> CommandView | None:
    if facts.alert.order is None:
        return None
    return CommandView(
        heading=said("label.way_out", language=language),
        text=said("due.see", language=language),
        commands=(("", command("show", facts.alert.order)),),
    )


WRITERS = {
    AlertKind.CASE_CLOSED: about_end,
    AlertKind.STEP_DUE: about_due_step,
    AlertKind.PAYOUT_OVERDUE: about_payout,
    AlertKind.NIGHT_WATCH: about_night,
    AlertKind.HAND_IN_SOON: about_hand_in,
    AlertKind.SIGNS_SEEN: about_signs,
}
