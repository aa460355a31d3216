"""Letters about what passing time has brought: a step is due, the night decides, the hand-in is near."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from watcher.domain.budget import BERLIN
from watcher.domain.case import Case
from watcher.domain.confidence import Confidence
from watcher.domain.hand_in_soon import days_waiting
from watcher.domain.nights import ENDS
from watcher.domain.order import Order
from watcher.domain.playbook import STEPS_SEEN_WITH_REFUND
from watcher.domain.ship_by import SLOW, ShipByOrigin
from watcher.domain.step import GetsDone, Step
from watcher.postman import letter_steps as steps
from watcher.postman.letter_facts import LetterFacts, command, item, links, rows, when
from watcher.postman.letter_ship_by import until_line
from watcher.postman.letter_view import CommandView, ListView, Tone, View
from watcher.postman.letter_words import has_words, said
from watcher.texts.language import Language
from watcher.texts.playbook import warning_for

_MOST_ORDERS = 8
_KEEP_AWAKE: Mapping[str, str] = {
    "linux": "systemd-inhibit --what=sleep:idle sleep {hours}h",
    "mac": "caffeinate -i -t {seconds}",
}
"""How a machine is kept awake from a terminal, by the platform's name; elsewhere only its settings do."""


def about_due_step(facts: LetterFacts, *, language: Language) -> View:
    """Write that the time of a step has come; of one that should have been seen by itself, that it was not."""
    case, name = facts.case, item(facts.order, language=language)
    due = _named_steps(facts)
    if case is None or not due:
        headline = said("due.headline", language=language)
        return View(
            subject=f"{headline}: {name}",
            headline=headline,
            tone=Tone.LOOK,
            summary=(name, headline),
            links=links(facts, language=language),
        )
    step, first = due[0], steps.full(_to_do(case, due[0]), facts, language=language)
    waits = step.rule.gets_done is GetsDone.BY_ITSELF
    headline = said(f"due.{_topic(step, facts)}", language=language)
    if waits and has_words(f"due.not_yet.{step.id}", language=language):
        headline = said(f"due.not_yet.{step.id}", language=language)
    return View(
        subject=f"{headline}: {name}"
        if waits
        else said("due.subject", language=language, step=first.title, item=name),
        headline=headline,
        tone=Tone.ACT if step.urgent else Tone.LOOK,
        summary=tuple(filter(None, (name, headline if waits else first.title, first.due))),
        lead=(_lead(step, facts, language),),
        rows=rows(facts, {}, language=language),
        warning=warning_for(case.kind, language=language),
        first=first,
        rest=tuple(steps.brief(other, facts, language=language) for other in due[1:]),
        way_out=see(facts, language, tracking=waits and step.id not in STEPS_SEEN_WITH_REFUND),
        links=links(facts, language=language),
    )


def see(facts: LetterFacts, language: Language, *, tracking: bool = False) -> CommandView | None:
    """Return how the whole case is seen, and how the carrier's words are passed on where they are waited for."""
    order = facts.alert.order
    if order is None:
        return None
    show = ("", command("show", order))
    if not tracking:
        return CommandView(
            heading=said("label.way_out", language=language),
            text=said("due.see", language=language),
            commands=(show,),
        )
    return CommandView(
        heading=said("label.way_out", language=language),
        text=said("due.paste", language=language),
        commands=(
            (said("due.paste_label", language=language), command("track", order, "-")),
            (said("due.see_label", language=language), show[1]),
        ),
    )


def about_night(facts: LetterFacts, *, language: Language) -> View:
    """Write that this night may decide, and that the machine slept through the last ones."""
    name = item(facts.order, language=language)
    closes = facts.moment_of("closes")
    doubt = facts.detail("certainty") == Confidence.UNSURE
    headline = said("night.headline", language=language)
    asks = [step for step in facts.case.steps if step.is_open and step.urgent] if facts.case else []
    return View(
        subject=said("night.subject", language=language, item=name),
        headline=headline,
        tone=Tone.ACT,
        summary=(name, headline),
        deadline=said(
            "night.deadline",
            language=language,
            closes=when(closes, facts, language=language),
            doubt=said("deadline.doubt", language=language) if doubt else None,
        )
        if closes
        else None,
        lead=(said("night.lead", language=language),),
        warning=warning_for(facts.case.kind, language=language) if facts.case else None,
        rows=rows(facts, {}, language=language),
        way_out=CommandView(
            heading=said("night.way_heading", language=language),
            text=said("night.way", language=language),
            commands=_night_commands(facts, language),
            after=said("night.after", language=language),
        ),
        orders=_open(asks, facts, language),
        links=links(facts, language=language),
    )


def about_hand_in(facts: LetterFacts, *, language: Language) -> View:
    """Write which paid orders wait to be handed in and since when, and what to ask before."""
    headline = said("hand_in.headline", language=language)
    waiting = facts.waiting or ((facts.order,) if facts.order else ())
    names = [item(order, language=language) for order in waiting]
    slow = _slow(waiting, facts)
    return View(
        subject=said(
            "hand_in.subject",
            language=language,
            item=names[0] if names else None,
            more=said("hand_in.and_more", language=language, number=str(len(names) - 1))
            if names[1:]
            else None,
        ),
        headline=headline,
        tone=Tone.LOOK,
        summary=(headline, *names[:2]),
        lead=(
            *([said(f"hand_in.{slow}", language=language)] if slow else []),
            said("hand_in.lead", language=language),
        ),
        way_out=_ask_before(waiting, facts, language),
    )


def _named_steps(facts: LetterFacts) -> list[Step]:
    """Return the steps that the alert names, as they are now: those that are open, else all of them."""
    if facts.case is None:
        return []
    named = [value for name, value in facts.alert.details if name == "step"]
    found = [step for step in map(facts.case.step, named) if step is not None]
    return [step for step in found if step.is_open] or found


def _to_do(case: Case, step: Step) -> Step:
    """Return what there is to do: where a request should show and does not, that is to look at tracking."""
    look = case.step("look_at_tracking") if step.id == "request_shows" else None
    return look if look is not None and look.is_open else step


def _topic(step: Step, facts: LetterFacts) -> str:
    if step.rule.gets_done is GetsDone.BY_ITSELF:
        return "not_seen"
    return "soon" if step.due_at is not None and step.due_at > facts.now else "headline"


def _lead(step: Step, facts: LetterFacts, language: Language) -> str:
    topic = _topic(step, facts)
    if topic != "not_seen":
        return said("due.lead_soon" if topic == "soon" else "due.lead", language=language)
    if step.id not in STEPS_SEEN_WITH_REFUND:
        asked = "due.lead_asked" if step.id == "request_shows" else "due.lead_unknown"
        return said(asked, language=language)
    seen = facts.order.last_seen_at if facts.order else None
    looked = seen is not None and step.due_at is not None and seen >= step.due_at
    return said(
        "due.lead_not_seen" if looked else "due.lead_not_looked",
        language=language,
        seen=when(seen, facts, language=language) if seen else None,
    )


def _open(asks: Sequence[Step], facts: LetterFacts, language: Language) -> ListView | None:
    brief = [steps.brief(step, facts, language=language) for step in asks]
    entries = tuple((view.title, view.due or "") for view in brief)
    return ListView(heading=said("night.open", language=language), entries=entries) if entries else None


def _night_commands(facts: LetterFacts, language: Language) -> tuple[tuple[str, str], ...]:
    keep_awake = _KEEP_AWAKE.get(facts.platform)
    commands: list[tuple[str, str]] = []
    if keep_awake is not None:
        left = _morning_after(facts.now) - facts.now
        hours = -(-left // timedelta(hours=1))
        typed = keep_awake.format(hours=hours, seconds=hours * 3600)
        commands.append((said("night.keep_awake", language=language), typed))
    if facts.alert.order:
        commands.append((said("night.see", language=language), command("show", facts.alert.order)))
    return tuple(commands)


def _morning_after(at: datetime) -> datetime:
    day = at.astimezone(BERLIN).date()
    today = datetime.combine(day, ENDS, BERLIN).astimezone(UTC)
    return today if at < today else datetime.combine(day + timedelta(days=1), ENDS, BERLIN).astimezone(UTC)


def _ask_before(orders: Sequence[Order], facts: LetterFacts, language: Language) -> CommandView:
    """Return the question that each order is worth before it is handed in."""
    shown, rest = orders[:_MOST_ORDERS], len(orders[_MOST_ORDERS:])
    more = {0: "", 1: said("silence.one_more", language=language)}
    asked = [
        (
            f"{item(order, language=language)} – {_waits(order, facts, language)}",
            command("ship", order.id),
        )
        for order in shown
    ]
    return CommandView(
        heading=said("hand_in.list", language=language),
        text=said("hand_in.way", language=language),
        commands=tuple(asked) or (("", command("orders")),),
        after=more[rest] if rest in more else said("silence.more", language=language, number=str(rest)),
    )


def _slow(orders: Sequence[Order], facts: LetterFacts) -> str | None:
    """Return in which words it is said that some wait long; that no period is known is not said beside the page's own."""
    if all(days_waiting(order, now=facts.now) < SLOW for order in orders):
        return None
    by_page = any(until.origin is ShipByOrigin.PAGE for until in facts.ship_dates.values())
    return "slow_dated" if by_page else "slow"


def _waits(order: Order, facts: LetterFacts, language: Language) -> str:
    """Return since when an order is paid, and until when it should leave."""
    until = facts.ship_dates.get(order.id)
    age = _age(days_waiting(order, now=facts.now), language)
    return age if until is None else f"{age}; {until_line(until, facts, language=language)}"


def _age(days: int, language: Language) -> str:
    name = {0: "today", 1: "one"}.get(days, "more")
    return said(f"hand_in.paid.{name}", language=language, days=str(days))
