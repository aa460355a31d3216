"""`confirm`, `replay`, wording in the config: what the seller teaches, and how it is trusted before it is used."""

from tests.support.cli import CommandLine
from tests.support.visiting import FakeVisitor


def test_a_yes_makes_the_next_check_certain(seller: CommandLine, visitor: FakeVisitor, order_id: str) -> None:
    visitor.shop.happen("friteuse", "BUYER_CANCELLED")
    said = seller("confirm", order_id)
    assert said.code == 0
    assert "cancelled" in said.out
    seller("check")
    [order] = [order for order in seller("orders", "--json").json if order["id"] == order_id]
    assert (order["stage"], order["confidence"]) == ("cancelled", "certain")


def test_a_no_closes_the_case_and_says_so(seller: CommandLine, order_id: str, case_id: str) -> None:
    said = seller("confirm", order_id, "--no", "--json")
    assert (said.code, said.json["closed_case"]) == (0, case_id)
    assert said.json["order"]["stage"] == "unknown"


def test_what_it_really_is_can_be_said(seller: CommandLine, order_id: str) -> None:
    assert seller("confirm", order_id, "--means", "shipped", "--json").json["order"]["stage"] == "shipped"


def test_no_and_means_together_are_wrong_usage(seller: CommandLine, order_id: str) -> None:
    assert seller("confirm", order_id, "--no", "--means", "shipped").code == 2


def test_an_order_that_is_not_known_is_wrong_usage(seller: CommandLine) -> None:
    said = seller("confirm", "ozzzzzzz")
    assert said.code == 2
    assert "ozzzzzzz" in said.err


def test_nothing_would_change_without_a_new_word(seller: CommandLine) -> None:
    said = seller("replay", "--json")
    assert (said.code, said.json["changes"]) == (0, [])
    assert said.json["captures"] == said.json["compared"] > 5
    assert "0 verdicts would change" in seller("replay").out


def test_a_new_word_in_the_config_is_tried_on_the_archive_first(seller: CommandLine) -> None:
    seller.write_config(more='[[wording]]\nheading = "Artikel versendet"\nmeans = "delivered"\n')
    said = seller("replay", "--json")
    assert said.code == 1
    places = {change["place"] for entry in said.json["changes"] for change in entry["changes"]}
    assert places & {"orders 1.stage", "orders 1.confidence"}
    assert "→" in seller("replay").out


def test_a_word_of_the_config_is_what_the_next_check_reads(cli: CommandLine, visitor: FakeVisitor) -> None:
    cli.write_config(
        more='[[wording]]\ntype = "TRANSACTION_RESERVED_SELLER_MESSAGE"\nmeans = "paid"\n'
        '[[wording]]\npattern = "^artikel versenden"\nmeans = "paid"\n'
    )
    orders = {order["title"]: order for order in cli("check", "--json").json["orders"]}
    assert {order["confidence"] for order in orders.values() if order["stage"] == "paid"} == {"certain"}


def test_selectors_of_the_config_are_used(cli: CommandLine, visitor: FakeVisitor) -> None:
    cli.write_config(more='[[layout]]\nname = "mine"\nselectors = { card_heading = "h4" }\n')
    assert cli("check", "--json").json["outcome"] == "ok"


def test_mistakes_in_taught_words_and_layouts_are_told_all_at_once(cli: CommandLine) -> None:
    cli.write_config(
        more='[[wording]]\npattern = "("\nmeans = "paid"\n'
        '[[wording]]\ntype = "X"\nmeans = "gone"\n'
        '[[wording]]\nmeans = "paid"\n'
        '[[layout]]\nname = "mine"\nselectors = { crad = "x" }\n'
        '[[layout]]\nname = "mine"\nselectors = { card = "a[" }\n'
    )
    said = cli("status")
    assert said.code == 2
    assert len([line for line in said.err.splitlines() if line.startswith("  [")]) == 5
    for word in ("regular expression", "must be one of", "crad", "CSS selector"):
        assert word in said.err


def test_in_the_first_week_a_check_says_what_it_guessed(cli: CommandLine, visitor: FakeVisitor) -> None:
    said = cli("check").out
    assert "guessed" in said
    assert "stornowacht confirm o" in said


def test_status_says_how_much_is_known(cli: CommandLine, visitor: FakeVisitor) -> None:
    cli("check")
    wording = cli("status", "--json").json["accounts"][0]["wording"]
    assert wording["known"] > 3
    assert wording["guessed"] > 3
    assert wording["not_understood"] == 0
    assert "guessed" in cli("status").out
