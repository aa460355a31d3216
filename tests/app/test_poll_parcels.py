"""Asking where the parcels are: what is learnt, how often, and what a source that fails can do to it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.support.clock import Clock
from tests.support.parcels import NUMBER, Depot, FakeSource
from tests.tracking.dhl_server import ANNOUNCED, HANDED_IN, KEY, LOADED, Dhl, body, dhl, event, shipment
from watcher.app import poll_book
from watcher.app.parcels import take_number
from watcher.app.poll_book import poll_is_due
from watcher.app.poll_parcels import ask_now
from watcher.domain.alert import AlertKind
from watcher.domain.answer import Answer, Said, SourceProblem
from watcher.domain.case import Case
from watcher.domain.confidence import Confidence
from watcher.domain.ledger import chain_faults
from watcher.domain.parcel import Milestone, Origin, Sighting
from watcher.domain.stage import Stage
from watcher.domain.step import CaseKind
from watcher.errors import UsageError
from watcher.texts import language
from watcher.tracking.dhl_unified import build

MONDAY = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
"""The day on which DHL's server says that the parcel was loaded."""
DELIVERED = event(
    "2026-11-23T11:02:00", "Die Sendung wurde erfolgreich zugestellt.", statusCode="delivered", status="ZU"
)
TURNED = event("2026-11-23T10:00:00", "Es erfolgt eine Rücksendung auf Wunsch des Empfängers.", status="RT")
NEW_NUMBER = "00340434999000022221"


@pytest.fixture
def clock() -> Clock:
    return Clock(MONDAY)


@pytest.fixture
def server() -> Iterator[Dhl]:
    with dhl() as started:
        yield started


@pytest.fixture
def depot(tmp_path: Path, server: Dhl, clock: Clock) -> Iterator[Depot]:
    """A depot that asks a real server in DHL's manner."""
    depot = Depot(tmp_path / "data", build(key=KEY, base_url=server.url, timeout=5.0), clock)
    yield depot
    depot.store.close()


@pytest.fixture
def source() -> FakeSource:
    return FakeSource()


@pytest.fixture
def quiet(tmp_path: Path, source: FakeSource, clock: Clock) -> Iterator[Depot]:
    """A depot that asks a source of the test's own."""
    depot = Depot(tmp_path / "data", source, clock)
    yield depot
    depot.store.close()


def said(words: str, *, at: datetime | None = MONDAY - timedelta(hours=1), **more: object) -> Answer:
    return Answer(statements=(Said(words=words, status_code="transit", at=at, **more),))  # type: ignore[arg-type]


def shape(case: Case) -> dict[str, bool]:
    """A case's steps, and which of them are open; when they are due follows the clock."""
    return {step.id: step.is_open for step in case.steps}


def milestones(depot: Depot, order_id: str = "o1abcdef") -> list[Milestone]:
    return [each.milestone for each in depot.store.sightings(order_id)]


# --- what is learnt


def test_an_answer_becomes_sightings_a_ledger_line_and_the_next_steps_of_the_case(depot: Depot) -> None:
    order = depot.order()
    depot.case(order)
    [asking] = depot.poll()
    assert asking.tracked is not None
    assert milestones(depot) == [Milestone.LABEL_CREATED, Milestone.HANDED_IN, Milestone.OUT_FOR_DELIVERY]
    assert {(each.origin, each.carrier) for each in depot.store.sightings(order.id)} == {(Origin.API, "dhl")}
    assert depot.parcel(order).milestone is Milestone.OUT_FOR_DELIVERY
    steps = {step.id: step for step in depot.case_of(order).steps}
    assert steps["ask_buyer_at_door"].is_open
    assert not steps["ask_carrier"].is_open
    assert depot.ledger_kinds()[-2:] == ["parcel_seen", "case_planned"]
    assert list(chain_faults(depot.store.ledger())) == []


def test_the_same_answer_is_no_news(depot: Depot, clock: Clock) -> None:
    order = depot.order()
    depot.poll()
    known, kinds = depot.store.sightings(order.id), depot.ledger_kinds()
    clock.forward(hours=1)
    assert len(depot.poll()) == 1
    assert (depot.store.sightings(order.id), depot.ledger_kinds()) == (known, kinds)


def test_only_what_is_new_stands_in_the_ledger(depot: Depot, server: Dhl, clock: Clock) -> None:
    depot.order()
    server.answers(200, body(shipment(HANDED_IN, ANNOUNCED)))
    depot.poll()
    server.answers(200, body(shipment(LOADED, HANDED_IN, ANNOUNCED)))
    clock.forward(hours=1)
    depot.poll()
    lines = [line.text for line in depot.store.ledger() if "parcel_seen" in line.text]
    assert '"milestones":["label_created","handed_in"]' in lines[0]
    assert '"milestones":["out_for_delivery"]' in lines[1]
    assert "Zustellfahrzeug" not in "".join(lines)


def test_a_status_without_a_time_is_news_once(quiet: Depot, source: FakeSource, clock: Clock) -> None:
    order = quiet.order()
    source.answer = said("Die Sendung wurde im Start-Paketzentrum bearbeitet.", at=None)
    quiet.poll()
    clock.forward(hours=1)
    quiet.poll()
    assert len(source.asked) == 2
    assert [each.at for each in quiet.store.sightings(order.id)] == [MONDAY]
    source.answer = said("Die Sendung wurde in das Zustellfahrzeug geladen.", at=None)
    clock.forward(hours=1)
    quiet.poll()
    assert milestones(quiet) == [Milestone.IN_TRANSIT, Milestone.OUT_FOR_DELIVERY]


def test_what_nobody_understands_is_kept_and_concludes_nothing(quiet: Depot, source: FakeSource) -> None:
    order = quiet.order()
    source.answer = said("Die Sendung wurde verzaubert.", event_code="XYZ")
    source.answer = replace(
        source.answer, statements=(replace(source.answer.statements[0], status_code=None),)
    )
    quiet.poll()
    [kept] = quiet.store.sightings(order.id)
    assert (kept.milestone, kept.words) == (Milestone.UNKNOWN, "Die Sendung wurde verzaubert.")
    assert not quiet.parcel(order).is_sure


def test_milestones_that_contradict_each_other_are_kept_and_conclude_nothing(
    depot: Depot, server: Dhl, clock: Clock
) -> None:
    order = depot.order()
    depot.case(order)
    again = event("2026-11-23T11:30:00", "Die Sendung wurde im Ziel-Paketzentrum bearbeitet.", status="EE")
    server.answers(200, body(shipment(again, DELIVERED, LOADED)))
    depot.poll()
    parcel = depot.parcel(order)
    assert parcel.contradicts
    assert not parcel.is_sure
    case = depot.case_of(order)
    assert case.kind is CaseKind.IN_TRANSIT
    assert case.is_open
    clock.forward(hours=1)
    assert len(depot.poll()) == 1, "it is followed all the same"


def test_a_new_number_on_the_way_back_is_asked_about_and_its_delivery_is_the_return(
    depot: Depot, server: Dhl, clock: Clock
) -> None:
    order = depot.order()
    depot.case(order)
    server.answers(200, body(shipment(TURNED, HANDED_IN)))
    depot.poll()
    assert depot.parcel(order).milestone is Milestone.RETURNING
    clock.forward(hours=1)
    take_number(depot.store, order.id, NEW_NUMBER, rules=depot.rules, clock=clock)
    assert depot.parcel(order).number_back == NEW_NUMBER
    back = event(
        "2026-11-24T12:00:00",
        "Die Sendung wurde erfolgreich zugestellt.",
        statusCode="delivered",
        status="ZU",
    )
    server.answers(200, body({**shipment(back), "id": NEW_NUMBER}))
    clock.forward(days=1)
    server.asked.clear()
    depot.poll()
    assert NEW_NUMBER in server.asked[0].target
    assert milestones(depot)[-1] is Milestone.RETURNED, "by itself, whatever was told in which order"
    assert depot.parcel(order).milestone is Milestone.RETURNED
    step = depot.case_of(order).step("parcel_back")
    assert step is not None
    assert (step.done_by, step.is_open) == ("seen", False)


def test_a_case_that_an_answer_ends_by_proof_is_told_once(depot: Depot, server: Dhl, clock: Clock) -> None:
    order = depot.order(stage=Stage.REFUNDED)
    depot.case(order)
    server.answers(200, body(shipment(DELIVERED, TURNED, HANDED_IN, returnFlag=True)))
    depot.poll()
    assert not depot.case_of(order).is_open
    clock.forward(hours=12)
    depot.poll()
    [waiting] = depot.store.outbox()
    assert (waiting.alert.kind, waiting.alert.key) == (
        AlertKind.CASE_CLOSED,
        f"{depot.case_of(order).id}/closed",
    )


# --- who is asked about, and when


@pytest.mark.parametrize(
    "changes",
    [
        {"pickup": True},
        {"tracking_number": None},
        {"carrier": "hermes"},
        {"stage": Stage.PAID_OUT},
        {"stage": Stage.CANCELLED},
        {"stage": Stage.PAID, "reached": Stage.PAID},
    ],
    ids=str,
)
def test_who_is_not_asked_about(quiet: Depot, source: FakeSource, changes: dict[str, object]) -> None:
    quiet.order(**changes)
    assert quiet.poll() == []
    assert source.asked == []


@pytest.mark.parametrize("milestone", [Milestone.DELIVERED, Milestone.RETURNED])
def test_what_has_arrived_is_not_asked_about(quiet: Depot, source: FakeSource, milestone: Milestone) -> None:
    order = quiet.order()
    quiet.case(order)
    arrived = Sighting(order=order.id, milestone=milestone, at=MONDAY, learnt_at=MONDAY, origin=Origin.SELLER)
    with quiet.store.writing() as writing:
        writing.save_sighting(arrived)
    assert quiet.poll() == []
    assert source.asked == []


@pytest.mark.parametrize("name", ["DHL", "DHL Paket", "dhl paket 2 kg", None])
def test_the_carrier_is_told_by_its_names_and_by_its_number(
    quiet: Depot, source: FakeSource, name: str | None
) -> None:
    quiet.order(carrier=name)
    quiet.poll()
    assert source.asked == [NUMBER]


def test_a_parcel_is_asked_about_again_when_its_interval_is_over(
    quiet: Depot, source: FakeSource, clock: Clock
) -> None:
    quiet.order()
    quiet.poll()
    clock.forward(minutes=44)
    assert quiet.poll() == []
    clock.forward(minutes=1)
    assert len(quiet.poll()) == 1
    assert len(source.asked) == 2


def test_an_open_case_shortens_the_interval_at_once(quiet: Depot, clock: Clock) -> None:
    order = quiet.order()
    quiet.poll()
    clock.forward(minutes=30)
    assert quiet.poll() == []
    quiet.case(order)
    assert len(quiet.poll()) == 1


def test_the_urgent_ones_come_first_and_questions_keep_their_distance(
    quiet: Depot, source: FakeSource
) -> None:
    quiet.order("ocalm234")
    hot = quiet.order("ohot2345", tracking_number="00340434999000033333")
    quiet.case(hot)
    quiet.poll()
    assert source.asked == ["00340434999000033333", NUMBER]
    assert quiet.waits == [timedelta(seconds=5)]


def test_somebody_has_to_look_again_only_when_something_is_due_or_has_happened(
    quiet: Depot, clock: Clock
) -> None:
    order = quiet.order()
    assert poll_is_due(quiet.store, now=clock())
    quiet.poll()
    assert not poll_is_due(quiet.store, now=clock())
    clock.forward(minutes=44)
    assert not poll_is_due(quiet.store, now=clock())
    quiet.case(order)
    assert poll_is_due(quiet.store, now=clock()), "a case was opened"
    quiet.poll()
    assert not poll_is_due(quiet.store, now=clock())
    clock.forward(minutes=30)
    assert poll_is_due(quiet.store, now=clock())


def test_without_parcels_nobody_has_to_look(quiet: Depot, clock: Clock) -> None:
    quiet.poll()
    clock.forward(hours=23)
    assert not poll_is_due(quiet.store, now=clock())


def test_a_plan_of_a_wrong_clock_does_not_hold(quiet: Depot, clock: Clock) -> None:
    quiet.order()
    clock.forward(days=400)
    quiet.poll()
    clock.forward(days=-400)
    assert poll_is_due(quiet.store, now=clock())


def test_a_night_is_thought_over_when_it_begins(quiet: Depot, clock: Clock) -> None:
    order = quiet.order()
    quiet.case(order)
    clock.now = datetime(2026, 11, 24, 0, 55, tzinfo=UTC)
    quiet.poll()
    plan = poll_book.poll_plan(quiet.store)
    assert plan is not None
    assert plan.due_at == datetime(2026, 11, 24, 1, 0, tzinfo=UTC), "two o'clock in Germany"
    clock.forward(minutes=15)
    assert len(quiet.poll()) == 1


# --- the quota


def test_a_question_is_counted_before_it_goes_out(quiet: Depot, source: FakeSource) -> None:
    quiet.order()
    counted: list[int] = []

    def look() -> None:
        used = poll_book.used_of(quiet.store, "dhl")
        assert used is not None
        counted.append(used.count)

    source.while_asked = look
    quiet.poll()
    assert counted == [1]


def test_a_program_that_is_killed_while_it_asks_has_asked(
    quiet: Depot, source: FakeSource, clock: Clock
) -> None:
    order = quiet.order()

    def die() -> None:
        raise KeyboardInterrupt

    source.while_asked = die
    with pytest.raises(KeyboardInterrupt):
        quiet.poll()
    quiet.restart()
    source.while_asked = lambda: None
    assert quiet.poll() == [], "its interval has begun"
    used = poll_book.used_of(quiet.store, "dhl")
    assert used is not None
    assert used.count == 1
    assert quiet.store.sightings(order.id) == []
    clock.forward(minutes=45)
    assert len(quiet.poll()) == 1


def test_a_restart_forgets_no_question(quiet: Depot, source: FakeSource, clock: Clock) -> None:
    source.quota = replace(source.quota, per_day=3)
    orders = [quiet.order(f"o{n}abcdef", tracking_number=f"0034043499900001{n:04}") for n in range(5)]
    assert len(orders) == 5
    for day_over, most in ((24, 3), (48, 6)):
        while clock() < datetime(2026, 11, 23, tzinfo=UTC) + timedelta(hours=day_over):
            quiet.restart()
            quiet.poll()
            clock.forward(hours=1)
        assert len(source.asked) == most, "what a day in Greenwich allows"


def test_a_second_program_counts_the_same_questions(
    quiet: Depot, source: FakeSource, tmp_path: Path, clock: Clock
) -> None:
    source.quota = replace(source.quota, per_day=2)
    for n in range(4):
        quiet.order(f"o{n}abcdef", tracking_number=f"0034043499900001{n:04}")
    other = Depot(tmp_path / "data", source, clock)
    for depot in (quiet, other, quiet, other):
        depot.poll()
        clock.forward(hours=3)
    other.store.close()
    assert len(source.asked) == 2


# --- a source that fails


def test_a_refused_key_is_remembered_and_the_source_left_alone(
    depot: Depot, server: Dhl, clock: Clock
) -> None:
    depot.order()
    server.answers(401, b'{"title": "Unauthorized"}')
    depot.poll()
    trouble = poll_book.trouble_of(depot.store, "dhl")
    assert trouble is not None
    assert (trouble.problem, trouble.since) == (SourceProblem.KEY_REFUSED, MONDAY)
    assert KEY not in trouble.detail
    assert depot.ledger_kinds()[-1] == "tracking_trouble"
    for _ in range(5):
        depot.restart()
        clock.forward(hours=1)
        assert depot.poll() == []
    assert len(server.asked) == 1
    clock.forward(hours=1)
    depot.poll()
    assert len(server.asked) == 2
    assert depot.ledger_kinds().count("tracking_trouble") == 1, "it is told once"
    same = poll_book.trouble_of(depot.store, "dhl")
    assert same == trouble, "since when it has been so stays"


def test_a_refused_key_is_an_ordinary_alert_once_and_again_after_it_worked(
    depot: Depot, server: Dhl, clock: Clock
) -> None:
    def told() -> list[AlertKind]:
        return [entry.alert.kind for entry in depot.store.outbox()]

    depot.order()
    server.answers(401)
    for _ in range(8):
        depot.poll()
        clock.forward(hours=7)
    [entry] = depot.store.outbox()
    assert (entry.alert.kind, entry.alert.critical, entry.alert.wakes) == (AlertKind.KEY_REFUSED, False, None)
    assert entry.alert.details == (("source", "dhl"),)
    assert KEY not in str(entry.alert)
    server.answers(200, body())
    depot.poll()
    server.answers(401)
    clock.forward(hours=7)
    depot.poll()
    assert told() == [AlertKind.KEY_REFUSED] * 2


def test_what_passes_by_itself_at_a_source_is_no_alert(depot: Depot, server: Dhl) -> None:
    depot.order()
    server.answers(503)
    depot.poll()
    assert depot.store.outbox() == []


def test_a_mended_key_is_noticed_when_the_human_asks(depot: Depot, server: Dhl, clock: Clock) -> None:
    order = depot.order()
    server.answers(401)
    depot.poll()
    server.answers(200, body())
    clock.forward(minutes=1)
    asking = ask_now(
        depot.store, [each.source for each in depot.polled], order.id, rules=depot.rules, clock=clock
    )
    assert asking.answer is not None
    assert asking.answer.problem is None
    assert depot.parcel(order).milestone is Milestone.OUT_FOR_DELIVERY
    assert poll_book.trouble_of(depot.store, "dhl") is None
    assert "tracking_works" in depot.ledger_kinds()
    clock.forward(minutes=45)
    assert len(depot.poll()) == 1


def test_a_spent_quota_is_waited_for_as_long_as_the_source_says(
    depot: Depot, server: Dhl, clock: Clock
) -> None:
    order = depot.order()
    server.answers(429, b"", Retry_After="7200")
    depot.poll()
    clock.forward(minutes=119)
    assert depot.poll() == []
    asking = ask_now(
        depot.store, [each.source for each in depot.polled], order.id, rules=depot.rules, clock=clock
    )
    assert asking.answer is None, "nor does the human get more than there is"
    assert asking.not_before == MONDAY + timedelta(hours=2)
    assert len(server.asked) == 1
    clock.forward(minutes=1)
    server.answers(200, body())
    depot.poll()
    assert depot.parcel(order).milestone is Milestone.OUT_FOR_DELIVERY


def test_a_source_that_is_down_changes_nothing_and_is_tried_again_soon(
    depot: Depot, server: Dhl, clock: Clock
) -> None:
    order = depot.order()
    case = depot.case(order)
    server.answers(503)
    depot.poll()
    trouble = poll_book.trouble_of(depot.store, "dhl")
    assert trouble is not None
    assert trouble.problem is SourceProblem.UNREACHABLE
    assert depot.store.sightings(order.id) == []
    assert shape(depot.case_of(order)) == shape(case)
    server.answers(200, body())
    clock.forward(minutes=30)
    depot.poll()
    assert depot.parcel(order).milestone is Milestone.OUT_FOR_DELIVERY
    assert poll_book.trouble_of(depot.store, "dhl") is None


def test_a_number_that_is_not_known_yet_is_no_trouble_of_the_source(
    depot: Depot, server: Dhl, clock: Clock
) -> None:
    order = depot.order()
    server.answers(404, b'{"title": "No result found"}')
    depot.poll()
    assert poll_book.trouble_of(depot.store, "dhl") is None
    clock.forward(minutes=45)
    assert depot.poll() == [], "it is asked for less often"
    clock.forward(minutes=45)
    assert len(depot.poll()) == 1
    asked = poll_book.asked_of(depot.store, order.id)
    assert asked is not None
    assert asked.misses == 2


@pytest.mark.parametrize(
    "answer",
    [
        None,
        "delivered",
        Answer(statements=None),  # type: ignore[arg-type]
        Answer(statements=("delivered",)),  # type: ignore[arg-type]
        Answer(statements=(Said(words=None, status_code="delivered", at=MONDAY),)),  # type: ignore[arg-type]
        Answer(statements=(Said(words="zugestellt", status_code=7, at=MONDAY),)),  # type: ignore[arg-type]
        Answer(statements=(Said(words="zugestellt", status_code=None, at=datetime(2026, 11, 23)),)),
        Answer(problem="broken"),  # type: ignore[arg-type]
    ],
)
def test_a_source_that_answers_nonsense_changes_nothing_and_is_visible(
    quiet: Depot, source: FakeSource, answer: object
) -> None:
    order = quiet.order()
    case = quiet.case(order)
    source.answer = answer  # type: ignore[assignment]
    quiet.poll()
    assert quiet.store.sightings(order.id) == []
    assert shape(quiet.case_of(order)) == shape(case)
    trouble = poll_book.trouble_of(quiet.store, "dhl")
    assert trouble is not None
    assert trouble.problem is SourceProblem.NOT_UNDERSTOOD


def test_a_source_that_breaks_its_promise_ends_nothing(quiet: Depot, source: FakeSource) -> None:
    quiet.order()

    def fall() -> None:
        raise ZeroDivisionError("a secret")

    source.while_asked = fall
    [asking] = quiet.poll()
    assert asking.answer is not None
    assert asking.answer.problem is SourceProblem.NOT_UNDERSTOOD
    trouble = poll_book.trouble_of(quiet.store, "dhl")
    assert trouble is not None
    assert "ZeroDivisionError" in trouble.detail
    assert "secret" not in trouble.detail


def test_an_answer_that_is_understood_in_part_is_learnt_from_and_told(depot: Depot, server: Dhl) -> None:
    order = depot.order()
    server.answers(200, body(shipment(LOADED, "nonsense", HANDED_IN)))  # type: ignore[arg-type]
    depot.poll()
    assert depot.parcel(order).milestone is Milestone.OUT_FOR_DELIVERY
    trouble = poll_book.trouble_of(depot.store, "dhl")
    assert trouble is not None
    assert trouble.problem is SourceProblem.NOT_UNDERSTOOD


def test_a_status_from_the_future_is_kept_and_not_counted(quiet: Depot, source: FakeSource) -> None:
    order = quiet.order()
    source.answer = said("Die Sendung wurde erfolgreich zugestellt.", at=MONDAY + timedelta(days=2))
    quiet.poll()
    assert milestones(quiet) == [Milestone.DELIVERED]
    assert quiet.parcel(order).milestone is Milestone.UNKNOWN


# --- the human asks


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"pickup": True}, "pick-up"),
        ({"tracking_number": None}, "tracking number is not known"),
        ({"carrier": "hermes"}, "no interface of its carrier is set up"),
    ],
)
def test_what_cannot_be_asked_about_is_told_with_the_way_out(
    quiet: Depot, source: FakeSource, clock: Clock, changes: dict[str, object], words: str
) -> None:
    language.use("en")
    order = quiet.order(**changes)
    with pytest.raises(UsageError) as caught:
        ask_now(quiet.store, [source], order.id, rules=quiet.rules, clock=clock)
    assert words in caught.value.message
    assert "stornowacht" in caught.value.advice


def test_the_human_may_ask_whenever_but_not_within_the_pause(
    quiet: Depot, source: FakeSource, clock: Clock
) -> None:
    order = quiet.order(stage=Stage.PAID_OUT)
    first = ask_now(quiet.store, [source], order.id, rules=quiet.rules, clock=clock)
    assert first.answer is not None
    clock.forward(seconds=2)
    second = ask_now(quiet.store, [source], order.id, rules=quiet.rules, clock=clock)
    assert (second.answer, second.not_before) == (None, MONDAY + timedelta(seconds=5))
    assert source.asked == [NUMBER]


def test_what_an_interface_says_is_as_sure_as_its_words(quiet: Depot, source: FakeSource) -> None:
    order = quiet.order()
    source.answer = said("Die Sendung wurde erfolgreich zugestellt.", event_code="ZU")
    quiet.poll()
    [kept] = quiet.store.sightings(order.id)
    assert (kept.milestone, kept.confidence) == (Milestone.DELIVERED, Confidence.CERTAIN)
