"""Who and what a captured page names: people, and what tells where they live, how to reach them, how to pay them.

Only a page's own JSON answers say for certain what is a name. Keys: `buyerName`, `sellerName` and `role` as public clients
read them (bkd3sign/kleinanzeigen-bot-ui src/types/message.ts); which keys an address has is not publicly known, so every
key that is named like a part of one counts.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from watcher.domain.capture import Capture, PageKind
from watcher.pages.lore import SHIPPED, Lore
from watcher.pages.page import parse
from watcher.pages.reader import read_list

_NAME_KEYS = frozenset(
    {"buyername", "sellername", "firstname", "lastname", "fullname", "receivername", "recipientname"}
)
_CONTACT_KEY = re.compile(
    r"street|strasse|addressline|housenumber|hausnummer|zip|postal|postcode|plz|^city$|^town$|phone|mobile|^e?mail|"
    r"emailaddress|iban|accountnumber|postnumber|packstation",
    re.IGNORECASE,
)
_SHORTEST = 3
_DEEPEST = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Who is named. Names and contact data are left out of `repr`: no log line may carry them by accident."""

    own: frozenset[str] = field(default=frozenset(), repr=False)
    """What the account's owner is called on the pages."""
    others: frozenset[str] = field(default=frozenset(), repr=False)
    """Everybody else."""
    contacts: frozenset[str] = field(default=frozenset(), repr=False)
    """Addresses, numbers and the like, as the page's data hold them."""

    def with_those_of(self, other: "People") -> "People":
        """Return the people of both."""
        own = self.own | other.own
        return People(
            own=own, others=(self.others | other.others) - own, contacts=self.contacts | other.contacts
        )


def people_in(capture: Capture, lore: Lore = SHIPPED) -> People:
    """Return whom a capture names; where no JSON came, as far as the rows of the list show it."""
    found = People()
    for body in capture.bodies:
        try:
            answer = json.loads(body.content.decode(errors="replace"))
        except (ValueError, RecursionError):
            continue
        found = found.with_those_of(_people_of(answer))
    if capture.kind is PageKind.ADDED or capture.bodies or not capture.html:
        return found
    listing = read_list(parse(capture), lore=lore)
    names = (entry.buyer for entry in listing.entries if entry.buyer) if listing else ()
    return found.with_those_of(People(others=frozenset(names)))


def _people_of(answer: Any) -> People:
    own: set[str] = set()
    others: set[str] = set()
    contacts: set[str] = set()
    for fields in _objects(answer, _DEEPEST):
        role = str(fields.get("role", "")).lower()
        for key, value in fields.items():
            text = str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""
            if not text:
                continue
            plain = key.lower().replace("_", "")
            if plain in _NAME_KEYS:
                is_own = role in {"seller", "buyer"} and plain == f"{role}name"
                (own if is_own else others).add(text)
            elif _CONTACT_KEY.search(plain) and len(text) >= _SHORTEST:
                contacts.add(text)
    return People(own=frozenset(own), others=frozenset(others - own), contacts=frozenset(contacts))


def _objects(value: Any, depth: int) -> Iterator[dict[str, Any]]:
    if depth <= 0:
        return
    if isinstance(value, dict):
        yield value
        for part in value.values():
            yield from _objects(part, depth - 1)
    elif isinstance(value, list):
        for part in value:
            yield from _objects(part, depth - 1)
