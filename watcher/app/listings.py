"""The own ads against the seven tips: what was read of them, and what the rules find."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from watcher.app.ad_shelf import Judge
from watcher.app.ports import Store
from watcher.domain.ad import Ad, AdStatus, KnownAd
from watcher.listings.judge import Judgement, assess, judge
from watcher.listings.rule import Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedAd:
    """One own ad, and what the rules say to it."""

    known: KnownAd
    judgement: Judgement


@dataclass(frozen=True, slots=True, kw_only=True)
class Listings:
    """The own ads of one account."""

    account: str
    read_at: datetime | None
    """When the list of own ads was last read; `None`: never."""
    complete: bool | None
    """Whether it was read to its end then."""
    ads: tuple[JudgedAd, ...]
    """Those with the most to mend first, those that nobody has read yet last."""

    @property
    def unread(self) -> int:
        """How many ads' own pages nobody has read yet."""
        return sum(not ad.judgement.is_read for ad in self.ads)

    @property
    def with_findings(self) -> int:
        """In how many ads something was found."""
        return sum(bool(ad.judgement.findings) for ad in self.ads)


def listings(store: Store, account: str, rules: Iterable[Rule], *, at: datetime) -> Listings:
    """Return the own ads of an account that are still there, judged as they were last read."""
    known = store.account(account)
    return Listings(
        account=account,
        read_at=known.ads_read_at,
        complete=known.ads_complete,
        ads=judged(store.ads().of(account), rules, at=at),
    )


def judge_by(rules: Iterable[Rule]) -> Judge:
    """Return who says, while ads are read, which rules find something in one."""
    rules = tuple(rules)

    def found(ad: Ad, at: datetime) -> tuple[str, ...]:
        return tuple(each.rule.id for each in judge(ad, rules, at=at))

    return found


def judged(ads: Iterable[KnownAd], rules: Iterable[Rule], *, at: datetime) -> tuple[JudgedAd, ...]:
    """Return the ads that are still there, those with the most to mend first."""
    rules = tuple(rules)
    found: Sequence[JudgedAd] = [
        JudgedAd(known=each, judgement=_judgement(each, rules, at))
        for each in ads
        if each.gone_at is None and each.ad.status is not AdStatus.DELETED
    ]
    return tuple(sorted(found, key=_order))


def _judgement(known: KnownAd, rules: tuple[Rule, ...], at: datetime) -> Judgement:
    """Judge an ad whose own page was read; what the list alone tells is too little."""
    return Judgement(is_read=False) if known.read_at is None else assess(known.ad, rules, at=at)


def _order(ad: JudgedAd) -> tuple[bool, tuple[int, int], str]:
    return not ad.judgement.is_read, ad.judgement.rank, ad.known.ad.id
