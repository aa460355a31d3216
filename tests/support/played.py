"""Storage folders with a history, played once per session."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from fixtures.shop import five_orders
from tests.support.clock import NOON, Clock
from tests.support.memory import in_memory
from tests.support.rooms import Rooms


@pytest.fixture(scope="session")
def played() -> Iterator[Path]:
    """Storage folders after the first check, and after the one that saw the cancellation; tests get copies."""
    with tempfile.TemporaryDirectory(prefix="stornowacht-test-", dir=in_memory()) as folder:
        clock = Clock()
        rooms = Rooms(Path(folder) / "now", five_orders(NOON), clock)
        rooms.check()
        rooms.store.tidy()
        shutil.copytree(rooms.folder, Path(folder) / "known")
        clock.forward(minutes=20)
        rooms.shop.happen("friteuse", "BUYER_CANCELLED")
        rooms.check()
        rooms.store.close()
        shutil.copytree(rooms.folder, Path(folder) / "cancelled")
        yield Path(folder)
