"""`check`: what it prints and with which code it ends, as the contract has it."""

import re
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.support.cli import CommandLine
from tests.support.rooms import FakePostman
from tests.support.visiting import FakeVisitor
from watcher.errors import BrowserError, BusyError
from watcher.storage.store import SqliteStore

ORDER_KEYS = {
    "id": str,
    "conversation": str,
    "title": str,
    "buyer": str,
    "stage": str,
    "amount_cents": int,
    "carrier": str,
    "tracking_number": (str, type(None)),
    "confidence": str,
}
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00")


def store_of(cli: CommandLine) -> SqliteStore:
    return SqliteStore(cli.data)


def test_a_check_prints_one_object_as_the_contract_has_it(cli: CommandLine, visitor: FakeVisitor) -> None:
    said = cli("check", "--json")
    assert said.code == 0
    found = said.json
    assert (found["account"], found["outcome"], found["complete"]) == ("main", "ok", True)
    assert found["confidence"] in {"certain", "likely", "unsure"}
    assert found["blocked_requests"] == 0
    assert MOMENT.fullmatch(found["next_check"])
    assert {"orders", "events", "cases", "captures"} <= found.keys()


def test_orders_of_a_check_have_the_contracts_keys(cli: CommandLine, visitor: FakeVisitor) -> None:
    orders = {order["title"]: order for order in cli("check", "--json").json["orders"]}
    friteuse = orders["Friteuse, kaum benutzt"]
    for key, kind in ORDER_KEYS.items():
        assert isinstance(friteuse[key], kind), key
    assert (friteuse["stage"], friteuse["amount_cents"], friteuse["carrier"]) == ("shipped", 4500, "dhl")


def test_a_cancellation_brings_event_case_and_capture(cli: CommandLine, visitor: FakeVisitor) -> None:
    cli("check")
    visitor.shop.happen("friteuse", "BUYER_CANCELLED")
    found = cli("check", "--json").json
    [event] = found["events"]
    assert event["kind"] == "order_cancelled"
    assert MOMENT.fullmatch(event["at"])
    [case] = found["cases"]
    assert (case["order"], case["kind"]) == (event["order"], "in_transit")
    assert {"id", "due", "done"} <= case["steps"][0].keys()
    assert case["steps"][0]["done"] is False
    capture = next(capture for capture in found["captures"] if capture["order"] == event["order"])
    assert (cli.data / capture["path"]).is_file()
    assert not Path(capture["path"]).is_absolute()
    assert re.fullmatch("[0-9a-f]{64}", capture["sha256"])
    assert event["order"] in {order["id"] for order in found["orders"]}


def test_a_second_check_on_the_same_data_finds_nothing_new(cli: CommandLine, visitor: FakeVisitor) -> None:
    first, second = cli("check", "--json").json, cli("check", "--json").json
    assert first["events"]
    assert (second["events"], second["captures"]) == ([], [])
    assert "Nothing new." in cli("check").out


@pytest.mark.parametrize(
    ("wall", "code"), [("logged_out", 3), ("blocked", 3), ("unreachable", 4), ("unreadable", 5)]
)
def test_a_wall_decides_the_exit_code(cli: CommandLine, visitor: FakeVisitor, wall: str, code: int) -> None:
    visitor.wall = wall
    said = cli("check", "--json")
    assert said.code == code
    assert (said.json["outcome"], said.json["complete"]) == (wall, False)


def test_what_was_only_partly_read_ends_with_its_own_code(cli: CommandLine, visitor: FakeVisitor) -> None:
    visitor.thread_wall = "unreachable"
    said = cli("check", "--json")
    assert (said.code, said.json["outcome"], said.json["complete"]) == (5, "partial", False)


def test_a_cool_down_holds_a_check_back_and_still_prints_the_object(
    cli: CommandLine, visitor: FakeVisitor
) -> None:
    visitor.clock.now = datetime.now(UTC)
    cli("check")
    visitor.wall = "blocked"
    blocked = cli("check", "--json").json
    visitor.wall, visitor.opened = None, ["untouched"]
    said = cli("check", "--json")
    assert said.code == 3
    assert visitor.opened == ["untouched"]
    held = said.json
    assert held.keys() == blocked.keys()
    assert (held["outcome"], held["complete"], held["events"]) == ("blocked", False, [])
    assert held["next_check"] == blocked["next_check"]
    assert len(held["orders"]) == 4


def test_a_held_back_check_says_until_when(cli: CommandLine, visitor: FakeVisitor) -> None:
    visitor.wall = "blocked"
    cli("check")
    assert "Not before" in cli("check").out


def test_after_the_cool_down_the_check_takes_place(cli: CommandLine, visitor: FakeVisitor) -> None:
    visitor.wall = "blocked"
    cli("check")
    store = store_of(cli)
    with store.writing() as writing:
        past = datetime.now(UTC) - timedelta(seconds=1)
        writing._connection.execute("UPDATE accounts SET cool_down_until = ?", (past.isoformat(),))
    store.close()
    visitor.wall = None
    assert cli("check").code == 0


def test_the_terms_must_have_been_accepted(cli: CommandLine, visitor: FakeVisitor) -> None:
    cli.write_config(terms=False)
    for command in ("check", "run", "login"):
        said = cli(command)
        assert said.code == 2
        assert "i_accept_the_risk" in said.err
        assert "crawlers" in said.err
    assert not (cli.data / "stornowacht.db").exists()


def test_an_unknown_account_is_wrong_usage(cli: CommandLine, visitor: FakeVisitor) -> None:
    said = cli("check", "nobody")
    assert said.code == 2
    assert "main" in said.err


def test_several_accounts_are_a_list_and_the_worst_outcome_decides(
    cli: CommandLine, visitor: FakeVisitor
) -> None:
    cli.write_config(more='[[account]]\nname = "main"\n[[account]]\nname = "second"\n')
    said = cli("check", "--json")
    assert [entry["account"] for entry in said.json] == ["main", "second"]
    visitor.wall = "unreachable"
    assert cli("check", "second", "--json").json["account"] == "second"
    assert cli("check").code == 4


def test_without_a_browser_the_way_out_is_told(cli: CommandLine, visitor: FakeVisitor) -> None:
    visitor.refuses = BrowserError("No browser was found.", advice="Install Chromium.")
    said = cli("check", "--json")
    assert (said.code, said.out) == (2, "")
    assert said.err == "No browser was found.\nInstall Chromium.\n"


def test_an_account_that_is_being_visited_is_told_and_passed_over_by_the_schedule(
    cli: CommandLine, visitor: FakeVisitor
) -> None:
    visitor.refuses = BusyError("The account is being visited.")
    assert cli("check").code == 2
    assert cli("check", "--scheduled").code == BusyError.scheduled_exit_code


def test_an_account_that_cannot_be_looked_at_holds_up_no_other(
    cli: CommandLine, visitor: FakeVisitor
) -> None:
    cli.write_config(more='[[account]]\nname = "main"\n[[account]]\nname = "second"\n')
    visitor.breaks_for = {"main": BusyError("The account is being visited.")}
    said = cli("check", "--json")
    assert (said.code, said.err) == (2, "The account is being visited.\n")
    assert [entry["account"] for entry in said.json] == ["second"]


@pytest.mark.parametrize(
    "fault", [BrowserError("No browser was found."), RuntimeError("a bug that nobody has met yet")]
)
def test_checks_of_a_timer_that_cannot_be_made_are_counted_and_told(
    cli: CommandLine, visitor: FakeVisitor, fault: Exception
) -> None:
    """Where no daemon runs nobody else would notice that nothing is looked at any more."""
    postman = FakePostman("desktop")
    cli.write_config(more='[notify.desktop]\n[remind]\nquiet_hours = ""\n')
    cli.use_postman(postman)
    cli("check")
    visitor.breaks_for = {"main": fault}
    for _ in range(3):
        with suppress(RuntimeError):
            assert cli("check").code == 2
    account = cli("status", "--json").json["accounts"][0]
    assert (account["last_outcome"], account["last_cause"]) == ("unreachable", "check_failed")
    assert account["unverified_since"] == account["last_complete"]
    assert [entry.alert.kind for entry in postman.taken] == ["account_trouble"]


def test_a_check_by_hand_delivers_what_it_has_found(cli: CommandLine, visitor: FakeVisitor) -> None:
    postman = FakePostman("desktop")
    cli.write_config(more="[notify.desktop]\n")
    cli.use_postman(postman)
    cli("check")
    visitor.shop.happen("friteuse", "BUYER_CANCELLED")
    cli("check")
    assert [entry.alert.kind for entry in postman.taken] == ["case_opened"]


@pytest.mark.parametrize("fault", [BrokenPipeError, SystemExit])
def test_alerts_go_out_even_if_nobody_reads_what_the_check_says(
    cli: CommandLine, visitor: FakeVisitor, monkeypatch: pytest.MonkeyPatch, fault: type[BaseException]
) -> None:
    def gone(*_: object) -> None:
        raise fault

    postman = FakePostman("desktop")
    cli.write_config(more="[notify.desktop]\n")
    cli.use_postman(postman)
    cli("check")
    visitor.shop.happen("friteuse", "BUYER_CANCELLED")
    with monkeypatch.context() as patched:
        patched.setattr("watcher.cli.watch.tell", gone)
        assert cli("check").code != 0
    assert [entry.alert.kind for entry in postman.taken] == ["case_opened"]


def test_a_dead_channel_does_not_change_the_checks_outcome(cli: CommandLine, visitor: FakeVisitor) -> None:
    postman = FakePostman("desktop")
    postman.fail("desktop")
    cli.write_config(more="[notify.desktop]\n")
    cli.use_postman(postman)
    cli("check")
    visitor.shop.happen("friteuse", "BUYER_CANCELLED")
    assert cli("check").code == 0
    assert cli("deliver").code == 0


def test_what_was_found_is_told_in_words(cli: CommandLine, visitor: FakeVisitor) -> None:
    cli("check")
    visitor.shop.happen("friteuse", "BUYER_CANCELLED")
    said = cli("check").out
    assert re.search(r"CANCELLED \(likely\): Friteuse, kaum benutzt", said)
    assert "stornowacht show o" in said


def test_a_hostile_title_does_not_steer_the_terminal(cli: CommandLine, visitor: FakeVisitor) -> None:
    visitor.shop.say("lampe", "x")
    deal = visitor.shop.deal("lampe")
    object.__setattr__(deal.ad, "title", "Lampe\x1b[2J\x1b]0;x\x07\x9b31m\u202egnp\r\x7f")
    visitor.shop.add(deal)
    for said in (cli("check"), cli("check", "--json"), cli("orders", "--json"), cli("orders"), cli("status")):
        assert not set(said.all) & set("\x1b\x07\x9b\u202e\r\x7f\x00")
