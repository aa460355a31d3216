"""What was said about parcels, and small things that outlive a restart."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.support.clock import NOON
from tests.support.values import ORDER
from watcher.domain.confidence import Confidence
from watcher.domain.parcel import Milestone, Origin, Sighting
from watcher.storage.store import SqliteStore

SIGHTING = Sighting(
    order=ORDER.id,
    milestone=Milestone.HANDED_IN,
    at=NOON - timedelta(hours=2),
    learnt_at=NOON,
    origin=Origin.API,
    confidence=Confidence.LIKELY,
    at_shop=True,
    carrier="dhl",
    number="00340434999000011126",
    words="Die Sendung wurde vom Absender in der Filiale eingeliefert. „Grüße“",
)

pytestmark = pytest.mark.usefixtures("case_known")


def test_a_sighting_comes_back_as_it_was(store: SqliteStore) -> None:
    with store.writing() as writing:
        assert writing.save_sighting(SIGHTING)
    assert store.sightings(ORDER.id) == [SIGHTING]


def test_the_same_word_is_remembered_once_whenever_it_is_learnt(store: SqliteStore) -> None:
    with store.writing() as writing:
        writing.save_sighting(SIGHTING)
        assert not writing.save_sighting(replace(SIGHTING, learnt_at=NOON + timedelta(days=1)))
    assert store.sightings(ORDER.id) == [SIGHTING]


def test_the_orders_are_found_of_which_a_side_has_spoken(store: SqliteStore) -> None:
    with store.writing() as writing:
        writing.save_orders([replace(ORDER, id="o2", conversation="d:e:f")])
        writing.save_sighting(SIGHTING)
        writing.save_sighting(replace(SIGHTING, order="o2", origin=Origin.SELLER))
    assert [order.id for order in store.orders_told(Origin.API)] == [ORDER.id]
    assert [order.id for order in store.orders_told(Origin.SELLER)] == ["o2"]
    assert store.orders_told(Origin.PASTE) == []


def test_what_one_side_said_is_erased_and_what_others_said_stays(store: SqliteStore) -> None:
    others = [replace(SIGHTING, origin=origin) for origin in Origin if origin is not Origin.API]
    other_order = replace(ORDER, id="oxyz2345", conversation="x:y:z")
    elsewhere = replace(SIGHTING, order=other_order.id)
    with store.writing() as writing:
        writing.save_orders([other_order])
        for each in (SIGHTING, replace(SIGHTING, words="other words"), *others, elsewhere):
            writing.save_sighting(each)
    with store.writing() as writing:
        assert writing.erase_sightings(ORDER.id, Origin.API) == 2
    with store.writing() as writing:
        assert writing.erase_sightings(ORDER.id, Origin.API) == 0
    assert sorted(each.origin for each in store.sightings(ORDER.id)) == sorted(each.origin for each in others)
    assert store.sightings(other_order.id) == [elsewhere]


def test_a_small_thing_outlives_a_restart_and_the_latest_word_counts(
    store: SqliteStore, folder: Path
) -> None:
    assert store.remembered("tracking/used/dhl") is None
    for value in ("1", "2"):
        with store.writing() as writing:
            writing.save_remembered("tracking/used/dhl", value)
    later = SqliteStore(folder)
    assert later.remembered("tracking/used/dhl") == "2"
    later.close()
