"""`ship` at the practice shop, with a real browser: the answer follows what the page says now."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_parcel_may_go_until_its_buyer_cancels(watched):
    lamp = next(order for order in watched.run("orders", "--json").json if "lampe" in order["title"])
    said = watched.run("ship", lamp["id"])
    assert (said.code, said.out.splitlines()[0]) == (0, "Yes, hand it in."), said.err
    watched.shop.happen("lampe", "BUYER_CANCELLED")
    found = watched.run("ship", lamp["id"], "--json")
    assert (found.code, found.json["answer"], found.json["why"]) == (1, "no", "cancelled")
    assert found.json["case"] == "c" + lamp["id"][1:]
    watched.shop.wall = "blocked"
    held = watched.run("ship", lamp["id"])
    assert (held.code, held.out.splitlines()[0]) == (1, "NO, cancelled: do not hand it in.")
    assert watched.writes() == []
