"""The ledger names nobody: ids, kinds, times and salted hashes alone, whatever strangers and the seller write."""

from dataclasses import replace
from datetime import timedelta

import pytest

from fixtures.shop import Ad, five_orders
from fixtures.shop.histories import parcel_number
from tests.support.cli import CommandLine
from tests.support.clock import NOON
from tests.support.rooms import FakePostman
from tests.support.visiting import FakeVisitor
from watcher.app.ring import ring
from watcher.domain.mail import MailVerdict, PlatformMail
from watcher.storage.store import SqliteStore

PLANTED = "Zwetschgenquark"
NUMBER = parcel_number("0034043420051118270")


@pytest.fixture
def hostile(visitor: FakeVisitor) -> FakeVisitor:
    """Every word that somebody can choose holds the planted one."""
    for deal in five_orders(NOON):
        said = [replace(message, text=f"{message.text} {PLANTED}") for message in deal.messages]
        visitor.shop.add(
            replace(
                deal,
                ad=Ad(title=f"{PLANTED} {deal.id}", price_cents=deal.ad.price_cents),
                buyer=f"{PLANTED} {deal.buyer}",
                messages=said,
            )
        )
    return visitor


def ledger(cli: CommandLine) -> list[str]:
    store = SqliteStore(cli.data)
    try:
        return [line.text for line in store.ledger()]
    finally:
        store.close()


def deal_of(cli: CommandLine, name: str) -> str:
    return next(order["id"] for order in cli("orders", "--json").json if order["title"].endswith(name))


@pytest.mark.slow
def test_no_word_that_anybody_chose_stands_in_the_ledger(cli: CommandLine, hostile: FakeVisitor) -> None:
    postman = FakePostman()
    cli.use_postman(postman)
    cli.write_config(more="[notify.desktop]\n")
    assert cli("check").code == 0
    friteuse, lampe = deal_of(cli, "friteuse"), deal_of(cli, "lampe")
    hostile.shop.happen("friteuse", "BUYER_CANCELLED", title=PLANTED, text=f"storniert {PLANTED}")
    hostile.shop.happen("lampe", "MYSTERY", type_override=f"{PLANTED.upper()}_SELLER_MESSAGE", title=PLANTED)
    hostile.shop.cancel("fahrradkorb")
    hostile.clock.forward(minutes=20)
    cli("check")
    case = "c" + friteuse[1:]
    attached = cli.folder / f"{PLANTED}.txt"
    attached.write_text(PLANTED)
    for arguments in (
        ("attach", friteuse, str(attached)),
        ("ship", lampe),
        ("capture", lampe),
        ("ship", lampe, "--handed-in", "--number", NUMBER),
        ("track", friteuse, NUMBER),
        ("track", friteuse, f"Die Sendung wurde dem Empfänger {PLANTED} zugestellt."),
        ("note", friteuse, f"Angerufen: {PLANTED}"),
        ("note", friteuse, "--support", f"Ticket {PLANTED}"),
        ("cost", friteuse, "other", "12,50", PLANTED),
        ("reason", case, "second_thoughts"),
        ("ack", case),
        ("snooze", case, "2h"),
        ("confirm", lampe, "--means", "cancelled"),
        ("close", case),
        ("deliver",),
        ("archive", "verify"),
        ("check",),
    ):
        assert cli(*arguments).code != 2, arguments  # wrong usage would show nothing
    store = SqliteStore(cli.data)
    mail = PlatformMail(
        key=f"<{PLANTED}@mail>",
        at=NOON - timedelta(minutes=1),
        conversation=hostile.conversation("jacke"),
        verdict=MailVerdict.TRUSTED,
    )
    ring(store, account="main", mail=mail, channels=["desktop"], clock=hostile.clock)
    store.close()
    lines = ledger(cli)
    kinds = {line.split('"kind":"')[1].split('"')[0] for line in lines}
    assert kinds >= {
        "acknowledged", "alert_sent", "capture_kept", "case_closed", "case_planned", "check", "mail_rang", "note_added",
        "order_cancelled", "order_seen", "program_started", "snoozed",
    }  # fmt: skip
    assert [line for line in lines if PLANTED.lower() in line.lower()] == []
    assert [line for line in lines if NUMBER in line] == []
    conversations = [deal.conversation_id for deal in hostile.shop.deals()]
    assert [line for line in lines if any(name in line for name in conversations)] == []


def test_every_line_about_one_order_names_it(cli: CommandLine, hostile: FakeVisitor) -> None:
    cli("check")
    kept = [
        line for line in ledger(cli) if '"kind":"capture_kept"' in line and '"page":"conversation"' in line
    ]
    assert kept
    orders = {order["id"] for order in cli("orders", "--json").json}
    named = {line.split('"order":"')[1].split('"')[0] for line in kept if '"order":"' in line}
    assert named == orders


def test_the_start_of_a_version_is_written_down_once_whatever_often_it_checks(
    cli: CommandLine, visitor: FakeVisitor
) -> None:
    for _ in range(3):
        cli("check")
    assert sum('"kind":"program_started"' in line for line in ledger(cli)) == 1
