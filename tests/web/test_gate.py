"""Nothing comes out for whoever may not come in."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.routing import BaseRoute, Mount, Route

from tests.web.client import Answer
from tests.web.conftest import Dashboard
from watcher.web.application import _routes
from watcher.web.gate import COOKIE

EVIL = "http://evil.example"
BUYER, TITLE = "Kim", "Fritteuse"


def paths(routes: Iterator[BaseRoute] | list[BaseRoute], method: str) -> list[str]:
    """Return an address of every route that answers this method, its parameters filled with something."""
    found = []
    for route in routes:
        if isinstance(route, Mount):
            found += paths(route.routes, method)
        elif isinstance(route, Route) and method in (route.methods or ()):
            found.append(re.sub(r"\{[^}]*\}", "x", route.path))
    return sorted(set(found))


READS, WRITES = paths(_routes(), "GET"), paths(_routes(), "POST")
STRANGERS = {
    "without a cookie": {"Cookie": ""},
    "with a wrong cookie": {"Cookie": f"{COOKIE}=wrong"},
    "with an empty cookie": {"Cookie": f"{COOKIE}="},
    "with another host": {"Host": "evil.example"},
    "with the right host at another port": {"Host": "127.0.0.1:1"},
    "without a host": {"Host": ""},
}


def says_nothing(answer: Answer) -> bool:
    return (
        answer.status in {400, 403} and b"Fritteuse" not in answer.content and b"csrf" not in answer.content
    )


@pytest.mark.parametrize("who", STRANGERS)
def test_no_stranger_reads_anything(cancelled: Dashboard, who: str):
    let_in = [
        path
        for path in ["/live", "/openapi.json", "/nothing", *READS]
        if not says_nothing(cancelled.client.ask("GET", path, headers=STRANGERS[who]))
    ]
    assert let_in == []


@pytest.mark.slow
@pytest.mark.parametrize(
    "headers",
    [
        {"Cookie": ""},
        {"Host": "evil.example"},
        {"Origin": EVIL},
        {"Origin": "null"},
        {"Origin": ""},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
    ids=str,
)
def test_no_stranger_writes_anything(cancelled: Dashboard, headers: dict[str, str]):
    let_in = [path for path in WRITES if not says_nothing(cancelled.client.post(path, **headers))]
    assert let_in == []


def test_a_form_that_is_not_the_dashboards_own_is_refused_everywhere(cancelled: Dashboard):
    refused = {path: cancelled.client.post(path, csrf=False).status for path in WRITES}
    assert set(refused.values()) <= {403}


def test_the_token_in_the_address_lets_in_once_and_leaves_the_address(empty: Dashboard):
    answer = empty.client.get(f"/?token={empty.client.token}&a=b", Cookie="")
    assert (answer.status, answer.headers["location"]) == (303, "/?a=b")
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie


@pytest.mark.parametrize("path", ["//evil.example/", "/\\evil.example/", "/%2f/evil.example"])
def test_the_token_never_leads_to_another_place(empty: Dashboard, path: str):
    answer = empty.client.get(f"{path}?token={empty.client.token}", Cookie="")
    assert not answer.headers.get("location", "/").startswith(("//", "/\\", "http"))


@pytest.mark.parametrize(
    "path",
    [
        "/static/../gate.py",
        "/static/..%2fgate.py",
        "/static/%2e%2e/%2e%2e/config.py",
        "/static/....//gate.py",
        "/static//etc/passwd",
        "/static/%00",
    ],
)
def test_a_path_that_leads_out_of_its_folder_leads_nowhere(empty: Dashboard, path: str):
    assert empty.client.get(path).status in {400, 404}


def test_every_answer_forbids_what_comes_from_elsewhere(cancelled: Dashboard):
    for path in ["/", "/nothing", "/static/base.css", "/static/nothing"]:
        headers = cancelled.client.get(path).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"


def test_no_template_has_a_script_or_a_style_of_its_own():
    """The browser would refuse it, and the page would lack it."""
    templates = Path(__file__).parents[2] / "watcher" / "web" / "templates"
    inline = re.compile(
        r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=|javascript:|hx-on|hx-vals=['\"]js:", re.IGNORECASE
    )
    found = {
        path.name for path in templates.rglob("*.html") if inline.search(path.read_text(encoding="utf-8"))
    }
    assert found == set()


@pytest.mark.slow
def test_no_page_asks_another_host_for_anything(cancelled: Dashboard):
    """Only links that a person follows lead elsewhere."""
    loads = re.compile(
        r"<(?:script|img|link|iframe|source|video|audio|object|embed)[^>]*?(?:src|href|data)=[\"'](?:https?:)?//"
    )
    for path in READS:
        assert not loads.search(cancelled.client.get(path).text), path


def test_only_the_owner_may_read_the_key(empty: Dashboard):
    assert (empty.data / "dashboard.token").stat().st_mode & 0o077 == 0
