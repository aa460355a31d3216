"""What several examinations of `doctor` ask for, found out once."""

from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial

from watcher.app.doctor.in_time import begin
from watcher.app.doctor.storage import DatabaseFacts, StorageFacts
from watcher.app.doctor.visiting import BrowserFacts
from watcher.app.naming import FAULT as NAMES_FAULT
from watcher.bootstrap import house
from watcher.config import Config
from watcher.domain.account import Account
from watcher.domain.wording import Word

_PAGES_SECONDS = 8.0
_VERSION_SECONDS = 6.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """What the database remembers of the accounts that are examined."""

    accounts: tuple[Account, ...]
    words: dict[str, list[Word]]
    names_fault: str = ""
    """Why captures have no readable names."""
    replay_is_due: bool = False
    """Whether the archive holds what other readers have read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patient:
    """What several examinations ask for; each is found out once, while they wait for it."""

    config: Config
    names: list[str]
    prove: bool
    storage: "Future[StorageFacts]"
    database: "Future[DatabaseFacts]"
    browser: "Future[BrowserFacts]"
    memory: "Future[Memory | None]"
    """`None` where the database cannot be read."""


def patient_of(config: Config, names: list[str], *, prove: bool) -> Patient:
    """Begin to find out what several examinations ask for."""
    from watcher.browser.examine import examine_browser  # noqa: PLC0415 - only this command needs them
    from watcher.storage.examine import examine_database, examine_storage  # noqa: PLC0415

    folder, chosen = config.storage_dir, config.browser
    kept = begin(partial(examine_storage, folder))
    database = begin(partial(examine_database, folder, seconds=_PAGES_SECONDS))
    return Patient(
        config=config,
        names=names,
        prove=prove,
        storage=kept,
        database=database,
        browser=begin(partial(examine_browser, chosen.executable, chosen.channel, seconds=_VERSION_SECONDS)),
        memory=begin(partial(_remembered, config, names, kept, database)),
    )


def _remembered(
    config: Config, names: list[str], kept: "Future[StorageFacts]", database: "Future[DatabaseFacts]"
) -> Memory | None:
    """Read the database once it and its folder were looked at: opening them makes them private again."""
    kept.exception()
    facts = database.result()
    if not facts.is_there:
        return Memory(accounts=tuple(Account(name=name) for name in names), words={})
    if not facts.can_be_read:
        return None
    with house(config) as our:
        return Memory(
            accounts=tuple(our.store.account(name) for name in names),
            words={name: our.store.words(name) for name in names},
            names_fault=our.store.remembered(NAMES_FAULT) or "",
            replay_is_due=our.replay_is_due(),
        )
