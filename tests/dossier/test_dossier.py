"""The dossier as a PDF, read back by other programs."""

import json
import re
import shutil
import subprocess
from collections import Counter
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.dossier.conftest import part
from tests.dossier.handing import Handing, is_valid_bag, unpacked, verdict
from tests.dossier.shots import Shot, pixels
from tests.dossier.test_export import note
from tests.stories.stage import Stage
from tests.stories.stories import MONDAY, STORIES, WAY, sale
from tests.support.archive import Archive
from watcher.app.wishes import Names, SupportWords
from watcher.browser.printing import press_in
from watcher.domain.capture import Body, PageKind
from watcher.domain.order import Order
from watcher.domain.text_map import text_of
from watcher.dossier.cover import TEXTS, Tally
from watcher.dossier.document import Redaction, _covered
from watcher.dossier.private import Private
from watcher.texts.names import ending_name, kind_name

pytestmark = pytest.mark.browser
BLACK = 0xFF000000
PRIVATE = {
    "phone": "0171 2345678",
    "mail": "erika.muster@web.de",
    "street": "Lange Straße 12a",
    "place": "20095 Hamburg",
    "account": "DE89 3704 0044 0532 0130 00",
    "buyer": "Erika",
    "other buyer": "Jonte",
}


def text_in(pdf: Path) -> str:
    command = [part("pdftotext", "poppler-utils"), "-layout", "-enc", "UTF-8", str(pdf), "-"]
    return subprocess.run(command, check=True, capture_output=True, timeout=60).stdout.decode()


def words_in(pdf: Path) -> str:
    """The text in one line: whatever was broken over lines is whole again, as far as blanks go."""
    return " ".join(text_in(pdf).split())


def info_of(pdf: Path) -> dict[str, str]:
    command = [part("pdfinfo", "poppler-utils"), str(pdf)]
    told = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout
    return {
        name: value.strip() for name, _colon, value in (line.partition(":") for line in told.splitlines())
    }


def outline_of(pdf: Path) -> list[str]:
    command = [part("qpdf", "qpdf"), "--json", "--json-key=outlines", str(pdf)]
    told = json.loads(subprocess.run(command, check=True, capture_output=True, timeout=60).stdout)

    def titles(entries) -> list[str]:
        return [title for entry in entries for title in (entry["title"], *titles(entry["kids"]))]

    return titles(told["outlines"])


def is_sound(pdf: Path) -> bool:
    done = subprocess.run([part("qpdf", "qpdf"), "--check", str(pdf)], capture_output=True, timeout=60)
    return done.returncode == 0


def story_of_a_sale(folder: Path) -> Stage:
    """A sale to which nothing happens."""
    stage = Stage(folder, sale(WAY[-1]), begins=MONDAY)
    assert not stage.rooms.store.cases()
    return stage


EVERY = {"a sale": story_of_a_sale, **STORIES}
SOME = ("a sale", "Stopped on its way", "Contested and suspicious")


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=() if name in SOME else pytest.mark.long) for name in EVERY]
)
def test_a_sale_and_every_kind_of_case_become_a_dossier(name, tmp_path, chromium, request):
    stage = EVERY[name](tmp_path / "data")
    request.addfinalizer(stage.close)
    archive = Archive.__new__(Archive)
    archive.store, archive.vault, archive.folder = stage.rooms.store, stage.rooms.vault, stage.rooms.folder
    handing = Handing(archive, tmp_path / "out", presses=partial(press_in, chromium))
    done = handing.out(stage.order.id)
    assert done.ok, done.gaps
    folder = unpacked(done.handed[0].path)
    assert is_valid_bag(folder)
    code, said = verdict(folder)
    assert code == 0, said
    pdf = folder / "data/dossier.pdf"
    assert is_sound(pdf)
    words = words_in(pdf)
    assert "Standmixer, zwei Becher" in words
    assert "42,00 €" in words
    assert "Hallo, funktioniert der Mixer einwandfrei?" in words
    for case in stage.rooms.store.cases():
        assert kind_name(case.kind, language="de") in words
        if case.ending and not case.ending.value.startswith("by_") and case.ending != "refunded_goods_kept":
            assert ending_name(case.ending, language="de") in words
    for title in ("Zeitleiste", "Nachrichten", "Aufnahmen", "So prüfst du das", "Was das nicht beweist"):
        assert title in outline_of(pdf)


@pytest.fixture
def order(archive: Archive, chromium: Browser) -> Order:
    """An order whose page shows private things, also those of another buyer, and is taller than a page of paper."""
    order = archive.order(
        "friteuse", title="Friteuse, kaum benutzt", buyer="Erika", tracking_number="00340434200511182703"
    )
    archive.order("lampe", buyer="Jonte")
    shot = Shot(chromium, page_of(order))
    answer = {"role": "Seller", "sellerName": "Marlene", "buyerName": "Erika"}
    archive.thread(
        order,
        html="<p>page</p>",
        screenshot=shot.picture,
        extras=shot.extras(),
        bodies=(Body(url="https://gateway/x", status=200, content=json.dumps(answer).encode()),),
    )
    note(archive, order, "Erika unter 0171 2345678 angerufen")
    return order


def page_of(order: Order) -> str:
    filler = "".join(f"<p>Zeile {number} ohne etwas Privates</p>" for number in range(70))
    private = "".join(f"<p><b>Angabe:</b> <span>{words}</span></p>" for words in PRIVATE.values())
    photo = '<img width=60 height=40 src=\'data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg"><rect width="99" height="99" fill="red"/></svg>\'>'
    return f"{private}<p>Sendung {order.tracking_number}</p>{photo}{filler}"


def test_the_pdf_is_tagged_and_numbered_shows_a_tall_capture_in_pieces_and_its_webp_has_a_png(
    printing, order, archive
):
    folder = printing.bag(order.id)
    pdf = folder / "data/dossier.pdf"
    info = info_of(pdf)
    assert info["Tagged"] == "yes"
    assert info["Title"] == "Dossier: Friteuse, kaum benutzt"
    assert "A4" in info["Page size"]
    assert info["JavaScript"] == "no"
    assert is_sound(pdf)
    words = words_in(pdf)
    pages = int(info["Pages"])
    assert f"Seite {pages} von {pages}" in words
    assert "Aufnahme 1: Nachrichten" in outline_of(pdf)

    # Each piece with time, address and hash.
    [capture] = archive.store.captures(account="main", conversation=order.conversation)
    pieces = re.findall(r"Aufnahme 1, Bild (\d) von (\d)", words)
    assert len(pieces) >= 2
    assert pieces == [(str(number), str(len(pieces))) for number in range(1, len(pieces) + 1)]
    assert words.count(f"SHA-256 {capture.files[0].sha256}") == len(pieces)
    assert words.count("conversationId=a:b:c") >= len(pieces)

    # The PNG is no evidence: it is derived from what is.
    evidence = json.loads((folder / "data/ledger/evidence.json").read_text(encoding="utf-8"))
    [derived] = evidence["derived"]
    assert derived["path"] == derived["of"].replace(".webp", ".png")
    assert (folder / derived["path"]).read_bytes().startswith(b"\x89PNG")
    assert verdict(folder)[0] == 0


def test_no_planted_address_number_or_name_is_in_the_redacted_version(printing, order, archive, chromium):
    folder = printing.redacted(order.id)
    assert is_valid_bag(folder)
    for pdf in folder.rglob("*.pdf"):
        words = words_in(pdf)
        for private in PRIVATE.values():
            assert private not in words
        assert "Marlene" in words
        assert "00340434200511182703" in words
    for path in (path for path in folder.rglob("*") if path.suffix in {".json", ".txt"}):
        for private in PRIVATE.values():
            assert private not in path.read_text(encoding="utf-8"), path.name
    [picture] = folder.rglob("covered.png")
    shot = Shot(chromium, page_of(order))
    wanted = [
        (box.left, box.top, box.width, box.height)
        for text in shot.map.texts
        for words in PRIVATE.values()
        if text_of(text) == words
        for word in text
        for box in word.boxes
    ]
    assert len(wanted) >= sum(len(words.split()) for words in PRIVATE.values())
    wanted += [(part.box.left, part.box.top, part.box.width, part.box.height) for part in shot.map.opaque]
    assert len(shot.map.opaque) == 1
    assert pixels(chromium, picture.read_bytes(), "image/png", wanted) == [[BLACK]] * len(wanted)
    readable = {
        (box.left, box.top, box.width, box.height): word.text
        for text in shot.map.texts
        if text_of(text).startswith(("Zeile", "Sendung"))
        for word in text
        for box in word.boxes
    }
    seen = pixels(chromium, picture.read_bytes(), "image/png", list(readable))
    assert [word for word, colours in zip(readable.values(), seen, strict=True) if len(colours) == 1] == []


def test_what_was_covered_is_told_in_the_order_of_the_captures():
    redaction = Redaction(
        names=Names.OTHERS,
        tally=Tally({path: Counter({Private.NAME: 1}) for path in ("y", "z", TEXTS)}),
        places={TEXTS: "texts", "z": "first", "y": "second"},
        left_out=(),
    )
    assert [place for place, _ in _covered(redaction, "de").rows] == ["texts", "first", "second"]


def test_a_picture_without_a_map_is_left_out_of_the_redacted_version_and_said_so(printing, archive, chromium):
    order = archive.order("ohne")
    archive.thread(order, screenshot=Shot(chromium, "<p>Erika 0171 2345678</p>").picture)
    folder = printing.redacted(order.id)
    assert not list(folder.rglob("*.png"))
    told = json.loads((folder / "data/covered.json").read_text(encoding="utf-8"))
    assert [entry["capture"] for entry in told["left_out"]] == ["thread-1"]
    assert "Aufnahme 1:" in words_in(folder / "data/dossier.pdf")


def test_a_map_of_another_picture_leaves_the_picture_out(handing, archive, chromium):
    order = archive.order("falsch")
    small, tall = Shot(chromium, "<p>Erika</p>"), Shot(chromium, "<p>x</p>" * 90)
    archive.thread(order, screenshot=tall.picture, extras=small.extras())
    folder = handing.redacted(order.id)
    assert not list(folder.rglob("*.png"))
    told = json.loads((folder / "data/covered.json").read_text(encoding="utf-8"))
    assert len(told["left_out"]) == 1
    assert [entry["path"] for entry in told["files"]] == ["data/dossier.json"]


def test_without_a_browser_the_pictures_are_the_same(printing, handing, order):
    def pictures(by, wish):
        handed = by.out(order.id, **wish).handed[-1].path
        folder = handed if handed.is_dir() else unpacked(handed)
        return [path.read_bytes() for path in sorted(folder.rglob("*.png"))]

    for wish in ({}, {"redact": True}, {"support": SupportWords(texts=(), ways=())}):
        assert pictures(handing, wish) == pictures(printing, wish) != [], wish


def test_what_is_no_picture_is_said_in_the_dossier_and_stops_nothing(printing, archive):
    order = archive.order("kaputt")
    archive.thread(order)
    done = printing.out(order.id)
    assert done.ok
    assert "Das Bild lässt sich hier nicht zeigen" in words_in(
        unpacked(done.handed[0].path) / "data/dossier.pdf"
    )


def test_the_same_picture_is_printed_once(printing, archive, chromium):
    order = archive.order("gleich")
    shot = Shot(chromium, "<p>immer dasselbe</p>")
    for hours in (0, 1):
        archive.thread(order, screenshot=shot.picture, taken_at=archive.clock() + timedelta(hours=hours))
    words = words_in(printing.bag(order.id) / "data/dossier.pdf")
    assert words.count("Bild 1 von 1") == 1
    assert "dasselbe wie bei Aufnahme 1" in words


def test_strangers_words_stay_words(printing, archive):
    title = "</style></title><h1>Überschrift</h1><script>document.body.remove()</script>"
    order = archive.order("wild", title=title, buyer="<img src=x onerror=alert(1)>\u202eakirE")
    note(archive, order, "{{ 7 * 7 }} {% raw %} \x00\x1b[31m \u2028 <b>fett</b> שלום")
    pdf = printing.bag(order.id) / "data/dossier.pdf"
    words = words_in(pdf)
    assert is_sound(pdf)
    assert "<h1>Überschrift</h1>" in words
    assert "onerror=alert(1)>akirE" in words.replace(" ", "")
    assert "{{ 7 * 7 }} {% raw %}" in words
    assert "<b>fett</b>" in words
    assert "Überschrift" not in outline_of(pdf)
    assert "Was das nicht beweist" in outline_of(pdf)


def test_a_thousand_messages_are_all_there(printing, archive, chromium):
    from fixtures.shop import Ad, Deal
    from fixtures.shop.answers import conversation
    from fixtures.shop.deals import Message
    from tests.support.clock import NOON
    from tests.support.visiting import BASE, BOX, _thread_page

    deal = Deal(
        id="viel",
        ad=Ad(title="Vielschreiber", price_cents=100),
        buyer="Erika",
        messages=[
            Message(
                text=f"Nachricht Nummer {number:04}",
                at=NOON - timedelta(minutes=number),
                inbound=number % 2 == 0,
            )
            for number in range(1000, 0, -1)
        ],
        steps=[("REQUESTED", NOON)],
    )
    order = archive.order("viel", conversation=deal.conversation_id)
    answer = conversation(deal, base_url=BASE)
    body = Body(url=f"{BOX}/{deal.conversation_id}", status=200, content=json.dumps(answer).encode())
    archive.thread(order, html=_thread_page(answer), bodies=(body,), kind=PageKind.CONVERSATION)
    pdf = printing.bag(order.id) / "data/dossier.pdf"
    found = re.findall(r"Nachricht Nummer (\d{4})", text_in(pdf))
    assert len(found) == len(set(found)) == 1000
    assert is_sound(pdf)


def test_the_seller_s_files_are_shown_as_far_as_they_can_be(printing, archive, chromium):
    order = archive.order("anhang")
    page = chromium.new_page(viewport={"width": 300, "height": 200})
    page.set_content("<body style='background:#0a0'>")
    archive.attach(order, archive.file("Foto.jpg", page.screenshot(type="jpeg")))
    page.close()
    mail = "From: Support <s@example.org>\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\nDate: Sun, 22 Nov 2026 12:00:00 +0100\n\nHallo\n"
    archive.attach(order, archive.file("Antwort.eml", mail.encode()))
    archive.attach(order, archive.file("Beleg.pdf", b"%PDF-1.7\n"))
    folder = printing.bag(order.id)
    words = words_in(folder / "data/dossier.pdf")
    for told in (
        "Foto.jpg",
        "image/jpeg",
        "Antwort.eml",
        "Support <s@example.org>",
        "Grüße",
        "Beleg.pdf",
        "application/pdf",
    ):
        assert told in words
    told = json.loads((folder / "data/dossier.json").read_text(encoding="utf-8"))
    assert [entry["picture"] for entry in told["attachments"]] == [True, False, False]


def test_the_folder_for_support_holds_few_pictures_and_the_text(handing, order, archive, chromium):
    words = SupportWords(
        texts=(("Für den Support", "Guten Tag,\n\nbitte helfen Sie."),), ways=("1. Formular",)
    )
    archive.attach(order, archive.file("Beleg.pdf", b"%PDF-1.7\n"))
    archive.attach(order, archive.file("Notiz.txt", b"nur fuer mich"))
    done = handing.out(order.id, support=words)
    folder = done.handed[1].path
    assert folder.is_dir()
    names = sorted(path.name for path in folder.iterdir())
    assert [Path(name).suffix for name in names] == [".png", ".pdf", ".md"]
    text = (folder / "text.md").read_text(encoding="utf-8")
    for told in ("bitte helfen Sie.", "00340434200511182703", "Erika", names[0], "1. Formular"):
        assert told in text
    shot = Shot(chromium, page_of(order))
    places = {
        text_of(text): [(b.left, b.top, b.width, b.height) for w in text for b in w.boxes]
        for text in shot.map.texts
    }
    picture = (folder / names[0]).read_bytes()
    assert pixels(chromium, picture, "image/png", places["Jonte"]) == [[BLACK]], (
        "who has nothing to do with it is covered"
    )
    assert len(pixels(chromium, picture, "image/png", places["Erika"])[0]) > 1, "the buyer is not"


def test_a_second_folder_for_support_gets_a_number(handing, archive, order):
    words = SupportWords(texts=(), ways=())
    one, other = (handing.out(order.id, support=words).handed[1].path for _ in range(2))
    assert other.name == f"{one.name}-2"
    assert sorted(path.name for path in other.iterdir()) == sorted(path.name for path in one.iterdir())
    shutil.rmtree(one)
