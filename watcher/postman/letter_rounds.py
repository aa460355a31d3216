"""Letters about the telling itself: is it done, why no more reminders come, what came too late; and what is said of an hour."""

from dataclasses import replace

from watcher.domain.alert import AlertKind
from watcher.domain.case import Case
from watcher.domain.escalation import Stops
from watcher.domain.late import entries
from watcher.domain.quiet_hours import window_of
from watcher.domain.step import CaseKind
from watcher.postman import letter_steps as steps
from watcher.postman.letter_facts import LetterFacts, command, item, links, rows, when
from watcher.postman.letter_view import CommandView, ListView, Tone, View
from watcher.postman.letter_words import said
from watcher.texts.language import Language
from watcher.texts.names import alert_name
from watcher.texts.playbook import warning_for

_MOST_ENTRIES = 20


def about_question(facts: LetterFacts, *, language: Language) -> View:
    """Ask whether it is done, name what is still open, and how to answer."""
    case, name = facts.case, item(facts.order, language=language)
    since = facts.moment_of("since")
    headline = said("ask_back.headline", language=language)
    asked = said(f"ask_back.question.{case.kind if case else 'unclear'}", language=language)
    open_tasks = steps.tasks(case) if case else ()
    closes = window_of(case) if case else None
    deadline = when(closes, facts, language=language) if closes and closes > facts.now else None
    view = View(
        subject=said("ask_back.subject", language=language, item=name, question=asked),
        headline=headline,
        tone=Tone.LOOK,
        summary=(name, asked),
        deadline=said("ask_back.deadline", language=language, deadline=deadline) if deadline else None,
        lead=(
            said(
                "ask_back.lead",
                language=language,
                since=when(since, facts, language=language) if since else None,
            ),
            f"{asked} {said('ask_back.after', language=language)}",
        ),
        rows=rows(facts, {}, language=language),
        way_out=_answers(facts, case, language) if case else None,
        links=links(facts, language=language),
    )
    if case is None:
        return view
    first = next(iter(open_tasks), None)
    return replace(
        view,
        warning=warning_for(case.kind, language=language),
        first=steps.full(first, facts, language=language) if first else None,
        question=steps.question(case, facts, language=language) if case.kind is CaseKind.UNCLEAR else None,
        rest=tuple(steps.brief(step, facts, language=language) for step in open_tasks[1:]),
    )


def _answers(facts: LetterFacts, case: Case, language: Language) -> CommandView:
    urgent = [step for step in steps.tasks(case) if step.urgent]
    done = [
        (
            said("ask_back.done", language=language, step=steps.brief(step, facts, language=language).title),
            command("done", case.id, step.id),
        )
        for step in urgent
    ]
    still = (said("ask_back.still", language=language), command("ack", case.id))
    return CommandView(
        heading=said("ask_back.answer", language=language),
        text=said("ask_back.answer_text", language=language),
        commands=(*done, still),
        after=said("ask_back.by_mail", language=language) if facts.is_answered_by_mail else "",
    )


def about_stop(facts: LetterFacts, *, language: Language) -> View:
    """Write that no more reminders come, why, and what stays to be done."""
    case, name = facts.case, item(facts.order, language=language)
    why = next((one for one in Stops if one == facts.detail("why")), Stops.NOTHING_URGENT)
    reason = said(f"stop.why.{why}", language=language)
    view = View(
        subject=said("stop.subject", language=language, item=name, why=reason),
        headline=said("stop.headline", language=language),
        tone=Tone.CALM,
        summary=(name, reason),
        lead=(said(f"stop.lead.{why}", language=language), said("stop.after", language=language)),
        rows=rows(facts, {}, language=language),
        links=links(facts, language=language),
    )
    if case is None:
        return view
    return replace(
        view,
        warning=warning_for(case.kind, language=language),
        rest=tuple(steps.brief(step, facts, language=language) for step in steps.tasks(case)),
        way_out=CommandView(
            heading=said("label.ack", language=language),
            text=said("stop.ack", language=language),
            commands=(("", command("ack", case.id)),),
        ),
    )


def about_digest(facts: LetterFacts, *, language: Language) -> View:
    """Write what could not be told when it happened, the urgent things first."""
    told = entries(facts.alert)
    number = str(len(told) or 1)
    names = {order.id: item(order, language=language) for order in facts.orders}
    shown = tuple(
        (
            names.get(entry.order or "", "") or facts.account,
            said(
                "digest.entry",
                language=language,
                what=alert_name(entry.kind, language=language),
                at=when(entry.at, facts, language=language),
            ),
        )
        for entry in told[:_MOST_ENTRIES]
    )
    rest = len(told) - len(shown)
    headline = said("digest.headline", language=language, number=number)
    return View(
        subject=said(
            "digest.subject", language=language, number=number, first=shown[0][0] if shown else None
        ),
        headline=headline,
        tone=Tone.ACT if facts.alert.critical else Tone.LOOK,
        summary=(headline, *(f"{name}: {known}" for name, known in shown[:2])),
        lead=(said("digest.lead", language=language),),
        orders=ListView(
            heading=said("digest.list", language=language),
            entries=shown,
            more=said("digest.more", language=language, number=str(rest)) if rest > 0 else "",
        )
        if shown
        else None,
        way_out=CommandView(
            heading=said("label.way_out", language=language),
            text=said("digest.way", language=language),
            commands=(("", command("status")),),
        ),
        links=links(facts, language=language),
    )


WRITERS = {
    AlertKind.ASK_BACK: about_question,
    AlertKind.REMINDERS_STOP: about_stop,
    AlertKind.DIGEST: about_digest,
}


def of_this_hour(view: View, facts: LetterFacts, *, language: Language) -> View:
    """Return the letter with what must be said of the hour it comes in: that it is late, why it wakes somebody."""
    if facts.woke is not None:
        closes = window_of(facts.case) if facts.case else None
        deadline = when(closes, facts, language=language) if closes and closes > facts.now else None
        why = said(f"woke.{facts.woke}", language=language, deadline=deadline)
        view = replace(view, lead=(why, *view.lead))
    if not facts.late or facts.alert.kind is AlertKind.DIGEST:
        return view
    at = when(facts.alert.at, facts, language=language)
    return replace(
        view,
        subject=said("late.subject", language=language, subject=view.subject),
        lead=(said("late.text", language=language, at=at), *view.lead),
    )
