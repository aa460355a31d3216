"""The rules about ads: those of `rules.toml` beside this module, less those that are switched off, and the user's own."""

import tomllib
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from watcher.domain.confidence import Confidence
from watcher.domain.fact import Fact, Grade, Saying
from watcher.listings.phrases import Phrases
from watcher.listings.rule import Check, Kind, Rule, Tip, Topic, Unless

_PLACES = {
    Check.TITLE_WORDS: {"words"},
    Check.TEXT_WORDS: {"words"},
    Check.PHOTO_COUNT: {"count"},
    Check.PHOTO_SIZE: {"photos"},
    Check.PHOTO_DARK: {"photos"},
    Check.PHOTO_BLURRED: {"photos"},
    Check.PHOTO_TWICE: {"photos"},
    Check.PHOTO_BROKEN: {"photos"},
    Check.UNTRACKED: {"option"},
    Check.TOO_HEAVY: {"kg", "option"},
    Check.TOO_LONG: {"cm", "option"},
    Check.SHIPPING_DEAR: {"shipping", "price"},
    Check.AGE_DAYS: {"days"},
}
"""What each check fills into the words of its rule."""
_FIELDS = {
    "id", "tip", "topic", "check", "de", "en", "is_wording", "certainty", "source", "seen", "confidence", "limit",
    "likely_limit", "needs", "attributes", "never", "only_for", "not_for", "surer_for", "kinds", "unless",
}  # fmt: skip


@cache
def shipped_rules() -> tuple[Rule, ...]:
    """Return every rule that comes with the program, in the order in which a seller writes an ad."""
    topics = tuple(Topic)
    return tuple(sorted(map(rule_from, _data()["rule"]), key=lambda rule: topics.index(rule.topic)))


@cache
def tips() -> tuple[Tip, ...]:
    """Return the seven tips, by their numbers."""
    return tuple(
        Tip(
            number=entry["number"],
            title=Saying(de=entry["de"], en=entry["en"]),
            unseen=Saying(**entry.get("unseen", {"de": "", "en": ""})),
            fact=_fact(entry),
        )
        for entry in _data()["tip"]
    )


def rules_in_force(*, off: Collection[str] = (), own: Iterable[Rule] = ()) -> tuple[Rule, ...]:
    """Return the rules that an ad is judged by: those shipped that are not switched off, then the user's own.

    Raises:
        ValueError: `off` names a rule that does not exist, or an own rule has the name of another one.
    """
    known = [rule.id for rule in shipped_rules()]
    for name in off:
        if name not in known:
            raise ValueError(f"there is no rule {name!r}; known are {', '.join(known)}")
    own = tuple(own)
    taken = [*known, *(rule.id for rule in own)]
    for rule in own:
        if taken.count(rule.id) > 1:
            raise ValueError(f"there is a rule {rule.id!r} already")
    return (*(rule for rule in shipped_rules() if rule.id not in off), *own)


def own_rule(
    *, name: str, needs: Sequence[str], never: Sequence[str], says: str, why: str, better: str
) -> Rule:
    """Return a rule of the user's own: words of which one must stand in an ad, or none may.

    Raises:
        ValueError: it has both kinds of words or none, or one that cannot be looked for.
    """
    if bool(needs) == bool(never):
        raise ValueError("name either needs or never")
    for word in (*needs, *never):
        if len(word) > 1 and word.startswith("/") and word.endswith("/"):
            raise ValueError(f"{word!r}: write words; a * stands for any letters")
    return Rule(
        id=name,
        tip=None,
        topic=Topic.OWN,
        check=Check.LACKS if needs else Check.HAS,
        says=Saying(de=says, en=says),
        why=Saying(de=why, en=why),
        better=Saying(de=better, en=better),
        is_wording=True,
        certainty=Confidence.CERTAIN,
        fact=None,
        needs=Phrases.of(needs),
        never=Phrases.of(never),
    )


def rule_from(entry: Mapping[str, Any]) -> Rule:
    """Return a rule from its table.

    Raises:
        ValueError: something in it is missing, unknown or makes no sense; the message names the rule and the place.
    """
    name = entry.get("id", "?")
    try:
        return _rule(entry)
    except KeyError as error:
        raise ValueError(f"rule {name!r}: {error.args[0]} is missing") from error
    except (TypeError, ValueError) as error:
        raise ValueError(f"rule {name!r}: {error}") from error


def _rule(entry: Mapping[str, Any]) -> Rule:
    unknown = set(entry) - _FIELDS
    if unknown:
        raise ValueError(f"{', '.join(sorted(unknown))} is unknown")
    check, tip = Check(entry["check"]), entry["tip"]
    if tip not in range(1, 8):
        raise ValueError(f"tip must be 1 to 7, not {tip!r}")
    says = Saying(de=entry["de"]["says"], en=entry["en"]["says"])
    _mind_places(says, _PLACES.get(check, set()))
    words = {
        name: Phrases.of(entry.get(name, ()))
        for name in ("needs", "never", "only_for", "not_for", "surer_for")
    }
    if check is Check.LACKS and not words["needs"]:
        raise ValueError("needs is missing")
    if check in {Check.HAS, Check.NOT_NEW} and not words["never"]:
        raise ValueError("never is missing")
    return Rule(
        id=entry["id"],
        tip=tip,
        topic=Topic(entry["topic"]),
        check=check,
        says=says,
        why=Saying(de=entry["de"]["why"], en=entry["en"]["why"]),
        better=Saying(de=entry["de"]["better"], en=entry["en"]["better"]),
        is_wording=entry["is_wording"],
        certainty=Confidence(entry["certainty"]),
        fact=_fact(entry),
        limit=entry.get("limit"),
        likely_limit=entry.get("likely_limit"),
        attributes=tuple(entry.get("attributes", ())),
        kinds=frozenset(map(Kind, entry.get("kinds", ("offer", "give_away")))),
        unless=frozenset(map(Unless, entry.get("unless", ()))),
        **words,
    )


def _mind_places(says: Saying, known: set[str]) -> None:
    for text in (says.de, says.en):
        for part in text.split("{")[1:]:
            place = part.split("}")[0]
            if place not in known:
                raise ValueError(f"nothing fills {{{place}}} in says")


def _fact(entry: Mapping[str, Any]) -> Fact:
    return Fact(source=entry["source"], seen=entry["seen"], confidence=Grade(entry["confidence"]))


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("rules.toml").read_text(encoding="utf-8"))
