"""`cost` and `money`: what a sale brought, what went back, what it cost besides."""

import re
from datetime import timedelta

import pytest

from tests.support.cli import CommandLine
from watcher.domain.money import PAYOUT_WITHIN, MoneyState
from watcher.domain.stage import Stage
from watcher.storage.store import SqliteStore


def test_a_cost_is_written_down_and_shown(seller: CommandLine, order_id: str) -> None:
    said = seller("cost", order_id, "return_postage", "5,49", "DHL, Filiale", "--who", "seller")
    assert said.code == 0
    assert f"Written down for {order_id}: return postage, 5,49 € (you) – DHL, Filiale" in said.out
    assert "return postage, 5,49 € (you) – DHL, Filiale" in seller("money", order_id).out


def test_who_bears_a_cost_is_open_until_it_is_said(seller: CommandLine, order_id: str) -> None:
    found = seller("cost", order_id, "intercept_fee", "3", "--json").json
    assert (found["payer"], found["cents"], found["order"]) == ("open", 300, order_id)
    assert "Who bears it is open" in seller("cost", order_id, "intercept_fee", "3").out
    assert seller("cost", order_id, "refund_part", "10.00", "--json").json["payer"] == "seller"


def test_a_wrong_entry_is_taken_back_openly(seller: CommandLine, order_id: str) -> None:
    seller("cost", order_id, "postage", "5,49")
    said = seller("cost", order_id, "postage", "5,49", "--undo")
    assert said.code == 0
    assert "Taken back" in said.out
    [line] = seller("money", order_id, "--json").json["orders"]
    assert [cost["cents"] for cost in line["costs"]] == [549, -549]
    assert line["open_costs_cents"] == 0
    assert seller("cost", order_id, "postage", "5,49", "--undo").code == 2


def test_the_table_has_every_sale_with_its_money(seller: CommandLine, order_id: str) -> None:
    seller("cost", order_id, "return_postage", "5,49", "--who", "seller")
    said = seller("money")
    assert said.code == 0
    rows = {line.split()[0]: line for line in said.out.splitlines() if line.strip().startswith("o")}
    assert re.search(r"Friteuse, kaum benutzt +at risk +45,00 € +– +5,49 €", rows[order_id])
    assert "at risk: 45,00 €" in said.out
    assert "held: 56,00 €" in said.out
    assert "Your costs: 5,49 €; not settled: 0,00 €." in said.out
    assert "2 requests without a sale are left out." in said.out


def test_scripts_get_all_orders_and_the_sums(seller: CommandLine, order_id: str) -> None:
    found = seller("money", "--json").json
    assert {line["order"] for line in found["orders"]} == {
        order["id"] for order in seller("orders", "--json").json
    }
    line = next(line for line in found["orders"] if line["order"] == order_id)
    assert line.keys() == {
        "order", "account", "title", "stage", "state", "price_cents", "refunded_cents", "own_costs_cents",
        "open_costs_cents", "overdue_since", "costs",
    }  # fmt: skip
    assert (line["state"], line["price_cents"], line["refunded_cents"]) == ("at_risk", 4500, 0)
    assert found["totals"]["at_risk"] == 4500
    states = {state.value for state in MoneyState} - {"none", "unknown"}
    assert found["totals"].keys() == states | {"refunded_to_buyers", "own_costs", "open_costs"}


def test_money_that_is_late_is_told_with_its_date(
    seller: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = SqliteStore(seller.data)
    order = next(order for order in store.orders() if order.stage is Stage.PAID)
    with store.writing() as writing:
        writing._connection.execute("UPDATE orders SET stage = 'received' WHERE id = ?", (order.id,))
    since = order.stage_at + PAYOUT_WITHIN
    store.close()
    for late, minutes in ((False, -1), (True, 1)):
        at = since + timedelta(minutes=minutes)
        monkeypatch.setattr("watcher.cli.money.now", lambda at=at: at)
        assert ("The money of 1 sale is overdue" in seller("money").out) is late
        [line] = seller("money", order.id, "--json").json["orders"]
        assert line["overdue_since"] == (since.isoformat(timespec="seconds") if late else None)


def test_an_unknown_price_is_said_to_be_unknown(seller: CommandLine, order_id: str) -> None:
    store = SqliteStore(seller.data)
    with store.writing() as writing:
        writing._connection.execute(
            "UPDATE orders SET amount_cents = NULL, stage = 'refunded' WHERE id = ?", (order_id,)
        )
    store.close()
    said = seller("money")
    assert "The price of 1 sale is not known" in said.out
    assert seller("money", order_id, "--json").json["orders"][0]["refunded_cents"] is None
    assert re.search(r"Refunded: +\?", seller("money", order_id).out)


def test_an_account_without_orders_has_an_empty_table(cli: CommandLine) -> None:
    said = cli("money")
    assert (said.code, said.err) == (0, "")
    assert cli("money", "--json").json["orders"] == []


@pytest.mark.parametrize(
    "arguments",
    [
        ["cost", "ORDER", "return_postage", "1.234"],
        ["cost", "ORDER", "return_postage", "viel"],
        ["cost", "ORDER", "return_postage", "0,00"],
        ["cost", "ORDER", "return_postage", "-5"],
        ["cost", "ORDER", "return_postage"],
        ["cost", "ORDER", "bribe", "5"],
        ["cost", "ORDER", "other", "5", "--who", "nobody"],
        ["cost", "o000000", "other", "5"],
        ["cost", "ORDER", "other", "\x1b[2J"],
        ["money", "o000000"],
        ["money", "\x1b[2J"],
    ],
)
def test_what_makes_no_sense_is_wrong_usage_and_nothing_is_written(
    seller: CommandLine, order_id: str, arguments: list[str]
) -> None:
    said = seller(*(order_id if word == "ORDER" else word for word in arguments))
    assert (said.code, said.out) == (2, "")
    assert said.err
    assert "\x1b" not in said.err
    assert seller("money", order_id, "--json").json["orders"][0]["costs"] == []


def test_hostile_words_do_not_steer_the_terminal(seller: CommandLine, order_id: str) -> None:
    hostile = "x\x1b[2J\x9b\u202egnp\r\n{0}[red]"
    store = SqliteStore(seller.data)
    with store.writing() as writing:
        writing._connection.execute("UPDATE orders SET title = ?", (hostile,))
    store.close()
    for said in (
        seller("cost", order_id, "other", "5", hostile),
        seller("cost", order_id, "other", "5", "\udcff", "--json"),
        seller("money"),
        seller("money", order_id),
        seller("money", "--json"),
    ):
        assert said.code == 0
        assert not set(said.all) & set("\x1b\x9b\u202e\r")
    assert "[red]" in seller("money", order_id).out


def test_each_name_has_a_blank_before_its_value_in_german(seller: CommandLine, order_id: str) -> None:
    seller.write_config(spoken="de")
    assert "Überfällig seit: " in seller("money", order_id).out
