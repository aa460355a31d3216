"""What may stand in a report that strangers read: words of the site's code, and never what people or their data are.

The rule is the other way round from a blacklist: everything is masked, except

- names of code (keys, tags, attributes, classes, ids, parts of addresses), as far as they consist of the words on the
  list in `code_words.txt`: whoever is called what stands in no name that is shown;
- enum tokens (`[A-Z][A-Z0-9_]*`) where the site's code puts them, under the same rule: under keys that are known to
  hold them, or that are named like them and hold a token with an underscore;
- what a text says by the wording table: the stage, never a piece of the text.

Lengths come in three classes, so that a text cannot be guessed by its length.
"""

import re
from datetime import datetime

from watcher.pages.code_words import MASKED, shown_name
from watcher.pages.wording import meaning_of_words, plain_text

_TOKEN = re.compile(r"[A-Z][A-Z0-9_]{1,60}")
_AMOUNT = re.compile(r"[^\w]*\d[\d.,\s]*\s?(€|EUR)[^\w]*", re.IGNORECASE)
_ENUM_KEYS = frozenset(
    {
        "type", "paymentAndShippingMessageType", "actionType", "role", "boundness", "adStatus", "adType", "adPriceType",
        "paymentBanner", "paymentStateSummary", "carrier", "carrierId", "shippingType", "paymentMethod", "kind", "status",
        "state", "stage", "event",
    }
)  # fmt: skip
_ROLES = frozenset({"Buyer", "Seller"})
_ENUM_ENDINGS = (
    "type",
    "status",
    "state",
    "kind",
    "event",
    "stage",
    "action",
    "reason",
    "summary",
    "banner",
    "code",
)
_HTML = (
    "a abbr address area article aside audio b base bdi bdo blockquote body br button canvas caption cite code col colgroup "
    "data datalist dd del details dfn dialog div dl dt em embed fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 "
    "head header hgroup hr html i iframe img input ins kbd label legend li link main map mark menu meta meter nav noscript "
    "object ol optgroup option output p param picture pre progress q rp rt ruby s samp script search section select slot "
    "small source span strong style sub summary sup svg path table tbody td template textarea tfoot th thead time title tr "
    "track u ul var video wbr"
)
_TAGS = frozenset(_HTML.split())


def shown_value(value: object, *, key: str) -> str:
    """Return what to show of a plain JSON value under a key."""
    if value is None or isinstance(value, bool):
        return str(value).lower() if value is not None else "null"
    if isinstance(value, int | float):
        return "number"
    if not isinstance(value, str):
        return MASKED
    if key == "role" and value in _ROLES:
        return value
    if _is_token(value, key):
        shown = shown_name(value)
        return text_class(value) if shown == MASKED else shown
    return text_class(value)


def _is_token(value: str, key: str) -> bool:
    if not _TOKEN.fullmatch(value):
        return False
    return key in _ENUM_KEYS or ("_" in value and key.lower().endswith(_ENUM_ENDINGS))


def text_class(text: str) -> str:
    """Return what kind of text it is, how long about, and what the wording table takes it for."""
    plain = plain_text(text)
    if not plain:
        return "empty"
    if _is_date(plain):
        return "date"
    if _AMOUNT.fullmatch(plain):
        return "amount"
    if re.match(r"[a-z][a-z0-9+.-]*://", plain, re.IGNORECASE):
        return "address"
    size = "short" if len(plain) <= 24 else "medium" if len(plain) <= 160 else "long"  # noqa: PLR2004
    meaning = meaning_of_words(plain)
    told = "" if meaning.is_unknown else f", says: {meaning.stage.value if meaning.stage else 'nothing'}"
    return f"{size} text{told}"


def _is_date(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def shown_tag(tag: str) -> str:
    """Return a tag's name: HTML's own as it is, a page's own as far as it is made of words of code."""
    return tag if tag in _TAGS else shown_name(tag)
