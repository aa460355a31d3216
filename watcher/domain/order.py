"""One deal: as a reader saw it in one reading, and as it is remembered."""

from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from watcher.domain.confidence import Confidence
from watcher.domain.stage import MONEY_BACK, Stage, furthest
from watcher.domain.wording import Word


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenOrder:
    """One deal as one reading shows it; `None` means "not shown", never "none"."""

    conversation: str
    deal_ids: frozenset[str] = frozenset()
    """Offer, negotiation and payment ids of the deal; empty where only the DOM was readable."""
    stage: Stage
    reached: Stage | None = None
    """The furthest stage of the ordinary way that the thread shows for this deal."""
    stage_at: datetime | None = None
    made_at: datetime | None = None
    """When the two had agreed: a request alone is no deal yet."""
    paid_at: datetime | None = None
    """When the buyer had paid, where a page told."""
    confidence: Confidence = Confidence.CERTAIN
    title: str | None = None
    buyer: str | None = None
    ad_id: str | None = None
    amount_cents: int | None = None
    carrier: str | None = None
    tracking_number: str | None = None
    pickup: bool | None = None
    shipping_option: str | None = None
    """What the page calls the way of shipping: `Hermes Päckchen`, `DHL Paket 2 kg`."""
    liability_cents: int | None = None
    """Up to how much the carrier is liable, as the page says."""
    ship_by: datetime | None = None
    """Until when the page wants the parcel to go; the last moment of that day where it names a day."""
    buyer_since: datetime | None = None
    """When the buyer registered, where the page says so."""
    unknown_events: tuple[str, ...] = ()
    """Event types or headings that no table knows, oldest first."""
    words: tuple[Word, ...] = ()
    """What told the stage: the event type and the heading that it was read from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One deal as Stornowacht remembers it."""

    id: str
    account: str
    conversation: str
    deal_ids: frozenset[str]
    stage: Stage
    reached: Stage | None
    stage_at: datetime
    first_seen_at: datetime
    last_seen_at: datetime
    confidence: Confidence
    made_at: datetime | None = None
    """When the deal was made; `None` while it is a request, or where no page told."""
    paid_at: datetime | None = None
    """When the buyer had paid; `None` where no page told."""
    title: str | None = None
    buyer: str | None = None
    ad_id: str | None = None
    amount_cents: int | None = None
    carrier: str | None = None
    tracking_number: str | None = None
    pickup: bool | None = None
    shipping_option: str | None = None
    """What the page calls the way of shipping: `Hermes Päckchen`, `DHL Paket 2 kg`."""
    liability_cents: int | None = None
    """Up to how much the carrier is liable, as the page says."""
    ship_by: datetime | None = None
    """Until when the page wants the parcel to go; the last moment of that day where it names a day."""
    buyer_since: datetime | None = None
    """When the buyer registered, where the page says so."""
    unknown_events: tuple[str, ...] = ()
    words: tuple[Word, ...] = ()
    """What told the stage."""
    missing_checks: int = 0
    """How many complete lists in a row lacked the order."""
    forgotten_at: datetime | None = None
    """When the seller had names, titles and texts of it erased."""

    def seen_again(self, seen: SeenOrder, *, at: datetime) -> "Order":
        """Return the order with what the reading adds; what the reading does not show stays as it was.

        A cancellation is undone by a stage of the ordinary way, not by something that nobody understands, and a refund
        not by the word "cancelled": the order would be cancelled a second time when it is understood again.

        Of a forgotten order nothing is filled in again until its stage is another one: then it is an order like any other.
        """
        stage = self.stage if _outlasts(self.stage, seen.stage) else seen.stage
        stage_changed = stage is not self.stage
        if self.forgotten_at is not None and not stage_changed:
            return replace(self, deal_ids=self.deal_ids | seen.deal_ids, last_seen_at=at, missing_checks=0)
        return replace(
            self,
            forgotten_at=None,
            deal_ids=self.deal_ids | seen.deal_ids,
            stage=stage,
            reached=furthest(self.reached, furthest(seen.reached, seen.stage)),
            stage_at=(seen.stage_at or at) if stage_changed else self.stage_at,
            made_at=self.made_at or seen.made_at,
            paid_at=self.paid_at or seen.paid_at,
            last_seen_at=at,
            confidence=seen.confidence if stage is seen.stage else self.confidence,
            words=seen.words if stage is seen.stage else self.words,
            title=seen.title or self.title,
            buyer=seen.buyer or self.buyer,
            ad_id=seen.ad_id or self.ad_id,
            amount_cents=self.amount_cents if seen.amount_cents is None else seen.amount_cents,
            carrier=seen.carrier or self.carrier,
            tracking_number=seen.tracking_number or self.tracking_number,
            pickup=self.pickup if seen.pickup is None else seen.pickup,
            shipping_option=seen.shipping_option or self.shipping_option,
            liability_cents=self.liability_cents if seen.liability_cents is None else seen.liability_cents,
            ship_by=seen.ship_by or self.ship_by,
            buyer_since=seen.buyer_since or self.buyer_since,
            unknown_events=tuple(dict.fromkeys((*self.unknown_events, *seen.unknown_events))),
            missing_checks=0,
        )


def _outlasts(known: Stage, seen: Stage) -> bool:
    if seen is Stage.UNKNOWN:
        return known in MONEY_BACK
    return known is Stage.REFUNDED and seen is Stage.CANCELLED


def first_sight(seen: SeenOrder, *, account: str, at: datetime, ordinal: int = 0) -> Order:
    """Return the order that begins with this sight of it.

    Its id is made of what names the deal, so that the same deal seen first by two machines has one id. `ordinal`
    tells deals apart that show no id of their own (the DOM alone was readable).
    """
    names = "|".join((account, seen.conversation, min(seen.deal_ids, default=f"#{ordinal}")))
    return Order(
        id="o" + short_hash(names),
        account=account,
        conversation=seen.conversation,
        deal_ids=seen.deal_ids,
        stage=seen.stage,
        reached=furthest(seen.reached, seen.stage),
        stage_at=seen.stage_at or at,
        made_at=seen.made_at,
        paid_at=seen.paid_at,
        first_seen_at=at,
        last_seen_at=at,
        confidence=seen.confidence,
        title=seen.title,
        buyer=seen.buyer,
        ad_id=seen.ad_id,
        amount_cents=seen.amount_cents,
        carrier=seen.carrier,
        tracking_number=seen.tracking_number,
        pickup=seen.pickup,
        shipping_option=seen.shipping_option,
        liability_cents=seen.liability_cents,
        ship_by=seen.ship_by,
        buyer_since=seen.buyer_since,
        unknown_events=seen.unknown_events,
        words=seen.words,
    )


_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""No i, l, o, 0, 1: ids are read aloud and typed by people."""


def short_hash(text: str, *, length: int = 7) -> str:
    """Return a short, typable name for `text`; 31**7 names make a clash within one account very unlikely."""
    number = int.from_bytes(sha256(text.encode()).digest())
    letters = []
    for _ in range(length):
        number, rest = divmod(number, len(_ALPHABET))
        letters.append(_ALPHABET[rest])
    return "".join(letters)
