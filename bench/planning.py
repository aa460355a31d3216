"""Planning without a store: 10,000 open cases, each with what is known of its parcel, planned anew."""

import gc
import statistics
import time
from datetime import UTC, datetime, timedelta

from watcher.carriers.window import window_of
from watcher.domain.case import Case
from watcher.domain.confidence import Confidence
from watcher.domain.order import Order, SeenOrder, first_sight
from watcher.domain.parcel import Milestone, Origin, Sighting, parcel_of
from watcher.domain.playbook import follow
from watcher.domain.situation import Circumstances
from watcher.domain.stage import Stage
from watcher.domain.step import CaseKind

CASES, RUNS = 10_000, 5
NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
_MILESTONES = (Milestone.HANDED_IN, Milestone.AT_DEPOT, Milestone.OUT_FOR_DELIVERY, Milestone.RETURNING)


def main() -> None:
    """Measure and print."""
    known = [_case(number) for number in range(CASES)]
    planned = [follow(case, order, _around(said, NOW), at=NOW) for case, order, said in known]
    later = NOW + timedelta(hours=1)
    print(f"Planning {CASES:,} open cases (CPU milliseconds; medians of {RUNS} runs; wanted: under 1,000)")
    print(f"  for the first time  {_milliseconds(known, NOW):8.0f}")
    again = [(case, order, said) for case, (_, order, said) in zip(planned, known, strict=True)]
    print(f"  an hour later       {_milliseconds(again, later):8.0f}")


def _milliseconds(known: list[tuple[Case, Order, list[Sighting]]], at: datetime) -> float:
    times = []
    for _ in range(RUNS):
        gc.collect()
        begin = time.process_time()
        for case, order, said in known:
            follow(case, order, _around(said, at), at=at)
        times.append((time.process_time() - begin) * 1000)
    return statistics.median(times)


def _around(said: list[Sighting], at: datetime) -> Circumstances:
    parcel = parcel_of(said, now=at, carrier="dhl")
    return Circumstances(parcel=parcel, window=window_of(parcel, at))


def _case(number: int) -> tuple[Case, Order, list[Sighting]]:
    kind = list(CaseKind)[number % len(CaseKind)]
    stage = Stage.DISPUTED if kind is CaseKind.DISPUTED else Stage.CANCELLED
    order = first_sight(
        SeenOrder(conversation=f"a:{number}", deal_ids=frozenset({str(number)}), stage=stage),
        account="main",
        at=NOW,
    )
    case = Case(
        id=f"c{number}",
        order=order.id,
        account="main",
        kind=kind,
        confidence=Confidence.LIKELY,
        opened_at=NOW,
    )
    said = [
        Sighting(
            order=order.id,
            milestone=milestone,
            at=NOW - timedelta(hours=40 - 8 * place),
            learnt_at=NOW,
            origin=Origin.PASTE,
        )
        for place, milestone in enumerate(_MILESTONES[: number % (len(_MILESTONES) + 1)])
    ]
    return case, order, said


if __name__ == "__main__":
    main()
