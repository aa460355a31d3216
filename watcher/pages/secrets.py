"""What counts as a secret: whoever holds it can act as the account.

A secret is known by where it stands (a cookie, an `Authorization` header), by its name (`csrfToken`, `?access_token=`), or by
its shape (a JWT, `Bearer ...`). Ids of conversations, payments and people are none, whatever holds them.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

MARK = re.compile(r"removed-\d+")
"""What stands where a secret stood."""
SHORTEST = 8
_LONGEST, _LONGEST_NAME = 16_384, 60
_LONG, _LONG_NUMBER = 16, 14
_PARTS = ("token", "secret", "session", "csrf", "xsrf", "jwt", "passw", "credential", "bearer", "oauth", "authoriz", "apikey")  # fmt: skip
_WORDS = frozenset({"auth", "sid", "pwd", "otp"})
# What these end on is told about a token, and is none: `tokenType`, `sessionExpiresAt`.
_ABOUT = frozenset(
    {
        "type", "kind", "name", "status", "state", "expires", "expiry", "expiration", "exp", "at", "ttl", "lifetime", "timeout",
        "url", "uri", "endpoint", "path", "domain", "count", "length", "version", "scope", "scopes", "enabled", "required", "valid",
        "method", "provider", "start", "started", "end", "class", "mode", "header", "param", "parameter", "field",
    }
)  # fmt: skip
_ONE_TIME = frozenset({"code", "state", "ticket"})
_INNER = frozenset({"value", "id", "key", "raw", "data"})
_NAME_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_SPACE = re.compile(r"\s")
_HARMLESS = re.compile(
    r"[^@\s]+@[^@\s]+\.\w+|(?:https?:)?/[^\s]*|\d{4}-\d\d-\d\d(?:[T ][\d:.]+(?:Z|[+-][\d:]+)?)?", re.ASCII
)
_JWT = re.compile(r"eyJ[\w-]{6,}\.[\w-]{6,}(?:\.[\w-]*){0,3}", re.ASCII)
_BEARER = re.compile(r"earer(?:\s|%20|\+|&nbsp;)+(?P<value>[\w.~+/=-]{8,8192})", re.ASCII)
_CORES = ("token", "secret", "session", "csrf", "xsrf", "jwt", "passw", "credential", "auth", "sid", "apikey", "api_key", "api-key")  # fmt: skip
_NAME_BEFORE = re.compile(r"[\w$.@-]{0,60}\Z")
_QUOTE = r"(?:\\*[\"']|&quot;|&#34;|&#x22;|&#39;|&apos;|%22|%27)"
_AFTER_NAME = re.compile(
    rf"(?P<rest>[\w$.@-]{{0,60}})(?:{_QUOTE}?\]?\s*(?::|=|%3[aAdD])\s*{_QUOTE}(?P<quoted>(?:\\.|[^\"'\\\s<>]){{8,8192}}?)(?={_QUOTE})"
    r"|(?:=|%(?:25)*3[dD])(?P<bare>[^&#\"'\s<>;,)]{8,8192}?)(?=%(?:25)*2[36]|[&#\"'\s<>;,)]|\Z))"
)
_IN_QUERY = re.compile(r"(?:[?&#;]|%(?:25)*(?:3[fF]|2[36]))\Z")
_ESCAPED = re.compile(r"(?:25)*[0-9a-fA-F]{2}")
_FIELD = re.compile(r"<(?:meta|input)\b[^>]{1,20000}>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""([\w:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")


@lru_cache(maxsize=4096)
def names_secret(name: str) -> bool:
    """Whether what has this name is a token or the like."""
    words = [word.lower() for word in _NAME_WORDS.findall(name)]
    if not words or words[-1] in _ABOUT:
        return False
    joined = "".join(words)
    return any(word in _WORDS for word in words) or any(part in joined for part in _PARTS)


def could_be_secret(value: str, *, strict: bool = False) -> bool:
    """Whether a value that stands under such a name is worth hiding.

    Short ones, plain numbers, moments, addresses and mail addresses are not; when `strict`, words of one case are not either.
    """
    if not SHORTEST <= len(value) <= _LONGEST or _SPACE.search(value):
        return False
    if MARK.fullmatch(value) or _HARMLESS.fullmatch(value):
        return False
    if value.isdigit():
        return len(value) >= _LONG_NUMBER
    is_mixed = _has_digit_and_letter(value) or (value != value.lower() and value != value.upper())
    return is_mixed or (not strict and len(value) >= _LONG)


def of_cookies(
    cookies: Iterable[tuple[str, str, bool]],
) -> tuple[dict[str, str], dict[str, str]]:
    """Return what to hide of cookies (name, value, whether scripts cannot read it), and what to hide unless it is an id."""
    sure: dict[str, str] = {}
    perhaps: dict[str, str] = {}
    for name, value, hidden in cookies:
        what = _named("cookie", name)
        for piece in (value, _plain(value)):
            if hidden or names_secret(name):
                if could_be_secret(piece):
                    sure[piece] = what
            elif len(piece) >= _LONG and _has_digit_and_letter(piece) and could_be_secret(piece):
                perhaps[piece] = what
        sure |= {piece: what for piece, _ in _inside(value)}
    return sure, perhaps


def of_storage(area: str, entries: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return what to hide of a page's storage; `area` is how it is called."""
    found = {}
    for name, value in entries:
        what = _named(area, name)
        if names_secret(name) and could_be_secret(value):
            found[value] = what
        found |= {piece: what for piece, _ in _inside(value)}
        found |= {match[0]: what for match in _JWT.finditer(value)}
    return found


def of_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Return what to hide of headers, of requests and answers alike, but for cookies."""
    found = {}
    for name, value in headers.items():
        if "cookie" in name.lower() or not names_secret(name):
            continue
        for piece in {value, value.rpartition(" ")[2]}:
            if could_be_secret(piece):
                found[piece] = _named("header", name)
    return found


def of_url(url: str) -> dict[str, str]:
    """Return what to hide of an address: parameters that are named like tokens, one-time codes, and JWTs."""
    found = in_text(url)
    try:
        parts = urlsplit(url)
        pairs = [*parse_qsl(parts.query), *parse_qsl(parts.fragment.rpartition("?")[2])]
        password = parts.password
    except ValueError:
        return found
    if password is not None and len(password) >= SHORTEST:
        found[password] = "password of an address"
    for name, value in pairs:
        is_one_time = name.lower() in _ONE_TIME and len(value) >= _LONG and _has_digit_and_letter(value)
        if (names_secret(name) and could_be_secret(value)) or is_one_time:
            found[value] = _named("parameter", name)
    return found


def in_text(text: str) -> dict[str, str]:
    """Return the secrets that a text holds by their shape or their name, be it HTML, a script, JSON or an address."""
    found: dict[str, str] = {}
    for match in _JWT.finditer(text):
        found[match[0].rstrip(".")] = "JWT"
    for match in _BEARER.finditer(text):
        if could_be_secret(match["value"], strict=True):
            found[match["value"]] = "bearer token"
    for name, value in _keyed(text):
        if could_be_secret(value, strict=True):
            found.setdefault(value, _named("key", name))
    for name, value in _fields(text):
        if could_be_secret(value):
            found.setdefault(value, _named("field", name))
    return found


def in_json(value: Any) -> Iterator[tuple[str, str]]:
    """Yield the secrets of a JSON value by their keys, and under which key each one stands."""
    for under, name, entry in _entries(value):
        is_named = names_secret(name) or (name in _INNER and names_secret(under))
        if is_named and isinstance(entry, str) and could_be_secret(entry, strict=True):
            yield entry, name


def ids_in(value: Any) -> Iterator[str]:
    """Yield what a JSON value calls an id: conversations, payments, people, ads."""
    for _, name, entry in _entries(value):
        if not names_secret(name) and name.lower().endswith(("id", "hash", "number")):
            yield str(entry)


def _entries(value: Any) -> Iterator[tuple[str, str, Any]]:
    """Yield every plain entry of every object within a JSON value: its object's own name, its name, and itself."""
    waiting: list[tuple[str, Any]] = [("", value)]
    while waiting:
        under, part = waiting.pop()
        if isinstance(part, list):
            waiting.extend((under, entry) for entry in part)
        elif isinstance(part, dict):
            for name, entry in part.items():
                if isinstance(entry, list | dict):
                    waiting.append((name, entry))
                else:
                    yield under, name, entry


def plain(raw: str) -> str:
    """Return a value as it is meant, whatever it was escaped for."""
    return _plain(re.sub(r"\\+(?:u([0-9a-fA-F]{4})|(.))", _unescaped, unescape(raw)))


def _unescaped(match: re.Match[str]) -> str:
    return chr(int(match[1], 16)) if match[1] else match[2]


def _plain(value: str) -> str:
    decoded = unquote(value, errors="strict") if _decodes(value) else value
    return decoded if decoded.isprintable() else value


def _decodes(value: str) -> bool:
    try:
        unquote(value, errors="strict")
    except UnicodeDecodeError:
        return False
    return True


def _keyed(text: str) -> Iterator[tuple[str, str]]:
    """Yield name and value wherever something that is named like a token is given a value."""
    lowered = text.lower()
    if len(lowered) != len(text):  # a few letters change their length: then places would be off
        lowered = "".join(letter.lower() if letter.isascii() else letter for letter in text)
    for core in _CORES:
        for at in _places(lowered, core):
            match = _AFTER_NAME.match(text, at)
            if match is None:
                continue
            before = _NAME_BEFORE.search(text, max(at - _LONGEST_NAME, 0), at)
            begin = before.start() if before else at
            if begin and text[begin - 1] == "%":  # what stands before the name is escaped
                escaped = _ESCAPED.match(text, begin, at)
                begin = escaped.end() if escaped else begin
            name = text[begin:at] + match["rest"]
            if not names_secret(name):
                continue
            if match["quoted"] is not None:
                yield name, plain(match["quoted"])
            elif _IN_QUERY.search(text, max(begin - 12, 0), begin):
                yield name, plain(match["bare"])


def _fields(text: str) -> Iterator[tuple[str, str]]:
    """Yield name and value of form fields and meta tags that are named like tokens."""
    for tag in _FIELD.finditer(text):
        attributes = {
            match[1].lower(): unescape(match[2] or match[3] or match[4] or "")
            for match in _ATTRIBUTE.finditer(tag[0])
        }
        named = [attributes.get(key, "") for key in ("name", "id", "property", "http-equiv")]
        name = next((name for name in named if names_secret(name)), None)
        if name is not None:
            yield from ((name, attributes[key]) for key in ("content", "value") if key in attributes)


def _inside(value: str) -> Iterator[tuple[str, str]]:
    """Yield the secrets within a value that is itself JSON or a query."""
    for text in {value, _plain(value)}:
        if text[:1] in {"{", "["}:
            try:
                yield from in_json(json.loads(text))
            except (ValueError, RecursionError):
                continue
        elif "=" in text:
            pairs = parse_qsl(text.replace("|", "&").replace(";", "&"))
            yield from (
                (piece, name) for name, piece in pairs if names_secret(name) and could_be_secret(piece)
            )


def _places(text: str, part: str) -> Iterator[int]:
    at = text.find(part)
    while at >= 0:
        yield at
        at = text.find(part, at + 1)


def _named(kind: str, name: str) -> str:
    """Return under which words a secret is told; a name that may itself be one is left out."""
    return kind if len(name) > _LONGEST_NAME or _JWT.search(name) else f"{kind} {name}"


def _has_digit_and_letter(value: str) -> bool:
    return any(letter.isdigit() for letter in value) and any(letter.isalpha() for letter in value)
