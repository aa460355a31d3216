"""What things are called for readers who are not the seller: the dossier is handed to others."""

from watcher.domain.case import Ending
from watcher.domain.confidence import Confidence
from watcher.domain.money import Payer
from watcher.domain.parcel import Milestone, Origin
from watcher.domain.step import Because, CaseKind
from watcher.dossier.words import has_words, said
from watcher.texts import names
from watcher.texts.language import Language


def goods(kind: CaseKind, *, language: Language) -> str:
    """Return where the goods are."""
    return _own(f"goods.{kind}", language) or names.goods_name(kind, language=language)


def milestone(value: Milestone, *, language: Language) -> str:
    """Return where the parcel is."""
    return _own(f"parcel.{value}", language) or names.milestone_name(value, language=language)


def origin(value: Origin, *, language: Language) -> str:
    """Return who said so."""
    return _own(f"origin.{value}", language) or names.origin_name(value, language=language)


def ending(value: Ending, *, language: Language) -> str:
    """Return how a case ended."""
    return _own(f"ending.{value}", language) or names.ending_name(value, language=language)


def because(value: Because, *, language: Language) -> str:
    """Return why a step was dropped."""
    return _own(f"because.{value}", language) or names.because_name(value, language=language)


def payer(value: Payer, *, language: Language) -> str:
    """Return who bears a cost."""
    return _own(f"payer.{value}", language) or names.payer_name(value, language=language)


def sure(confidence: Confidence, *, language: Language) -> str:
    """Return how sure something is, in brackets; empty where it is certain."""
    word = said(f"sure.{confidence}", language=language)
    return said("line.unsure", language=language, sure=word) if word else ""


def way(name: str, *, language: Language) -> str:
    """Return by which way something came or went; a channel is called by its name."""
    return _own(f"way.{name}", language) or name if name.isidentifier() else name


def count(what: str, number: int, *, language: Language) -> str:
    """Return `3 Aufnahmen`, `1 Aufnahme`."""
    return said(f"count.{what}" if number != 1 else f"count.{what}_one", language=language, count=str(number))


def _own(path: str, language: Language) -> str:
    return said(path, language=language) if has_words(path, language=language) else ""
