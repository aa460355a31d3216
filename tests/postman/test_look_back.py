"""The letter of a closed case looks back on it: what would have helped, as far as its own facts tell."""

from datetime import timedelta
from pathlib import Path

import pytest

from notifiers.message import Message, Receipt
from tests.postman.reader import page, write
from tests.postman.samples import SEEN_AT, a_case, an_order, facts
from tests.support.memory import tmp_path
from tests.support.values import ACCOUNT
from watcher.app.ports import Waiting
from watcher.domain.alert import Alert, AlertKind
from watcher.domain.case import Case, Ending
from watcher.domain.look_back import CaseFacts
from watcher.domain.reason import CancelReason
from watcher.domain.step import CaseKind
from watcher.postman.postman import ChannelPostman
from watcher.storage.store import SqliteStore
from watcher.storage.vault import FileVault
from watcher.texts.language import Language

__all__ = ["tmp_path"]  # a fixture that pytest finds here

HEADINGS: dict[Language, str] = {"de": "Was hätte geholfen?", "en": "What would have helped?"}


def closed(**changes: object) -> Case:
    case = a_case(CaseKind.IN_TRANSIT, **changes)
    return case.closed(at=SEEN_AT + timedelta(days=3), ending=Ending.RETURNED_AND_REFUNDED)


def letter(case_facts: CaseFacts | None, language: Language = "de") -> Message:
    return write(facts(AlertKind.CASE_CLOSED, case=closed(), case_facts=case_facts), language)


@pytest.mark.parametrize("language", ["de", "en"])
def test_what_would_have_helped_stands_in_text_and_html_without_the_marks_of_commands(language: Language):
    told = CaseFacts(goods=CaseKind.IN_TRANSIT, reason=CancelReason.DESCRIPTION, handed_in_after=True)
    message = letter(told, language)
    for text in (message.text, page(message).text):
        assert HEADINGS[language] in text
        assert "stornowacht ship" in text
        assert "`" not in text


@pytest.mark.parametrize(
    "told", [None, CaseFacts(goods=CaseKind.BEFORE_SHIPMENT, reason=CancelReason.EMERGENCY)]
)
def test_where_nothing_points_to_anything_the_letter_says_nothing(told: CaseFacts | None):
    assert HEADINGS["de"] not in letter(told).text


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


def test_the_postman_looks_the_facts_up(tmp_path: Path):
    store, hatch = SqliteStore(tmp_path / "data"), Hatch()
    case = closed(reason=CancelReason.SHIPPING_COST)
    with store.writing() as writing:
        writing.save_account(ACCOUNT)
        writing.save_orders([an_order()])
        writing.save_case(case)
    postman = ChannelPostman(
        channels={"hatch": hatch},
        store=store,
        vault=FileVault(tmp_path / "data"),
        clock=lambda: SEEN_AT,
        base_url="https://www.kleinanzeigen.de",
        language="de",
    )
    alert = Alert(
        key="k", kind=AlertKind.CASE_CLOSED, account="main", at=SEEN_AT, order=case.order, case=case.id
    )
    postman.hand_over(Waiting(id=1, channel="hatch", attempts=1, alert=alert, problem=None))
    store.close()
    assert "Nenn die Versandkosten gleich in der Anzeige" in hatch.messages[0].text
