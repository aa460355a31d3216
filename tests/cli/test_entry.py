"""Whatever is typed, and whatever the world is like: a message and an exit code, never a traceback."""

import shlex
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.support.cli import CommandLine
from tests.support.program import program
from watcher.cli.entry import _COMMANDS, UNHEARD

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]


def start(cli: CommandLine, *arguments: str | bytes, **options: Any) -> "subprocess.Popen[bytes]":
    """Start the program as a process of its own."""
    command: Sequence[str | bytes] = [*program(), *arguments]
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(cli.folder), "STORNOWACHT_CONFIG": str(cli.config)}
    environment |= options.pop("env", {})
    pipe = subprocess.PIPE
    return subprocess.Popen(
        command,
        **{
            "stdout": pipe,
            "stderr": pipe,
            "stdin": subprocess.DEVNULL,
            "cwd": ROOT,
            "env": environment,
            **options,
        },
    )


def process(cli: CommandLine, *arguments: str | bytes, **options: Any) -> tuple[int, str, str]:
    child = start(cli, *arguments, **options)
    out, err = child.communicate(timeout=60)
    assert b"Traceback" not in (out or b"") + (err or b"")
    return child.returncode, (out or b"").decode(), (err or b"").decode()


def test_a_process_ends_with_the_commands_code(seller: CommandLine) -> None:
    code, out, err = process(seller, "archive", "verify")
    assert (code, err) == (0, "")
    assert "ledger" in out


def test_a_mistake_stands_on_stderr_alone(seller: CommandLine) -> None:
    code, out, err = process(seller, "ack", "c000000")
    assert (code, out) == (2, "")
    assert "c000000" in err


def test_the_help_speaks_the_configs_language(cli: CommandLine) -> None:
    cli.write_config(spoken="en")
    code, out, _ = process(cli, "--help")
    assert code == 0
    assert "Watches your own sales" in out


def test_arguments_that_are_no_text_are_no_crash(seller: CommandLine, order_id: str) -> None:
    assert process(seller, "show", b"\xff\xfe")[0] == 2
    assert process(seller, "note", order_id, b"Stra\xdfe")[0] == 0
    assert process(seller, "status", "--config", b"/\xff/config.toml")[0] == 2


def test_a_reader_that_goes_away_early_is_no_crash(seller: CommandLine) -> None:
    child = start(seller, "archive", "list", "--json")
    assert child.stdout is not None
    child.stdout.close()
    _, err = child.communicate(timeout=60)
    assert (child.returncode, err) == (UNHEARD, b"")


def test_a_table_whose_reader_goes_away_is_no_crash(seller: CommandLine) -> None:
    child = start(seller, "orders")
    assert child.stdout is not None
    child.stdout.close()
    _, err = child.communicate(timeout=60)
    assert (child.returncode, err) == (UNHEARD, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a place that is always full")
def test_an_answer_that_cannot_be_written_is_told(seller: CommandLine) -> None:
    with Path("/dev/full").open("wb") as full:
        code, _, err = process(seller, "archive", "verify", stdout=full)
    assert code == 2
    assert "No space left" in err
    assert "Exception ignored" not in err


def test_an_old_terminal_without_umlauts_still_shows_the_rest(seller: CommandLine, order_id: str) -> None:
    narrow = {"PYTHONIOENCODING": "ascii", "LC_ALL": "C", "PYTHONUTF8": "0"}
    code, out, err = process(seller, "show", order_id, env=narrow)
    assert (code, err) == (0, "")
    assert "Friteuse, kaum benutzt" in out


def test_json_loses_no_letter_on_an_old_terminal(seller: CommandLine) -> None:
    import json

    narrow = {"PYTHONIOENCODING": "ascii", "LC_ALL": "C", "PYTHONUTF8": "0"}
    code, out, _ = process(seller, "orders", "--json", env=narrow)
    assert code == 0
    assert "Regenjacke Größe M, gelb" in {order["title"] for order in json.loads(out)}


def test_a_closed_stdout_is_no_crash(seller: CommandLine) -> None:
    command = f"exec {shlex.join(program())} status >&-"
    ended = subprocess.run(
        ["sh", "-c", command],
        cwd=ROOT,
        env={"STORNOWACHT_CONFIG": str(seller.config), "HOME": str(seller.folder), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert (ended.returncode, ended.stderr) == (0, b"")


@pytest.mark.parametrize(
    "arguments",
    [["dance"], ["--dance"], ["status", "--dance"], ["archive", "dance"], ["\udcff"], ["check", "a", "b"]],
)
def test_what_is_no_command_is_wrong_usage(cli: CommandLine, arguments: list[str]) -> None:
    said = cli(*arguments, with_config=False)
    assert (said.code, said.out) == (2, "")
    assert said.err


def test_every_command_has_help_in_one_line_and_at_length(cli: CommandLine) -> None:
    overview = cli("--help", with_config=False)
    assert overview.code == 0
    for name in _COMMANDS:
        assert cli(name, "--help", with_config=False).code == 0
        if name not in {"anchor", "deliver", "poll"}:  # the daemon's own children
            assert name in overview.out


def test_the_version_is_told(cli: CommandLine) -> None:
    said = cli("--version", with_config=False)
    assert said.code == 0
    assert said.out.startswith("stornowacht, version ")


@pytest.mark.parametrize("place", ["/proc/stornowacht", "FILE", "FILE/below"])
def test_a_storage_folder_that_cannot_be_used_is_told(cli: CommandLine, place: str) -> None:
    (cli.folder / "file").write_text("")
    place = place.replace("FILE", str(cli.folder / "file"))
    cli.config.write_text(f'language = "en"\n[storage]\ndir = "{place}"\n')
    for command in (["status"], ["orders"], ["archive", "verify"], ["ack", "c1"]):
        said = cli(*command)
        assert (said.code, said.out) == (2, "")
        assert place in said.err
        assert "[storage] dir" in said.err


def test_a_newer_database_is_told(seller: CommandLine) -> None:
    import sqlite3

    connection = sqlite3.connect(seller.data / "stornowacht.db")
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    said = seller("status")
    assert said.code == 2
    assert "newer" in said.err


def test_all_mistakes_of_the_config_are_told_at_once(cli: CommandLine) -> None:
    cli.config.write_text(
        'language = "en"\n[watch]\nhot = "1s"\nlvie = 3\n[terms]\ni_accept = true\n[site]\nbase_url = "http://x:99999"\n'
    )
    said = cli("status")
    assert said.code == 2
    for word in ("[watch] hot", "[watch] lvie", "did you mean live?", "[terms] i_accept", "[site] base_url"):
        assert word in said.err


def test_mistakes_are_told_in_the_configs_language_from_any_start(cli: CommandLine) -> None:
    from watcher.texts import language

    for start_with, named in (("de", "en"), ("en", "de")):
        language.use(start_with)  # type: ignore[arg-type]
        cli.config.write_text(f'language = "{named}"\nxyzzy = 1\n')
        said = cli("status")
        assert said.code == 2
        assert language.current() == named
        assert ("there is no such setting" in said.err) is (named == "en")


def test_ctrl_c_ends_without_a_traceback(cli: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_: object) -> object:
        raise KeyboardInterrupt

    monkeypatch.setattr("watcher.cli.status.load_config", interrupted)
    assert cli("status").code == 130


def test_a_refusal_of_the_system_is_told(cli: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(_: object) -> object:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr("watcher.cli.status.load_config", refused)
    said = cli("status")
    assert said.code == 2
    assert "Input/output error" in said.err
