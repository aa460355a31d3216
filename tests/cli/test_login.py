"""`login` without a real window: what it says of a browser that cannot show one, and of what the check afterwards saw."""

from pathlib import Path

import pytest

from tests.support.cli import CommandLine
from tests.support.visiting import FakeVisitor


@pytest.fixture(autouse=True)
def a_display(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", ":99")


def program(cli: CommandLine, script: str) -> Path:
    """A browser of which only its end is seen."""
    path = cli.folder / "browser"
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)
    cli.write_config(more=f'[browser]\nexecutable = "{path}"\n')
    return path


def test_after_a_window_that_was_closed_a_check_says_as_whom_one_is_logged_in(
    cli: CommandLine, visitor: FakeVisitor
) -> None:
    program(cli, "exit 0")
    said = cli("login")
    assert (said.code, said.out.splitlines()[-1]) == (0, "Logged in as marlene@example.org.")


@pytest.mark.parametrize(
    ("wall", "code", "missing"),
    [
        ("logged_out", 3, "the login page came instead of the messages"),
        ("unreadable", 5, "the page was not understood"),
    ],
)
def test_what_is_missing_is_said_whatever_earlier_checks_have_seen(
    cli: CommandLine, visitor: FakeVisitor, wall: str, code: int, missing: str
) -> None:
    program(cli, "exit 0")
    cli("check")
    visitor.wall = wall
    said = cli("login")
    assert (said.code, said.out.splitlines()[-1]) == (code, f"It did not work yet: {missing}.")


def test_a_display_where_nobody_listens_is_named_with_the_way_out(
    cli: CommandLine, visitor: FakeVisitor
) -> None:
    program(
        cli,
        "echo '[1:1:ERROR:ozone_platform_x11.cc(257)] Missing X server or $DISPLAY' >&2\n"
        "echo '[2:2:ERROR:zygote_linux.cc(662)] write: Broken pipe (32)' >&2\nexit 1",
    )
    said = cli("login")
    assert said.code == 2
    assert "There is no display to open a window on." in said.err
    assert "ssh -X" in said.err


def test_a_browser_that_ends_with_an_error_is_quoted(cli: CommandLine, visitor: FakeVisitor) -> None:
    path = program(cli, "echo 'no space left on device' >&2; exit 1")
    said = cli("login")
    assert (said.code, said.err) == (2, f"{path} ended with an error: no space left on device\n")
