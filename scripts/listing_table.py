"""Write the table of the rules about ads into docs/listings.md from the rules themselves; `--check` only looks."""

import sys
from pathlib import Path

from scripts.docs_page import keep, markdown_table
from watcher.domain.confidence import Confidence
from watcher.domain.fact import Grade
from watcher.listings.rule import Rule, Topic
from watcher.listings.rules import shipped_rules, tips
from watcher.listings.shipping import options
from watcher.texts.listing_words import bare_words

PATH = Path(__file__).parent.parent / "docs" / "listings.md"
BEGIN, END = "<!-- the tables are written by scripts/listing_table.py -->\n", "<!-- end of the tables -->\n"
TOPICS = {
    Topic.TITLE: "Title",
    Topic.TEXT: "Description",
    Topic.PHOTOS: "Photos",
    Topic.PRICE: "Price",
    Topic.SHIPPING: "Shipping",
    Topic.TERMS: "What applies",
    Topic.AGE: "Age",
}
SURE = {Confidence.CERTAIN: "certain", Confidence.LIKELY: "likely", Confidence.UNSURE: "a hint"}
GRADES = {Grade.SEEN: "seen", Grade.INFERRED: "inferred", Grade.UNVERIFIED: "unverified"}


def tables() -> str:
    """Return the tables of the rules, of the tips that no ad shows, and of the shipping options."""
    topics = (
        f"### {name}\n\n"
        + markdown_table(
            (_row(rule) for rule in shipped_rules() if rule.topic is topic),
            head=("rule", "found, and what helps", "tip", "how sure", "source"),
        )
        for topic, name in TOPICS.items()
    )
    return "\n".join((*topics, _unseen(), _options()))


def _row(rule: Rule) -> tuple[str, ...]:
    says, better = rule.says, rule.better
    en, de = bare_words(says.en), bare_words(says.de)
    if rule.is_wording:
        told = f"{en}<br>*{de}*<br>For example: „{better.de}“"
    else:
        told = f"{en} {better.en}<br>*{de} {better.de}*"
    fact = rule.fact
    assert fact is not None  # noqa: S101 - narrows the type: only the user's own rules have none
    return (
        f"`{rule.id}`",
        told,
        str(rule.tip),
        SURE[rule.certainty] + _limit(rule),
        f"{fact.source}; read {fact.seen:%m/%Y}; {GRADES[fact.confidence]}",
    )


def _limit(rule: Rule) -> str:
    if rule.limit is None:
        return ""
    further = f", likely from {rule.likely_limit:g}" if rule.likely_limit is not None else ""
    return f" (limit {rule.limit:g}{further})"


def _unseen() -> str:
    rows = ((str(tip.number), tip.title.en, tip.unseen.en) for tip in tips() if tip.unseen)
    return "### Tips that no ad shows\n\n" + markdown_table(
        rows, head=("tip", "what it says", "why no rule looks for it")
    )


def _options() -> str:
    rows = (
        (f"`{known.id}`", known.name, f"{known.kg:g} kg" if known.kg else "not known", known.fact.source)
        for known in options().values()
    )
    return "### Shipping options\n\n" + markdown_table(rows, head=("id", "what it is", "carries", "source"))


def main() -> int:
    """Write the tables, or say that they are stale."""
    return keep(PATH, tables, begin=BEGIN, end=END, by="listing_table.py")


if __name__ == "__main__":
    sys.exit(main())
