"""What a config means, in plain values that another version can be held to."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from watcher.config import Config


def meaning(config: Config, base: Path) -> dict[str, Any]:
    """Return everything that is set, paths below `base` without it."""
    told = config.model_dump(mode="json")
    told["notify"] = {name: settings.model_dump(mode="json") for name, settings in config.channels.items()}
    return {name: _from(value, f"{base}/") for name, value in told.items()}


def lost(before: object, now: object, place: str = "") -> Iterator[str]:
    """Yield what was meant before and is not meant now; what has been added since is nobody's loss."""
    if isinstance(before, dict) and isinstance(now, dict):
        for name, value in before.items():
            yield from lost(value, now.get(name, "nothing"), f"{place}.{name}".lstrip("."))
    elif isinstance(before, list) and isinstance(now, list) and len(before) == len(now):
        for number, (value, other) in enumerate(zip(before, now, strict=True)):
            yield from lost(value, other, f"{place}[{number}]")
    elif before != now:
        yield f"{place}: {before!r} has become {now!r}"


def _from(value: Any, base: str) -> Any:
    match value:
        case str():
            return value.removeprefix(base)
        case list():
            return [_from(each, base) for each in value]
        case dict():
            return {name: _from(each, base) for name, each in value.items()}
        case _:
            return value
