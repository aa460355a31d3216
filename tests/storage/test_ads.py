"""What is remembered of an own ad comes back as it was, also what an older or a later version wrote."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.clock import NOON
from tests.support.values import moments
from watcher.domain.account import Account
from watcher.domain.ad import Ad, AdStatus, KnownAd, Photo, PriceType, ShippingOffer
from watcher.domain.confidence import Confidence
from watcher.storage.ads import content_of, content_text
from watcher.storage.store import SqliteStore

texts = st.text(st.characters(codec="utf-8"), max_size=30)
counts = st.none() | st.integers(0, 2**63)
measures = st.none() | st.floats(0, 1000, allow_nan=False)
photos = st.builds(
    Photo,
    number=st.integers(1, 20),
    width=counts,
    height=counts,
    brightness=measures,
    sharpness=measures,
    fingerprint=st.none() | st.integers(0, 2**64 - 1),
    problem=st.none() | texts,
)
flags = st.none() | st.booleans()
every_ad = st.builds(
    Ad,
    id=st.just("77"),
    title=st.none() | texts,
    text=st.none() | texts,
    price_cents=counts,
    price_type=st.sampled_from(PriceType),
    wanted=st.booleans(),
    status=st.sampled_from(AdStatus),
    category=st.none() | texts,
    attributes=st.dictionaries(texts, texts, max_size=3),
    shipping=st.builds(
        ShippingOffer, ships=flags, cents=counts, options=st.lists(texts, max_size=2).map(tuple), buys_direct=flags
    ),
    posted_at=st.none() | moments,
    photo_count=counts,
    photos=st.lists(photos, max_size=3).map(tuple),
    path=st.none() | texts,
    confidence=st.sampled_from(Confidence),
)  # fmt: skip


def known(ad: Ad, account: str = "main", **changes: object) -> KnownAd:
    values: dict[str, object] = {"first_seen_at": NOON, "seen_at": NOON, "mark": "m"}
    return KnownAd(account=account, ad=ad, **(values | changes))  # type: ignore[arg-type]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    store = SqliteStore(tmp_path)
    with store.writing() as writing:
        writing.save_account(Account(name="main"))
        writing.save_account(Account(name="second"))
    yield store
    store.close()


def save(store: SqliteStore, *ads: KnownAd) -> None:
    with store.writing() as writing:
        for ad in ads:
            writing.ads().save(ad)


@given(every_ad)
def test_every_ad_comes_back_as_it_was(ad: Ad) -> None:
    assert content_of("77", content_text(ad)) == ad


@given(
    st.dictionaries(
        st.sampled_from(["title", "price_cents", "status", "shipping", "photos", "posted_at", "attributes", "new"]),
        st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.integers() | st.text(), max_size=2)
        | st.dictionaries(st.text(), st.integers(), max_size=2),
    )
)  # fmt: skip
def test_what_another_version_wrote_counts_as_not_shown_where_it_is_not_understood(
    told: dict[str, object],
) -> None:
    ad = content_of("77", json.dumps(told))
    assert content_of("77", content_text(ad)) == ad


@pytest.mark.parametrize("text", ["", "[]", "nothing", "null", '{"photos": [{"width": 3}, 7]}'])
def test_a_damaged_text_is_an_ad_of_which_nothing_is_known(text: str) -> None:
    assert content_of("77", text) == Ad(id="77", confidence=Confidence.UNSURE)


def test_half_of_a_pair_of_surrogates_can_be_written_down(store: SqliteStore) -> None:
    save(store, known(Ad(id="1", title="Lampe \ud83d", category="\ud83d")))
    found = store.ads().get("main", "1")
    assert found is not None
    assert (found.ad.title, found.ad.category) == ("Lampe ?", "?")


def test_saving_again_replaces_and_each_account_has_its_own(store: SqliteStore) -> None:
    first = known(Ad(id="1", title="Lampe"))
    later = known(
        Ad(id="1", title="Stehlampe"),
        read_at=NOON + timedelta(days=1),
        tried_at=NOON + timedelta(days=1),
        gone_at=NOON + timedelta(days=2),
        findings=("no_text", "one_photo"),
    )
    save(store, first, known(Ad(id="1"), account="second"), later)
    assert store.ads().of("main") == [later]
    assert store.ads().get("second", "1") == known(Ad(id="1"), account="second")
    assert store.ads().get("main", "2") is None
    assert store.ads().of("third") == []


def test_only_ads_that_buyers_see_wait_for_their_first_opening(store: SqliteStore) -> None:
    assert not store.ads().has_waiting("main")
    save(
        store,
        known(Ad(id="1"), tried_at=NOON),
        known(Ad(id="2"), gone_at=NOON),
        known(Ad(id="3", status=AdStatus.PAUSED)),
    )
    assert not store.ads().has_waiting("main")
    save(store, known(Ad(id="4")))
    assert store.ads().has_waiting("main")
    assert not store.ads().has_waiting("second")
