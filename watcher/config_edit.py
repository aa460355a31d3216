"""Changing a config that people edit, too: what is asked for changes, and nothing else; comments and order stay.

A setting that the example shows at its default (`# live = "20m"`) is set in that place, and a table that is there as a
comment (`# [notify.ntfy]`) is switched on there. Whether the result says exactly what was meant is read back before it
counts: no value, whatever it holds, can say anything but itself.
"""

import copy
import re
import tomllib
from collections.abc import Mapping
from typing import Any

from tomlkit import item, nl, parse, table
from tomlkit.exceptions import TOMLKitError

Changes = Mapping[str, Mapping[str, Any] | None]
"""Table (such as `notify.email`; `""` is the top) -> key -> value. `None` for a value: back to the default; for a table: it goes."""

_HEADER = re.compile(r"(?P<off># ?)?\[\[?(?P<name>[^\[\]]+)\]\]?\s*(?:#.*)?")


class EditError(ValueError):
    """A file that is not changed by a program, for the result would not be what was meant."""


def edited(text: str, changes: Changes) -> str:
    """Return the text of a config with these changes.

    Raises:
        EditError: the file is no TOML, or is written in a way that cannot be changed safely.
    """
    try:
        wanted = _changed(tomllib.loads(text), changes)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise EditError(str(error)) from error
    for prepared in (_prepared(text, changes), text):
        try:
            made = _set(prepared, changes)
            if tomllib.loads(made) == wanted:
                return made
        except (TOMLKitError, tomllib.TOMLDecodeError, KeyError, TypeError, AttributeError, ValueError):
            continue  # the file has another form than the example's
    raise EditError(", ".join(changes))


def _changed(data: dict[str, Any], changes: Changes) -> dict[str, Any]:
    """Return what the file shall say."""
    made = copy.deepcopy(data)
    for name, keys in changes.items():
        parts = name.split(".") if name else []
        if keys is None:
            _drop(made, parts)
            continue
        place = made
        for part in parts:
            place = place.setdefault(part, {})
        for key, value in keys.items():
            if value is None:
                place.pop(key, None)
            else:
                place[key] = value
    return made


def _drop(place: Any, parts: list[str]) -> None:
    """Take a table out, and what then holds nothing any more."""
    head, *rest = parts
    if head not in place:
        return
    if rest:
        _drop(place[head], rest)
        if len(place[head]) == 0:
            del place[head]
    else:
        del place[head]


def _set(text: str, changes: Changes) -> str:
    """Change what is there, and add what is not."""
    document = parse(text)
    for name, keys in changes.items():
        parts = name.split(".") if name else []
        if keys is None:
            _drop(document, parts)
            continue
        place: Any = document
        for number, part in enumerate(parts):
            if part not in place:
                is_last = number == len(parts) - 1
                if is_last and document.as_string().strip():
                    document.add(nl()) if place is document else None
                place[part] = table(is_super_table=not is_last)
            place = place[part]
        for key, value in keys.items():
            if value is None:
                place.pop(key, None)
            elif key not in place or (type(value), value) != _plain(place[key]):
                place[key] = value
    return document.as_string()


def _plain(value: Any) -> tuple[type, Any]:
    bare = value.unwrap() if hasattr(value, "unwrap") else value
    return type(bare), bare


def _prepared(text: str, changes: Changes) -> str:
    """Switch on, by their lines, what stands in the text as a comment; switch off the tables that go."""
    lines = text.splitlines(keepends=True)
    for name, keys in changes.items():
        if name:
            begin = _heading(lines, name, off=False)
            if begin is None and keys is not None and (begin := _heading(lines, name, off=True)) is not None:
                lines[begin] = re.sub(r"^# ?", "", lines[begin])
            if begin is None:
                continue
        else:
            begin = -1
        end = next(
            (n for n in range(begin + 1, len(lines)) if _HEADER.fullmatch(lines[n].strip())), len(lines)
        )
        if keys is None:
            for number in range(begin, end):
                if lines[number].strip() and not lines[number].startswith("#"):
                    lines[number] = "# " + lines[number]
            continue
        for key, value in keys.items():
            _uncover(lines, range(begin + 1, end), key, value)
    return "".join(lines)


def _heading(lines: list[str], name: str, *, off: bool) -> int | None:
    """Return the line that begins a table; with `off` the comment that would."""
    for number, line in enumerate(lines):
        found = _HEADER.fullmatch(line.strip())
        if found and found["name"].strip() == name and bool(found["off"]) is off and "[[" not in line:
            return number
    return None


def _uncover(lines: list[str], where: range, key: str, value: Any) -> None:
    """Set a key in the place where its default is shown."""
    shown = re.compile(rf"# {re.escape(key)} =(?: .*)?")
    is_set = re.compile(rf"{re.escape(key)}\s*=")
    if value is None or any(is_set.match(lines[number]) for number in where):
        return
    for number in where:
        line = lines[number].rstrip("\r\n")
        if shown.fullmatch(line):
            lines[number] = f"{key} = {item(value).as_string()}" + lines[number][len(line) :]
            return
