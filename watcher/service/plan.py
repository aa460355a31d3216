"""What is to be run with the computer, whichever system starts it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from watcher.service.fault import ServiceError
from watcher.texts.language import _

SECRETS = "service.env"
"""A file beside the config: variables of the environment that a service shall see, such as passwords."""
LOG_FILE_ONLY = "STORNOWACHT_LOG_FILE_ONLY"
"""The variable of a service manager that keeps all that is written to stderr, and never clears any of it away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The daemon with its config, and what it needs around it. All paths are absolute."""

    interpreter: Path
    """The Python of the environment in which this program is installed."""
    config: Path
    storage: Path
    writable: tuple[Path, ...] = ()
    """Other folders that it writes to, by its config."""
    environment: Mapping[str, str] = field(default_factory=dict)
    """Variables that decide where this program finds its things, and that a service would not see by itself."""
    browser_is_snap: bool = False

    @property
    def command(self) -> tuple[str, ...]:
        """The command line; with `-P` no file in the working folder takes the place of a module."""
        return (str(self.interpreter), "-P", "-m", "watcher", "run", "--config", str(self.config))

    @property
    def secrets(self) -> Path:
        """Where the service finds variables that are nobody else's business."""
        return self.config.with_name(SECRETS)


def require_writable(plan: Plan) -> None:
    """Stop where a path or a value cannot stand in the file of any service manager.

    Raises:
        ServiceError: it holds a line break or another control character.
    """
    told = (*plan.command, str(plan.storage), *map(str, plan.writable), *plan.environment.values())
    for text in told:
        if not text.isprintable():
            raise ServiceError(
                _("{text} holds a character that no service manager takes.").format(text=ascii(text)),
                advice=_("Give the folder or the file another name."),
            )
