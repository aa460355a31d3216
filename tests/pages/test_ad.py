"""Whether a page shows an ad, or that it is gone, and where a conversation's own ad is."""

from dataclasses import replace

import pytest

from tests.support.every import every
from tests.support.values import capture
from watcher.app.understanding import understand
from watcher.domain.capture import Capture, PageKind
from watcher.domain.outcome import Outcome
from watcher.pages.ad import AdState, ad_path
from watcher.pages.page import parse

SITE = "https://www.kleinanzeigen.de"
AD = f"{SITE}/s-anzeige/friteuse/3210987654-176-3331"
SHOWN = '<h1 id="viewad-title">Friteuse</h1><p id="viewad-description-text">Wie neu.</p>'


def opened(html: str, **changes: object) -> Capture:
    return replace(
        capture(kind=PageKind.AD, url=AD, final_url=AD, html=f"<html><body>{html}</body></html>", bodies=()),
        **changes,  # type: ignore[arg-type]
    )


def thread(links: str) -> str | None:
    page = parse(capture(html=f"<html><body>{links}</body></html>"))
    return ad_path("3210987654", page)


def test_an_ad_is_shown_also_to_somebody_who_is_not_logged_in() -> None:
    assert understand(opened(f'<a href="/m-einloggen.html">Einloggen</a>{SHOWN}')).ad is AdState.SHOWN


@pytest.mark.parametrize("status", [404, 410])
def test_an_ad_that_the_site_does_not_have_is_gone(status: int) -> None:
    assert understand(opened("<p>Nicht gefunden</p>", status=status)).ad is AdState.GONE


def test_an_ad_that_leads_to_another_page_is_gone() -> None:
    marked = '<span id="user-email">angemeldet als: a@example.org</span><h1>Friteusen in Bremen</h1>'
    assert understand(opened(marked, final_url=f"{SITE}/s-friteuse/k0")).ad is AdState.GONE


@every(
    ("changes", "outcome"),
    [
        ({"status": 429}, Outcome.BLOCKED),
        ({"status": 403}, Outcome.BLOCKED),
        ({"status": 503}, Outcome.UNREACHABLE),
        ({"status": None, "failure": "net::ERR_TIMED_OUT"}, Outcome.UNREACHABLE),
        ({"final_url": f"{SITE}/m-einloggen.html"}, Outcome.LOGGED_OUT),
        ({"final_url": f"{SITE}/gdpr?redirectTo=x"}, Outcome.CONSENT),
        ({}, Outcome.UNREADABLE),
    ],
)
def test_what_stands_before_an_ad_is_neither_the_ad_nor_its_end(
    changes: dict[str, object], outcome: Outcome
) -> None:
    understood = understand(opened("<p>Bitte warten</p>", **changes))
    assert (understood.ad, understood.wall) == (None, outcome)


def test_the_block_page_at_an_ads_address_is_a_block() -> None:
    page = "<head><title>IP-Bereich gesperrt bei Kleinanzeigen</title></head>"
    assert understand(opened(page)).wall is Outcome.BLOCKED


def test_the_verdict_of_an_ad_says_what_became_of_it() -> None:
    assert understand(opened(SHOWN)).verdict == '{"ad": "shown"}'


@pytest.mark.parametrize(
    "link",
    [
        "/zur-anzeige/3210987654",
        "/s-anzeige/friteuse-kaum-benutzt/3210987654-176-3331",
        f"{SITE}/s-anzeige/friteuse/3210987654-176-3331?utm=x#y",
    ],
)
def test_the_link_of_the_conversations_page_is_taken(link: str) -> None:
    path = thread(f'<a href="/m-nachrichten.html">x</a><a href="{link}">Friteuse</a>')
    assert path == link.removeprefix(SITE).split("?")[0]


@every(
    "link",
    [
        "https://kleinanzeigen.example/s-anzeige/3210987654",
        "http://www.kleinanzeigen.de/s-anzeige/3210987654",
        "//evil.example/s-anzeige/3210987654",
        "/s-anzeige/other/9999999999-1-1",
        "/s-anzeige/other/93210987654-1-1",
        "/s-anzeige/32109876541",
        "/pay/api/refund/3210987654",
        "/s-anzeige/../pay/3210987654",
        "javascript:alert(3210987654)",
        "http://[broken/s-anzeige/3210987654",
    ],
)
def test_no_other_link_is_followed(link: str) -> None:
    assert thread(f'<a href="{link}">Klick hier</a>') == "/s-anzeige/3210987654"


@every("ad_id", ["", "../x", "1 2", "1?a=b", "ä", "1" * 65])
def test_what_cannot_be_an_ads_id_leads_nowhere(ad_id: str) -> None:
    assert ad_path(ad_id) is None
