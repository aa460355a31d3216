"""One capture, understood: what stopped it, or what its page says. A check and a replay ask the same way."""

import json
from dataclasses import dataclass

from watcher.domain.ad import Ad, OwnAds
from watcher.domain.capture import Capture, PageKind
from watcher.domain.outcome import Cause, Outcome
from watcher.domain.reading import Listing, Reach, Statement, Thread
from watcher.pages.ad import AdState, ad_id_in, leads_elsewhere, read_ad
from watcher.pages.ad_content import ad_content
from watcher.pages.added_page import read_added_page
from watcher.pages.addresses import own_ads_number
from watcher.pages.cause import cause_of
from watcher.pages.json_reader import TO_THE_END
from watcher.pages.lore import SHIPPED, Lore
from watcher.pages.own_ads import read_own_ads
from watcher.pages.page import Page, parse
from watcher.pages.reader import read_list, read_thread
from watcher.pages.wall import login_of, refusal, unread, wall


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """What one capture says: a wall, or one of listing, thread, statement, ad and own ads; nothing of all where it was not read.

    Both where the page could be read although a part of its data was refused: then nothing further may be asked for.
    """

    wall: Outcome | None = None
    cause: Cause | None = None
    listing: Listing | None = None
    thread: Thread | None = None
    statement: Statement | None = None
    ad: AdState | None = None
    ad_content: Ad | None = None
    """What the ad says, where its page is shown; its photos as far as the capture holds them."""
    own_ads: OwnAds | None = None
    login: str | None = None

    @property
    def verdict(self) -> str:
        """What is remembered of it, to be compared with what later readers say: words of this program alone."""
        return json.dumps(self._verdict(), sort_keys=True)

    def _verdict(self) -> dict[str, object]:
        if self.wall is not None:
            return {"wall": self.wall.value, "cause": self.cause.value if self.cause else None}
        if self.listing is not None:
            return {"rows": len(self.listing.entries), "total": self.listing.total}
        if self.statement is not None:
            return {"stages": {stage.value: count for stage, count in self.statement.stages}}
        if self.ad is not None:
            return {"ad": self.ad.value}
        if self.thread is None:
            return {"unread": True} if self.own_ads is None else _list_verdict(self.own_ads)
        return {
            "selling": self.thread.selling,
            "orders": [
                {
                    "stage": order.stage.value,
                    "reached": order.reached.value if order.reached else None,
                    "confidence": order.confidence.value,
                    "amount_cents": order.amount_cents,
                    "carrier": order.carrier,
                    "pickup": order.pickup,
                    "not_understood": len(order.unknown_events),
                }
                for order in self.thread.orders
            ],
        }


def _list_verdict(told: OwnAds) -> dict[str, object]:
    return {"own_ads": len(told.ads), "page": told.page, "pages": told.pages, "total": told.total}


def understand(capture: Capture, *, lore: Lore = SHIPPED, reach: Reach = TO_THE_END) -> Understood:
    """Say what a capture shows. A wall comes first: behind it nothing on the page counts."""
    page = parse(capture)
    if capture.kind is PageKind.ADDED:
        return _added(page, lore)
    if capture.kind is PageKind.AD:
        return _ad(page, lore)
    stopped = wall(page, lore.markers)
    if stopped is not None:
        return Understood(wall=stopped, cause=cause_of(page, stopped))
    login = login_of(page)
    refused = refusal(page)
    cause = cause_of(page, refused) if refused else None
    if capture.kind is PageKind.CONVERSATION:
        return Understood(wall=refused, cause=cause, thread=read_thread(page, lore), login=login)
    if capture.kind is PageKind.OWN_ADS:
        own_ads, listing = read_own_ads(page, own_ads_number(capture.url)), None
    else:
        own_ads, listing = None, read_list(page, reach, lore)
    if listing is None and own_ads is None:
        stopped = unread(page)
        return Understood(wall=stopped, cause=cause_of(page, stopped), login=login)
    return Understood(wall=refused, cause=cause, listing=listing, own_ads=own_ads, login=login)


def _added(page: Page, lore: Lore) -> Understood:
    """An added page may stand on another host, which shows no mark of the platform's login."""
    statement = read_added_page(page, lore)
    if statement is not None:
        return Understood(statement=statement)
    stopped = wall(page, lore.markers) or Outcome.UNREADABLE
    return Understood(wall=stopped, cause=cause_of(page, stopped))


def _ad(page: Page, lore: Lore) -> Understood:
    """An ad is open to everybody: whether its page knows the visitor does not matter.

    A page that it leads to must know the visitor, or it may be something that stands in the way.
    """
    state = read_ad(page)
    if state is not None:
        ad_id = page.capture.page or ad_id_in(page.capture.final_url)
        content = ad_content(page, ad_id) if ad_id is not None else None
        return Understood(ad=state, ad_content=content)
    stopped = wall(page, lore.markers)
    if stopped is None and leads_elsewhere(page):
        return Understood(ad=AdState.GONE)
    stopped = stopped or Outcome.UNREADABLE
    return Understood(wall=stopped, cause=cause_of(page, stopped))
