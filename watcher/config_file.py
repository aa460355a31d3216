"""Reading the config file, with every mistake in it reported at once."""

import tomllib
from difflib import get_close_matches
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from watcher.config import Config, ConfigError, notify_model
from watcher.texts.language import LANGUAGES, Language, _


def load(path: Path) -> Config:
    """Read the config.

    Raises:
        ConfigError: the file is missing, is no TOML, or has mistakes; the message lists all of them, each with its place.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        message = _("There is no config at {path}.").format(path=path)
        raise ConfigError(message, advice=_("`stornowacht init` writes one.")) from error
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            _("The config {path} cannot be read: {reason}.").format(path=path, reason=error)
        ) from error
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(_("{path} is not valid TOML: {reason}.").format(path=path, reason=error)) from error
    context = {"base": path.parent.absolute(), "language": data.get("language", "de")}
    mistakes: list[str] = []
    notify = _validated(notify_model(), data.pop("notify", {}), ("notify",), context, mistakes)
    config = _validated(Config, data, (), context, mistakes)
    if mistakes or config is None or notify is None:
        heading = _("The config {path} has mistakes:").format(path=path)
        raise ConfigError("\n".join([heading, *(f"  {mistake}" for mistake in mistakes)]))
    loaded: Config = config.model_copy(update={"notify": notify})
    return loaded


def _validated(
    model: type[Any], data: object, place: tuple[str, ...], context: dict[str, object], mistakes: list[str]
) -> Any:
    try:
        return model.model_validate(data, context=context)
    except ValidationError as error:
        mistakes.extend(_mistake(place, detail, model) for detail in error.errors(include_url=False))
        return None


def _mistake(place: tuple[str, ...], detail: Any, model: type[BaseModel]) -> str:
    """Return one mistake as `[table] key: what is wrong`."""
    parts = [*place, *(str(part) for part in detail["loc"])]
    where = f"[{'.'.join(parts[:-1])}] {parts[-1]}" if len(parts) > 1 else "".join(parts)
    match detail["type"]:
        case "extra_forbidden":
            what = _("there is no such setting")
            close = get_close_matches(parts[-1], _names(model, detail["loc"][:-1]), n=1)
            if close:
                what += " – " + _("did you mean {name}?").format(name=close[0])
        case "missing":
            what = _("is missing")
        case "value_error":
            what = str(detail["ctx"]["error"])
        case kind:
            what = _plain_words(kind, detail)
    return f"{where}: {what}" if where else what


def _plain_words(kind: str, detail: Any) -> str:
    words = {
        "bool_parsing": _("must be true or false"),
        "bool_type": _("must be true or false"),
        "int_type": _("must be a whole number"),
        "int_parsing": _("must be a whole number"),
        "float_type": _("must be a number"),
        "float_parsing": _("must be a number"),
        "string_type": _("must be a text in quotes"),
        "path_type": _("must be a path in quotes"),
        "model_type": _("must be a table"),
        "tuple_type": _("must be a list in square brackets"),
        "string_pattern_mismatch": _("letters, digits, - and _ only, at most 40"),
        "too_short": _("at least one entry is needed, and it must be right"),
    }
    if kind == "literal_error":
        return _("must be one of {choices}").format(choices=detail["ctx"]["expected"])
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
        named = tomllib.loads(path.read_text(encoding="utf-8")).get("language")
    except (OSError, ValueError):
        return "de"
    return next((language for language in LANGUAGES if language == named), "de")
