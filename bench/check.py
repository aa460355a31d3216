"""A whole `stornowacht check` with nothing changed, against a bare Playwright script that fetches the same bytes.

Both run as processes of their own, in turn, on the same practice shop: 25 conversations, 3 live orders. The bare script
starts the same Chromium with a logged-in profile, opens the list and the three threads, waits for the same marks on the
page, takes the same pictures and reads `content()` and the JSON bodies. What the comparison does not give the bare
script: the guard, its proof at each visit, the two readers, the comparison, the ledger.
"""

import statistics
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.place import log_in, write_config
from fixtures.shop import Shop, quiet_account

RUNS = 7
BARE = Path(__file__).with_name("bare_playwright.py")


def main() -> None:
    """Measure and print."""
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
        ours, theirs = [], []
        for _ in range(RUNS):
            ours.append(_seconds(check))
            theirs.append(_seconds(bare))
        ratios = [a / b for a, b in zip(ours, theirs, strict=True)]
        print(
            "A whole check, nothing changed, 25 conversations, 3 live orders (seconds; medians of",
            RUNS,
            "runs)",
        )
        print(f"  stornowacht check   {statistics.median(ours):6.2f}   ({min(ours):.2f} to {max(ours):.2f})")
        print(
            f"  bare Playwright     {statistics.median(theirs):6.2f}   ({min(theirs):.2f} to {max(theirs):.2f})"
        )
        print(f"  ratio               {statistics.median(ratios):6.2f}   (wanted: at most 1.30)")


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
