"""What may stand in a report that strangers read: words of the site's code, and never what people or their data are.

The rule is the other way round from a blacklist: everything is masked, except

- enum tokens (`[A-Z][A-Z0-9_]*`) where the site's code puts them: under keys that are known to hold them, or that are named
  like them and hold a token with an underscore. A name in capitals ("ERIKA") under any other key is a name;
- keys, classes, ids and attribute names that can only be code: letters, hyphens and underscores, short; keys with two digits at most. A
  key in capitals or with a capital first letter, and the keys of an object that is a map (all its values are built
  alike), are data;
- what a text says by the wording table: the stage, never a piece of the text.

Lengths come in three classes, so that a text cannot be guessed by its length.
"""

import re
from collections.abc import Mapping
from datetime import datetime

from watcher.pages.wording import meaning_of_words, plain_text

MASKED = "·"
_TOKEN = re.compile(r"[A-Z][A-Z0-9_]{1,60}")
_MANY_DIGITS = re.compile(r"(?:.*\d){5}")
_CODE_NAME = re.compile(r"[A-Za-z][A-Za-z_-]{0,47}")
_KEY = re.compile(r"_?[a-z](?!(?:.*\d){3})[A-Za-z0-9_]{0,39}")
_ATTRIBUTE = re.compile(r"[a-z][a-z-]{0,29}")
_TAG = re.compile(r"[a-z][a-z0-9]{0,9}|[a-z]+(-[a-z]+)+")
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


def known_key(key: str) -> bool:
    """Whether a key of a JSON object can only be code."""
    return _KEY.fullmatch(key) is not None


def shown_keys(content: Mapping[str, object]) -> dict[str, str]:
    """Return each key of an object and what to show of it; the keys of a map are data, whatever they look like."""
    strange = [key for key in content if not known_key(key)]
    is_map = bool(strange) and len(strange) * 2 >= len(content)
    kinds = {_kind(value) for value in content.values()}
    alike = len(content) >= 2 and len(kinds) == 1 and next(iter(kinds)).startswith("{")  # noqa: PLR2004
    only = len(content) == 1 and next(iter(kinds), "").startswith("{")
    data = is_map or alike or only
    return {key: MASKED if data or not known_key(key) else key for key in content}


def _kind(value: object) -> str:
    if isinstance(value, Mapping):
        return "{" + ",".join(sorted(str(key) for key in value)) + "}"
    return type(value).__name__


def shown_value(value: object, *, key: str) -> str:
    """Return what to show of a plain JSON value under a key."""
    if value is None or isinstance(value, bool):
        return str(value).lower() if value is not None else "null"
    if isinstance(value, int | float):
        return "number"
    if not isinstance(value, str):
        return MASKED
    if _is_token(value, key) or (key == "role" and value in _ROLES):
        return value
    return text_class(value)


def _is_token(value: str, key: str) -> bool:
    if not _TOKEN.fullmatch(value) or _MANY_DIGITS.match(value):
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


def shown_name(name: str) -> str:
    """Return a class name, an id or a test id if it can only be code."""
    return name if _CODE_NAME.fullmatch(name) else MASKED


def shown_tag(tag: str) -> str:
    """Return a tag's name; one that is no plain word is masked."""
    return tag if _TAG.fullmatch(tag) else MASKED


def shown_attribute(name: str) -> str:
    """Return an attribute's name if it can only be code."""
    return name if _ATTRIBUTE.fullmatch(name) else MASKED
