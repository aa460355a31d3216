"""When a parcel is asked about: who is followed, how hot it is, and how far the day's questions go."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.samples import case, order, steady
from tests.support.every import every
from watcher.carriers.window import window_of
from watcher.domain.budget import BERLIN
from watcher.domain.confidence import Confidence
from watcher.domain.parcel import Milestone, Parcel
from watcher.domain.polling import (
    FORGOTTEN_AFTER,
    Asked,
    Heat,
    Rhythm,
    day_ends,
    due_at,
    due_times,
    heat_of,
    intervals,
    is_followed,
    next_turn,
)
from watcher.domain.stage import Stage
from watcher.domain.step import CaseKind

NUMBER = "00340434999000011126"
RHYTHM = Rhythm(every=timedelta(minutes=45))
PARCEL = Parcel(milestone=Milestone.IN_TRANSIT, carrier="dhl", number=NUMBER)
PER_DAY = 250
MINUTE = timedelta(minutes=1)


def german(clock: str, day: date = date(2026, 11, 24)) -> datetime:
    """A Tuesday after a working day, unless another day is named."""
    return datetime.combine(day, time.fromisoformat(clock), tzinfo=BERLIN).astimezone(UTC)


NOON = german("12:00")
TRANSIT = case(CaseKind.IN_TRANSIT, at=NOON)
SHIPPED = replace(order(Stage.SHIPPED), stage_at=NOON)


def heat(
    at: datetime, *, milestone: Milestone = Milestone.IN_TRANSIT, of: CaseKind | None = CaseKind.IN_TRANSIT
) -> Heat:
    parcel = replace(PARCEL, milestone=milestone, handed_in_at=german("12:00", date(2026, 11, 20)))
    return heat_of(parcel, case(of) if of else None, at=at, window_of=window_of)


@every(
    ("stage", "followed"),
    [
        (Stage.PAID, False),
        (Stage.SHIPPED, True),
        (Stage.DISPUTED, False),
        (Stage.CANCELLED, False),
        (Stage.REFUNDED, False),
        (Stage.PAID_OUT, False),
    ],
)
def test_without_a_case_only_what_was_sent_and_is_still_live_is_followed(
    stage: Stage, *, followed: bool
) -> None:
    assert is_followed(replace(order(stage), stage_at=NOON), PARCEL, None, at=NOON) is followed


def test_what_the_seller_has_handed_in_is_followed_before_the_page_knows() -> None:
    paid = replace(order(Stage.PAID), stage_at=NOON)
    assert is_followed(paid, replace(PARCEL, handed_in_at=NOON), None, at=NOON)


@pytest.mark.parametrize("stage", [Stage.CANCELLED, Stage.REFUNDED, Stage.PAID, Stage.DISPUTED])
def test_an_open_case_is_followed_wherever_its_order_stands(stage: Stage) -> None:
    assert is_followed(replace(order(stage), stage_at=NOON), PARCEL, TRANSIT, at=NOON)


@pytest.mark.parametrize("milestone", [Milestone.DELIVERED, Milestone.RETURNED])
def test_what_has_arrived_is_never_asked_about(milestone: Milestone) -> None:
    assert not is_followed(SHIPPED, replace(PARCEL, milestone=milestone), TRANSIT, at=NOON)


def test_a_delivery_that_contradicts_itself_has_not_arrived() -> None:
    parcel = replace(PARCEL, milestone=Milestone.DELIVERED, confidence=Confidence.UNSURE, contradicts=True)
    assert is_followed(SHIPPED, parcel, TRANSIT, at=NOON)


def test_pick_ups_and_parcels_without_a_number_are_never_asked_about() -> None:
    assert not is_followed(replace(SHIPPED, pickup=True), PARCEL, TRANSIT, at=NOON)
    assert not is_followed(SHIPPED, replace(PARCEL, number=None), TRANSIT, at=NOON)


def test_a_parcel_that_nobody_hears_of_is_given_up_after_ninety_days() -> None:
    later = NOON + FORGOTTEN_AFTER + timedelta(days=1)
    assert not is_followed(SHIPPED, PARCEL, None, at=later)
    assert is_followed(SHIPPED, replace(PARCEL, at=NOON + timedelta(days=2)), None, at=later)


def test_what_was_erased_is_not_asked_for_again_until_there_is_a_new_number() -> None:
    ended = Asked(number=NUMBER, at=NOON, ended=True)
    assert not is_followed(SHIPPED, PARCEL, None, at=NOON, asked=ended)
    assert is_followed(SHIPPED, replace(PARCEL, number="00340434999000099999"), None, at=NOON, asked=ended)


@pytest.mark.parametrize(
    ("clock", "found"),
    [
        ("01:59", Heat.CASE),
        ("02:00", Heat.NIGHT),
        ("08:59", Heat.NIGHT),
        ("09:00", Heat.CASE),
        ("23:00", Heat.CASE),
    ],
)
def test_the_hours_before_delivery_are_awake(clock: str, found: Heat) -> None:
    assert heat(german(clock)) is found


def test_on_a_sunday_nothing_is_loaded() -> None:
    assert heat(german("05:00", date(2026, 11, 22))) is Heat.CASE


def test_a_parcel_that_was_handed_in_today_is_not_loaded_tonight() -> None:
    parcel = replace(PARCEL, milestone=Milestone.HANDED_IN, handed_in_at=german("00:30"))
    assert heat_of(parcel, TRANSIT, at=german("05:00"), window_of=window_of) is Heat.CASE


def test_where_nobody_knows_the_cutoff_every_night_may_be_the_one() -> None:
    assert (
        heat_of(replace(PARCEL, carrier="another"), TRANSIT, at=german("05:00"), window_of=window_of)
        is Heat.NIGHT
    )


@pytest.mark.parametrize("milestone", [Milestone.HELD_AT_PICKUP, Milestone.RETURNING])
def test_a_parcel_that_waits_or_comes_back_is_in_no_hurry(milestone: Milestone) -> None:
    assert heat(german("05:00"), milestone=milestone) is Heat.CALM


def test_once_it_is_loaded_the_night_is_over() -> None:
    assert heat(german("08:00"), milestone=Milestone.OUT_FOR_DELIVERY) is Heat.CASE


@pytest.mark.parametrize("kind", [None, CaseKind.BEFORE_SHIPMENT, CaseKind.AFTER_DELIVERY, CaseKind.DISPUTED])
def test_where_nothing_can_be_stopped_nothing_is_hot(kind: CaseKind | None) -> None:
    assert heat(german("05:00"), of=kind) is Heat.CALM


def test_while_there_are_questions_enough_each_has_its_own_interval() -> None:
    found = intervals([Heat.CALM, Heat.CASE, Heat.NIGHT], RHYTHM, left=PER_DAY, at=german("02:00"))
    assert found == {Heat.CALM: 45 * MINUTE, Heat.CASE: 30 * MINUTE, Heat.NIGHT: 15 * MINUTE}


def test_nothing_is_asked_about_more_often_than_the_user_or_the_source_wants() -> None:
    assert Rhythm(every=timedelta(hours=4)).of(Heat.NIGHT) == 15 * MINUTE
    assert Rhythm(every=20 * MINUTE).of(Heat.CASE) == 20 * MINUTE
    assert Rhythm(every=15 * MINUTE, shortest=15 * MINUTE).of(Heat.CASE) == 15 * MINUTE
    assert Rhythm(every=timedelta(seconds=1), shortest=timedelta(seconds=1)).of(Heat.NIGHT) == timedelta(
        seconds=1
    )


def test_a_practice_server_is_asked_without_thrift() -> None:
    rhythm = Rhythm(every=timedelta(seconds=1), shortest=timedelta(seconds=1), must_last=False)
    found = intervals([Heat.CASE] * 9, rhythm, left=1, at=german("12:00"))
    assert set(found.values()) == {timedelta(seconds=1)}


def test_two_hot_parcels_have_their_quarter_of_an_hour_and_many_share_what_there_is() -> None:
    all_day = Rhythm(every=15 * MINUTE)
    midnight = datetime(2026, 11, 24, tzinfo=UTC)
    two = intervals([Heat.CASE] * 2, all_day, left=PER_DAY, at=midnight)
    three = intervals([Heat.CASE] * 3, all_day, left=PER_DAY, at=midnight)
    assert two[Heat.CASE] == 15 * MINUTE
    assert 17 * MINUTE < three[Heat.CASE] < 18 * MINUTE


def test_hot_parcels_take_from_calm_ones_but_not_everything() -> None:
    heats = [Heat.CASE] * 10 + [Heat.CALM] * 10
    found = intervals(heats, RHYTHM, left=PER_DAY, at=datetime(2026, 11, 24, tzinfo=UTC))
    assert found[Heat.CASE] < found[Heat.CALM] < timedelta(hours=4)


def played(heats: list[Heat], *, per_day: int = PER_DAY) -> tuple[Counter[int], int]:
    """Play one day in GMT by the minute; returns how often each parcel was asked about, and how many questions were left."""
    begin = datetime(2026, 11, 24, tzinfo=UTC)
    asked: dict[int, Asked] = {}
    counts: Counter[int] = Counter()
    left = per_day
    for minute in range(24 * 60):
        at = begin + minute * MINUTE
        is_night = 2 <= at.astimezone(BERLIN).hour < 9
        now = [Heat.NIGHT if each is Heat.CASE and is_night else each for each in heats]
        while left:
            due = due_times([(each, asked.get(n)) for n, each in enumerate(now)], RHYTHM, left=left, at=at)
            waiting = [n for n in range(len(now)) if due[n] <= at]
            if not waiting:
                break
            n = min(waiting, key=lambda n: (-now[n], due[n], n))
            asked[n], left = Asked(number=str(n), at=at), left - 1
            counts[n] += 1
    return counts, left


def test_one_case_is_followed_closely_through_night_and_day() -> None:
    counts, left = played([Heat.CASE])
    assert counts[0] == pytest.approx(28 + 34, abs=3)
    assert left > 180


@pytest.mark.slow
@every(("hot", "calm"), [(hot, calm) for hot in (1, 2, 3, 6, 12) for calm in (0, 3, 30, 80)])
def test_a_day_never_runs_out_of_questions_and_nobody_is_forgotten(hot: int, calm: int) -> None:
    counts, left = played([Heat.CASE] * hot + [Heat.CALM] * calm)
    assert left >= 0
    assert sum(counts.values()) + left == PER_DAY
    hottest = [counts[n] for n in range(hot)]
    assert max(hottest) - min(hottest) <= 2, "those in need share alike"
    assert min(hottest) >= min(60, 220 // hot)
    calmest = [counts[n] for n in range(hot, hot + calm)]
    if calm:
        assert max(calmest) - min(calmest) <= 2
        assert sum(calmest) >= 5, "the calm ones keep a share"


def test_many_new_parcels_do_not_spend_the_day_at_once() -> None:
    at = german("12:00")
    first = Asked(number="0", at=at)
    due = due_times([(Heat.CALM, first)] + [(Heat.CALM, None)] * 299, RHYTHM, left=PER_DAY, at=at)
    assert min(due) > at + 2 * MINUTE


def test_a_number_that_is_not_known_is_asked_for_ever_less_often() -> None:
    waits = [
        due_at(Asked(number=NUMBER, at=NOON, misses=misses), 45 * MINUTE, Heat.CALM, at=NOON) - NOON
        for misses in (0, 1, 2, 30)
    ]
    assert waits == [45 * MINUTE, 90 * MINUTE, 180 * MINUTE, timedelta(hours=12)]


def test_in_a_case_an_unknown_number_is_tried_every_hour() -> None:
    missed = Asked(number=NUMBER, at=NOON, misses=9)
    assert due_at(missed, 30 * MINUTE, Heat.CASE, at=NOON) == NOON + timedelta(hours=1)
    assert due_at(missed, timedelta(hours=2), Heat.CASE, at=NOON) == NOON + timedelta(hours=2)


def test_a_question_in_the_future_was_a_wrong_clocks() -> None:
    ahead = Asked(number=NUMBER, at=NOON + timedelta(days=400))
    assert due_at(ahead, 45 * MINUTE, Heat.CALM, at=NOON) == NOON
    assert due_times([(Heat.CALM, None)], RHYTHM, left=PER_DAY, at=NOON) == [NOON]


@pytest.mark.parametrize(
    ("now", "turn"),
    [
        (german("01:00"), german("02:00")),
        (german("02:00"), german("09:00")),
        (german("12:00"), datetime(2026, 11, 25, tzinfo=UTC)),
        (datetime(2026, 11, 25, tzinfo=UTC), german("02:00", date(2026, 11, 25))),
    ],
)
def test_everything_is_thought_over_when_a_night_begins_or_ends_and_when_the_day_does(
    now: datetime, turn: datetime
) -> None:
    assert next_turn(now) == turn


@steady
@given(
    heats=st.lists(st.sampled_from(list(Heat)), max_size=40),
    left=st.integers(0, 1000),
    at=st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)),
    every=st.timedeltas(timedelta(seconds=1), timedelta(days=3)),
)
def test_no_interval_is_shorter_than_it_may_be(
    heats: list[Heat], left: int, at: datetime, every: timedelta
) -> None:
    rhythm = Rhythm(every=every, shortest=min(every, timedelta(minutes=15)))
    found = intervals(heats, rhythm, left=left, at=at)
    assert all(found[heat] >= rhythm.of(heat) >= rhythm.shortest for heat in Heat)
    assert at < next_turn(at) <= day_ends(at) <= at + timedelta(days=1)
