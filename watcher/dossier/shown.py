"""What is shown of captures and attachments: circumstances, pictures, files."""

from collections.abc import Iterable, Iterator
from datetime import UTC
from email import message_from_binary_file
from email.errors import MessageError
from email.policy import default
from io import BytesIO

from watcher.app.attachments import Attachment
from watcher.app.doctor.storage import size as size_words
from watcher.app.evidence import Evidence, KeptCapture
from watcher.app.sealed import Files
from watcher.domain.capture import Capture
from watcher.dossier.darkroom import Developed
from watcher.dossier.front import FAR, joined, whole_moment
from watcher.dossier.layout import Layout, what_of
from watcher.dossier.pictures import Album, Shown, picture_of
from watcher.dossier.views import AttachmentView, CaptureView, FileRow, PieceView, Rows
from watcher.dossier.words import has_words, said
from watcher.errors import StorageError
from watcher.texts.fill import one_line
from watcher.texts.language import Language
from watcher.texts.names import BERLIN, day

_LONGEST = 400
_MOST_MISSING = 6
_HEADERS = ("From", "To", "Cc", "Date", "Subject", "Message-ID")
_MAIL_HEAD = 64 * 1024
"""Bytes; the headers of any mail end before."""
_MAILS = frozenset({"message/rfc822"})


def captures_of(
    evidence: Evidence, layout: Layout, album: Album, *, language: Language, is_redacted: bool
) -> tuple[CaptureView, ...]:
    """Return every capture, the oldest first."""
    numbers = {kept.stored.id: number for number, kept in enumerate(evidence.captures, start=1)}
    return tuple(
        _capture(
            kept,
            numbers,
            layout,
            album.captures.get(kept.stored.id, Shown()),
            language=language,
            is_redacted=is_redacted,
        )
        for kept in evidence.captures
    )


def _capture(
    kept: KeptCapture,
    numbers: dict[str, int],
    layout: Layout,
    shown: Shown,
    *,
    language: Language,
    is_redacted: bool,
) -> CaptureView:
    stored = kept.stored
    number = numbers[stored.id]
    picture = picture_of(kept)
    return CaptureView(
        number=number,
        heading=said(
            "label.capture", language=language, number=str(number), what=what_of(stored, language=language)
        ),
        when=whole_moment(stored.taken_at, language=language),
        url=one_line(stored.url, limit=_LONGEST),
        digest=picture.sha256 if picture else "",
        rows=tuple(_rows(kept, language)),
        missing=tuple(_missing(kept.told, language)),
        pieces=_pieces(number, kept, shown.developed, language) if shown.developed else (),
        instead=_instead(
            shown, numbers, has_picture=picture is not None, language=language, is_redacted=is_redacted
        ),
        files=() if is_redacted else tuple(_files(kept, layout, language)),
    )


def _rows(kept: KeptCapture, language: Language) -> Iterator[tuple[str, str]]:
    stored, told = kept.stored, kept.told
    local = stored.taken_at.astimezone(BERLIN)
    utc = f"{stored.taken_at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}Z"
    path = f"why.{stored.reason}"
    why = said(path, language=language) if has_words(path, language=language) else stored.reason
    partial = "" if stored.complete else said("label.partial", language=language)
    values = {
        "taken": f"{day(stored.taken_at, language=language, now=FAR)}, {local:%H:%M:%S} ({utc})",
        "kept_because": joined((why, partial)),
        "url": stored.url,
        **(_circumstances(told, stored.url, language) if told else {}),
    }
    for name, value in values.items():
        if value:
            yield said(f"label.{name}", language=language), one_line(value, limit=_LONGEST)
    for name, value in told.facts if told else ():
        path = f"facts.{name}"
        if has_words(path, language=language):
            yield said(path, language=language), one_line(value, limit=_LONGEST)


def _circumstances(told: Capture, url: str, language: Language) -> dict[str, str]:
    """Return how the page came; what is not known is empty."""
    facts = dict(told.facts)
    version = told.document.http_version if told.document else None
    removed = sum(each.times for each in told.removed)
    blocked = told.blocked_requests
    return {
        "final_url": told.final_url if told.final_url != url else "",
        "status": joined((str(told.status), version)) if told.status is not None else "",
        "failure": told.failure or "",
        "connection": _connection(told, language),
        "made_with": joined(facts.get(name) for name in ("program", "browser", "viewport")),
        "blocked": said("label.blocked_note", language=language, count=str(blocked)) if blocked else "",
        "removed": said("label.removed_note", language=language, count=str(removed)) if removed else "",
    }


def _connection(told: Capture, language: Language) -> str:
    document = told.document
    if document is None:
        return ""
    tls = document.tls
    if tls is None:
        is_plain = told.final_url.startswith("http:")
        encrypted = said("label.no_tls_plain" if is_plain else "label.no_tls_untold", language=language)
    else:
        encrypted = said(
            "label.tls",
            language=language,
            protocol=tls.protocol,
            subject=tls.subject,
            issuer=tls.issuer,
            since=f"{tls.valid_from:%Y-%m-%d}" if tls.valid_from else None,
            until=f"{tls.valid_to:%Y-%m-%d}" if tls.valid_to else None,
        )
    address = said("label.server", language=language, address=document.address) if document.address else None
    return joined((encrypted, address))


def _missing(told: Capture | None, language: Language) -> Iterator[str]:
    if told is None:
        return
    if not told.settled and not told.failure:
        yield said("label.unsettled", language=language)
    for url in told.lost_bodies:
        yield said("label.lost_body", language=language, url=url)
    for body in told.bodies:
        if body.withheld:
            yield said("label.withheld", language=language, url=body.url)
    hidden = dict(told.facts).get("hidden_pixels")
    if hidden and not any("pixels" in missing for missing in told.missing):
        yield said("label.hidden", language=language, pixels=hidden)
    yield from _grouped(told.missing, language)


def _grouped(missing: Iterable[str], language: Language) -> Iterator[str]:
    """Return what was wanted and could not be had; what lacks for the same reason in one line, and not endlessly many."""
    reasons: dict[str, list[str]] = {}
    for entry in missing:
        what, _colon, why = entry.partition(": ")
        reasons.setdefault(why or what, []).append(what if why else "")
    lines = [f"{', '.join(filter(None, names))}: {why}".removeprefix(": ") for why, names in reasons.items()]
    yield from (one_line(line, limit=_LONGEST) for line in lines[:_MOST_MISSING])
    if len(lines) > _MOST_MISSING:
        yield said("label.more_missing", language=language, count=str(len(lines) - _MOST_MISSING))


def _pieces(
    number: int, kept: KeptCapture, developed: Developed, language: Language
) -> tuple[PieceView, ...]:
    at = whole_moment(kept.stored.taken_at, language=language)
    count = str(len(developed.pieces))
    return tuple(
        PieceView(
            source=piece.path.name,
            width=piece.width,
            height=piece.height,
            caption=said(
                "label.caption", language=language, number=str(number), piece=str(place), pieces=count
            ),
            alt=said("label.picture_alt", language=language, at=at, piece=str(place), pieces=count),
        )
        for place, piece in enumerate(developed.pieces, start=1)
    )


def _instead(
    shown: Shown, numbers: dict[str, int], *, has_picture: bool, language: Language, is_redacted: bool
) -> str:
    if shown.developed is not None:
        return ""
    if shown.same_as is not None:
        return said("label.same_picture", language=language, number=str(numbers[shown.same_as]))
    if not has_picture:
        return said("label.no_picture", language=language)
    path = "label.picture_left_out" if is_redacted else "label.picture_failed"
    return said(path, language=language, reason=shown.why_not)


def _files(kept: KeptCapture, layout: Layout, language: Language) -> Iterator[FileRow]:
    for position, file in enumerate(kept.stored.files):
        yield FileRow(
            path=layout.files[kept.stored.id, position].rpartition("/")[2],
            size=size_words(file.size, language=language),
            sha256=file.sha256,
            readable=file.path not in kept.missing,
        )


def attachments_of(
    evidence: Evidence, layout: Layout, album: Album, files: Files, *, language: Language
) -> tuple[AttachmentView, ...]:
    """Return every attachment, with its picture or its mail's headers where it has any."""
    return tuple(
        AttachmentView(
            name=one_line(attached.name, limit=_LONGEST),
            rows=_attachment_rows(attached, evidence, layout, language),
            picture=_photo(attached, album),
            mail=_mail_head(attached, files)
            if attached.media_type in _MAILS and attached.path not in evidence.missing
            else (),
        )
        for attached in evidence.attachments
    )


def _attachment_rows(attached: Attachment, evidence: Evidence, layout: Layout, language: Language) -> Rows:
    size = size_words(attached.size, language=language)
    is_there = attached.path not in evidence.missing
    values = {
        "added": whole_moment(attached.at, language=language),
        "type": joined((attached.media_type, size)),
        "sha256": attached.sha256,
        "file": layout.attachments[attached.id] if is_there else said("label.unreadable", language=language),
    }
    return tuple((said(f"label.{name}", language=language), value) for name, value in values.items())


def _photo(attached: Attachment, album: Album) -> PieceView | None:
    photo = album.photos.get(attached.id)
    if photo is None:
        return None
    name = one_line(attached.name, limit=_LONGEST)
    return PieceView(source=photo.path.name, width=photo.width, height=photo.height, caption="", alt=name)


def _mail_head(attached: Attachment, files: Files) -> Rows:
    """Return the headers that say who wrote when to whom; a mail that cannot be parsed gives none."""
    try:
        with files.open(attached.path) as stream:
            mail = message_from_binary_file(BytesIO(stream.read(_MAIL_HEAD)), policy=default)
        return tuple((name, one_line(str(mail[name]), limit=_LONGEST)) for name in _HEADERS if mail[name])
    except (StorageError, OSError, MessageError, ValueError, LookupError, AttributeError, TypeError):
        return ()  # strangers' headers make the parser stumble in many ways
