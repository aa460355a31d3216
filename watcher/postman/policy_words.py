"""What to say of the platform's rules besides their own words: what speaks against them, where they stand, how long."""

from datetime import date

from watcher.policy.rule import CountsFrom, Period, Provider, Rule, Topic
from watcher.policy.rules import rule_named
from watcher.postman.letter_words import source_line
from watcher.texts.language import _, current, ngettext


def standing_words(rule: Rule, today: date) -> str:
    """Say what speaks against relying on the rule: another provider, a gap, an old source; empty where nothing does."""
    words = []
    if rule.unknown:
        words.append(_("A gap: nobody has described it publicly."))
    elif rule.replaced_by is not None:
        newer = rule_named(rule.replaced_by).title.said(current())
        words.append(
            _("Of the former payment provider (OPP); with Adyen it is otherwise, see “{newer}”.").format(
                newer=newer
            )
        )
    elif rule.provider is Provider.OLD:
        words.append(_("Written for the former payment provider (OPP), not confirmed for Adyen."))
    elif rule.provider is Provider.NEW:
        words.append(_("Holds for the new payment provider (Adyen)."))
    if rule.fact.is_old(today):
        words.append(old_words())
    return " ".join(words)


def old_words() -> str:
    """Say that a source was not read for long."""
    return _("OLD: nobody has read the source for more than a year.")


def source_words(rule: Rule) -> str:
    """Say where a rule stands, and how well that is known."""
    fact = rule.fact
    if rule.unknown:
        return _("Looked for in vain: {source} ({seen})").format(
            source=fact.source, seen=f"{fact.seen:%m/%Y}"
        )
    return source_line(fact, language=current())


def topic_words(topic: Topic) -> str:
    """Return what a group of rules is called."""
    return {
        Topic.SALE: _("Sale and cancellation"),
        Topic.MONEY: _("Money"),
        Topic.PROBLEM: _("When the buyer reports a problem"),
        Topic.PROTECTION: _("Seller protection"),
        Topic.LAW: _("What the law says"),
    }[topic]


def period_words(period: Period) -> str:
    """Return how long, and from when on."""
    span = (
        ngettext("{count} hour", "{count} hours", period.hours).format(count=period.hours)
        if period.hours
        else ngettext("{count} day", "{count} days", period.days).format(count=period.days)
    )
    return {
        CountsFrom.PAID: _("{span} from the payment"),
        CountsFrom.REPORTED: _("{span} from the problem report"),
        CountsFrom.SHIPPED: _("{span} from shipping"),
        CountsFrom.DELIVERED: _("{span} from delivery"),
        CountsFrom.RETURNED: _("{span} from the return of the goods"),
    }[period.counts_from].format(span=span)
