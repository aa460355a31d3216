"""The words of a look back, and when each fits; read from `lookback.toml` beside this module."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from watcher.domain.look_back import FLAGS, CaseFacts, LookBackRule, suggestions
from watcher.domain.reason import CancelReason
from watcher.domain.step import CaseKind
from watcher.texts.language import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """One suggestion in one language."""

    id: str
    says: str
    why: str
    """The tip that it rests on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LookBack:
    """What a look back on one case says."""

    suggestions: tuple[Suggestion, ...]
    """At most three; none where the case's own facts point to nothing."""
    nothing: str
    """What is said then."""


def look_back(facts: CaseFacts, *, language: Language) -> LookBack:
    """Return what would have helped, by the case's own facts."""
    words = _words()
    return LookBack(
        suggestions=tuple(
            Suggestion(id=rule.id, says=words[rule.id]["says"][language], why=words[rule.id]["why"][language])
            for rule in suggestions(rules(), facts)
        ),
        nothing=_data()["nothing"][language],
    )


@cache
def rules() -> tuple[LookBackRule, ...]:
    """Return every rule, in the order in which they speak.

    Raises:
        ValueError: a rule names a fact that there is none of, or no condition at all.
    """
    return tuple(_rule(entry["id"], entry["when"]) for entry in _data()["suggestion"])


def _rule(rule_id: str, when: Mapping[str, Any]) -> LookBackRule:
    known = {
        "reasons", "unless_reasons", "no_reason", "goods", "findings", "unless_findings", "answered_hours", "waited_days",
        "first_try_hours", "flags",
    }  # fmt: skip
    flags = frozenset(when.get("flags", ()))
    unknown = {flag for flag in flags if flag.removeprefix("not_") not in FLAGS} | (when.keys() - known)
    if unknown or not when:
        raise ValueError(
            f"lookback.toml: {rule_id} has no condition, or one that is unknown: {sorted(unknown)}"
        )
    return LookBackRule(
        id=rule_id,
        reasons=frozenset(map(CancelReason, when.get("reasons", ()))),
        unless_reasons=frozenset(map(CancelReason, when.get("unless_reasons", ()))),
        no_reason=when.get("no_reason", False),
        goods=frozenset(map(CaseKind, when.get("goods", ()))),
        findings=frozenset(when.get("findings", ())),
        unless_findings=frozenset(when.get("unless_findings", ())),
        answered_hours=when.get("answered_hours"),
        waited_days=when.get("waited_days"),
        first_try_hours=when.get("first_try_hours"),
        flags=flags,
    )


@cache
def _words() -> Mapping[str, Any]:
    return {entry["id"]: entry for entry in _data()["suggestion"]}


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("lookback.toml").read_text(encoding="utf-8"))
