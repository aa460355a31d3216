"""May this parcel be handed in? Never a "yes" that something speaks against."""

from dataclasses import replace
from itertools import product

import pytest

from tests.support.every import every
from tests.support.values import CASE, ORDER
from watcher.domain.confidence import Confidence
from watcher.domain.hand_in import Answer, Verdict, Why, may_hand_in
from watcher.domain.order import Order
from watcher.domain.stage import Stage

PAID = replace(
    ORDER, stage=Stage.PAID, reached=Stage.PAID, confidence=Confidence.CERTAIN, liability_cents=50_000
)


def judged(order: Order = PAID, *, was_read: bool = True, case: bool = False, **changes: object) -> Verdict:
    return may_hand_in(
        replace(order, **changes),  # type: ignore[arg-type]
        CASE if case else None,
        was_read=was_read,
    )


def test_a_paid_order_that_was_read_for_certain_may_go() -> None:
    assert judged() == Verdict(answer=Answer.YES, why=Why.PAID)


@pytest.mark.parametrize("was_read", [True, False])
@pytest.mark.parametrize("confidence", Confidence)
def test_a_cancelled_sale_stays_off_whatever_the_look_could_see(
    confidence: Confidence, *, was_read: bool
) -> None:
    for stage in (Stage.CANCELLED, Stage.REFUNDED):
        found = judged(stage=stage, confidence=confidence, was_read=was_read)
        assert found == Verdict(answer=Answer.NO, why=Why.CANCELLED)


def test_a_paid_sale_that_ran_out_counts_as_cancelled() -> None:
    assert judged(stage=Stage.EXPIRED, reached=Stage.PAID).why is Why.CANCELLED
    assert judged(stage=Stage.EXPIRED, reached=Stage.REQUESTED).why is Why.NO_SALE


@every(
    ("stage", "why"),
    [
        (Stage.DISPUTED, Why.DISPUTED),
        (Stage.REQUESTED, Why.NOT_PAID),
        (Stage.AWAITING_PAYMENT, Why.NOT_PAID),
        (Stage.DELIVERED, Why.ALREADY_THERE),
        (Stage.RECEIVED, Why.ALREADY_THERE),
        (Stage.PAID_OUT, Why.ALREADY_THERE),
    ],
)
def test_what_is_not_paid_or_over_is_a_clear_no(stage: Stage, why: Why) -> None:
    assert judged(stage=stage, reached=None) == Verdict(answer=Answer.NO, why=why)


@pytest.mark.parametrize("stage", [Stage.REQUESTED, Stage.AWAITING_PAYMENT])
def test_that_the_buyer_has_not_paid_is_only_known_by_a_look_just_now(stage: Stage) -> None:
    assert judged(stage=stage, reached=None, was_read=False) == Verdict(
        answer=Answer.UNSURE, why=Why.NOT_READ
    )
    assert judged(stage=stage, reached=None, was_read=False, case=True).why is Why.CASE_OPEN


def test_an_open_case_speaks_against_a_paid_order() -> None:
    assert judged(case=True) == Verdict(answer=Answer.NO, why=Why.CASE_OPEN)
    assert judged(case=True, was_read=False).answer is Answer.NO


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"missing_checks": 1}, Why.NOT_FOUND),
        ({"stage": Stage.UNKNOWN}, Why.NOT_UNDERSTOOD),
        ({"unknown_events": ("NEW_THING",)}, Why.NOT_UNDERSTOOD),
        ({"confidence": Confidence.UNSURE}, Why.UNSURE_READING),
        ({"stage": Stage.REQUESTED, "reached": None, "confidence": Confidence.UNSURE}, Why.UNSURE_READING),
    ],
)
def test_where_nobody_can_tell_the_human_is_asked_to_look(changes: dict[str, object], why: Why) -> None:
    assert judged(**changes) == Verdict(answer=Answer.UNSURE, why=why)


def test_without_a_look_just_now_nobody_can_tell() -> None:
    assert judged(was_read=False) == Verdict(answer=Answer.UNSURE, why=Why.NOT_READ)


def test_yes_is_only_said_to_a_paid_order_that_was_read_without_doubt() -> None:
    for stage, confidence, was_read, case, missing, unknown in product(
        Stage, Confidence, (True, False), (True, False), (0, 1), ((), ("NEW",))
    ):
        found = judged(
            stage=stage,
            confidence=confidence,
            was_read=was_read,
            case=case,
            missing_checks=missing,
            unknown_events=unknown,
        )
        clear = was_read and not case and not missing and not unknown and confidence is not Confidence.UNSURE
        assert (found.answer is Answer.YES) is (clear and stage in {Stage.PAID, Stage.SHIPPED})


def test_a_guessed_wording_is_minded() -> None:
    assert Why.GUESSED in judged(confidence=Confidence.LIKELY).mind


@every(
    ("option", "liability", "mind"),
    [
        ("DHL Paket 2 kg", 50_000, ()),
        ("DHL Paket 2 kg", None, (Why.INSURANCE_UNKNOWN,)),
        (None, None, (Why.INSURANCE_UNKNOWN,)),
        ("DHL Päckchen S", 0, (Why.NOT_INSURED, Why.NO_TRACKING)),
        ("DHL Päckchen S", None, (Why.NO_TRACKING,)),
        ("Hermes Päckchen", 5_000, ()),
        ("Hermes Päckchen", 2_000, (Why.PARTLY_INSURED,)),
        ("Warenpost", 0, (Why.NOT_INSURED, Why.NO_TRACKING)),
        ("Einschreiben Brief", 2_500, (Why.PARTLY_INSURED,)),
        ("x" * 10_000, 0, (Why.NOT_INSURED,)),
    ],
)
def test_what_the_way_of_shipping_covers_is_minded(
    option: str | None, liability: int | None, mind: tuple[Why, ...]
) -> None:
    assert judged(shipping_option=option, liability_cents=liability).mind == mind


def test_a_pick_up_deal_has_nothing_to_insure() -> None:
    assert judged(pickup=True, liability_cents=None) == Verdict(answer=Answer.YES, why=Why.PICKUP)
