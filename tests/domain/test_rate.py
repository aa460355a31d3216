"""Rates: Wilson's interval against published numbers, and when there are too few to say."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.every import every
from watcher.domain.rate import ENOUGH, Rate, wilson

rates = st.integers(0, 500).flatmap(lambda of: st.builds(Rate, hits=st.integers(0, of), of=st.just(of)))


@every(
    ("hits", "of", "low", "high"),
    [
        # R. G. Newcombe, "Two-sided confidence intervals for the single proportion", 1998, table I, method 3.
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
        # By hand: z²/(n + z²) = 3.8415 / 13.8415.
        (0, 10, 0.0, 0.2775),
        (10, 10, 0.7225, 1.0),
    ],
)
def test_the_interval_is_wilsons(hits: int, of: int, low: float, high: float):
    assert wilson(hits, of) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


def test_of_nothing_everything_is_possible():
    assert wilson(0, 0) == (0.0, 1.0)
    assert Rate(hits=0, of=0).share == 0.0


@given(rates)
def test_the_share_lies_within_its_interval(rate: Rate):
    low, high = rate.interval
    assert 0.0 <= low <= high <= 1.0
    assert low <= rate.share <= high or rate.of == 0


@given(rates)
def test_what_did_not_happen_mirrors_what_did(rate: Rate):
    low, high = rate.interval
    other_low, other_high = wilson(rate.of - rate.hits, rate.of)
    assert (other_low, other_high) == (pytest.approx(1 - high), pytest.approx(1 - low))


def test_more_of_the_same_makes_the_interval_narrower():
    widths = [high - low for low, high in (wilson(of // 4, of) for of in (8, 16, 80, 800))]
    assert all(wide > narrow for wide, narrow in pairwise(widths))


def test_a_rate_is_told_from_eight_on():
    assert ENOUGH == 8
    assert not Rate(hits=3, of=7).is_enough
    assert Rate(hits=3, of=8).is_enough


def test_with_the_fewest_that_are_told_half_the_scale_is_still_possible():
    """The reason for the threshold, as its constant says it."""
    low, high = wilson(4, ENOUGH)
    assert (round(low, 2), round(high, 2)) == (0.22, 0.78)


def test_rates_are_apart_only_where_their_intervals_do_not_overlap():
    rare, often = Rate(hits=7, of=106), Rate(hits=17, of=65)
    assert rare.is_apart_from(often)
    assert often.is_apart_from(rare)
    assert not Rate(hits=3, of=30).is_apart_from(often)


def test_too_few_are_never_apart_however_different():
    assert not Rate(hits=7, of=7).is_apart_from(Rate(hits=0, of=200))


@pytest.mark.parametrize(("hits", "of"), [(-1, 3), (4, 3), (1, 0)])
def test_what_is_no_rate_is_refused(hits: int, of: int):
    with pytest.raises(ValueError, match="is no rate"):
        Rate(hits=hits, of=of)
