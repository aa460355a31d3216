"""`listings`: the own ads against the seven tips, with what would help and how sure that is."""

import textwrap
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

import click

from watcher.app.listings import JudgedAd, Listings, listings
from watcher.bootstrap import house, now
from watcher.cli.common import (
    account_names,
    config_option,
    json_option,
    load_config,
    print_json,
    printable,
)
from watcher.cli.hints import fitted, paragraph
from watcher.cli.report import Json, time_json
from watcher.config import Config
from watcher.domain.confidence import Confidence
from watcher.errors import UsageError
from watcher.listings.rule import Finding, Rule, Topic
from watcher.listings.rules import tips
from watcher.texts.language import _, current, ngettext
from watcher.texts.listing_words import (
    bare_words,
    certainty_words,
    day_words,
    fine_words,
    foreign_words,
    incomplete_words,
    overview_words,
    photo_notes,
    price_words,
    read_words,
    rule_source_words,
    status_words,
    topic_words,
    why_words,
)

_COLOURS = {Confidence.CERTAIN: "yellow", Confidence.LIKELY: "yellow", Confidence.UNSURE: None}


@click.command(
    "listings",
    help=_(
        "Your own ads against seven tips that prevent cancellations: what is missing, why it matters, better words. Judges what "
        "was last read; --read reads anew."
    ),
)
@click.argument("account", required=False)
@click.option("--ad", "ad_id", metavar="ID", help=_("Only this ad, in full."))
@click.option("--rules", "show_rules", is_flag=True, help=_("List the rules, with where they come from."))
@click.option("--read", "read_first", is_flag=True, help=_("Read the ads from the site first."))
@click.option("--scheduled", is_flag=True, hidden=True)
@config_option
@json_option
def listings_command(
    account: str | None,
    *,
    ad_id: str | None,
    show_rules: bool,
    read_first: bool,
    scheduled: bool,
    config_path: Path | None,
    as_json: bool,
) -> int:
    """Show the own ads and what the rules find in them."""
    config = load_config(config_path)
    names = account_names(config, account)
    if show_rules:
        _show_rules(config, as_json=as_json)
        return 0
    code = 0
    if read_first or scheduled:
        from watcher.cli.listings_read import read_now  # noqa: PLC0415 - only a reading needs a browser

        code = read_now(config, names, scheduled=scheduled, config_path=config_path)
        if scheduled:
            return code
    at = now()
    with house(config) as our:
        told = [listings(our.store, name, config.listings.rules, at=at) for name in names]
        wanted = [_only(each, ad_id) for each in told] if ad_id is not None else told
    if ad_id is not None and not any(each.ads for each in wanted):
        raise _no_such_ad(ad_id, told)
    shown = [each for each in wanted if ad_id is None or each.ads]
    if as_json:
        results = [_json(each) for each in shown]
        print_json(results[0] if len(results) == 1 else results)
    else:
        for each in shown:
            click.echo("\n".join(_page(each, at, in_full=ad_id is not None)))
    return code


def _only(told: Listings, ad_id: str) -> Listings:
    return Listings(
        account=told.account,
        read_at=told.read_at,
        complete=told.complete,
        ads=tuple(ad for ad in told.ads if ad.known.ad.id == ad_id),
    )


def _no_such_ad(ad_id: str, told: Sequence[Listings]) -> UsageError:
    known = [ad.known.ad.id for each in told for ad in each.ads]
    advice = (
        _("`stornowacht listings` shows the ids of those that are known.")
        if known
        else _("None has been read yet. `stornowacht listings --read` reads them.")
    )
    return UsageError(_("There is no ad {ad!r} among your own.").format(ad=ad_id), advice=advice)


def _page(told: Listings, at: datetime, *, in_full: bool) -> Iterator[str]:
    yield from _heading(told, at)
    for ad in told.ads:
        yield ""
        yield from _ad_lines(ad, at, in_full=in_full)
    if not in_full and told.with_findings:
        yield ""
        yield from _help_lines(told)


def _heading(told: Listings, at: datetime) -> Iterator[str]:
    yield click.style(_("Your ads: {account}").format(account=told.account), bold=True)
    if told.read_at is None and not told.ads:
        yield paragraph(
            _(
                "Your own ads have not been read yet. `stornowacht listings --read` reads them now; `stornowacht run` does it by "
                "itself now and then."
            ),
            indent=0,
        )
        return
    count = len(told.ads)
    words = [ngettext("{n} ad", "{n} ads", count).format(n=count)]
    if told.with_findings:
        words.append(_("{n} with something to mend").format(n=told.with_findings))
    if told.unread:
        words.append(_("{n} not read yet").format(n=told.unread))
    if told.read_at is not None:
        words.append(_("list read {day}").format(day=day_words(told.read_at, now=at)))
    yield " · ".join(words)
    if told.complete is False:
        yield click.style(paragraph(incomplete_words(), indent=0), fg="yellow")
    if told.unread:
        yield paragraph(
            _(
                "What is not read yet is not judged. A reading opens a few ads, the others follow with the next ones."
            ),
            indent=0,
        )


def _ad_lines(ad: JudgedAd, at: datetime, *, in_full: bool) -> Iterator[str]:
    known, judgement = ad.known, ad.judgement
    yield fitted(click.style(printable(known.ad.title or _("(no title)")), bold=True))
    facts = [known.ad.id, price_words(known.ad), status_words(known.ad.status)]
    facts += [read_words(known.read_at, now=at)] if judgement.is_read else []
    yield "  " + " · ".join(fact for fact in [*facts, overview_words(judgement)] if fact)
    if judgement.is_foreign:
        yield paragraph(foreign_words(), indent=2)
    for each in judgement.findings:
        yield from _finding_lines(each, in_full=in_full)
    for note in photo_notes(known.ad.photos, known.ad.photo_count) if judgement.is_read else ():
        yield click.style(paragraph(note, indent=2), dim=True)
    if in_full and judgement.fine:
        fine = ", ".join(fine_words(rule) for rule in judgement.fine)
        yield click.style(paragraph(_("In order: {what}.").format(what=fine), indent=2), fg="green")


def _finding_lines(finding: Finding, *, in_full: bool) -> Iterator[str]:
    what = f"• {printable(finding.what(current()))}  ({certainty_words(finding.certainty)})"
    lines = textwrap.wrap(what, 96, initial_indent="  ", subsequent_indent="    ")
    yield from (click.style(line, fg=_COLOURS[finding.certainty]) for line in lines)
    if in_full:
        yield from _advice_lines(finding.rule)


def _advice_lines(rule: Rule) -> Iterator[str]:
    if rule.why:
        yield paragraph(printable(why_words(rule)))
    if rule.better:
        words = _("For example: “{words}”") if rule.is_wording else _("Better: {words}")
        yield paragraph(words.format(words=printable(rule.better.said(current()))))


def _help_lines(told: Listings) -> Iterator[str]:
    """Say once for all ads why each rule matters, and what helps."""
    found: dict[str, tuple[Rule, int]] = {}
    for ad in told.ads:
        for each in ad.judgement.findings:
            found[each.rule.id] = (each.rule, found.get(each.rule.id, (each.rule, 0))[1] + 1)
    yield click.style(_("Why, and what helps"), bold=True)
    for rule, count in sorted(found.values(), key=lambda entry: (-entry[1], entry[0].id)):
        yield ""
        name = fine_words(rule)
        where = ngettext("in {n} ad", "in {n} ads", count).format(n=count)
        yield fitted(f"  {name[:1].upper()}{name[1:]} – {where}  ({rule.id})")
        yield from _advice_lines(rule)
    yield ""
    yield paragraph(
        _(
            "Hints for your own judgement. One ad in full: `stornowacht listings --ad ID`. A rule that you do not want: "
            "[listings] off in your config."
        ),
        indent=0,
    )


def _show_rules(config: Config, *, as_json: bool) -> None:
    rules = config.listings.rules
    if as_json:
        print_json({"rules": [_rule_json(rule) for rule in rules], "off": list(config.listings.off)})
        return
    click.echo("\n".join(_rule_lines(config, rules)))


def _rule_lines(config: Config, rules: Sequence[Rule]) -> Iterator[str]:
    yield click.style(_("By what your ads are judged"), bold=True)
    for topic in Topic:
        about = [rule for rule in rules if rule.topic is topic]
        if about:
            yield ""
            yield click.style(topic_words(topic).upper(), bold=True)
        for rule in about:
            yield ""
            says = printable(rule.says.said(current()))
            yield fitted(f"  {rule.id}: {bare_words(says)}  ({certainty_words(rule.certainty)})")
            yield from _advice_lines(rule)
            yield click.style(paragraph(rule_source_words(rule)), dim=True)
    yield ""
    for tip in tips():
        if tip.unseen:
            yield paragraph(
                _("Tip {number}, {title}: {why}").format(
                    number=tip.number, title=tip.title.said(current()), why=tip.unseen.said(current())
                ),
                indent=0,
            )
    if config.listings.off:
        yield _("Switched off in your config: {names}").format(names=", ".join(config.listings.off))


def _json(told: Listings) -> Json:
    return {
        "account": told.account,
        "read_at": time_json(told.read_at),
        "complete": told.complete,
        "ads": [_ad_json(ad) for ad in told.ads],
    }


def _ad_json(judged: JudgedAd) -> Json:
    ad, judgement = judged.known.ad, judged.judgement
    return {
        "id": ad.id,
        "title": ad.title,
        "status": ad.status.value,
        "price_cents": ad.price_cents,
        "read_at": time_json(judged.known.read_at),
        "foreign": judgement.is_foreign,
        "findings": [_finding_json(each) for each in judgement.findings],
        "fine": [rule.id for rule in judgement.fine],
        "photos_not_measured": [photo.number for photo in ad.photos if photo.problem is not None],
    }


def _finding_json(finding: Finding) -> Json:
    rule = finding.rule
    return {
        "rule": rule.id,
        "tip": rule.tip,
        "what": {"de": finding.what("de"), "en": finding.what("en")},
        "why": {"de": rule.why.de, "en": rule.why.en},
        "better": {"de": rule.better.de, "en": rule.better.en},
        "certainty": finding.certainty.value,
    }


def _rule_json(rule: Rule) -> Json:
    return {
        "id": rule.id,
        "tip": rule.tip,
        "topic": rule.topic.value,
        "says": {"de": rule.says.de, "en": rule.says.en},
        "why": {"de": rule.why.de, "en": rule.why.en},
        "better": {"de": rule.better.de, "en": rule.better.en},
        "certainty": rule.certainty.value,
        "source": rule.fact.source if rule.fact else None,
        "seen": rule.fact.seen.isoformat() if rule.fact else None,
        "confidence": rule.fact.confidence.value if rule.fact else None,
    }
