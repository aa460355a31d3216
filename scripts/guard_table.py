"""Write the read-only guard's table into docs/guard.md from the rules themselves; `--check` only looks."""

import sys
from pathlib import Path

from watcher.browser.guard_rules import READ_METHODS, RULES, Rule, host_rules

PATH = Path(__file__).parent.parent / "docs" / "guard.md"
BEGIN, END = "<!-- the table is written by scripts/guard_table.py -->\n", "<!-- end of the table -->\n"
SITE = "the site's hosts"


def table() -> str:
    """Return the table: what is let through, what is stopped, and why."""
    rows = [("let through", f"{', '.join(READ_METHODS).upper()} to {SITE}", "that is what reading is")]
    rows += [(_action(rule), _what(rule), rule.why) for rule in (*RULES, *host_rules((SITE,)))]
    rows.append(
        (
            "let through",
            "each address in `[site] allow`",
            "the user wants it; `status` shows it while it stands",
        )
    )
    lines = [
        "| | what | why |",
        "|---|---|---|",
        *(f"| **{does}** | {what} | {why} |" for does, what, why in rows),
    ]
    return "\n".join(dict.fromkeys(lines)) + "\n"


def _action(rule: Rule) -> str:
    return {"block": "stopped", "allow": "let through", "modifyHeaders": "taken away"}[
        str(rule.action["type"])
    ]


def _what(rule: Rule) -> str:  # noqa: PLR0911 - one line per kind of rule
    condition = rule.condition
    kinds = tuple(condition.get("resourceTypes", ()))  # type: ignore[call-overload]
    if "responseHeaders" in rule.action:
        names = [str(header["header"]) for header in rule.action["responseHeaders"]]  # type: ignore[attr-defined]
        return "the answer's headers " + ", ".join(f"`{name}`" for name in names)
    if "excludedRequestMethods" in condition:
        return "every method but " + ", ".join(method.upper() for method in READ_METHODS)
    if "urlFilter" in condition:
        return "the guard's own test pages on 127.0.0.1"
    if "initiatorDomains" in condition:
        return f"anything on 127.0.0.1 and localhost that {SITE} ask for"
    if kinds == ("main_frame",):
        return "pages on 127.0.0.1 and localhost"
    if "excludedRequestDomains" in condition:
        return f"everything from hosts other than {SITE}"
    return ", ".join(f"`{kind}`" for kind in kinds)


def main() -> int:
    """Write the table, or say that it is stale."""
    text = PATH.read_text(encoding="utf-8")
    head, rest = text.split(BEGIN)
    fresh = head + BEGIN + "\n" + table() + "\n" + END + rest.split(END)[1]
    if "--check" in sys.argv:
        if fresh != text:
            print("docs/guard.md is stale: run `python scripts/guard_table.py`", file=sys.stderr)
        return int(fresh != text)
    PATH.write_text(fresh, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
