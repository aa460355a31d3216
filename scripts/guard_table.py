"""Write the read-only guard's tables into docs/guard.md from rules and switches themselves; `--check` only looks."""

import sys
from pathlib import Path

from scripts.docs_page import keep, markdown_table
from watcher.browser.guard import IGNORED_DEFAULT_ARGUMENTS
from watcher.browser.guard_rules import NOT_CLOSED, READ_METHODS, RULES, Rule, host_rules
from watcher.browser.guard_switches import switches

PATH = Path(__file__).parent.parent / "docs" / "guard.md"
BEGIN, END = "<!-- the table is written by scripts/guard_table.py -->\n", "<!-- end of the table -->\n"
# Any site that does not stand on this machine: all rules and switches are there.
SITE = ("the-site",)
READ = f"{', '.join(READ_METHODS).upper()} to the site's hosts, and to hosts that `[site] hosts` adds"
ACTIONS = {"block": "stopped", "allow": "let through", "modifyHeaders": "taken away"}


def tables() -> str:
    """Return what is let through, stopped and taken away, the switches, and what is not closed."""
    rules = sorted(
        (*RULES, *host_rules(SITE)), key=lambda rule: list(ACTIONS).index(str(rule.action["type"]))
    )
    passing = [rule for rule in rules if rule.action["type"] == "allow"]
    return "\n".join(
        (
            markdown_table(
                [
                    ("**let through**", READ, "that is what reading is"),
                    *map(_row, passing),
                    (
                        "**let through**",
                        "each address in `[site] allow`",
                        "the user wants it; `status` shows it while it stands",
                    ),
                    *(_row(rule) for rule in rules if rule not in passing),
                ],
                head=("", "what", "why"),
            ),
            "Switches of the browser close what the rules do not see:\n",
            markdown_table(
                [
                    *((_name(switch.text), switch.why) for switch in switches(Path("guard"), hosts=SITE)),
                    *(
                        (f"without `{name}`", "the driver's own habit, which would switch the guard off")
                        for name in IGNORED_DEFAULT_ARGUMENTS
                    ),
                ],
                head=("switch", "why"),
            ),
            "Not closed:\n",
            "".join(f"- {sentence}\n" for sentence in NOT_CLOSED),
        )
    )


def _row(rule: Rule) -> tuple[str, ...]:
    return (f"**{ACTIONS[str(rule.action['type'])]}**", rule.what, rule.why)


def _name(switch: str) -> str:
    """Return a switch without a value that differs from machine to machine."""
    name, _, value = switch.partition("=")
    return (
        f"`{switch}`"
        if value.replace("_", "").replace(",", "").isalpha() and value != "guard"
        else f"`{name}`"
    )


def main() -> int:
    """Write the tables, or say that they are stale."""
    return keep(PATH, tables, begin=BEGIN, end=END, by="guard_table.py")


if __name__ == "__main__":
    sys.exit(main())
