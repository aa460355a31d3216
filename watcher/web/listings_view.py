"""Own ads as the dashboard shows them: what was found in words, and what is in order."""

from dataclasses import dataclass
from datetime import datetime

from watcher.app.listings import JudgedAd, Listings
from watcher.domain.confidence import Confidence
from watcher.listings.rule import Finding
from watcher.texts.language import current
from watcher.texts.listing_words import (
    certainty_words,
    day_words,
    fine_words,
    foreign_words,
    overview_words,
    photo_notes,
    price_words,
    read_words,
    status_words,
    why_words,
)

_LOOKS = {Confidence.CERTAIN: "look", Confidence.LIKELY: "look", Confidence.UNSURE: ""}


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingView:
    """One finding in words."""

    rule: str
    what: str
    why: str
    better: str
    is_wording: bool
    """Whether `better` is a text to be copied."""
    certainty: str
    look: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AdView:
    """One ad in words."""

    id: str
    title: str
    price: str
    status: str
    address: str | None
    """Where it is on the site, as far as that is known."""
    read: str
    overview: str
    is_read: bool
    findings: tuple[FindingView, ...]
    sure: int
    """How many findings are more than a hint."""
    fine: tuple[str, ...]
    notes: tuple[str, ...]
    """What was not looked at."""

    @property
    def is_settled(self) -> bool:
        """Whether all of it was looked at, and nothing found."""
        return self.is_read and not self.findings and not self.notes


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingsView:
    """The own ads of one account."""

    account: str
    read: str | None
    """When the list was last read; `None`: never."""
    is_incomplete: bool
    ads: tuple[AdView, ...]
    """Those that are worth a look: with a finding, or with something that was not looked at."""
    settled: tuple[AdView, ...]
    """Those without anything to mend."""
    unread: tuple[AdView, ...]
    with_findings: int

    @property
    def count(self) -> int:
        """How many ads there are."""
        return len(self.ads) + len(self.settled) + len(self.unread)


def listings_view(told: Listings, *, base_url: str, at: datetime) -> ListingsView:
    """Return the own ads of an account in words."""
    views = [_ad_view(ad, base_url=base_url, at=at) for ad in told.ads]
    return ListingsView(
        account=told.account,
        read=None if told.read_at is None else day_words(told.read_at, now=at),
        is_incomplete=told.complete is False,
        ads=tuple(view for view in views if view.is_read and not view.is_settled),
        settled=tuple(view for view in views if view.is_settled),
        unread=tuple(view for view in views if not view.is_read),
        with_findings=told.with_findings,
    )


def _ad_view(judged: JudgedAd, *, base_url: str, at: datetime) -> AdView:
    ad, judgement = judged.known.ad, judged.judgement
    notes = [foreign_words()] if judgement.is_foreign else []
    if judgement.is_read:
        notes += photo_notes(ad.photos, ad.photo_count)
    return AdView(
        id=ad.id,
        title=ad.title or "",
        price=price_words(ad),
        status=status_words(ad.status),
        address=base_url.rstrip("/") + ad.path if ad.path and ad.path.startswith("/") else None,
        read=read_words(judged.known.read_at, now=at),
        overview=overview_words(judgement),
        is_read=judgement.is_read,
        findings=tuple(map(_finding_view, judgement.findings)),
        sure=sum(each.certainty is not Confidence.UNSURE for each in judgement.findings),
        fine=tuple(fine_words(rule) for rule in judgement.fine),
        notes=tuple(notes),
    )


def _finding_view(finding: Finding) -> FindingView:
    rule = finding.rule
    return FindingView(
        rule=rule.id,
        what=finding.what(current()),
        why=why_words(rule) if rule.why else "",
        better=rule.better.said(current()),
        is_wording=rule.is_wording,
        certainty=certainty_words(finding.certainty),
        look=_LOOKS[finding.certainty],
    )
