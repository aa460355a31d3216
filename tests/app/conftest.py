import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from fixtures.shop import five_orders
from tests.support.clock import NOON, Clock
from tests.support.memory import tmp_path
from tests.support.played import played
from tests.support.rooms import Rooms

__all__ = ["played", "tmp_path"]  # fixtures that tests find here


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def rooms(tmp_path: Path, clock: Clock) -> Iterator[Rooms]:
    rooms = Rooms(tmp_path / "data", five_orders(NOON), clock)
    yield rooms
    rooms.store.close()


@pytest.fixture
def known(played: Path, tmp_path: Path, clock: Clock) -> Iterator[Rooms]:
    """The account after its first check, twenty minutes later."""
    shutil.copytree(played / "known", tmp_path / "data")
    rooms = Rooms(tmp_path / "data", five_orders(NOON), clock)
    clock.forward(minutes=20)
    yield rooms
    rooms.store.close()


@pytest.fixture
def cancelled(played: Path, tmp_path: Path, clock: Clock) -> Iterator[Rooms]:
    """The account in which the shipped order was cancelled and the check has seen it."""
    shutil.copytree(played / "cancelled", tmp_path / "data")
    rooms = Rooms(tmp_path / "data", five_orders(NOON), clock)
    clock.forward(minutes=20)
    rooms.shop.happen("friteuse", "BUYER_CANCELLED")
    yield rooms
    rooms.store.close()
