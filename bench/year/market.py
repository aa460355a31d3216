"""What happens on the site in a year: sales that go well, that are cancelled, that end in a dispute, and mere questions."""

import heapq
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count

from fixtures.shop import Ad, Deal, Shop
from fixtures.shop.deals import Message, invented
from fixtures.shop.histories import parcel_number

TIDIED_AFTER = timedelta(days=60)
"""So long after the last thing that happened in it the seller deletes a conversation: the list does not grow for ever."""
_THINGS = (
    "Wanduhr",
    "Kinderfahrrad",
    "Brotkasten",
    "Plattenspieler",
    "Pfanne",
    "Puppenhaus",
    "Rucksack",
    "Stehlampe",
)
_NAMES = (
    "Ansgar",
    "Birte",
    "Clemens",
    "Dörte",
    "Enno",
    "Frauke",
    "Gesine",
    "Hauke",
    "Jonte",
    "Levke",
    "Ove",
    "Tomke",
)
_WAY = ("REQUESTED", "ACCEPTED", "PAID", "SHIPPED", "DELIVERED", "RECEIVED", "PAID_OUT")
_HOURS = {
    "REQUESTED": (0, 1),
    "ACCEPTED": (1, 20),
    "PAID": (1, 30),
    "SHIPPED": (6, 60),
    "DELIVERED": (24, 72),
    "RECEIVED": (4, 96),
    "PAID_OUT": (12, 60),
}
"""How long after the step before it a step comes, at least and at most: a sale is under way for eight days in the mean."""
_CANCELLED, _DISPUTED, _DECLINED = 0.08, 0.015, 0.12


@dataclass(order=True, slots=True)
class _Coming:
    at: datetime
    number: int
    happen: Callable[[], object] = field(compare=False)


class Market:
    """The site's side of the year. The same seed gives the same year; a `swift` one has sales that go so many times as fast."""

    def __init__(
        self,
        shop: Shop,
        dice: random.Random,
        *,
        begins: datetime,
        ends: datetime,
        orders: int,
        swift: int = 1,
    ) -> None:
        self._shop = shop
        self._dice = dice
        self._coming: list[_Coming] = []
        self._swift = swift
        self._numbers = count()
        self.happened = 0
        """How much has happened so far."""
        span = (ends - begins) / max(orders, 1)
        for number in range(orders):
            at = begins + span * (number + dice.random())
            self._plan(at, lambda number=number, at=at: self._sale(number, at))  # type: ignore[misc]
            if number % 2:
                at += span * dice.random()
                self._plan(at, lambda number=number, at=at: self._question(number, at))  # type: ignore[misc]

    def until(self, now: datetime) -> None:
        """Let happen what has come by now."""
        while self._coming and self._coming[0].at <= now:
            heapq.heappop(self._coming).happen()
            self.happened += 1

    def _plan(self, at: datetime, happen: Callable[[], object]) -> None:
        heapq.heappush(self._coming, _Coming(at, next(self._numbers), happen))

    def _sale(self, number: int, at: datetime) -> None:
        dice, deal_id = self._dice, f"sale-{number:05}"
        carrier = dice.choice(("DHL", "HERMES"))
        stem = "00340434200" + invented(deal_id, 8) if carrier == "DHL" else invented(deal_id, 13)
        self._shop.add(
            Deal(
                id=deal_id,
                ad=Ad(
                    title=f"{dice.choice(_THINGS)} Nr. {number}", price_cents=1000 + 50 * dice.randrange(200)
                ),
                buyer=dice.choice(_NAMES),
                carrier=carrier,  # type: ignore[arg-type]
                tracking_number=parcel_number(stem),
                messages=[Message(text="Hallo, ist das noch zu haben?", at=at)],
            )
        )
        last = max(self._way(deal_id, at))
        self._plan(last + TIDIED_AFTER, lambda: self._shop.remove(deal_id))

    def _way(self, deal_id: str, at: datetime) -> Iterator[datetime]:
        """Plan how a sale goes; yields the moments."""
        dice = self._dice
        goes_wrong = dice.random()
        ends_at = {True: dice.choice(("PAID", "SHIPPED", "DELIVERED"))}.get(
            goes_wrong < _CANCELLED + _DISPUTED
        )
        declined = goes_wrong > 1 - _DECLINED
        for step in _WAY:
            at += timedelta(hours=dice.uniform(*_HOURS[step])) / self._swift
            yield self._step(deal_id, step, at)
            if declined and step == "REQUESTED":
                at += timedelta(hours=dice.uniform(1, 30))
                yield self._step(deal_id, "REQUEST_DECLINED", at)
                return
            if step == ends_at and goes_wrong < _CANCELLED:
                at += timedelta(hours=dice.uniform(0.2, 30))
                self._plan(at, lambda at=at: self._shop.cancel(deal_id, at=at))  # type: ignore[misc]
                at += timedelta(days=dice.uniform(1, 9))
                yield self._step(deal_id, "REFUNDED", at)
                return
            if step == ends_at:
                at += timedelta(hours=dice.uniform(2, 90))
                yield self._step(deal_id, "DISPUTED", at)
                at += timedelta(days=dice.uniform(3, 14))
                yield self._step(deal_id, dice.choice(("REFUNDED", "PAID_OUT")), at)
                return
            if dice.random() < 0.2:
                said = at + timedelta(minutes=dice.uniform(5, 90))
                self._plan(said, lambda at=said: self._shop.say(deal_id, "Wann geht das Paket raus?", at=at))  # type: ignore[misc]

    def _step(self, deal_id: str, step: str, at: datetime) -> datetime:
        self._plan(at, lambda: self._shop.happen(deal_id, step, at=at))
        return at

    def _question(self, number: int, at: datetime) -> None:
        dice, deal_id = self._dice, f"question-{number:05}"
        self._shop.add(
            Deal(
                id=deal_id,
                ad=Ad(title=f"{dice.choice(_THINGS)}, Frage {number}", price_cents=1500),
                buyer=dice.choice(_NAMES),
                messages=[Message(text="Wie groß ist das genau?", at=at)],
            )
        )
        if dice.random() < 0.85:
            answered = at + timedelta(hours=dice.uniform(0.2, 40))
            self._plan(answered, lambda: self._shop.say(deal_id, "80 cm hoch.", at=answered, inbound=False))
        self._plan(at + TIDIED_AFTER, lambda: self._shop.remove(deal_id))
