"""`close`, and `note --support`: the seller ends a case, and keeps count of talks with support."""

from datetime import datetime, timedelta

import pytest

from tests.support.cli import CommandLine
from watcher.storage.store import SqliteStore


def test_a_closed_case_says_what_was_open_in_it(seller: CommandLine, case_id: str) -> None:
    seller("done", case_id, "keep_proof")
    said = seller("close", case_id)
    assert said.code == 0
    assert f"{case_id} is closed." in said.out
    assert "[ask_carrier]" in said.out
    assert "[keep_proof]" not in said.out
    assert "[relist]" not in said.out
    assert seller("status", "--json").json["open_cases"] == []


def test_scripts_get_the_case_and_what_was_open(seller: CommandLine, case_id: str) -> None:
    found = seller("close", case_id[:5], "--json").json
    assert (found["id"], found["ending"]) == (case_id, "by_seller")
    dropped = {step["id"] for step in found["steps"] if step["because"] == "closed"}
    assert dropped == set(found["was_open"])
    assert "ask_carrier" in dropped


def test_closing_takes_the_waiting_alerts_along(seller: CommandLine, case_id: str) -> None:
    store = SqliteStore(seller.data)
    before = len([entry for entry in store.outbox() if entry.dropped_at is None])
    seller("close", case_id)
    after = [entry for entry in store.outbox() if entry.dropped_at is None]
    store.close()
    assert (before > 0, after) == (True, [])


def test_a_second_close_changes_nothing_and_says_since_when_it_is_closed(
    seller: CommandLine, case_id: str
) -> None:
    first = seller("close", case_id, "--json").json
    second = seller("close", case_id)
    assert (second.code, "closed already" in second.out) == (0, True)
    again = seller("close", case_id, "--json").json
    assert (again["was_open"], again["closed"]) == ([], first["closed"])


def test_a_contact_with_support_is_kept_and_marks_its_step(
    seller: CommandLine, case_id: str, order_id: str
) -> None:
    said = seller("note", order_id, "Formular ausgefüllt", "--support")
    assert (said.code, said.err) == (0, "")
    assert "One inquiry is enough" in said.out
    steps = {step["id"]: step for step in seller("cases", "--json").json[0]["steps"]}
    assert steps["tell_support"]["done_by"] == "seller"
    assert steps["follow_up_support"]["done"] is False


def test_a_second_contact_too_soon_is_kept_and_warned_of(seller: CommandLine, order_id: str) -> None:
    seller("note", order_id, "Formular ausgefüllt", "--support")
    said = seller("note", order_id, "noch eine Mail", "--support")
    assert said.code == 0
    assert f"Noted for {order_id}." in said.out
    assert "A second inquiry makes nothing faster" in said.err
    assert "One inquiry is enough" not in said.out
    notes = [note["text"] for note in seller("show", order_id, "--json").json["notes"]]
    assert notes[-2:] == ["Formular ausgefüllt", "noch eine Mail"]


def test_scripts_see_the_earlier_contacts(seller: CommandLine, order_id: str) -> None:
    first = seller("note", order_id, "eins", "--support", "--json").json
    assert (first["kind"], first["earlier_contacts"]) == ("support", [])
    second = seller("note", order_id, "zwei", "--support", "--json").json
    assert second["earlier_contacts"] == [first["at"]]


def test_other_notes_and_other_orders_do_not_count_as_contacts(seller: CommandLine, order_id: str) -> None:
    other = next(order["id"] for order in seller("orders", "--json").json if order["id"] != order_id)
    seller("note", other, "Formular", "--support")
    seller("note", order_id, "Bei DHL angerufen")
    assert seller("note", order_id, "Formular", "--support", "--json").json["earlier_contacts"] == []


def test_after_the_set_days_nothing_is_warned_of(
    seller: CommandLine, order_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    seller.write_config(more='[seller]\nsupport_again = "2d"\n')
    at = datetime.fromisoformat(seller("note", order_id, "eins", "--support", "--json").json["at"])
    for days, warned in ((1.9, True), (2.1, False)):
        later = at + timedelta(days=days)
        monkeypatch.setattr("watcher.cli.seller.now", lambda at=later: at)
        earlier = seller("note", order_id, "noch", "--json").json["earlier_contacts"]
        assert earlier == []  # a plain note asks nobody
        store = SqliteStore(seller.data)
        with store.writing() as writing:
            writing._connection.execute("DELETE FROM notes WHERE text = 'zwei'")
        store.close()
        said = seller("note", order_id, "zwei", "--support")
        assert ("MIND" in said.err) is warned


@pytest.mark.parametrize("command", [["close", "c000000"], ["close", ""], ["close", "\x1b[2J"]])
def test_a_case_that_is_not_known_is_wrong_usage(seller: CommandLine, command: list[str]) -> None:
    said = seller(*command)
    assert (said.code, said.out) == (2, "")
    assert "\x1b" not in said.err


def test_an_empty_note_is_refused_for_support_too(seller: CommandLine, order_id: str) -> None:
    assert seller("note", order_id, " ", "--support").code == 2
    assert seller("show", order_id, "--json").json["notes"] == []


def test_a_hostile_title_does_not_steer_the_terminal(seller: CommandLine, case_id: str) -> None:
    store = SqliteStore(seller.data)
    with store.writing() as writing:
        writing._connection.execute("UPDATE orders SET carrier = ?", ("x\x1b[2J\x9b\u202e{0}",))
    store.close()
    said = seller("close", case_id)
    assert said.code == 0
    assert not set(said.all) & set("\x1b\x9b\u202e")
