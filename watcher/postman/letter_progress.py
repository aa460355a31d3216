"""Letters about how a case or a sale goes on: the case has ended, the money is late, something is worth a closer look."""

from watcher.domain.alert import AlertKind
from watcher.domain.case import Ending
from watcher.postman import letter_steps as steps
from watcher.postman.letter_due import about_due_step, about_hand_in, about_night
from watcher.postman.letter_facts import LetterFacts, command, item, links, rows, when
from watcher.postman.letter_ship_by import about_ship_by
from watcher.postman.letter_signs import hints
from watcher.postman.letter_view import CommandView, ListView, Tone, View
from watcher.postman.letter_words import said
from watcher.texts.language import Language
from watcher.texts.look_back import look_back


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
        lead=(
            f"{said(f'closed.lead.{ending}', language=language)} {said('closed.after', language=language)}",
        ),
        rows=rows(facts, {}, language=language),
        rest=tuple(steps.brief(step, facts, language=language) for step in left),
        hints=_look_back(facts, language=language),
        links=links(facts, language=language),
    )


def _look_back(facts: LetterFacts, *, language: Language) -> ListView | None:
    """Return what would have helped; nothing where the case's own facts point to nothing."""
    told = look_back(facts.case_facts, language=language) if facts.case_facts is not None else None
    if told is None or not told.suggestions:
        return None
    return ListView(
        heading=said("closed.look_back", language=language),
        entries=tuple((each.says.replace("`", ""), each.why) for each in told.suggestions),
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
            commands=((said("payout.see", language=language), command("show", facts.alert.order)),)
            if facts.alert.order
            else (),
        ),
        links=links(facts, language=language),
    )


def about_signs(facts: LetterFacts, *, language: Language) -> View:
    """Write that something in an order is worth a closer look; a hint, never a verdict."""
    name = item(facts.order, language=language)
    headline = said("signs.headline", language=language)
    listed = hints(facts, language=language)
    titles = [title for title, _ in listed.entries[:2]] if listed else []
    return View(
        subject=said("signs.subject", language=language, item=name),
        headline=headline,
        tone=Tone.LOOK,
        summary=(name, *titles) if titles else (name, headline),
        lead=(said("signs.lead", language=language),),
        rows=rows(facts, {}, language=language),
        orders=listed,
        way_out=CommandView(
            heading=said("label.way_out", language=language),
            text=said("signs.see", language=language),
            commands=(("", command("show", facts.alert.order)),),
        )
        if facts.alert.order
        else None,
        links=links(facts, language=language),
    )


WRITERS = {
    AlertKind.CASE_CLOSED: about_end,
    AlertKind.STEP_DUE: about_due_step,
    AlertKind.PAYOUT_OVERDUE: about_payout,
    AlertKind.NIGHT_WATCH: about_night,
    AlertKind.HAND_IN_SOON: about_hand_in,
    AlertKind.SHIP_BY_NEAR: about_ship_by,
    AlertKind.SHIP_BY_OVER: about_ship_by,
    AlertKind.SIGNS_SEEN: about_signs,
}
