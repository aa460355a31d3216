"""`status`, `orders`, `cases`, `show`, `archive`: what is known, for people and for scripts."""

import re

import pytest

from tests.support.cli import CommandLine
from watcher.storage.store import SqliteStore


def change(cli: CommandLine, statement: str, *values: object) -> None:
    store = SqliteStore(cli.data)
    with store.writing() as writing:
        writing._connection.execute(statement, values)
    store.close()


def test_before_the_first_check_everything_is_empty_and_nothing_fails(cli: CommandLine) -> None:
    assert cli("orders", "--json").json == []
    assert cli("cases", "--json").json == []
    assert cli("archive", "list", "--json").json == []
    assert cli("archive", "verify", "--json").json["ok"] is True
    assert "never checked" in cli("status").out
    for command in (["orders"], ["cases"], ["archive", "list"], ["archive", "verify"]):
        assert cli(*command).code == 0


def test_orders_are_a_list_with_the_contracts_keys(seller: CommandLine) -> None:
    orders = seller("orders", "--json").json
    assert len(orders) == 6
    wanted = {
        "id",
        "conversation",
        "title",
        "buyer",
        "stage",
        "amount_cents",
        "carrier",
        "tracking_number",
        "confidence",
    }
    assert all(wanted <= order.keys() for order in orders)


def test_the_table_of_orders_shows_ids_that_can_be_copied(seller: CommandLine, order_id: str) -> None:
    assert order_id in seller("orders").out


def test_cases_are_a_list_with_their_steps(seller: CommandLine, case_id: str) -> None:
    [case] = seller("cases", "--json").json
    assert (case["id"], case["kind"], case["acknowledged"], case["closed"]) == (
        case_id,
        "in_transit",
        None,
        None,
    )
    assert {"id", "due", "done", "done_by", "urgent", "moves_to"} <= case["steps"][0].keys()
    assert case_id in seller("cases").out


def test_status_names_the_open_case_and_how_to_acknowledge_it(seller: CommandLine, case_id: str) -> None:
    assert f"stornowacht ack {case_id}" in seller("status").out


def test_status_for_scripts_holds_accounts_cases_and_waiting_alerts(
    seller: CommandLine, case_id: str
) -> None:
    found = seller("status", "--json").json
    assert [account["name"] for account in found["accounts"]] == ["main"]
    assert [case["id"] for case in found["open_cases"]] == [case_id]
    assert sorted(alert["channel"] for alert in found["waiting_alerts"]) == ["desktop", "email"]
    assert len(found["live_orders"]) == 2


def test_status_says_when_nobody_would_be_told(seller: CommandLine) -> None:
    assert "[notify]" in seller("status").out


def test_show_tells_everything_about_an_order(seller: CommandLine, order_id: str, case_id: str) -> None:
    said = seller("show", order_id)
    assert said.code == 0
    for word in ("Friteuse, kaum benutzt", "Erika", "45,00 €", case_id, "ask_carrier", "archive/"):
        assert word in said.out


def test_show_takes_a_cases_id_and_the_first_letters_of_an_order(
    seller: CommandLine, order_id: str, case_id: str
) -> None:
    wanted = seller("show", order_id, "--json").json
    assert seller("show", case_id, "--json").json == wanted
    assert seller("show", order_id[:5], "--json").json == wanted


def test_show_for_scripts_is_the_order_with_cases_notes_and_captures(
    seller: CommandLine, order_id: str, case_id: str
) -> None:
    seller("note", order_id, "DHL angerufen")
    found = seller("show", order_id, "--json").json
    assert (found["id"], found["stage"]) == (order_id, "cancelled")
    assert [case["id"] for case in found["cases"]] == [case_id]
    assert [note["text"] for note in found["notes"]] == ["DHL angerufen"]
    assert [capture["order"] for capture in found["captures"]] == [order_id] * 3
    assert sorted(capture["page"] for capture in found["captures"]) == ["ad", "conversation", "conversation"]
    assert "DHL angerufen" in seller("show", order_id).out


def test_show_gives_the_tracking_address_a_line_of_its_own(seller: CommandLine, order_id: str) -> None:
    assert re.search(r"^  \S+ +https://\S+$", seller("show", order_id).out, re.MULTILINE)


@pytest.mark.parametrize(
    "command", [["show", "o000000"], ["archive", "list", "o000000"], ["show", ""], ["show", "\udcff"]]
)
def test_an_unknown_order_is_wrong_usage(seller: CommandLine, command: list[str]) -> None:
    said = seller(*command)
    assert (said.code, said.out) == (2, "")
    assert "stornowacht orders" in said.err


def test_the_archive_lists_its_captures(seller: CommandLine, order_id: str) -> None:
    everything = seller("archive", "list", "--json").json
    own = seller("archive", "list", order_id, "--json").json
    assert len(everything) > len(own) == 3
    assert {"order", "path", "sha256", "at", "reason", "files"} <= own[0].keys()
    assert (seller.data / own[0]["path"]).is_file()
    assert seller("archive", "list").code == 0


def test_an_untouched_archive_verifies(seller: CommandLine) -> None:
    said = seller("archive", "verify", "--json")
    assert said.code == 0
    found = said.json
    assert (found["ok"], found["faults"]) == (True, [])
    assert re.fullmatch("[0-9a-f]{64}", found["ledger_head"])
    assert found["ledger_head"] in seller("archive", "verify").out


def test_a_changed_file_is_named_and_the_answer_is_no(seller: CommandLine) -> None:
    path = seller.data / seller("archive", "list", "--json").json[0]["path"]
    path.chmod(0o600)
    path.write_bytes(b"another")
    said = seller("archive", "verify", "--json")
    assert said.code == 1
    assert said.json["ok"] is False
    assert path.name in said.json["faults"][0]["place"]
    words = seller("archive", "verify")
    assert words.code == 1
    assert path.name in words.out


def test_a_damaged_database_is_told_without_a_traceback(seller: CommandLine) -> None:
    store = SqliteStore(seller.data)
    store.tidy()
    store.close()
    path = seller.data / "stornowacht.db"
    content = bytearray(path.read_bytes())
    content[8192:] = b"\xa5" * (len(content) - 8192)
    path.write_bytes(content)
    for command in (["status"], ["orders"], ["archive", "verify"], ["archive", "list"]):
        said = seller(*command)
        assert said.code == 2
        assert "stornowacht.db" in said.err


@pytest.mark.slow
@pytest.mark.parametrize("column", ["title", "buyer", "tracking_number", "carrier", "conversation"])
def test_hostile_words_of_strangers_do_not_steer_the_terminal(
    seller: CommandLine, order_id: str, column: str
) -> None:
    hostile = "x\x1b[2J\x1b]0;x\x07\x9b31m\u202egnp\r\n\x7f\x00[bold]"
    change(seller, f"UPDATE orders SET {column} = ?", hostile)  # noqa: S608
    for command in (["orders"], ["cases"], ["status"], ["show", order_id], ["archive", "list"]):
        for extra in ([], ["--json"]):
            said = seller(*command, *extra)
            assert said.code == 0
            assert not set(said.all) & set("\x1b\x07\x9b\u202e\r\x7f\x00")


def test_what_json_escapes_is_still_the_same_text(seller: CommandLine) -> None:
    hostile = "x\x1b[2J\x9b\u202e\x7f ü€😀\U000e0001"
    change(seller, "UPDATE orders SET title = ?", hostile)
    assert {order["title"] for order in seller("orders", "--json").json} == {hostile}


def test_everything_is_said_in_german_too(seller: CommandLine, order_id: str) -> None:
    english = [seller(*command).out for command in (["status"], ["show", order_id], ["cases"])]
    seller.write_config(spoken="de")
    german = [seller(*command).out for command in (["status"], ["show", order_id], ["cases"])]
    assert all(one != other for one, other in zip(english, german, strict=True))
    assert "storniert" in german[1]
    assert "Käufer" in german[1]


def test_scripts_get_the_same_in_every_language(seller: CommandLine, order_id: str) -> None:
    english = seller("show", order_id, "--json").out
    seller.write_config(spoken="de")
    assert seller("show", order_id, "--json").out == english
