"""What a `paymentAndShippingMessageType` means."""

import pytest

from tests.support.every import every
from watcher.domain.confidence import Confidence
from watcher.domain.stage import Stage
from watcher.pages.wording import UNKNOWN, meaning_of_type, root_of, type_token

SEEN = {
    "BUYER_OFFER_MADE_SELLER_MESSAGE": Stage.REQUESTED,
    "BUYER_OFFER_MADE_BUYER_MESSAGE": Stage.REQUESTED,
    "SELLER_OFFER_MADE_SELLER_MESSAGE": Stage.REQUESTED,
    "SELLER_REJECTED_OFFER_SELLER_MESSAGE": Stage.DECLINED,
    "SELLER_REJECTED_OFFER_BUYER_MESSAGE": Stage.DECLINED,
    "BUYER_REJECTED_OFFER_SELLER_MESSAGE": Stage.DECLINED,
    "OFFER_ACCEPTED_BUYER_MESSAGE": Stage.AWAITING_PAYMENT,
    "TRANSACTION_PENDING_BUYER_MESSAGE": Stage.AWAITING_PAYMENT,
    "TRANSACTION_RESERVED_BUYER_MESSAGE": Stage.PAID,
    "TRANSACTION_EXPIRED_MESSAGE": Stage.EXPIRED,
    "ITEM_MARKED_AS_SHIPPED_TRACKING_AVAILABLE_BUYER_MESSAGE": Stage.SHIPPED,
    "ITEM_DELIVERED_BUYER_MESSAGE": Stage.DELIVERED,
    "ITEM_MARKED_AS_RECEIVED_BUYER_MESSAGE": Stage.RECEIVED,
    "CHARGEBACK_INITIATED_MESSAGE_BUYER_MESSAGE": Stage.REFUNDED,
    "TRANSACTION_CHARGEBACK_MESSAGE": Stage.REFUNDED,
    "SURVEY_MESSAGE": None,
}
"""Every value that public material shows."""
OTHER_VIEWER = {
    "OFFER_ACCEPTED_SELLER_MESSAGE": Stage.AWAITING_PAYMENT,
    "TRANSACTION_PENDING_SELLER_MESSAGE": Stage.AWAITING_PAYMENT,
    "TRANSACTION_RESERVED_SELLER_MESSAGE": Stage.PAID,
    "TRANSACTION_EXPIRED_SELLER_MESSAGE": Stage.EXPIRED,
    "ITEM_MARKED_AS_SHIPPED_TRACKING_AVAILABLE_SELLER_MESSAGE": Stage.SHIPPED,
    "ITEM_DELIVERED_SELLER_MESSAGE": Stage.DELIVERED,
    "ITEM_MARKED_AS_RECEIVED_SELLER_MESSAGE": Stage.RECEIVED,
    "CHARGEBACK_INITIATED_SELLER_MESSAGE": Stage.REFUNDED,
    "CHARGEBACK_INITIATED_MESSAGE_SELLER_MESSAGE": Stage.REFUNDED,
    "BUYER_REJECTED_OFFER_BUYER_MESSAGE": Stage.DECLINED,
    "SURVEY_SELLER_MESSAGE": None,
}


@every("event_type", SEEN)
def test_a_type_that_a_source_shows_is_certain(event_type):
    meaning = meaning_of_type(event_type)
    assert (meaning.stage, meaning.confidence) == (SEEN[event_type], Confidence.CERTAIN)


@every("event_type", OTHER_VIEWER)
def test_the_other_viewers_variant_of_a_type_is_likely(event_type):
    meaning = meaning_of_type(event_type)
    assert (meaning.stage, meaning.confidence) == (OTHER_VIEWER[event_type], Confidence.LIKELY)


@every(
    ("event_type", "stage"),
    [
        ("TRANSACTION_CANCELLED_BY_BUYER_SELLER_MESSAGE", Stage.CANCELLED),
        ("BUYER_CANCELED_SELLER_MESSAGE", Stage.CANCELLED),
        ("KAUF_STORNIERT_MESSAGE", Stage.CANCELLED),
        ("OFFER_WITHDRAWN_SELLER_MESSAGE", Stage.CANCELLED),
        ("SALE_REVOKED_MESSAGE", Stage.CANCELLED),
        ("PAYMENT_ABORTED_MESSAGE", Stage.CANCELLED),
        ("TRANSACTION_REFUNDED_SELLER_MESSAGE", Stage.REFUNDED),
        ("MONEY_BACK_SELLER_MESSAGE", Stage.REFUNDED),
        ("PAYMENT_REVERSED_MESSAGE", Stage.REFUNDED),
        ("TRANSACTION_DISPUTED_SELLER_MESSAGE", Stage.DISPUTED),
        ("BUYER_REPORTED_PROBLEM_SELLER_MESSAGE", Stage.DISPUTED),
        ("AVAILABILITY_TIMEOUT_SELLER_MESSAGE", Stage.EXPIRED),
        ("SALE_DECLINED_MESSAGE", Stage.DECLINED),
    ],
)
def test_a_telling_token_in_an_unseen_type_is_likely(event_type, stage):
    meaning = meaning_of_type(event_type)
    assert (meaning.stage, meaning.confidence) == (stage, Confidence.LIKELY)


@pytest.mark.parametrize(
    ("event_type", "stage"),
    [
        ("TRANSACTION_CANCELLED_REFUND_STARTED_MESSAGE", Stage.CANCELLED),
        ("REFUND_DISPUTED_MESSAGE", Stage.REFUNDED),
        ("REFUND_FAILED_MESSAGE", Stage.REFUNDED),
    ],
)
def test_tokens_of_two_kinds_are_unsure_and_the_worse_one_counts(event_type, stage):
    meaning = meaning_of_type(event_type)
    assert (meaning.stage, meaning.confidence) == (stage, Confidence.UNSURE)


@pytest.mark.parametrize(
    ("event_type", "stage"),
    [
        ("ITEM_DELIVERED_CANCELLED_SELLER_MESSAGE", Stage.CANCELLED),
        ("TRANSACTION_RESERVED_REFUNDED_MESSAGE", Stage.REFUNDED),
        ("OFFER_ACCEPTED_EXPIRED_MESSAGE", Stage.EXPIRED),
    ],
)
def test_a_harmless_beginning_does_not_hide_a_telling_token(event_type, stage):
    assert meaning_of_type(event_type).stage is stage


@pytest.mark.parametrize("event_type", ["ITEM_DELIVERED_AT_NEIGHBOUR_MESSAGE", "ITEM_DELIVERED_LATE"])
def test_a_type_that_goes_on_after_a_known_beginning_is_likely(event_type):
    meaning = meaning_of_type(event_type)
    assert (meaning.stage, meaning.confidence) == (Stage.DELIVERED, Confidence.LIKELY)


@every(
    "event_type",
    [
        "",
        "PARCEL_TELEPORTED_SELLER_MESSAGE",
        "ITEM_NOT_DELIVERED_SELLER_MESSAGE",
        "ITEM_DELIVEREDX_MESSAGE",
        "PAYOUT_FAILED_SELLER_MESSAGE",
        "TRANSACTION_RESERVED_ERROR_MESSAGE",
        "ITEM_DELIVERED_NOT_ACCEPTED_MESSAGE",
        "_MESSAGE",
        "💥",
    ],
)
def test_everything_else_is_unknown(event_type):
    assert meaning_of_type(event_type) == UNKNOWN


def test_only_the_exact_spelling_of_a_source_is_certain():
    assert meaning_of_type("item_delivered_buyer_message").confidence is Confidence.LIKELY


def test_the_viewer_is_stripped_however_often_it_stands_there():
    assert root_of("CHARGEBACK_INITIATED_MESSAGE_BUYER_MESSAGE") == "CHARGEBACK_INITIATED"


def test_a_type_of_megabytes_is_answered_at_once():
    """With the time limit of the suite: it took minutes once."""
    assert meaning_of_type("_MESSAGE" * 1_000_000) == UNKNOWN
    assert meaning_of_type("TRANSACTION_CANCELLED" + "_MESSAGE" * 1_000_000).stage is Stage.CANCELLED


@every("hostile", ["", "A" * 81, "A B", "<b>", "A\x1b[31m", "Ä", "A\n"])
def test_only_a_plain_short_name_is_shown_and_stored(hostile):
    assert type_token(hostile) == "TYPE_NOT_A_NAME"
    assert type_token("PARCEL_TELEPORTED") == "PARCEL_TELEPORTED"
