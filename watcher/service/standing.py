"""How it stands with the service, and the two ways to change that."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from watcher.service.fault import ServiceError
from watcher.service.manager import Manager, Running
from watcher.service.plan import Plan, require_writable
from watcher.service.seal import Hand, Seal, seal_of
from watcher.texts.language import _

_NOT_RUNNING = Running(is_known=False, is_enabled=False, is_running=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What is there, by the file and by the service manager."""

    manager: str
    file: Path
    seal: Seal
    running: Running
    refusal: str = ""
    """Why the manager cannot be asked; then nothing is known of what runs."""
    is_current: bool | None = None
    """Whether the file says what it would say if it were written now; `None`: not compared."""

    @property
    def is_installed(self) -> bool:
        """Whether there is a file."""
        return self.seal.hand is not Hand.NOBODY

    @property
    def is_at_work(self) -> bool:
        """Whether the watch runs, and will after the next start of the computer."""
        return self.is_installed and self.running.is_running and self.running.is_enabled


@dataclass(frozen=True, slots=True, kw_only=True)
class Installed:
    """What an installation has done."""

    standing: Standing
    has_written: bool
    by_hand: tuple[str, ...] = ()
    """What remains to be done; empty where it runs."""
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Removed:
    """What a removal has done."""

    files: tuple[Path, ...]
    refusal: str = ""
    """Why the manager could not be told."""


def standing(manager: Manager, plan: Plan | None = None) -> Standing:
    """Return how it stands; with a plan the file is compared to it."""
    file = manager.place()
    text = _read(manager, file)
    seal = seal_of(text)
    refusal = manager.refusal()
    return Standing(
        manager=manager.name,
        file=file,
        seal=seal,
        running=_NOT_RUNNING if refusal else manager.running(file),
        refusal=refusal,
        is_current=None if plan is None or text is None else text == manager.written(plan),
    )


def install(
    manager: Manager,
    plan: Plan,
    *,
    prepare: Callable[[], None] = lambda: None,
    force: bool = False,
    restart: bool = False,
) -> Installed:
    """Write the file and start the watch; what is there already and runs is left alone, unless `restart` is set.

    `prepare` is called once nothing speaks against it any more, and before anything is written.

    Raises:
        ServiceError: the file belongs to somebody else, or to another config, and `force` is not set; or the manager refuses.
    """
    require_writable(plan)
    text = manager.written(plan)
    before = standing(manager, plan)
    if not force:
        _refuse_to_take(before, plan)
    prepare()
    if not before.is_current:
        _write(before.file, text, encoding=manager.encoding)
    if before.refusal:
        return Installed(
            standing=standing(manager, plan),
            has_written=not before.is_current,
            by_hand=manager.by_hand(before.file),
        )
    if restart or not (before.is_current and before.is_at_work):
        manager.start(before.file)
    return Installed(
        standing=standing(manager, plan), has_written=not before.is_current, remarks=manager.remarks()
    )


def uninstall(manager: Manager, *, force: bool = False) -> Removed:
    """End the watch and take away what `install` made, and nothing else.

    Raises:
        ServiceError: the file was changed or written by somebody else, and `force` is not set; or the manager refuses.
    """
    found = standing(manager)
    if not force and found.seal.hand in {Hand.CHANGED, Hand.FOREIGN}:
        raise _not_ours(found)
    if not found.refusal and (found.is_installed or found.running.is_known):
        manager.stop(found.file)
    files = []
    if found.is_installed:
        files = [found.file, *(path for path in manager.leftovers() if os.path.lexists(path))]
        for path in files:
            _remove(path)
        if not found.refusal:
            manager.forget()
    return Removed(files=tuple(files), refusal=found.refusal if found.is_installed else "")


def _refuse_to_take(found: Standing, plan: Plan) -> None:
    if found.seal.hand in {Hand.CHANGED, Hand.FOREIGN}:
        raise _not_ours(found)
    other = found.seal.config
    if other is not None and other != plan.config:
        raise ServiceError(
            _("The service watches with another config, {other}.").format(other=other),
            advice=_(
                "With --force it watches with {config} from now on; one computer has one service."
            ).format(config=plan.config),
        )


def _not_ours(found: Standing) -> ServiceError:
    said = (
        _("{path} was changed by hand; nothing was touched.")
        if found.seal.hand is Hand.CHANGED
        else _("{path} was not written by Stornowacht; nothing was touched.")
    )
    return ServiceError(
        said.format(path=found.file),
        advice=_(
            "With --force it is replaced or removed all the same. `stornowacht service install --print` shows what would be written."
        ),
    )


def _read(manager: Manager, file: Path) -> str | None:
    try:
        return file.read_text(encoding=manager.encoding)
    except FileNotFoundError:
        return None
    except UnicodeError:
        return ""  # nothing that this program has written
    except OSError as error:
        raise ServiceError(
            _("{path} cannot be read: {reason}.").format(path=file, reason=error.strerror or error),
            advice=_("Move away what lies in its way, or make it yours; then try again."),
        ) from error


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise ServiceError(
            _("{path} cannot be removed: {reason}.").format(path=path, reason=error.strerror or error),
            advice=_("Remove it yourself; the watch itself no longer starts with the computer."),
        ) from error


def _write(file: Path, text: str, *, encoding: str) -> None:
    """Write the file in one go: a manager that reads it meanwhile finds the old or the new one."""
    beside = file.with_name(f".{file.name}.new")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with beside.open("w", encoding=encoding, newline="\n") as new:
            new.write(text)
            new.flush()
            os.fsync(new.fileno())
        beside.replace(file)
    except OSError as error:
        raise ServiceError(
            _("{path} cannot be written: {reason}.").format(path=file, reason=error.strerror or error),
            advice=_("Make room on the disk, or make the folder yours; then try again."),
        ) from error
