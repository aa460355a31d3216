"""The accounts, and further pages of theirs."""

from pydantic import Field, field_validator

from watcher.settings.table import Table, is_loopback, split
from watcher.texts.language import _


class PageTable(Table):
    """One table [[account.page]]."""

    name: str = Field(
        pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$",
        description="What you call this page.",
        examples=["payments"],
    )
    url: str = Field(description="Its address.", examples=["https://www.example.org/my-payments"])

    @field_validator("url")
    @classmethod
    def _is_a_page(cls, value: str) -> str:
        parts = split(value)
        if parts is None or parts.scheme not in {"http", "https"} or not parts.hostname or parts.username:
            raise ValueError(_('write a page\'s address such as "https://www.example.org/my-payments"'))
        if parts.scheme == "http" and not is_loopback(value):
            raise ValueError(_("an address without https is only good for this very machine"))
        return value


class AccountTable(Table):
    """One table [[account]]."""

    name: str = Field(
        default="main",
        pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$",
        description="What you call this account: letters, digits, - and _. It names the browser profile.",
    )
    page: tuple[PageTable, ...] = Field(
        default=(),
        description="Further pages of this account that are archived at each check and read by their words alone; each "
        "is a table [[account.page]] with name and url.",
        examples=[[{"name": "payments", "url": "https://www.example.org/my-payments"}]],
    )
