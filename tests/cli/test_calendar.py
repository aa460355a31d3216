"""`calendar`: what is due, as a file to import or to subscribe to."""

from datetime import datetime
from pathlib import Path

import pytest
from icalendar import Calendar

from tests.support.cli import CommandLine
from watcher.bootstrap import house
from watcher.config_file import load
from watcher.postman.calendar_file import CalendarError


def uids(content: str | bytes) -> set[str]:
    return {str(event["UID"]) for event in Calendar.from_ical(content).walk("VEVENT")}


def test_the_calendar_of_all_open_cases_is_printed(seller: CommandLine, case_id: str) -> None:
    said = seller("calendar")
    assert said.code == 0
    assert f"{case_id}-step-ask_carrier@stornowacht" in uids(said.out)
    assert uids(seller("calendar", "--output", "-").out) == uids(said.out)


def test_scripts_get_what_is_due(seller: CommandLine, case_id: str, order_id: str) -> None:
    found = seller("calendar", case_id, "--json").json
    assert {each["uid"] for each in found} == uids(seller("calendar", case_id).out)
    first = found[0]
    assert first.keys() == {"uid", "case", "order", "step", "rule", "at", "certainty", "urgent"}
    assert (first["case"], first["order"], first["rule"]) == (case_id, order_id, None)
    steps = {step["id"]: step["due"] for step in seller("cases", "--json").json[0]["steps"]}
    assert all(steps[each["step"]] == each["at"] for each in found)
    assert all(datetime.fromisoformat(each["at"]) for each in found)


def test_a_file_is_written_and_says_when_nothing_has_changed(
    seller: CommandLine, case_id: str, tmp_path: Path
) -> None:
    path = tmp_path / "seller.ics"
    assert "is written" in seller("calendar", "--output", str(path)).out
    before = path.read_bytes()
    assert "is up to date" in seller("calendar", case_id[:5], "--output", str(path)).out
    assert path.read_bytes() == before
    seller("done", case_id, "keep_proof")
    seller("calendar", "--output", str(path))
    assert uids(before) - uids(path.read_bytes()) == {f"{case_id}-step-keep_proof@stornowacht"}


def test_the_config_may_name_the_file(seller: CommandLine, case_id: str) -> None:
    seller.write_config(more='[seller]\ncalendar = "seller.ics"\n')
    said = seller("calendar")
    assert str(seller.folder / "seller.ics") in said.out
    assert uids((seller.folder / "seller.ics").read_bytes())
    assert seller("calendar", case_id).out.startswith("BEGIN:VCALENDAR")


def test_the_house_keeps_the_configured_file_up_to_date(seller: CommandLine, case_id: str) -> None:
    path = seller.folder / "seller.ics"
    with house(load(seller.config)) as our:
        assert not our.keep_calendar()
    seller.write_config(more='[seller]\ncalendar = "seller.ics"\n')
    config = load(seller.config)
    with house(config) as our:
        assert [our.keep_calendar(), our.keep_calendar()] == [True, False]
        path.unlink()
        assert our.keep_calendar()
        assert uids(path.read_bytes())
    seller("close", case_id)
    with house(config) as our:
        assert our.keep_calendar()
    assert uids(path.read_bytes()) == set()


def test_a_calendar_that_cannot_be_kept_is_a_fault_with_a_way_out(seller: CommandLine) -> None:
    (seller.folder / "diary.ics").write_text("my diary")
    seller.write_config(more='[seller]\ncalendar = "diary.ics"\n')
    with house(load(seller.config)) as our, pytest.raises(CalendarError):
        our.keep_calendar()
    said = seller("calendar")
    assert (said.code, said.out) == (2, "")
    assert "diary.ics" in said.err
    assert (seller.folder / "diary.ics").read_text() == "my diary"


def test_without_cases_the_calendar_is_empty(cli: CommandLine) -> None:
    said = cli("calendar")
    assert (said.code, uids(said.out)) == (0, set())
    assert cli("calendar", "--json").json == []


@pytest.mark.parametrize(
    "arguments", [["c000000"], ["\x1b[2J"], ["--output", "/nowhere/a.ics"], ["--output"]]
)
def test_what_names_nothing_is_wrong_usage(seller: CommandLine, arguments: list[str]) -> None:
    said = seller("calendar", *arguments)
    assert (said.code, said.out) == (2, "")
    assert said.err
    assert "\x1b" not in said.err


@pytest.mark.parametrize(("name", "wrong"), [("gone/x.ics", "There is no folder"), ("", "is a folder")])
def test_a_place_where_no_file_can_be_is_refused_in_words_of_our_own(
    seller: CommandLine, name: str, wrong: str
) -> None:
    said = seller("calendar", "--output", str(seller.folder / name))
    assert said.code == 2
    assert wrong in said.err
    assert "No such file" not in said.err
