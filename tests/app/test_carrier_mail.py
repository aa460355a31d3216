"""What a carrier's mail says of a parcel that is known."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.support.clock import NOON, Clock
from tests.support.parcels import NUMBER, Depot, FakeSource
from watcher.app.carrier_mail import MailRead, read_carrier_mail
from watcher.domain.confidence import Confidence
from watcher.domain.mail import CarrierMail
from watcher.domain.parcel import Milestone, Origin, Sighting
from watcher.domain.stage import Stage
from watcher.domain.step import CaseKind

BACK = "00340434999000022221"
MAIL = CarrierMail(
    at=NOON - timedelta(minutes=3),
    carrier="dhl",
    subject="Ihr DHL Paket wurde zugestellt",
    text=f"Guten Tag,\nIhre Sendungsnummer: {NUMBER}\nViele Grüße\nIhr DHL Team",
)


@pytest.fixture
def depot(tmp_path: Path) -> Iterator[Depot]:
    depot = Depot(tmp_path / "data", FakeSource(), Clock(NOON))
    yield depot
    depot.store.close()


def read(depot: Depot, mail: CarrierMail = MAIL) -> MailRead:
    return read_carrier_mail(depot.store, mail, rules=depot.rules, channels=["email"], clock=depot.clock)


def test_a_status_in_a_mail_is_likely_at_most_and_moves_the_case(depot: Depot) -> None:
    order = depot.order()
    depot.case(order)
    assert read(depot) is MailRead.LEARNT
    [kept] = depot.store.sightings(order.id)
    assert (kept.milestone, kept.confidence, kept.origin) == (
        Milestone.DELIVERED,
        Confidence.LIKELY,
        Origin.MAIL,
    )
    assert (kept.at, kept.words) == (MAIL.at, MAIL.subject)
    assert depot.case_of(order).kind is CaseKind.AFTER_DELIVERY
    assert "parcel_seen" in depot.ledger_kinds()


def test_a_mail_that_comes_again_is_known(depot: Depot) -> None:
    order = depot.order()
    read(depot)
    kinds = depot.ledger_kinds()
    assert read(depot) is MailRead.KNOWN
    assert len(depot.store.sightings(order.id)) == 1
    assert depot.ledger_kinds() == kinds


def test_the_text_counts_where_the_subject_says_nothing(depot: Depot) -> None:
    order = depot.order()
    text = f"Sendungsnummer {NUMBER}\nDie Sendung wurde in das Zustellfahrzeug geladen.\nViele Grüße"
    assert read(depot, replace(MAIL, subject="Neuigkeiten zu Ihrer Sendung", text=text)) is MailRead.LEARNT
    parcel = depot.parcel(order)
    assert (parcel.milestone, parcel.confidence) == (Milestone.OUT_FOR_DELIVERY, Confidence.LIKELY)


@pytest.mark.parametrize(
    "spelt", [NUMBER, "0034 0434 9990 0001 1126", "00340434-9990-0001-1126", f"piececode={NUMBER}&x=1"]
)
def test_the_number_is_found_however_it_is_spelt(depot: Depot, spelt: str) -> None:
    depot.order()
    assert read(depot, replace(MAIL, text=f"Nummer {spelt}.")) is MailRead.LEARNT


@pytest.mark.parametrize("text", ["", "Keine Nummer", f"1{NUMBER}", f"{NUMBER}9", NUMBER[:-1], f"X{NUMBER}"])
def test_a_mail_about_another_parcel_is_nobodys(depot: Depot, text: str) -> None:
    order = depot.order()
    kinds = depot.ledger_kinds()
    assert read(depot, replace(MAIL, text=text)) is MailRead.NOT_OURS
    assert depot.store.sightings(order.id) == []
    assert depot.ledger_kinds() == kinds


@pytest.mark.parametrize(
    "changes",
    [
        {"pickup": True},
        {"tracking_number": None},
        {"tracking_number": "126"},
        {"stage": Stage.PAID_OUT},
        {"carrier": "hermes"},
    ],
    ids=str,
)
def test_only_parcels_of_this_carrier_that_are_under_way_are_told_of(
    depot: Depot, changes: dict[str, object]
) -> None:
    order = depot.order(**changes)
    assert read(depot, replace(MAIL, text=f"{MAIL.text} 126")) is MailRead.NOT_OURS
    assert depot.store.sightings(order.id) == []


def test_a_domain_that_the_user_named_may_write_for_any_carrier(depot: Depot) -> None:
    order = depot.order()
    assert read(depot, replace(MAIL, carrier=None)) is MailRead.LEARNT
    assert depot.parcel(order).milestone is Milestone.DELIVERED


def test_a_mail_about_two_of_our_parcels_says_nothing_about_either(depot: Depot) -> None:
    depot.order("o1abcdef")
    depot.order("o2abcdef", tracking_number=BACK)
    assert read(depot, replace(MAIL, text=f"{NUMBER} {BACK}")) is MailRead.SEVERAL
    assert depot.store.sightings("o1abcdef") == depot.store.sightings("o2abcdef") == []


def test_a_subject_and_a_text_that_disagree_conclude_nothing(depot: Depot) -> None:
    order = depot.order()
    text = f"{MAIL.text}\nDie Sendung liegt in der PACKSTATION 123 zur Abholung bereit."
    assert read(depot, replace(MAIL, text=text)) is MailRead.LEARNT
    [kept] = depot.store.sightings(order.id)
    assert kept.confidence is Confidence.UNSURE
    assert not depot.parcel(order).is_sure


def test_several_statuses_without_a_date_conclude_nothing(depot: Depot) -> None:
    order = depot.order()
    bar = "Die Sendung wurde elektronisch angekündigt.\nDie Sendung wurde in das Zustellfahrzeug geladen.\nDie Sendung wurde erfolgreich zugestellt."
    read(depot, replace(MAIL, subject="Neuigkeiten", text=f"{NUMBER}\n{bar}"))
    assert depot.store.sightings(order.id)
    assert all(each.confidence is Confidence.UNSURE for each in depot.store.sightings(order.id))
    assert not depot.parcel(order).is_sure


def test_a_forecast_concludes_nothing(depot: Depot) -> None:
    order = depot.order()
    case = depot.case(order)
    read(depot, replace(MAIL, subject="Ihr DHL Paket kommt heute"))
    assert not depot.parcel(order).is_sure
    assert {step.id for step in depot.case_of(order).steps} == {step.id for step in case.steps}


def test_a_mail_that_nobody_understands_is_kept_to_be_seen(depot: Depot) -> None:
    order = depot.order()
    assert read(depot, replace(MAIL, subject="Etwas\x1b[31m Neues\u202e")) is MailRead.LEARNT
    [kept] = depot.store.sightings(order.id)
    assert kept.milestone is Milestone.UNKNOWN
    assert kept.words.isprintable()


def test_on_the_way_back_a_delivery_is_the_return(depot: Depot) -> None:
    order = depot.order()
    depot.case(order)
    turned = Sighting(
        order=order.id,
        milestone=Milestone.RETURNING,
        at=NOON - timedelta(days=1),
        learnt_at=NOON,
        origin=Origin.SELLER,
    )
    number = replace(turned, milestone=Milestone.UNKNOWN, at=NOON - timedelta(hours=9), number=BACK)
    with depot.store.writing() as writing:
        writing.save_sighting(turned)
        writing.save_sighting(number)
    assert depot.parcel(order).number_back == BACK
    assert read(depot, replace(MAIL, text=BACK)) is MailRead.LEARNT
    assert depot.parcel(order).milestone is Milestone.RETURNED


@pytest.mark.parametrize(
    "text", ["<" * 200_000 + NUMBER, "0" * 200_000 + NUMBER, f"{NUMBER}\n" * 9000, "\x00\ud800" + NUMBER]
)
def test_a_tangled_mail_costs_little_and_ends_nothing(depot: Depot, text: str) -> None:
    depot.order()
    assert read(depot, replace(MAIL, text=text)) in set(MailRead)
