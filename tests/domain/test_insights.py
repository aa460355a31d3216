"""Figures: counted by hand, and that they always add up."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.values import maybe_moments, moments
from watcher.domain.figure import OTHERS, Figure, Row, Topic
from watcher.domain.insights import MOST_CARRIERS, MOST_FINDINGS, PICKUP, Insights, insights_of, price_key
from watcher.domain.past_sale import Cancellation, ParcelEnd, PastSale
from watcher.domain.rate import Rate
from watcher.domain.reason import CancelReason
from watcher.domain.stage import Stage, is_called_off
from watcher.domain.step import CaseKind

MONDAY = datetime(2026, 11, 2, 12, tzinfo=UTC)
WENT_WELL = PastSale(
    stage=Stage.PAID_OUT,
    reached=Stage.PAID_OUT,
    since=MONDAY,
    made_at=MONDAY,
    price_cents=4500,
    carrier="dhl",
    handed_in_at=MONDAY + timedelta(hours=20),
)


def cancelled(
    goods: CaseKind = CaseKind.BEFORE_SHIPMENT, *, after: timedelta = timedelta(hours=30), **changes: object
) -> PastSale:
    at = MONDAY + after
    off = Cancellation(goods=goods, at=at, over_at=at + timedelta(days=2))
    told = {name: changes.pop(name) for name in list(changes) if hasattr(off, name)}
    gone = None if goods is CaseKind.BEFORE_SHIPMENT else WENT_WELL.handed_in_at
    sale = replace(
        WENT_WELL,
        stage=Stage.REFUNDED,
        reached=Stage.PAID if gone is None else Stage.SHIPPED,
        handed_in_at=gone,
        cancellation=replace(off, **told),
    )
    return replace(sale, **changes)


def told(*sales: PastSale) -> Insights:
    return insights_of(sales, since=None, until=MONDAY + timedelta(days=60))


def counts(insights: Insights, topic: Topic) -> dict[str, tuple[int, int]]:
    return {row.key: (row.rate.hits, row.rate.of) for row in insights.figure(topic).rows}


def test_rates_are_of_finished_sales_and_what_is_under_way_is_counted_apart():
    under_way = replace(WENT_WELL, stage=Stage.SHIPPED, reached=Stage.SHIPPED)
    request = replace(WENT_WELL, stage=Stage.DECLINED, reached=Stage.REQUESTED)
    insights = told(WENT_WELL, WENT_WELL, WENT_WELL, cancelled(), under_way, request)
    assert insights.cancelled == Rate(hits=1, of=4)
    assert insights.under_way == 1


def test_nothing_known_gives_no_rows_and_no_sums():
    insights = told()
    assert insights.cancelled == Rate(hits=0, of=0)
    assert (insights.figures, insights.reasons, insights.no_reason) == ((), (), 0)
    assert (insights.loss.price_cents, insights.loss.bound.median_days) == (0, None)


def test_where_the_goods_were_is_a_share_of_all_cancellations():
    insights = told(
        cancelled(), cancelled(), cancelled(CaseKind.IN_TRANSIT), cancelled(CaseKind.DISPUTED), WENT_WELL
    )
    assert counts(insights, Topic.GOODS) == {
        "before_shipment": (2, 4),
        "in_transit": (1, 4),
        "disputed": (1, 4),
    }


@pytest.mark.parametrize(
    ("cents", "band"),
    [
        (0, "0-2000"),
        (1999, "0-2000"),
        (2000, "2000-5000"),
        (9999, "5000-10000"),
        (10_000, "10000-25000"),
        (25_000, "25000-"),
        (10**9, "25000-"),
    ],
)
def test_each_price_has_one_band(cents: int, band: str):
    assert counts(told(replace(WENT_WELL, price_cents=cents)), Topic.PRICE) == {band: (0, 1)}


def test_what_nobody_knows_is_left_out_of_a_figure_and_counted():
    figure = told(WENT_WELL, cancelled(price_cents=None)).figure(Topic.PRICE)
    assert figure.rows == (Row(key=price_key(2000), rate=Rate(hits=0, of=1)),)
    assert figure.unknown == 1


def test_carriers_stand_in_the_order_of_their_parcels_and_pickup_is_a_row_of_its_own():
    hermes = replace(WENT_WELL, carrier="hermes")
    fetched = replace(WENT_WELL, pickup=True, handed_in_at=None)
    insights = told(hermes, hermes, cancelled(carrier="hermes"), WENT_WELL, WENT_WELL, fetched)
    assert list(counts(insights, Topic.CARRIER).items()) == [
        ("hermes", (1, 3)),
        ("dhl", (0, 2)),
        (PICKUP, (0, 1)),
    ]


def test_beyond_the_largest_carriers_the_rest_is_one_row_that_is_compared_with_nothing():
    few = [replace(WENT_WELL, carrier=f"bote {number:02}") for number in range(40)]
    many = [replace(WENT_WELL, carrier=f"post {letter}") for letter in "abcdefgh" for _ in range(30)]
    off = [cancelled(carrier=f"bote {number:02}") for number in range(40)]
    figure = told(*few, *many, *off).figure(Topic.CARRIER)
    assert len(figure.rows) == MOST_CARRIERS + 1
    assert figure.rows[-1] == Row(key=OTHERS, rate=Rate(hits=40, of=80))
    assert figure.differences == ()


def test_the_weekday_is_that_of_the_deal_on_a_german_clock():
    sunday_in_utc = datetime(2026, 11, 1, 23, 30, tzinfo=UTC)
    late = replace(WENT_WELL, made_at=sunday_in_utc)
    unknown = replace(WENT_WELL, made_at=None)
    insights = told(late, cancelled(made_at=MONDAY + timedelta(days=1)), unknown)
    assert counts(insights, Topic.WEEKDAY) == {"0": (0, 1), "1": (1, 1)}
    assert insights.figure(Topic.WEEKDAY).unknown == 1


def test_a_month_without_a_sale_has_its_row():
    november, august = WENT_WELL, replace(cancelled(), since=datetime(2026, 8, 9, tzinfo=UTC))
    assert list(counts(told(november, august), Topic.MONTH).items()) == [
        ("2026-08", (1, 1)),
        ("2026-09", (0, 0)),
        ("2026-10", (0, 0)),
        ("2026-11", (0, 1)),
    ]


def test_the_turn_of_a_year_is_a_month_like_any_other():
    new_year = replace(WENT_WELL, since=datetime(2026, 12, 31, 23, 30, tzinfo=UTC))
    assert list(counts(told(WENT_WELL, new_year), Topic.MONTH)) == ["2026-11", "2026-12", "2027-01"]


def test_waiting_is_counted_by_the_day_of_those_that_still_waited():
    """Handed in after 20 h, 50 h, 80 h; cancelled before the hand-in after 30 h, and after it: that one only waited 20 h."""
    insights = told(
        WENT_WELL,
        replace(WENT_WELL, handed_in_at=MONDAY + timedelta(hours=50)),
        replace(WENT_WELL, handed_in_at=MONDAY + timedelta(hours=80)),
        cancelled(after=timedelta(hours=30)),
        cancelled(CaseKind.IN_TRANSIT, after=timedelta(hours=60)),
    )
    assert counts(insights, Topic.WAITING) == {"0": (0, 5), "1": (1, 3), "2": (0, 2), "3": (0, 1)}


def test_a_parcel_that_was_handed_in_after_its_cancellation_waited_until_then():
    late = cancelled(after=timedelta(hours=10), handed_in_at=MONDAY + timedelta(hours=40))
    assert counts(told(late), Topic.WAITING) == {"0": (1, 1)}


def test_waiting_knows_no_pickup_and_names_what_is_unknown():
    fetched = replace(WENT_WELL, pickup=True)
    undated = replace(WENT_WELL, handed_in_at=None)
    no_deal = replace(WENT_WELL, made_at=None)
    figure = told(fetched, undated, no_deal, WENT_WELL).figure(Topic.WAITING)
    assert (figure.rows, figure.unknown) == ((Row(key="0", rate=Rate(hits=0, of=1)),), 2)


def test_waiting_is_counted_from_the_payment_where_that_is_known():
    """The deal was made on Monday, paid on Tuesday, handed in on Wednesday."""
    day = timedelta(days=1)
    paid_late = replace(WENT_WELL, paid_at=MONDAY + day, handed_in_at=MONDAY + 2 * day - timedelta(hours=1))
    assert counts(told(paid_late), Topic.WAITING) == {"0": (0, 1)}
    assert counts(told(replace(paid_late, paid_at=None)), Topic.WAITING) == {"0": (0, 1), "1": (0, 1)}


def test_categories_stand_in_the_order_of_their_sales_and_the_unknown_is_counted_apart():
    bikes, books = replace(WENT_WELL, category="Fahrräder"), replace(WENT_WELL, category="Bücher")
    figure = told(bikes, bikes, cancelled(category="Fahrräder"), books, WENT_WELL).figure(Topic.CATEGORY)
    assert [(row.key, row.rate.hits, row.rate.of) for row in figure.rows] == [
        ("Fahrräder", 1, 3),
        ("Bücher", 0, 1),
    ]
    assert figure.unknown == 1


@pytest.mark.parametrize(
    ("hours", "band"),
    [
        (0, "0-1"),
        (0.99, "0-1"),
        (1, "1-4"),
        (23.9, "4-24"),
        (24, "24-72"),
        (72, "72-"),
        (9000, "72-"),
        (-3, "0-1"),
    ],
)
def test_each_answer_time_has_one_band(hours: float, band: str):
    sale = replace(WENT_WELL, answered_in=timedelta(hours=hours))
    assert counts(told(sale, WENT_WELL), Topic.ANSWERS) == {band: (0, 1)}


@pytest.mark.parametrize(
    ("days", "band"),
    [(0, "0-30"), (29.9, "0-30"), (30, "30-365"), (365, "365-1095"), (1095, "1095-"), (9000, "1095-")],
)
def test_the_buyers_account_is_as_old_as_it_was_at_the_deal(days: float, band: str):
    sale = replace(WENT_WELL, buyer_since=MONDAY - timedelta(days=days))
    assert counts(told(sale, WENT_WELL), Topic.BUYER_AGE) == {band: (0, 1)}


def test_an_account_that_is_younger_than_its_deal_is_unknown():
    known = replace(WENT_WELL, buyer_since=MONDAY)
    late = replace(WENT_WELL, buyer_since=MONDAY + timedelta(days=2))
    figure = told(known, late, WENT_WELL).figure(Topic.BUYER_AGE)
    assert ([row.rate.of for row in figure.rows], figure.unknown) == ([1], 2)


def test_each_finding_stands_against_the_ads_without_it():
    bad, good = frozenset({"no_condition", "few_photos"}), frozenset({"few_photos"})
    sales = [
        cancelled(findings=bad),
        replace(WENT_WELL, findings=bad),
        replace(WENT_WELL, findings=good),
        replace(WENT_WELL, findings=frozenset()),
        WENT_WELL,
    ]
    figure = told(*sales).figure(Topic.FINDING)
    assert [(row.key, row.rate.hits, row.rate.of) for row in figure.rows] == [
        ("few_photos", 1, 3),
        ("few_photos/without", 0, 1),
        ("no_condition", 1, 2),
        ("no_condition/without", 0, 2),
    ]
    assert figure.unknown == 1  # whose ad nobody has read


def test_findings_are_compared_with_their_own_counterpart_alone():
    rows = (
        Row(key="a", rate=Rate(hits=30, of=100)),
        Row(key="a/without", rate=Rate(hits=0, of=100)),
        Row(key="b", rate=Rate(hits=15, of=100)),
        Row(key="b/without", rate=Rate(hits=15, of=100)),
    )
    pairs = Figure(topic=Topic.FINDING, rows=rows).differences
    assert [(more.key, less.key) for more, less in pairs] == [("a", "a/without")]


def test_only_the_most_frequent_findings_have_rows():
    sales = [replace(WENT_WELL, findings=frozenset(f"r{n:02}" for n in range(20 - ago))) for ago in range(20)]
    assert len(told(*sales).figure(Topic.FINDING).rows) == 2 * MOST_FINDINGS


def test_attempts_to_stop_a_parcel_are_counted_by_how_they_ended():
    def tried(end: ParcelEnd, *ways: str, carrier: str = "dhl") -> PastSale:
        return cancelled(CaseKind.IN_TRANSIT, parcel=end, asks=frozenset(ways), carrier=carrier)

    insights = told(
        tried(ParcelEnd.CAME_BACK, "ask_carrier", "ask_buyer_to_refuse"),
        tried(ParcelEnd.DELIVERED, "ask_carrier"),
        tried(ParcelEnd.OPEN, "ask_carrier"),
        tried(ParcelEnd.UNKNOWN, "ask_buyer_to_refuse", carrier="hermes"),
        cancelled(CaseKind.IN_TRANSIT),
    )
    assert insights.figure(Topic.INTERCEPT_CARRIER).rows == (
        Row(key="dhl", rate=Rate(hits=1, of=2), open=1),
        Row(key="hermes", rate=Rate(hits=0, of=0), unknown=1),
    )
    assert insights.figure(Topic.INTERCEPT_WAY).rows == (
        Row(key="ask_carrier", rate=Rate(hits=1, of=2), open=1),
        Row(key="ask_buyer_to_refuse", rate=Rate(hits=1, of=1), unknown=1),
    )


def test_a_reason_is_the_sellers_word_else_what_was_found_else_unknown():
    insights = told(
        cancelled(named=CancelReason.EMERGENCY, found=CancelReason.FOUND_CHEAPER),
        cancelled(found=CancelReason.SECOND_THOUGHTS),
        cancelled(named=CancelReason.SECOND_THOUGHTS),
        cancelled(),
        WENT_WELL,
    )
    rows = [(row.reason, row.named, row.found) for row in insights.reasons]
    assert rows == [(CancelReason.SECOND_THOUGHTS, 1, 1), (CancelReason.EMERGENCY, 1, 0)]
    assert insights.no_reason == 1


def test_the_loss_is_summed_over_cancellations_alone():
    loss = told(
        replace(WENT_WELL, price_cents=99_900),
        cancelled(price_cents=4500, own_costs_cents=549, after=timedelta(days=1)),
        cancelled(
            CaseKind.IN_TRANSIT,
            price_cents=1000,
            open_costs_cents=300,
            is_missing=True,
            after=timedelta(days=3),
        ),
        cancelled(price_cents=None, after=timedelta(days=11), over_at=None),
    ).loss
    assert (loss.price_cents, loss.priced) == (5500, 2)
    assert (loss.own_costs_cents, loss.with_own_costs) == (549, 1)
    assert (loss.open_costs_cents, loss.with_open_costs) == (300, 1)
    assert (loss.missing_cents, loss.missing) == (1000, 1)
    # From the deal to the end of the case: 1 + 2 and 3 + 2 days; the third case is still open.
    assert (loss.bound.count, loss.bound.total_days, loss.bound.median_days) == (2, 8.0, 4.0)
    assert (loss.handling.count, loss.handling.total_days, loss.handling.median_days) == (2, 4.0, 2.0)


def test_two_rows_are_compared_where_their_intervals_do_not_overlap_and_only_there():
    rows = (
        Row(key="dhl", rate=Rate(hits=7, of=106)),
        Row(key="hermes", rate=Rate(hits=17, of=65)),
        Row(key="dpd", rate=Rate(hits=1, of=28)),
        Row(key="gls", rate=Rate(hits=7, of=7)),
    )
    pairs = Figure(topic=Topic.CARRIER, rows=rows).differences
    assert [(more.key, less.key) for more, less in pairs] == [("hermes", "dhl")]


@pytest.mark.parametrize("topic", [Topic.GOODS, Topic.MONTH, Topic.WAITING, Topic.INTERCEPT_WAY])
def test_shares_of_one_whole_and_days_that_follow_each_other_are_never_compared(topic: Topic):
    rows = (Row(key="a", rate=Rate(hits=0, of=500)), Row(key="b", rate=Rate(hits=500, of=500)))
    assert Figure(topic=topic, rows=rows).differences == ()


cancellations = st.builds(
    Cancellation,
    goods=st.sampled_from(CaseKind),
    at=moments,
    over_at=maybe_moments,
    named=st.none() | st.sampled_from(CancelReason),
    found=st.none() | st.sampled_from(CancelReason),
    asks=st.frozensets(st.sampled_from(["ask_carrier", "ask_buyer_at_door"]), min_size=1),
    parcel=st.none() | st.sampled_from(ParcelEnd),
    own_costs_cents=st.integers(0, 10_000),
    open_costs_cents=st.integers(0, 10_000),
    is_missing=st.booleans(),
)


@st.composite
def past_sales(draw: st.DrawFn) -> PastSale:
    sale = PastSale(
        stage=draw(st.sampled_from(Stage)),
        reached=draw(st.none() | st.sampled_from(Stage)),
        since=draw(moments),
        made_at=draw(maybe_moments),
        price_cents=draw(st.none() | st.integers(-5, 10**7)),
        carrier=draw(st.none() | st.text(max_size=3)),
        pickup=draw(st.booleans()),
        handed_in_at=draw(maybe_moments),
        paid_at=draw(maybe_moments),
        buyer_since=draw(maybe_moments),
        category=draw(st.none() | st.text(max_size=2)),
        findings=draw(st.none() | st.frozensets(st.sampled_from("abc"))),
        answered_in=draw(st.none() | st.timedeltas()),
    )
    off = is_called_off(sale.stage, sale.reached)
    return replace(sale, cancellation=draw(cancellations)) if off else sale


@pytest.mark.slow
@given(st.lists(past_sales(), max_size=30), st.randoms(use_true_random=False))
def test_every_figure_adds_up_whatever_the_sales_and_their_order(sales: list[PastSale], chance):
    insights = told(*sales)
    off, finished = insights.cancelled.hits, insights.cancelled.of
    assert sum(row.both for row in insights.reasons) + insights.no_reason == off
    assert sum(row.rate.hits for row in insights.figure(Topic.GOODS).rows) == off
    for topic in (
        Topic.PRICE, Topic.CARRIER, Topic.WEEKDAY, Topic.CATEGORY, Topic.ANSWERS, Topic.BUYER_AGE,
    ):  # fmt: skip
        figure = insights.figure(topic)
        if figure.rows:
            assert sum(row.rate.of for row in figure.rows) + figure.unknown == finished, topic
            assert sum(row.rate.hits for row in figure.rows) <= off
    findings = insights.figure(Topic.FINDING)
    for one, other in zip(findings.rows[::2], findings.rows[1::2], strict=True):
        assert one.rate.of + other.rate.of + findings.unknown == finished
    tried = [sale for sale in sales if sale.cancellation and sale.cancellation.parcel is not None]
    attempts = insights.figure(Topic.INTERCEPT_CARRIER).rows
    assert sum(row.rate.of + row.open + row.unknown for row in attempts) == len(tried)
    shuffled = list(sales)
    chance.shuffle(shuffled)
    again = told(*shuffled)
    assert again.figures == insights.figures
    assert again.loss.bound.total_days == pytest.approx(insights.loss.bound.total_days)
