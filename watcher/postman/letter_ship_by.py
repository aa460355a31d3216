"""Letters about the day by which a parcel should leave: it is near, or over."""

from watcher.domain.alert import AlertKind
from watcher.domain.ship_by import ShipBy, ShipByOrigin
from watcher.postman.letter_facts import LetterFacts, command, item, links, rows
from watcher.postman.letter_view import CommandView, Tone, View
from watcher.postman.letter_words import said
from watcher.texts.language import Language
from watcher.texts.ship_by import ship_day

_SETTING = "[seller] ships_within"


def about_ship_by(facts: LetterFacts, *, language: Language) -> View:
    """Write by when a paid order should leave, who says so, and what to ask before it does."""
    topic = "over" if facts.alert.kind is AlertKind.SHIP_BY_OVER else "near"
    until, name = date_of(facts), item(facts.order, language=language)
    day = ship_day(until, now=facts.now, language=language) if until else None
    headline = said(f"ship_by.{topic}.headline", language=language, day=day)
    return View(
        subject=said(f"ship_by.{topic}.subject", language=language, item=name, day=day),
        headline=headline,
        tone=Tone.LOOK,
        summary=(name, headline),
        lead=tuple(
            filter(
                None,
                (
                    said(f"ship_by.{topic}.lead", language=language),
                    said(f"ship_by.from.{until.origin}", language=language, setting=_SETTING)
                    if until
                    else None,
                ),
            )
        ),
        rows=rows(facts, {}, language=language),
        way_out=_ways(facts, topic, language=language),
        links=links(facts, language=language),
    )


def date_of(facts: LetterFacts) -> ShipBy | None:
    """Return the date as it is known now, else as the alert was queued with; `None` where neither can be understood."""
    known = facts.ship_dates.get(facts.order.id) if facts.order else None
    at = facts.moment_of("ship_by")
    origin = next((origin for origin in ShipByOrigin if origin == facts.detail("origin")), None)
    if known is not None or at is None or origin is None:
        return known
    return ShipBy(at=at, origin=origin)


def until_line(until: ShipBy, facts: LetterFacts, *, language: Language) -> str:
    """Return until when, and who says so: `HEUTE letzter Tag, Sa., 28.11. (laut Seite)`."""
    left = until.days_left(now=facts.now)
    topic = "over" if left < 0 else "today" if not left else "later"
    return said(
        f"hand_in.until.{topic}",
        language=language,
        day=ship_day(until, now=facts.now, language=language),
        origin=said(f"ship_by.origin.{until.origin}", language=language),
    )


def _ways(facts: LetterFacts, topic: str, *, language: Language) -> CommandView | None:
    order = facts.alert.order
    if order is None:
        return None
    ask = (said("ship_by.ask", language=language), command("ship", order))
    gone = (said("ship_by.gone", language=language), command("ship", order, "--handed-in"))
    return CommandView(
        heading=said(f"ship_by.{topic}.way_heading", language=language),
        text=said("ship_by.way", language=language),
        commands=(ask, gone),
    )
