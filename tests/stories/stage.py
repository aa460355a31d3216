"""A stage for whole stories: the practice shop, a real store and archive, real letters, and a clock that the story moves.

What happens is written down as it is played, so that a story can be read as a test and as a time line.
"""

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from pathlib import Path

from fixtures.shop import Deal
from notifiers.message import Message, Receipt
from tests.support.clock import Clock
from tests.support.rooms import PACE, Rooms
from watcher.app.archive import NoteKind
from watcher.app.case_book import CaseRules
from watcher.app.parcels import hand_in, take_text
from watcher.app.round import RoundRules, deliver_round
from watcher.app.seller import acknowledge, close_case, mark_done, name_reason, write_note
from watcher.app.verify import verify
from watcher.carriers.window import window_of
from watcher.domain.budget import BERLIN
from watcher.domain.case import Case
from watcher.domain.escalation import default_policies
from watcher.domain.hand_in import Verdict, may_hand_in
from watcher.domain.order import Order
from watcher.domain.reason import CancelReason
from watcher.domain.remind import RemindRules
from watcher.domain.step import Step
from watcher.postman.letter_facts import subject_of
from watcher.postman.postman import ChannelPostman
from watcher.texts.names import because_name, ending_name, kind_name, moment, reason_name
from watcher.texts.playbook import words_for

REMIND_EVERY = timedelta(minutes=30)
WAY = ("REQUESTED", "ACCEPTED", "PAID", "SHIPPED", "DELIVERED")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a time line."""

    at: datetime
    who: str
    what: str


@dataclass(slots=True)
class Mailbox:
    """A channel that keeps what it is given."""

    name: str = "email"
    messages: list[Message] = field(default_factory=list)

    def deliver(self, message: Message) -> Receipt:
        self.messages.append(message)
        return Receipt(channel=self.name, detail="taken")

    def probe(self) -> Receipt:
        return Receipt(channel=self.name, detail="taken")


class Stage:
    """One sale, from the first look to the end of its case."""

    def __init__(self, folder: Path, deal: Deal, *, begins: datetime) -> None:
        self._begins = begins
        self.clock = Clock(begins)
        self.rooms = Rooms(folder, [deal], self.clock)
        self.rooms.case_rules = CaseRules(window_of=window_of)
        self.deal = deal
        self.mailbox = Mailbox()
        self.lines: list[Line] = []
        self.rooms.check(channels=["email"])
        self._deliver()

    # --- what happens outside

    def on(self, day: int, clock: str) -> None:
        """Go on to that day of the month (or of the next ones, counted on) and that German time."""
        first = self._begins.astimezone(BERLIN).date().replace(day=1)
        at = datetime.combine(first + timedelta(days=day - 1), time.fromisoformat(clock), tzinfo=BERLIN)
        assert at > self.clock(), "a story goes forward"
        self.clock.forward(seconds=(at - self.clock()).total_seconds())

    def site(self, event: str, what: str, *, who: str = "buyer") -> None:
        """Let something happen in the deal, seen by the next check."""
        self.rooms.shop.happen(self.deal.id, event, at=self.clock())
        self._tell(who, what)

    def buyer_says(self, text: str) -> None:
        self.rooms.shop.say(self.deal.id, text, at=self.clock())
        self._tell("buyer", f"writes: “{text}”")

    # --- what Stornowacht does

    def look(self) -> None:
        """One check, and one round of whatever is due."""
        before = self._case()
        self.rooms.check(channels=["email"])
        self._tell_case(before)
        self._deliver()

    # --- what the seller does

    def acknowledges(self) -> None:
        self._tell("seller", "“I have it”")
        acknowledge(self.rooms.store, self.case.id, clock=self.clock)

    def does(self, step: str) -> None:
        before = self._case()
        self._tell("seller", f"done: {self._title(step)}")
        mark_done(self.rooms.store, self.case.id, step, rules=self.rooms.case_rules, clock=self.clock)
        self._tell_case(before)

    def pastes(self, text: str) -> None:
        """Copy from the carrier's page what it says."""
        before = self._case()
        self._tell("carrier", f"“{text}”")
        told = take_text(self.rooms.store, self.order.id, text, rules=self.rooms.case_rules, clock=self.clock)
        assert told.problem is None, told.problem
        self._tell_case(before)

    def hands_in(self, number: str | None = None) -> None:
        self._tell("seller", "hands the parcel in")
        hand_in(self.rooms.store, self.order.id, number=number, rules=self.rooms.case_rules, clock=self.clock)

    def asks_support(self, text: str) -> None:
        before = self._case()
        self._tell("seller", f"asks support: “{text}”")
        write_note(
            self.rooms.store,
            self.order.id,
            text,
            rules=self.rooms.case_rules,
            clock=self.clock,
            kind=NoteKind.SUPPORT,
        )
        self._tell_case(before)

    def names_reason(self, reason: CancelReason) -> None:
        before = self._case()
        self._tell("seller", f"names the reason: {reason_name(reason, language='en')}")
        name_reason(self.rooms.store, self.case.id, reason, rules=self.rooms.case_rules, clock=self.clock)
        self._tell_case(before)

    def closes(self) -> None:
        before = self._case()
        self._tell("seller", "closes the case")
        close_case(self.rooms.store, self.case.id, clock=self.clock)
        self._tell_case(before)

    def may_go(self) -> Verdict:
        """Ask whether the parcel may be handed in, after a fresh look."""
        self.look()
        case = self._case()
        verdict = may_hand_in(self.order, case if case and case.is_open else None, was_read=True)
        self._tell("Stornowacht", f"may it be handed in? {verdict.answer} ({verdict.why})")
        return verdict

    # --- what is known

    @property
    def order(self) -> Order:
        (order,) = self.rooms.store.orders()
        return order

    @property
    def case(self) -> Case:
        found = self._case()
        assert found is not None, "no case is there"
        return found

    @property
    def open_steps(self) -> set[str]:
        return {step.id for step in self.case.steps if step.is_open and step.is_task}

    def due(self, step: str) -> str:
        """When a step is due, on a German clock."""
        found = self.case.step(step)
        assert found is not None
        assert found.due_at is not None
        return f"{found.due_at.astimezone(BERLIN):%d. %H:%M}"

    @property
    def subjects(self) -> list[str]:
        return [message.subject for message in self.mailbox.messages]

    def holds(self) -> bool:
        """Whether the archive is as it was written, and the site saw no write."""
        return verify(self.rooms.store, self.rooms.vault).ok and not self.rooms.shop.writes

    def close(self) -> None:
        """Let go of the store."""
        self.rooms.store.close()

    # --- how

    def _deliver(self) -> None:
        known = len(self.mailbox.messages)
        postman = ChannelPostman(
            channels={"email": self.mailbox},
            store=self.rooms.store,
            vault=self.rooms.vault,
            language="en",
            base_url="https://www.kleinanzeigen.de",
            clock=self.clock,
        )
        rules = RoundRules(
            accounts=["main"],
            pace=PACE,
            cases=self.rooms.case_rules,
            remind=RemindRules(policies=default_policies(REMIND_EVERY)),
        )
        deliver_round(self.rooms.store, postman, rules=rules, clock=self.clock)
        for message in self.mailbox.messages[known:]:
            self._tell("Stornowacht", f"mail: “{message.subject}”")

    def _case(self) -> Case | None:
        return next(iter(self.rooms.store.cases()), None)

    def _title(self, step: str) -> str:
        return words_for(step, subject_of(self.order, self._case()), language="en").title

    def _tell(self, who: str, what: str) -> None:
        self.lines.append(Line(at=self.clock(), who=who, what=what))

    def _tell_case(self, before: Case | None) -> None:
        """Say what has become of the case: its kind, new steps, those that fell away, its end."""
        after = self._case()
        if after is None or after == before:
            return
        if before is None or before.kind is not after.kind:
            self._tell("Stornowacht", f"case: {kind_name(after.kind, language='en')}")
        known = {step.id for step in before.steps} if before else set()
        for step in after.steps:
            if step.id not in known and step.is_task and step.is_open:
                due = f", until {moment(step.due_at, language='en')}" if step.due_at else ""
                self._tell("Stornowacht", f"to do: {self._title(step.id)}{due}")
            was = before.step(step.id) if before else None
            if was is not None and was.is_open and step.is_task and step.done_by in {"seen", "dropped"}:
                how = "seen" if step.done_by == "seen" else _dropped(step)
                self._tell("Stornowacht", f"{how}: {self._title(step.id)}")
        if after.ending is not None and (before is None or before.is_open):
            self._tell("Stornowacht", f"case closed: {ending_name(after.ending, language='en')}")


def _dropped(step: Step) -> str:
    because = because_name(step.because, language="en") if step.because else ""
    return f"no longer needed ({because})"
