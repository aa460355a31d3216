"""What the postman looks up for a letter, in a real store."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from notifiers.message import Message, Receipt
from tests.postman.samples import SEEN_AT, an_account, an_order, png
from tests.support.memory import tmp_path
from watcher.app.archive import StoredCapture
from watcher.app.ports import Waiting
from watcher.app.seller import seller_saw
from watcher.domain.account import Account
from watcher.domain.alert import Alert, AlertKind
from watcher.domain.capture import Capture, PageKind
from watcher.domain.order import Order
from watcher.domain.outcome import Cause, Outcome
from watcher.domain.parcel import Milestone
from watcher.domain.stage import Stage
from watcher.postman.postman import ChannelPostman
from watcher.storage.store import SqliteStore
from watcher.storage.vault import FileVault

__all__ = ["tmp_path"]  # a fixture that pytest finds here

EARLIER = SEEN_AT - timedelta(hours=9)
Told = Callable[..., Message]


class Hatch:
    """A channel that keeps what it is given."""

    name = "hatch"

    def __init__(self) -> None:
        self.messages: list[Message] = []

    def deliver(self, message: Message) -> Receipt:
        self.messages.append(message)
        return Receipt(channel="hatch", detail="taken")

    def probe(self) -> Receipt:
        return Receipt(channel="hatch", detail="open")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    store = SqliteStore(tmp_path / "data")
    yield store
    store.close()


@pytest.fixture
def vault(tmp_path: Path) -> FileVault:
    return FileVault(tmp_path / "data")


@pytest.fixture
def told(store: SqliteStore, vault: FileVault) -> Told:
    def tell(kind: AlertKind, *details: tuple[str, str], order: str | None = None) -> Message:
        hatch = Hatch()
        postman = ChannelPostman(
            channels={"hatch": hatch},
            store=store,
            vault=vault,
            language="de",
            base_url="https://www.kleinanzeigen.de",
            clock=lambda: SEEN_AT,
        )
        alert = Alert(key="k", kind=kind, account="main", at=SEEN_AT, order=order, details=details, round=1)
        postman.hand_over(Waiting(id=1, channel="hatch", alert=alert, attempts=1, problem=None))
        [message] = hatch.messages
        assert message.html is not None, message.text
        return message

    return tell


def remember(store: SqliteStore, account: Account, *orders: Order) -> None:
    with store.writing() as writing:
        writing.save_account(account)
        writing.save_orders(orders)


def picture(
    store: SqliteStore,
    vault: FileVault,
    *,
    page: str | None = None,
    content: bytes,
    kind: PageKind | None = None,
    conversation: str | None = None,
) -> None:
    shown = Capture(
        id=f"capture-{page or kind}",
        account="main",
        kind=kind or (PageKind.ADDED if page else PageKind.CONVERSATION_LIST),
        conversation=conversation,
        page=page,
        taken_at=EARLIER,
        url="https://www.kleinanzeigen.de/",
        final_url="https://www.kleinanzeigen.de/",
        status=200,
        preview=content,
    )
    kept = StoredCapture(
        id=shown.id,
        account="main",
        conversation=conversation,
        kind=shown.kind,
        page=page,
        taken_at=EARLIER,
        url=shown.url,
        reason="changed",
        complete=True,
        files=vault.keep(vault.stage(shown)),
    )
    with store.writing() as writing:
        writing.save_account(an_account())
        writing.save_capture(kept)


def sale(name: str, **changes: object) -> Order:
    return replace(
        an_order(stage=Stage.SHIPPED, last_seen_at=EARLIER),
        id=f"o{name}",
        title=name,
        conversation=f"a:b:{name}",
        deal_ids=frozenset({name}),
        **changes,
    )


def test_silence_lists_the_live_orders_that_the_last_check_did_not_see(
    store: SqliteStore, told: Told
) -> None:
    account = an_account(last_outcome=Outcome.PARTIAL, last_complete_at=EARLIER)
    remember(
        store,
        account,
        sale("missed"),
        sale("seen", last_seen_at=SEEN_AT),
        sale("ended", stage=Stage.PAID_OUT),
    )
    text = told(AlertKind.ACCOUNT_UNVERIFIED, ("since", EARLIER.isoformat()), ("outcome", "partial")).text
    assert "missed (45,00 €)" in text
    assert "seen (45,00 €)" not in text
    assert "ended" not in text


def test_when_no_check_came_at_all_every_live_order_is_listed(store: SqliteStore, told: Told) -> None:
    account = an_account(last_outcome=Outcome.OK, last_check_at=EARLIER, last_complete_at=EARLIER)
    remember(store, account, sale("waiting"), sale("ended", stage=Stage.PAID_OUT))
    text = told(AlertKind.ACCOUNT_UNVERIFIED, ("since", EARLIER.isoformat()), ("outcome", "ok")).text
    assert "waiting (45,00 €)" in text
    assert "ended" not in text


def test_other_letters_list_no_orders(store: SqliteStore, told: Told) -> None:
    remember(store, an_account(last_complete_at=EARLIER), sale("missed"))
    assert "missed" not in told(AlertKind.ACCOUNT_TROUBLE, ("outcome", "unreachable"), ("cause", "dns")).text


def test_the_cause_and_the_end_of_the_cool_down_reach_the_letter(store: SqliteStore, told: Told) -> None:
    remember(store, an_account(cool_down_until=SEEN_AT + timedelta(hours=2)))
    text = told(AlertKind.ACCOUNT_TROUBLE, ("outcome", Outcome.BLOCKED), ("cause", Cause.IP_BLOCK)).text
    assert "bis So., 22.11., 23:05 Uhr Abstand" in text
    assert "Grund: Internetanschluss gesperrt" in text


def test_an_outcome_or_a_cause_of_a_later_version_gives_a_whole_letter(told: Told) -> None:
    message = told(AlertKind.ACCOUNT_TROUBLE, ("outcome", "melted"), ("cause", "sun"))
    assert message.subject == "Störung: Konto main – sieh selbst nach"


def test_a_login_that_ends_soon_is_told_with_the_accounts_own_experience(
    store: SqliteStore, told: Told
) -> None:
    remember(store, an_account())
    assert "meist nach 14 Tagen" in told(AlertKind.SESSION_ENDING).text


def test_news_of_an_order_come_with_the_picture_of_its_conversation_and_not_of_its_ad(
    store: SqliteStore, vault: FileVault, told: Told
) -> None:
    order = sale("friteuse")
    of_thread, of_ad = png() + b"thread", png() + b"ad"
    remember(store, an_account(), order)
    for kind, content in ((PageKind.CONVERSATION, of_thread), (PageKind.AD, of_ad)):
        picture(store, vault, content=content, kind=kind, conversation=order.conversation)
    [shown] = told(AlertKind.ORDER_UNKNOWN, order=order.id).pictures
    assert shown.png == of_thread


def test_words_on_a_page_come_with_that_pages_picture_and_trouble_with_the_lists(
    store: SqliteStore, vault: FileVault, told: Told
) -> None:
    of_page, of_list = png() + b"page", png() + b"list"
    picture(store, vault, page=None, content=of_list)
    picture(store, vault, page="Zahlungen", content=of_page)
    [shown] = told(AlertKind.PAGE_WORDS, ("page", "Zahlungen"), ("stage", "refunded")).pictures
    assert shown.png == of_page
    [shown] = told(AlertKind.ACCOUNT_TROUBLE, ("outcome", "unreadable")).pictures
    assert shown.png == of_list


def test_a_word_about_the_hand_in_lists_what_waits_when_it_is_written(store: SqliteStore, told: Told) -> None:
    paid = an_order(id="opaid", stage=Stage.PAID, stage_at=SEEN_AT - timedelta(days=4))
    gone = replace(paid, id="ogone", title="Vase")
    others = [
        replace(paid, id="opickup", title="Regal", pickup=True),
        replace(paid, id="oother", title="Lampe", account="second"),
        replace(paid, id="osent", title="Buch", stage=Stage.SHIPPED),
    ]
    with store.writing() as writing:
        writing.save_account(an_account())
        writing.save_account(Account(name="second"))
        writing.save_orders([paid, gone, *others])
        writing.save_sighting(seller_saw(gone, Milestone.HANDED_IN, at=SEEN_AT))
    text = told(AlertKind.HAND_IN_SOON).text
    assert "Friteuse (45,00 €) – seit 4 Tagen bezahlt:\n    stornowacht ship opaid\n" in text
    assert text.count("stornowacht ship") == 1


def test_the_word_of_the_night_knows_what_kind_of_machine_it_speaks_of(
    told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert "caffeinate" in told(AlertKind.NIGHT_WATCH).text
