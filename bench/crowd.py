"""What a check costs the site: an account of 500 conversations against one of 25, three live and one changed in each.

Both are checked twice as whole processes in a real browser; the first check learns the account (many visits: each opens
40 conversations), the second one, of which the figures are, finds one changed conversation and three live orders.
"""

import json
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.place import log_in, write_config
from fixtures.shop import Shop, quiet_account

SMALL, BIG, LIVE, CHANGED = 25, 500, 3, "still-020"


@dataclass(frozen=True, slots=True)
class Cost:
    """What one check loaded."""

    list_pages: int
    threads: int
    kilobytes: float
    requests: int


def main() -> None:
    """Measure and print."""
    costs = {count: _cost(count) for count in (SMALL, BIG)}
    small, big = costs[SMALL], costs[BIG]
    print("One check, 3 live orders, 1 changed conversation, the account learned before")
    print(f"  {'conversations':<22}{SMALL:>8}{BIG:>8}{'ratio':>8}   (wanted: at most 2)")
    for name, one, other in (
        ("pages of the list", small.list_pages, big.list_pages),
        ("conversations opened", small.threads, big.threads),
        ("requests", small.requests, big.requests),
        ("kilobytes", small.kilobytes, big.kilobytes),
    ):
        print(f"  {name:<22}{one:>8.0f}{other:>8.0f}{other / one:>8.2f}")


def _cost(conversations: int) -> Cost:
    deals = quiet_account(datetime.now(UTC), conversations=conversations, live=LIVE)
    with TemporaryDirectory(prefix="stornowacht-bench-") as name, Shop(deals=deals) as shop:
        shop.delay = 0.01
        folder = Path(name)
        config = write_config(
            folder, shop, extra='[watch]\nthreads_per_check = 200\n[browser]\nvisit = "20m"'
        )
        log_in(folder / "data", shop)
        check = [sys.executable, "-m", "watcher", "check", "--json", "--config", str(config)]
        outcome = ""
        while outcome != "ok":
            done = subprocess.run(check, check=False, capture_output=True, text=True)
            outcome = json.loads(done.stdout)["outcome"]
        shop.say(CHANGED, "Ist das noch da?")
        asked, sent = len(shop.requests), shop.bytes_sent
        subprocess.run(check, check=True, capture_output=True)
        requests = shop.requests[asked:]
        lists = [request for request in requests if "conversations?page=" in request.path]
        threads = [
            request for request in requests if "contentWarnings" in request.path and request.method == "GET"
        ]
        return Cost(
            list_pages=len([request for request in lists if request.method == "GET"]),
            threads=len(threads),
            kilobytes=(shop.bytes_sent - sent) / 1024,
            requests=len(requests),
        )


if __name__ == "__main__":
    main()
