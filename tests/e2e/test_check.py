"""`stornowacht check` in a real browser, at the practice shop: as a whole process, or in a browser that is open already."""

import json
import sqlite3
from datetime import UTC, datetime

import pytest

from tests.e2e.conftest import sales

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def order(result, title):
    return next(order for order in result["orders"] if title in order["title"])


@pytest.mark.one_sale
def test_a_cancellation_after_shipping_opens_one_case_with_its_proof_keeps_no_token_and_writes_nothing(
    logged_in,
):
    first = logged_in.run("check", "--json")
    assert first.code == 0, first.err
    assert first.json["outcome"] == "ok"
    assert first.json["complete"] is True
    fryer = order(first.json, "Friteuse")
    assert (fryer["stage"], fryer["carrier"], fryer["amount_cents"]) == ("shipped", "dhl", 4500)
    assert fryer["tracking_number"] == logged_in.shop.deal("friteuse").tracking_number
    assert first.json["cases"] == []

    logged_in.shop.happen("friteuse", "BUYER_CANCELLED", at=datetime.now(UTC))
    second = logged_in.run("check", "main", "--json").json
    assert [event["kind"] for event in second["events"]] == ["order_cancelled"]
    assert order(second, "Friteuse")["stage"] == "cancelled"
    (case,) = second["cases"]
    assert (case["order"], case["kind"]) == (fryer["id"], "in_transit")
    assert [step["done"] for step in case["steps"]] == [False] * len(case["steps"])
    captured = [capture for capture in second["captures"] if capture["order"] == fryer["id"]]
    picture = logged_in.storage / captured[0]["path"]
    assert picture.read_bytes()[:4] == b"RIFF"
    assert captured[0]["sha256"] in picture.name

    third = logged_in.run("check", "--json").json
    assert third["events"] == []
    assert third["captures"] == [], "an unchanged page is not stored again"
    assert [case["id"] for case in third["cases"]] == [case["id"]]
    assert logged_in.writes() == []
    assert logged_in.run("archive", "verify").code == 0

    assert (logged_in.storage / "profiles" / "main").stat().st_mode & 0o077 == 0
    secrets = [cookie["value"] for cookie in logged_in.shop.login_cookies()]
    tokens = {request.path for request in logged_in.shop.requests if "token" in request.path}
    assert tokens, "the page did fetch a bearer token"
    kept = [path.read_bytes() for path in (logged_in.storage / "archive").rglob("*") if path.is_file()]
    assert kept
    assert not any(
        b"Bearer" in content or secret.encode() in content for content in kept for secret in secrets
    )


def test_a_cancellation_that_the_list_does_not_show_is_found_in_the_thread_of_the_live_order(watched, look):
    watched.shop.happen("lampe", "BUYER_CANCELLED", in_list=False)
    result, _outcome = look(watched)
    assert [event["kind"] for event in result["events"]] == ["order_cancelled"]
    assert [case["kind"] for case in result["cases"]] == ["before_shipment"]


def test_what_is_unknown_declined_or_gone_is_told_as_that_and_is_no_cancellation(watched, look):
    watched.shop.add(*sales("jacke"))
    look(watched)
    titles = {order["id"]: order["title"] for order in watched.run("orders", "--json").json}
    watched.shop.happen("lampe", "MYSTERY")
    watched.shop.happen("jacke", "REQUEST_AUTO_DECLINED")
    watched.shop.remove("friteuse")
    result, _outcome = look(watched)
    assert sorted((titles[event["order"]], event["kind"]) for event in result["events"]) == [
        ("Friteuse, kaum benutzt", "order_missing"),
        ("Regenjacke Größe M, gelb", "stage_changed"),
        ("Stehlampe mit Leinenschirm", "order_unknown"),
    ]
    assert result["cases"] == []


def test_after_a_block_nothing_is_visited_until_the_cool_down_is_over(logged_in):
    logged_in.shop.wall = "blocked"
    assert logged_in.run("check").code == 3
    logged_in.shop.wall = None
    visits = len(logged_in.shop.requests)
    held_back = logged_in.run("check", "--json")
    assert (held_back.code, held_back.json["outcome"]) == (3, "blocked")
    assert len(logged_in.shop.requests) == visits


@pytest.mark.human_acts
def test_a_session_that_ended_is_told_and_a_new_login_is_noticed(watched):
    watched.shop.expire_session()
    ended = watched.run("check", "--json")
    assert (ended.code, [event["kind"] for event in ended.json["events"]]) == (3, ["session_ended"])
    watched.log_in()
    again = watched.run("check", "--json")
    assert (again.code, [event["kind"] for event in again.json["events"]]) == (0, ["account_readable_again"])


def test_a_browser_that_cannot_be_started_is_named_with_the_way_out(place):
    place.configure('[browser]\nexecutable = "/bin/false"')
    result = place.run("check")
    assert result.code == 2
    assert "/bin/false" in result.err
    assert "chromium" in result.err.lower()


def test_a_browser_that_ignores_the_guard_is_not_used(place, tmp_path, a_browser):
    disobedient = tmp_path / "chromium"
    # Branded browsers are said to ignore the switch; this one does.
    disobedient.write_text(
        f"""#!/bin/sh
for argument do
  shift
  case "$argument" in --load-extension=*|--disable-extensions-except=*) ;; *) set -- "$@" "$argument" ;; esac
done
exec {a_browser} "$@"
"""
    )
    disobedient.chmod(0o755)
    place.configure(f'[browser]\nexecutable = "{disobedient}"')
    result = place.run("check")
    assert result.code == 2
    assert "guard" in result.err
    assert place.shop.requests == [], "the site was not opened"


def test_the_ledger_holds_no_names_and_no_texts(watched):
    fryer = next(order for order in watched.run("orders", "--json").json if "Friteuse" in order["title"])
    watched.run("note", fryer["id"], "Hotline said: wait")
    with sqlite3.connect(watched.storage / "stornowacht.db") as database:
        lines = "\n".join(line for (line,) in database.execute("SELECT text FROM ledger"))
    database.close()
    for secret in ("Erika", "Friteuse", "Hotline", fryer["conversation"]):
        assert secret not in lines
    assert json.loads(lines.splitlines()[-1])["kind"] == "note_added"
