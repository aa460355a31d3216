"""Logging in, walls, and the record of what was asked."""

import http.client
import socket
import threading
import time
from datetime import timedelta
from urllib.parse import quote, urlencode, urlsplit

import pytest

from fixtures.shop import LOGIN_EMAIL, LOGIN_PASSWORD, Shop

PAGE = "/m-nachrichten.html"


def form(password):
    return urlencode({"username": LOGIN_EMAIL, "password": password}).encode()


def test_a_stranger_is_sent_to_the_login_and_back(stranger):
    """302 with the wanted page as target, also with its query."""
    answer = stranger.www(PAGE + "?conversationId=a:b:c")
    assert answer.status == 302
    assert answer.headers["location"] == "/m-einloggen.html?targetUrl=" + quote(
        PAGE + "?conversationId=a:b:c", safe=""
    )


def test_the_form_gives_one_session_cookie_and_one_lasting_one(stranger):
    """Only the second has an age."""
    answer = stranger.www("/m-einloggen.html?targetUrl=%2Fm-nachrichten.html", "POST", form(LOGIN_PASSWORD))
    assert (answer.status, answer.headers["location"]) == (303, PAGE)
    session, lasting = sorted(answer.headers["set-cookie"].splitlines())
    assert session.startswith("JSESSIONID=")
    assert "Max-Age" not in session
    assert lasting.startswith("access_token=")
    assert "Max-Age" in lasting


def test_a_wrong_password_shows_an_error(stranger):
    """And logs nobody in."""
    answer = stranger.www("/m-einloggen.html", "POST", form("falsch"))
    assert 'role="alert"' in answer.text
    assert not answer.headers["set-cookie"]


def test_the_login_leads_nowhere_else(stranger):
    """A target on another host is not followed."""
    for target in ("//example.org/", "https://example.org/", "/\\example.org"):
        answer = stranger.www(
            "/m-einloggen.html?" + urlencode({"targetUrl": target}), "POST", form(LOGIN_PASSWORD)
        )
        assert answer.headers["location"] == PAGE


@pytest.mark.parametrize("lost", ["JSESSIONID", "access_token"])
def test_both_cookies_are_needed(visitor, lost):
    """Whoever loses the session cookie with the browser is logged out."""
    assert visitor.www(PAGE).status == 200
    del visitor.cookies[lost]
    assert visitor.www(PAGE).status == 302
    assert visitor.www("/m-access-token.json").status == 401


def test_cookies_for_a_profile_differ_in_their_age(shop):
    """One without expiry, one lasting, as Playwright wants them."""
    session, lasting = shop.login_cookies()
    assert "expires" not in session
    assert lasting["expires"] > time.time() + 24 * 3600


def test_the_bearer_token_comes_in_a_header(visitor, shop):
    """And opens the gateway, which says 401 without it."""
    answer = visitor.www("/m-access-token.json")
    visitor.token = answer.headers["authorization"]
    assert set(answer.json) == {"expiration"}
    assert visitor.gateway(visitor.box).status == 200
    visitor.token = ""
    assert visitor.gateway(visitor.box).status == 401


def test_small_json_addresses_know_the_account(visitor):
    """The two cheap ways to learn the user's id agree."""
    assert (
        str(visitor.www("/messagebox-api/view").json["user"]["id"])
        == visitor.www("/m-mein-profil.json").json["userId"]
    )


def test_an_expired_session_is_over_everywhere(shop, visitor):
    """Pages and gateway alike."""
    shop.expire_session()
    assert visitor.www(PAGE).status == 302
    assert visitor.gateway(visitor.box).status == 401


def test_logging_out_ends_the_session(visitor):
    """The old cookies are worth nothing afterwards."""
    assert visitor.www("/m-abmelden.html").status == 302
    assert visitor.www(PAGE).status == 302


def test_the_gateway_allows_only_its_own_pages(visitor, shop):
    """CORS names the www origin and the headers the page sends."""
    answer = visitor.gateway(visitor.box, "OPTIONS")
    assert answer.status == 204
    assert answer.headers["access-control-allow-origin"] == shop.base_url
    assert "authorization" in answer.headers["access-control-allow-headers"]


@pytest.mark.parametrize(
    ("wall", "status", "words"),
    [
        ("blocked", 200, 'id="error"'),
        ("blocked_403", 403, "IP-Bereich vorübergehend gesperrt"),
        ("too_many", 429, "Zu viele Anfragen"),
        ("server_error", 500, "outcomebox-error"),
        ("consent", 200, '<dialog id="gdpr-banner" open>'),
        ("new_layout", 200, "x-grid"),
        ("empty_shell", 200, 'data-start="nie"'),
        ("half_loaded", 200, 'id="conversation-list"'),
        ("logged_out", 302, ""),
        ("challenge", 302, ""),
    ],
)
def test_each_wall_of_the_pages_stands(shop, visitor, wall, status, words):
    """Status and a sign of each, and nothing of it once the wall is gone."""
    shop.wall = wall
    answer = visitor.www(PAGE)
    assert answer.status == status
    assert words in answer.text
    shop.wall = None
    assert visitor.www(PAGE).status == 200


def test_the_block_page_has_reference_and_address(shop, visitor):
    """As in the public description, and its title says what it is."""
    shop.wall = "blocked"
    text = visitor.www(PAGE).text
    assert "Ref#: 0." in text
    assert "IP#: 192.0.2." in text
    assert "<title>IP-Bereich gesperrt bei Kleinanzeigen" in text


def test_pictures_and_scripts_pass_every_wall(shop, visitor):
    """A block page needs its style sheet."""
    shop.wall = "blocked_403"
    assert visitor.www("/static/postfach.css").status == 200
    assert visitor.www("/static/../shop.py").status == 404
    assert visitor.www(f"/bilder/{shop.deal('lampe').ad.id}.svg").headers["content-type"] == "image/svg+xml"


def test_a_challenge_shows_a_captcha_and_lets_nobody_in(shop, stranger):
    """Not even with the right password; without the wall no page speaks of one."""
    assert "captcha" not in stranger.www("/m-einloggen.html").text
    shop.wall = "challenge"
    answer = stranger.www("/m-einloggen.html", "POST", form(LOGIN_PASSWORD))
    assert "data-captcha-provider" in answer.text
    assert not answer.headers["set-cookie"]


@pytest.mark.parametrize(
    ("wall", "of_list", "of_thread"),
    [
        ("gateway_down", 503, 503),
        ("gateway_threads_down", 200, 503),
        ("gateway_threads_too_many", 200, 429),
        ("logged_out", 401, 401),
        ("new_layout", 404, 404),
    ],
)
def test_each_wall_of_the_gateway_stands(shop, visitor, wall, of_list, of_thread):
    """The list and the threads fall separately."""
    shop.wall = wall
    assert visitor.gateway(visitor.box).status == of_list
    assert visitor.gateway(f"{visitor.box}/{shop.deal('lampe').conversation_id}").status == of_thread


def test_a_half_loaded_page_waits_until_the_wall_falls(shop, visitor):
    """The answer is held back, not refused."""
    shop.wall = "half_loaded"
    got = []
    waiting = threading.Thread(target=lambda: got.append(visitor.gateway(visitor.box).status))
    waiting.start()
    waiting.join(0.3)
    assert not got
    shop.wall = None
    waiting.join(5)
    assert got == [200]


def test_a_waiting_visitor_does_not_keep_the_shop_open(shop, visitor):
    """stop() returns although someone is still being kept waiting."""
    shop.wall = "half_loaded"
    cut_off = []

    def wait() -> None:
        try:
            visitor.gateway(visitor.box)
        except ConnectionError as error:
            cut_off.append(error)

    waiting = threading.Thread(target=wait)
    waiting.start()
    time.sleep(0.1)
    begun = time.monotonic()
    shop.stop()
    waiting.join(5)
    assert time.monotonic() - begun < 5
    assert cut_off


def test_reading_is_not_a_write(shop, visitor):
    """Neither pages nor JSON, and a GET marks nothing as read."""
    visitor.www(PAGE)
    visitor.www(PAGE, "HEAD")
    visitor.gateway(visitor.box, "OPTIONS")
    assert visitor.detail("lampe")["unread"] is True
    assert visitor.detail("lampe")["unread"] is True
    assert shop.writes == []
    assert ("GET", "www", PAGE) in shop.requests


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "PROPFIND"])
def test_every_other_method_is_a_write(shop, visitor, now, method):
    """On both origins, on any address, with or without a token."""
    visitor.www("/irgendwas?x=1", method, b"y")
    visitor.token = ""
    visitor.gateway("/irgendwas", method)
    assert shop.writes == [(method, "/irgendwas?x=1", now), (method, "/irgendwas", now)]


def test_a_websocket_is_a_write(shop):
    """It is accepted, counted and closed."""
    for url in (shop.base_url, shop.gateway_url):
        parts = urlsplit(url)
        with socket.create_connection((parts.hostname, parts.port), timeout=5) as line:
            line.sendall(
                b"GET /kanal HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
            )
            answer = b""
            while chunk := line.recv(4096):
                answer += chunk
        assert b" 101 " in answer
        assert b"s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" in answer  # the sample of RFC 6455
    assert [(write.method, write.path) for write in shop.writes] == [("WEBSOCKET", "/kanal")] * 2


def test_writing_really_changes_something(shop, visitor):
    """Marking read, sending and accepting work, and each is counted."""
    conversation = shop.deal("jacke").conversation_id
    negotiation = visitor.detail("jacke")["messages"][-1]["negotiationId"]
    pay = visitor.box.replace("/messagebox/", "/pay/").replace(
        "/conversations", "/payment-and-shipping/negotiation"
    )
    assert visitor.gateway(f"{visitor.box}/read?ids={conversation}", "POST").status == 204
    assert shop.deal("jacke").unread == 0
    assert visitor.gateway(f"{visitor.box}/{conversation}", "POST", b'{"message": "Moin"}').status == 204
    assert shop.deal("jacke").messages[-1].text == "Moin"
    assert visitor.gateway(f"{pay}/{negotiation}/accept", "PUT").status == 204
    assert shop.deal("jacke").steps[-1][0] == "ACCEPTED"
    assert len(shop.writes) == 3


def test_reading_with_put_marks_as_read(shop, visitor):
    """The older way of reading has a side effect and counts as a write."""
    path = f"{visitor.box}/{shop.deal('lampe').conversation_id}"
    assert visitor.gateway(path, "PUT").json["messages"]
    assert shop.deal("lampe").unread == 0
    assert [write.method for write in shop.writes] == ["PUT"]


def test_a_connection_is_kept_between_requests(shop):
    """HTTP/1.1 with lengths: two pages over one line."""
    parts = urlsplit(shop.base_url)
    line = http.client.HTTPConnection(parts.hostname, parts.port, timeout=5)
    line.request("GET", "/m-einloggen.html")
    line.getresponse().read()
    first = line.sock
    line.request("GET", "/m-einloggen.html")
    line.getresponse().read()
    assert line.sock is first
    line.close()


def test_the_gateway_takes_its_time(shop, visitor):
    """The delay is what makes skeletons visible."""
    shop.delay = 0.2
    begun = time.monotonic()
    visitor.gateway(visitor.box)
    assert timedelta(seconds=time.monotonic() - begun) >= timedelta(seconds=0.2)


def test_a_shop_reopens_where_it_was(now):
    """Same addresses, and closed in between."""
    shop = Shop()
    with pytest.raises(RuntimeError, match="no address"):
        _ = shop.base_url
    shop.start()
    first = (shop.base_url, shop.gateway_url)
    shop.stop()
    parts = urlsplit(first[0])
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((parts.hostname, parts.port), timeout=1)
    with shop:
        assert (shop.base_url, shop.gateway_url) == first


def test_the_ad_of_a_conversation_has_a_page(shop, visitor):
    """The message box links the short way, which leads to the long one."""
    answer = visitor.www(f"/zur-anzeige/{shop.deal('lampe').ad.id}")
    assert answer.headers["location"].startswith("/s-anzeige/stehlampe-mit-leinenschirm/")
    assert "38\N{NO-BREAK SPACE}€" in visitor.www(answer.headers["location"]).text
