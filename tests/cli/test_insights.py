"""`insights`: the figures as tables, as JSON and as CSV; and the look back in `show` and `close`."""

import csv
import io
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.support.cli import CommandLine
from tests.support.sales import plant
from watcher.domain.figure import Topic

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)


@pytest.fixture
def shop(cli: CommandLine, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    """A year of sales: forty with Hermes of which ten were cancelled, eighty with DHL of which two were, five others."""
    plant(cli.data, now=NOW)
    monkeypatch.setattr("watcher.cli.insights.now", lambda: NOW)
    return cli


def test_the_figures_stand_with_their_counts_and_ranges(shop: CommandLine) -> None:
    said = shop("insights")
    assert (said.code, said.err) == (0, "")
    assert "12 of 125 finished sales were cancelled: 10% (6 to 16%)." in said.out
    lines = [" ".join(line.split()) for line in said.out.splitlines()]
    assert "Hermes 10 of 40 25% 14 to 40%" in lines
    assert "DHL 2 of 80 2% 1 to 9%" in lines
    assert "Hermes: 25% (10 of 40) were cancelled, more than DHL: 2% (2 of 80)." in lines


def test_ads_answers_and_buyers_have_their_figures_with_what_is_not_known(shop: CommandLine) -> None:
    said = shop("insights", "--since", "all")
    lines = [" ".join(line.split()) for line in said.out.splitlines()]
    for heading in (
        "By the category of the ad",
        "By how soon you answered",
        "By the age of the buyer's account",
        "By what the ad check had found",
    ):
        assert heading in lines
    told = shop("insights", "--since", "all", "--json").json["figures"]
    findings = {row["key"]: row["of"] for row in told["finding"]["rows"]}
    assert findings == {
        "few_photos": 63, "few_photos/without": 42, "no_condition": 42, "no_condition/without": 63,
    }  # fmt: skip
    assert told["finding"]["unknown"] == 20  # of the ad that nobody has read
    assert sum(row["of"] for row in told["answers"]["rows"]) == 63
    assert told["answers"]["unknown"] == 62
    assert sum(row["of"] for row in told["category"]["rows"]) == 125
    assert sum(row["of"] for row in told["buyer_age"]["rows"]) == 125
    rows = list(csv.DictReader(io.StringIO(shop("insights", "--since", "all", "--csv", "-").out)))
    named = {row["group"]: row["name"] for row in rows if row["figure"] == "finding" and row["group"]}
    assert named["no_condition"] == "The condition is not named"
    assert named["no_condition/without"] == "ads without that"


def test_too_few_are_named_so(shop: CommandLine) -> None:
    lines = [" ".join(line.split()) for line in shop("insights").out.splitlines()]
    assert "brieftaube 0 of 5 too few to say" in lines


def test_no_word_says_why(shop: CommandLine) -> None:
    told = shop("insights").out.casefold()
    assert [word for word in ("because", "caused", "due to", "leads to", "therefore") if word in told] == []


def test_a_shorter_time_has_fewer_sales(shop: CommandLine) -> None:
    whole, part = (shop("insights", "--since", span, "--json").json for span in ("all", "60d"))
    assert (whole["cancelled"]["of"], whole["since"]) == (125, None)
    assert 0 < part["cancelled"]["of"] < 125
    assert part["since"] == "2026-09-26T22:00:00+00:00"


def test_scripts_get_every_figure_and_no_rate_of_too_few(shop: CommandLine) -> None:
    told = shop("insights", "--json").json
    assert told.keys() == {
        "since", "until", "enough", "cancelled", "under_way", "reasons", "no_reason", "figures", "loss",
    }  # fmt: skip
    assert set(told["figures"]) <= {topic.value for topic in Topic}
    rows = {row["key"]: row for row in told["figures"]["carrier"]["rows"]}
    assert rows["hermes"] == {
        "key": "hermes",
        "hits": 10,
        "of": 40,
        "share": 0.25,
        "low": 0.1419,
        "high": 0.4019,
    }
    assert rows["brieftaube"] == {
        "key": "brieftaube", "hits": 0, "of": 5, "share": None, "low": None, "high": None,
    }  # fmt: skip
    assert told["figures"]["carrier"]["differences"] == [{"more": "hermes", "less": "dhl"}]


def test_the_table_is_the_same_numbers(shop: CommandLine) -> None:
    rows = list(csv.DictReader(io.StringIO(shop("insights", "--csv", "-").out)))
    (whole,) = (row for row in rows if row["figure"] == "cancelled")
    assert (whole["hits"], whole["of"], whole["share"]) == ("12", "125", "0.096")
    (hermes,) = (row for row in rows if (row["figure"], row["group"]) == ("carrier", "hermes"))
    assert (hermes["name"], hermes["hits"], hermes["low"]) == ("Hermes", "10", "0.1419")
    (few,) = (row for row in rows if (row["figure"], row["group"]) == ("carrier", "brieftaube"))
    assert (few["hits"], few["of"], few["share"], few["low"]) == ("0", "5", "", "")


@pytest.mark.slow
@pytest.mark.parametrize(
    "carrier",
    [
        "=1+1",
        "+49",
        "-2",
        "@sum(a1)",
        "  =cmd|' /c calc'!a0",
        "\t=1",
        '"=1"',
        "a,b;c",
        "x\r\ny",
        "\u202e=evil",
        "＝1",
    ],
)
def test_a_strangers_word_is_never_a_formula_nor_a_new_cell(
    cli: CommandLine, monkeypatch: pytest.MonkeyPatch, carrier: str
) -> None:
    plant(cli.data, now=NOW, carrier=carrier)
    monkeypatch.setattr("watcher.cli.insights.now", lambda: NOW)
    said = cli("insights", "--csv", "-")
    rows = list(csv.reader(io.StringIO(said.out)))
    assert {len(row) for row in rows} == {len(rows[0])}
    assert [cell for row in rows for cell in row if cell.lstrip().startswith(tuple("=+-@＝＋－＠"))] == []
    assert [cell for row in rows for cell in row if not all(char.isprintable() for char in cell)] == []
    assert cli("insights").code == 0
    assert not set(cli("insights").out) & set("\x1b\u202e\r\t")


def test_a_german_spreadsheet_gets_semicolons_and_commas_and_a_script_always_the_same(
    shop: CommandLine, tmp_path: Path
) -> None:
    english = shop("insights", "--csv", "-").out
    file = tmp_path / "zahlen.csv"
    shop.write_config(spoken="de")
    shop("insights", "--csv", str(file))
    told = list(csv.DictReader(io.StringIO(file.read_text("utf-8-sig")), delimiter=";"))
    spoken = list(csv.DictReader(io.StringIO(shop("insights", "--csv", "-").out)))
    assert [row["share"] for row in told] == [row["share"].replace(".", ",") for row in spoken]
    assert any("," in row["share"] for row in told)
    assert [row["share"] for row in spoken] == [row["share"] for row in csv.DictReader(io.StringIO(english))]


def test_a_file_is_written_for_spreadsheets_and_never_over_another(shop: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "zahlen.csv"
    said = shop("insights", "--csv", str(file))
    assert (said.code, said.out) == (0, "")
    assert str(file) in said.err
    assert file.read_bytes().startswith(b"\xef\xbb\xbffigure,group,name,")
    before = file.read_bytes()
    again = shop("insights", "--csv", str(file))
    assert (again.code, again.out) == (2, "")
    assert "nothing is overwritten" in again.err
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    "arguments",
    [
        ["--since", "yesterday"],
        ["--since", "\x1b[2J"],
        ["--account", "nobody"],
        ["--csv", "/nowhere/at/all.csv"],
        ["--csv", "-", "--json"],
    ],
)
def test_what_makes_no_sense_is_wrong_usage(shop: CommandLine, arguments: list[str]) -> None:
    said = shop("insights", *arguments)
    assert (said.code, said.out) == (2, "")
    assert said.err
    assert "\x1b" not in said.err


def test_who_has_just_begun_is_told_when_figures_come(cli: CommandLine) -> None:
    said = cli("insights")
    assert (said.code, said.err) == (0, "")
    assert "No finished sale is known" in said.out
    assert cli("insights", "--json").json["cancelled"] == {
        "hits": 0, "of": 0, "share": None, "low": None, "high": None,
    }  # fmt: skip
    assert cli("insights", "--csv", "-").out.startswith("figure,")


def test_one_cancellation_is_counted_and_no_rate_is_made_of_it(seller: CommandLine) -> None:
    said = seller("insights", "--since", "all")
    assert said.code == 0
    assert "too few to say" in said.out
    assert "%" not in said.out.split("Below 8")[0]


def test_a_closed_case_is_looked_back_on(seller: CommandLine, case_id: str, order_id: str) -> None:
    assert "What would have helped?" not in seller("show", order_id).out
    assert seller("show", order_id, "--json").json["look_back"] == {}
    seller("reason", case_id, "description")
    closed = seller("close", case_id)
    shown = seller("show", order_id)
    for said in (closed, shown):
        assert "What would have helped?" in said.out
        assert "a close-up of every flaw" in said.out
    told = seller("show", order_id, "--json").json["look_back"][case_id]
    assert [each["id"] for each in told][:2] == ["name_the_flaws", "more_photos"]
    assert all(each.keys() == {"id", "says", "why"} for each in told)
    assert len(told) <= 3


def test_figures_and_the_look_back_speak_german(seller: CommandLine, case_id: str) -> None:
    seller.write_config(spoken="de")
    seller("reason", case_id, "description")
    assert "von jedem Mangel eins aus der Nähe" in seller("close", case_id).out
    assert "Verkauf" in seller("insights").out
