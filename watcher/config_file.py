"""Reading the config file, with every mistake in it reported at once."""

import os
import tomllib
from datetime import timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from watcher import __version__
from watcher.carriers.own import use_entries
from watcher.config import Config, ConfigError, floor_for, notify_model
from watcher.domain.escalation import unknown_channels
from watcher.durations import FORM, TOO_LONG
from watcher.settings.site import Site
from watcher.texts.language import LANGUAGES, Language, _, use
from watcher.texts.own import use_folder

IN_FORCE = "STORNOWACHT_CONFIG_IN_FORCE"
"""Names the file with the text that a running watch has taken over: its children do not see a change before it does."""
_LONGEST_NAME = 40


def read(path: Path) -> str:
    """Return the text of the config file.

    Raises:
        ConfigError: it is missing, or cannot be read.
    """
    try:
        return path.read_text(encoding="utf-8-sig")  # Windows' editor begins a file with a mark
    except FileNotFoundError as error:
        message = _("There is no config at {path}.").format(path=path)
        raise ConfigError(message, advice=_("`stornowacht init` writes one.")) from error
    except (OSError, ValueError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or error
        raise ConfigError(
            _("The config {path} cannot be read: {reason}.").format(path=path, reason=reason)
        ) from error


def text_in_force() -> str | None:
    """Return the text that the watch, which has started this process, has taken over; `None` where none has."""
    named = os.environ.get(IN_FORCE)
    try:
        return Path(named).read_text(encoding="utf-8") if named else None
    except (OSError, ValueError):
        return None  # then the file itself is the best that is known


def put_in_force(config: Config, path: Path) -> None:
    """Speak a config's language, and show the seller's own texts and entries about carriers."""
    use(config.language)
    use_folder(config.texts.folder or path.absolute().parent / "texts")
    use_entries(config.own_carriers)


def load(path: Path, *, text: str | None = None) -> Config:
    """Read the config; from now on the program speaks the language that it names, first of all about its mistakes.

    From now on it also shows the seller's own versions of ready-made texts, those in the config's folder, and their own
    entries about carriers.

    Args:
        path: the file; what is relative in it is counted from its folder.
        text: what it says; read from the file where it is not given.

    Raises:
        ConfigError: the file is missing, is no TOML, or has mistakes; the message lists all of them, each with its place.
    """
    try:
        data = tomllib.loads(read(path) if text is None else text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ConfigError(_("{path} is not valid TOML: {reason}.").format(path=path, reason=error)) from error
    language = data.get("language", "de")
    if language in LANGUAGES:
        use(language)
    context = {"base": path.parent.absolute(), "language": language, "floor": _floor(data)}
    mistakes: list[str] = []
    tables = data.pop("notify", {})
    model = notify_model(tables if isinstance(tables, dict) else ())
    notify = _validated(model, tables, ("notify",), context, mistakes)
    config = _validated(Config, data, (), context, mistakes)
    if config is not None and notify is not None:
        mistakes.extend(_unknown_channels(config, notify))
        mistakes.extend(_replies_to_nothing(config, notify))
    if mistakes or config is None or notify is None:
        heading = _("The config {path} has mistakes:").format(path=path)
        raise ConfigError(
            "\n".join([heading, *(f"  {mistake}" for mistake in mistakes)]), advice=_way_out(mistakes)
        )
    loaded: Config = config.model_copy(update={"notify": notify})
    put_in_force(loaded, path)
    return loaded


def _unknown_channels(config: Config, notify: Any) -> list[str]:
    """Return what to say of channels that [[escalation]] names and [notify] has not: an alert must not go nowhere."""
    known = [name for name in type(notify).model_fields if getattr(notify, name) is not None]
    named = {kind: policy for table in config.escalation for kind, policy in table.policies().items()}
    return [
        _("[[escalation]] channels: there is no [notify.{name}]").format(name=name)
        for name in unknown_channels(named, known)
    ]


def _replies_to_nothing(config: Config, notify: Any) -> list[str]:
    """Return what to say of a mailbox that is watched for replies where no mails go out."""
    if config.mailbox is None or not config.mailbox.replies or getattr(notify, "email", None) is not None:
        return []
    return [_("[mailbox] replies = true needs a table [notify.email]: its mails are what is replied to")]


def _validated(
    model: type[Any], data: object, place: tuple[str, ...], context: dict[str, object], mistakes: list[str]
) -> Any:
    try:
        return model.model_validate(data, context=context)
    except ValidationError as error:
        details = error.errors(include_url=False)
        mistakes.extend(
            _mistake(place, detail, model, data) for detail in details if not _is_echo(detail, details)
        )
        return None
    except RuntimeError as error:  # "~somebody" in a path of a channel's settings
        mistakes.append(f"[{'.'.join(place)}]: {error}")
        return None


def _way_out(mistakes: list[str]) -> str:
    """Return what may be behind a setting that nobody knows, and that resembles none."""
    if not any(mistake.endswith(_("there is no such setting")) for mistake in mistakes):
        return ""
    return _("This is Stornowacht {version}. Does the setting come from a newer one?").format(
        version=__version__
    )


def _is_echo(detail: Any, details: list[Any]) -> bool:
    """Whether a list is only called too short because its entries have mistakes, which are told themselves."""
    place = detail["loc"]
    return detail["type"] == "too_short" and any(
        other["loc"][: len(place)] == place and len(other["loc"]) > len(place) for other in details
    )


def _floor(data: dict[str, Any]) -> timedelta:
    """Return the floor under the addresses that the file names, so that it is told of with all other mistakes."""
    site = data.get("site")
    named = site if isinstance(site, dict) else {}
    return floor_for(
        *(str(named.get(key, Site.model_fields[key].default)) for key in ("base_url", "gateway_url"))
    )


def _mistake(place: tuple[str, ...], detail: Any, model: type[BaseModel], data: object) -> str:
    """Return one mistake as `[table] key: what is wrong`."""
    where = _where(place, detail["loc"], data)
    match detail["type"]:
        case "extra_forbidden":
            what = _("there is no such setting")
            close = get_close_matches(str(detail["loc"][-1]), _names(model, detail["loc"][:-1]), n=1)
            if close:
                what += " – " + _("did you mean {name}?").format(name=close[0])
        case "missing":
            what = _("is missing")
        case "value_error":
            what = spoken(str(detail["ctx"]["error"]))
        case kind:
            what = _plain_words(kind, detail)
    return f"{where}: {what}" if where else what


def _where(place: tuple[str, ...], loc: tuple[str | int, ...], data: object) -> str:
    """Return a place as `[table] key`; a table of which there may be several is counted and called as its writer does."""
    said, path, shown, count, entry = list[str](), list(place), 0, "", data
    for part in loc:
        if part == "[key]":  # pydantic's mark for a table's own name
            continue
        if isinstance(part, str):
            path.append(part)
            entry = entry.get(part) if isinstance(entry, dict) else None
        elif isinstance(entry, list) and part < len(entry):  # not one value where there may be several
            entry, count = entry[part], " " + _("number {n}").format(n=part + 1)
            if isinstance(entry, dict):
                said.append(f"[[{'.'.join(path)}]]{count}{_called(entry)}")
                shown, count = len(path), ""
    if path[shown:]:
        table = f"[{'.'.join(path[:-1])}] " if path[shown:-1] else ""
        said.append(table + path[-1] + count)
    return ", ".join(said)


def _called(table: dict[str, Any]) -> str:
    """Return by which name a table's writer knows it; nothing where it has none that can be shown."""
    names = (table.get(key) for key in ("id", "name"))
    name = next((name for name in names if isinstance(name, str) and name), "")
    return f' ("{name}")' if name.isprintable() and 0 < len(name) <= _LONGEST_NAME else ""


def spoken(words: str) -> str:
    """Return the words of a mistake that was found where no language is spoken."""
    return {
        FORM: _('write a number and a unit: "90s", "20m", "2h" or "1d"'),
        TOO_LONG: _("must be at most 366d"),
    }.get(words, words)


def _plain_words(kind: str, detail: Any) -> str:
    context = detail.get("ctx", {})
    words = {
        "bool_parsing": _("must be true or false"),
        "bool_type": _("must be true or false"),
        "int_type": _("must be a whole number"),
        "int_parsing": _("must be a whole number"),
        "int_from_float": _("must be a whole number"),
        "float_type": _("must be a number"),
        "float_parsing": _("must be a number"),
        "string_type": _("must be a text in quotes"),
        "path_type": _("must be a path in quotes"),
        "model_type": _("must be a table"),
        "dict_type": _("must be a table"),
        "tuple_type": _("must be a list in square brackets"),
        "string_pattern_mismatch": _("letters, digits, - and _ only, at most 40"),
        "string_too_short": _("must not be empty"),
        "too_short": _("at least one entry is needed, and it must be right"),
        "greater_than": _("must be more than {limit}").format(limit=context.get("gt")),
        "greater_than_equal": _("must be at least {limit}").format(limit=context.get("ge")),
        "less_than": _("must be less than {limit}").format(limit=context.get("lt")),
        "less_than_equal": _("must be at most {limit}").format(limit=context.get("le")),
        "finite_number": _("must be a number"),
    }
    if kind == "literal_error":
        choices = str(context["expected"]).replace("'", '"').replace(" or ", ", ")
        return _("must be one of {choices}").format(choices=choices)
    return words.get(kind, str(detail["msg"]))


def _names(model: type[BaseModel], path: tuple[str | int, ...]) -> list[str]:
    """Return the names that a table may have, for a guess at what was meant."""
    for part in path:
        if isinstance(part, int):
            continue
        field = model.model_fields.get(part)
        tables = _models_in(field.annotation if field else None)
        if not tables:
            return []
        model = tables[0]
    return list(model.model_fields)


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [found for part in get_args(annotation) for found in _models_in(part)]


def peek_language(path: Path) -> Language:
    """Return the language that the config names, German where it names none; never complains."""
    try:
        named = tomllib.loads(path.read_text(encoding="utf-8-sig")).get("language")
    except (OSError, ValueError, RecursionError):
        return "de"
    return next((language for language in LANGUAGES if language == named), "de")
