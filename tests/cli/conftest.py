import shutil
from pathlib import Path

import pytest

from fixtures.shop import five_orders
from tests.support.cli import CommandLine, cli
from tests.support.clock import NOON, Clock
from tests.support.memory import tmp_path
from tests.support.played import played
from tests.support.rooms import Rooms
from tests.support.visiting import FakeVisitor
from watcher.storage.store import SqliteStore

__all__ = ["cli", "played", "tmp_path"]  # fixtures that tests find here


@pytest.fixture
def seller(cli: CommandLine, played: Path) -> CommandLine:
    """A seller whose shipped order was cancelled; nobody has acknowledged it yet."""
    shutil.copytree(played / "cancelled", cli.data)
    return cli


@pytest.fixture
def visitor(cli: CommandLine) -> FakeVisitor:
    """Checks see the practice shop's five orders, without a browser."""
    clock = Clock()
    rooms = Rooms(cli.folder / "unused", five_orders(NOON), clock)
    rooms.store.close()
    cli.use_visitor(rooms.visitor)
    return rooms.visitor


@pytest.fixture
def case_id(seller: CommandLine) -> str:
    store = SqliteStore(seller.data)
    try:
        return store.cases()[0].id
    finally:
        store.close()


@pytest.fixture
def order_id(case_id: str) -> str:
    return "o" + case_id[1:]
