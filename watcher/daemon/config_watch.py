"""The config of a running watch: what is in force, and whether the file says something else by now.

The file is looked at every few seconds on every system, so that a change counts without a signal; SIGHUP makes it count at
once. A file that is just being written is left alone until it has stayed the same between two looks.
"""

from collections.abc import Callable
from pathlib import Path

from notifiers.secret_keeping import write_private
from watcher.config import Config, ConfigError
from watcher.config_file import IN_FORCE, put_in_force, read
from watcher.daemon.log import log
from watcher.errors import StornowachtError
from watcher.texts.language import _

SNAPSHOT = "config.in-force.toml"
_Signature = tuple[int, int, int] | None

Ready = Callable[[str], Config]
"""Makes a config of a text, if a watch can work with it. Raises `StornowachtError` otherwise."""


class ConfigWatch:
    """Knows the config in force, and tells when another one is to be tried."""

    def __init__(self, path: Path, text: str, config: Config, ready: Ready) -> None:
        self.config = config
        self._path, self._text, self._ready = path, text, ready
        self._considered = self._seen = _signature(path)
        self._snapshot: Path | None = None

    @property
    def environment(self) -> dict[str, str]:
        """What tells a child which config is in force."""
        return {IN_FORCE: str(self._snapshot)} if self._snapshot else {}

    def keep(self) -> None:
        """Write down for children what is in force; where that cannot be done they read the file itself."""
        target = self.config.storage_dir / SNAPSHOT
        try:
            write_private(target, self._text)
            self._snapshot = target
        except OSError as error:
            log().warning("config_not_kept", reason=str(error))
            self._snapshot = None

    def has_changed(self) -> bool:
        """Whether the file has changed since it was last considered, and stayed the same since the last look."""
        before, self._seen = self._seen, _signature(self._path)
        return self._seen == before != self._considered

    def take_over(self, *, at_once: bool = False) -> Config | None:
        """Put what the file says now in force, whole; `None` where that is what is in force already.

        Args:
            at_once: whether somebody has asked for it: then the same config is put in force once more.

        Raises:
            StornowachtError: a watch cannot work with it; the old one stays in force, whole.
        """
        self._considered = self._seen = _signature(self._path)
        try:
            text = read(self._path)
            if text == self._text and not at_once:
                return None
            config = self._ready(text)
            self._check_folder(config)
        except StornowachtError:
            put_in_force(self.config, self._path)
            raise
        self.config, self._text = config, text
        self.keep()
        return config

    def _check_folder(self, config: Config) -> None:
        """Refuse another storage folder: the lock, the log and what is remembered are in the old one."""
        if config.storage_dir != self.config.storage_dir:
            raise ConfigError(
                _("[storage] dir cannot be changed while the watch is running."),
                advice=_("Stop `stornowacht run`, move the folder, and start it again."),
            )


def _signature(path: Path) -> _Signature:
    """Return what changes when a file does; `None` where there is none."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino
