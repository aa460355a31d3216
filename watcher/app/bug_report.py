"""A bug report for strangers: how the program, its settings and its days are, and nothing about anybody.

Nothing is left out by being recognised as private; only what is known to be the program's own gets in.
"""

import json
import re
import tomllib
import zipfile
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from io import BytesIO
from typing import Any

from watcher.app.catalogue import PastCheck
from watcher.app.doctor.finding import Finding
from watcher.app.ports import Store
from watcher.domain.channel_health import ChannelHealth
from watcher.texts.redact import MASK, is_own_word, redacted, told

_PRIVATE_KEY = re.compile(
    "pass|secret|token|key|topic|user|name|login|sender|from|host|url|address|dir|file|path|folder|executable|proxy|phone"
    r"|domain|title|text|server|chat|account|\bto$"
)
_SPAN = re.compile(r"\d{1,6}\s*([smhd]|MB|GB)")
_CLOCK = re.compile(r"\d\d:\d\d(\s*-\s*\d\d:\d\d)?")
_LANGUAGES = frozenset({"de", "en"})
_REFERENCE = re.compile(r"(env|file|keyring):")
_LARGEST_NUMBER = 100_000
_OPAQUE = frozenset({"order", "case", "capture"})
_ACCOUNTS = frozenset({"account", "accounts"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One file of the report."""

    name: str
    what: str
    """What it holds, for whoever is asked to send it."""
    content: str


class Aliases:
    """Numbers in place of the names of accounts."""

    def __init__(self, accounts: Sequence[str]) -> None:
        self._numbers = {name: f"account-{number}" for number, name in enumerate(accounts, start=1)}

    def of(self, account: str) -> str:
        """Return what an account is called in the report."""
        return self._numbers.get(account, MASK)


def as_json(value: object) -> str:
    """Return a value as people can read it."""
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def packed(parts: Iterable[Part]) -> bytes:
    """Return the report as a ZIP file."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for part in parts:
            file.writestr(part.name, part.content)
    return buffer.getvalue()


def masked_config(text: str, *, known: Collection[str]) -> str:
    """Return a config with its tables and settings, without comments, and with masks for whatever could name somebody.

    Args:
        text: the file's text.
        known: the names of tables and settings that the program itself has; others are masked, too.
    """
    try:
        data = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        return f"# no valid TOML: {redacted(str(error))}\n"
    return "\n".join(_tables(data, "", known)).lstrip("\n") + "\n"


def _tables(table: Mapping[str, Any], place: str, known: Collection[str]) -> Iterator[str]:
    inner = []
    for name, value in table.items():
        shown = name if name in known else MASK
        where = f"{place}.{shown}" if place else shown
        if isinstance(value, dict):
            inner.append((f"[{where}]", where, value))
        elif isinstance(value, list) and value and all(isinstance(each, dict) for each in value):
            inner += [(f"[[{where}]]", where, each) for each in value]
        else:
            yield f"{shown} = {_setting(name, value, is_known=name in known)}"
    for heading, where, each in inner:
        yield ""
        yield heading
        yield from _tables(each, where, known)


def _setting(name: str, value: Any, *, is_known: bool) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return "[" + ", ".join(_setting(name, each, is_known=is_known) for each in value[:20]) + "]"
    if isinstance(value, (int, float)) and is_known and abs(value) < _LARGEST_NUMBER:
        return str(value)
    if isinstance(value, str) and is_known:
        return json.dumps(_text(name, value), ensure_ascii=False)
    if isinstance(value, (datetime, date, time)) and is_known:
        return str(value)
    return f'"{MASK}"'


def _text(name: str, value: str) -> str:
    reference = _REFERENCE.match(value)
    if reference is not None:
        return f"{reference[0]}{MASK}"
    if _SPAN.fullmatch(value) or _CLOCK.fullmatch(value) or value in _LANGUAGES or not value:
        return value
    is_word = value.isalpha() and value.islower() and is_own_word(value)
    return value if is_word and _PRIVATE_KEY.search(name) is None else MASK


def log_lines(entries: Iterable[Mapping[str, Any]], aliases: Aliases) -> str:
    """Return the lines of a log, masked once more, with numbers in place of accounts and ids."""
    return "".join(json.dumps(_entry(entry, aliases), ensure_ascii=False) + "\n" for entry in entries)


def _entry(entry: Mapping[str, Any], aliases: Aliases) -> dict[str, Any]:
    return {name: _logged(name, value, aliases) for name, value in entry.items() if name.isidentifier()}


def _logged(name: str, value: Any, aliases: Aliases) -> Any:
    if isinstance(value, list):
        return [_logged(name, each, aliases) for each in value[:20]]
    if name in _ACCOUNTS and isinstance(value, str):
        return aliases.of(value)
    if name in _OPAQUE:
        return MASK
    return told(name, value)


def doctor_lines(findings: Iterable[Finding], aliases: Aliases) -> list[dict[str, str]]:
    """Return what an examination has found."""
    lines = []
    for finding in findings:
        kind, slash, about = finding.name.partition("/")
        named = (
            f"{kind}/{aliases.of(about)}"
            if slash and kind in {"profile", "session", "readers"}
            else finding.name
        )
        lines.append(
            {
                "name": named
                if named != finding.name or not slash or is_own_word(about)
                else f"{kind}/{MASK}",
                "state": finding.state.value,
                "said": redacted(finding.said),
                "advice": redacted(finding.advice),
            }
        )
    return lines


def state_of(
    store: Store,
    *,
    accounts: Sequence[str],
    channels: Sequence[str],
    past: Iterable[PastCheck],
    aliases: Aliases,
) -> dict[str, Any]:
    """Return how the watch stands: outcomes, counts and kinds."""
    catalogue = store.catalogue()
    return {
        "accounts": [_account(store, name, aliases) for name in accounts],
        "checks": [
            {"account": aliases.of(name), "outcome": outcome, "cause": cause, "times": times}
            for (name, outcome, cause), times in sorted(
                Counter((check.account, check.outcome, check.cause or "") for check in past).items()
            )
        ],
        "orders": {stage.value: count for stage, count in catalogue.counts().items()},
        "cases": dict(Counter(case.kind.value for case in store.cases())),
        "open_cases": sum(case.is_open for case in store.cases()),
        "captures": catalogue.find_captures().found,
        "alerts": dict(Counter(_fate(entry) for entry in store.outbox())),
        "channels": [_channel(store.channel_health(name)) for name in channels],
    }


def _account(store: Store, name: str, aliases: Aliases) -> dict[str, Any]:
    account = store.account(name)
    return {
        "account": aliases.of(name),
        "last_check": _moment(account.last_check_at),
        "last_outcome": account.last_outcome,
        "last_cause": account.last_cause,
        "last_complete": _moment(account.last_complete_at),
        "failures": account.failures,
        "blocks": account.blocks,
        "next_check": _moment(account.next_check_at),
        "next_check_reason": account.next_check_reason,
        "logged_in_since": _moment(account.session.since),
        "words": dict(Counter(str(word.kind) for word in store.words(name))),
    }


def _fate(entry: Any) -> str:
    state = "sent" if entry.sent_at else "dropped" if entry.dropped_at else "waiting"
    return f"{entry.alert.kind.value}: {state}"


def _channel(health: ChannelHealth) -> dict[str, Any]:
    return {
        "channel": health.channel,
        "state": health.liveness.value,
        "took": _moment(health.took_at),
        "failing_since": _moment(health.failing_since),
        "failures": health.failures,
        "problem": redacted(getattr(health, "problem", "") or ""),
    }


def _moment(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
