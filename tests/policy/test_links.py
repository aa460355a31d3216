"""Where steps lead: addresses with a source, and never a page that could move money."""

import pytest

from watcher.domain.step import RULES
from watcher.policy.links import linked_steps, links_for
from watcher.postman.letter_facts import is_web_address


def test_the_police_are_reached_through_the_page_of_all_states() -> None:
    [link] = links_for("report_to_police")
    assert link.address == "https://portal.onlinewache.polizei.de/de/"


@pytest.mark.parametrize("step", ["tell_support", "report_fraud", "follow_up_support", "ask_about_refund"])
def test_where_support_is_to_be_asked_its_form_is_one_click_away(step: str) -> None:
    [link] = links_for(step)
    assert link.address.startswith("https://hilfe.kleinanzeigen.de")


@pytest.mark.parametrize("step", sorted(linked_steps()))
def test_every_link_belongs_to_a_known_step_and_says_where_it_is_known_from(step: str) -> None:
    assert step in RULES
    for link in links_for(step):
        assert link.address.startswith("https://")
        assert is_web_address(link.address)
        assert link.title.de != link.title.en
        assert link.says.de
        assert link.says.en
        assert link.fact.source


@pytest.mark.parametrize("step", ["do_not_hand_in", "refund_seen", "no_such_step"])
def test_a_step_that_leads_nowhere_has_no_link(step: str) -> None:
    assert links_for(step) == ()
