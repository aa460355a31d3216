"""A whole check and a delivery with planted secrets and names: none of them is in any line that the daemon writes."""

from datetime import UTC, datetime

import pytest

from fixtures.shop import Planting
from tests.support.daemon import lines, start, wait_for

__all__ = ["start"]  # a fixture that tests find here

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(240)]
NOBODY_HOME = """[watch]
hot = "1h"
live = "1h"
quiet = "1h"
[remind]
quiet_hours = ""
[notify.email]
to = "marlene.petersen@example.org"
sender = "stornowacht.petersen@example.org"
host = "127.0.0.1"
port = 9
security = "none"
"""


def test_no_line_of_the_log_names_anybody_or_holds_a_secret(watched, start, tmp_path):
    planted = watched.shop.planting = Planting()
    session = next(iter(watched.shop.sessions._by_id.values()))
    watched.configure(NOBODY_HOME)
    watched.shop.happen("friteuse", "BUYER_CANCELLED", at=datetime.now(UTC))
    start()
    wait_for(lambda: lines(tmp_path, "check_ended"))
    assert watched.run("cases", "--json").json
    wait_for(lambda: [line for line in lines(tmp_path, "job_ended") if line["job"] == "deliver"])
    orders = watched.run("orders", "--json").json
    # A check that breaks down says more than one that ends: the browser's own words, paths, perhaps a trace.
    watched.configure(NOBODY_HOME + f'[browser]\nexecutable = "{tmp_path / "petersens-browser"}"\n')
    (tmp_path / "petersens-browser").write_text("#!/bin/sh\necho Petersen >&2; exit 3\n")
    (tmp_path / "petersens-browser").chmod(0o700)
    wait_for(lambda: lines(tmp_path, "config_taken_over"))
    watched.make_due()
    (failed,) = wait_for(lambda: lines(tmp_path, "check_failed"), seconds=90)[:1]
    assert failed["words"]
    secrets = {
        *planted.everything.values(),
        session.session_id,
        session.access_token,
        "etersen",
        "marlene@example.org",
    }
    for order in orders:
        secrets |= {
            order["buyer"],
            order["title"],
            order["conversation"],
            order["tracking_number"],
            *order["buyer"].split(),
        }
    written = {
        path: path.read_text(encoding="utf-8")
        for path in (tmp_path / "log", *(watched.storage / "log").iterdir())
    }
    assert all(len(text) > 500 for text in written.values())
    leaks = [
        (path.name, secret)
        for path, text in written.items()
        for secret in secrets
        if secret and secret in text
    ]
    assert leaks == []
