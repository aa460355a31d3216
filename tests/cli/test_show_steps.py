"""`show`: the step that comes next with all that helps, where the parcel is, and where the money is."""

from tests.support.cli import CommandLine


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
