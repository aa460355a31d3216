"""A case as the dashboard shows it: what happened, what to do now, until when, what is done already."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from watcher.app.insights import carrier_id
from watcher.app.look_back import look_back_on
from watcher.app.ports import Store
from watcher.domain.acknowledgement import Acknowledgement, in_force
from watcher.domain.alert import Alert, AlertKind
from watcher.domain.case import Case
from watcher.domain.confidence import Confidence
from watcher.domain.figure import Row
from watcher.domain.order import Order
from watcher.domain.quiet_hours import window_of
from watcher.domain.reason import NAME_REASON
from watcher.domain.step import Standing, Step
from watcher.postman import letter_steps
from watcher.postman.letter_facts import LetterFacts, links, subject_of
from watcher.postman.letter_view import LinkView, StepView, Tone, WaysView
from watcher.texts.insight_words import attempts_words
from watcher.texts.language import current
from watcher.texts.look_back import LookBack
from watcher.texts.names import because_name
from watcher.texts.playbook import warning_for, words_for


@dataclass(frozen=True, slots=True, kw_only=True)
class StepLine:
    """One step of the checklist."""

    id: str
    title: str
    state: Standing
    due: str | None = None
    due_at: datetime | None = None
    done_at: datetime | None = None
    by: str | None = None
    """`seller`, or `seen`."""
    because: str | None = None
    """Why it is no longer needed."""
    optional: bool = False
    names_reason: bool = False
    full: StepView | None = None
    """All its words, while it is open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One answer to the question that decides."""

    step: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseView:
    """One case with everything that the pages say of it."""

    case: Case
    order: Order
    tone: Tone
    deadline_at: datetime | None
    """Until when the urgent thing must be done; `None` where no moment is known."""
    is_window: bool
    """Whether that is the end of the carrier's window."""
    is_sure: bool
    taken: Acknowledgement | None
    steps: tuple[StepLine, ...]
    question: str | None
    choices: tuple[Choice, ...]
    ways: WaysView | None
    attempts: str | None
    """How the seller's own attempts with this carrier ended, beside its ways."""
    warning: str | None
    links: tuple[LinkView, ...]
    look_back: LookBack | None = None
    """What would have helped; `None` while the case is open."""

    @property
    def next(self) -> StepLine | None:
        """What to do now."""
        return next((step for step in self.steps if step.state is Standing.NEXT), None)

    @property
    def done(self) -> int:
        """How many steps are behind the seller."""
        return sum(step.state in {Standing.DONE, Standing.DROPPED} for step in self.steps)


def case_view(
    store: Store,
    case: Case,
    order: Order,
    *,
    base_url: str,
    at: datetime,
    attempts: Mapping[str, Row] | None = None,
) -> CaseView:
    """Return a case in words, as of this moment; `attempts` are the seller's own with each carrier, where they are to be shown."""
    facts = facts_of(case, order, base_url=base_url, at=at)
    language = current()
    asked = letter_steps.question(case, facts, language=language)
    answers = tuple(step for step in case.steps if step.is_open and step.moves_to is not None)
    tasks = tuple(step for step in case.steps if step.moves_to is None)
    deadline, is_window = deadline_of(case, at=at)
    has_ways = any(step.is_open and step.id in letter_steps.PARCEL_STEPS for step in tasks)
    return CaseView(
        case=case,
        order=order,
        tone=tone_of(case),
        deadline_at=deadline,
        is_window=is_window,
        is_sure=case.confidence is Confidence.CERTAIN,
        taken=in_force(store.acknowledgements(case.id)) if case.acknowledged_at else None,
        steps=tuple(_line(step, case, facts) for step in tasks if case.standing(step) is not Standing.MOOT),
        question=asked.text if asked and case.is_open else None,
        choices=tuple(
            Choice(step=step.id, title=words_for(step.id, subject_of(order, case), language=language).title)
            for step in answers
        )
        if case.is_open
        else (),
        ways=letter_steps.ways(facts, language=language) if has_ways and case.is_open else None,
        attempts=_own_record(attempts or {}, order) if has_ways and case.is_open else None,
        warning=warning_for(case.kind, language=language) if case.is_open else None,
        links=links(facts, language=language),
        look_back=look_back_on(store, order, case),
    )


def _own_record(attempts: Mapping[str, Row], order: Order) -> str | None:
    row = attempts.get(carrier_id(order.carrier)) if order.carrier else None
    return attempts_words(row) if row is not None else None


def facts_of(case: Case, order: Order, *, base_url: str, at: datetime) -> LetterFacts:
    """Return what the letters' words are made from, for a page instead of a letter."""
    alert = Alert(
        key=case.id, kind=AlertKind.CASE_OPENED, account=case.account, at=at, order=order.id, case=case.id
    )
    return LetterFacts(
        alert=alert,
        order=order,
        case=case,
        picture=None,
        picture_taken_at=None,
        account=case.account,
        conversation_url=None,
        base_url=base_url,
        ledger_head=None,
        now=at,
        repeat=False,
        outcome=None,
    )


def tone_of(case: Case) -> Tone:
    """Return how loud a case is shown: red while nobody has it, amber while somebody has, green at its end."""
    if not case.is_open:
        return Tone.CALM
    return Tone.ACT if case.acknowledged_at is None else Tone.LOOK


def deadline_of(case: Case, *, at: datetime) -> tuple[datetime | None, bool]:
    """Return until when something urgent must be done, and whether that is the end of the carrier's window."""
    if not case.is_open:
        return None, False
    closes = window_of(case)
    asked = case.step("ask_carrier")
    if closes is not None and asked is not None and asked.is_open:
        return closes, True
    due = [step.due_at for step in case.steps if step.is_open and step.urgent and step.due_at is not None]
    later = [moment for moment in due if moment > max(at, case.opened_at)]
    return (min(later) if later else None), False


def by_urgency(view: CaseView) -> tuple[bool, bool, datetime, str]:
    """Return by what open cases are sorted: those that nobody has first, then the nearest deadline, then the oldest."""
    case = view.case
    nearest = view.deadline_at or case.opened_at
    return case.acknowledged_at is not None, view.deadline_at is None, nearest, case.id


def _line(step: Step, case: Case, facts: LetterFacts) -> StepLine:
    language, standing = current(), case.standing(step)
    if standing in {Standing.DONE, Standing.DROPPED}:
        return StepLine(
            id=step.id,
            title=words_for(step.id, subject_of(facts.order, case), language=language).title,
            state=standing,
            done_at=step.done_at,
            by=step.done_by,
            because=because_name(step.because, language=language) if step.because else None,
            optional=step.rule.optional,
        )
    full, is_timed = letter_steps.full(step, facts, language=language), standing is not Standing.LEFT
    return StepLine(
        id=step.id,
        title=full.title,
        state=standing,
        due=full.due if is_timed else None,
        due_at=step.due_at if is_timed else None,
        optional=step.rule.optional,
        names_reason=step.id == NAME_REASON,
        full=full,
    )
