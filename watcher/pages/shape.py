"""The shape of a JSON answer: its keys and kinds, without what people wrote or are."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from watcher.domain.capture import Body
from watcher.pages.addresses import place_of
from watcher.pages.code_words import shown_name
from watcher.pages.masking import shown_value

_SITE = "kleinanzeigen.de"
_DEEPEST = 14
_MOST_KEYS = 80
_MOST_GROUPS = 30
_MOST_WORDS = 12
_MOST_LINES = 600


def shape_of(content: bytes) -> list[str]:
    """Return the shape of a JSON answer in lines; entries of an array with the same keys are told as one."""
    try:
        value = json.loads(content)
    except (ValueError, RecursionError):
        return [f"no JSON that can be parsed ({_size(len(content))})"]
    lines = list(_lines([value], key="", depth=0))
    if len(lines) > _MOST_LINES:
        return [*lines[:_MOST_LINES], f"... and {len(lines) - _MOST_LINES} lines more"]
    return lines


def answer_of(body: Body) -> list[str]:
    """Return an answer in lines: from where it came, its status and its shape, as far as strangers may read that."""
    try:
        parts = urlsplit(body.url)
        host = parts.hostname or ""
    except ValueError:
        host, parts = "", urlsplit("")
    shown = shown_name(host) if host == _SITE or host.endswith(f".{_SITE}") else "(another host)"
    path = place_of(body.url).partition("://")[2].partition("/")[2]
    shown_path = "/".join(part if part == "…" else shown_name(part) for part in path.split("/"))
    names = " ".join(sorted({shown_name(key) for key, _ in parse_qsl(parts.query)}))
    heading = f"{shown} /{shown_path}" + (f" ? {names}" if names else "") + f" -> {body.status}"
    return [heading, "", "```", *shape_of(body.content), "```", ""]


def _size(count: int) -> str:
    sizes = ((0, "empty"), (1 << 10, "under 1 KB"), (1 << 20, "under 1 MB"))
    return next((name for limit, name in sizes if count <= limit), "1 MB or more")


def _lines(values: Sequence[Any], *, key: str, depth: int) -> Iterator[str]:
    """Return the common shape of several values that stand at the same place."""
    pad = "  " * depth
    if depth >= _DEEPEST:
        yield f"{pad}..."
        return
    plain = list(
        dict.fromkeys(shown_value(value, key=key) for value in values if not isinstance(value, dict | list))
    )
    if plain:
        yield pad + " | ".join(plain[:_MOST_WORDS]) + (" | ..." if len(plain) > _MOST_WORDS else "")
    entries = [entry for value in values if isinstance(value, list) for entry in value]
    if any(isinstance(value, list) for value in values):
        yield f"{pad}[ x {_count(len(entries))}" if entries else f"{pad}[]"
        if entries:
            yield from _lines(entries, key=key, depth=depth + 1)
    for group in _by_keys([value for value in values if isinstance(value, dict)]):
        yield f"{pad}{{ x {_count(len(group))}" if len(group) > 1 else f"{pad}{{"
        yield from _object(group, depth=depth + 1)


def _object(group: Sequence[Mapping[str, Any]], *, depth: int) -> Iterator[str]:
    pad = "  " * depth
    for name in list(group[0])[:_MOST_KEYS]:
        lines = list(_lines([entry[name] for entry in group], key=name, depth=depth + 1))
        if len(lines) == 1:
            yield f"{pad}{shown_name(name)}: {lines[0].strip()}"
        else:
            yield f"{pad}{shown_name(name)}:"
            yield from lines
    if len(group[0]) > _MOST_KEYS:
        yield f"{pad}... and more keys"


def _by_keys(objects: Sequence[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Return the objects grouped by their keys: one kind of message has other keys than another."""
    groups: dict[frozenset[str], list[dict[str, Any]]] = {}
    for entry in objects:
        groups.setdefault(frozenset(entry), []).append(entry)
    return list(groups.values())[:_MOST_GROUPS]


def _count(count: int) -> str:
    """Return how many there are; a large number is coarse, for it may tell one account from another."""
    return str(count) if count < 10 else "10 or more" if count < 100 else "100 or more"  # noqa: PLR2004
