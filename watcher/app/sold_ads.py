"""What a check learns of own ads on its way: the page of an ad that was bought says what it offers."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from watcher.app.ad_shelf import AdShelf, Judge
from watcher.app.looking import Seen, Taken
from watcher.app.shelf import Why
from watcher.domain.ad import KnownAd
from watcher.domain.ad_list import joined, with_page
from watcher.domain.capture import PageKind
from watcher.domain.order import Order


def sold_ads(
    seen: Seen, orders: Sequence[Order], shelf: AdShelf, *, judge: Judge | None, at: datetime
) -> Iterator[KnownAd]:
    """Return the own ads whose pages a check has captured for an order, as they are known now.

    Only the very ad that the order of that conversation names is the seller's own.

    Args:
        seen: what the visit has brought.
        orders: the account's orders.
        shelf: what is known of own ads.
        judge: says what is found in one; `None`: what was found before stands.
        at: the moment.
    """
    for taken in _ads(seen.taken):
        content, conversation = taken.understood.ad_content, taken.capture.conversation
        order = next((order for order in orders if order.conversation == conversation), None)
        if content is None or order is None or order.ad_id != content.id:
            continue
        account = order.account
        one = shelf.get(account, content.id) or KnownAd(
            account=account, ad=content, first_seen_at=at, seen_at=at, mark=""
        )
        findings = one.findings if judge is None else judge(joined(one.ad, content), at)
        yield with_page(one, content, mark="", findings=findings, at=at)


def _ads(taken: Iterable[Taken]) -> Iterator[Taken]:
    return (one for one in taken if one.capture.kind is PageKind.AD and one.why not in {None, Why.PROBLEM})
