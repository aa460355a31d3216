"""What the rules find in one ad, and what they find in order."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from watcher.domain.ad import Ad, AdStatus, PriceType
from watcher.domain.confidence import Confidence
from watcher.listings import shipping
from watcher.listings.photos import PHOTO_CHECKS
from watcher.listings.phrases import folded, words_in
from watcher.listings.rule import Check, Finding, Kind, Rule, Unless
from watcher.listings.saying import beyond, finding, surer
from watcher.listings.tongue import is_foreign

Answer = Finding | bool | None
"""What a check says: what it found; `False` where all is well; `None` where it cannot say or has no business."""
_ENOUGH_WORDS = 8
"""Fewer words than these are no language that could be foreign."""
_NEW = {"neu", "new", "neu mit etikett", "brandneu"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """One ad against the rules."""

    findings: tuple[Finding, ...] = ()
    """In the order in which an ad is written, mere hints last."""
    fine: tuple[Rule, ...] = ()
    """What was looked for and is in order."""
    is_read: bool = True
    """Whether anybody has read its description; if not, nothing is judged."""
    is_foreign: bool = False
    """Whether it is in a language whose words the rules do not know; then they are left alone."""

    @property
    def rank(self) -> tuple[int, int]:
        """Return what sorts the ads, those with the most to mend first."""
        sure = sum(each.certainty is not Confidence.UNSURE for each in self.findings)
        return -sure, -len(self.findings)


class _Page:
    """An ad with what several checks want to know of it."""

    def __init__(self, ad: Ad, at: datetime) -> None:
        self.ad = ad
        self.at = at

    @cached_property
    def text(self) -> str:
        """Everything that it says: title, description, and what was chosen from lists."""
        chosen = "\n".join(f"{name}: {value}" for name, value in self.ad.attributes.items())
        return folded(f"{self.ad.title or ''}\n{self.ad.text or ''}\n{chosen}")

    @cached_property
    def description(self) -> str:
        return folded(self.ad.text or "")

    @cached_property
    def thing(self) -> str:
        """What it is about, as far as title and category tell."""
        return folded(f"{self.ad.title or ''}\n{self.ad.category or ''}")

    @cached_property
    def chosen(self) -> Mapping[str, str]:
        return {folded(name).strip(): folded(value).strip() for name, value in self.ad.attributes.items()}

    @cached_property
    def kind(self) -> Kind:
        if self.ad.wanted:
            return Kind.WANTED
        return Kind.GIVE_AWAY if self.ad.price_type is PriceType.GIVE_AWAY else Kind.OFFER

    @cached_property
    def is_new(self) -> bool:
        return self.chosen.get("zustand", self.chosen.get("condition")) in _NEW

    @cached_property
    def is_pickup(self) -> bool:
        """Whether nothing is shipped, by the settings or by the text."""
        if self.ad.shipping.ships is False:
            return not shipping.offers_shipping(self.description)
        return shipping.is_only_pickup(self.description)

    @cached_property
    def is_foreign(self) -> bool:
        said = f"{self.ad.title or ''}\n{self.ad.text or ''}"
        return words_in(said) >= _ENOUGH_WORDS and is_foreign(said)

    def has_no_use_for(self, rule: Rule) -> bool:
        """Whether a rule makes no sense for this ad."""
        off = {
            Unless.PICKUP: self.is_pickup,
            Unless.DIRECT: bool(self.ad.shipping.buys_direct),
            Unless.NEW: self.is_new,
        }
        return (
            self.kind not in rule.kinds
            or any(off[unless] for unless in rule.unless)
            or (rule.reads_words and self.is_foreign)
            or bool(rule.only_for and not rule.only_for.found_in(self.thing))
            or rule.not_for.found_in(self.thing) is not None
        )


def judge(ad: Ad, rules: Iterable[Rule], *, at: datetime) -> tuple[Finding, ...]:
    """Return what the rules find in an ad, mere hints last.

    An ad whose description nobody has read is not judged, and none that was deleted: nobody sees it any more.
    """
    return assess(ad, rules, at=at).findings


def assess(ad: Ad, rules: Iterable[Rule], *, at: datetime) -> Judgement:
    """Return what the rules find in an ad, and what they find in order; those that make no sense for it say neither.

    Args:
        ad: the ad as it was read.
        rules: the rules in force.
        at: now, for the age of the ad.
    """
    if ad.text is None:
        return Judgement(is_read=False)
    if ad.status is AdStatus.DELETED:
        return Judgement()
    page = _Page(ad, at)
    found: list[Finding] = []
    fine: list[Rule] = []
    for rule in rules:
        answer = None if page.has_no_use_for(rule) else _ask(rule, page)
        if isinstance(answer, Finding):
            found.append(answer)
        elif answer is False:
            fine.append(rule)
    found.sort(key=lambda each: each.certainty is Confidence.UNSURE)
    return Judgement(findings=tuple(found), fine=tuple(fine), is_foreign=page.is_foreign)


def _ask(rule: Rule, page: _Page) -> Answer:
    if rule.check in PHOTO_CHECKS:
        return PHOTO_CHECKS[rule.check](rule, page.ad)
    return _CHECKS[rule.check](rule, page)


def _lacks(rule: Rule, page: _Page) -> Answer:
    if not page.ad.text and rule.tip is not None:
        return None  # that there is no text at all is said once
    if rule.needs.found_in(page.text) or any(folded(name) in page.chosen for name in rule.attributes):
        return False
    return finding(rule, certainty=_for_thing(rule, page))


def _for_thing(rule: Rule, page: _Page) -> Confidence:
    return surer(rule.certainty) if rule.surer_for.found_in(page.thing) else rule.certainty


def _has(rule: Rule, page: _Page) -> Answer:
    match = rule.never.stated_in(page.text)
    return match is not None and finding(rule)


def _not_new(rule: Rule, page: _Page) -> Answer:
    if not page.is_new:
        return None
    match = rule.never.stated_in(page.description)
    return match is not None and finding(rule)


def _title_words(rule: Rule, page: _Page) -> Answer:
    if page.ad.title is None or rule.limit is None:
        return None
    count = len(page.ad.title.split())
    return count < rule.limit and finding(rule, certainty=beyond(rule, count), words=str(count))


def _text_empty(rule: Rule, page: _Page) -> Answer:
    return not (page.ad.text or "").strip() and finding(rule)


def _text_words(rule: Rule, page: _Page) -> Answer:
    count = words_in(page.ad.text or "")
    if not count or rule.limit is None:
        return None
    return count < rule.limit and finding(rule, words=str(count))


def _no_price(rule: Rule, page: _Page) -> Answer:
    return page.ad.price_cents is None and page.ad.price_type is not PriceType.NEGOTIABLE and finding(rule)


def _shipping_unset(rule: Rule, page: _Page) -> Answer:
    offer = page.ad.shipping
    is_set = offer.ships is not None or offer.cents is not None or bool(offer.options)
    is_told = shipping.is_only_pickup(page.description) or shipping.offers_shipping(page.description)
    return not is_set and not is_told and finding(rule)


def _shipping_in_text(rule: Rule, page: _Page) -> Answer:
    offer = page.ad.shipping
    if offer.ships or offer.options or offer.cents is not None:
        return False
    return shipping.offers_shipping(page.description) and finding(rule)


def _pickup_in_text(rule: Rule, page: _Page) -> Answer:
    if not page.ad.shipping.ships:
        return None
    return shipping.is_only_pickup(page.description) and finding(rule)


def _pickup_only(rule: Rule, page: _Page) -> Answer:
    if page.ad.shipping.ships or not (page.is_pickup or page.ad.shipping.ships is False):
        return None
    weight = shipping.weight_in(page.description)
    if weight is not None and rule.limit is not None and weight > rule.limit:
        return None
    return page.is_pickup and finding(rule)


def _shipping_no_price(rule: Rule, page: _Page) -> Answer:
    offer = page.ad.shipping
    return offer.cents is None and finding(rule) if offer.ships else None


def _shipping_dear(rule: Rule, page: _Page) -> Answer:
    cost, price = page.ad.shipping.cents, page.ad.price_cents
    if cost is None or not price or rule.limit is None:
        return None
    return cost >= rule.limit * price and finding(rule, shipping=_euros(cost), price=_euros(price))


def _untracked(rule: Rule, page: _Page) -> Answer:
    chosen = page.ad.shipping.options
    if not chosen:
        return None
    untracked = [shipping.name_of(option) for option in chosen if shipping.has_no_tracking(option)]
    return bool(untracked) and finding(rule, option=", ".join(untracked))


def _too_heavy(rule: Rule, page: _Page) -> Answer:
    weight, chosen = shipping.weight_in(page.text), page.ad.shipping.options
    limits = [shipping.carries(option) for option in chosen]
    known = [limit for limit in limits if limit is not None]
    if weight is None or not known or len(known) < len(limits):
        return None
    strongest = chosen[limits.index(max(known))]
    return weight > max(known) and finding(
        rule, kg=f"{weight:g}".replace(".", ","), option=shipping.name_of(strongest)
    )


def _too_long(rule: Rule, page: _Page) -> Answer:
    longest, chosen = shipping.longest_in(page.text), page.ad.shipping.options
    if longest is None or not chosen or rule.limit is None:
        return None
    options = ", ".join(map(shipping.name_of, chosen))
    return longest >= rule.limit and finding(rule, cm=f"{longest:g}".replace(".", ","), option=options)


def _age(rule: Rule, page: _Page) -> Answer:
    if page.ad.posted_at is None or rule.limit is None:
        return None
    days = (page.at - page.ad.posted_at).days
    return days > rule.limit and finding(rule, days=str(days))


def _euros(cents: int) -> str:
    return f"{cents // 100},{cents % 100:02} €"


_CHECKS: Mapping[Check, Callable[[Rule, _Page], Answer]] = {
    Check.LACKS: _lacks,
    Check.HAS: _has,
    Check.NOT_NEW: _not_new,
    Check.TITLE_WORDS: _title_words,
    Check.TEXT_EMPTY: _text_empty,
    Check.TEXT_WORDS: _text_words,
    Check.NO_PRICE: _no_price,
    Check.SHIPPING_UNSET: _shipping_unset,
    Check.SHIPPING_IN_TEXT: _shipping_in_text,
    Check.PICKUP_IN_TEXT: _pickup_in_text,
    Check.PICKUP_ONLY: _pickup_only,
    Check.SHIPPING_NO_PRICE: _shipping_no_price,
    Check.SHIPPING_DEAR: _shipping_dear,
    Check.UNTRACKED: _untracked,
    Check.TOO_HEAVY: _too_heavy,
    Check.TOO_LONG: _too_long,
    Check.AGE_DAYS: _age,
}
