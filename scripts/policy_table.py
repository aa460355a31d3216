"""Write the policy's tables into docs/policy.md from the rules themselves; `--check` only looks."""

import sys
from pathlib import Path

from scripts.docs_page import keep, markdown_table
from watcher.domain.fact import Grade
from watcher.policy.rule import CountsFrom, Period, Provider, Rule, Topic
from watcher.policy.rules import rule_named, rules
from watcher.policy.support import support_ways

PATH = Path(__file__).parent.parent / "docs" / "policy.md"
HEAD = ("rule", "period", "provider", "source", "how sure")
BEGIN, END = "<!-- the tables are written by scripts/policy_table.py -->\n", "<!-- end of the tables -->\n"
TOPICS = {
    Topic.SALE: "Sale and cancellation",
    Topic.MONEY: "Money",
    Topic.PROBLEM: "When the buyer reports a problem",
    Topic.PROTECTION: "Seller protection",
    Topic.LAW: "What the law says",
}
PROVIDERS = {Provider.OLD: "OPP (former)", Provider.NEW: "Adyen (new)", Provider.BOTH: "either"}
GRADES = {Grade.SEEN: "seen", Grade.INFERRED: "inferred", Grade.UNVERIFIED: "unverified"}
BEGINNINGS = {
    CountsFrom.PAID: "payment",
    CountsFrom.REPORTED: "the problem report",
    CountsFrom.SHIPPED: "shipping",
    CountsFrom.DELIVERED: "delivery",
    CountsFrom.RETURNED: "the return of the goods",
}


def tables() -> str:
    """Return one table per topic, and that of the ways to reach support."""
    topics = (
        f"## {TOPICS[topic]}\n\n"
        + markdown_table(map(_row, (rule for rule in rules() if rule.topic is topic)), head=HEAD)
        for topic in Topic
    )
    return "\n".join((*topics, support()))


def support() -> str:
    """Return the table of the ways to reach support."""
    rows = (
        (
            f"**{way.title.en}**<br>{way.says.en}<br>*{way.title.de}: {way.says.de}*",
            way.address or "not known",
            f"{way.fact.source}; read {way.fact.seen:%m/%Y}",
            GRADES[way.fact.confidence],
        )
        for way in support_ways()
    )
    return "## How to reach support\n\n" + markdown_table(rows, head=("way", "address", "source", "how sure"))


def _row(rule: Rule) -> tuple[str, ...]:
    return (
        f"**{rule.title.en}**<br>{rule.says.en}<br>*{rule.title.de}: {rule.says.de}*",
        _period(rule.period) if rule.period else "",
        PROVIDERS[rule.provider]
        + (f"; new: “{rule_named(rule.replaced_by).title.en}”" if rule.replaced_by else ""),
        _source(rule),
        "**gap**" if rule.unknown else GRADES[rule.fact.confidence],
    )


def _period(period: Period) -> str:
    span = f"{period.hours} h" if period.hours else f"{period.days} days"
    return f"{span} from {BEGINNINGS[period.counts_from]}"


def _source(rule: Rule) -> str:
    published = f" (page of {rule.fact.published})" if rule.fact.published else ""
    looked = "looked for in: " if rule.unknown else ""
    return f"{looked}{rule.fact.source}{published}; read {rule.fact.seen:%m/%Y}"


def main() -> int:
    """Write the tables, or say that they are stale."""
    return keep(PATH, tables, begin=BEGIN, end=END, by="policy_table.py")


if __name__ == "__main__":
    sys.exit(main())
