"""Letters about what only a person can judge: look yourself before you do anything."""

from watcher.domain.alert import AlertKind
from watcher.domain.stage import Stage, has_reached
from watcher.domain.step import CaseKind
from watcher.postman.letter_facts import LetterFacts, command, item, links, rows, when
from watcher.postman.letter_view import CommandView, StepView, Tone, View
from watcher.postman.letter_words import has_words, said
from watcher.texts.fill import one_line
from watcher.texts.language import Language
from watcher.texts.names import stage_name
from watcher.texts.playbook import warning_for

_TOPICS = {AlertKind.ORDER_UNKNOWN: "unknown", AlertKind.ORDER_MISSING: "missing"}
_MOST_REASONS = 5
_LONGEST_NAME = 40


def about_order(facts: LetterFacts, kind: AlertKind, *, language: Language) -> View:
    """Write that an order was not understood, or is gone: look yourself."""
    topic, name = _TOPICS[kind], item(facts.order, language=language)
    view_rows = rows(facts, {"account": facts.account}, language=language)
    if facts.order is not None and kind is AlertKind.ORDER_UNKNOWN and facts.order.unknown_events:
        event = one_line(facts.order.unknown_events[-1], limit=100)
        view_rows += ((said("unknown.event", language=language), event),)
    if facts.order is not None and kind is AlertKind.ORDER_MISSING:
        stage = stage_name(facts.order.stage, language=language)
        view_rows += ((said("missing.last_stage", language=language), stage),)
    headline = said(f"{topic}.headline", language=language)
    return View(
        subject=said(f"{topic}.subject", language=language, item=name),
        headline=headline,
        tone=Tone.LOOK,
        summary=(name, headline),
        lead=(said(f"{topic}.lead", language=language),),
        rows=view_rows,
        links=links(facts, language=language),
    )


def about_reinstated(facts: LetterFacts, *, language: Language) -> View:
    """Write that a cancellation is no longer shown: nothing is undone before the seller has looked."""
    name, headline = item(facts.order, language=language), said("reinstated.headline", language=language)
    stage = stage_name(facts.order.stage, language=language) if facts.order else ""
    away = facts.order is None or has_reached(facts.order.reached, Stage.SHIPPED)
    away = away or (facts.case is not None and facts.case.kind in {CaseKind.IN_TRANSIT, CaseKind.UNCLEAR})
    return View(
        subject=said("reinstated.subject", language=language, item=name),
        headline=headline,
        tone=Tone.LOOK,
        summary=(name, headline),
        lead=(said("reinstated.lead", language=language),),
        rows=rows(facts, {"stage_now": stage}, language=language),
        first=StepView(
            title=said("reinstated.step", language=language),
            why=said("reinstated.stopped" if away else "reinstated.at_home", language=language),
        ),
        warning=warning_for(facts.case.kind, language=language) if facts.case else None,
        way_out=_still_open(facts, language),
        links=links(facts, language=language),
    )


def _still_open(facts: LetterFacts, language: Language) -> CommandView:
    order, case = facts.alert.order, facts.case
    shown = command("show", order) if order else command("orders")
    if case is None or not case.is_open:
        text = said("reinstated.no_case", language=language)
        return CommandView(
            heading=said("label.way_out", language=language), text=text, commands=(("", shown),)
        )
    commands = [(said("reinstated.see", language=language), shown)]
    if case.acknowledged_at is None:
        commands.append((said("reinstated.quiet", language=language), command("ack", case.id)))
    return CommandView(
        heading=said("reinstated.case_heading", language=language),
        text=said("reinstated.case", language=language, case=case.id),
        commands=tuple(commands),
    )


def about_page_words(facts: LetterFacts, *, language: Language) -> View:
    """Write that an added page speaks of something bad. Its address stays in the config: no link leads there."""
    page = one_line(facts.detail("page") or "", limit=_LONGEST_NAME) or None
    stages = dict.fromkeys(value for name, value in facts.alert.details if name == "stage")
    known = [
        said(f"page.what.{stage}", language=language)
        for stage in stages
        if has_words(f"page.what.{stage}", language=language)
    ]
    what = said("page.and", language=language).join(known) or said("page.something", language=language)
    headline = said("page.headline", language=language, page=page, what=what)
    return View(
        subject=said("page.subject", language=language, page=page, what=what),
        headline=headline,
        tone=Tone.LOOK,
        summary=(headline, said("page.sure", language=language)),
        lead=(said("page.lead", language=language),),
        rows=rows(
            facts,
            {"page": page or "", "account": facts.account, "sure": said("page.sure", language=language)},
            language=language,
        ),
        way_out=CommandView(
            heading=said("label.way_out", language=language),
            text=said("page.way", language=language),
            commands=(("", command("orders")),),
        ),
    )


def about_mail(facts: LetterFacts, *, language: Language) -> View:
    """Write that a mail pretends to come from the platform. No link stands in a letter that warns of links."""
    headline = said("mail.headline", language=language)
    received = facts.moment_of("received")
    return View(
        subject=said("mail.subject", language=language),
        headline=headline,
        tone=Tone.LOOK,
        summary=(headline, said("mail.step", language=language)),
        lead=(said("mail.lead", language=language),),
        rows=rows(
            facts,
            {
                "received": when(received, facts, language=language) if received else "",
                "account": facts.account,
                "suspicion": "; ".join(_suspicions(facts, language)),
            },
            language=language,
        ),
        first=StepView(title=said("mail.step", language=language), why=said("mail.why", language=language)),
        way_out=CommandView(
            heading=said("mail.way_heading", language=language),
            text=said("mail.way", language=language),
            commands=(("", command("check", facts.account)),),
        ),
    )


def _suspicions(facts: LetterFacts, language: Language) -> list[str]:
    """Return why the mail is suspicious, in words; a code word that is new here is shown as it is."""
    given = (value for name, value in facts.alert.details if name in {"reason", "reasons"})
    codes = dict.fromkeys(code for value in given for code in value.replace(",", " ").split())
    words = (
        said(f"mail.reason.{code}", language=language)
        if has_words(f"mail.reason.{code}", language=language)
        else one_line(code.replace("_", " "), limit=_LONGEST_NAME)
        for code in codes
    )
    return [word for word in words if word][:_MOST_REASONS]
