"""Signs that follow from facts: an account's age, a cancellation after delivery, one that was not the first."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.domain.samples import NOW, order
from watcher.domain.order import Order
from watcher.domain.signs import (
    CANCELLED_AFTER_DELIVERY,
    CANCELLED_AGAIN,
    NEW_ACCOUNT,
    SAME_NAME_CANCELLED,
    signs_of_account,
    signs_of_order,
)
from watcher.domain.stage import Stage
from watcher.domain.step import CaseKind


def cancelled(name: str, *, days: float = 0, conversation: str = "a:b:c", **known: object) -> Order:
    known = {"reached": Stage.SHIPPED, "buyer": "Erika", **known}
    at = NOW + timedelta(days=days)
    return order(Stage.CANCELLED, name, conversation=conversation, stage_at=at, **known)


def rules(about: Order, *others: Order, kind: CaseKind | None = None) -> list[str]:
    return [sign.rule for sign in signs_of_order(about, kind, [about, *others])]


@pytest.mark.parametrize(("days", "young"), [(-0.5, True), (0, True), (13, True), (14, False), (-2, False)])
def test_an_account_is_young_in_its_first_two_weeks(days: float, young: bool) -> None:  # noqa: FBT001
    found = signs_of_account(buyer_since=NOW, deal_at=NOW + timedelta(days=days))
    assert [sign.rule for sign in found] == [NEW_ACCOUNT] * young


@pytest.mark.parametrize("known", [{"buyer_since": None}, {"deal_at": None}])
def test_of_an_unknown_age_nothing_is_said(known: dict[str, None]) -> None:
    assert signs_of_account(**{"buyer_since": NOW, "deal_at": NOW, **known}) == ()  # type: ignore[arg-type]


def test_a_cancellation_after_delivery_is_a_sign_by_its_case_or_by_its_stage() -> None:
    assert rules(cancelled("p1"), kind=CaseKind.AFTER_DELIVERY) == [CANCELLED_AFTER_DELIVERY]
    assert rules(cancelled("p1", reached=Stage.DELIVERED)) == [CANCELLED_AFTER_DELIVERY]
    assert rules(cancelled("p1", reached=Stage.DELIVERED, pickup=True)) == []
    assert rules(cancelled("p1"), kind=CaseKind.IN_TRANSIT) == []


def test_the_second_cancellation_in_a_conversation_is_a_sign_and_the_first_is_none() -> None:
    first, second = cancelled("p1"), cancelled("p2", days=9)
    assert rules(second, first) == [CANCELLED_AGAIN]
    assert rules(first, second) == []


def test_the_same_name_elsewhere_is_a_weaker_sign_for_a_year() -> None:
    elsewhere = cancelled("p1", conversation="x:y:z", buyer=" ERIKA ")
    assert rules(cancelled("p2", days=300), elsewhere) == [SAME_NAME_CANCELLED]
    assert rules(cancelled("p2", days=400), elsewhere) == []
    assert rules(cancelled("p2", days=300, buyer="Jonte"), elsewhere) == []
    assert rules(cancelled("p2", days=300, buyer=None), replace(elsewhere, buyer=None)) == []


def test_another_accounts_orders_do_not_count() -> None:
    other = replace(cancelled("p1"), account="second")
    assert rules(cancelled("p2", days=9), other) == []


@pytest.mark.parametrize("stage", [Stage.SHIPPED, Stage.PAID_OUT, Stage.DECLINED])
def test_an_order_that_was_not_cancelled_has_none(stage: Stage) -> None:
    about = order(stage, "p2", reached=None, buyer="Erika", stage_at=NOW + timedelta(days=1))
    assert rules(about, cancelled("p1"), kind=CaseKind.AFTER_DELIVERY) == []
