"""What is kept: how storage folder, disk and database stand."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from watcher.app.doctor.finding import Finding, bad, ok, skipped, warn
from watcher.app.doctor.way_back import LastBackup, way_back
from watcher.texts.fill import one_line
from watcher.texts.language import Language, _, current

_OTHERS = 0o077
_THOUSAND = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How many free bytes are few, and how many are too few for a check's files."""

    few: int = 1_000_000_000
    too_few: int = 100_000_000


LIMITS = Limits()


@dataclass(frozen=True, slots=True, kw_only=True)
class StorageFacts:
    """How the storage folder stands."""

    folder: Path
    is_there: bool
    free: int
    """Bytes that are free where it lies, or would lie."""
    archive: int = 0
    """Bytes in the archive."""
    database: int = 0
    """Bytes of the database with its log."""
    mode: int | None = None
    """Permissions; `None` where the system has none of that kind."""
    refusal: str | None = None
    """Why nothing can be written there."""
    skew: timedelta | None = None
    """How far the file system's clock is ahead of this machine's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseFacts:
    """How the database file stands."""

    path: Path
    is_there: bool
    is_ours: bool = True
    schema: int = 0
    known: int = 0
    """The newest schema that this program knows."""
    mode: int | None = None
    damage: str | None = None
    """What SQLite says is wrong with its pages."""
    refusal: str | None = None
    """Why SQLite could not look at all."""
    checked: bool = True
    """Whether the check of its pages came to its end."""
    backup: LastBackup | None = None
    """The backup that was made last."""

    @property
    def can_be_read(self) -> bool:
        """Whether other examinations can read in it, without changing its form."""
        return (
            self.is_there
            and self.is_ours
            and self.damage is None
            and self.refusal is None
            and self.schema == self.known
        )


def disk(facts: StorageFacts, *, limits: Limits = LIMITS) -> Finding:
    """Say how much room is left."""
    said = _("{free} free; archive {archive}, database {database}").format(
        free=size(facts.free, language=current()),
        archive=size(facts.archive, language=current()),
        database=size(facts.database, language=current()),
    )
    if facts.free < limits.too_few:
        return bad("disk", said, _("Make room, or checks will fail while they keep their proof."))
    if facts.free < limits.few:
        return warn("disk", said, _("Make room soon: a check keeps screenshots and pages."))
    return ok("disk", said)


def storage(facts: StorageFacts) -> Finding:
    """Say whether the storage folder can be written, and who else can enter it."""
    if facts.refusal is not None:
        return bad(
            "storage",
            _("nothing can be written to {folder}: {reason}").format(
                folder=facts.folder, reason=facts.refusal
            ),
            _("Choose another one with [storage] dir in the config, or make this one writable."),
        )
    if not facts.is_there:
        return skipped("storage", _("{folder} is not there yet").format(folder=facts.folder))
    if _is_open(facts.mode):
        return warn(
            "storage",
            _("{folder} can be entered by others (mode {mode:o})").format(
                folder=facts.folder, mode=facts.mode
            ),
            _("`chmod 700` it, unless it is meant for more than Stornowacht."),
        )
    return ok("storage", _("{folder} is writable, and yours alone").format(folder=facts.folder))


def database(facts: DatabaseFacts) -> Finding:
    """Say whether the database is whole. Whether the archive is as it was written is another question."""
    name = "database"
    if not facts.is_there:
        return skipped(name, _("{path} is not there yet").format(path=facts.path))
    if facts.damage is not None:
        return bad(
            name,
            _("{path} is damaged: {reason}").format(
                path=facts.path, reason=one_line(facts.damage, limit=200)
            ),
            way_back(facts.backup),
        )
    if facts.refusal is not None:
        return bad(
            name,
            _("{path} cannot be read: {reason}").format(path=facts.path, reason=one_line(facts.refusal)),
            _("Try again in a moment. If it stays so, see who owns file and folder."),
        )
    if not facts.is_ours:
        return bad(
            name,
            _("{path} is the database of another program").format(path=facts.path),
            _("Choose another folder with [storage] dir in the config."),
        )
    if facts.schema > facts.known:
        return bad(
            name,
            _("{path} was written by a newer Stornowacht (schema {schema}, known is {known})").format(
                path=facts.path, schema=facts.schema, known=facts.known
            ),
            _("Update Stornowacht; nothing was changed."),
        )
    return _whole_database(facts)


def _whole_database(facts: DatabaseFacts) -> Finding:
    name = "database"
    if facts.schema < facts.known:
        return warn(
            name,
            _("it has schema {schema}, this program knows {known}").format(
                schema=facts.schema, known=facts.known
            ),
            _(
                "Run `stornowacht status`: it makes a backup and brings it up to date. Until then the doctor reads nothing in it."
            ),
        )
    if _is_open(facts.mode):
        return warn(
            name,
            _("{path} could be read by others (mode {mode:o})").format(path=facts.path, mode=facts.mode),
            _("Every command that opens it makes it private again. Find out what changes it."),
        )
    if not facts.checked:
        return skipped(
            name, _("schema {schema}; it is too large to check its pages in time").format(schema=facts.schema)
        )
    return ok(
        name,
        _(
            "schema {schema}, its pages are whole; whether the archive is as written, `stornowacht archive verify` says"
        ).format(schema=facts.schema),
    )


def names(fault: str) -> Finding:
    """Say whether captures have readable names; `fault` is why not, in the system's words."""
    if fault:
        return warn(
            "names",
            _("not every capture has a readable name in the folder “orders”: {reason}").format(
                reason=one_line(fault)
            ),
            _("The archive has everything. The names are made again as soon as that is mended."),
        )
    return ok("names", _("captures have readable names in the folder “orders”"))


def readers(*, replay_is_due: bool) -> Finding:
    """Say whether the whole archive was read with the readers that are installed."""
    if replay_is_due:
        return warn(
            "replay",
            _("the readers have changed since your archive was read"),
            _("`stornowacht replay` shows what they would make of it today; it changes nothing."),
        )
    return ok("replay", _("your archive was read with the readers that are installed"))


def size(count: int, *, language: Language) -> str:
    """Write a number of bytes: `12,3 MB` in German, `12.3 MB` in English."""
    amount, unit = float(count), "B"
    for larger in ("kB", "MB", "GB", "TB"):
        if amount < _THOUSAND:
            break
        amount, unit = amount / _THOUSAND, larger
    told = f"{amount:.0f} {unit}" if unit == "B" else f"{amount:.1f} {unit}"
    return told.replace(".", ",") if language == "de" else told


def _is_open(mode: int | None) -> bool:
    return mode is not None and bool(mode & _OTHERS)
