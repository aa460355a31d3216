"""What a benchmark is told on its command line: nothing is taken for something else, and nothing begins by mistake."""

import sys
from pathlib import Path

import pytest

from bench.arguments import asked, where


@pytest.fixture
def command_line(monkeypatch: pytest.MonkeyPatch):
    return lambda *arguments: monkeypatch.setattr(sys, "argv", ["rivals", *arguments])


def test_without_arguments_each_option_is_its_default(command_line):
    command_line()
    told = asked("A benchmark.", runs=5, cases="", years=None)
    assert (told.runs, told.cases, told.years, told.json, told.envs) == (5, "", None, None, None)


def test_every_option_can_be_given(command_line):
    command_line("--runs", "2", "--cases", "half", "--years", "3", "--json", "a.json", "--envs", "b")
    told = asked("A benchmark.", runs=5, cases="", years=None)
    assert (told.runs, told.cases, told.years, told.json, told.envs) == (
        2,
        "half",
        3,
        Path("a.json"),
        Path("b"),
    )


def test_what_only_says_where_something_lies_is_told_apart_from_the_rest(command_line):
    command_line("--envs", "b", "--runs", "2", "--json", "a.json")
    told, others = where()
    assert (told.json, told.envs, others) == (Path("a.json"), Path("b"), ["--runs", "2"])


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--runs"], "--runs: expected one argument"),
        (["--runs", "0"], "'0' is no number from 1 on"),
        (["--runs", "two"], "'two' is no number from 1 on"),
        (["--run", "2"], "unrecognized arguments: --run 2"),
        (["now"], "unrecognized arguments: now"),
        (["--json"], "--json: expected one argument"),
    ],
)
def test_what_cannot_be_meant_begins_nothing(command_line, capsys, arguments, told):
    command_line(*arguments)
    with pytest.raises(SystemExit) as ended:
        asked("A benchmark.", runs=5)
    assert ended.value.code == 2
    assert told in capsys.readouterr().err


def test_help_begins_nothing(command_line, capsys):
    command_line("--help")
    with pytest.raises(SystemExit) as ended:
        asked("A benchmark.", runs=5)
    assert not ended.value.code
    said = capsys.readouterr().out
    assert "A benchmark." in said
    assert "default: 5" in said
