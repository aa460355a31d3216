"""`ack`, `done`, `note`: the seller's side."""

from datetime import datetime, timedelta

import pytest

from tests.support.cli import CommandLine
from watcher.domain.budget import BERLIN


def test_an_acknowledgement_is_told_and_remembered(seller: CommandLine, case_id: str) -> None:
    said = seller("ack", case_id)
    assert said.code == 0
    assert case_id in said.out
    assert seller("cases", "--json").json[0]["acknowledged"] is not None
    assert seller("status", "--json").json["waiting_alerts"] == []


def test_a_second_acknowledgement_is_as_good_as_the_first(seller: CommandLine, case_id: str) -> None:
    first = seller("ack", case_id, "--json").json
    assert seller("ack", case_id[:4], "--json").json == first


def test_a_snooze_silences_a_case_for_a_while(seller: CommandLine, case_id: str) -> None:
    said = seller("snooze", case_id, "2h")
    assert said.code == 0
    assert case_id in said.out
    assert seller("cases", "--json").json[0]["acknowledged"] is not None
    assert seller("status", "--json").json["waiting_alerts"] == []


@pytest.mark.parametrize(("begin", "end", "is_quiet"), [(-2, 2, True), (2, 4, False)])
def test_in_quiet_hours_nothing_is_even_tried_and_the_status_says_until_when(
    seller: CommandLine, *, begin: int, end: int, is_quiet: bool
) -> None:
    around = [f"{datetime.now(BERLIN) + timedelta(hours=hours):%H:%M}" for hours in (begin, end)]
    seller.write_config(
        more=f'[remind]\nquiet_hours = "{around[0]}-{around[1]}"\nwake_me = false\n'
        '[notify.email]\nto = "me@example.org"\nsender = "me@example.org"\nhost = "127.0.0.1"\nport = 9\n'
        'security = "none"\n'
    )
    assert seller("deliver").code == 0
    waiting = [one for one in seller("status", "--json").json["waiting_alerts"] if one["channel"] == "email"]
    assert waiting
    assert all((one["attempts"] == 0) is is_quiet for one in waiting if one["kind"] == "case_opened")
    if is_quiet:
        next_try = datetime.fromisoformat(waiting[0]["next_try"]).astimezone(BERLIN)
        assert f"{next_try:%H:%M}" == around[1]


def test_who_has_a_case_is_shown_with_the_way_it_was_said(seller: CommandLine, case_id: str) -> None:
    seller("ack", case_id)
    assert "(cli: you)" in seller("show", case_id.replace("c", "o", 1)).out
    seller("snooze", case_id, "2h")
    assert "Put off until" in seller("show", case_id.replace("c", "o", 1)).out


def test_a_case_that_is_put_off_is_nowhere_called_acknowledged(seller: CommandLine, case_id: str) -> None:
    places = (("status",), ("cases",), ("show", case_id))
    seller("snooze", case_id, "2h")
    for place in places:
        said = seller(*place).out
        assert "put off until" in said, place
        assert "acknowledged" not in said.replace("NOT ACKNOWLEDGED", ""), place
    seller("ack", case_id)
    for place in places:
        said = seller(*place).out
        assert "acknowledged" in said, place
        assert "put off until" not in said, place


def test_a_snooze_says_until_when(seller: CommandLine, case_id: str) -> None:
    found = seller("snooze", case_id, "30m", "--json").json
    assert found["snoozed_until"] > found["acknowledged"]


@pytest.mark.parametrize("span", ["2", "soon", "", "0s", "59s", "8d", "400d"])
def test_a_span_that_is_none_or_too_long_is_refused_with_the_way_out(
    seller: CommandLine, case_id: str, span: str
) -> None:
    said = seller("snooze", case_id, span)
    assert said.code == 2
    assert repr(span) in said.err or span in said.err
    assert ("stornowacht ack" if span.endswith(("s", "d")) else "2h") in said.err
    assert seller("cases", "--json").json[0]["acknowledged"] is None


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


def test_a_mark_that_changes_nothing_says_so_and_why(seller: CommandLine, case_id: str) -> None:
    assert seller("done", case_id, "ask_carrier").out.startswith("Done.")
    assert "Nothing changed: ask_carrier was done already" in seller("done", case_id, "ask_carrier").out
    seller("close", case_id)
    assert "keep_proof is no longer needed" in seller("done", case_id, "keep_proof").out
    assert "Nothing changed" in seller("ack", case_id).out
    assert f"Done. {case_id} stays closed." in seller("done", case_id, "relist").out


def test_a_contact_that_comes_too_soon_names_the_time_from_which_to_ask_again(
    seller: CommandLine, case_id: str, order_id: str
) -> None:
    seller("note", order_id, "Form sent", "--support")
    said = seller("note", order_id, "Form sent once more", "--support")
    again = datetime.now(BERLIN) + timedelta(days=3)
    assert f"ask again from {again:%d.%m.}" in said.err
    [follow_up] = [
        step for step in seller("cases", "--json").json[0]["steps"] if step["id"] == "follow_up_support"
    ]
    assert follow_up["done"] is False
