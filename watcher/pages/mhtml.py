"""A page archive (MHTML), taken apart and put together again: only what is changed is written anew."""

import base64
import binascii
import quopri
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.errors import HeaderParseError
from email.header import Header, decode_header, make_header

_BOUNDARY = re.compile(rb'boundary="?([^"\r\n;]+)"?', re.IGNORECASE)
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_FIELD = re.compile(r"(?m)^(?P<name>[\w-]+):[ \t]*(?P<value>.*(?:\r?\n[ \t].*)*)")
_FOLD = re.compile(r"\r?\n[ \t]+")
_TEXTS = ("text/", "application/json", "application/javascript", "application/xhtml", "application/xml", "image/svg", "+xml", "+json")  # fmt: skip
_ENCODED = re.compile(r"=\?[\w-]+\?[bBqQ]\?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One file of a page archive, decoded."""

    media_type: str
    content: bytes

    @property
    def is_text(self) -> bool:
        """Whether it can be read as a text."""
        return any(kind in self.media_type for kind in _TEXTS)


def parts(archive: bytes) -> Iterator[Part]:
    """Yield the files of a page archive."""
    _, pieces = _split(archive)
    for piece in pieces:
        head, body = _head_and_body(piece)
        media_type, encoding = _kind(head)
        yield Part(media_type=media_type, content=_decoded(body.removesuffix(b"\r"), encoding))


def rewrite(
    archive: bytes, *, text: Callable[[str], str], is_spoilt: Callable[[bytes], bool] = lambda _: False
) -> bytes:
    """Return a page archive in which every text and every header went through `text`.

    What comes back unchanged keeps its bytes. Of files that are no text those that are spoilt are emptied. An archive
    that cannot be taken apart goes through `text` as a whole.
    """
    separator, pieces = _split(archive)
    if not separator:
        return _through(archive, text)
    begin, _, rest = archive.partition(separator)
    written = [_headers(begin, text)]
    written.extend(_rewritten(piece, text, is_spoilt) for piece in pieces)
    end = rest.split(separator)[-1]
    return separator.join([*written, end])


def _split(archive: bytes) -> tuple[bytes, list[bytes]]:
    """Return the line that stands between the files, and the files; nothing where there is no such line."""
    head_end = _HEAD_END.search(archive)
    found = _BOUNDARY.search(archive, 0, head_end.start() if head_end else len(archive))
    if found is None:
        return b"", []
    separator = b"\n--" + found[1]
    pieces = archive.split(separator)[1:]
    if not pieces or not pieces[-1].startswith(b"--"):
        return b"", []
    return separator, pieces[:-1]


def _rewritten(piece: bytes, text: Callable[[str], str], is_spoilt: Callable[[bytes], bool]) -> bytes:
    head, body = _head_and_body(piece)
    media_type, encoding = _kind(head)
    content = _decoded(body.removesuffix(b"\r"), encoding)
    gap = piece[len(head) : len(piece) - len(body)]
    if Part(media_type=media_type, content=content).is_text:
        changed = _through(content, text)
    else:
        changed = b"" if is_spoilt(content) else content
    if changed != content:
        body = _encoded(changed, encoding) + (b"\r" if body.endswith(b"\r") else b"")
    return _headers(head, text) + gap + body


def _head_and_body(piece: bytes) -> tuple[bytes, bytes]:
    end = _HEAD_END.search(piece)
    return (piece, b"") if end is None else (piece[: end.start()], piece[end.end() :])


def _kind(head: bytes) -> tuple[str, str]:
    fields = {match["name"].lower(): match["value"] for match in _FIELD.finditer(_readable(head))}
    media_type = fields.get("content-type", "text/plain").partition(";")[0].strip().lower()
    return media_type, fields.get("content-transfer-encoding", "").strip().lower()


def _decoded(body: bytes, encoding: str) -> bytes:
    if encoding == "quoted-printable":
        return quopri.decodestring(body)
    if encoding == "base64":
        try:
            return base64.b64decode(body)
        except (ValueError, binascii.Error):
            return body
    return body


def _encoded(content: bytes, encoding: str) -> bytes:
    if encoding == "quoted-printable":
        lines = quopri.encodestring(content.replace(b"\r\n", b"\n"))
        return lines.replace(b"\n", b"\r\n")
    if encoding == "base64":
        return base64.encodebytes(content).replace(b"\n", b"\r\n")
    return content


def _headers(head: bytes, text: Callable[[str], str]) -> bytes:
    """Let every header go through; one that is folded or encoded is written anew if it changes."""
    plain = _readable(head)

    def field(match: re.Match[str]) -> str:
        raw = match["value"]
        value = _unfolded(raw)
        changed = text(value)
        if changed == value:
            return match[0]
        whole = changed.encode(errors="replace").decode()
        shown = changed if changed.isascii() else Header(whole, "utf-8").encode(linesep="\r\n")
        return f"{match['name']}: {shown}" + ("\r" if raw.endswith("\r") else "")

    return _FIELD.sub(field, plain).encode(errors="surrogateescape")


def _unfolded(raw: str) -> str:
    value = _FOLD.sub(" ", raw).rstrip("\r")
    if not _ENCODED.search(value):
        return value
    try:
        return str(make_header(decode_header(value)))
    except (HeaderParseError, LookupError, ValueError):
        return value


def _through(content: bytes, text: Callable[[str], str]) -> bytes:
    return text(_readable(content)).encode(errors="surrogateescape")


def _readable(content: bytes) -> str:
    return content.decode(errors="surrogateescape")
