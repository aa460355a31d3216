"""A visitor without a browser: it shows the practice shop's deals as captures that both readers understand."""

import itertools
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from html import escape
from pathlib import Path
from string import Template
from typing import Any
from uuid import uuid4

from fixtures.shop import Ad, Deal, Shop, answers
from fixtures.shop.ads import id_in, values_of
from fixtures.shop.answers import conversation, conversation_list
from fixtures.shop.own_list import own_list
from fixtures.shop.pictures import drawn
from tests.support.clock import Clock
from watcher.domain.capture import AddedPage, Body, Capture, CapturedFile, PageKind, Role
from watcher.errors import StornowachtError

BASE = "https://www.kleinanzeigen.de"
BOX = "https://gateway.kleinanzeigen.de/messagebox/api/users/48151623/conversations"
_PAGE = 25
_WALLS: dict[str, dict[str, Any]] = {
    "logged_out": {"final_url": f"{BASE}/m-einloggen.html", "html": "<html><body>Einloggen</body></html>"},
    "blocked": {"status": 429, "html": "<html><body>IP-Bereich gesperrt</body></html>"},
    "unreachable": {"status": None, "html": "", "screenshot": b"", "failure": "net::ERR_CONNECTION_REFUSED"},
    "unreadable": {"html": "<html><body>Ganz was anderes</body></html>"},
}


class Unreadable(bytes):
    """An answer at which the reader breaks down."""

    __slots__ = ()

    def decode(self, *_: object) -> str:
        raise RuntimeError("a bug in a reader")


class FakeVisitor:
    """Implements the port `Visitor`. What the shop's deals are at the moment of a look is what is seen."""

    def __init__(self, shop: Shop, clock: Clock) -> None:
        self.shop = shop
        self.clock = clock
        self.opened: list[str] = []
        """The deals whose threads the last visit opened, in that order."""
        self.opened_ads: list[str] = []
        """The addresses of the ads that the last visit opened."""
        self.detailed: list[str] = []
        """Of which captures the last visit was asked for details."""
        self.list_pages = 0
        """How many pages of the list the last visit loaded."""
        self.pages: dict[str, str] = {}
        """Name of an added page -> the HTML of its body; those that are not here cannot be reached."""
        self.wall: str | None = None
        self.thread_wall: str | None = None
        self.ad_wall: str | None = None
        self.own_list_pages: list[int] = []
        """Which pages of the list of own ads the last visit opened."""
        self.own_list_walls: dict[int, str] = {}
        """Page of that list -> what stands in its way."""
        self.own_ad_walls: dict[str, str] = {}
        """Id of an own ad -> what stands in the way of its page."""
        self.own_ad_opens: Callable[[str], object] = lambda _ad: None
        """What happens elsewhere when an own ad's page is opened."""
        self.breaks_at: str | None = None
        """The deal whose thread makes the reader break down."""
        self.refuses: StornowachtError | None = None
        self.breaks_for: dict[str, Exception] = {}
        """Account -> what its visit ends with before it begins."""
        self.time_for: int | None = None
        """How many threads and added pages a visit has time for; `None`: all."""
        self.meanwhile: Callable[[], object] = lambda: None
        """What happens elsewhere while the list is open."""
        self.alter: Callable[[Capture], Capture] = lambda capture: capture
        """Changes what lists, threads and added pages look like."""
        self._ids = itertools.count(1)
        self.run = uuid4().hex[:6]

    @contextmanager
    def visit(self, account: str) -> Iterator["FakeVisit"]:
        if self.refuses is not None:
            raise self.refuses
        if account in self.breaks_for:
            raise self.breaks_for[account]
        self.opened, self.opened_ads, self.own_list_pages, self.detailed = [], [], [], []
        yield FakeVisit(self, account)

    def conversation(self, deal_id: str) -> str:
        return self.shop.deal(deal_id).conversation_id

    def list_page(self, number: int) -> tuple[bytes, str, int]:
        """Return the answer to a page of the list, what the page shows of it, and how many rows the list has."""
        deals = self.shop.deals()
        answer = conversation_list(deals, page=number, size=_PAGE, base_url=BASE)
        return json.dumps(answer).encode(), "".join(map(_row, answer["conversations"])), len(deals)  # type: ignore[arg-type]

    def thread_page(self, conversation_id: str) -> tuple[Deal, str, bytes]:
        """Return a conversation's deal, its page and the answer that it asks for.

        Raises:
            KeyError: the seller has deleted it.
        """
        deals = {deal.conversation_id: deal for deal in self.shop.deals()}
        deal = deals[conversation_id]
        answer = conversation(deal, base_url=BASE)
        return deal, _thread_page(answer), json.dumps(answer).encode()

    def new_id(self) -> str:
        return f"capture-{self.clock():%d%H%M}-{next(self._ids):04}-{self.run}"


class FakeVisit:
    def __init__(self, visitor: FakeVisitor, account: str) -> None:
        self.visitor = visitor
        self.account = account
        self._pictures: dict[str, bytes] = {}
        """Capture -> what its page looks like."""

    def _bare(self, capture: Capture, wall: str | None = None) -> Capture:
        """Keep the picture back: it is only taken of what is kept."""
        shown = _walled(capture, wall)
        self._pictures[shown.id] = shown.screenshot
        return replace(shown, screenshot=b"")

    def open_list(self, enough: Callable[[Capture], bool]) -> Capture:
        bodies: list[tuple[str, bytes]] = []
        rows = ""
        while True:
            number = len(bodies)
            content, shown, found = self.visitor.list_page(number)
            bodies.append((f"{BOX}?page={number}&size={_PAGE}", content))
            rows += shown
            capture = self._capture(None, _list_page(rows), bodies)
            if enough(capture) or len(bodies) * _PAGE >= found:
                break
        self.visitor.list_pages = len(bodies)
        self.visitor.meanwhile()
        return self._bare(capture, self.visitor.wall)

    def open_page(self, page: AddedPage) -> Capture:
        html = self.visitor.pages.get(page.name)
        capture = replace(
            self._capture(None, _page(html or ""), []),
            kind=PageKind.ADDED,
            page=page.name,
            url=page.url,
            final_url=page.url,
        )
        return self._bare(capture, None if html is not None else "unreachable")

    def open_thread(self, conversation_id: str) -> Capture:
        try:
            deal, html, content = self.visitor.thread_page(conversation_id)
        except KeyError:
            return self._gone(conversation_id)
        self.visitor.opened.append(deal.id)
        capture = self._capture(deal, html, [(f"{BOX}/{conversation_id}", content)])
        if deal.id == self.visitor.breaks_at:
            bodies = [replace(body, content=Unreadable(body.content)) for body in capture.bodies]
            capture = replace(capture, bodies=tuple(bodies))
        return self._bare(capture, self.visitor.thread_wall)

    def _gone(self, conversation_id: str) -> Capture:
        """Return what is seen of a conversation that is no more: the page says so, and its answer is 404."""
        self.visitor.opened.append(conversation_id)
        url = f"{BASE}/m-nachrichten.html?conversationId={conversation_id}"
        told = _page('<div class="outcomebox-error">Diese Unterhaltung konnte nicht geladen werden.</div>')
        body = Body(url=f"{BOX}/{conversation_id}", status=404, content=b'{"error": "Not Found"}')
        capture = self._capture(None, told, [])
        return self._bare(
            replace(
                capture,
                kind=PageKind.CONVERSATION,
                conversation=conversation_id,
                url=url,
                final_url=url,
                bodies=(body,),
            ),
            self.visitor.thread_wall,
        )

    def has_time(self) -> bool:
        visitor = self.visitor
        loaded = len(visitor.opened) + len(visitor.own_list_pages) + len(visitor.opened_ads)
        return visitor.time_for is None or loaded < visitor.time_for

    def open_own_ads(self, page: int) -> Capture:
        self.visitor.own_list_pages.append(page)
        answer = own_list(self.visitor.shop.own_ads(), page=page, base_url=BASE)
        url = f"{BASE}/m-meine-anzeigen.html?keyword=&pageNumber={page}"
        rows = "".join(f'<li data-adid="{row["id"]}">{escape(row["title"])}</li>' for row in answer["ads"])
        capture = Capture(
            id=self.visitor.new_id(),
            account=self.account,
            kind=PageKind.OWN_ADS,
            taken_at=self.visitor.clock(),
            url=url,
            final_url=url,
            status=200,
            html=_page(f"<ul>{rows}</ul>"),
            screenshot=f"own ads {page} at {self.visitor.clock()}".encode(),
            bodies=(
                Body(
                    url=f"{BASE}/m-meine-anzeigen-verwalten.json?sort=DEFAULT&pageNum={page}",
                    status=200,
                    content=json.dumps(answer).encode(),
                ),
            ),
        )
        return self._bare(self.visitor.alter(capture), self.visitor.own_list_walls.get(page))

    def _open_own_ad(self, path: str, ad_id: str) -> Capture:
        self.visitor.own_ad_opens(ad_id)
        ad = next((each for each in self.visitor.shop.own_ads() if each.id == id_in(path)), None)
        url = f"{BASE}{path}"
        capture = Capture(
            id=self.visitor.new_id(),
            account=self.account,
            kind=PageKind.AD,
            page=ad_id,
            taken_at=self.visitor.clock(),
            url=url,
            final_url=url,
            status=200,
            html=_ad_page(ad) if ad else "",
            screenshot=f"own ad {ad_id} at {self.visitor.clock()}".encode(),
            extras=tuple(_photos(ad) if ad else ()),
        )
        if ad is None or ad.status == "DELETED":
            return self._bare(replace(capture, status=404, html="<html><body>Nicht gefunden</body></html>"))
        return self._bare(self.visitor.alter(capture), self.visitor.own_ad_walls.get(ad_id))

    def open_ad(self, path: str, conversation: str | None, *, ad: str | None = None) -> Capture:
        if ad is not None:
            self.visitor.opened_ads.append(path)
            return self._open_own_ad(path, ad)
        deals = self.visitor.shop.deals()
        deal = next((deal for deal in deals if deal.conversation_id == conversation), None)
        self.visitor.opened_ads.append(path)
        url, title = f"{BASE}{path}", deal.ad.title if deal else "?"
        html = f'<h1 id="viewad-title">{escape(title)}</h1><p id="viewad-description-text">Wie neu.</p>'
        capture = Capture(
            id=self.visitor.new_id(),
            account=self.account,
            kind=PageKind.AD,
            conversation=conversation,
            taken_at=self.visitor.clock(),
            url=url,
            final_url=url,
            status=200,
            html=_page(html),
            screenshot=f"ad {title} at {self.visitor.clock()}".encode(),
        )
        if deal is None or deal.ad.status == "DELETED":
            return self._bare(replace(capture, status=404, html="<html><body>Nicht gefunden</body></html>"))
        return self._bare(capture, self.visitor.ad_wall)

    def details(self, capture: Capture) -> Capture:
        self.visitor.detailed.append(capture.id)
        return replace(
            capture,
            screenshot=self._pictures[capture.id],
            preview=b"what a mail shows",
            facts=(*capture.facts, ("details", "are here, too")),
        )

    def _capture(self, deal: Deal | None, html: str, bodies: list[tuple[str, bytes]]) -> Capture:
        name = deal.conversation_id if deal else None
        url = f"{BASE}/m-nachrichten.html" + (f"?conversationId={name}" if name else "")
        shown = deal.id if deal else "list"
        return self.visitor.alter(
            Capture(
                id=self.visitor.new_id(),
                account=self.account,
                kind=PageKind.CONVERSATION if deal else PageKind.CONVERSATION_LIST,
                conversation=name,
                taken_at=self.visitor.clock(),
                url=url,
                final_url=url,
                status=200,
                html=html,
                screenshot=f"picture of {shown} at {self.visitor.clock()}".encode(),
                preview=f"preview of {shown} at {self.visitor.clock()}".encode() if deal else b"",
                bodies=tuple(Body(url=address, status=200, content=content) for address, content in bodies),
                facts=(("browser", "none, this is a fake"),),
            )
        )


def _walled(capture: Capture, wall: str | None) -> Capture:
    return capture if wall is None else replace(capture, bodies=(), **_WALLS[wall])


def _photos(ad: Ad) -> Iterator[CapturedFile]:
    for number, picture in enumerate(ad.pictures, start=1):
        yield CapturedFile(
            role=Role.PART,
            media_type=picture.media_type,
            content=drawn(ad.id, picture),
            label=f"photo-{number}",
        )


def _ad_page(ad: Ad) -> str:
    """Return an ad's page as the practice shop has it."""
    values = values_of(ad, status=ad.status, seller="Marlene")
    marks = {key: value if key.endswith("_mark") else escape(value) for key, value in values.items()}
    return Template((Path(answers.__file__).parent / "static" / "anzeige.html").read_text()).substitute(marks)


def _list_page(rows: str) -> str:
    return _page(f'<section id="conversation-list">{rows}</section>')


def _page(content: str) -> str:
    marker = '<span id="user-email">angemeldet als: marlene@example.org</span>'
    return f"<!doctype html><html><body>{marker}{content}</body></html>"


def _row(entry: dict[str, Any]) -> str:
    name = entry["buyerName"] if entry["role"] == "Seller" else entry["sellerName"]
    return (
        f'<article><input type="checkbox" data-testid="{escape(entry["id"])}">'
        f"<header><span><span>{escape(name)}</span></span></header><h3>{escape(entry['adTitle'])}</h3>"
        f"<section><span>{escape(entry['textShortTrimmed'])}</span></section></article>"
    )


def _thread_page(answer: Any) -> str:
    items = "".join(
        f"<li>{_card(item)}</li>"
        if item["type"] == "PAYMENT_AND_SHIPPING_MESSAGE"
        else f'<li><span class="Message--Text">{escape(item["textShort"])}</span></li>'
        for item in answer["messages"]
        if item["textShort"]
    )
    return _page(
        '<div data-testid="conversation-wrapper"><header class="ConversationHeader">'
        f'<a href="/zur-anzeige/{answer["adId"]}">{escape(answer["adTitle"])}</a></header>'
        f'<ul class="MessageList">{items}</ul><form class="ReplyBox"></form></div>'
    )


def _card(item: dict[str, Any]) -> str:
    price = item.get("itemPriceInEuroCent")
    rows = "" if price is None else f"<dl><dt>Artikel</dt><dd>{price // 100},{price % 100:02} €</dd></dl>"
    return (
        '<section class="PaymentMessageBox"><header data-testid="payment-message-header-extended">'
        f"<h4>{escape(item['title'])}</h4></header><p>{escape(item['text'])}</p>{rows}</section>"
    )
