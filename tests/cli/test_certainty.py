"""What is not certain is said everywhere: `status`, `orders`, `check`."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.support.cli import CommandLine
from tests.support.visiting import FakeVisitor
from watcher.storage.store import SqliteStore

LOOPBACK = (
    '[site]\nbase_url = "http://127.0.0.1:1"\ngateway_url = "http://127.0.0.1:2"\n'
    "[watch]\npages_per_day = 20\n"
)


def test_an_account_that_was_seen_completely_says_nothing_of_it(
    cli: CommandLine, visitor: FakeVisitor
) -> None:
    cli("check")
    account = cli("status", "--json").json["accounts"][0]
    assert (account["unverified_since"], account["unverified_orders"]) == (None, [])
    assert "NOT VERIFIED" not in cli("status").out


def test_an_account_that_was_not_says_since_when_and_why(cli: CommandLine, visitor: FakeVisitor) -> None:
    visitor.clock.now = datetime.now(UTC)
    cli("check")
    visitor.wall = "logged_out"
    cli("check")
    account = cli("status", "--json").json["accounts"][0]
    assert account["unverified_since"] == account["last_complete"]
    assert account["last_cause"] == "login_page"
    assert len(account["unverified_orders"]) == 3
    said = cli("status").out
    assert "NOT VERIFIED since" in said
    assert "Not verified since" in said
    unsure = {order["id"] for order in cli("orders", "--json").json if not order["verified"]}
    assert unsure == set(account["unverified_orders"])
    assert cli("orders").out.count("NOT VERIFIED since") == 3
    assert "NOT VERIFIED since" in cli("show", min(unsure)).out
    assert cli("show", min(unsure), "--json").json["verified"] is False


def test_a_check_says_since_when_nothing_is_certain_and_what_was_not_read(
    cli: CommandLine, visitor: FakeVisitor
) -> None:
    visitor.clock.now = datetime.now(UTC)
    first = cli("check", "--json").json
    assert first["unverified_since"] is None
    visitor.thread_wall = "unreachable"
    said = cli("check").out
    assert "  Friteuse, kaum benutzt could not be read." in said
    assert "  NOT VERIFIED since" in said


def test_a_check_says_of_which_kept_pages_no_picture_could_be_taken(
    cli: CommandLine, visitor: FakeVisitor
) -> None:
    visitor.alter = lambda capture: replace(capture, screenshot=b"")
    assert "The list: no picture could be taken." in cli("check").out
    assert "no picture" not in cli("check").out


def test_the_next_check_comes_with_its_reason(cli: CommandLine, visitor: FakeVisitor) -> None:
    cli.write_config(
        more="[watch]\npages_per_day = 3000\n"
    )  # early in the day the usual number is spread over it
    cli("check")
    assert "(sales are under way)" in cli("status").out


MAILBOX = (
    '[mailbox]\nhost = "127.0.0.1"\nsecurity = "none"\nusername = "me"\npassword = "env:TEST_NO_PASSWORD"\n'
)


@pytest.mark.parametrize(
    ("mode", "more", "said"),
    [
        ("mail", MAILBOX, "when the platform sends a mail"),
        ("passive", "", "when you browse with `stornowacht open`"),
    ],
)
def test_where_no_clock_brings_the_next_check_no_time_is_promised(
    cli: CommandLine, visitor: FakeVisitor, mode: str, more: str, said: str
) -> None:
    cli.write_config(more=f'[watch]\nmode = "{mode}"\n{more}')
    cli("check")
    assert f"next look {said}." in cli("status").out
    account = cli("status", "--json").json["accounts"][0]
    assert (account["next_check"], account["next_check_reason"]) == (None, None)


def test_as_whom_one_is_logged_in_is_said(cli: CommandLine, visitor: FakeVisitor) -> None:
    assert cli("check", "--json").json["logged_in_as"] == "marlene@example.org"
    assert "marlene@example.org" in cli("status").out


def test_addresses_that_the_guard_lets_through_are_named_as_long_as_they_stand(cli: CommandLine) -> None:
    cli.write_config(more='[site]\nallow = ["PUT https://gateway.kleinanzeigen.de/x"]\n')
    assert "PUT https://gateway.kleinanzeigen.de/x" in cli("status").out
    assert cli("status", "--json").json["allowed_addresses"] == ["PUT https://gateway.kleinanzeigen.de/x"]


def test_force_looks_in_spite_of_a_cool_down_and_warns(cli: CommandLine, visitor: FakeVisitor) -> None:
    visitor.clock.now = datetime.now(UTC)
    visitor.wall = "blocked"
    cli("check")
    visitor.wall = None
    assert cli("check", "--json").json["held_back"] is True
    said = cli("check", "--force", "--json")
    assert said.code == 0
    assert "longer" in said.err
    assert cli("check", "--json").json["held_back"] is False


def test_each_further_block_makes_the_cool_down_longer(cli: CommandLine, visitor: FakeVisitor) -> None:
    visitor.clock.now = datetime.now(UTC)
    visitor.wall = "blocked"
    waits = []
    for _ in range(7):
        planned = cli("check", "--force", "--json").json["next_check"]
        waits.append(datetime.fromisoformat(planned) - visitor.clock.now)
    hours = [round(wait / timedelta(hours=1)) for wait in waits]
    assert hours == [1, 2, 4, 8, 16, 24, 24]


def test_spent_page_loads_hold_back_the_schedule_until_midnight(
    cli: CommandLine, visitor: FakeVisitor
) -> None:
    cli.write_config(more=LOOPBACK)
    for _ in range(5):
        cli("check")
    store = SqliteStore(cli.data)
    assert store.account("main").loads.count >= 20
    store.close()
    visitor.opened = ["untouched"]
    said = cli("check", "--scheduled", "--json")
    assert (said.code, said.json["held_back"], visitor.opened) == (5, True, ["untouched"])
    assert cli("status", "--json").json["accounts"][0]["next_check_reason"] == "budget"
    assert cli("check", "--json").json["held_back"] is False


@pytest.mark.parametrize("wall", ["logged_out", "unreachable"])
def test_no_other_wall_holds_back_a_check_by_hand(cli: CommandLine, visitor: FakeVisitor, wall: str) -> None:
    visitor.clock.now = datetime.now(UTC)
    visitor.wall = wall
    cli("check")
    visitor.wall = None
    assert cli("check").code == 0


def test_a_check_says_what_exactly_it_met(cli: CommandLine, visitor: FakeVisitor) -> None:
    visitor.wall = "logged_out"
    assert "the login page came instead" in cli("check").out


def test_a_page_that_was_not_understood_says_which_hosts_were_kept_away(
    cli: CommandLine, visitor: FakeVisitor
) -> None:
    visitor.wall = "unreadable"
    visitor.alter = lambda capture: replace(
        capture, foreign=(("https://cdn.example", 12),), stopped=(("POST https://a.example/…", 2),)
    )
    assert "Not loaded from: https://cdn.example." in cli("check").out
    found = cli("check", "--json").json
    assert (found["foreign_hosts"], found["stopped"]) == (
        {"https://cdn.example": 12},
        {"POST https://a.example/…": 2},
    )
