"""The letter that says, a week before, what goes by itself because its time is over."""

from watcher.domain.alert import AlertKind
from watcher.postman.letter_facts import LetterFacts, command, when
from watcher.postman.letter_view import CommandView, Tone, View
from watcher.postman.letter_words import said
from watcher.texts.language import Language


def about_forgetting(facts: LetterFacts, *, language: Language) -> View:
    """Write how many orders are erased, from when on, and how to keep them."""
    since, count = facts.moment_of("from"), facts.detail("count") or "0"
    begin = when(since, facts, language=language) if since else None
    amount = "one" if count == "1" else "none" if count == "0" else "more"
    headline = said(f"forget.headline.{amount}", language=language, count=count, begin=begin)
    lead = [said(f"forget.lead.{amount}", language=language)]
    if facts.detail("pages"):
        lead.append(said("forget.pages", language=language))
    return View(
        subject=headline,
        headline=headline,
        tone=Tone.CALM,
        summary=(headline, command("archive", "forget", "--due", "--dry-run")),
        lead=tuple(lead),
        way_out=CommandView(
            heading=said("forget.way_heading", language=language),
            text=said("forget.way", language=language),
            commands=(("", command("archive", "forget", "--due", "--dry-run")),),
            after=said("forget.after", language=language, table="[archive]"),
        ),
    )


WRITERS = {AlertKind.FORGET_SOON: about_forgetting}
