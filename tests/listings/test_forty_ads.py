"""The table rule x ad over the practice shop's forty ads: each lacks one thing, and the good ones nothing."""

import tomllib
from pathlib import Path

import pytest

from tests.listings.shop_ads import NOW, ads_by_name
from tests.support.every import every
from watcher.domain.confidence import Confidence
from watcher.listings.judge import assess, judge
from watcher.listings.rules import shipped_rules

EXPECTED = tomllib.loads((Path(__file__).parent / "findings.toml").read_text(encoding="utf-8"))
MARKS = {Confidence.CERTAIN: "!", Confidence.LIKELY: "", Confidence.UNSURE: "?"}
ELSEWHERE = {"no_price", "pickup_only"}
"""Rules that none of the forty ads breaks; `test_judge.py` has ads of their own for them."""


@pytest.mark.slow
@every("name", sorted(EXPECTED))
def test_each_ad_has_these_findings_and_no_others(name: str):
    findings = judge(ads_by_name()[name], shipped_rules(), at=NOW)
    assert [each.rule.id + MARKS[each.certainty] for each in findings] == EXPECTED[name]


@pytest.mark.slow
def test_the_table_has_every_ad():
    assert set(EXPECTED) == set(ads_by_name())


def test_nearly_every_rule_finds_something_in_one_of_them():
    found = {entry.rstrip("!?") for entries in EXPECTED.values() for entry in entries}
    assert {rule.id for rule in shipped_rules()} - found == ELSEWHERE


@pytest.mark.slow
@pytest.mark.parametrize("name", ["gut", "gut-bunt"])
def test_a_good_ad_has_much_that_is_fine(name: str):
    judgement = assess(ads_by_name()[name], shipped_rules(), at=NOW)
    assert {"no_condition", "no_defects", "no_returns", "no_shipping_time", "few_photos"} <= {
        rule.id for rule in judgement.fine
    }
