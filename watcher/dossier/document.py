"""The dossier as a page, ready to be printed."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

from watcher.app.evidence import Evidence
from watcher.app.sealed import Files
from watcher.app.wishes import Names
from watcher.dossier.cover import Tally
from watcher.dossier.front import front_of, whole_moment
from watcher.dossier.layout import Layout
from watcher.dossier.pictures import Album
from watcher.dossier.private import Private
from watcher.dossier.shown import attachments_of, captures_of
from watcher.dossier.told import bubbles_of, cases_of, moments_of, notes_of
from watcher.dossier.views import CoveredView, Document, Rows
from watcher.dossier.words import paragraphs, said
from watcher.texts.fill import fill, one_line
from watcher.texts.language import Language

_LONGEST_TITLE = 70
_LONGEST = 300
_WORDS = (
    "dossier", "contents", "parties", "sale", "standing", "in_this", "costs", "times", "timeline", "when", "happened", "from_where",
    "cases", "step", "step_state", "messages", "no_messages", "captures", "no_captures", "missing_from", "files",
    "file", "size", "sha256", "unreadable", "notes", "no_notes", "attachments", "no_attachments", "mail_head", "gaps", "gaps_note",
    "covered", "covered_note", "covered_who", "covered_where", "covered_what", "covered_limits", "left_out",
    "left_out_files", "check", "limits", "ledger", "stamps", "url", "page", "page_of",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Redaction:
    """What a redacted version says of itself."""

    names: Names
    tally: Tally
    places: Mapping[str, str]
    """Path in the bag -> what it is called in the dossier."""
    left_out: Rows
    """Which capture's picture is not in it, and why."""


def document_of(
    evidence: Evidence,
    layout: Layout,
    album: Album,
    files: Files,
    *,
    language: Language,
    redaction: Redaction | None = None,
) -> Document:
    """Decide what the dossier says."""
    front = front_of(evidence, language=language, is_redacted=redaction is not None)
    chat = evidence.chat
    taken = whole_moment(chat.capture.taken_at, language=language) if chat else ""
    is_redacted = redaction is not None
    facts = {"lines": str(evidence.lines), "head": evidence.head}
    count = str(len(evidence.attachments))
    return Document(
        language=language,
        title=one_line(front.title, limit=_LONGEST_TITLE),
        front=front,
        timeline=moments_of(evidence, language=language),
        cases=cases_of(evidence, language=language),
        messages=bubbles_of(evidence, language=language),
        messages_from=said("label.messages_from", language=language, at=taken) if chat else "",
        captures=captures_of(evidence, layout, album, language=language, is_redacted=is_redacted),
        notes=notes_of(evidence, language=language),
        attachments=() if is_redacted else attachments_of(evidence, layout, album, files, language=language),
        attachments_note=said("label.attachment_left_out", language=language, count=count)
        if is_redacted and evidence.attachments
        else said("label.attachment_note", language=language),
        gaps=tuple(
            (one_line(gap.place, limit=_LONGEST), one_line(gap.reason, limit=_LONGEST))
            for gap in evidence.gaps
        ),
        covered=_covered(redaction, language) if redaction else None,
        check=_paragraphs("check_redacted" if is_redacted else "check", facts, language),
        limits=_paragraphs("limits", facts, language),
        words=_words(evidence, language, is_redacted=is_redacted),
    )


def rendered(document: Document) -> str:
    """Lay the dossier out as a page of HTML, whose pictures lie beside it."""
    return _templates().get_template("dossier.html").render(document=document, words=document.words)


def _covered(redaction: Redaction, language: Language) -> CoveredView:
    counts = redaction.tally.counts
    order = {place: number for number, place in enumerate(redaction.places)}
    rows = [
        (redaction.places.get(place, place), _counted(counts[place], language))
        for place in sorted(counts, key=lambda each: (order.get(each, len(order)), each))
        if counts[place]
    ]
    return CoveredView(
        names=said(f"covered_names.{redaction.names}", language=language),
        rows=tuple(rows),
        left_out=redaction.left_out,
    )


def _counted(counts: Counter[Private], language: Language) -> str:
    return ", ".join(
        said(
            "label.covered_count",
            language=language,
            what=said(f"private.{kind}", language=language),
            count=str(times),
        )
        for kind, times in sorted(counts.items())
    )


def _paragraphs(path: str, facts: Mapping[str, str | None], language: Language) -> Rows:
    return tuple((title, fill(text, facts)) for title, text in paragraphs(path, language=language))


def _words(evidence: Evidence, language: Language, *, is_redacted: bool) -> Mapping[str, str]:
    words = {name: said(f"label.{name}", language=language) for name in _WORDS}
    title = one_line(evidence.order.title or evidence.order.id, limit=_LONGEST_TITLE)
    words["running"] = said("label.running", language=language, title=title)
    words["as_of"] = said(
        "label.created_short", language=language, at=whole_moment(evidence.exported_at, language=language)
    )
    words["captures_note"] = said(
        "label.captures_note_redacted" if is_redacted else "label.captures_note", language=language
    )
    return words


def css_string(text: str) -> Markup:
    """Return a text as a string of a style sheet: nothing in it can end the string, or the sheet."""
    plain = "".join(sign if sign.isascii() and sign.isalnum() else f"\\{ord(sign):x} " for sign in text)
    return Markup(f'"{plain}"')  # noqa: S704 - every sign but letters and digits is an escape


def marked(text: str) -> Markup:
    """Return a text as HTML in which what stands between backticks is code."""
    parts = [escape(part) for part in text.split("`")]
    whole = (
        part if place % 2 == 0 else Markup("<code>{}</code>").format(part) for place, part in enumerate(parts)
    )
    return Markup("").join(whole)


@cache
def _templates() -> Environment:
    environment = Environment(
        loader=PackageLoader("watcher.dossier"),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["css_string"] = css_string
    environment.filters["marked"] = marked
    return environment
