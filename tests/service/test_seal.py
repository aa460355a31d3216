"""The line by which a file is known as untouched."""

from pathlib import Path

import pytest

from watcher.service.seal import Hand, seal_of, sealed

CONFIG = Path("/home/Jo -- Löß/50%/config.toml")
BODY = "first\nsecond\n"


def a_file(line: int = 0) -> str:
    return sealed(BODY, config=CONFIG, line=line, comment=("<!-- ", " -->"))


@pytest.mark.parametrize("line", [0, 1, 2])
def test_what_nobody_has_touched_is_ours_and_names_its_config(line):
    found = seal_of(a_file(line))
    assert (found.hand, found.config) == (Hand.OURS, CONFIG)


def test_the_line_can_stand_in_a_comment_of_xml():
    assert "--" not in a_file().splitlines()[0].removeprefix("<!-- ").removesuffix(" -->")


def test_line_breaks_of_windows_change_nothing():
    assert seal_of(a_file().replace("\n", "\r\n")).hand is Hand.OURS


@pytest.mark.parametrize(
    ("old", "new"), [("second", "other"), ("config.toml", "other.toml"), ("first\n", "")]
)
def test_any_change_is_noticed(old, new):
    assert seal_of(a_file().replace(old, new)).hand is Hand.CHANGED


def test_a_file_without_the_line_is_somebody_elses():
    assert seal_of(BODY).hand is Hand.FOREIGN
    assert seal_of("").hand is Hand.FOREIGN
    assert seal_of(None).hand is Hand.NOBODY


def test_another_version_writes_another_file(monkeypatch):
    before = a_file()
    monkeypatch.setattr("watcher.service.seal.__version__", "99.0")
    assert a_file() != before
    assert seal_of(before).hand is Hand.OURS
