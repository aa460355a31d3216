"""Signs and found reasons: each rule speaks once about an order, and the words come back as they were."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.support.clock import NOON
from tests.support.values import CASE, ORDER
from watcher.domain.confidence import Confidence
from watcher.domain.reason import CancelReason, FoundReason
from watcher.domain.signs import Sign
from watcher.storage.store import SqliteStore

PAYPAL = Sign(rule="pays_elsewhere", at=NOON - timedelta(hours=2), quote="Nimmst du „PayPal“?")
YOUNG = Sign(rule="new_account", at=None)
CHEAPER = FoundReason(
    reason=CancelReason.FOUND_CHEAPER,
    rule="found_cheaper",
    sentence="Günstiger gefunden 😀",
    confidence=Confidence.UNSURE,
)

pytestmark = pytest.mark.usefixtures("case_known")


def save(store: SqliteStore, *signs: Sign, order: str = ORDER.id, minutes: int = 0) -> list[bool]:
    with store.writing() as writing:
        return [writing.save_sign(order, sign, at=NOON + timedelta(minutes=minutes)) for sign in signs]


def test_signs_come_back_as_they_were_in_the_order_in_which_they_were_noticed(store: SqliteStore) -> None:
    save(store, PAYPAL)
    save(store, YOUNG, minutes=20)
    assert store.signs(ORDER.id) == [PAYPAL, YOUNG]


def test_of_one_rule_the_first_sign_stays(store: SqliteStore) -> None:
    assert save(store, PAYPAL) == [True]
    assert save(store, replace(PAYPAL, quote="Oder per PayPal Freunde?")) == [False]
    assert store.signs(ORDER.id) == [PAYPAL]


def test_each_order_has_its_own_signs(store: SqliteStore) -> None:
    other = replace(ORDER, id="oxyz2345")
    with store.writing() as writing:
        writing.save_orders([other])
    assert save(store, PAYPAL) == save(store, PAYPAL, order=other.id) == [True]
    assert store.signs("onobody2") == []


def test_of_the_found_reasons_the_latest_counts(store: SqliteStore) -> None:
    assert store.found_reason(CASE.id) is None
    later = replace(CHEAPER, reason=CancelReason.OTHER, rule="because", confidence=Confidence.LIKELY)
    for found in (CHEAPER, later):
        with store.writing() as writing:
            writing.save_found_reason(CASE.id, found, at=NOON)
        assert store.found_reason(CASE.id) == found


def test_what_an_unfinished_transaction_noticed_is_not_there(store: SqliteStore) -> None:
    def unfinished() -> None:
        with store.writing() as writing:
            writing.save_sign(ORDER.id, PAYPAL, at=NOON)
            writing.save_found_reason(CASE.id, CHEAPER, at=NOON)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        unfinished()
    assert (store.signs(ORDER.id), store.found_reason(CASE.id)) == ([], None)


def test_half_of_a_cut_up_emoji_can_be_written_down(store: SqliteStore) -> None:
    save(store, replace(PAYPAL, quote="PayPal \ud83d"))
    assert store.signs(ORDER.id)[0].quote == "PayPal ?"
