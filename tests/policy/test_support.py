"""The ways to reach support: only those that a source names, nothing guessed."""

import re
from datetime import date

import pytest

from watcher.domain.fact import Grade
from watcher.policy.support import SupportWay, support_ways

EVERY = pytest.mark.parametrize("way", support_ways(), ids=lambda way: way.id)
FORMAL = re.compile(r"\b(?:Sie|Ihnen|Ihr(?:e[mnrs]?)?)\b")


def test_the_form_comes_first_and_the_phone_last() -> None:
    assert [way.id for way in support_ways()] == ["form", "mail", "phone"]


@EVERY
def test_every_way_has_a_source_a_date_and_a_confidence(way: SupportWay) -> None:
    assert way.fact.source.strip() == way.fact.source != ""
    assert date(2026, 1, 1) <= way.fact.seen <= date.today()  # noqa: DTZ011 - a calendar day, not a moment
    assert way.fact.confidence in Grade


@EVERY
def test_no_number_and_no_mail_address_is_made_up(way: SupportWay) -> None:
    words = " ".join((way.title.de, way.title.en, way.says.de, way.says.en, way.address or ""))
    assert not re.search(r"\d{3}|@", words)
    assert way.address is None or way.address.startswith("https://hilfe.kleinanzeigen.de")


@EVERY
def test_every_way_is_said_in_both_languages_and_calls_the_seller_du(way: SupportWay) -> None:
    for saying in (way.title, way.says):
        assert saying.de.strip()
        assert saying.en.strip()
        assert saying.de != saying.en
    assert not FORMAL.search(way.says.de)
