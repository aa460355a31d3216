"""`archive stamp`, and where else time stamps are told of; the authorities are real ones on loopback."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.cli import CommandLine
from tests.support.visiting import FakeVisitor
from tests.timestamping.authority import Desk, Manner, Office, desk
from watcher.config_file import load
from watcher.storage.store import SqliteStore

HERE = '[site]\nbase_url = "http://127.0.0.1:8000"\ngateway_url = "http://127.0.0.1:8001"\n'


@dataclass
class Stamped:
    cli: CommandLine
    first: Desk
    second: Desk

    def ledger(self) -> list[str]:
        store = SqliteStore(self.cli.data)
        try:
            return [json.loads(line.text)["kind"] for line in store.ledger()]
        finally:
            store.close()


@pytest.fixture
def stamped(cli: CommandLine, tmp_path: Path) -> Iterator[Stamped]:
    one, two = (Office(folder=tmp_path / name) for name in ("one", "two"))
    with desk(one) as first, desk(two) as second:
        tables = "".join(
            table(name, where, tmp_path) for name, where in (("first", first), ("second", second))
        )
        cli.write_config(more=HERE + tables)
        yield Stamped(cli=cli, first=first, second=second)


def table(name: str, where: Desk, folder: Path) -> str:
    roots, between = folder / f"{name}.pem", folder / f"{name}-between.pem"
    roots.write_text(where.office.root.pem, encoding="ascii")
    between.write_text(where.office.between.pem, encoding="ascii")
    return (
        f'[[timestamp.authority]]\nname = "{name}"\nurl = "{where.url}"\nroots = "{roots}"\n'
        f'certificates = "{between}"\nqualified = "no"\n'
    )


@pytest.fixture
def known(stamped: Stamped) -> Stamped:
    store = SqliteStore(stamped.cli.data)
    with store.writing() as writing:
        writing.record("program_started", at=_now(), version="1")
    store.close()
    return stamped


def _now():
    from watcher.bootstrap import now

    return now()


def test_it_says_of_each_authority_what_came_of_it(known: Stamped) -> None:
    known.second.behave(Manner.HTTP_500)
    said = known.cli("archive", "stamp")
    assert said.code == 1
    assert "✓ first: stamped" in said.out
    assert "(not qualified)" in said.out
    assert "✗ second: the server reports an error (HTTP 500" in said.out
    assert "It is asked again by itself" in said.out


def test_all_stamped_is_fine(known: Stamped) -> None:
    said = known.cli("archive", "stamp")
    assert (said.code, said.err) == (0, "")
    again = known.cli("archive", "stamp")
    assert again.code == 0
    assert again.out.count("nothing new since") == 2
    assert known.ledger() == ["program_started", "anchored", "stamped", "stamped"]


def test_for_scripts_it_is_one_object(known: Stamped) -> None:
    known.second.behave(Manner.REJECTION)
    said = known.cli("archive", "stamp", "--json")
    assert said.code == 1
    assert said.json.keys() == {"lines", "head", "digest", "authorities"}
    first, second = said.json["authorities"]
    assert (first["authority"], first["ok"], first["new"], first["qualified"]) == ("first", True, True, "no")
    assert (known.cli.data / first["answer"]).is_file()
    assert (second["ok"], second["fault"], second["stamped_at"]) == (False, "refused", None)
    assert second["detail"] == "Message digest algorithm is not supported."
    assert second["not_before"]


def test_an_empty_ledger_has_nothing_to_stamp(stamped: Stamped) -> None:
    said = stamped.cli("archive", "stamp")
    assert said.code == 2
    assert "there is nothing to stamp yet" in said.err
    assert stamped.first.asked == []


def test_without_the_table_it_says_how_to_set_it_up(cli: CommandLine) -> None:
    said = cli("archive", "stamp")
    assert said.code == 2
    assert 'authorities = ["digicert", "sectigo"]' in said.err


def test_of_a_practice_nobody_outside_is_asked(cli: CommandLine) -> None:
    cli.write_config(more=HERE + '[timestamp]\nauthorities = ["digicert", "sectigo"]\n')
    said = cli("archive", "stamp")
    assert said.code == 2
    assert "nobody outside is asked about a practice" in said.err


def test_the_archive_is_still_as_it_was_written(known: Stamped) -> None:
    known.cli("archive", "stamp")
    said = known.cli("archive", "verify", "--json")
    assert said.json["ok"], said.json


def test_a_check_by_hand_has_the_archive_stamped(stamped: Stamped, visitor: FakeVisitor) -> None:
    del visitor
    stamped.cli("check")
    assert stamped.ledger()[-3:] == ["anchored", "stamped", "stamped"]


def test_a_check_of_the_daemon_leaves_that_to_a_child_of_its_own(
    stamped: Stamped, visitor: FakeVisitor
) -> None:
    del visitor
    stamped.cli("check", "--scheduled")
    assert "anchored" not in stamped.ledger()
    assert stamped.cli("anchor").code == 0
    assert stamped.ledger()[-3:] == ["anchored", "stamped", "stamped"]


def test_status_tells_the_last_stamp_and_what_waits(known: Stamped) -> None:
    assert "Time stamps of first: none yet." in known.cli("status").out
    known.second.behave(Manner.GARBAGE)
    known.cli("archive", "stamp")
    lines = known.cli("status").out.splitlines()
    first, second = (line for line in lines if line.startswith("Time stamps of"))
    assert first.startswith("Time stamps of first: last ")
    assert "never" not in first
    assert "wait" not in first
    assert "1 ledger lines wait: the answer is no time stamp" in second
    first_json, second_json = known.cli("status", "--json").json["stamps"]
    assert (first_json["lines"], first_json["waiting_lines"], first_json["fault"]) == (1, None, None)
    assert (second_json["lines"], second_json["waiting_lines"], second_json["fault"]) == (
        None,
        1,
        "unreadable",
    )


def test_only_the_lines_behind_the_last_stamp_wait(known: Stamped) -> None:
    known.cli("archive", "stamp")
    lines = len(known.ledger())
    known.second.behave(Manner.GARBAGE)
    store = SqliteStore(known.cli.data)
    with store.writing() as writing:
        writing.record("program_started", at=_now(), version="2")
    store.close()
    known.cli("archive", "stamp")
    anchored = known.ledger().index("anchored", lines)
    second = known.cli("status", "--json").json["stamps"][1]
    assert (second["lines"], second["waiting_lines"]) == (1, anchored - 1)


def test_the_doctor_asks_nobody_and_tells_what_is_remembered(known: Stamped) -> None:
    known.second.behave(Manner.REDIRECT)
    known.cli("archive", "stamp")
    known.first.asked.clear()
    findings = {finding["name"]: finding for finding in known.cli("doctor", "--json").json}
    assert findings["stamps"]["state"] == "ok"
    assert findings["stamps/first"]["state"] == "ok"
    assert findings["stamps/second"]["state"] == "warn"
    assert "points elsewhere" in findings["stamps/second"]["said"]
    assert known.first.asked == []


def test_one_authority_alone_is_a_remark(cli: CommandLine) -> None:
    cli.write_config(more='[timestamp]\nauthorities = ["digicert"]\n')
    findings = {finding["name"]: finding for finding in cli("doctor", "--json").json}
    assert findings["stamps"]["state"] == "warn"
    assert "only one authority" in findings["stamps"]["said"]
    assert findings["stamps/digicert"]["state"] == "skipped"


def test_init_sets_two_authorities_up_and_says_what_leaves_the_machine(cli: CommandLine) -> None:
    cli.config.unlink()
    said = cli("init", "--language", "en")
    assert load(cli.config).stamped_by == ("digicert", "sectigo")
    assert "Only a hash leaves this computer" in said.out


def test_init_leaves_them_out_where_stamps_cannot_be_verified(
    cli: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    from watcher.timestamping import library

    monkeypatch.setattr(library, "missing", lambda: "rfc3161-client is not installed")
    cli.config.unlink()
    said = cli("init", "--language", "en")
    assert load(cli.config).timestamp is None
    assert "docs/install.md tells how to add rfc3161-client" in said.out


def test_the_watch_and_the_doctor_say_how_to_get_what_verifies_them(
    cli: CommandLine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from watcher.app.doctor.stamps import stamping
    from watcher.cli.watch import _check_stamps
    from watcher.timestamping import library

    why, how = "rfc3161-client is not installed", "docs/install.md tells how to add rfc3161-client"
    monkeypatch.setattr(library, "missing", lambda: why)
    cli.write_config(more='[timestamp]\nauthorities = ["digicert"]\n')
    _check_stamps(load(cli.config))
    assert f"{why}; {how}" in capsys.readouterr().err
    assert stamping(1, is_set=True, missing=why).advice == how
