"""What a file is, told by its first bytes: its name may say anything.

Signatures: JPEG (JFIF, Exif), PNG (W3C), WebP and MP4/HEIC (ISO/IEC 14496-12, "ftyp"), PDF (ISO 32000), ZIP (APPNOTE). A
mail (RFC 5322) is known by its header, a text by what it lacks.
"""

import re

HEAD = 8192
"""So many bytes are looked at."""
UNKNOWN = "application/octet-stream"
EXTENSIONS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "image/heic": "heic",
    "application/pdf": "pdf",
    "video/mp4": "mp4",
    "video/quicktime": "mov",
    "message/rfc822": "eml",
    "text/plain": "txt",
    "application/zip": "zip",
    UNKNOWN: "bin",
}
"""How a file of each type is named in the vault."""
_STARTS = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"%PDF-", "application/pdf"),
    (b"PK\x03\x04", "application/zip"),
    (b"PK\x05\x06", "application/zip"),
)
_BRANDS = {
    "image/heic": {b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"},
    "video/mp4": {b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"MSNV"}
    | {b"dash", b"3gp4", b"3gp5", b"3gp6"},
    "video/quicktime": {b"qt  "},
}
_FIELD = re.compile(rb"([!-9;-~]{1,76}):[ \t]?")
_OF_MAILS = {
    b"received", b"return-path", b"delivered-to", b"from", b"to", b"date", b"subject", b"message-id", b"mime-version",
    b"content-type", b"dkim-signature", b"reply-to",
}  # fmt: skip
_FEWEST_FIELDS = 3
_BINARY = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")


def media_type_of(head: bytes) -> str:
    """Return the type of the file that begins with these bytes; one that nobody knows is `application/octet-stream`."""
    for start, media_type in _STARTS:
        if head.startswith(start):
            return media_type
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head[4:8] == b"ftyp":
        return next((name for name, brands in _BRANDS.items() if head[8:12] in brands), UNKNOWN)
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):  # UTF-16 with its mark
        return "text/plain"
    if not head or _BINARY.search(head):
        return UNKNOWN
    return "message/rfc822" if _is_mail(head) else "text/plain"


def _is_mail(head: bytes) -> bool:
    """Whether the text begins with a header in which at least three fields are those of mails."""
    known: set[bytes] = set()
    for line in re.split(rb"\r?\n", head):
        if line[:1] in {b" ", b"\t"} and known:
            continue  # the line before goes on
        field = _FIELD.match(line)
        if field is None:
            break
        known.add(field[1].lower())
    return len(known & _OF_MAILS) >= _FEWEST_FIELDS
