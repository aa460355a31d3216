"""A whole `stornowacht check` against a bare Playwright script that fetches the same bytes: nothing changed, and one order changed.

    python -m bench.check [--runs N] [--json FILE]

Both run as processes of their own, in turn, on the same practice shop: 25 conversations, 3 live orders. The bare script
starts the same Chromium with a logged-in profile, opens the list and the three threads, waits for the same marks on the
page and reads `content()` and the JSON bodies. Where one order has changed (a new message of its buyer before each run), a check
keeps that conversation and the list with all their details, and the bare script takes the same for these two: picture, page archive,
outline, the pictures of the thread and of each card, the connections' facts. A third row has the script picture every page at every
run: as it does not compare, it would have to, so as not to miss the one that counts. What the comparison does not give the bare
script: the guard, its proof at each visit, the two readers, the comparison, the ledger, the search for secrets.
"""

import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.arguments import asked
from bench.place import log_in, write_config
from bench.results import Sheet, keep
from fixtures.shop import Shop, quiet_account

RUNS, WANTED, CHANGED = 7, 1.2, "still-000"
BARE = Path(__file__).with_name("bare_playwright.py")


def main() -> None:
    """Measure and print."""
    runs = asked("A whole check beside the bare Playwright script.", runs=RUNS).runs
    with TemporaryDirectory(prefix="stornowacht-bench-") as name, _shop() as shop:
        folder = Path(name)
        config = write_config(folder, shop)
        for storage in (folder / "data", folder / "bare"):
            log_in(storage, shop)
        check = [sys.executable, "-m", "watcher", "check", "--json", "--config", str(config)]
        live = [deal.conversation_id for deal in shop.deals() if deal.id in _live(shop)]
        bare = [sys.executable, str(BARE), str(folder / "bare" / "profiles" / "main"), shop.base_url, *live]
        subprocess.run(check, check=True, capture_output=True)  # learns the account, proves the guard
        for command in (check, bare):
            subprocess.run(command, check=True, capture_output=True)
        sheet = Sheet(
            title=f"A whole check, 25 conversations, 3 live orders (seconds; medians of {runs} runs in turns)",
            compared="The bare Playwright script fetches the same pages; it has no guard, no reader, no ledger.\n"
            "Pictures are taken of what has changed, on both sides. The script cannot know what that is, and is told; in the second row it is not.\n"
            "Its picture is a lossless WebP from `page.screenshot`; ours is a PNG made for speed, and becomes lossless WebP where the page is kept.\n"
            "Both start the same Chromium; ours leaves off the pages that it would open below its address bar, a fifth of the work.",
            columns=("case", "stornowacht check", "bare Playwright", "ratio"),
        )
        told = shop.deal(CHANGED).conversation_id
        for case, change, wants in (
            ("nothing changed", lambda: None, bare),
            ("nothing changed, the script pictures all", lambda: None, [*bare, "--pictures"]),
            (
                "one order changed",
                lambda: shop.say(CHANGED, "Ist es schon unterwegs?"),
                [*bare, f"--all={told}"],
            ),
        ):
            sheet.add(case, *_measured(check, wants, change, runs))
        sheet.show()
        keep(sheet)


def _measured(check: list[str], bare: list[str], change: Callable[[], None], runs: int) -> list[str]:
    ours, theirs = [], []
    for _ in range(runs):
        change()
        ours.append(_seconds(check))
        theirs.append(_seconds(bare))
    ratio = statistics.median(a / b for a, b in zip(ours, theirs, strict=True))
    spans = (
        f"{statistics.median(times):.2f} ({min(times):.2f} to {max(times):.2f})" for times in (ours, theirs)
    )
    return [*spans, f"{ratio:.2f} (wanted: at most {WANTED})"]


def _shop() -> Shop:
    return Shop(deals=quiet_account(datetime.now(UTC), conversations=25, live=3))


def _live(shop: Shop) -> set[str]:
    over = {
        "PAID_OUT",
        "REQUEST_DECLINED",
        "PAYMENT_EXPIRED",
        "REQUEST_AUTO_DECLINED",
        "REQUESTED",
        "BUYER_CANCELLED",
    }
    return {deal.id for deal in shop.deals() if deal.steps and deal.steps[-1][0] not in over}


def _seconds(command: list[str]) -> float:
    begin = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - begin


if __name__ == "__main__":
    main()
