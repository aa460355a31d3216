"""The ledger can never be erased, so it holds ids, kinds, times and salted hashes: no name, no title, no number, no text."""

from pathlib import Path

from tests.support.cli import CommandLine, cli
from tests.support.rooms import Rooms
from watcher.app.seller import acknowledge
from watcher.domain.parcel import Milestone, Origin, Sighting

__all__ = ["cli"]  # a fixture that tests find here

NOTE, COST, NUMBER = "Käuferin rief an", "Porto nach Musterstadt", "00340434161094022115"


def personal(rooms: Rooms) -> set[str]:
    """Return all that is known of people, items and parcels: it must stand in tables that can be erased, and nowhere else."""
    words = {NOTE, COST, NUMBER, "receipt of Erika.txt", "erika@example.org", "Musterstraße"}
    for order in rooms.store.orders():
        words |= {order.title or "", order.buyer or "", order.tracking_number or "", order.ad_id or "",
                  order.conversation, *order.deal_ids}  # fmt: skip
        words |= {sign.quote for sign in rooms.store.signs(order.id)}
    for case in rooms.store.cases():
        found = rooms.store.found_reason(case.id)
        words |= {found.sentence} if found else set()
    words |= {account.login or "" for account in rooms.store.accounts()}
    return {word for word in words if len(word) > 2}


def test_after_all_that_can_happen_no_line_names_anybody(
    cancelled: Rooms, cli: CommandLine, tmp_path: Path
) -> None:
    cli.write_config()
    assert cli.data == cancelled.folder
    case = cancelled.store.cases()[0]
    order = case.order
    (tmp_path / "receipt of Erika.txt").write_text("Musterstraße 1")
    acknowledge(cancelled.store, case.id, clock=cancelled.clock, way="email", who="erika@example.org")
    sighting = Sighting(
        order=order, milestone=Milestone.AT_DEPOT, at=cancelled.clock(), learnt_at=cancelled.clock(),
        origin=Origin.PASTE, words="Zustellung an Erika, Musterstraße", number=NUMBER, carrier="dhl",
    )  # fmt: skip
    with cancelled.store.writing() as writing:
        writing.save_sighting(sighting)
    words = personal(cancelled)
    assert len(words) > 30
    for command in (
        ("note", order, NOTE),
        ("note", order, NOTE, "--support"),
        ("attach", order, str(tmp_path / "receipt of Erika.txt")),
        ("cost", order, "postage", "4,99", COST),
        ("track", order, NUMBER),
        ("done", case.id, "ask_carrier"),
        ("reason", case.id, "found_cheaper"),
        ("confirm", order),
        ("close", case.id),
        ("archive", "backup", str(tmp_path / "b.zip")),
        ("archive", "forget", order, "--yes"),
    ):
        said = cli(*command)
        assert said.code == 0, (command, said.all)
    told = [line.text for line in cancelled.store.ledger()]
    assert len(told) > 20
    assert [(word, line) for line in told for word in words if word in line] == []
