"""A visit that begins before anybody asks for it: who asks for it ends it, or the block does."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from watcher.cli.bounded import begun


class Told:
    """A visitor that tells when its visit begins and ends, and with which fault."""

    def __init__(self) -> None:
        self.events: list[str] = []

    @contextmanager
    def visit(self, account: str) -> Iterator[Any]:
        self.events.append(f"begins for {account}")
        try:
            yield "the visit"
        except ValueError as fault:
            self.events.append(f"meets {fault}")
            raise RuntimeError("broken down") from fault
        finally:
            self.events.append("is over")


def test_it_begins_at_once_and_is_over_when_whoever_asked_is_done() -> None:
    told = Told()
    with begun(told, "main") as visitor:
        assert told.events == ["begins for main"]
        with visitor.visit("main") as visit:
            assert visit == "the visit"
        assert told.events == ["begins for main", "is over"]
        told.events.append("remembered")
    assert told.events == ["begins for main", "is over", "remembered"]


def test_it_hears_of_a_fault_within_and_says_what_that_was() -> None:
    told = Told()
    with (
        pytest.raises(RuntimeError, match="broken down"),
        begun(told, "main") as visitor,
        visitor.visit("main"),
    ):
        raise ValueError("a fault")
    assert told.events == ["begins for main", "meets a fault", "is over"]


def test_nobody_asking_leaves_no_browser_behind() -> None:
    told = Told()
    with pytest.raises(RuntimeError, match="broken down"), begun(told, "main"):
        raise ValueError("a fault before")
    assert told.events == ["begins for main", "meets a fault before", "is over"]
