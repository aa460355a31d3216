"""What faults of time stamps, and authorities, are called, in each language."""

from collections.abc import Mapping

from notifiers.words import how_to_add
from watcher.domain.anchor import AnchorReason, Qualified, StampFault
from watcher.texts.language import Language

LIBRARY = "rfc3161-client"
"""What verifies stamps."""
HOW_TO_ADD = how_to_add(LIBRARY)
_FAULTS: Mapping[StampFault, tuple[str, str]] = {
    StampFault.UNREACHABLE: ("nicht zu erreichen", "cannot be reached"),
    StampFault.TOO_SLOW: ("antwortet nicht rechtzeitig", "does not answer in time"),
    StampFault.TLS: ("die Verbindung lässt sich nicht verschlüsseln", "the connection cannot be encrypted"),
    StampFault.MOVED: ("verweist woandershin", "points elsewhere"),
    StampFault.HTTP_ERROR: ("der Server meldet einen Fehler", "the server reports an error"),
    StampFault.TOO_LARGE: ("die Antwort ist viel zu groß", "the answer is far too large"),
    StampFault.UNREADABLE: ("die Antwort ist kein Zeitstempel", "the answer is no time stamp"),
    StampFault.REFUSED: ("die Stelle lehnt ab", "the authority refuses"),
    StampFault.OTHER_HASH: ("der Stempel gilt für etwas anderes", "the stamp is on something else"),
    StampFault.OTHER_NONCE: (
        "der Stempel antwortet auf eine andere Frage",
        "the stamp answers another question",
    ),
    StampFault.OTHER_POLICY: ("der Stempel folgt anderen Regeln", "the stamp was made under another policy"),
    StampFault.NO_CERTIFICATE: (
        "das Zertifikat des Unterzeichners fehlt",
        "the signer's certificate is missing",
    ),
    StampFault.EXPIRED: (
        "ein Zertifikat war abgelaufen, als gestempelt wurde",
        "a certificate had expired when the stamp was made",
    ),
    StampFault.NOT_YET_VALID: (
        "ein Zertifikat galt noch nicht, als gestempelt wurde",
        "a certificate was not valid yet when the stamp was made",
    ),
    StampFault.NOT_FOR_STAMPS: (
        "das Zertifikat ist nicht für Zeitstempel gemacht",
        "the certificate is not one for time stamps",
    ),
    StampFault.UNTRUSTED: (
        "das Zertifikat führt nicht zur Wurzel der Stelle",
        "the certificate does not lead to the authority's root",
    ),
    StampFault.BAD_SIGNATURE: ("die Unterschrift stimmt nicht", "the signature is wrong"),
    StampFault.OTHER_SIGNER: (
        "der Stempel nennt ein anderes Zertifikat als das seine",
        "the stamp names another certificate than its own",
    ),
    StampFault.UNKNOWN_AUTHORITY: (
        "kein Wurzelzertifikat, dem zu trauen wäre",
        "no root certificate to trust it by",
    ),
    StampFault.NO_LIBRARY: (
        f"zum Prüfen fehlt etwas; {HOW_TO_ADD.de}",
        f"what checks stamps is missing; {HOW_TO_ADD.en}",
    ),
}
_QUALIFIED: Mapping[Qualified, tuple[str, str]] = {
    Qualified.YES: ("qualifiziert nach eIDAS", "qualified under eIDAS"),
    Qualified.NO: ("nicht qualifiziert", "not qualified"),
    Qualified.UNKNOWN: ("unbekannt, ob qualifiziert", "not known whether qualified"),
}
_REASONS: Mapping[AnchorReason, tuple[str, str]] = {
    AnchorReason.DAILY: ("wie jeden Tag", "as every day"),
    AnchorReason.CANCELLATION: (
        "nach einer Stornierung oder einem Problem",
        "after a cancellation or a problem",
    ),
    AnchorReason.EXPORT: ("für einen Export", "for an export"),
    AnchorReason.BY_HAND: ("von Hand", "by hand"),
}


def fault_name(fault: StampFault, *, language: Language) -> str:
    """Return what is wrong, as a clause."""
    return _FAULTS[fault][language != "de"]


def qualified_name(qualified: Qualified, *, language: Language) -> str:
    """Return what an authority's stamps are worth by law."""
    return _QUALIFIED[qualified][language != "de"]


def reason_name(reason: AnchorReason, *, language: Language) -> str:
    """Return why an anchor was made."""
    return _REASONS[reason][language != "de"]
