"""The message box in a real browser."""

import re
import subprocess
import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from fixtures.shop import LOGIN_EMAIL, LOGIN_PASSWORD, Shop, quiet_account

pytestmark = pytest.mark.browser


@pytest.fixture
def tab(chromium: Browser, shop: Shop) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1280, "height": 800})
    yield context.new_page()
    context.close()


def box(shop: Shop, deal_id: str | None = None) -> str:
    query = f"?conversationId={shop.deal(deal_id).conversation_id}" if deal_id else ""
    return f"{shop.base_url}/m-nachrichten.html{query}"


def marked_read(shop: Shop, deal_id: str) -> bool:
    path = f"/conversations/read?ids={shop.deal(deal_id).conversation_id}"
    return any(write.path.endswith(path) for write in shop.writes)


def test_a_person_logs_in_and_opens_a_conversation(shop, tab):
    """The whole way: form, list, thread, card, and the page's own POST that marks it as read."""
    tab.goto(box(shop))
    tab.fill("#username", LOGIN_EMAIL)
    tab.fill("#password", LOGIN_PASSWORD)
    tab.click("button[type='submit'][data-action-button-primary='true']")
    expect(tab.locator("#user-email")).to_have_text(f"angemeldet als: {LOGIN_EMAIL}")
    expect(tab.locator("#conversation-list article")).to_have_count(8)
    expect(tab.locator(".ConversationListSkeleton, [data-testid='skeleton-line']")).to_have_count(0)
    row = tab.locator("article.ConversationListItem", has=tab.get_by_text("Jonte"))
    expect(row.locator("h3")).to_have_text("Reserviert • Stehlampe mit Leinenschirm")
    expect(row.locator("header span span")).to_have_text("Jonte")
    expect(row.locator("section span")).to_have_text("Artikel versenden")
    assert row.locator("input").get_attribute("data-testid") == shop.deal("lampe").conversation_id
    row.click()
    expect(tab.locator("[data-testid='conversation-wrapper'] .ReplyBox textarea#nachricht")).to_be_visible()
    assert "conversationId=" in tab.url
    card = tab.locator("section.PaymentMessageBox").last
    expect(card.locator("[data-testid='payment-message-header-extended'] h4")).to_have_text(
        "Artikel versenden"
    )
    assert card.locator("dl").inner_text().split("\n") == [
        "Artikel",
        "38,00\u00a0€",
        "Käuferschutz",
        "2,21\u00a0€",
        "Versand",
        "6,19\u00a0€",
    ]
    expect(tab.locator(".MessageList [data-testid='OUTBOUND'] .Message--Text")).to_have_count(1)
    expect(row).not_to_have_class(re.compile("is-unread"))
    assert marked_read(shop, "lampe")
    assert shop.deal("lampe").unread == 0


def test_a_long_list_grows_when_scrolled_and_when_the_window_grows(shop, tab, now):
    """25 at first, the next page near the end of the pane, and all of it in a very tall window."""
    for deal in quiet_account(now, conversations=92):
        shop.add(deal)
    tab.context.add_cookies(shop.login_cookies())
    tab.goto(box(shop))
    rows = tab.locator("#conversation-list article")
    expect(rows).to_have_count(25)
    tab.locator("#conversation-list").evaluate("pane => pane.scrollTo(0, pane.scrollHeight)")
    expect(rows).to_have_count(50)
    tab.set_viewport_size({"width": 1280, "height": 12000})
    expect(rows).to_have_count(100)
    expect(tab.locator(".ConversationListSkeleton")).to_have_count(0)


def test_buttons_of_a_card_really_act(shop, tab):
    """Pressing "Anfrage akzeptieren" would bind the seller, here as there."""
    tab.context.add_cookies(shop.login_cookies())
    tab.goto(box(shop, "jacke"))
    tab.get_by_role("button", name="Anfrage akzeptieren").click()
    expect(tab.locator("section.PaymentMessageBox.is-active h4")).to_have_text("Anfrage akzeptiert")
    assert any(write.method == "PUT" and write.path.endswith("/accept") for write in shop.writes)


def test_leaving_the_page_sends_a_beacon(shop, tab):
    """A write that happens when nobody looks any more."""
    tab.context.add_cookies(shop.login_cookies())
    tab.goto(box(shop, "lampe"))
    expect(tab.locator(".ReplyBox")).to_be_visible()
    tab.goto("about:blank")
    for _ in range(50):
        if any(write.path == "/telemetry/api/leave" for write in shop.writes):
            break
        tab.wait_for_timeout(50)
    else:
        pytest.fail("no beacon arrived")


def test_nothing_is_loaded_before_consent(shop, tab):
    """The banner waits; accepting it lets everything in, and it is not asked again."""
    shop.wall = "consent"
    tab.context.add_cookies(shop.login_cookies())
    tab.goto(box(shop, "lampe"))
    expect(tab.locator("#gdpr-banner[open]")).to_be_visible()
    assert not [request for request in shop.requests if request.side == "gateway"]
    tab.click("#gdpr-banner-accept")
    expect(tab.locator("section.PaymentMessageBox")).to_have_count(3)
    tab.reload()
    expect(tab.locator("section.PaymentMessageBox")).to_have_count(3)
    expect(tab.locator("#gdpr-banner[open]")).to_have_count(0)


@pytest.mark.parametrize(
    ("wall", "there", "not_there"),
    [
        ("gateway_down", "#conversation-list .outcomebox-error h1", "article"),
        ("gateway_threads_down", "#conversation .outcomebox-error h1", ".PaymentMessageBox"),
        ("half_loaded", "#conversation-list .ConversationListSkeleton", "article"),
        ("empty_shell", "#user-email", "article, .ConversationListSkeleton"),
        ("new_layout", ".x-main :text('Artikel versenden')", "article, [data-testid]"),
        ("blocked", "div#error", "#user-email"),
        ("challenge", "[data-captcha-provider]", "#user-email"),
    ],
)
def test_each_wall_looks_like_itself(shop, tab, wall, there, not_there):
    """What a visitor sees behind it, and what not."""
    shop.wall = wall
    tab.context.add_cookies(shop.login_cookies())
    tab.goto(box(shop, "lampe"))
    expect(tab.locator(there).first).to_be_visible()
    tab.wait_for_timeout(200)
    expect(tab.locator(not_there)).to_have_count(0)


def test_the_old_gateway_addresses_are_not_asked_in_the_new_layout(shop, tab):
    """A reader that listens for the known answers hears nothing."""
    shop.wall = "new_layout"
    tab.context.add_cookies(shop.login_cookies())
    tab.goto(box(shop))
    expect(tab.locator(".x-tile")).to_have_count(8)
    assert not [request for request in shop.requests if "/messagebox/api/" in request.path]


def test_the_shop_runs_by_hand():
    """Commands come in on standard input; mistakes are told and end nothing."""
    commands = (
        "deals\nfriteuse BUYER_CANCELLED\nfriteuse NONSENSE\nnobody PAID\nwall blocked\nwall none\nquit\n"
    )
    ran = subprocess.run(
        [sys.executable, "-m", "fixtures.shop"],
        input=commands,
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    assert LOGIN_PASSWORD in ran.stdout
    assert "no such event" in ran.stdout
    assert "no such deal" in ran.stdout
    assert ran.stderr == ""


def test_a_port_that_is_taken_is_told_without_a_traceback(shop):
    port = shop.base_url.rpartition(":")[2]
    command = [sys.executable, "-m", "fixtures.shop", "--port", port]
    ran = subprocess.run(command, input="", capture_output=True, text=True, timeout=30, check=False)
    assert ran.returncode == 2
    assert port in ran.stderr
    assert "Traceback" not in ran.stderr
