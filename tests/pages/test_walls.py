"""Which wall, if any, a captured page is."""

from html import escape
from string import Template

import pytest

from fixtures.shop import five_orders
from fixtures.shop.www import _STATIC
from tests.pages.captures import (
    BASE,
    MARKER,
    NOW,
    list_body,
    list_html,
    message_html,
    page,
    row_html,
    shown_list,
    thread_body,
    thread_html,
)
from tests.support.every import every
from watcher.domain.capture import Body
from watcher.domain.outcome import Outcome
from watcher.pages.wall import unread, wall

BLOCK = (
    "IP-Bereich vorübergehend gesperrt. In deinem IP-Bereich kam es vor Kurzem mehrfach zu unsicheren Versuchen, "
    "unsere Plattform zu verwenden."
)
CODE = "Wir haben dir gerade einen 6-stelligen Code für die Telefonnummer geschickt"
LOGIN = BASE + "/m-einloggen.html?targetUrl=%2Fm-nachrichten.html%3FconversationId%3D5mfa1%3Achallenge%3Ax"


def static(name: str, **values: str) -> str:
    """A page of the practice shop."""
    return Template((_STATIC / name).read_text(encoding="utf-8")).safe_substitute(values)


MESSAGE_BOX = static("nachrichten.html", email="m@b.example", gateway="", banner_mark="", start="sofort")


def met(html: str, **known) -> Outcome | None:
    return wall(page(html, **known))


@pytest.mark.parametrize(
    "marker",
    [
        MARKER,
        '<div data-testid="ownprofile-header"></div>',
        '<i data-testid="user-badge"></i>',
        '<a href="/m-abmelden.html">Abmelden</a>',
    ],
)
def test_a_page_with_the_marker_of_a_logged_in_person_is_no_wall(marker):
    assert met(marker) is None


@pytest.mark.parametrize(
    "html", ["", "<html></html>", "<p>Guten Tag</p>", list_html(row_html("a:b:c")).replace(MARKER, "")]
)
def test_a_page_without_any_mark_is_unreadable(html):
    assert met(html) is Outcome.UNREADABLE


def test_no_answer_at_all_is_unreachable():
    assert met("", status=None, failure="net::ERR_NAME_NOT_RESOLVED") is Outcome.UNREACHABLE
    assert met("", status=None) is Outcome.UNREACHABLE


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_server_error_is_unreachable(status):
    html = static("fehler.html", title="Da ist etwas schiefgelaufen", text="Wir arbeiten daran.")
    assert met(html, status=status) is Outcome.UNREACHABLE


@pytest.mark.parametrize("html", ["", MESSAGE_BOX, static("fehler.html")])
def test_too_many_requests_are_a_block(html):
    assert met(html, status=429) is Outcome.BLOCKED


@pytest.mark.parametrize("status", [200, 403, 503])
def test_the_block_page_is_a_block_whatever_its_status(status):
    assert met(static("gesperrt.html", reference="0.55"), status=status) is Outcome.BLOCKED


@pytest.mark.parametrize(
    "html",
    ["<title>IP-Bereich gesperrt bei Kleinanzeigen</title>", f"<div id='error'><h1>{BLOCK}</h1></div>"],
)
def test_title_or_box_alone_tell_a_block(html):
    assert met(html) is Outcome.BLOCKED


def test_the_block_page_at_the_address_of_the_login_is_a_block():
    assert met(static("gesperrt.html"), final_url=LOGIN) is Outcome.BLOCKED
    assert met("", final_url=LOGIN, status=403) is Outcome.BLOCKED


def test_a_refusal_without_words_is_a_block():
    assert met("<h1>Access Denied</h1>", status=403) is Outcome.BLOCKED


@pytest.mark.parametrize(
    "url",
    [LOGIN, BASE + "/m-einloggen-sso.html", "https://login.kleinanzeigen.de/u/login/identifier?state=x"],
)
def test_the_address_of_the_login_is_logged_out(url):
    assert (
        met(static("einloggen.html", target="", error_mark="", captcha_mark=""), final_url=url)
        is Outcome.LOGGED_OUT
    )


def test_the_address_of_the_login_is_logged_out_even_with_the_marker():
    """A cookie or a header that lags behind proves nothing."""
    assert met(MARKER, final_url=LOGIN) is Outcome.LOGGED_OUT


def test_a_page_with_a_way_in_and_no_marker_is_logged_out():
    assert met('<a href="/m-einloggen.html">Einloggen</a>') is Outcome.LOGGED_OUT


@every(
    "mark",
    [
        '<div data-captcha-provider="auth0"></div>',
        '<div class="cf-turnstile"></div>',
        '<div class="g-recaptcha"></div>',
        '<div class="friendly-captcha"></div>',
        '<iframe src="https://www.google.com/recaptcha/api2"></iframe>',
        '<iframe src="https://hcaptcha.com/x"></iframe>',
        '<iframe src="https://client-api.arkoselabs.com/x"></iframe>',
        '<input autocomplete="one-time-code">',
        f"<p>{CODE}</p>",
        "<p>Um dein Konto zu schützen haben wir dir eine E-Mail geschickt</p>",
    ],
)
@every(("url", "status"), [(LOGIN, 200), (BASE, 200), (BASE, 403)])
def test_a_captcha_or_a_code_is_a_challenge(mark, url, status):
    assert met(mark, final_url=url, status=status) is Outcome.CHALLENGE


@pytest.mark.parametrize("path", ["/u/mfa-sms-challenge", "/u/email-verification", "/u/MFA-otp"])
def test_the_address_of_a_second_factor_is_a_challenge(path):
    assert met("", final_url=f"https://login.kleinanzeigen.de{path}?state=1") is Outcome.CHALLENGE


@pytest.mark.parametrize("html", ["", MARKER, static("einwilligung.html", target="/")])
def test_the_consent_page_is_consent(html):
    assert met(html, final_url=BASE + "/gdpr?redirectTo=%2Fm-nachrichten.html") is Outcome.CONSENT


@pytest.mark.parametrize(
    "banner",
    [
        '<dialog id="gdpr-banner" open></dialog>',
        '<div data-testid="gdpr-banner-container"></div>',
        '<dialog open><div data-testid="gdpr-banner-container"></div></dialog>',
        '<div id="consentBanner"></div>',
    ],
)
def test_an_open_banner_is_consent_where_nothing_could_be_read(banner):
    assert met(banner) is Outcome.CONSENT
    assert met(MARKER + banner) is None
    assert unread(page(MARKER + banner)) is Outcome.CONSENT


def test_a_banner_that_lies_closed_in_the_page_stops_nobody():
    assert unread(page(MESSAGE_BOX)) is Outcome.UNREADABLE
    assert unread(page(MESSAGE_BOX.replace('id="gdpr-banner"', 'id="gdpr-banner" open'))) is Outcome.CONSENT


@pytest.mark.parametrize(
    "words",
    [
        BLOCK,
        CODE,
        "captcha",
        "Um dein Konto zu schützen haben wir dir eine E-Mail geschickt",
        "<div id='error'>",
    ],
)
def test_what_a_buyer_writes_is_no_wall(words):
    html = list_html(row_html("a:b:c", title=words, preview=words)) + thread_html(
        message_html(escape(words)), marker=""
    )
    assert met(html) is None


@pytest.mark.parametrize(
    "words",
    [CODE, '<a href="https://www.kleinanzeigen.de/m-einloggen.html">hier</a>', '<i class="g-recaptcha"></i>'],
)
def test_what_a_buyer_writes_is_no_wall_on_a_page_whose_marker_is_missing_either(words):
    assert met(thread_html(message_html(words), marker="")) is Outcome.UNREADABLE


def test_an_address_that_is_none_does_not_stop_the_reading():
    assert met(MARKER, final_url="https://[broken") is None


# --- nothing could be read, and the page is no wall


@every(
    ("statuses", "outcome"),
    [
        ((429,), Outcome.BLOCKED),
        ((401,), Outcome.LOGGED_OUT),
        ((403,), Outcome.LOGGED_OUT),
        ((503,), Outcome.UNREACHABLE),
        ((0,), Outcome.UNREACHABLE),
        ((200,), Outcome.UNREADABLE),
        ((404,), Outcome.UNREADABLE),
        ((), Outcome.UNREADABLE),
        ((503, 429), Outcome.BLOCKED),
        ((503, 401), Outcome.LOGGED_OUT),
        ((200, 503), Outcome.UNREACHABLE),
    ],
)
def test_what_the_pages_own_answers_met_tells_why(statuses, outcome):
    bodies = [list_body({}, status=status) for status in statuses]
    assert unread(page(MARKER, *bodies)) is outcome
    assert unread(page(MARKER, *(thread_body({}, status=status) for status in statuses))) is outcome


def test_other_answers_of_the_page_do_not_count():
    stray = Body(url="https://gateway.kleinanzeigen.example/user-trust/x", status=429, content=b"")
    assert unread(page(MARKER, stray)) is Outcome.UNREADABLE


def test_a_list_that_was_read_is_no_wall():
    assert met(shown_list(five_orders(NOW))) is None
