"""A practice shop with five orders, and a plain client for it."""

import http.client
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest

from fixtures.shop import ACCOUNT_ID, Shop, five_orders

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
BOX = f"/messagebox/api/users/{ACCOUNT_ID}/conversations"


class Reply(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Visitor:
    """Asks the shop like a browser would, with or without cookies and token; follows no redirects."""

    box = BOX

    def __init__(self, shop: Shop, *, logged_in: bool = True) -> None:
        self.shop = shop
        self.cookies: dict[str, str] = {}
        self.token = ""
        if logged_in:
            self.cookies = {str(cookie["name"]): str(cookie["value"]) for cookie in shop.login_cookies()}
            self.token = "Bearer " + self.cookies["access_token"]

    def ask(self, url: str, method: str = "GET", body: bytes | None = None, **headers: str) -> Reply:
        parts = urlsplit(url)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
        try:
            target = parts.path + (f"?{parts.query}" if parts.query else "")
            connection.request(method, target, body, headers)
            answer = connection.getresponse()
            found = {name.lower(): value for name, value in answer.getheaders()}
            found["set-cookie"] = "\n".join(answer.msg.get_all("Set-Cookie") or [])
            return Reply(answer.status, found, answer.read())
        finally:
            connection.close()

    def www(self, path: str, method: str = "GET", body: bytes | None = None) -> Reply:
        jar = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return self.ask(self.shop.base_url + path, method, body, Cookie=jar)

    def gateway(self, path: str, method: str = "GET", body: bytes | None = None) -> Reply:
        return self.ask(self.shop.gateway_url + path, method, body, Authorization=self.token)

    def listed(self) -> dict[str, Any]:
        """The list entries by conversation id."""
        return {entry["id"]: entry for entry in self.gateway(BOX).json["conversations"]}

    def detail(self, deal_id: str) -> Any:
        return self.gateway(f"{BOX}/{self.shop.deal(deal_id).conversation_id}?contentWarnings=true").json


@pytest.fixture
def shop() -> Iterator[Shop]:
    with Shop(deals=five_orders(NOW), clock=lambda: NOW) as shop:
        shop.delay = 0.0
        yield shop


@pytest.fixture
def visitor(shop: Shop) -> Visitor:
    return Visitor(shop)


@pytest.fixture
def stranger(shop: Shop) -> Visitor:
    return Visitor(shop, logged_in=False)


@pytest.fixture
def now() -> datetime:
    return NOW
