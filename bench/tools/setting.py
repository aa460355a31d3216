"""What all programs get alike: the shop's pages, a login, a mail server, a folder."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from fixtures.shop import Shop
from watcher.browser.finder import find_browser


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page of the message box: what it is called, where it is, what it shows when it is ready, and which part counts."""

    name: str
    url: str
    ready: str
    part: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """The same for each of them."""

    shop: Shop
    mail_port: int
    folder: Path
    conversations: Sequence[str]
    """Ids of the conversations that are watched besides the list."""

    @property
    def pages(self) -> list[Page]:
        """Return the list and the conversations, as one would enter them into a watcher of pages."""
        box = f"{self.shop.base_url}/m-nachrichten.html"
        listed = Page(name="list", url=box, ready="#conversation-list article", part="#conversation-list")
        return [
            listed,
            *(
                Page(
                    name=f"conversation {number}",
                    url=f"{box}?conversationId={quote(name, safe=':')}",
                    ready="#conversation .ReplyBox",
                    part="#conversation",
                )
                for number, name in enumerate(self.conversations, start=1)
            ),
        ]

    @property
    def browser(self) -> Path:
        """Return the browser that all of them use."""
        found = find_browser(None)
        if found is None:
            raise SystemExit("no browser here")
        return Path(found)

    def cookies(self) -> dict[str, str]:
        """Log in anew and return the cookies."""
        return {str(cookie["name"]): str(cookie["value"]) for cookie in self.shop.login_cookies()}
