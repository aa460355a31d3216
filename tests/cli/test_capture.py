"""`capture`: what the page says now is kept, and the seller is told where."""

import shutil
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.cli import CommandLine
from tests.support.visiting import FakeVisitor
from watcher.errors import BrowserError
from watcher.storage.store import SqliteStore


@pytest.fixture
def orders(cli: CommandLine, visitor: FakeVisitor, played: Path) -> dict[str, str]:
    """The ids of the shop's orders, a minute after a first check."""
    shutil.copytree(played / "known", cli.data)
    visitor.clock.forward(minutes=1)
    with closing(SqliteStore(cli.data)) as store:
        known = {order.conversation: order.id for order in store.orders()}
    return {
        deal.id: known[deal.conversation_id] for deal in visitor.shop.deals() if deal.conversation_id in known
    }


def pages(cli: CommandLine, order: str) -> list[tuple[str, str]]:
    return [(entry["page"], entry["reason"]) for entry in cli("archive", "list", order, "--json").json]


def test_the_page_and_the_ad_are_kept_although_nothing_has_changed(
    cli: CommandLine, visitor: FakeVisitor, orders: dict[str, str]
) -> None:
    before = pages(cli, orders["brettspiel"])
    said = cli("capture", orders["brettspiel"])
    assert (said.code, said.err) == (0, "")
    assert pages(cli, orders["brettspiel"]) == [*before, ("conversation", "asked"), ("ad", "asked")]


def test_it_says_where_under_names_that_people_can_read(
    cli: CommandLine, visitor: FakeVisitor, orders: dict[str, str]
) -> None:
    first, *places = cli("capture", orders["lampe"]).out.splitlines()
    assert first == f"Kept of Stehlampe mit Leinenschirm, in {cli.data}:"
    assert [place.rpartition("/")[2] for place in places] == [
        "2026-11-22 1301 paid.webp", "2026-11-22 1301 ad.webp",
    ]  # fmt: skip
    assert all((cli.data / place.strip()).is_file() for place in places)


def test_scripts_get_the_captures_with_path_name_and_hash(
    cli: CommandLine, visitor: FakeVisitor, orders: dict[str, str]
) -> None:
    said = cli("capture", orders["lampe"], "--json").json
    assert (said["outcome"], said["held_back"], said["order"]["id"]) == ("ok", False, orders["lampe"])
    for capture in said["captures"]:
        assert capture["path"].startswith("archive/")
        assert Path(capture["name"]).parts[0] == "orders"
        assert capture["sha256"] in capture["path"]


@pytest.mark.parametrize(
    ("wall", "code"), [("logged_out", 3), ("blocked", 3), ("unreachable", 4), ("unreadable", 5)]
)
def test_what_stands_in_the_way_gives_the_exit_code(
    cli: CommandLine, visitor: FakeVisitor, orders: dict[str, str], wall: str, code: int
) -> None:
    visitor.wall = wall
    said = cli("capture", orders["lampe"])
    assert said.code == code
    assert "nothing of it was kept" in said.err


def test_a_thread_that_the_gateway_does_not_send_is_kept_as_the_problem_that_it_is(
    cli: CommandLine, visitor: FakeVisitor, orders: dict[str, str]
) -> None:
    visitor.thread_wall = "unreachable"
    said = cli("capture", orders["lampe"], "--json")
    assert said.code == 5
    assert ("conversation", "problem", False) in [
        (entry["page"], entry["reason"], entry["complete"]) for entry in said.json["captures"]
    ]


def test_an_ad_that_cannot_be_read_is_said_and_costs_nothing(
    cli: CommandLine, visitor: FakeVisitor, orders: dict[str, str]
) -> None:
    visitor.ad_wall = "unreachable"
    said = cli("capture", orders["lampe"])
    assert said.code == 0
    assert "The ad could not be read" in said.err


def test_an_order_that_the_box_no_longer_has_is_not_said_to_be_kept(
    cli: CommandLine, visitor: FakeVisitor, orders: dict[str, str]
) -> None:
    visitor.shop.remove("brettspiel")
    said = cli("capture", orders["brettspiel"])
    assert said.code == 5
    assert "was not to be had" in said.err


def test_a_cool_down_is_kept(cli: CommandLine, visitor: FakeVisitor, orders: dict[str, str]) -> None:
    visitor.wall = "blocked"
    cli("check")
    visitor.opened, visitor.wall = [], None
    said = cli("capture", orders["lampe"])
    assert said.code == 3
    assert "Not before" in said.out
    assert visitor.opened == []


def test_without_a_browser_nothing_is_kept_and_the_reason_is_told(
    cli: CommandLine, visitor: FakeVisitor, orders: dict[str, str]
) -> None:
    visitor.refuses = BrowserError("No browser was found.", advice="Install one.")
    said = cli("capture", orders["lampe"])
    assert said.code == 2
    assert "No browser was found." in said.err


@pytest.mark.parametrize("order", ["onobody2", "o"])
def test_what_names_nothing_is_wrong_usage(
    cli: CommandLine, visitor: FakeVisitor, orders: dict[str, str], order: str
) -> None:
    assert cli("capture", order).code == 2


def test_the_terms_must_have_been_accepted(
    cli: CommandLine, visitor: FakeVisitor, orders: dict[str, str]
) -> None:
    visitor.opened = []
    cli.write_config(terms=False)
    assert cli("capture", orders["lampe"]).code == 2
    assert visitor.opened == []


def test_the_question_whether_to_ship_keeps_what_the_page_said_then(
    cli: CommandLine, visitor: FakeVisitor, orders: dict[str, str]
) -> None:
    assert cli("ship", orders["lampe"]).code == 0
    assert pages(cli, orders["lampe"])[-1] == ("conversation", "ship")


def test_a_missing_readable_name_costs_no_check_and_is_told(
    cli: CommandLine, visitor: FakeVisitor, orders: dict[str, str]
) -> None:
    (cli.data / "orders").write_text("somebody's file")
    said = cli("capture", orders["lampe"])
    assert said.code == 0
    assert "no readable name" in said.err
    assert "archive/" in said.out
