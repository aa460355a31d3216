"""`ack`, `done`, `note`: the seller's side."""

import pytest

from tests.support.cli import CommandLine


def test_an_acknowledgement_is_told_and_remembered(seller: CommandLine, case_id: str) -> None:
    said = seller("ack", case_id)
    assert said.code == 0
    assert case_id in said.out
    assert seller("cases", "--json").json[0]["acknowledged"] is not None
    assert seller("status", "--json").json["waiting_alerts"] == []


def test_a_second_acknowledgement_is_as_good_as_the_first(seller: CommandLine, case_id: str) -> None:
    first = seller("ack", case_id, "--json").json
    assert seller("ack", case_id[:4], "--json").json == first


def test_a_step_is_done_and_the_next_one_comes(seller: CommandLine, case_id: str) -> None:
    found = seller("done", case_id, "ask_carrier", "--json").json
    step = next(step for step in found["steps"] if step["id"] == "ask_carrier")
    assert (step["done"], step["done_by"]) == (True, "seller")


def test_the_last_step_closes_the_case_and_says_so(seller: CommandLine, case_id: str) -> None:
    words = []
    while open_steps := [
        step["id"]
        for step in seller("cases", "--json").json[0]["steps"]
        if not step["done"] and not step["moves_to"] and not step["optional"]
    ]:
        words.append(seller("done", case_id, open_steps[0]).out)
    assert "closed" in words[-1]
    assert "closed" not in words[0]
    assert seller("cases", "--json").json[0]["closed"] is not None
    assert seller("status", "--json").json["open_cases"] == []


def test_a_note_is_kept(seller: CommandLine, order_id: str) -> None:
    found = seller("note", order_id, "Erika hat geschrieben", "--json").json
    assert (found["order"], found["text"]) == (order_id, "Erika hat geschrieben")
    assert seller("note", order_id, "noch etwas").code == 0


def test_a_note_with_bytes_that_are_no_text_is_kept(seller: CommandLine, order_id: str) -> None:
    assert seller("note", order_id, "Stra\udcdfe").code == 0
    assert seller("show", order_id, "--json").json["notes"][0]["text"] == "Stra?e"


@pytest.mark.parametrize(
    "command",
    [
        ["ack", "c000000"],
        ["ack", ""],
        ["ack", "\udcff"],
        ["done", "c000000", "ask_carrier"],
        ["done", "CASE", "dance"],
        ["done", "CASE", "\x1b[2J"],
        ["note", "o000000", "text"],
        ["note", "ORDER", ""],
        ["note", "ORDER", "  "],
    ],
)
def test_what_names_nothing_is_wrong_usage(
    seller: CommandLine, case_id: str, order_id: str, command: list[str]
) -> None:
    known = {"CASE": case_id, "ORDER": order_id}
    said = seller(*(known.get(word, word) for word in command))
    assert (said.code, said.out) == (2, "")
    assert said.err
    assert "\x1b" not in said.err


@pytest.mark.parametrize("command", [["ack"], ["done", "c1"], ["note", "o1"], ["ack", "a", "b"], ["show"]])
def test_missing_and_superfluous_arguments_are_wrong_usage(seller: CommandLine, command: list[str]) -> None:
    said = seller(*command)
    assert said.code == 2
    assert "Usage" in said.err


def test_letters_that_fit_several_cases_name_them(seller: CommandLine, case_id: str) -> None:
    from dataclasses import replace

    from watcher.storage.store import SqliteStore

    store = SqliteStore(seller.data)
    with store.writing() as writing:
        writing.save_case(replace(store.cases()[0], id=case_id[:5] + "zz"))
    store.close()
    said = seller("ack", case_id[:5])
    assert said.code == 2
    assert case_id in said.err
