"""`run` keeps to what [archive] says by itself: it announces what is to go, and erases what was announced for a week."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from fixtures.shop import Shop
from tests.e2e.conftest import Place
from tests.support.archive import Archive
from tests.support.daemon import start, wait_for
from watcher.app.forget import BY_SELLER
from watcher.storage.store import SqliteStore

__all__ = ["start"]  # a fixture that tests find here
pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]


@pytest.fixture
def place(tmp_path: Path, shop: Shop) -> Place:
    """A machine on which `run` visits nothing."""
    found = Place(tmp_path, shop)
    found.configure('[watch]\nmode = "passive"\n')
    return found


def kinds(place: Place) -> list[str]:
    store = SqliteStore(place.storage)
    try:
        return [json.loads(line.text)["kind"] for line in store.ledger()]
    finally:
        store.close()


def test_what_is_new_is_announced_and_what_was_announced_goes(place, start):
    archive = Archive(place.storage)
    gone, announced = archive.order("gone"), archive.order("announced")
    archive.thread(gone)
    week_ago = (datetime.now(UTC) - timedelta(days=8)).isoformat()
    with archive.store.writing() as writing:
        told = [[week_ago, "", week_ago, [gone.id], False]]
        writing.save_remembered("retention/announced", json.dumps(told))
    archive.store.close()
    start()
    wait_for(lambda: "forgotten" in kinds(place))
    orders = {order["id"]: order for order in place.run("orders", "--json").json}
    assert orders[gone.id]["title"] is None
    assert orders[announced.id]["title"] == "Title announced"
    assert place.run("status", "--json").json["forgets"]["orders"] == [announced.id]
    wait_for(lambda: not place.run("status", "--json").json["forgets"]["unfinished"])
    assert place.run("archive", "verify").code == 0


def test_what_a_killed_run_left_is_removed_at_once(place, start):
    archive = Archive(place.storage)
    order = archive.order("gone")
    archive.thread(order)
    with archive.store.writing() as writing:
        going = [(order, archive.captures())]
        ((_order, erased),) = archive.store.erasing().erase(going, at=datetime.now(UTC))
        writing.record("forgotten", at=datetime.now(UTC), account="main", order=order.id, notes=0, reason=BY_SELLER,
                       captures=list(erased.captures), files=list(erased.files), attachments=[])  # fmt: skip
    archive.store.close()
    assert archive.vault_files()
    start()
    wait_for(lambda: not archive.vault_files())
    wait_for(lambda: place.run("archive", "verify", "--json").json["ok"])
