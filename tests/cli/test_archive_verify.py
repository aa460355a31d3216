"""`archive verify`: what it says, in words and as JSON, and how it ends."""

import re

import pytest

from tests.support.cli import CommandLine
from tests.support.tampering import do, read_ledger, some_file
from watcher.app.findings import Step

KEYS = {"ok", "lines", "captures", "files", "ledger_head", "faults"}
"""What scripts may rely on since the first version."""


def test_an_untouched_archive_is_said_to_be_so_step_by_step(seller: CommandLine) -> None:
    said = seller("archive", "verify")
    assert (said.code, said.err) == (0, "")
    steps = re.findall(r"^✓ (\d)\. .+ \(\d+\)$", said.out, re.MULTILINE)
    assert steps == [str(step.value) for step in Step]
    assert "all as it was written" in said.out
    assert read_ledger(seller.data)[-1][2] in said.out


def test_the_answer_for_scripts_says_it_step_by_step(seller: CommandLine) -> None:
    said = seller("archive", "verify", "--json").json
    assert said.keys() >= KEYS
    assert (said["ok"], said["faults"], said["remarks"]) == (True, [], [])
    assert said["anchors"] == {"count": 0, "stamps": 0, "held": 0}
    assert [step["number"] for step in said["steps"]] == [step.value for step in Step]
    assert said["steps"][0] == {"number": 1, "name": "chain", "looked_at": said["lines"], "faults": 0}
    assert said["ledger_head"] == read_ledger(seller.data)[-1][2]


def test_each_fault_is_one_line_with_place_and_reason(seller: CommandLine) -> None:
    gone = some_file(seller.data)
    gone.unlink()
    do(seller.data, "DELETE FROM ledger WHERE seq IN (4, 5)")
    said = seller("archive", "verify")
    assert said.code == 1
    assert "✗ ledger lines 4 to 5: removed: the numbers have a gap\n" in said.out
    assert f"✗ {gone.relative_to(seller.data).as_posix()}: the file is gone\n" in said.out
    assert "✗ 1. " in said.out
    assert "✗ 4. " in said.out
    assert "✓ 2. " in said.out
    assert "NOT as it was written" in said.out


def test_faults_and_remarks_have_kinds_that_scripts_can_tell(seller: CommandLine) -> None:
    some_file(seller.data).chmod(0o600)
    do(seller.data, "DELETE FROM ledger WHERE seq = 4")
    said = seller("archive", "verify", "--json")
    assert said.code == 1
    assert said.json["faults"][0] == {
        "step": 1, "kind": "line_removed", "place": "ledger line 4", "reason": "removed: the numbers have a gap",
    }  # fmt: skip
    assert [remark["kind"] for remark in said.json["remarks"]] == ["file_writable"]


def test_a_remark_does_not_make_the_answer_a_no(seller: CommandLine) -> None:
    planted = seller.data / "archive" / "part-1a2b"
    planted.write_bytes(b"half")
    said = seller("archive", "verify")
    assert said.code == 0
    assert "· archive/part-1a2b: half of a file" in said.out


def test_where_a_head_from_a_mail_stands_is_said(seller: CommandLine) -> None:
    head = read_ledger(seller.data)[6][2]
    wrapped = f" {head[:30].upper()}\n {head[30:]} "
    said = seller("archive", "verify", "--head", wrapped)
    assert said.code == 0
    assert f"Head {head}: it is line 7 of the ledger.\n" in said.out
    assert seller("archive", "verify", "--json", "--head", head).json["heads"] == {head: 7}


def test_a_head_that_stands_nowhere_is_a_no(seller: CommandLine) -> None:
    said = seller("archive", "verify", "--head", "ab" * 32)
    assert said.code == 1
    assert f"✗ head {'ab' * 32}: it stands nowhere in the ledger" in said.out


@pytest.mark.parametrize("head", ["", "abc", "g" * 64, "ab" * 33, "\x1b[2J"])
def test_a_head_that_is_none_is_wrong_usage(seller: CommandLine, head: str) -> None:
    said = seller("archive", "verify", "--head", head)
    assert (said.code, said.out) == (2, "")
    assert "64 characters" in said.err
    assert "\x1b" not in said.err


def test_names_that_could_steer_the_terminal_are_shown_without(seller: CommandLine) -> None:
    (seller.data / "archive" / "\x1b[2Jevil").write_bytes(b"x")
    said = seller("archive", "verify")
    assert "evil" in said.out
    assert "\x1b" not in said.out


def test_a_ledger_of_a_newer_version_is_told_so(seller: CommandLine) -> None:
    do(seller.data, "PRAGMA user_version = 900")
    said = seller("archive", "verify")
    assert (said.code, said.out) == (2, "")
    assert "newer Stornowacht" in said.err


def test_an_archive_without_anything_is_in_order(cli: CommandLine) -> None:
    said = cli("archive", "verify", "--json")
    assert (said.code, said.json["ok"], said.json["ledger_head"]) == (0, True, None)
