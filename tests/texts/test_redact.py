"""Free words for a log or a report: the program's own stay, everybody else's are masked."""

from fixtures.shop import five_orders
from tests.support.clock import NOON
from tests.support.every import every
from watcher.texts.redact import MASK, redacted, told

PRIVATE = (
    "jana.petersen@example.org", "https://www.kleinanzeigen.de/s-anzeige/2748193001", "00340434161094022115",
    "0034 0434 1610 9402 2115", "DE89370400440532013000", "+49 151 23456789", "/home/petersen/config.toml",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI0MiJ9.c2VjcmV0", "hunter2xyz", "192.168.178.20", "Musterstraße", "Petersen", "Fahrradanhänger",
)  # fmt: skip


@every("secret", PRIVATE)
def test_what_is_somebodys_is_masked_wherever_it_stands(secret: str) -> None:
    for text in (
        secret,
        f"refused: {secret}",
        f"the mail server said “{secret}”.",
        f"a={secret};b",
        f"({secret})",
    ):
        assert secret not in redacted(text), text
        assert MASK in redacted(text), text


def test_names_and_titles_of_the_practice_shop_are_masked() -> None:
    for deal in five_orders(NOON):
        shown = redacted(f"order of {deal.buyer}: {deal.ad.title} failed")
        assert deal.ad.title not in shown
        for word in (*deal.buyer.split(), deal.ad.title.split()[0].strip(",")):
            assert word not in shown


@every(
    "words",
    [
        "BusyError: The database is locked by another program. Try again in a moment.",
        "[Errno 28] No space left on device",
        "net::ERR_CONNECTION_REFUSED",
        "TimeoutError: Timeout 3000 ms exceeded.",
        "ended_at_deadline",
        "since 2026-11-26T10:11:12+00:00",
    ],
)
def test_what_the_program_and_the_system_say_stays(words: str) -> None:
    assert redacted(words) == words


def test_of_a_traceback_the_places_in_our_code_stay() -> None:
    trace = (
        'Traceback (most recent call last):\n  File "/home/petersen/env/lib/watcher/app/deliver.py", line 33, in deliver_due\n'
        "    raise ValueError(buyer)\nValueError: Petersen\n"
    )
    shown = redacted(trace)
    assert "watcher/app/deliver.py:33 deliver_due" in shown
    assert "ValueError" in shown
    assert "etersen" not in shown


def test_a_line_of_the_log_keeps_short_names_where_they_belong_and_nowhere_else() -> None:
    assert told("account", "main-2") == "main-2"
    assert told("reason", "main-2x") == MASK
    assert told("account", "jana.petersen@example.org") == MASK
    assert told("event", "check_ended") == "check_ended"
    assert told("count", 2748193001) == MASK
    assert told("channels", ["email", "ntfy"]) == ["email", "ntfy"]
    assert told("address", "http://127.0.0.1:8765/") == "http://127.0.0.1:8765/"


def test_neighbouring_masks_are_one() -> None:
    assert redacted("order of Jana Maria Petersen failed") == f"order of {MASK} failed"
