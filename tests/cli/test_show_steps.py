"""`show`: the step that comes next with all that helps, where the parcel is, and where the money is."""

import sys
from datetime import timedelta

import pytest

from tests.support.cli import CommandLine
from tests.support.clock import NOON
from watcher.cli.hints import fitted, paragraph
from watcher.cli.step_lines import due_words
from watcher.domain.step import Step
from watcher.texts import language


def test_the_next_step_says_who_bears_the_cost_which_ways_there_are_and_where_more_texts_are(
    seller: CommandLine, case_id: str
) -> None:
    shown = seller("show", case_id).out
    assert "Who bears the cost is open" in shown
    assert "refuse acceptance" in shown
    assert "Source" in shown
    assert f"stornowacht text {case_id}" in shown


def test_a_number_and_a_milestone_that_were_pasted_are_shown_and_named_in_the_texts(
    seller: CommandLine, case_id: str, order_id: str
) -> None:
    seller("track", order_id, "22.11.2026, 09:00 Die Sendung wurde im Ziel-Paketzentrum bearbeitet.")
    shown = seller("show", order_id).out
    assert "at the last depot" in shown.casefold() or "depot" in shown.casefold()
    assert "Where it is:" in shown


def test_where_the_money_is_stands_among_the_facts(seller: CommandLine, order_id: str) -> None:
    assert "Money:" in seller("show", order_id).out


def test_what_is_no_longer_needed_says_why(seller: CommandLine, case_id: str, order_id: str) -> None:
    seller("track", order_id, "22.11.2026, 09:30 Die Sendung wurde in das Zustellfahrzeug geladen.")
    assert "– Try DHL, too (the parcel is in the delivery vehicle already)" in seller("show", case_id).out


def test_a_contact_with_support_is_told_from_a_note(seller: CommandLine, order_id: str) -> None:
    seller("note", order_id, "Form sent", "--support")
    seller("note", order_id, "Rain")
    shown = seller("show", order_id)
    assert "Support, " in shown.out
    assert "Note of " in shown.out
    assert {note["about"] for note in seller("show", order_id, "--json").json["notes"]} == {"support", "note"}


def test_an_answer_is_shown_as_what_may_be_said_and_not_as_a_fact(seller: CommandLine, case_id: str) -> None:
    line = next(line for line in seller("show", case_id).out.splitlines() if "still_at_home" in line)
    assert line.strip().startswith("· Or: ")
    assert f"`stornowacht done {case_id} still_at_home`" in line


def test_in_a_closed_case_nothing_looks_open_and_what_is_optional_can_still_be_done(
    seller: CommandLine, case_id: str
) -> None:
    def line_of(step: str) -> str:
        return next(line for line in seller("show", case_id).out.splitlines() if f"[{step}]" in line)

    seller("close", case_id)
    assert "still_at_home" not in seller("show", case_id).out
    assert (line_of("keep_proof")[:4], "(you closed the case)" in line_of("keep_proof")) == ("  – ", True)
    assert (line_of("relist")[:4], "(optional, can still be done)" in line_of("relist")) == ("  – ", True)
    assert seller("done", case_id, "relist").code == 0
    assert line_of("relist").startswith("  ✓ ")


HOUR = timedelta(hours=1)


@pytest.mark.parametrize("step", ["do_not_hand_in", "keep_item", "stop_talking"])
@pytest.mark.parametrize(("late", "words"), [(-2, ""), (0, "now"), (30, "now")])
def test_what_must_not_be_done_has_no_time_until_which_it_may_wait(
    step: str, late: float, words: str
) -> None:
    language.use("en")
    assert due_words(Step(id=step, due_at=NOON), at=NOON + late * HOUR) == words


@pytest.mark.parametrize(("late", "words"), [(-2, "until "), (0, "now"), (1, "now"), (1.1, "due since ")])
def test_a_time_that_has_come_is_now_and_one_long_gone_is_told(late: float, words: str) -> None:
    language.use("en")
    assert due_words(Step(id="ask_carrier", due_at=NOON), at=NOON + late * HOUR).startswith(words)


def test_lines_are_broken_at_the_width_of_the_terminal_and_left_whole_outside_of_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    line = "    " + "word " * 40
    assert fitted(line) == line
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    for columns, widest in (("60", 60), ("300", 100)):
        monkeypatch.setenv("COLUMNS", columns)
        for broken in (fitted(line), paragraph(line.strip(), indent=4)):
            lines = broken.splitlines()
            assert len(lines) > 1
            assert all(len(each) <= widest and each.startswith("    ") for each in lines)
