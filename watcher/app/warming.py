"""Warming up the readers while the browser starts: what they compile once, they compile then.

A process that checks once would else spend a good part of its reading on that, with the browser standing by.
"""

import threading
from contextlib import suppress
from datetime import UTC, datetime

from watcher.app.understanding import understand
from watcher.domain.capture import Capture, PageKind
from watcher.pages.lore import Lore

_LIST = (
    '<p id="user-email">x</p><section id="conversation-list"><article><input data-testid="a:b:c">'
    "<header><span><span>x</span></span><span>01.01.2026</span></header><h3>x</h3><section><span>x</span></section>"
    "</article></section>"
)
_THREAD = (
    '<p id="user-email">x</p><div data-testid="conversation-wrapper"><p class="ConversationHeader"><a>x</a></p>'
    '<ul class="MessageList"><li><p class="Message--Text" data-testid="INBOUND">x</p></li>'
    '<li><section class="PaymentMessageBox"><h3>Artikel versenden</h3><p>Preis 1,00 €</p></section></li></ul>'
    '<div class="ReplyBox"></div></div>'
)


def warm_up(lore: Lore) -> threading.Thread:
    """Begin to read two invented pages in a thread of its own, which ends by itself; nobody looks at what it reads."""
    thread = threading.Thread(target=_read, args=(lore,), name="warm-up", daemon=True)
    thread.start()
    return thread


def _read(lore: Lore) -> None:
    for kind, html in ((PageKind.CONVERSATION_LIST, _LIST), (PageKind.CONVERSATION, _THREAD)):
        invented = Capture(
            id="warm-up",
            account="",
            kind=kind,
            conversation="a:b:c" if kind is PageKind.CONVERSATION else None,
            taken_at=datetime(2026, 1, 1, tzinfo=UTC),
            url="https://www.kleinanzeigen.de/m-nachrichten.html",
            final_url="https://www.kleinanzeigen.de/m-nachrichten.html",
            status=200,
            html=html,
        )
        with suppress(Exception):  # what is wrong with the readers shows where they read in earnest
            understand(invented, lore=lore)
