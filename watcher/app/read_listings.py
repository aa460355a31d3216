"""One reading of the own ads: the list to its end, then the pages of those ads that are new or say something else.

It is a visit like a check: behind the same guard, each capture's bytes on disk before they are read, over at the first wall.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from watcher.app.ad_shelf import Judge
from watcher.app.archive import StagedCapture
from watcher.app.check_account import adopt_leftovers
from watcher.app.keeping import why_wall
from watcher.app.looking import Taken, read_staged
from watcher.app.ports import Store, Vault, Visit, Visitor
from watcher.app.remember import Rules
from watcher.app.remember_ads import ListingsReport, SeenAds, remember_ads
from watcher.app.shelf import Why
from watcher.app.understanding import Understood
from watcher.domain.account import Account
from watcher.domain.ad import Ad, AdStatus, KnownAd
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
from watcher.domain.capture import Capture
from watcher.domain.outcome import Outcome
from watcher.pages.ad import AdState, ad_path
from watcher.pages.lore import SHIPPED, Lore

MOST_PAGES = 40
"""How many pages of the list one visit opens; at 25 ads each, that is a thousand."""
_MOST_FAILURES = 2
"""After so many ads in a row whose page could not be read the others are left alone: what stands in the way stands there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingsOrders:
    """What a reading is asked to do, and what it may not decide itself."""

    account: str
    rules: Rules
    judge: Judge
    ads_at_most: int
    """How many ads' pages it may open; the others wait for the next readings."""
    lore: Lore = SHIPPED
    by_hand: bool = False
    """Whether a person asks: then the day's page loads count, and bound nothing."""


def read_listings(
    orders: ListingsOrders, *, visitor: Visitor, store: Store, vault: Vault, clock: Callable[[], datetime]
) -> ListingsReport:
    """Visit an account's list of own ads once, and remember what is new.

    1. Captures that a killed visit left behind are taken into the archive, as a check does.
    2. The list is read to its end; one that is not is incomplete, and then nothing counts as gone.
    3. The pages of ads are opened with their photos, as many as the orders, the visit's time and the day's page loads allow.
    4. One transaction remembers all of it.
    """
    name = orders.account
    with visitor.visit(name) as visit:
        adopt_leftovers(name, store=store, vault=vault, clock=clock)
        account = store.account(name)
        known = {one.ad.id: one for one in store.ads().of(name)}
        reader = _Reader(visit, vault, orders, account, loads_left(orders, account, now=clock()))
        seen = reader.read(known, clock)
    return remember_ads(name, seen, rules=orders.rules, store=store, vault=vault, clock=clock)


def loads_left(orders: ListingsOrders, account: Account, *, now: datetime) -> int | None:
    """Return how many pages a reading may load; `None`: as many as it takes.

    Of what the day has left it takes half at most: checks come first, for money hangs on them.
    """
    per_day = orders.rules.pace.pages_per_day
    if per_day is None or orders.by_hand:
        return None
    return max(per_day - account.loads.on(now), 0) // 2


class _Reader:
    """One visit under way."""

    def __init__(
        self, visit: Visit, vault: Vault, orders: ListingsOrders, account: Account, loads: int | None
    ) -> None:
        self._visit = visit
        self._vault = vault
        self._orders = orders
        self._account = account
        self._loads = loads
        self._seen = SeenAds()

    def read(self, known: dict[str, KnownAd], clock: Callable[[], datetime]) -> SeenAds:
        seen = self._seen
        seen.ads = known
        self._read_list()
        seen.whole = is_whole(seen.pages)
        ads = list({ad.id: ad for page in seen.pages for ad in page.ads}.values())
        seen.ads = listed(self._orders.account, ads, known, whole=seen.whole, at=clock())
        wanted = to_read(ads, seen.ads, at=clock())
        if seen.visit.outcome is Outcome.OK:
            self._read_ads(wanted[: self._orders.ads_at_most], clock)
        if seen.visit.outcome is Outcome.OK and (not seen.whole or seen.unread):
            seen.visit.outcome = Outcome.PARTIAL
        tried = {*seen.read, *seen.unread}
        seen.waiting = sum(ad.id not in tried and seen.ads[ad.id].gone_at is None for ad in wanted)
        return seen

    def _read_list(self) -> None:
        """Open page after page until one is the last; stop where one cannot be read, or is another than the one asked for."""
        seen = self._seen
        for number in range(1, MOST_PAGES + 1):
            if not self._may_go_on():
                return
            staged, understood = self._look(self._visit.open_own_ads(number))
            found = understood.own_ads
            if found is None:
                self._take_in_the_way(staged, understood, is_first=number == 1)
                return
            seen.pages.append(found)
            is_last = ends_here(seen.pages) or found.page != number or understood.wall is not None
            is_gap = is_last and not is_whole(seen.pages)
            first = Why.LISTING if self._account.ads_read_at is None else None
            self._take(staged, understood, Why.PROBLEM if is_gap else first)
            if understood.wall is not None:
                seen.visit.outcome, seen.visit.cause = understood.wall, understood.cause
            if is_last:
                return

    def _read_ads(self, wanted: list[Ad], clock: Callable[[], datetime]) -> None:
        failures = 0
        for ad in wanted:
            path = ad.path or ad_path(ad.id)
            if path is None:
                continue
            if failures >= _MOST_FAILURES or not self._may_go_on():
                return
            staged, understood = self._look(self._visit.open_ad(path, None, ad=ad.id))
            if understood.wall is not None and understood.wall.needs_human:
                self._take_in_the_way(staged, understood, is_first=True)
                return
            is_read = self._take_ad(staged, understood, ad, clock())
            failures = 0 if is_read else failures + 1

    def _take_ad(self, staged: StagedCapture, understood: Understood, ad: Ad, at: datetime) -> bool:
        """Take an ad's page, and judge the ad; returns whether the page could be read. It is kept if it says something new."""
        seen, one, content = self._seen, self._seen.ads[ad.id], understood.ad_content
        if _is_gone(understood):
            self._take(staged, understood, None)
            seen.read.append(ad.id)
            seen.ads[ad.id] = without_page(one, is_gone=True, at=at)
            return True
        if content is None:
            self._take(staged, understood, Why.PROBLEM)
            seen.unread.append(ad.id)
            seen.ads[ad.id] = without_page(one, is_gone=False, at=at)
            return False
        now = joined(one.ad, content)
        self._take(staged, understood, Why.LISTING if one.read_at is None or now != one.ad else None)
        seen.read.append(ad.id)
        findings = self._orders.judge(now, at)
        seen.ads[ad.id] = with_page(one, content, mark=mark_of(ad), findings=findings, at=at)
        return True

    def _look(self, capture: Capture) -> tuple[StagedCapture, Understood]:
        """Put a capture's bytes on disk, then say what it shows."""
        staged, understood = read_staged(
            capture, visit=self._visit, vault=self._vault, lore=self._orders.lore
        )
        self._seen.visit.login = self._seen.visit.login or understood.login
        return staged, understood

    def _take(self, staged: StagedCapture, understood: Understood, why: Why | None) -> None:
        if why is not None:
            staged = self._vault.stage(self._visit.details(staged.capture))
        self._seen.visit.taken.append(Taken(staged=staged, understood=understood, why=why))

    def _take_in_the_way(self, staged: StagedCapture, understood: Understood, *, is_first: bool) -> None:
        """Take a page that ends the reading. What merely does not answer leaves what was read before a partial reading."""
        outcome = understood.wall or Outcome.UNREADABLE
        if not is_first and not outcome.needs_human:
            self._seen.visit.cause = understood.cause
            self._take(staged, understood, Why.PROBLEM)
            return
        self._seen.visit.outcome, self._seen.visit.cause = outcome, understood.cause
        self._take(staged, understood, why_wall(outcome, understood.cause, self._account))

    def _may_go_on(self) -> bool:
        """Whether a further page may be opened, by the visit's time and by the day's page loads."""
        taken = len(self._seen.visit.taken)
        if taken and not self._visit.has_time():
            return False
        return self._loads is None or taken < self._loads


def _is_gone(understood: Understood) -> bool:
    """Whether an ad is no more: its page is away, or says so, as it does for a while."""
    content = understood.ad_content
    return understood.ad is AdState.GONE or (content is not None and content.status is AdStatus.DELETED)
