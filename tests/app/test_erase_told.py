"""What a carrier's interface has said is erased when its terms want that, and nothing else is."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.support.clock import NOON, Clock
from tests.support.parcels import Depot, FakeSource
from watcher.app.erase_told import erase_told
from watcher.app.verify import verify
from watcher.bootstrap import kept_after_delivery
from watcher.domain.answer import Answer, Said
from watcher.domain.confidence import Confidence
from watcher.domain.ledger import chain_faults
from watcher.domain.order import Order
from watcher.domain.parcel import Milestone, Origin, Sighting
from watcher.domain.stage import Stage
from watcher.storage.vault import FileVault

KEPT = {"dhl": timedelta(days=30)}
WORDS = "Die Sendung wurde erfolgreich zugestellt."


@pytest.fixture
def clock() -> Clock:
    return Clock(NOON)


@pytest.fixture
def source() -> FakeSource:
    told = (
        Said(
            words="Die Sendung wurde im Start-Paketzentrum bearbeitet.",
            status_code="transit",
            at=NOON - timedelta(days=2),
        ),
        Said(words=WORDS, status_code="delivered", at=NOON - timedelta(hours=1)),
    )
    return FakeSource(answer=Answer(statements=told))


@pytest.fixture
def depot(tmp_path: Path, source: FakeSource, clock: Clock) -> Iterator[Depot]:
    depot = Depot(tmp_path / "data", source, clock)
    yield depot
    depot.store.close()


def delivered(depot: Depot) -> Order:
    order = depot.order()
    depot.poll()
    assert depot.parcel(order).milestone is Milestone.DELIVERED
    return order


def erase(depot: Depot) -> int:
    return erase_told(depot.store, KEPT, clock=depot.clock)


def test_dhls_terms_are_the_ones_in_force() -> None:
    assert kept_after_delivery() == KEPT


def test_what_was_said_goes_before_the_thirty_days_are_over(depot: Depot, clock: Clock) -> None:
    order = delivered(depot)
    clock.forward(days=28)
    assert erase(depot) == 0
    assert len(depot.store.sightings(order.id)) == 2
    clock.forward(days=1)
    assert erase(depot) == 2
    assert depot.store.sightings(order.id) == []
    assert clock() < NOON - timedelta(hours=1) + KEPT["dhl"]


def test_the_words_are_nowhere_in_the_files_any_more(depot: Depot, clock: Clock) -> None:
    delivered(depot)
    depot.store.tidy()
    assert WORDS.encode() in (depot.folder / "stornowacht.db").read_bytes()
    clock.forward(days=29)
    erase(depot)
    depot.store.tidy()
    assert all(WORDS.encode() not in file.read_bytes() for file in depot.folder.glob("stornowacht.db*"))


def test_the_ledger_stays_whole_and_says_what_was_erased(depot: Depot, clock: Clock) -> None:
    delivered(depot)
    before = [line.text for line in depot.store.ledger()]
    clock.forward(days=29)
    erase(depot)
    after = [line.text for line in depot.store.ledger()]
    assert after[:-1] == before
    assert '"kind":"tracking_erased"' in after[-1]
    assert list(chain_faults(depot.store.ledger())) == []
    assert verify(depot.store, FileVault(depot.folder)).faults == ()


def test_what_the_page_the_seller_a_mail_and_a_paste_said_stays(depot: Depot, clock: Clock) -> None:
    order = delivered(depot)
    others = [
        Sighting(
            order=order.id, milestone=Milestone.DELIVERED, at=NOON, learnt_at=NOON, origin=origin, words="x"
        )
        for origin in Origin
        if origin is not Origin.API
    ]
    with depot.store.writing() as writing:
        for each in others:
            writing.save_sighting(each)
    clock.forward(days=29)
    assert erase(depot) == 2
    assert {each.origin for each in depot.store.sightings(order.id)} == {each.origin for each in others}


def test_it_is_erased_once_and_not_asked_for_again(depot: Depot, source: FakeSource, clock: Clock) -> None:
    order = delivered(depot)
    clock.forward(days=29)
    erase(depot)
    source.asked.clear()
    clock.forward(hours=1)
    assert depot.poll() == []
    assert source.asked == []
    assert erase(depot) == 0
    assert depot.ledger_kinds().count("tracking_erased") == 1
    assert order.stage is Stage.SHIPPED, "the page never told that it arrived"


def test_an_open_case_goes_on_as_it_was(depot: Depot, clock: Clock) -> None:
    order = depot.order(stage=Stage.CANCELLED)
    depot.case(order)
    depot.poll()
    case = depot.case_of(order)
    clock.forward(days=29)
    erase(depot)
    assert depot.case_of(order) == case


def test_a_parcel_that_came_back_is_counted_from_its_return(
    depot: Depot, source: FakeSource, clock: Clock
) -> None:
    order = delivered(depot)
    clock.forward(days=20)
    told = (
        Said(
            words="Die Sendung wird an den Absender zurückgesandt.",
            status_code="transit",
            at=NOON + timedelta(days=1),
        ),
    )
    back = Said(words=WORDS, status_code="delivered", at=NOON + timedelta(days=19), is_return=True)
    source.answer = replace(source.answer, statements=(*source.answer.statements, *told, back))
    with depot.store.writing() as writing:
        writing.save_sighting(
            Sighting(
                order=order.id,
                milestone=Milestone.RETURNING,
                at=NOON + timedelta(days=1),
                learnt_at=clock(),
                origin=Origin.SELLER,
            )
        )
    depot.poll()
    assert depot.parcel(order).milestone is Milestone.RETURNED
    clock.forward(days=27)
    assert erase(depot) == 0
    clock.forward(days=1)
    assert erase(depot) > 0


def test_a_parcel_that_never_arrived_is_kept_until_nobody_hears_of_it(
    depot: Depot, source: FakeSource, clock: Clock
) -> None:
    source.answer = replace(source.answer, statements=source.answer.statements[:1])
    depot.order()
    depot.poll()
    clock.forward(days=118)
    assert erase(depot) == 0
    clock.forward(days=1)
    assert erase(depot) == 1


def test_an_unsure_delivery_ends_nothing(depot: Depot, clock: Clock) -> None:
    order = depot.order()
    with depot.store.writing() as writing:
        for milestone, confidence in (
            (Milestone.IN_TRANSIT, Confidence.CERTAIN),
            (Milestone.DELIVERED, Confidence.UNSURE),
        ):
            writing.save_sighting(
                Sighting(
                    order=order.id,
                    milestone=milestone,
                    at=NOON,
                    learnt_at=NOON,
                    origin=Origin.API,
                    confidence=confidence,
                    carrier="dhl",
                )
            )
    clock.forward(days=40)
    assert erase(depot) == 0
