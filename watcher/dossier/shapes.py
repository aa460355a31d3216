"""What private things look like in a text that somebody has written freely.

A shape errs on the side of covering: a number that only looks like one for the phone may be lost, a phone number must not
stay. The shapes are German ones: that is where sellers and buyers are.
"""

import re
from collections.abc import Iterator

from watcher.dossier.private import Finding, Private

_AT = (
    r"(?:\s?@\s?|\s?[\[({]\s?(?:at|ät|@)\s?[\])}]\s?|\s(?:at|ät)\s(?=[\w-]+\s?(?:\.|[\[({]?\s?(?:dot|punkt)))"
)
_DOT = r"(?:\.|\s?[\[({]\s?(?:dot|punkt|\.)\s?[\])}]\s?|\s(?:dot|punkt)\s)"
_AT += ")"
_MAIL = re.compile(rf"(?<![\w.+%-])[\w.+%-]+{_AT}[\w-]+(?:{_DOT}[\w-]+)+", re.IGNORECASE)
_LINKED = re.compile(
    r"(?:https?://)?(?:wa\.me|t\.me|api\.whatsapp\.com|signal\.me|instagram\.com|facebook\.com|m\.me)/\S+"
    r"|\btel:\S+",
    re.IGNORECASE,
)
_PAYMENT = re.compile(r"(?:https?://)?(?:www\.)?paypal(?:\.me|\.com/paypalme)/\S+", re.IGNORECASE)
_COUNTRIES = (
    "AD AE AL AT AZ BA BE BG BH BR BY CH CR CY CZ DE DK DO EE EG ES FI FO FR GB GE GI GL GR GT HR HU IE IL IS IT JO KW KZ LB LC LI LT LU "
    "LV LY MC MD ME MK MR MT MU NL NO PK PL PS PT QA RO RS RU SA SC SE SI SK SM TN TR UA VA VG XK"
).replace(" ", "|")
_IBAN = re.compile(
    rf"(?<![A-Za-z0-9])(?i:{_COUNTRIES})\s?\d\s?\d(?:[\s.-]?[A-Za-z0-9]){{11,30}}(?![A-Za-z0-9])"
)
_IBAN_BEGINS = re.compile(r"[A-Za-z]{2}\d{2}(?:\d{4,}|[A-Za-z]{4}\d{4,})", re.IGNORECASE)
_SHORTEST_IBAN, _LONGEST_IBAN = 15, 34
_CARD = re.compile(r"(?<!\d)\d{4}(?:[\s-]?\d{4}){2}[\s-]?\d{1,7}(?!\d)")
_ACCOUNT_WORD = re.compile(
    r"\b(?:konto(?:nummer|-?nr\.?)|kto\.?(?:-?nr\.?)?|blz|bic|account\s(?:number|no\.?))\s*:?\s*"
    r"(\d[\d\s-]{3,20}\d|[A-Z]{6}[A-Z0-9]{2,5}\b)",
    re.IGNORECASE,
)
_DATE = r"(?:[0-3]?\d\.\s?[01]?\d\.(?:\s?\d{4}|\s?\d{2}(?!\d))?(?!\d)|\d{4}-\d\d-\d\d)"
_SEPARATED = r"(?:[\s().\-/–]{0,3}\d)"
_PHONE = re.compile(rf"(?<![\d,.\-–])(?!{_DATE})(?:\(?\+|\(?0){_SEPARATED}{{6,15}}(?!\d)")
_PHONE_WORD = re.compile(
    r"\b(?:tel(?:efon)?(?:nummer|nr)?|handy(?:nummer|nr)?|mobil(?:nummer|funk)?|festnetz|rufnummer|whats?\s?app|signal|phone|mobile|"
    r"cell|call me at)\b[\s.:]*(?:nr\.?|nummer|number|ist|is|unter|:)?\s*[:.]?\s*(\(?\+?\d[\d\s().\-/–]{4,20}\d)",
    re.IGNORECASE,
)
_FEWEST_DIGITS, _MOST_DIGITS = 7, 15
_STREETS = r"stra(?:ß|ss)en?|str\.?|weg|platz|pl\.|allee|gasse|gässle|ring|ufer|damm|chaussee|steig|stieg|twiete|markt|promenade|pfad"
_PLACES = (
    r"wall|graben|hof|kamp|brücke|deich|redder|koppel|berg|garten|zeile|park|siedlung|terrasse|winkel|blick|horst|feld|heide|"
    r"grund|busch|anger|bogen|bahn|schanze|hang|höhe"
)
"""Words that end the names of streets, and mean too much else to be one by themselves."""
_LETTER = r"(?:\s?[a-zA-Z](?![\wäöüß]))?"
_NO_HOUSE = (
    r"(?!\d)(?!\s?(?i:€|euro|eur\b|cm|mm|km|kg|g\b|x\s?\d|uhr|:\d|%|stück|jahre|monate|wochen|tage|minuten))"
)
_HOUSE = rf"\s*(?:(?i:nr)\.?\s*)?\d{{1,4}}{_LETTER}(?:\s?[-/–]\s?\d{{1,4}}{_LETTER})?{_NO_HOUSE}"
_WORD = r"[A-ZÄÖÜ][\wäöüßÄÖÜ.'’-]*"
_STREET = re.compile(
    rf"(?<!\w)(?:(?:{_WORD}\s){{0,2}}(?i:\w{{2,}}(?:{_STREETS}|{_PLACES}))|(?:{_WORD}\s){{1,3}}(?i:{_STREETS})"
    r"|(?:Am|An der|An den|Auf der|Auf dem|Im|In der|In den|Zum|Zur|Unter den|Hinter der|Vor dem|Bei der|Beim|Achter|Op de[nr]?)"
    rf"\s{_WORD}(?:\s{_WORD})?){_HOUSE}"
)
_PLACE = re.compile(
    r"(?<![\d.,])(?:D[\s-]|DE[\s-])?\d{5}(?![\d.,]\d|\d)\s+(?:(?:Bad|St\.|Sankt|Groß|Klein|Neu|Alt)\s)?[A-ZÄÖÜ][\wäöüß-]+"
    r"(?:\s(?:am|an der|im|in der|bei|ob der|vor der|a\.\s?d\.)\s[A-ZÄÖÜ][\wäöüß-]+|\s\([\w\s.]{2,20}\))?"
)
_POSTCODE_WORD = re.compile(
    r"\b(?:plz|postleitzahl|postcode|zip)\b\s*(?:ist|is)?\s*:?\s*(\d{5})(?!\d)", re.IGNORECASE
)
_LOCKER = re.compile(
    r"\b(?:packstation|postfiliale|paketbox)\s*(?:nr\.?|nummer)?\s*:?\s*\d{3}\b", re.IGNORECASE
)
_POST_NUMBER = re.compile(r"\b(?:postnummer|post-?nr\.?)\s*:?\s*(\d[\d\s]{4,12}\d)", re.IGNORECASE)


def shapes_in(text: str) -> Iterator[Finding]:
    """Return every stretch that looks like an address, a number or an account; they may overlap."""
    for pattern, kind in (
        (_MAIL, Private.MAIL),
        (_PAYMENT, Private.ACCOUNT),
        (_LINKED, Private.PHONE),
        (_LOCKER, Private.ADDRESS),
        (_STREET, Private.ADDRESS),
        (_PLACE, Private.ADDRESS),
    ):
        for match in pattern.finditer(text):
            yield Finding(match.start(), match.end(), kind)
    for pattern, kind in (
        (_POSTCODE_WORD, Private.ADDRESS),
        (_POST_NUMBER, Private.ADDRESS),
        (_ACCOUNT_WORD, Private.ACCOUNT),
        (_PHONE_WORD, Private.PHONE),
    ):
        for match in pattern.finditer(text):
            yield Finding(match.start(1), match.end(1), kind)
    yield from _ibans(text)
    for match in _CARD.finditer(text):
        if _is_card(match[0]):
            yield Finding(match.start(), match.end(), Private.ACCOUNT)
    for match in _PHONE.finditer(text):
        if _FEWEST_DIGITS <= sum(sign.isdigit() for sign in match[0]) <= _MOST_DIGITS:
            yield Finding(match.start(), match.end(), Private.PHONE)


def _ibans(text: str) -> Iterator[Finding]:
    """Return what has the shape of an IBAN, right or mistyped; words that follow it are let go."""
    for match in _IBAN.finditer(text):
        shown = match[0]
        plain = re.sub(r"[\s.-]", "", shown)
        while plain and not plain[-1].isdigit():
            plain, shown = plain[:-1], shown[:-1].rstrip()
        if _IBAN_BEGINS.match(plain) and _SHORTEST_IBAN <= len(plain) <= _LONGEST_IBAN:
            yield Finding(match.start(), match.start() + len(shown), Private.ACCOUNT)


def _is_card(text: str) -> bool:
    """Whether digits have the check digit of a card (Luhn)."""
    digits = [int(sign) for sign in text if sign.isdigit()]
    doubled = [digit * 2 - 9 * (digit > 4) for digit in digits[-2::-2]]  # noqa: PLR2004
    return (sum(doubled) + sum(digits[-1::-2])) % 10 == 0
