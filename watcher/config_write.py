"""Putting a config in its place: only one that loads, whole or not at all, for its owner's eyes alone."""

from contextlib import suppress
from pathlib import Path

from notifiers.secret_keeping import write_private
from watcher.config import Config, ConfigError
from watcher.config_file import load
from watcher.crash_points import crash_point
from watcher.texts.language import _


def checked(path: Path, text: str) -> Config:
    """Return what a text would mean in the place of that config; the file there is not touched.

    Raises:
        ConfigError: it has mistakes, all of them named, or nothing can be written there.
    """
    trial = path.with_name(path.name + ".new")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_private(trial, text)
        return load(trial)
    except ConfigError as error:
        raise ConfigError(error.message.replace(str(trial), str(path)), advice=error.advice) from error
    except (OSError, UnicodeError) as error:
        raise not_written(path, error) from error
    finally:
        with suppress(OSError):
            trial.unlink(missing_ok=True)


def put(path: Path, text: str, *, keep_old: bool = False) -> Config:
    """Put a text in the place of that config, and return what it means.

    1. It is loaded from a copy beside the file: one with mistakes changes nothing.
    2. With `keep_old` the file that was there is kept beside it as `.bak`; an older `.bak` stays, too.
    3. The new one takes its place in one step, readable by its owner alone. A link stays a link.

    Raises:
        ConfigError: it has mistakes, or cannot be written.
    """
    config = checked(path, text)
    try:
        place = path.resolve()
        if keep_old and place.exists():
            write_private(_free(path.with_name(path.name + ".bak")), _text_of(place))
            crash_point("old_config_kept")
        write_private(place, text)
    except (OSError, UnicodeError) as error:
        raise not_written(path, error) from error
    return config


def not_written(path: Path, error: Exception) -> ConfigError:
    """Return the fault that a config cannot be written."""
    reason = (error.strerror if isinstance(error, OSError) else None) or error
    return ConfigError(_("{path} cannot be written: {reason}.").format(path=path, reason=reason))


def _free(path: Path) -> Path:
    """Return a name that nobody has yet."""
    if not path.exists():
        return path
    return next(
        free for number in range(2, 10_000) if not (free := path.with_name(f"{path.name}{number}")).exists()
    )


def _text_of(path: Path) -> str:
    """Return a file's text such that it can be written again byte by byte, even where it is no text at all."""
    return path.read_bytes().decode("utf-8", errors="surrogateescape")
