"""The same 20 pages of one account opened, read and compared: `stornowacht check` against watchers of pages that anybody can install.

    python -m bench.rivals [--runs N] [--envs DIR] [--json FILE]

The account has 19 conversations, all of them live orders, so that a check opens the list and all 19; the others have a job for each of
these 20 addresses. Nothing changes between the rounds. All use the same browser program, are logged in, wait for the same marks on
the page before they take it, and send their reports to the same mail server. They run in turn; the daemon among them is stopped in
mid-step while another one is measured. What is *not* equal is said in the table: what a round does. The others compare one
part's text; ours puts markup and JSON on disk, reads both, and proves its guard; a picture is taken of what has changed.

The rivals are installed at the first run, each into an environment of its own (pinned versions; below the user's cache folder, or DIR).
"""

import statistics
import sys
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.arguments import asked
from bench.delivery import mail_server
from bench.environments import NotInstalledError
from bench.results import Sheet, keep
from bench.tools import TOOLS, BarePlaywright, Round, Setting, Tool
from fixtures.shop import Shop, quiet_account

RUNS, CONVERSATIONS, WANTED, MOST_TO_LEARN = 5, 19, 3.0, 12
WATCHERS = ("webchanges", "changedetection.io")
"""Those that are to take at least three times as long: the other one reads and compares nothing."""


def main() -> None:
    """Measure and print."""
    runs = asked("The same 20 pages, by several programs.", runs=RUNS).runs
    deals = quiet_account(datetime.now(UTC), conversations=CONVERSATIONS, live=CONVERSATIONS)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="stornowacht-bench-")))
        host = stack.enter_context(mail_server())
        shop = stack.enter_context(Shop(deals=deals))
        setting = Setting(
            shop=shop,
            mail_port=host.port,
            folder=folder,
            conversations=[deal.conversation_id for deal in deals],
        )
        tools: list[Tool] = []
        for kind in (*TOOLS, BarePlaywright):
            try:
                tool = kind(setting)
            except NotInstalledError as error:
                print(error, file=sys.stderr)
                continue
            stack.callback(tool.close)
            tool.pause()
            tools.append(tool)
        peaks, writes = {}, {}
        for tool in tools:
            _learn(tool, shop)
            peaks[tool.name] = _round(tool, memory=True).peak or 0
            before = len(shop.writes)
            _proved(_round(tool), tool)
            writes[tool.name] = len(shop.writes) - before
        rounds: dict[str, list[Round]] = {tool.name: [] for tool in tools}
        for _ in range(runs):
            for tool in tools:
                rounds[tool.name].append(_proved(_round(tool), tool))
    sheet = Sheet(
        title=f"{CONVERSATIONS + 1} pages of one account, nothing changed (medians of {runs} interleaved runs)",
        compared=_compared(tools),
        columns=(
            "program", "wall s", "(from to)", "CPU s", "memory MB", "writes that reached the shop",
            "its wall / ours", "its CPU / ours",
        ),
    )  # fmt: skip
    for tool in tools:
        mine = rounds[tool.name]
        walls = [one.wall for one in mine]
        ratio = _ratio(mine, rounds[tools[0].name], lambda one: one.wall)
        mark = "" if tool.name not in WATCHERS else f" (wanted: at least {WANTED:.0f})"
        sheet.add(
            f"{tool.name} {tool.version}",
            f"{statistics.median(walls):.2f}",
            f"{min(walls):.2f} to {max(walls):.2f}",
            f"{statistics.median(one.cpu for one in mine):.2f}",
            f"{peaks[tool.name]:.0f}",
            str(writes[tool.name]),
            f"{ratio:.2f}{mark}",
            f"{_ratio(mine, rounds[tools[0].name], lambda one: one.cpu):.2f}",
        )
    sheet.show()
    keep(sheet)


def _round(tool: Tool, *, memory: bool = False) -> Round:
    try:
        done = tool.round(memory=memory)
    finally:
        tool.pause()
    print(f"  {tool.name}: {done.wall:.1f} s", file=sys.stderr, flush=True)
    return done


def _learn(tool: Tool, shop: Shop) -> None:
    """Let a program look until it opens the 20 pages alone: ours opens the ad of each order once, a few at each check."""
    for _ in range(MOST_TO_LEARN):
        before = len(shop.requests)
        _round(tool)
        if not any(request.path.startswith("/s-anzeige/") for request in shop.requests[before:]):
            return
    raise SystemExit(f"{tool.name} still opens ads after {MOST_TO_LEARN} rounds")


def _proved(done: Round, tool: Tool) -> Round:
    """Return a round; refuse one that said anything, because then it was another work that was measured."""
    if done.said and tool.name != "shot-scraper":
        raise SystemExit(f"{tool.name} says {done.said!r} where nothing changed")
    return done


def _ratio(theirs: list[Round], ours: list[Round], of: Callable[[Round], float]) -> float:
    return statistics.median(of(a) / of(b) for a, b in zip(theirs, ours, strict=True))


def _compared(tools: list[Tool]) -> str:
    return "\n".join(f"{tool.name}: {tool.does}." for tool in tools)


if __name__ == "__main__":
    main()
