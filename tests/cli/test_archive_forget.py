"""`archive forget`: it says first what goes, asks, and says what it cannot reach."""

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.support.archive import LONG_AGO, Archive
from tests.support.cli import CommandLine
from watcher.domain.stage import Stage


@pytest.fixture
def old(cli: CommandLine) -> Archive:
    """An archive with an order of long ago, closed again: the command line opens it for itself."""
    archive = Archive(cli.data)
    order = archive.order("plate")
    archive.thread(order)
    archive.listing([order])
    archive.store.close()
    return archive


def reopened(cli: CommandLine) -> Archive:
    return Archive(cli.data)


def forgotten(cli: CommandLine, order: str = "oplate") -> bool:
    [shown] = [each for each in cli("orders", "--json").json if each["id"] == order]
    return shown["forgotten"] is not None


@pytest.mark.usefixtures("old")
def test_it_says_what_goes_and_what_was_done(cli: CommandLine) -> None:
    said = cli("archive", "forget", "oplate", "--yes")
    assert said.code == 0
    assert "Title plate, Buyer plate (oplate): paid out" in said.out
    assert "Together 2 captures" in said.out
    assert "Forgotten: 1 order, 2 captures, 7 files, 0 notes." in said.out
    assert "your mailbox" in said.out
    assert forgotten(cli)
    assert cli("archive", "verify").code == 0
    assert "names and texts were erased" in cli("show", "oplate").out


@pytest.mark.usefixtures("old")
def test_a_dry_run_erases_nothing(cli: CommandLine) -> None:
    said = cli("archive", "forget", "oplate", "--dry-run")
    assert (said.code, forgotten(cli)) == (0, False)
    assert "dry run" in said.out


@pytest.mark.usefixtures("old")
def test_where_nobody_can_be_asked_nothing_is_erased(
    cli: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stdin, "isatty", lambda: False)
    said = cli("archive", "forget", "oplate")
    assert (said.code, forgotten(cli)) == (2, False)
    assert "--yes" in said.err
    assert cli("archive", "forget", "oplate", "--json").code == 2


@pytest.mark.usefixtures("old")
@pytest.mark.parametrize(
    ("answer", "goes"), [("no", False), ("", False), ("nein", False), ("yes", True), ("ja", True)]
)
def test_it_asks_and_only_yes_means_yes(
    cli: CommandLine, monkeypatch: pytest.MonkeyPatch, answer: str, *, goes: bool
) -> None:
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    monkeypatch.setattr("click.prompt", lambda _, default: answer or default)
    assert cli("archive", "forget", "oplate").code == 0
    assert forgotten(cli) is goes


@pytest.mark.usefixtures("old")
@pytest.mark.parametrize(
    "arguments", [[], ["oplate", "--due"], ["--due", "--older-than", "5d"], ["--older-than", "x"]]
)
def test_wrong_usage_is_said(cli: CommandLine, arguments: list[str]) -> None:
    said = cli("archive", "forget", *arguments, "--yes")
    assert said.code == 2
    assert said.err


@pytest.mark.usefixtures("old")
def test_all_older_than_a_span_go_and_only_those(cli: CommandLine) -> None:
    archive = reopened(cli)
    archive.order("new", stage_at=datetime.now(UTC), first_seen_at=datetime.now(UTC))
    archive.order("live", stage=Stage.SHIPPED, last_seen_at=datetime.now(UTC))
    archive.case(archive.order("contested"), closed=False)
    archive.store.close()
    told = cli("archive", "forget", "--older-than", "180d", "--yes", "--json").json
    assert told["done"]
    assert told["forgotten"] == ["oplate"]
    assert "nothing that old" in cli("archive", "forget", "--older-than", "180d", "--yes").out


def test_an_open_case_and_an_order_under_way_are_refused_with_a_way_out(cli: CommandLine) -> None:
    archive = reopened(cli)
    archive.case(archive.order("contested"), closed=False)
    archive.order("live", stage=Stage.SHIPPED, last_seen_at=datetime.now(UTC))
    archive.store.close()
    said = cli("archive", "forget", "ocontested", "--yes")
    assert said.code == 2
    assert "stornowacht close ccontested" in said.err
    said = cli("archive", "forget", "olive", "--yes")
    assert said.code == 2
    assert "still under way (shipped)" in said.err


@pytest.mark.usefixtures("old")
def test_a_second_time_it_says_when_that_was(cli: CommandLine) -> None:
    cli("archive", "forget", "oplate", "--yes")
    said = cli("archive", "forget", "oplate", "--yes")
    assert said.code == 0
    assert "was forgotten already" in said.out


@pytest.mark.usefixtures("old")
def test_it_names_the_copies_that_still_hold_it(cli: CommandLine, tmp_path: Path) -> None:
    (cli.data / "stornowacht.db.before-schema-5").write_bytes(b"old")
    assert cli("archive", "backup", str(tmp_path / "b.zip")).code == 0
    archive = reopened(cli)
    with archive.store.writing() as writing:
        writing.record("exported", at=LONG_AGO, account="main", order="oplate", digest="0" * 64)
        writing.record("exported", at=LONG_AGO, account="main", order="oanother", digest="1" * 64)
    archive.store.close()
    said = cli("archive", "forget", "oplate", "--yes", "--json").json
    assert [Path(path).name for path in said["still_in"]["old_databases"]] == [
        "stornowacht.db.before-schema-5"
    ]
    assert len(said["still_in"]["backups"]) == 1
    assert len(said["still_in"]["exports"]) == 1
    said = cli("archive", "forget", "oplate", "--yes")
    assert said.code == 0


@pytest.mark.usefixtures("old")
def test_what_is_due_is_announced_shown_and_then_erased(
    cli: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = cli("archive", "forget", "--due")
    assert said.code == 0
    assert "Nothing is due" in said.out
    assert not forgotten(cli)
    assert "1 old order is erased" in cli("status").out
    assert cli("status", "--json").json["forgets"]["orders"] == ["oplate"]
    assert "Title plate" in cli("archive", "forget", "--due", "--dry-run").out
    later = datetime.now(UTC) + timedelta(days=7, minutes=1)
    monkeypatch.setattr("watcher.cli.archive_forget.now", lambda: later)
    told = cli("archive", "forget", "--due", "--json").json
    assert (told["done"], told["forgotten"]) == (True, ["oplate"])
    assert "old order" not in cli("status").out


@pytest.mark.usefixtures("old")
def test_what_a_killed_run_left_is_said_by_status_and_removed_by_the_next(cli: CommandLine) -> None:
    archive = reopened(cli)
    with archive.store.writing() as writing:
        going = [(archive.store.orders()[0], archive.captures()[:1])]
        ((_order, erased),) = archive.store.erasing().erase(going, at=LONG_AGO)
        writing.record("forgotten", at=LONG_AGO, account="main", order="oplate", captures=list(erased.captures),
                       files=list(erased.files), attachments=[], notes=0, reason="seller")  # fmt: skip
    archive.store.close()
    assert "still lies on the disk" in cli("status").out
    assert cli("status", "--json").json["forgets"]["unfinished"]
    assert cli("archive", "forget", "--due").code == 0
    assert "still lies" not in cli("status").out
    assert cli("archive", "verify").code == 0


@pytest.mark.usefixtures("old")
def test_orders_that_share_a_conversation_are_said(cli: CommandLine) -> None:
    archive = reopened(cli)
    archive.order("twin", conversation="conversation:plate")
    archive.store.close()
    assert "is that of otwin, too" in cli("archive", "forget", "oplate", "--dry-run").out
    told = cli("archive", "forget", "oplate", "--dry-run", "--json").json
    assert told["orders"][0]["captures_shared_with"] == ["otwin"]


def test_the_config_says_never_and_keeps_everything(cli: CommandLine, old: Archive) -> None:
    assert old
    cli.write_config(more='[archive]\nforget_orders = "never"\nforget_lists = "never"\n')
    assert "nothing that old" in cli("archive", "forget", "--due", "--dry-run").out


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ('forget_orders = "3d"', "at least 14d"),
        ('forget_orders = "180"', "number of days"),
        ("forget_cases = 180", "number of days"),
        ('forget_lists = "40000d"', "number of days"),
        ("largest_attachment_mb = 0", "at least 1"),
        ("forget_everything = true", "no such setting"),
    ],
)
def test_a_mistake_in_the_config_is_named(cli: CommandLine, setting: str, words: str) -> None:
    cli.write_config(more=f"[archive]\n{setting}\n")
    said = cli("archive", "forget", "--due")
    assert said.code == 2
    assert "[archive]" in said.err
    assert words in said.err


@pytest.mark.usefixtures("old")
def test_a_case_that_is_opened_while_it_asks_is_said_and_nothing_goes(
    cli: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def meanwhile(_: str, default: str) -> str:
        archive = reopened(cli)
        archive.case(archive.known_by("oplate"), closed=False)
        archive.store.close()
        return "yes"

    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    monkeypatch.setattr("click.prompt", meanwhile)
    said = cli("archive", "forget", "oplate")
    assert (said.code, forgotten(cli)) == (2, False)
    assert "has an open case" in said.err


@pytest.mark.usefixtures("old")
def test_no_order_goes_that_was_not_shown_before_it_asked(
    cli: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def meanwhile(_: str, default: str) -> str:
        archive = reopened(cli)
        archive.order("cup")
        archive.store.close()
        return "yes"

    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    monkeypatch.setattr("click.prompt", meanwhile)
    assert cli("archive", "forget", "--older-than", "180d").code == 0
    assert (forgotten(cli), forgotten(cli, "ocup")) == (True, False)


@pytest.mark.usefixtures("old")
def test_what_was_shown_of_an_order_that_was_forgotten_before_goes_when_the_seller_says_so(
    cli: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    cli("archive", "forget", "oplate", "--yes")
    archive = reopened(cli)
    archive.listing([archive.known_by("oplate")], taken_at=datetime.now(UTC))
    archive.store.close()
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    monkeypatch.setattr("click.prompt", lambda _, default: default.replace("no", "yes"))
    assert "1 capture" in cli("archive", "forget", "--older-than", "180d").out
    archive = reopened(cli)
    assert archive.captures() == []
    archive.store.close()


@pytest.mark.usefixtures("old")
def test_that_all_has_gone_while_it_asked_is_said(cli: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    def meanwhile(_: str, default: str) -> str:
        assert cli("archive", "forget", "oplate", "--yes").code == 0
        return "yes"

    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    monkeypatch.setattr("click.prompt", meanwhile)
    said = cli("archive", "forget", "--older-than", "180d")
    assert said.code == 0
    assert "has gone already" in said.out
