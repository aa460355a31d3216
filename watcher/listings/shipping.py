"""What an ad says about shipping: in its settings and in its text, and whether that fits the thing."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from watcher.domain.fact import Fact, Grade
from watcher.domain.shipping_option import is_untracked
from watcher.listings.phrases import Phrases

_GAP = r"[^\n.!?]{0,40}"
_OFFERS = Phrases.of(
    (
        (
            rf"/\b(?:versand|versenden|verschicken|verschicke|versende|versandkosten|porto)\b{_GAP}"
            r"\b(?:moeglich|gegen|inkl\w*|kostenlos|frei|gratis|dhl|hermes|dpd|gls|uebernahme|uebernimmt|zzgl|plus|extra|versichert\w*|als|fuer|gerne?|nach|innerhalb|per|mit|euro|\d)/"
        ),
        rf"/\bversand\b{_GAP}\b(?:auf (?:anfrage|wunsch)|traegt|zahlt|geht|kommt (?:noch )?(?:dazu|hinzu|drauf))\b/",
        r"/\b(?:versende|verschicke|verschicken|versenden|schicke) (?:auch|gerne?|dir|mit|per|versichert|als)/",
        r"/\b(?:kann|koennen|koennte)(?: (?!nicht)\w{1,12}){0,3} (?:verschickt|versendet|versandt) werden\b/",
        r"/\b(?:laesst|lassen) sich(?: (?!nicht)\w{1,12}){0,4} (?:verschicken|versenden)\b/",
        r"/\b(?:auch|oder) per (?:post|paket|dhl|hermes)\b/",
        r"/\b(?:dhl|hermes|dpd|gls)\b[^\n.!?]{0,20}\b\d{1,2}[.,]\d{2}\b/",
        r"/\bzzgl\b[^\n.!?]{0,20}\bversand\b/",
        r"/\b(?:shipping|delivery)\b[^\n.!?]{0,30}\b(?:possible|available|included|for|via|by|free)/",
        r"/\b(?:can|will|happy to) ship\b/",
        "versandbereit", "versandkosten*", "auch versand", "abholung oder versand", "versand oder abholung", "zzgl versand", "+ versand", "plus versand",
    )
)  # fmt: skip
_NOT_AT_ALL = (
    r"(?! (?:vor|ohne|mit|per|als|ueber|unter|gegen|bevor|inkl\w*|inbegriffen|enthalten|dabei|im (?:preis|kaufpreis)|viel|teuer|frei|kostenlos|versichert\w*"
    r"|sofort|immer|gleich|taeglich)\b)"
)
"""What must not follow: then shipping is denied in one way alone, or its price."""
_ONLY_PICKUP = Phrases.of(
    (
        r"/\b(?:nur|ausschliesslich|lediglich)\b(?: (?:an|zur|zum|fuer|per|gegen|noch|die|als|durch|via|in)){0,2} (?:selbst)?abhol\w{0,12}\b(?! ?(?:oder|und|sowie|bzw|,|\/) ?(?:versand|versichert|paket|post|per|dhl|hermes))/",
        rf"/\bkein\w{{0,5}} (?:versand|postversand|paketversand)\b{_NOT_AT_ALL}/",
        rf"/\b(?:versand|verschicken|versenden)\b(?! (?:kostet|kosten)\b)(?: \w{{1,12}}){{0,2}} (?:nicht|ausgeschlossen|unmoeglich|ungern)\b{_NOT_AT_ALL}/",
        rf"/\b(?:verschicke|versende|schicke)\b(?: \w{{1,12}}){{0,2}} nicht\b{_NOT_AT_ALL}/",
        r"/\b(?:kann|koennen|laesst|lassen|wird|werden|moechte|will)(?: \w{1,12}){0,3} nicht (?:verschick|versend|versandt)\w{0,2}\b/",
        r"/\bmuss\b[^\n!?;]{0,30}\babgeholt werden\b/",
        r"/\b(?:pick ?-?up|collection) only\b/",
        r"/\b(?:no shipping|cannot ship|can't ship)\b/",
    )
)
_SENTENCE_END = re.compile(r"[\n!?;]|\.(?!\d)")
_ELSEWHERE = re.compile(
    r"\b(?:ausland\w{0,3}|oesterreich|schweiz|eu|inseln?|packstation\w{0,2}|nachnahme|wochenenden?|feiertagen?)\b"
)
"""Where, how or when some do not ship, who do otherwise."""
_NOT_ONLY = re.compile(r"\b(?:kein\w{0,2}|nicht) (?:nur|ausschliesslich)\b")
_WEIGHT = re.compile(
    r"\b(?:(?:eigen|gesamt|paket|leer|versand)?gewicht|wiegt|wiegen)\b(?P<between>[^\n.!?\d]{0,25})(?P<value>\d{1,4}(?:[.,]\d{1,3})?) ?(?P<unit>kg|kilo\w{0,5}|g|gramm)\b"
)
_HEAVY = re.compile(r"\b(?P<value>\d{1,4}(?:[.,]\d{1,3})?) ?(?P<unit>kg|kilo|g) (?:schwer|heavy)\b")
_NOT_THE_PARCEL = re.compile(
    r"\b(?:max|maximal\w*|bis|belast\w*|trag\w*|zulaessig\w*|koerper\w*|nutzer\w*|benutzer\w*|fahrer\w*)\b"
)
_NUMBER = r"(\d{1,4}(?:[.,]\d{1,2})?)"
_UNIT = r"(?: ?(?:cm|mm|m))?"
_LENGTH = re.compile(
    rf"(?<![\w.,]){_NUMBER}(?:{_UNIT} ?x ?{_NUMBER})?(?:{_UNIT} ?x ?{_NUMBER})? ?(cm|mm|m)\b"
)
_CENTIMETRES = {"cm": 1.0, "mm": 0.1, "m": 100.0}
_KG_IN_NAME = re.compile(r"(\d{1,3}(?:[.,]\d)?) ?kg\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One way of shipping that an ad can offer."""

    id: str
    name: str
    kg: float | None
    """How much it carries; `None`: not known."""
    fact: Fact


@cache
def options() -> Mapping[str, Option]:
    """Return the options that are publicly known, by the site's ids."""
    data = tomllib.loads(files(__package__).joinpath("shipping.toml").read_text(encoding="utf-8"))
    return {
        entry["id"]: Option(
            id=entry["id"],
            name=entry["name"],
            kg=entry.get("kg"),
            fact=Fact(source=entry["source"], seen=entry["seen"], confidence=Grade(entry["confidence"])),
        )
        for entry in data["option"]
    }


def name_of(option: str) -> str:
    """Return how people call an option; one that is not known is called as the page does."""
    known = options().get(option.strip().upper())
    return known.name if known else option


def carries(option: str) -> float | None:
    """Return how many kilograms an option carries: as a source says, else as its own name does."""
    known = options().get(option.strip().upper())
    if known is not None:
        return known.kg
    match = _KG_IN_NAME.search(option)
    return float(match[1].replace(",", ".")) if match else None


def has_no_tracking(option: str) -> bool:
    """Whether an option is known to have no tracking."""
    return is_untracked(name_of(option))


def offers_shipping(text: str) -> bool:
    """Whether a folded text offers shipping."""
    return _OFFERS.found_in(text) is not None and not is_only_pickup(text)


def is_only_pickup(text: str) -> bool:
    """Whether a folded text says that nothing is shipped."""
    plain = _NOT_ONLY.sub(" ", text)
    general = (part for part in _SENTENCE_END.split(plain) if "abhol" in part or not _ELSEWHERE.search(part))
    return _ONLY_PICKUP.found_in("\n".join(general)) is not None


def weight_in(text: str) -> float | None:
    """Return how many kilograms a folded text says that the thing weighs; what it carries or may be loaded with is no such thing."""
    found = []
    for pattern in (_WEIGHT, _HEAVY):
        for match in pattern.finditer(text):
            if _NOT_THE_PARCEL.search(match.groupdict().get("between") or ""):
                continue
            number = float(match["value"].replace(",", "."))
            found.append(number if match["unit"].startswith("k") else number / 1000)
    return max(found, default=None)


def longest_in(text: str) -> float | None:
    """Return the longest length that a folded text names, in centimetres; "200 x 300 cm" are two of them."""
    found = [
        float(number.replace(",", ".")) * _CENTIMETRES[unit]
        for *numbers, unit in _LENGTH.findall(text)
        for number in numbers
        if number
    ]
    return max(found, default=None)
