"""Sentences of a status: where they end, how they are compared, and whether they deny, doubt or foretell what they say."""

import re
import unicodedata

_MARKS = str.maketrans(
    {
        "’": "'", "‘": "'", "`": "'", "´": "'", "“": "", "”": "", "„": "", '"': "", "«": "", "»": "", "™": "", "®": "",
        "–": "-", "—": "-", "‑": "-", "‐": "-", "−": "-",
    }
)  # fmt: skip
_HYPHEN = re.compile(r"(?<=[^\W\d_])-(?=[^\W\d_])")
_END = re.compile(r"[.!?;:…]+ +(?=[A-ZÄÖÜ])| [|·•] | +[–—-] +(?=[A-ZÄÖÜ])")
_ABBREVIATED = re.compile(
    r"(?:\d|(?:^|[\s(])[^\W\d_]{1,2}|str|straße|ggf|vrs|vsl|nr|inkl|bzw|evtl|tel|usw)\.$", re.IGNORECASE
)
"""After these a full stop ends no sentence: "2. Zustellversuch", "Königstr. Darmstadt"."""

_CLAUSE = re.compile(
    r"[,:(;/]|(?<!\w)(?:und|oder|aber|sondern|da|weil|sodass|jedoch|doch|denn|and|or|but|because|as|since)(?!\w)| - "
)
_DENIAL = r"(?:nicht|nie|niemals|kein(?:e[mnrs]?)?|not|never|cannot|no longer|unable|(?:could|was|has|is|did|does)n't)"
_DENIED = re.compile(rf"(?<!\w){_DENIAL}(?!\w)")
_UNDONE = re.compile(
    r"^\W*(?:\w+\W+){0,2}(?:nicht|fehlgeschlagen|gescheitert|storniert|abgebrochen|not|failed|cancell?ed)(?!\w)"
)
_FORETOLD = re.compile(
    r"(?<!\w)(?:voraussichtlich(?:e[mnrs]?)?|vrs|vsl|geplante[mnrs]?|morgen|bald|demnächst|in kürze|wird|werden"
    r"|soll(?:en|te|ten)?|kann|können|könnte|will|would|should|may be|can|expected|estimated|scheduled|planned"
    r"|tomorrow|soon|shortly|to be|about to)(?!\w)"
)
_DELIVERY = re.compile(r"zustell|zugestellt|liefer|abhol|abgeholt|deliver|collect|pick ?up")
GAP = rf"(?:(?!{_FORETOLD.pattern}).){{0,120}}?"
"""What may stand in the middle of a phrase: a place, a name, a day, and nothing that makes it a forecast."""
_CONDITION = re.compile(
    r"(?<!\w)(?:falls|wenn|sofern|sobald|bevor|sollte|sollten|if|once|unless|until|as soon as|in case)(?!\w)"
)


def sentences_of(line: str) -> list[str]:
    """Return the sentences of one line, each with the sign that ends it."""
    sentences, start = [], 0
    for end in _END.finditer(line):
        if end[0].startswith(".") and _ABBREVIATED.search(line[start : end.start() + 1][-12:]):
            continue
        sentences.append(line[start : end.end()].strip(" |·•–—-"))
        start = end.end()
    sentences.append(line[start:].strip(" |·•–—-"))
    return [sentence for sentence in sentences if sentence]


def folded(text: str) -> str:
    """Return a text as it is compared: without case, quotation marks and the hyphens inside of words."""
    plain = unicodedata.normalize("NFC", text.translate(_MARKS)).casefold().replace("ß", "ss")
    return " ".join(_HYPHEN.sub("", plain).split())


def is_question(sentence: str) -> bool:
    """Whether a sentence asks; the pages of carriers ask a lot ("Sie sind nicht da?")."""
    return sentence.rstrip().endswith("?")


def is_denied(sentence: str, start: int, end: int) -> bool:
    """Whether the folded sentence says within the clause, or inside the match, that this is not so, or was undone."""
    before = _CLAUSE.split(sentence[:start])[-1]
    after = _CLAUSE.split(sentence[end:], maxsplit=1)[0]
    return bool(_DENIED.search(before) or _DENIED.search(sentence[start:end]) or _UNDONE.search(after))


def is_foretold(sentence: str, start: int) -> bool:
    """Whether the clause of the folded sentence speaks of what is to come, before the place `start`."""
    return bool(_FORETOLD.search(_CLAUSE.split(sentence[:start])[-1]))


def is_conditional(sentence: str, start: int) -> bool:
    """Whether the folded sentence makes what stands at `start` a condition."""
    return bool(_CONDITION.search(sentence[:start]))


def speaks_of_later(sentence: str) -> bool:
    """Whether anything in the folded sentence speaks of what is to come."""
    return bool(_FORETOLD.search(sentence))


def is_forecast(sentence: str) -> bool:
    """Whether the folded sentence speaks of a delivery that is to come."""
    return speaks_of_later(sentence) and bool(_DELIVERY.search(sentence))
