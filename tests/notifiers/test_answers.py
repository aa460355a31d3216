"""Answers lie in a folder until somebody remembers them."""

import os
import stat

import pytest

from notifiers import answers

A, B = "a" * 20, "b" * 20


def test_an_answer_is_kept_with_the_time_it_was_given(tmp_path):
    answers.put(tmp_path / "box", A)
    os.utime(tmp_path / "box" / f"{A}.answer", (1_795_341_600, 1_795_341_600))

    ((token, at),) = answers.kept(tmp_path / "box")
    assert token == A
    assert at.isoformat() == "2026-11-22T10:00:00+00:00"


def test_they_come_in_the_order_in_which_they_were_given(tmp_path):
    for token, second in ((A, 20), (B, 10)):
        answers.put(tmp_path, token)
        os.utime(tmp_path / f"{token}.answer", (second, second))

    assert [token for token, _ in answers.kept(tmp_path)] == [B, A]


def test_pressed_twice_it_is_one_answer(tmp_path):
    answers.put(tmp_path, A)
    answers.put(tmp_path, A)

    assert len(answers.kept(tmp_path)) == 1


def test_a_folder_that_nobody_has_answered_into_yet_is_empty(tmp_path):
    assert answers.kept(tmp_path / "none") == []


def test_what_is_dropped_is_gone_and_the_rest_stays(tmp_path):
    answers.put(tmp_path, A)
    answers.put(tmp_path, B)

    answers.drop(tmp_path, [A, "c" * 20])

    assert [token for token, _ in answers.kept(tmp_path)] == [B]


def test_nothing_but_answers_is_read_or_dropped(tmp_path):
    (tmp_path / "note.txt").touch()
    (tmp_path / "short.answer").touch()
    (tmp_path / "secret").mkdir()

    answers.drop(tmp_path, ["../secret", "short", "note.txt"])

    assert answers.kept(tmp_path) == []
    assert sorted(file.name for file in tmp_path.iterdir()) == ["note.txt", "secret", "short.answer"]


@pytest.mark.skipif(os.name != "posix", reason="file modes mean this on POSIX only")
def test_nobody_else_can_look_into_the_folder(tmp_path):
    answers.put(tmp_path / "box", A)

    assert stat.S_IMODE((tmp_path / "box").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "box" / f"{A}.answer").stat().st_mode) == 0o600
