"""`ship`: may I hand this parcel in? A fresh look, a clear answer, an exit code."""

import shutil
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.support.cli import CommandLine, Said
from tests.support.rooms import FakePostman
from tests.support.visiting import FakeVisitor
from watcher.domain.capture import Capture
from watcher.errors import BrowserError, BusyError, StornowachtError
from watcher.storage.store import SqliteStore

TITLES = {
    "friteuse": "Friteuse, kaum benutzt",
    "lampe": "Stehlampe mit Leinenschirm",
    "jacke": "Regenjacke Größe M, gelb",
    "fahrradkorb": "Fahrradkorb aus Weide",
    "brettspiel": "Brettspiel „Leuchtturmwärter“",
}


@pytest.fixture
def orders(cli: CommandLine, visitor: FakeVisitor, played: Path) -> dict[str, str]:
    """The ids of the shop's orders, after a first check."""
    shutil.copytree(played / "known", cli.data)
    with closing(SqliteStore(cli.data)) as store:
        known = {order.title: order.id for order in store.orders()}
    return {deal: known[title] for deal, title in TITLES.items()}


def later(visitor: FakeVisitor, minutes: float = 20) -> None:
    visitor.clock.forward(minutes=minutes)


def judged(cli: CommandLine, order: str) -> tuple[int, str, str]:
    said = cli("ship", order, "--json")
    return said.code, said.json["answer"], said.json["why"]


def test_a_paid_order_may_go_after_a_fresh_look(
    cli: CommandLine, visitor: FakeVisitor, orders: dict[str, str]
) -> None:
    later(visitor)
    visitor.opened = []
    said = cli("ship", orders["lampe"])
    assert said.code == 0
    assert said.out.startswith("Yes, hand it in.\n")
    assert "lampe" in visitor.opened


def test_before_it_goes_the_seller_is_told_how_to_pack_and_what_to_keep(
    cli: CommandLine, visitor: FakeVisitor, orders: dict[str, str]
) -> None:
    words = cli("ship", orders["lampe"]).out
    for hint in (
        "Photograph the item, the closed parcel and the label",
        "keep the photos",
        "Pad the item",
        "receipt",
    ):
        assert hint in words
    assert f"stornowacht ship {orders['lampe']} --handed-in" in words


def test_scripts_get_the_answer_and_what_it_rests_on(
    cli: CommandLine, visitor: FakeVisitor, orders: dict[str, str]
) -> None:
    found = cli("ship", orders["lampe"], "--json").json
    assert found.keys() == {
        "order", "answer", "why", "mind", "case", "outcome", "fault", "handed_in", "checked",
    }  # fmt: skip
    assert found["handed_in"] is None
    assert (found["answer"], found["why"], found["outcome"]) == ("yes", "paid", "ok")
    assert found["order"]["id"] == orders["lampe"]
    assert (found["case"], found["fault"]) == (None, None)


def test_a_cancellation_that_only_the_fresh_look_sees_is_a_no(
    cli: CommandLine, visitor: FakeVisitor, orders: dict[str, str]
) -> None:
    later(visitor)
    visitor.shop.happen("lampe", "BUYER_CANCELLED")
    said = cli("ship", orders["lampe"])
    assert said.code == 1
    assert said.out.startswith("NO, cancelled: do not hand it in.\n")
    assert f"stornowacht show {orders['lampe']}" in said.out
    assert "Before you go" not in said.out


@pytest.mark.parametrize(
    ("deal", "answer"),
    [
        ("friteuse", (0, "yes", "says_sent")),
        ("jacke", (1, "no", "not_paid")),
        ("fahrradkorb", (1, "no", "already_there")),
        ("brettspiel", (1, "no", "already_there")),
    ],
)
def test_each_stage_has_its_answer(
    cli: CommandLine, visitor: FakeVisitor, orders: dict[str, str], deal: str, answer: tuple[int, str, str]
) -> None:
    assert judged(cli, orders[deal]) == answer


@pytest.mark.parametrize("wall", ["logged_out", "blocked", "unreachable", "unreadable"])
def test_a_wall_leaves_the_answer_to_the_seller(
    cli: CommandLine, visitor: FakeVisitor, orders: dict[str, str], wall: str
) -> None:
    visitor.wall = wall
    said = cli("ship", orders["lampe"])
    assert said.code == 3
    assert said.out.startswith("Not sure: look yourself before you hand it in.\n")
    assert "The check just now:" in said.out


def test_a_thread_that_could_not_be_read_leaves_the_answer_to_the_seller(
    cli: CommandLine, visitor: FakeVisitor, orders: dict[str, str]
) -> None:
    visitor.thread_wall = "unreachable"
    assert judged(cli, orders["lampe"]) == (3, "unsure", "not_read")


def test_a_cool_down_is_kept_and_leaves_the_answer_to_the_seller(
    cli: CommandLine, visitor: FakeVisitor, orders: dict[str, str]
) -> None:
    visitor.clock.now = datetime.now(UTC)
    visitor.wall = "blocked"
    cli("check")
    visitor.wall, visitor.opened = None, ["untouched"]
    said = cli("ship", orders["lampe"])
    assert said.code == 3
    assert visitor.opened == ["untouched"]
    assert "Not before" in said.out


@pytest.mark.parametrize(
    "fault", [BusyError("The account is being visited."), BrowserError("No browser.", advice="Install one.")]
)
def test_without_a_browser_nobody_can_tell_and_the_reason_is_told(
    cli: CommandLine, visitor: FakeVisitor, orders: dict[str, str], fault: StornowachtError
) -> None:
    visitor.refuses = fault
    said = cli("ship", orders["lampe"])
    assert said.code == 3
    assert fault.message in said.out
    found = cli("ship", orders["lampe"], "--json").json
    assert (found["answer"], found["outcome"], found["fault"]) == ("unsure", None, fault.diagnostics())


def test_what_is_known_to_be_off_is_a_no_without_any_look(
    cli: CommandLine, visitor: FakeVisitor, orders: dict[str, str]
) -> None:
    later(visitor)
    visitor.shop.happen("lampe", "BUYER_CANCELLED")
    cli("check")
    for refusal in (BusyError("busy"), None):
        visitor.refuses = refusal
        visitor.wall = "unreachable"
        assert judged(cli, orders["lampe"]) == (1, "no", "cancelled")


def test_a_card_that_nobody_knows_leaves_the_answer_to_the_seller(
    cli: CommandLine, visitor: FakeVisitor, orders: dict[str, str]
) -> None:
    later(visitor)
    visitor.shop.happen("lampe", "MYSTERY")
    assert judged(cli, orders["lampe"])[:2] == (3, "unsure")


def test_an_order_that_its_own_thread_no_longer_shows_leaves_the_answer_to_the_seller(
    cli: CommandLine, visitor: FakeVisitor, orders: dict[str, str]
) -> None:
    later(visitor)
    conversation = visitor.conversation("lampe")

    def without_cards(capture: Capture) -> Capture:
        if capture.conversation != conversation:
            return capture
        bodies = [
            replace(body, content=body.content.replace(b"PAYMENT_AND_SHIPPING_MESSAGE", b"MESSAGE"))
            for body in capture.bodies
        ]
        html = capture.html.replace("PaymentMessageBox", "Gone").replace(
            "payment-message-header-extended", "gone"
        )
        return replace(capture, bodies=tuple(bodies), html=html)

    visitor.alter = without_cards
    code, answer, _why = judged(cli, orders["lampe"])
    assert (code, answer) == (3, "unsure")


def test_a_problem_report_is_a_no(cli: CommandLine, visitor: FakeVisitor, orders: dict[str, str]) -> None:
    later(visitor)
    visitor.shop.happen("friteuse", "DISPUTED")
    assert judged(cli, orders["friteuse"]) == (1, "no", "disputed")


def test_the_alert_of_what_was_found_goes_out_after_the_answer(
    cli: CommandLine, visitor: FakeVisitor, orders: dict[str, str]
) -> None:
    postman = FakePostman("desktop")
    # At any hour: neither quiet hours nor the summary, which comes by day, are to say when this test may run.
    cli.write_config(more='[notify.desktop]\n[remind]\nquiet_hours = ""\n[summary]\nevery = "never"\n')
    cli.use_postman(postman)
    later(visitor)
    visitor.shop.happen("lampe", "BUYER_CANCELLED")
    cli("ship", orders["lampe"])
    assert [entry.alert.kind for entry in postman.taken] == ["case_opened"]


def test_an_insurance_that_is_too_small_is_minded(
    cli: CommandLine, visitor: FakeVisitor, orders: dict[str, str]
) -> None:
    deal = visitor.shop.deal("lampe")
    object.__setattr__(deal.ad, "price_cents", 90_000)
    visitor.shop.add(deal)
    later(visitor)
    said = cli("ship", orders["lampe"])
    assert said.code == 0
    assert "liable for less than the price" in said.out


def test_the_terms_must_have_been_accepted(
    cli: CommandLine, visitor: FakeVisitor, orders: dict[str, str]
) -> None:
    cli.write_config(terms=False)
    said = cli("ship", orders["lampe"])
    assert (said.code, said.out) == (2, "")
    assert "i_accept_the_risk" in said.err


def test_an_order_of_an_account_that_is_gone_is_wrong_usage(
    cli: CommandLine, visitor: FakeVisitor, orders: dict[str, str]
) -> None:
    cli.write_config(more='[[account]]\nname = "another"\n')
    assert "another" in refused(cli("ship", orders["lampe"]))


@pytest.mark.parametrize(
    "arguments", [["o000000"], ["ORDER", "--number", "00340434161094022115"], [], ["a", "b"]]
)
def test_what_names_nothing_is_wrong_usage(
    cli: CommandLine, visitor: FakeVisitor, orders: dict[str, str], arguments: list[str]
) -> None:
    assert refused(cli("ship", *(orders["lampe"] if word == "ORDER" else word for word in arguments)))


def refused(said: Said) -> str:
    assert (said.code, said.out) == (2, "")
    return said.err


def test_the_hand_in_is_written_down_with_its_number_and_without_a_visit(
    cli: CommandLine, visitor: FakeVisitor, orders: dict[str, str]
) -> None:
    visitor.opened = ["untouched"]
    found = cli("ship", orders["lampe"], "--handed-in", "--number", "0034 0434 1610 9402 2115", "--json").json
    assert (found["milestone"], found["number"], found["carrier"]) == (
        "handed_in", "00340434161094022115", "dhl",
    )  # fmt: skip
    assert visitor.opened == ["untouched"]
    assert datetime.fromisoformat(found["handed_in"]) > datetime.now(UTC) - timedelta(minutes=1)


def test_a_number_with_a_wrong_check_digit_is_refused_and_nothing_written(
    cli: CommandLine, visitor: FakeVisitor, orders: dict[str, str]
) -> None:
    err = refused(cli("ship", orders["lampe"], "--handed-in", "--number", "00340434161094022116"))
    assert "check digit" in err
    store = SqliteStore(cli.data)
    assert store.sightings(orders["lampe"]) == []
    store.close()


def test_without_a_number_the_way_to_add_it_is_told(
    cli: CommandLine, visitor: FakeVisitor, orders: dict[str, str]
) -> None:
    said = cli("ship", orders["lampe"], "--handed-in")
    assert said.code == 0
    assert f"stornowacht track {orders['lampe']} NUMBER" in said.out


def test_a_cancelled_parcel_that_was_handed_in_all_the_same_is_told_loudly(
    cli: CommandLine, visitor: FakeVisitor, orders: dict[str, str]
) -> None:
    later(visitor)
    visitor.shop.happen("lampe", "BUYER_CANCELLED")
    cli("check")
    said = cli("ship", orders["lampe"], "--handed-in")
    assert said.code == 0
    assert "the sale is cancelled: act now" in said.out
    [case] = cli("cases", "--json").json
    assert case["kind"] == "in_transit"


def test_a_hostile_title_does_not_steer_the_terminal(
    cli: CommandLine, visitor: FakeVisitor, orders: dict[str, str]
) -> None:
    deal = visitor.shop.deal("lampe")
    object.__setattr__(deal.ad, "title", "Lampe\x1b[2J\x9b31m\u202egnp\r{0}\x7f")
    visitor.shop.add(deal)
    later(visitor)
    for said in (cli("ship", orders["lampe"]), cli("ship", orders["lampe"], "--json")):
        assert said.code == 0
        assert not set(said.all) & set("\x1b\x9b\u202e\r\x7f")


def test_a_sale_last_known_as_requested_is_not_refused_while_the_site_cannot_be_reached(
    cli: CommandLine, visitor: FakeVisitor, orders: dict[str, str]
) -> None:
    visitor.wall = "unreachable"
    said = cli("ship", orders["jacke"])
    assert said.code == 3
    assert "As last seen" in said.out
    assert judged(cli, orders["jacke"]) == (3, "unsure", "not_read")


def test_a_cancelled_sale_says_that_the_site_could_not_be_reached_just_now(
    cli: CommandLine, visitor: FakeVisitor, orders: dict[str, str]
) -> None:
    later(visitor)
    visitor.shop.happen("lampe", "BUYER_CANCELLED")
    cli("check")
    visitor.wall = "unreachable"
    said = cli("ship", orders["lampe"])
    assert said.code == 1
    assert "The page could not be read just now: this is what was known before." in said.out
    assert "The check just now:" in said.out


def test_a_parcel_of_an_unpaid_sale_that_was_handed_in_is_told_loudly(
    cli: CommandLine, visitor: FakeVisitor, orders: dict[str, str]
) -> None:
    assert "But the sale is not paid" in cli("ship", orders["jacke"], "--handed-in").out
    assert "But " not in cli("ship", orders["lampe"], "--handed-in").out


def test_after_its_case_was_closed_a_cancelled_parcel_points_to_no_step(
    cli: CommandLine, visitor: FakeVisitor, orders: dict[str, str]
) -> None:
    later(visitor)
    visitor.shop.happen("lampe", "BUYER_CANCELLED")
    cli("check")
    [case] = cli("cases", "--json").json
    cli("close", case["id"])
    said = cli("ship", orders["lampe"], "--handed-in")
    assert "But the sale is cancelled, and no case of it is open" in said.out
    assert "act now" not in said.all


def test_what_was_handed_in_says_when_and_not_how_to_pack(
    cli: CommandLine, visitor: FakeVisitor, orders: dict[str, str]
) -> None:
    cli("ship", orders["lampe"], "--handed-in")
    said = cli("ship", orders["lampe"])
    assert said.code == 0
    assert "It was handed in, " in said.out
    assert "Before you go" not in said.out
    assert "It had been handed in already" in cli("ship", orders["lampe"], "--handed-in").err


def test_a_number_that_takes_the_place_of_another_is_told(
    cli: CommandLine, visitor: FakeVisitor, orders: dict[str, str]
) -> None:
    first, second = "00340434161094022115", "00340434161094027318"
    assert "Until now" not in cli("ship", orders["lampe"], "--handed-in", "--number", first).err
    again = cli("ship", orders["lampe"], "--handed-in", "--number", second)
    assert f"Until now its number was {first}" in again.err


def test_a_number_of_another_carrier_is_told(
    cli: CommandLine, visitor: FakeVisitor, orders: dict[str, str]
) -> None:
    said = cli("ship", orders["lampe"], "--handed-in", "--number", "1Z999AA10123456784")
    assert said.code == 0
    assert "Until now its carrier was DHL; the number is one of UPS's." in said.err


# --- until when it should leave


def test_until_when_it_should_leave_is_said_and_who_says_so(
    cli: CommandLine, visitor: FakeVisitor, orders: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The shop's lamp was paid on this Sunday; two working days later is Tuesday."""
    cli.write_config(more='[seller]\nships_within = "2 days"\n')
    for module in ("ship_by", "ship", "show", "known"):
        monkeypatch.setattr(f"watcher.cli.{module}.now", visitor.clock)
    said = cli("ship", orders["lampe"])
    assert said.code == 0
    assert "Ship by Tue, 24 Nov (your promise), 2 more days." in said.out
    told = cli("ship", orders["lampe"], "--json").json["order"]
    assert (told["ship_by"], told["ship_by_from"]) == ("2026-11-24T22:59:59+00:00", "promise")
    assert "Ship by:         Tue, 24 Nov (your promise), 2 more days" in cli("show", orders["lampe"]).out
    assert "paid, to ship by Tue, 24 Nov (your promise)" in cli("orders").out
    [line] = [line for line in cli("status").out.splitlines() if "Stehlampe" in line]
    assert line.startswith("To ship by Tue, 24 Nov (your promise), 2 more days: Stehlampe")
    assert line.endswith("paid today, not shipped yet")


def test_the_pages_date_comes_first_and_a_parcel_that_has_left_has_none(
    cli: CommandLine, visitor: FakeVisitor, orders: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    cli.write_config(more='[seller]\nships_within = "2 days"\n')
    for module in ("ship_by", "ship", "show", "known"):
        monkeypatch.setattr(f"watcher.cli.{module}.now", visitor.clock)
    visitor.shop.happen("lampe", "PAID_WITH_DATE")
    later(visitor)
    assert "Ship by Wed, 25 Nov (as the page says), 3 more days." in cli("ship", orders["lampe"]).out
    cli("ship", orders["lampe"], "--handed-in")
    for command in (["show", orders["lampe"]], ["ship", orders["lampe"]], ["status"]):
        assert "25 Nov" not in cli(*command).out


def test_a_date_that_is_over_is_said_with_how_long_the_buyer_waits(
    cli: CommandLine, visitor: FakeVisitor, orders: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    cli.write_config(more='[seller]\nships_within = "1 day"\n')
    later(visitor, minutes=60 * 24 * 4)
    for module in ("ship_by", "show"):
        monkeypatch.setattr(f"watcher.cli.{module}.now", visitor.clock)
    shown = cli("show", orders["lampe"]).out
    assert "Mon, 23 Nov (your promise), over for 3 days" in shown
    assert "paid for 4 days, not shipped yet" in shown


@pytest.mark.parametrize("text", ["0 days", "61 days", "soon", "2", "-1 days", "2 weeks", "2 days ago"])
def test_a_promise_that_says_no_number_of_days_is_refused(cli: CommandLine, text: str) -> None:
    cli.write_config(more=f'[seller]\nships_within = "{text}"\n')
    said = cli("status")
    assert said.code == 2
    assert "ships_within" in said.err
