"""What every page of the set-up works with: the config file as it is now, what was typed, how children are started."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from starlette.requests import Request

from watcher.app.channel_trial import Trial
from watcher.bootstrap import has_desktop, now
from watcher.config import Config, ConfigError
from watcher.config_edit import Changes, EditError, edited
from watcher.config_file import load
from watcher.config_write import put
from watcher.example import example_config
from watcher.first_answers import first_answers
from watcher.texts.language import Language, _, use
from watcher.web.gate import Key
from watcher.web.jobs import Jobs
from watcher.web.setup.mail_draft import MailDraft


class ElsewhereError(Exception):
    """A page that makes no sense yet: another one comes first."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The config file as it is at this moment."""

    is_there: bool
    config: Config | None = None
    """What it says; `None` where there is none, or one with mistakes."""
    mistakes: str = ""
    """What is wrong with it."""

    @property
    def is_broken(self) -> bool:
        """Whether there is a file that cannot be used."""
        return self.is_there and self.config is None

    @property
    def is_accepted(self) -> bool:
        """Whether the seller has accepted the risk."""
        return self.config is not None and self.config.terms.i_accept_the_risk


@dataclass(slots=True, kw_only=True)
class SetupDesk:
    """One running set-up. What was answered stands in the config; here is only what was typed and does not count yet."""

    path: Path
    """The config."""
    key: Key
    jobs: Jobs
    address: str
    """Where it is served, without the token."""
    language: Language = "de"
    has_service: bool = False
    """Whether there is a command that starts the watch with the computer."""
    command: str = "stornowacht"
    """How this program is called on this machine."""
    option: str = ""
    """What must stand behind each command so that it finds this config; begins with a blank."""
    clock: Callable[[], datetime] = now
    stopping: threading.Event = field(default_factory=threading.Event)
    finished: threading.Event = field(default_factory=threading.Event)
    """Set when the person is done."""
    may_replace: bool = False
    """Whether the person has said that a config with mistakes may be replaced."""
    watches_next: bool = False
    """Whether the watch shall begin at once."""
    draft: MailDraft = field(default_factory=MailDraft)
    trials: dict[str, Trial] = field(default_factory=dict)
    """How the last test through each channel fared."""
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def standing(self) -> Standing:
        """Read the config anew: a person may have edited it meanwhile."""
        with self._lock:
            try:
                if not self.path.exists():
                    return Standing(is_there=False)
                return Standing(is_there=True, config=load(self.path))
            except ConfigError as error:
                return Standing(is_there=True, mistakes=error.diagnostics())
            except OSError as error:
                return Standing(is_there=True, mistakes=error.strerror or str(error))
            finally:
                use(self.language)  # the file may name another one than the person has chosen here

    def text_with(self, changes: Changes) -> str:
        """Return the text that the config would have with these changes.

        Raises:
            ConfigError: it cannot be read, or not be changed by a program.
        """
        try:
            text = self.path.read_bytes().decode("utf-8")
            return edited(text.removeprefix("\ufeff"), changes)
        except EditError as error:
            raise ConfigError(
                _("{path} is written in a way that this page cannot change safely: {tables}.").format(
                    path=self.path, tables=error
                ),
                advice=_("Nothing was changed. Change it in the file itself, then load this page again."),
            ) from error
        except (OSError, UnicodeError) as error:
            raise ConfigError(
                _("The config {path} cannot be read: {reason}.").format(path=self.path, reason=error)
            ) from error

    def change(self, changes: Changes) -> Config:
        """Write an answer into the config; everything else in it stays, comments too.

        Raises:
            ConfigError: it would have mistakes, or cannot be written; then nothing has changed.
        """
        with self._lock:
            try:
                return put(self.path, self.text_with(changes))
            finally:
                use(self.language)

    def begin(self) -> Config:
        """Write a new config for somebody who has accepted the risk; one that cannot be used is kept beside it.

        Raises:
            ConfigError: it cannot be written.
        """
        with self._lock:
            try:
                answers = first_answers(language=self.language, accepted=True)
                if has_desktop(self.language):
                    answers["notify.desktop"] = {}
                return put(self.path, example_config(answers), keep_old=True)
            finally:
                use(self.language)


def setup_of(request: Request) -> SetupDesk:
    """Return the desk of the set-up that answers a request."""
    desk: SetupDesk = request.app.state.desk
    return desk


def at_work(request: Request) -> tuple[SetupDesk, Config]:
    """Return desk and config for a page that comes after the terms.

    Raises:
        ElsewhereError: nobody has accepted them yet, or the config cannot be used.
    """
    desk = setup_of(request)
    standing = desk.standing()
    if standing.is_broken:
        raise ElsewhereError("/")
    if standing.config is None or not standing.is_accepted:
        raise ElsewhereError("/terms")
    return desk, standing.config


def words_of(error: ConfigError) -> dict[str, Any]:
    """Return what is wrong in words for a page: the single mistakes without the heading that names the file."""
    lines = [line.strip() for line in error.message.splitlines()]
    return {"fault": "\n".join(lines[1:]) or lines[0], "advice": error.advice}
