"""Which ads are captured: the dispute will be about what they said, and sellers take them down after the sale."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from watcher.app.keeping import Before
from watcher.app.shelf import KeptAd, Why
from watcher.domain.budget import BERLIN
from watcher.domain.compare import compare
from watcher.domain.order import Order
from watcher.domain.outcome import Outcome
from watcher.domain.reading import Reading, Thread
from watcher.domain.stage import Stage, has_reached

MOST_ADS = 3
"""How many ads one visit opens; the others wait for the next ones."""
_MOST_FAILURES = 3
_AGREED = Stage.AWAITING_PAYMENT


def ads_to_open(seen: Iterable[Thread], before: Before, *, at: datetime) -> list[Order]:
    """Return the orders whose ad is still to be captured, the most urgent first; one for each conversation.

    1. As soon as both have agreed: from then on the ad is bought, and its seller may change it or take it down. A mere
       request is none of that; most come to nothing, and each ad is a page load.
    2. Once for each order: a later deal in the same conversation gets a capture of its own. An ad that is gone by then is
       captured as gone. Captures are counted, no times compared: a clock that was wrong must not open an ad for ever.
    3. Where an ad could not be read, all of them rest until tomorrow: what stood in the way is not asked a second time.
       After three such days that ad is let be.
    4. What somebody asks for comes first, whatever was captured before.
    """
    reading = Reading(account=before.account.name, taken_at=at, outcome=Outcome.OK, threads=tuple(seen))
    conversations = {order.conversation for order in before.orders}
    conversations |= {thread.conversation for thread in reading.threads}
    orders = compare(before.orders_of(conversations), reading).orders
    ads = before.history.ads_of(conversations)
    in_case = {case.order for case in before.cases if case.is_open}
    rests = any(ad.why == Why.PROBLEM and _day(ad.at) == _day(at) for ad in before.ads_today)
    bought = Counter(order.conversation for order in orders if has_reached(order.reached, _AGREED))
    wanted: dict[str, tuple[int, datetime, str, Order]] = {}
    for order in orders:
        if order.ad_id is None or order.forgotten_at is not None:
            continue
        if before.wanted.get(order.conversation) is Why.ASKED:
            rank = 0
        elif not rests and _is_bought(order, in_case) and _is_lacking(order, ads, bought):
            rank = 1 if order.id in in_case else 2
        else:
            continue
        entry = (rank, order.first_seen_at, order.id, order)
        wanted[order.conversation] = min(wanted.get(order.conversation, entry), entry)
    return [order for *_, order in sorted(wanted.values())]


def _is_bought(order: Order, in_case: set[str]) -> bool:
    if order.id in in_case or order.stage is Stage.DISPUTED:
        return True
    return order.stage.is_live and has_reached(order.reached, _AGREED)


def _is_lacking(order: Order, ads: Sequence[KeptAd], bought: Mapping[str, int]) -> bool:
    """Whether a conversation has more orders than captures of its ad, and was not tried in vain too often."""
    whys = [ad.why for ad in ads if ad.conversation == order.conversation]
    orders = max(bought.get(order.conversation, 0), 1)
    return whys.count(Why.SALE) < orders and whys.count(Why.PROBLEM) < _MOST_FAILURES * orders


def _day(at: datetime) -> date:
    return at.astimezone(BERLIN).date()
