"""Where things stand on a message box page, as CSS selectors: all that one layout differs in from another."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace


@dataclass(frozen=True, slots=True, kw_only=True)
class Selectors:
    """One CSS selector each; those inside a row, a thread, a message or a card are looked for within it."""

    list: str
    """What holds the rows of the conversation list."""
    row: str
    row_id: str
    """An element of a row whose `data-testid` is the conversation's id; `row_link` is asked where there is none."""
    row_link: str
    """A link of a row whose address names the conversation."""
    row_title: str
    row_buyer: str
    row_date: str
    row_preview: str
    thread: str
    """What holds an open conversation."""
    thread_title: str
    message_list: str
    message: str
    """The text of a message, from the thread on."""
    message_date: str
    """When a message or a card came, from its list item on."""
    inbound: str
    """What marks a message of the other person, anywhere in its list item."""
    outbound: str
    """What marks a message of the account's own, anywhere in its list item."""
    card: str
    card_heading: str
    buttons: str
    """What belongs to a card and says nothing about it."""
    reply_box: str
    logged_in: str = ":not(*)"
    """A further mark of a page that knows the visitor, from the page on; those that are shipped stand in `walls.toml`."""

    @property
    def any_row(self) -> str:
        """Every row of the list, from the page on."""
        return f":is({self.list}) {self.row}"

    @property
    def any_item(self) -> str:
        """By what an open conversation shows that it has loaded, from the thread on."""
        return f"{self.message_list} > li, {self.card}, {self.reply_box}"


def changed(selectors: Selectors, own: Mapping[str, str]) -> Selectors:
    """Return the selectors with some of them replaced.

    Raises:
        ValueError: a name that there is none of; the message lists those that there are.
    """
    names = [field.name for field in fields(Selectors)]
    unknown = [name for name in own if name not in names]
    if unknown:
        raise ValueError(f"there is no selector {unknown[0]!r}; there are {', '.join(names)}")
    return replace(selectors, **own)
