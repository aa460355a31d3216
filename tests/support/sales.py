"""Sales of a whole year in a storage folder, so that there is something to count."""

import json
from datetime import datetime, timedelta
from pathlib import Path

from tests.support.ready import with_database
from watcher.domain.account import Account
from watcher.domain.case import Case, Ending
from watcher.domain.confidence import Confidence
from watcher.domain.order import Order
from watcher.domain.parcel import Milestone, Origin, Sighting
from watcher.domain.reason import CancelReason
from watcher.domain.stage import Stage
from watcher.domain.step import CaseKind, Step
from watcher.storage.store import SqliteStore
from watcher.storage.writing import SqliteWriting

CATEGORIES = ("Elektronik", "Haus & Garten", "Mode & Beauty")
PRICES = (900, 1500, 2800, 4500, 6000, 12_000, 35_000)


def plant(folder: Path, *, now: datetime, carrier: str = "brieftaube") -> None:
    """Forty sales with Hermes of which ten were cancelled on their way, eighty with DHL of which two were before it, five others."""
    orders, cases, sightings = list[Order](), list[Case](), list[Sighting]()
    kinds = [("hermes", CaseKind.IN_TRANSIT if n % 4 == 0 else None) for n in range(40)]
    kinds += [("dhl", CaseKind.BEFORE_SHIPMENT if n in {3, 50} else None) for n in range(80)]
    kinds += [(carrier, None)] * 5
    for number, (name, kind) in enumerate(kinds):
        made = now - timedelta(days=20 + number * 2, hours=number)
        order = _order(number, name, kind, made=made, now=now)
        orders.append(order)
        if kind is not CaseKind.BEFORE_SHIPMENT:
            sightings.append(_seen(order, Milestone.HANDED_IN, made + timedelta(hours=20 + number)))
        if kind is not None:
            cases.append(_case(order, kind, opened=made + timedelta(hours=70)))
            if kind is CaseKind.IN_TRANSIT and number % 8 == 0:
                sightings.append(_seen(order, Milestone.RETURNED, made + timedelta(days=6)))
    store = SqliteStore(with_database(folder))
    with store.writing() as writing:
        writing.save_account(Account(name="main", last_check_at=now, last_complete_at=now))
        writing.save_orders(orders)
        for case in cases:
            writing.save_case(case)
        for sighting in sightings:
            writing.save_sighting(sighting)
        _plant_around(writing, orders, now=now)
    store.close()


def _plant_around(writing: SqliteWriting, orders: list[Order], *, now: datetime) -> None:
    """Six ads, one of them never read, two of them without a condition; an answer in the conversation of every other sale."""
    for number in range(6):
        findings = ["few_photos", "no_condition"] if number < 2 else ["few_photos"] if number == 2 else []
        writing._connection.execute(
            "INSERT INTO ads (account, id, first_seen_at, seen_at, mark, read_at, category, content, findings)"
            " VALUES ('main', ?, ?, ?, 'm', ?, ?, '{}', ?)",
            (
                f"a{number}",
                now.isoformat(),
                now.isoformat(),
                None if number == 5 else now.isoformat(),
                CATEGORIES[number % len(CATEGORIES)],
                json.dumps(findings),
            ),
        )
    for number, order in enumerate(orders):
        if number % 2 == 0 and order.made_at is not None:
            asked = order.made_at - timedelta(days=2)
            took = timedelta(minutes=30 + 97 * number)
            writing._connection.execute(
                "INSERT INTO answer_times VALUES ('main', ?, ?, ?, 1)",
                (order.conversation, asked.isoformat(), (asked + took).isoformat()),
            )


def _order(number: int, carrier: str, kind: CaseKind | None, *, made: datetime, now: datetime) -> Order:
    reached = Stage.PAID if kind is CaseKind.BEFORE_SHIPMENT else Stage.SHIPPED if kind else Stage.PAID_OUT
    return Order(
        id=f"o{number:05}",
        account="main",
        conversation=f"k:{number}",
        deal_ids=frozenset({f"d{number}"}),
        stage=Stage.REFUNDED if kind else Stage.PAID_OUT,
        reached=reached,
        stage_at=made + timedelta(days=9),
        first_seen_at=made,
        last_seen_at=now,
        confidence=Confidence.CERTAIN,
        made_at=made,
        paid_at=made + timedelta(hours=3),
        ad_id=f"a{number % 6}",
        buyer_since=made - timedelta(days=(number * 37) % 2_000),
        title="Plattenspieler",
        buyer="Kim",
        amount_cents=PRICES[number % len(PRICES)],
        carrier=carrier,
    )


def _case(order: Order, kind: CaseKind, *, opened: datetime) -> Case:
    asked = kind is CaseKind.IN_TRANSIT
    step = "ask_carrier" if asked else "do_not_hand_in"
    return Case(
        id="c" + order.id[1:],
        order=order.id,
        account="main",
        kind=kind,
        confidence=Confidence.CERTAIN,
        opened_at=opened,
        acknowledged_at=opened,
        closed_at=opened + timedelta(days=5),
        ending=Ending.BY_SELLER,
        reason=CancelReason.DESCRIPTION if asked else None,
        steps=(Step(id=step, due_at=opened, urgent=True, done_at=opened, done_by="seller"),),
    )


def _seen(order: Order, milestone: Milestone, at: datetime) -> Sighting:
    return Sighting(order=order.id, milestone=milestone, at=at, learnt_at=at, origin=Origin.SELLER)
