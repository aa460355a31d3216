"""Secrets are planted wherever a site may put some; then every stored byte is searched for them."""

import json
import quopri
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from urllib.parse import unquote_to_bytes

import pytest

from fixtures.shop import Planting
from tests.e2e.conftest import sales
from watcher.pages import mhtml

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]
NO_EVIDENCE = {"profiles", "guard"}
"""The browser's own profile, whose cookies are the login, and the guard's rules."""


def stored(storage: Path) -> Iterator[tuple[str, bytes]]:
    """Every file below the storage folder but the browser's own, and of page archives what they hold, decoded."""
    for path in sorted(storage.rglob("*")):
        place = path.relative_to(storage)
        if not path.is_file() or place.parts[0] in NO_EVIDENCE:
            continue
        content = path.read_bytes()
        yield str(place), content
        yield f"{place} as an address", unquote_to_bytes(content)
        yield f"{place} as HTML", unescape(content.decode(errors="replace")).encode()
        yield f"{place} as printable", quopri.decodestring(content)
        if path.suffix == ".mhtml":
            for number, part in enumerate(mhtml.parts(content)):
                yield f"{place} part {number}", part.content
                yield (
                    f"{place} part {number} as HTML",
                    unescape(part.content.decode(errors="replace")).encode(),
                )


def leaks(storage: Path, secrets: dict[str, str]) -> list[str]:
    return [
        f"{name} in {place}"
        for place, content in stored(storage)
        for name, secret in secrets.items()
        if secret.encode() in content
    ]


def facts_of(storage: Path, kind: str) -> dict:
    query = """SELECT path FROM capture_files JOIN captures ON captures.id = capture_id
        WHERE role = 'facts' AND kind = ? ORDER BY taken_at DESC LIMIT 1"""
    with closing(sqlite3.connect(storage / "stornowacht.db")) as database:
        (path,) = database.execute(query, [kind]).fetchone()
    return json.loads((storage / path).read_bytes())


def test_no_stored_byte_holds_a_secret_and_the_readers_miss_nothing(logged_in):
    # Of one sale all is certain, of the other it is likely: further ones have pages of the same kinds.
    logged_in.shop.remove("lampe")
    logged_in.shop.add(*sales("jacke"))
    planted = logged_in.shop.planting = Planting()
    session = next(iter(logged_in.shop.sessions._by_id.values()))
    secrets = {**planted.everything, "session": session.session_id, "access token": session.access_token}
    first = logged_in.run("check", "--json")
    assert first.code == 0, first.err
    logged_in.shop.happen("friteuse", "BUYER_CANCELLED", at=datetime.now(UTC))
    second = logged_in.run("check", "--json")
    assert [event["kind"] for event in second.json["events"]] == ["order_cancelled"]
    assert {order["confidence"] for order in first.json["orders"]} == {"certain", "likely"}

    assert leaks(logged_in.storage, secrets) == []

    thread, listed = (
        facts_of(logged_in.storage, "conversation"),
        facts_of(logged_in.storage, "conversation_list"),
    )
    removed = {(entry["where"], entry["what"]) for entry in thread["removed"]}
    assert {("html", "cookie SRVID"), ("html", "field csrf-token"), ("mhtml", "cookie visitor")} <= removed
    assert {("html", "local storage login"), ("html", "key accessToken")} <= removed
    assert {("outline", "JWT"), ("address", "parameter session_token")} <= removed
    assert "x-auth-token" in thread["document"]["removed_headers"]
    assert "set-cookie" in thread["document"]["removed_headers"]
    withheld = [answer["url"] for answer in thread["answers"] if answer.get("withheld")]
    assert [url.count("/conversations/") for url in withheld] == [1], "the thread's answer bears a token"
    assert not thread["complete"]
    assert any("bears a token" in reason for reason in thread["missing"])
    assert not any(answer.get("withheld") for answer in listed["answers"])
    assert listed["complete"]
    assert logged_in.run("archive", "verify").code == 0
