"""A test that tries many cases must still fail for each of them, and say for which."""

import inspect

import pytest

from tests.support.every import every


def test_every_case_that_fails_is_named_with_its_reason_and_none_hides_another() -> None:
    tried = []

    @every("number", [1, 2, 3, 4], ids=lambda number: f"number {number}")
    def even(number: int) -> None:
        tried.append(number)
        if number == 3:
            raise KeyError("three")
        assert number % 2 == 0, "odd"

    with pytest.raises(pytest.fail.Exception, match="2 of 4 cases fail") as failure:
        even()
    assert tried == [1, 2, 3, 4]
    told = str(failure.value)
    assert "number 1\n" in told
    assert "AssertionError: odd" in told
    assert "number 3\n" in told
    assert "KeyError: 'three'" in told
    assert "number 2" not in told
    assert "number 4" not in told


def test_two_of_them_try_every_pair_and_the_inner_names_are_told_too() -> None:
    tried = []

    @every("letter", "ab")
    @every(("number", "word"), [(1, "one"), (2, "two")])
    def pair(letter: str, number: int, word: str) -> None:
        tried.append((letter, number, word))
        assert (letter, number) != ("b", 2)

    with pytest.raises(pytest.fail.Exception) as failure:
        pair()
    assert tried == [("a", 1, "one"), ("a", 2, "two"), ("b", 1, "one"), ("b", 2, "two")]
    assert "'b'\n" in str(failure.value)
    assert "(2, 'two')" in str(failure.value)
    assert "'a'\n" not in str(failure.value)


def test_what_is_left_are_the_fixtures() -> None:
    @every("number", [1])
    def both(number: int, tmp_path: object) -> None:
        assert (number, tmp_path) == (1, "here")

    assert list(inspect.signature(both).parameters) == ["tmp_path"]
    both(tmp_path="here")


def test_no_cases_and_names_that_the_test_does_not_take_are_mistakes() -> None:
    @every("number", [])
    def nothing(number: int) -> None:
        raise AssertionError(number)

    with pytest.raises(AssertionError, match="there is no case to try"):
        nothing()
    with pytest.raises(AssertionError, match="takes no"):
        every("other", [1])(nothing)
