"""Finds what is private in a text: names and numbers that are known word by word, the rest by its shape."""

import re
from collections.abc import Iterable, Iterator

from watcher.dossier.private import Finding, Private
from watcher.dossier.shapes import shapes_in

_NAME_WORD = r"[A-ZÄÖÜ][a-zäöüßéèáà]+(?:-[A-ZÄÖÜ][a-zäöüß]+)?"
_TITLED = re.compile(
    rf"\b(?:Frau|Herrn?|Hr\.|Fr\.|Familie|Fam\.|Mr\.?|Mrs\.?|Ms\.?)\s+((?:Dr\.\s|Prof\.\s)*{_NAME_WORD}"
    rf"(?:\s(?!Sie\b|Die\b|Das\b|Der\b){_NAME_WORD})?)"
)
_INTRODUCED = re.compile(
    rf"\b(?i:mein name ist|ich hei(?:ß|ss)e|my name is)\s+({_NAME_WORD}(?:\s{_NAME_WORD})?)"
)
_SIGNED = re.compile(
    rf"\b(?i:gr(?:ü|ue)(?:ß|ss)en?|gru(?:ß|ss)|lg|vg|mfg|bg|regards)[,!.]?\s+(?:von\s)?({_NAME_WORD}(?:\s{_NAME_WORD})?)"
    r"\s*[.!]?\s*(?:$|(?=\n))"
)
_SHORTEST_NAME = 3
_FEWEST_DIGITS = 7
"""Of a phone number; fewer are a postcode or a house's number."""


class Finder:
    """Finds what is private in a text."""

    def __init__(
        self,
        *,
        names: Iterable[str] = (),
        contacts: Iterable[str] = (),
        own: Iterable[str] = (),
        spared: Iterable[str] = (),
        known: Iterable[str] = (),
    ) -> None:
        """Prepare.

        Args:
            names: of people; a part of one counts, too, and so does its genitive.
            contacts: addresses and numbers that are known.
            own: whatever else the seller wants to be covered.
            spared: texts that stay, whatever they look like: the parcel's number, the ad's.
            known: names that stay, also where somebody signs with one.
        """
        names = tuple(names)
        self._stays = frozenset(word.casefold() for name in known for word in name.split())
        self._known = [
            *((pattern, Private.OWN) for pattern in _literal(own, loose=True)),
            *(
                (pattern, _kind_of(text))
                for text in set(contacts)
                for pattern in _literal([text], loose=True)
            ),
            *((pattern, Private.NAME) for pattern in _literal(_parts(names), loose=False)),
        ]
        self.initials = frozenset(
            "".join(word[0] for word in name.split()).upper() for name in names if name.strip()
        )
        self._spared = [pattern for text in spared if (pattern := _digits_pattern(text))]

    def find(self, text: str) -> list[Finding]:
        """Return what is private, in order, without overlaps: a stretch that is two things is one of them."""
        kept = [match.span() for pattern in self._spared for match in pattern.finditer(text)]
        found = sorted(
            (
                finding
                for finding in (*self._of_known(text), *shapes_in(text))
                if finding.kind in {Private.OWN, Private.NAME}
                or not any(start <= finding.start and finding.end <= end for start, end in kept)
            ),
            key=lambda finding: (finding.start, -finding.end),
        )
        merged: list[Finding] = []
        for finding in found:
            if merged and finding.start < merged[-1].end:
                last = merged[-1]
                merged[-1] = Finding(last.start, max(last.end, finding.end), last.kind)
            elif finding.end > finding.start:
                merged.append(finding)
        return merged

    def _of_known(self, text: str) -> Iterator[Finding]:
        for pattern, kind in self._known:
            for match in pattern.finditer(text):
                yield Finding(match.start(), match.end(), kind)
        for pattern in (_TITLED, _INTRODUCED, _SIGNED):
            for match in pattern.finditer(text):
                if not self._stays.issuperset(match[1].casefold().split()):
                    yield Finding(match.start(1), match.end(1), Private.NAME)


def _parts(names: Iterable[str]) -> Iterator[str]:
    for name in names:
        yield name
        yield from (
            part for part in re.split(r"[\s,;/-]+", name) if len(part) >= _SHORTEST_NAME and part.isalpha()
        )


def _literal(texts: Iterable[str], *, loose: bool) -> Iterator[re.Pattern[str]]:
    """Return patterns that find these texts as whole words, the longest first.

    Blanks may be any; loosely, digits may stand with blanks and hyphens between them.
    """
    for text in sorted({" ".join(each.split()) for each in texts}, key=len, reverse=True):
        if len(text) < _SHORTEST_NAME:
            continue
        if loose and _is_number(text):
            joined = r"[\s().\-/–]*".join(re.escape(sign) for sign in text if sign.isdigit())
        else:
            joined = r"[\s,]+".join(re.escape(word) for word in text.split())
        yield re.compile(rf"(?<!\w){joined}(?:s|’s|'s)?(?!\w)", re.IGNORECASE)


def _is_number(text: str) -> bool:
    return not re.sub(r"[\d\s()+.\-/–]", "", text)


def _kind_of(contact: str) -> Private:
    """Return what a known detail is, by its looks."""
    if "@" in contact:
        return Private.MAIL
    digits = sum(sign.isdigit() for sign in contact)
    return Private.PHONE if _is_number(contact) and digits >= _FEWEST_DIGITS else Private.ADDRESS


def _digits_pattern(text: str) -> re.Pattern[str] | None:
    plain = re.sub(r"[\s.-]", "", text)
    return re.compile(r"[\s.-]?".join(map(re.escape, plain)), re.IGNORECASE) if plain else None
