"""The list of own ads: when it is whole, what it says of known ads, whose page is to be read."""

from dataclasses import replace
from datetime import timedelta

from tests.support.clock import NOON
from watcher.domain.ad import Ad, AdStatus, KnownAd, OwnAds, Photo, PriceType, ShippingOffer
from watcher.domain.ad_list import (
    ends_here,
    is_whole,
    joined,
    listed,
    mark_of,
    to_read,
    with_page,
    without_page,
)
from watcher.domain.confidence import Confidence

LATER = NOON + timedelta(days=7)


def ad(number: int, **changes: object) -> Ad:
    values: dict[str, object] = {"title": f"Glas {number}", "price_cents": 500, "status": AdStatus.ACTIVE}
    return Ad(id=str(number), **(values | changes))  # type: ignore[arg-type]


def page(number: int, ids: range, *, pages: int | None = 2, total: int | None = 4) -> OwnAds:
    return OwnAds(ads=tuple(map(ad, ids)), page=number, pages=pages, total=total)


def known(one: Ad, **changes: object) -> KnownAd:
    values: dict[str, object] = {"first_seen_at": NOON, "seen_at": NOON, "mark": mark_of(one)}
    return KnownAd(account="main", ad=one, **(values | changes))  # type: ignore[arg-type]


def read(one: Ad, **changes: object) -> KnownAd:
    return replace(known(one, read_at=NOON, tried_at=NOON), **changes)  # type: ignore[arg-type]


def wanted(ads: list[Ad], *rows: KnownAd) -> list[str]:
    there = {row.ad.id: row for row in rows}
    return [each.id for each in to_read(ads, listed("main", ads, there, whole=True, at=LATER), at=LATER)]


# --- whole


def test_a_list_is_whole_from_its_first_page_to_its_last() -> None:
    both = [page(1, range(1, 3)), page(2, range(3, 5))]
    assert is_whole(both)
    assert not is_whole(both[:1])
    assert not is_whole(both[1:])
    assert not is_whole([both[0], both[0]])
    assert not is_whole([])


def test_a_list_that_lacks_an_ad_or_changed_while_it_was_read_is_not_whole() -> None:
    assert not is_whole([page(1, range(1, 3)), page(2, range(4, 5))])
    assert not is_whole([page(1, range(1, 3), total=5), page(2, range(3, 5))])


def test_a_list_that_does_not_say_how_long_it_is_is_never_whole_and_still_ends() -> None:
    pages = [page(1, range(1, 3), pages=None), page(2, range(1, 3), pages=None)]
    assert ends_here(pages)
    assert not ends_here(pages[:1])
    assert not is_whole(pages)


def test_an_empty_account_has_a_whole_list() -> None:
    empty = [OwnAds(ads=(), page=1, pages=1, total=0)]
    assert ends_here(empty)
    assert is_whole(empty)


# --- what it says


def test_only_a_whole_list_says_that_an_ad_is_gone() -> None:
    before = {"1": read(ad(1)), "2": read(ad(2))}
    assert listed("main", [ad(1)], before, whole=False, at=LATER)["2"].gone_at is None
    after = listed("main", [ad(1)], before, whole=True, at=LATER)
    assert (after["1"].gone_at, after["2"].gone_at) == (None, LATER)
    assert listed("main", [ad(2)], after, whole=True, at=LATER + timedelta(days=1))["2"].gone_at is None


def test_an_ad_whose_own_page_is_away_stays_gone_although_the_list_is_behind() -> None:
    gone = without_page(read(ad(1)), is_gone=True, at=NOON + timedelta(days=1))
    after = listed("main", [ad(1)], {"1": gone}, whole=True, at=LATER)["1"]
    assert after.gone_at == gone.gone_at
    assert with_page(after, ad(1, text="Da"), mark="m", findings=(), at=LATER).gone_at is None


def test_what_the_page_told_stays_and_the_list_brings_title_price_and_state() -> None:
    page_says = ad(1, text="Alt.", photos=(Photo(number=1),), photo_count=1, category="Glas", posted_at=NOON)
    list_says = ad(1, title="Glas, neu", price_cents=400, category="Haus", status=AdStatus.RESERVED)
    after = listed("main", [list_says], {"1": read(page_says)}, whole=True, at=LATER)["1"]
    assert after.ad == replace(page_says, title="Glas, neu", price_cents=400, status=AdStatus.RESERVED)
    assert after.seen_at == LATER


def test_photos_that_were_taken_out_are_gone_and_an_option_that_was_set_to_pick_up_too() -> None:
    before = ad(
        1, photos=(Photo(number=1), Photo(number=2)), shipping=ShippingOffer(ships=True, cents=619, options=("DHL",))
    )  # fmt: skip
    page_says = ad(
        1, text="", photo_count=0, shipping=ShippingOffer(ships=False), confidence=Confidence.LIKELY
    )
    after = joined(before, page_says)
    assert (after.photos, after.photo_count, after.confidence) == ((), 0, Confidence.LIKELY)
    assert after.shipping == ShippingOffer(ships=False)


def test_a_price_that_became_negotiable_is_no_price_any_more() -> None:
    assert joined(ad(1), ad(1, price_cents=None, price_type=PriceType.NEGOTIABLE)).price_cents is None
    assert joined(ad(1), ad(1, price_cents=None)).price_cents == 500


# --- whose page


def test_pages_that_were_never_read_or_changed_in_the_list_are_read_the_longest_untried_first() -> None:
    ads = [ad(1), ad(2), ad(3), ad(4, price_cents=900)]
    tried = without_page(known(ad(2)), is_gone=False, at=NOON - timedelta(days=3))
    assert wanted(ads, read(ad(1)), tried, read(ad(4))) == ["3", "2", "4"]


def test_a_mark_that_waits_for_its_reading_is_not_forgotten() -> None:
    changed = ad(1, price_cents=900)
    after = listed("main", [changed], {"1": read(ad(1))}, whole=True, at=LATER)
    again = listed("main", [changed], after, whole=True, at=LATER + timedelta(days=7))
    assert [each.id for each in to_read([changed], again, at=LATER)] == ["1"]
    done = with_page(again["1"], changed, mark=mark_of(changed), findings=(), at=LATER)
    assert to_read([changed], {"1": done}, at=LATER) == []


def test_state_and_date_change_by_themselves_and_ask_for_no_reading() -> None:
    assert wanted([ad(1, status=AdStatus.RESERVED, posted_at=LATER)], read(ad(1))) == []


def test_an_ad_with_findings_is_read_again_for_they_may_be_mended_but_not_on_the_same_day() -> None:
    assert wanted([ad(1), ad(2)], read(ad(1), findings=("no_text",)), read(ad(2))) == ["1"]
    assert wanted([ad(1)], read(ad(1), findings=("no_text",), tried_at=LATER - timedelta(hours=2))) == []


def test_nobody_opens_the_page_of_a_paused_or_deleted_ad() -> None:
    assert wanted([ad(1, status=AdStatus.PAUSED), ad(2, status=AdStatus.DELETED)]) == []


def test_an_ad_known_from_its_sale_alone_takes_the_lists_mark_without_a_reading() -> None:
    after = listed("main", [ad(1)], {"1": read(ad(1), mark="")}, whole=True, at=LATER)
    assert after["1"].mark == mark_of(ad(1))
    assert to_read([ad(1)], after, at=LATER) == []
