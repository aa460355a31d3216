"""Letters about a case: it was opened, nobody has acknowledged it, the refund was seen."""

from dataclasses import dataclass, replace
from datetime import timedelta

from watcher.domain.alert import AlertKind
from watcher.domain.case import Case
from watcher.domain.confidence import Confidence
from watcher.domain.escalation import LOUD_FROM_ROUND
from watcher.domain.fact import Grade
from watcher.domain.playbook import ASKS
from watcher.domain.stage import Stage
from watcher.domain.step import CaseKind, Step
from watcher.postman import letter_steps as steps
from watcher.postman.letter_facts import LetterFacts, carrier_of, command, item, links, rows, when
from watcher.postman.letter_signs import hints, reason_rows
from watcher.postman.letter_view import CommandView, StepView, Tone, View
from watcher.postman.letter_words import said
from watcher.texts.language import Language
from watcher.texts.names import clock, lasting
from watcher.texts.playbook import law, warning_for

_ONE_DAY = timedelta(hours=22)
"""Within it a time of day alone cannot be taken for another day's."""
_ASKS = ASKS | {"ask_buyer"}
GOODS_AWAY = frozenset({CaseKind.IN_TRANSIT, CaseKind.AFTER_DELIVERY, CaseKind.DISPUTED})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Urgency:
    """Until when something must happen, for the subject line and for the top of the letter."""

    act: str
    deadline: str | None


def about_case(facts: LetterFacts, case: Case, *, language: Language) -> View:
    """Write the letter of a new case, or of a reminder."""
    stage, table = _stage(facts, case), f"case.{_topic(facts, case)}"
    what = said(f"what.{stage}.{case.confidence}", language=language)
    urgency = _urgency(facts, case, language)
    name = item(facts.order, language=language)
    subject = said(f"{table}.subject", language=language, what=what, item=name, act=urgency.act)
    goods = said(f"{table}.goods", language=language)
    money = said("refund.money" if stage is Stage.REFUNDED else f"{table}.money", language=language)
    known = {
        "goods": goods,
        "money": money,
        **reason_rows(facts, case, language=language),
        "sure": said(f"sure.{case.confidence}", language=language),
    }
    view = _with_steps(
        View(
            subject=subject,
            headline=said(f"{table}.headline", language=language, what=what),
            tone=Tone.ACT,
            summary=_summary(facts, case, (name, urgency.deadline or urgency.act), language),
            deadline=urgency.deadline,
            lead=(said(f"lead.{stage}.{case.confidence}", language=language),),
            rows=rows(facts, known, language=language),
            hints=hints(facts, language=language),
            fine_print=(law(language),) if case.kind in GOODS_AWAY else (),
        ),
        facts,
        case,
        language,
    )
    return _as_reminder(view, facts, case, language) if facts.alert.kind is AlertKind.CASE_REMINDER else view


def about_refund(facts: LetterFacts, case: Case | None, *, language: Language) -> View:
    """Write that the money was seen going back, and what is left to do."""
    away = case is not None and case.kind in {*GOODS_AWAY, CaseKind.UNCLEAR} and not _is_back(case)
    goods = said(f"refund.goods_{'away' if away else 'at_home'}", language=language)
    hint = said("refund.goods_hint", language=language) if away else None
    name = item(facts.order, language=language)
    sure = facts.order is None or facts.order.confidence is Confidence.CERTAIN
    lead = [said("refund.lead" if sure else "refund.lead_unsure", language=language)]
    if case is not None and not case.is_open:
        lead.append(said("refund.closed", language=language))
    known = {"goods": goods, "money": said("refund.money", language=language)}
    view = View(
        subject=said("refund.subject", language=language, item=name, goods=hint),
        headline=said("refund.headline", language=language),
        tone=Tone.LOOK if away else Tone.CALM,
        summary=(name, hint or lead[0]),
        lead=tuple(lead),
        rows=rows(facts, known, language=language),
        links=links(facts, language=language),
    )
    if case is None or not case.is_open:
        return view
    view = _with_steps(view, facts, case, language)
    return replace(view, warning=None) if sure else view


def _with_steps(view: View, facts: LetterFacts, case: Case, language: Language) -> View:
    open_tasks = steps.tasks(case)
    first, others = next(iter(open_tasks), None), open_tasks[1:]
    second = next((step for step in others if step.id == "ask_carrier"), None)
    rest = [step for step in others if step is not second]
    has_ways = any(step.id in steps.PARCEL_STEPS for step in open_tasks)
    return replace(
        view,
        warning=warning_for(case.kind, language=language),
        first=_first(first, facts, case, language) if first else None,
        second=steps.full(second, facts, language=language) if second else None,
        ways=steps.ways(facts, language=language) if has_ways else None,
        rest=tuple(steps.brief(step, facts, language=language) for step in rest),
        question=steps.question(case, facts, language=language),
        ack=_ack(facts, case, language),
        links=links(facts, language=language),
    )


def _first(step: Step, facts: LetterFacts, case: Case, language: Language) -> StepView:
    """Return the step to begin with. Once the money is back with the buyer, nobody insists on the sale any more."""
    view = steps.full(step, facts, language=language)
    if _stage(facts, case) is not Stage.REFUNDED and facts.alert.kind is not AlertKind.REFUND_SEEN:
        return view
    return replace(view, drafts=view.drafts[:1] if step.id in _ASKS else ())


def _as_reminder(view: View, facts: LetterFacts, case: Case, language: Language) -> View:
    loud = "loud_" if facts.alert.round >= LOUD_FROM_ROUND else ""
    number = str(facts.alert.round)
    since = lasting(facts.now - case.opened_at, language=language)
    kicker = said("reminder.kicker", language=language, round=number)
    return replace(
        view,
        subject=said(f"reminder.{loud}subject", language=language, round=number, subject=view.subject),
        kicker=kicker,
        lead=(said(f"reminder.{loud}text", language=language, round=number, since=since), *view.lead),
        summary=(kicker, *view.summary)[:3],
    )


def _urgency(facts: LetterFacts, case: Case, language: Language) -> _Urgency:
    moments = [step.due_at for step in steps.tasks(case) if step.urgent and step.due_at is not None]
    if not moments:
        return _Urgency(act=said("act.open", language=language), deadline=None)
    due = max(moments)
    words = {
        "deadline": when(due, facts, language=language),
        "clock": clock(due, language=language, tz=facts.tz),
    }
    answer = case.kind is CaseKind.DISPUTED
    if due <= case.opened_at:
        at_once = {CaseKind.BEFORE_SHIPMENT: "keep", CaseKind.UNCLEAR: None}.get(case.kind, "now")
        return _Urgency(
            act=said("act.now", language=language),
            deadline=said(f"deadline.{at_once}", language=language) if at_once else None,
        )
    if due <= facts.now:
        return _Urgency(
            act=said("act.answer_now" if answer else "act.late", language=language),
            deadline=said("deadline.late_answer" if answer else "deadline.late", language=language, **words),
        )
    soon = "before" if due - facts.now <= _ONE_DAY else "before_day"
    return _Urgency(
        act=said("act.answer_before" if answer else f"act.{soon}", language=language, **words),
        deadline=said("deadline.before", language=language, hint=_doubt(facts, case, language), **words),
    )


def _doubt(facts: LetterFacts, case: Case, language: Language) -> str | None:
    """Return the words for a deadline that nobody has confirmed."""
    cutoff = carrier_of(facts.order).cutoff
    fact = cutoff.fact if cutoff else None
    doubtful = case.kind is CaseKind.IN_TRANSIT and fact and fact.confidence is not Grade.SEEN
    return said("deadline.doubt", language=language) if doubtful else None


def _summary(facts: LetterFacts, case: Case, lines: tuple[str, ...], language: Language) -> tuple[str, ...]:
    first = next(iter(steps.tasks(case)), None)
    step = (steps.brief(first, facts, language=language).title,) if first else ()
    return (*lines[:1], *step, *lines[1:])


def _ack(facts: LetterFacts, case: Case, language: Language) -> CommandView:
    if case.acknowledged_at is not None:
        acked = said("label.acked", language=language)
        return CommandView(heading="", text=acked, commands=())
    return CommandView(
        heading=said("label.ack", language=language),
        text=said("label.ack_mail" if facts.is_answered_by_mail else "label.ack_text", language=language),
        commands=(("", command("ack", case.id)),),
        after=said("label.ack_when", language=language),
    )


def _stage(facts: LetterFacts, case: Case) -> Stage:
    if case.kind is CaseKind.DISPUTED:
        return Stage.DISPUTED
    refunded = facts.order is not None and facts.order.stage is Stage.REFUNDED
    return Stage.REFUNDED if refunded else Stage.CANCELLED


def _topic(facts: LetterFacts, case: Case) -> str:
    pickup = facts.order is not None and facts.order.pickup
    return "pickup" if pickup and case.kind is CaseKind.BEFORE_SHIPMENT else case.kind.value


def _is_back(case: Case) -> bool:
    return case.was_done("parcel_back") or case.was_done("goods_back")
