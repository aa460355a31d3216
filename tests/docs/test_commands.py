"""Every command line in the docs is run, or at least parsed; each piece of config loads.

A line is run in this process, in a storage folder with a cancelled sale, with real ids in place of ORDER and CASE. What `NOT_RUN` names is
parsed by the command itself: it must exist, with these options, and take these arguments. `make` is asked what it would do, and what Python
would run for its help, which must know the options. Other programs are not tried (`NOT_TRIED`).
"""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import click
import pytest

from tests.docs.examples import (
    NOT_TRIED,
    ROOT,
    TRIED,
    Block,
    Line,
    command_lines,
    inline_commands,
    pieces_of_config,
)
from tests.support.cli import CommandLine
from tests.support.every import every
from tests.support.visiting import FakeVisitor
from watcher.cli.entry import stornowacht
from watcher.config_file import load
from watcher.daemon.log_file import LogFile
from watcher.storage.store import SqliteStore

pytestmark = pytest.mark.slow

NOT_RUN = {
    "demo": "plays for a minute in a real browser; tests/e2e/test_wheel.py",
    "setup": "serves until somebody is done with it; tests/e2e/test_setup.py",
    "init": "asks; tests/cli/test_setup.py",
    "login": "opens a window; tests/e2e/test_login.py",
    "open": "opens a window; tests/e2e/test_open.py",
    "run": "runs until it is ended; tests/e2e/test_daemon.py",
    "dashboard": "asks a watch that runs; tests/cli/test_dashboard.py",
    "notify-test": "sends; tests/cli/test_setup.py",
    "doctor": "examines this machine and its browser; tests/cli/test_doctor.py",
    "service": "speaks to this machine's service manager; tests/cli/test_service.py",
    "archive export": "prints its dossier in a real browser; tests/e2e/test_export.py",
    "archive stamp": "asks authorities on the internet; tests/cli/test_stamp.py",
    "--follow": "goes on until it is ended; tests/cli/test_log.py",
    "--read": "visits the site; tests/cli/test_listings_read.py",
    "--ask": "asks the carrier on the internet; tests/cli/test_track.py",
    "--copy": "uses the clipboard; tests/cli/test_text.py",
    "--edit": "opens an editor; tests/cli/test_text.py",
}
"""Command, or option of one, that is parsed only -> why, and who runs it."""
VISITS = {"check", "ship", "capture"}
"""Commands that look at the practice shop first; a visitor without a browser does."""
FILES = ("photo.jpg", "receipt.pdf", "mail.eml", "foto.jpg", "beleg.pdf")
OF_THE_PROGRAM = [line for line in command_lines() if line.words[0] == "stornowacht"]
OTHERS = [line for line in command_lines() if line.words[0] in TRIED - {"stornowacht"}]


def place_of(example: Line | Block) -> str:
    return f"{example.place}: {example.text}" if isinstance(example, Line) else example.place


def arguments_of(line: Line) -> list[str]:
    """The words behind the program, without what is optional ("[FILE]") and where the shell sends it; alternatives ("ORDER|CASE") by their first."""
    text = re.sub(r" \[[^\]]*\]| > \S+$", "", line.text)
    return [re.split(r"\|(?=[A-Z])", word)[0] for word in Line(place=line.place, text=text).words[1:]]


def is_run(arguments: list[str]) -> bool:
    """Whether a call is harmless."""
    return not {arguments[0], " ".join(arguments[:2]), *arguments} & NOT_RUN.keys()


@pytest.fixture
def seller(
    cli: CommandLine, visitor: FakeVisitor, played: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[CommandLine]:
    """Somebody who has a few files at hand; the storage folder is made anew for each call."""
    desk = cli.folder / "desk"
    desk.mkdir()
    for number, name in enumerate(FILES):
        (desk / name).write_bytes(b"\xff\xd8\xff\xe0 a file of the seller's" + bytes([number]))
    monkeypatch.chdir(desk)
    return cli


@every("line", [line for line in OF_THE_PROGRAM if is_run(arguments_of(line))], ids=place_of)
def test_a_command_line_of_the_docs_works(
    seller: CommandLine, visitor: FakeVisitor, played: Path, line: Line
) -> None:
    arguments = arguments_of(line)
    shutil.rmtree(seller.data, ignore_errors=True)
    shutil.copytree(played / ("known" if arguments[0] in VISITS else "cancelled"), seller.data)
    log = LogFile(seller.data)
    log.write(
        json.dumps({"event": "check_failed", "level": "error", "timestamp": datetime.now(UTC).isoformat()})
    )
    log.close()
    visitor.clock.forward(minutes=20)
    said = seller(*filled(seller, arguments), *(["--yes"] if arguments[:2] == ["archive", "forget"] else []))
    assert said.code == 0, f"exit code {said.code}: {said.all}"
    assert said.all.strip(), "it says nothing"


def filled(seller: CommandLine, arguments: list[str]) -> list[str]:
    """Put real things in the place of ORDER, CASE, FILE, FOLDER and of an invented hash or backup."""
    with closing(SqliteStore(seller.data)) as store:
        orders = {order.title or "": order.id for order in store.orders()}
        case = next((case.id for case in store.cases()), "")
    wanted = {"ship": "Stehlampe mit Leinenschirm"}.get(arguments[0], "Friteuse, kaum benutzt")
    if arguments[:2] == ["archive", "forget"]:
        wanted = "Brettspiel „Leuchtturmwärter“"
    values = {"ORDER": orders[wanted], "CASE": case}
    if arguments[:2] == ["archive", "restore"]:
        backup = seller.folder / "backup.zip"
        if not backup.exists():
            assert seller("archive", "backup", str(backup)).code == 0
        folder = seller.folder / f"restored-{len(list(seller.folder.iterdir()))}"
        return ["archive", "restore", str(backup), "--to", str(folder)]
    if arguments[0] == "report" or arguments[:2] == ["archive", "backup"]:
        # The docs name it more than once, and its file is named after the moment.
        for made in seller.folder.rglob("stornowacht-*.zip"):
            made.unlink()
    if "--head" in arguments:
        head = seller("archive", "verify", "--json").json["ledger_head"]
        return [*arguments[: arguments.index("--head")], "--head", head]
    return [values.get(word, word) for word in arguments]


@every("line", [line for line in OF_THE_PROGRAM if not is_run(arguments_of(line))], ids=place_of)
def test_a_command_line_that_is_not_run_here_is_understood(line: Line) -> None:
    parsed(arguments_of(line))


@every("line", inline_commands(), ids=place_of)
def test_a_command_named_in_a_sentence_exists_with_its_options(line: Line) -> None:
    arguments = arguments_of(line)
    if arguments[0] == "BEFEHL":
        return
    try:
        parsed([word for word in arguments if word != "..."])
    except click.MissingParameter:
        command, rest = resolved(arguments)
        assert not [word for word in rest if word != "..."], f"{command.name} lacks an argument"


def parsed(arguments: list[str]) -> None:
    """Let click take a call apart as if it were run."""
    command, rest = resolved(arguments)
    command.make_context(command.name or "", rest)


def resolved(arguments: list[str]) -> tuple[click.Command, list[str]]:
    """Return which command, or subcommand, a call is of, and what is left for it."""
    command: click.Command = stornowacht
    rest = list(arguments)
    while isinstance(command, click.Group) and rest and not rest[0].startswith("-"):
        found = command.get_command(click.Context(command), rest[0])
        assert found is not None, f"there is no command {' '.join(arguments[:2])!r}"
        command, rest = found, rest[1:]
    return command, rest


@every("line", OTHERS, ids=place_of)
def test_what_other_command_lines_name_is_there_and_knows_their_options(line: Line) -> None:
    match line.words:
        case ["make", target]:
            answered("make", "--dry-run", target)
        case [_, "-m", "pip", command, *arguments]:
            knows(arguments, answered(sys.executable, "-m", "pip", command, "--help"))
        case [_, "-m", module, *arguments]:
            knows(arguments, answered(sys.executable, "-m", module, "--help"))
        case [_, "verify.py", *arguments]:
            verifier = ROOT / "watcher" / "dossier" / "verify.py"
            knows(arguments, answered(sys.executable, str(verifier), "--help"))
        case _:
            raise AssertionError("nobody has said how this is tried")


def answered(*command: str) -> str:
    """Return what a harmless call says, which must not fail."""
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert said.returncode == 0, said.stderr
    return said.stdout


def knows(arguments: list[str], told: str) -> None:
    """Let a program's help name every option of a call."""
    options = {word for word in arguments if word.startswith("-")}
    assert {option for option in options if not re.search(rf"(?<![\w-]){option}(?![\w-])", told)} == set()


def test_every_program_of_the_lists_is_called_somewhere() -> None:
    assert (TRIED | NOT_TRIED.keys()) - {line.words[0] for line in command_lines()} == set()


@every("what", list(NOT_RUN))
def test_what_is_not_run_exists_and_the_test_that_is_named_in_its_place_calls_it(what: str) -> None:
    every_option = {option for command in all_commands() for each in command.params for option in each.opts}
    if what.startswith("--"):
        assert what in every_option
    else:
        resolved(what.split())
    (path,) = re.findall(r"tests/\S+", NOT_RUN[what])
    assert f'"{what.rsplit(maxsplit=1)[-1]}"' in (ROOT / path).read_text(encoding="utf-8")


def all_commands(group: click.Group = stornowacht) -> Iterator[click.Command]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        yield command
        if isinstance(command, click.Group):
            yield from all_commands(command)


@every("block", pieces_of_config(), ids=place_of)
def test_a_piece_of_config_in_the_docs_loads(tmp_path: Path, block: Block) -> None:
    given = {"[terms]": "i_accept_the_risk = true", "[storage]": f'dir = "{(tmp_path / "data").as_posix()}"'}
    rest = "\n".join(f"{table}\n{line}" for table, line in given.items() if table not in block.text.split())
    path = tmp_path / "config.toml"
    path.write_text(
        f"{block.text.replace('PORT', '8467').replace('GATEWAY-', '')}\n{rest}\n", encoding="utf-8"
    )
    load(path)
