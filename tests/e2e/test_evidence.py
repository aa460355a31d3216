"""What is kept of a sale, with a real browser: its ad once, its page when the seller asks, under names for people."""

from pathlib import Path

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_sale_leaves_its_ad_and_what_the_seller_asks_for_under_readable_names(watched):
    lamp = next(order for order in watched.run("orders", "--json").json if "lampe" in order["title"])
    before = watched.run("archive", "list", lamp["id"], "--json").json
    assert sorted((entry["page"], entry["reason"]) for entry in before) == [
        ("ad", "sale"), ("conversation", "changed"),
    ]  # fmt: skip
    kept = watched.run("capture", lamp["id"], "--json")
    assert kept.code == 0, kept.err
    assert [(entry["page"], entry["reason"], entry["complete"]) for entry in kept.json["captures"]] == [
        ("conversation", "asked", True), ("ad", "asked", True),
    ]  # fmt: skip
    for entry in kept.json["captures"]:
        name = watched.storage / entry["name"]
        assert name.read_bytes() == (watched.storage / entry["path"]).read_bytes()
        assert Path(entry["name"]).parts[1].endswith(f"Stehlampe mit Leinenschirm ({lamp['id']})")
    assert watched.run("archive", "verify").code == 0
    assert watched.writes() == []
