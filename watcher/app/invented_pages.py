"""Two invented pages that show all that is commonly read: reading them once compiles what the readers compile once."""

from datetime import UTC, datetime

from watcher.app.understanding import understand
from watcher.domain.capture import Capture, PageKind

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


def read_invented_pages() -> None:
    """Read them; nobody looks at what they say."""
    for kind, html in ((PageKind.CONVERSATION_LIST, _LIST), (PageKind.CONVERSATION, _THREAD)):
        understand(
            Capture(
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
        )
