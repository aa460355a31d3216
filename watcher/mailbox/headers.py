"""The headers of a mail, whatever is wrong with them.

Not the standard library's parser: what is judged here was written by strangers, and a line break that only one of two
parsers sees is how headers are forged. A field starts after a line feed, and nowhere else (RFC 5322, 2.2).
"""

import binascii
import re
from dataclasses import dataclass
from typing import Final

LIMIT: Final = 128 * 1024
"""How many bytes of headers are looked at."""
_MOST_FIELDS = 1000
_LONGEST_VALUE = 16_384
_BODY_BEGINS = re.compile(rb"(?:^|\n)\r?\n")
_NEXT_WORD = re.compile(r"\?=\s+=\?")
_WORD = re.compile(r"=\?([^?\s*]{1,40})(?:\*[^?\s]{0,40})?\?([bq])\?([^?]*)\?=", re.IGNORECASE)
CHARSETS = re.compile(
    r"utf-?8|utf-?(?:7|16|32)(?:le|be)?|iso-?8859-\d{1,2}|(?:windows-?|cp)125\d|(?:us-)?ascii|koi8-[ru]"
    r"|gb(?:2312|k|18030)|big5|shift_jis|euc-(?:jp|kr)|iso-2022-(?:jp|kr)",
    re.IGNORECASE,
)
"""The charsets of mails. Python knows more names, and some of them are no charsets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Headers:
    """The fields of a mail, topmost first."""

    fields: tuple[tuple[str, str], ...]
    """Name in lower case, and value on one line; encoded words are left as they are."""
    complete: bool = True
    """Whether these are all: more than `LIMIT` bytes or a thousand fields are not looked at."""

    def all(self, name: str) -> tuple[str, ...]:
        """Return the values of every field of that name, topmost first."""
        return tuple(value for field, value in self.fields if field == name)

    def first(self, name: str) -> str:
        """Return the value of the topmost field of that name, or nothing."""
        return next(iter(self.all(name)), "")


def read_headers(raw: bytes) -> Headers:
    """Return the headers at the beginning of a mail; bytes that are none give no fields."""
    end = _BODY_BEGINS.search(raw[: LIMIT + 1])
    complete = end is not None or len(raw) <= LIMIT
    block = raw[: end.start() if end else LIMIT]
    fields: list[tuple[str, list[bytes]]] = []
    for line in block.split(b"\n"):
        if line[:1] in {b" ", b"\t"}:
            if fields:
                fields[-1][1].append(line.strip())
            continue
        name, colon, value = line.partition(b":")
        if colon and len(fields) <= _MOST_FIELDS:
            fields.append((name.strip().decode("latin-1").lower(), [value.strip()]))
    return Headers(
        fields=tuple((name, _text(b" ".join(lines))) for name, lines in fields[:_MOST_FIELDS]),
        complete=complete and len(fields) <= _MOST_FIELDS,
    )


def decoded(value: str) -> str:
    """Return a value with its encoded words (RFC 2047) as text; what cannot be decoded stays as it is."""
    return _WORD.sub(_decoded_word, _NEXT_WORD.sub("?==?", value))


def _text(value: bytes) -> str:
    return value[:_LONGEST_VALUE].decode("utf-8", "replace")


def _decoded_word(word: re.Match[str]) -> str:
    charset, encoding, text = word.groups()
    if not CHARSETS.fullmatch(charset):
        return word[0]
    decode = _quoted if encoding in "qQ" else _base64
    try:
        return decode(text.encode("ascii")).decode(charset, "replace")
    except (binascii.Error, UnicodeError, LookupError):
        return word[0]


def _quoted(text: bytes) -> bytes:
    return binascii.a2b_qp(text, header=True)


def _base64(text: bytes) -> bytes:
    return binascii.a2b_base64(text + b"=" * (-len(text) % 4))


def plain(value: str) -> str | None:
    """Return a structured value without its comments, and with nothing in its quoted strings that could be syntax.

    `None`: a comment or a quoted string does not end (RFC 5322, 3.2).
    """
    out: list[str] = []
    depth, quoted, escaped = 0, False, False
    for sign in value:
        if escaped:
            escaped = False
            if quoted and not depth:
                out.append(sign if sign.isalnum() else "_")
        elif sign == "\\" and (quoted or depth):
            escaped = True
        elif quoted:
            quoted = sign != '"'
            out.append("" if sign == '"' else sign if sign.isalnum() or sign in ".-_" else "_")
        elif sign == "(":
            depth += 1
            out.append(" ")
        elif sign == ")" and depth:
            depth -= 1
        elif not depth:
            quoted = sign == '"'
            out.append(" " if quoted else sign)
    return None if depth or quoted or escaped else "".join(out)
