"""Puts the house together: the only module that knows every adapter."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from watcher import __version__
from watcher.app.ports import Listener, Store, Vault, Visitor
from watcher.config import Config, ConfigError
from watcher.settings.mailbox import Mailbox
from watcher.storage.store import SqliteStore
from watcher.storage.vault import FileVault
from watcher.texts.language import Language, _

if TYPE_CHECKING:
    from pathlib import Path

    from notifiers.contract import Channel
    from watcher.app.ad_shelf import Judge
    from watcher.app.anchor import Asked
    from watcher.app.anchors import StampAuthority, StampJudge
    from watcher.app.archive import StoredCapture
    from watcher.app.case_book import CaseRules
    from watcher.app.gather import Sources
    from watcher.app.naming import NamesKept
    from watcher.app.poll_parcels import Polled
    from watcher.app.remember import Rules
    from watcher.app.round import RoundRules
    from watcher.browser.browser_settings import BrowserSettings
    from watcher.domain.ad import Ad
    from watcher.domain.anchor import AnchorReason
    from watcher.domain.answer import SourceProblem
    from watcher.domain.parcel import Sighting
    from watcher.domain.ship_by import Promise
    from watcher.dossier.bindery import DossierBindery
    from watcher.mailbox.server import MailboxSettings
    from watcher.pages.layout import Layout
    from watcher.pages.lore import Lore
    from watcher.postman.postman import ChannelPostman
    from watcher.storage.backup import MadeBackup
    from watcher.storage.names import ReadableNames
    from watcher.storage.restore import Restored
    from watcher.timestamping.authority import AuthorityFacts
    from watcher.tracking.problem import Explanation
    from watcher.tracking.state import SourceState


MAILBOX_HEALTH = "health"
"""Under this name the store keeps what is wrong with the mailbox; empty while nothing is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """What a use case needs, ready to be handed to it. Browser and channels are only built when they are asked for."""

    config: Config
    store: Store
    vault: Vault

    def rules(self) -> "Rules":
        """Return what is in force when something is remembered."""
        from watcher.app.questions import AnswerRules  # noqa: PLC0415 - the page readers come along
        from watcher.app.remember import Rules  # noqa: PLC0415
        from watcher.pages.closing import closing_of  # noqa: PLC0415

        return Rules(
            pace=self.config.pace,
            channels=list(self.config.channels),
            cases=self.case_rules(),
            jitter=jitter(),
            remind=self.config.remind_rules,
            judge=self.judge(),
            answers=AnswerRules(
                closing=closing_of(self.config.answers.no_answer_needed),
                kept_for=self.config.archive.keeping.orders,
            ),
        )

    def judge(self) -> "Judge":
        """Return whoever says which rules find something in an ad."""
        table = self.config.listings

        def found_in(ad: "Ad", at: datetime) -> Sequence[str]:
            from watcher.app.listings import judge_by  # noqa: PLC0415 - most checks read no ad

            return judge_by(table.rules)(ad, at)

        return found_in

    def case_rules(self) -> "CaseRules":
        """Return what is in force when a case is planned."""
        from watcher.app.case_book import CaseRules  # noqa: PLC0415 - only where cases are planned
        from watcher.carriers.knowledge import carrier  # noqa: PLC0415
        from watcher.carriers.own import with_own  # noqa: PLC0415
        from watcher.carriers.window import window_of  # noqa: PLC0415

        own, state = self.config.own_carriers, self.config.seller.state
        return CaseRules(
            window_of=lambda parcel, at: window_of(
                parcel, at, known=with_own(carrier(parcel.carrier), own), state=state
            ),
            support_again_after=self.config.seller.support_again,
        )

    def round_rules(self) -> "RoundRules":
        """Return what is in force when something is told because its time has come."""
        from watcher.app.round import RoundRules  # noqa: PLC0415 - only where something is told
        from watcher.app.timely import SellerWays  # noqa: PLC0415

        config = self.config
        return RoundRules(
            accounts=[account.name for account in config.account],
            pace=config.pace,
            remind=config.remind_rules,
            cases=self.case_rules(),
            seller=SellerWays(
                hand_in=config.seller.hand_in_time,
                state=config.seller.state,
                promise=self.promise(),
                answers_after=config.answers.remind_after,
            ),
            summary=config.summary.plan,
        )

    def promise(self) -> "Promise | None":
        """Return within how many working days the seller promises to ship, where that is promised."""
        from watcher.app.ship_by import promise_of  # noqa: PLC0415 - only where paid orders are looked at

        return promise_of(self.config.seller.ships_within_days, state=self.config.seller.state)

    def keep_calendar(self) -> bool:
        """Bring the calendar file that the config names up to date; returns whether something had changed.

        Raises:
            CalendarError: the file is somebody else's, or cannot be written.
        """
        path, language = self.config.seller.calendar, self.config.language
        if path is None:
            return False
        from watcher.app.agenda import Appointment, keep_agenda  # noqa: PLC0415 - few have a calendar

        def write(appointments: Sequence[Appointment]) -> None:
            from watcher.postman.calendar_file import write_calendar  # noqa: PLC0415 - only when something has changed

            write_calendar(path, appointments, language=language, at=now())

        words = (str(path), language, __version__)
        return keep_agenda(self.store, write=write, words=words, anew=not path.is_file())

    def names(self) -> "ReadableNames":
        """Return where the readable names of captures are."""
        from watcher.storage.names import ReadableNames  # noqa: PLC0415 - only where captures are kept or listed

        return ReadableNames(self.config.storage_dir)

    def keep_names(self, captures: "Iterable[StoredCapture] | None" = None) -> "NamesKept":
        """Give these captures readable names; all captures, where none are given or none has a name yet."""
        from watcher.app.naming import keep_names  # noqa: PLC0415 - only where captures are kept
        from watcher.storage.names import ORDERS  # noqa: PLC0415

        is_first = not (self.config.storage_dir / ORDERS).exists()
        touched = None if captures is None or is_first else {each.conversation or "" for each in captures}
        return keep_names(self.store, self.names(), conversations=touched)

    def sweep_names(self, *, since: datetime | None, is_over: "Callable[[], bool]") -> "NamesKept":
        """Make the readable names that are missing: of what was captured since a moment, or of all, until it is over."""
        from watcher.app.naming import keep_names  # noqa: PLC0415 - only where captures are kept

        recent = None if since is None else self.store.conversations_captured(since=since)
        return keep_names(self.store, self.names(), conversations=recent, is_over=is_over)

    def note_start(self, *, always: bool = False) -> None:
        """Put into the ledger that the program has begun: always, or only where this version has not done so yet."""
        from watcher.app.replay_due import note_beginning  # noqa: PLC0415 - only what writes notes it
        from watcher.app.starting import note_start  # noqa: PLC0415
        from watcher.pages.edition import edition  # noqa: PLC0415

        note_beginning(self.store, edition())

        note_start(self.store, version=__version__, always=always, clock=now)

    def replay_is_due(self) -> bool:
        """Whether the readers have changed since the archive was last read with them."""
        from watcher.app.replay_due import replay_is_due  # noqa: PLC0415 - only where it is told
        from watcher.pages.edition import edition  # noqa: PLC0415

        return replay_is_due(self.store, edition())

    def lore(self, account: str) -> "Lore":
        """Return what the readers know of an account: the config's words and layouts, and what the seller confirmed."""
        from watcher.pages.lore import Lore  # noqa: PLC0415 - only whoever reads pages needs it
        from watcher.pages.wording import vocabulary_of  # noqa: PLC0415

        words = (*self.store.own_words(account), *(table.word for table in self.config.wording))
        return Lore(vocabulary=vocabulary_of(words), layouts=self._layouts())

    def _layouts(self) -> "tuple[Layout, ...]":
        from watcher.pages.layout import layout_from  # noqa: PLC0415 - only whoever reads pages needs it

        return tuple(layout_from(table.name, table.selectors) for table in self.config.layout)

    def browser_settings(self) -> "BrowserSettings":
        """Return how the browser is to be used."""
        from watcher.browser.browser_settings import BrowserSettings  # noqa: PLC0415 - 0.2 s that reading commands do not need
        from watcher.browser.guard_rules import site_hosts  # noqa: PLC0415 - only where a browser is used
        from watcher.pages.signals import signals_of  # noqa: PLC0415

        config = self.config
        pages = (page.url for account in config.account for page in account.page)
        return BrowserSettings(
            base_url=config.site.base_url,
            gateway_url=config.site.gateway_url,
            storage=config.storage_dir,
            executable=config.browser.executable,
            channel=config.browser.channel,
            headless=config.browser.headless,
            settle_seconds=config.browser.settle.total_seconds(),
            visit_seconds=config.browser.visit.total_seconds(),
            allow=config.site.allow,
            hosts=site_hosts(config.site.base_url, config.site.gateway_url, *config.site.hosts, *pages),
            signals=signals_of(self._layouts()),
            proxy=config.browser.proxy,
        )

    @contextmanager
    def visitor(self) -> Iterator[Visitor]:
        """Have somebody who visits the site, for the length of the block."""
        from watcher.browser.driver import driving  # noqa: PLC0415 - 0.2 s, see above

        with driving() as playwright:
            from watcher.browser.visitor import BrowserVisitor, Proofs  # noqa: PLC0415

            store = self.store
            yield BrowserVisitor(
                playwright=playwright,
                settings=self.browser_settings(),
                proofs=Proofs(
                    known=store.guard_is_proven, remember=lambda key: store.remember_proof(key, at=now())
                ),
                clock=now,
                new_id=new_id,
            )

    def mailbox_trouble(self) -> str | None:
        """Return what is wrong with the mailbox that is watched; `None` for nothing, or where none is."""
        return (self.store.mailbox_state(MAILBOX_HEALTH) or None) if self.config.mailbox else None

    def mailbox(self) -> "MailboxSettings | None":
        """Return the mailbox that is watched, with its password; `None` where none is set up.

        Raises:
            ConfigError: the password is not where the config says.
        """
        table = self.config.mailbox
        return None if table is None else mailbox_settings(self.config, table)

    def polled(self) -> "list[Polled]":
        """Return the carriers' interfaces that are set up, each with its key.

        Raises:
            ConfigError: a key is not where the config says.
        """
        return polled(self.config)

    def sources(self) -> "list[SourceState]":
        """Return how it stands with the carriers' interfaces that are set up; asks nobody."""
        named = self.config.tracking.set_up
        if not named:
            return []
        from watcher.tracking.discovery import sources  # noqa: PLC0415 - few have a key
        from watcher.tracking.state import state_of  # noqa: PLC0415

        kinds, at = sources(), now()
        return [
            state_of(kinds[name], self.store, per_day=table.per_day, now=at) for name, table in named.items()
        ]

    def authorities(self) -> "list[StampAuthority]":
        """Return the authorities that are asked for time stamps; none where none are set, or all are a practice's guests."""
        named = self.config.stamped_by
        if not named:
            return []
        from watcher.timestamping.client import HttpAuthority  # noqa: PLC0415 - only where somebody is asked

        known = authority_facts(self.config)
        return [HttpAuthority(facts=known[name]) for name in named]

    def stamp_judge(self) -> "StampJudge":
        """Return whoever knows what the stamps of every known authority are worth; asks nobody."""
        from watcher.timestamping.judge import KnownAuthorities  # noqa: PLC0415 - only where stamps are verified

        return KnownAuthorities(facts=authority_facts(self.config))

    def stamp_what_is_due(self) -> "list[Asked]":
        """Anchor the ledger if it is time, and ask the authorities that have not stamped it."""
        from watcher.app.anchor import anchor_what_is_due  # noqa: PLC0415 - only where somebody is asked

        return anchor_what_is_due(
            self.store,
            self.vault,
            self.authorities(),
            account=self.config.account[0].name,
            channels=list(self.config.channels),
            clock=now,
            new_nonce=new_nonce,
        )

    def export_sources(self) -> "Sources":
        """Return where the evidence of an order is gathered from."""
        from watcher.app.gather import Sources  # noqa: PLC0415 - only where evidence is handed out
        from watcher.storage.sealed import FolderFiles  # noqa: PLC0415

        return Sources(store=self.store, vault=self.vault, files=FolderFiles(self.config.storage_dir))

    def bindery(self) -> "DossierBindery":
        """Return whoever makes bags and dossiers; the browser is started when it is opened."""
        from watcher.browser.printing import press  # noqa: PLC0415 - 0.2 s that only an export needs
        from watcher.dossier.bindery import DossierBindery  # noqa: PLC0415
        from watcher.storage.sealed import FolderFiles  # noqa: PLC0415

        chosen = self.config.browser
        return DossierBindery(
            files=FolderFiles(self.config.storage_dir),
            presses=partial(press, chosen.executable, chosen.channel),
            language=self.config.language,
        )

    def stamp_now(self, reason: "AnchorReason") -> "list[Asked]":
        """Anchor what is new in the ledger and ask every authority now; none where none is set.

        Raises:
            UsageError: the ledger is empty.
        """
        from watcher.app.anchor import anchor_now  # noqa: PLC0415 - only where somebody is asked

        authorities = self.authorities()
        if not authorities:
            return []
        return anchor_now(self.store, self.vault, authorities, reason=reason, clock=now, new_nonce=new_nonce)

    def sign_of_life(self) -> None:
        """Ping the address that the config names, if all is well; what goes wrong is remembered, and `status` shows it."""
        table = self.config.heartbeat
        if table is None:
            return
        from watcher.app.steady import give_sign_of_life  # noqa: PLC0415 - few have a heartbeat

        give_sign_of_life(
            self.store,
            lambda: pinged(self.config, table.url),
            accounts=[self.store.account(account.name) for account in self.config.account],
            clock=now,
            quiet=self.config.quiet_hours,
        )

    def postman(self) -> "ChannelPostman":
        """Return whoever hands alerts to the channels."""
        from watcher.postman.postman import ChannelPostman  # noqa: PLC0415 - templates are only needed to deliver

        return ChannelPostman(
            channels=self._channels(),
            store=self.store,
            vault=self.vault,
            language=self.config.language,
            base_url=self.config.site.base_url,
            clock=now,
            new_token=new_token,
            reads_replies=self.config.reads_replies and self.store.mailbox_state(MAILBOX_HEALTH) == "",
            promise=self.promise(),
        )

    def listener(self) -> Listener:
        """Return whoever fetches the answers to alerts."""
        from notifiers.contract import Answering  # noqa: PLC0415 - only where somebody may have answered
        from watcher.postman.listener import ChannelListener  # noqa: PLC0415

        channels = self._channels().items()
        return ChannelListener(
            channels={name: channel for name, channel in channels if isinstance(channel, Answering)}
        )

    def take_down(self, case: str) -> None:
        """Take away what channels still show of a case; where that cannot be done it stays, and does no harm."""
        from notifiers.contract import DeliveryError, Withdrawing  # noqa: PLC0415 - only where somebody has answered

        for channel in self._channels().values():
            if isinstance(channel, Withdrawing):
                with suppress(DeliveryError):
                    channel.withdraw(case)

    def _channels(self) -> "Mapping[str, Channel]":
        """Return the channels that are set up. Those that can be answered keep answers below the storage folder."""
        from notifiers.contract import Answering  # noqa: PLC0415
        from notifiers.discovery import channel  # noqa: PLC0415

        built: dict[str, Channel] = {}
        for name, settings in self.config.channels.items():
            kind = channel(name)
            if kind is not None:
                made = kind.build(settings, app_name="Stornowacht", language=self.config.language)
                folder = self.config.storage_dir / "answers" / name
                built[name] = made.answering_in(folder) if isinstance(made, Answering) else made
        return built


def pinged(config: Config, url: str) -> str | None:
    """Ask for the address of the dead man's switch once; returns why it did not work, in the user's words."""
    from notifiers.contract import DeliveryError  # noqa: PLC0415 - few have a heartbeat
    from notifiers.ping import ping  # noqa: PLC0415
    from notifiers.secret import SecretError, is_reference, resolve  # noqa: PLC0415

    try:
        address = resolve(url, language=config.language) if is_reference(url) else url
        ping(address.strip(), app_name="Stornowacht", language=config.language)
    except (DeliveryError, SecretError) as error:
        return error.message
    except ValueError:  # what a reference leads to is no address
        return _("[heartbeat] url leads to something that is no address of the web")
    return None


def mailbox_settings(config: Config, table: Mailbox, *, timeout: float = 20.0) -> "MailboxSettings":
    """Return how the mailbox of the config is reached.

    Raises:
        ConfigError: the password is not where the config says.
    """
    from notifiers.secret import SecretError, resolve  # noqa: PLC0415 - only where a mailbox is watched
    from watcher.mailbox.server import MailboxSettings  # noqa: PLC0415

    try:
        password = resolve(table.password, language=config.language)
    except SecretError as error:
        raise ConfigError(f"[mailbox] password: {error.message}", advice=error.advice) from error
    return MailboxSettings(
        host=table.host,
        port=table.port,
        security=table.security,
        username=table.username,
        password=password,
        folder=table.folder,
        domains=table.domains,
        carriers={**carrier_domains(), **dict.fromkeys(map(str.lower, table.carrier_domains))},
        authserv_id=table.authserv_id,
        reply_from=reply_senders(config),
        ca_file=table.ca_file,
        timeout=timeout,
    )


def reply_senders(config: Config) -> tuple[str, ...]:
    """Return from which addresses a reply to an alert counts, in lower case; none where replies are not read."""
    if config.mailbox is None or not config.reads_replies:
        return ()
    from notifiers.mail_address import parsed  # noqa: PLC0415 - only where replies are read

    named: tuple[str, ...] = config.mailbox.reply_from or getattr(config.channels["email"], "to", ())
    return tuple(parsed(address, language=config.language).addr_spec.lower() for address in named)


def polled(config: Config) -> "list[Polled]":
    """Return the carriers' interfaces that the config sets up, each with its key.

    Raises:
        ConfigError: a key is not where the config says.
    """
    named = config.tracking.set_up
    if not named:
        return []
    from notifiers.secret import SecretError, resolve  # noqa: PLC0415 - only where somebody is asked
    from watcher.app.poll_parcels import Polled  # noqa: PLC0415
    from watcher.domain.polling import Rhythm  # noqa: PLC0415
    from watcher.tracking.discovery import sources  # noqa: PLC0415

    found = []
    for name, table in named.items():
        try:
            key = resolve(table.key, language=config.language)
        except SecretError as error:
            raise ConfigError(f"[tracking.{name}] key: {error.message}", advice=error.advice) from error
        source = sources()[name].build(key=key, base_url=table.base_url, per_day=table.per_day)
        rhythm = Rhythm(every=table.every, shortest=table.shortest, must_last=not table.is_practice)
        found.append(Polled(source=source, rhythm=rhythm))
    return found


def kept_after_delivery() -> Mapping[str, timedelta]:
    """Return for how long after the delivery each carrier's interface lets its words be kept."""
    from watcher.tracking.discovery import sources  # noqa: PLC0415 - only where there is something to erase

    return {
        carrier: kind.kept_after_delivery for kind in sources().values() for carrier in sorted(kind.carriers)
    }


def attributions(sightings: "Iterable[Sighting]") -> list[str]:
    """Return what must stand where these words are shown, for a carrier's interface said some of them."""
    from watcher.domain.parcel import Origin  # noqa: PLC0415

    said = {sighting.carrier for sighting in sightings if sighting.origin is Origin.API}
    if not said:
        return []
    from watcher.tracking.discovery import sources  # noqa: PLC0415 - few have a key

    return [kind.attribution for kind in sources().values() if kind.carriers & said]


def explained_problem(name: str, problem: "SourceProblem", *, detail: str = "") -> "Explanation":
    """Return what to tell the user of a carrier's interface that had a problem."""
    from watcher.tracking.discovery import sources  # noqa: PLC0415 - only where somebody was asked
    from watcher.tracking.problem import explained  # noqa: PLC0415

    return explained(problem, sources()[name], detail=detail)


def carrier_domains() -> dict[str, str | None]:
    """Return from which domains which carriers write, as far as that is known."""
    from watcher.carriers.mails.table import mail_tables  # noqa: PLC0415 - only where a mailbox is watched

    return {domain.name: table.carrier for table in mail_tables().values() for domain in table.domains}


def has_desktop(language: Language) -> bool:
    """Whether a desktop notification could be shown here and now."""
    from notifiers.contract import DeliveryError  # noqa: PLC0415
    from notifiers.discovery import channel  # noqa: PLC0415

    kind = channel("desktop")
    if kind is None:
        return False
    try:
        kind.build(kind.settings(), app_name="Stornowacht", language=language).probe()
    except DeliveryError:
        return False
    return True


@contextmanager
def house(config: Config, *, patience: float | None = None) -> Iterator[House]:
    """Open the storage folder for the length of the block.

    Args:
        config: What is in force.
        patience: Seconds for which a locked database is waited for; where none are named, as long as a check may hold it.

    Raises:
        BusyError: another program holds the database for longer than that.
        StorageError: the folder or the database cannot be used.
    """
    store = SqliteStore(config.storage_dir, patience=patience)
    try:
        yield House(config=config, store=store, vault=FileVault(config.storage_dir))
    finally:
        store.close()


def backed_up(our: House, target: "Path", *, program: str, with_profiles: bool) -> "MadeBackup":
    """Back the storage folder up, and let the ledger say so.

    Raises:
        UsageError: the target is there already, or its folder is not.
        BusyError: something is being erased, or a profile that is to go in is in use.
        StorageError: it cannot be made; nothing of it stays.
    """
    from watcher.storage.backup import make_backup  # noqa: PLC0415 - few commands need it
    from watcher.storage.last_backup import note_backup  # noqa: PLC0415

    at = now()
    made = make_backup(our.config.storage_dir, target, program=program, at=at, with_profiles=with_profiles)
    with our.store.writing() as writing:
        writing.record("backed_up", at=at, manifest=made.digest, profiles=with_profiles)
    note_backup(our.config.storage_dir, made.path, at=at)
    return made


def restored(source: "Path", target: "Path") -> "Restored":
    """Put a backup back into an empty folder.

    Raises:
        UsageError: the folder is not empty, or the file is no backup that can be trusted.
        StorageError: it cannot be read or written; nothing was restored.
    """
    from watcher.storage.restore import restore_backup  # noqa: PLC0415 - few commands need it

    return restore_backup(source, target)


def now() -> datetime:
    """Return the present moment."""
    return datetime.now(UTC)


def new_id() -> str:
    """Return an id that nobody has used before; ids of later moments sort later."""
    import uuid  # noqa: PLC0415 - reading commands need no new ids

    return f"{now():%Y%m%dT%H%M%S%f}-{uuid.uuid4().hex[:8]}"


def new_nonce() -> int:
    """Return a number that nobody can guess, so that no old stamp passes for a new one."""
    import secrets  # noqa: PLC0415 - only where a stamp is asked for

    return secrets.randbits(64)


def authority_facts(config: Config) -> "dict[str, AuthorityFacts]":
    """Return every authority of time stamps that is known, with what the config says of them."""
    from watcher.domain.anchor import Qualified  # noqa: PLC0415 - only where stamps are asked for or verified
    from watcher.timestamping.setup import OwnEntry, with_own  # noqa: PLC0415

    own = config.timestamp.authority if config.timestamp else ()
    return with_own(
        OwnEntry(
            name=table.name,
            url=table.url,
            roots=table.roots,
            certificates=table.certificates,
            wants_certificates=table.certificates_in_answer,
            qualified=Qualified(table.qualified),
        )
        for table in own
    )


def new_token() -> str:
    """Return a one-time token that nobody can guess."""
    import secrets  # noqa: PLC0415 - only where an alert goes out

    from watcher.domain.answer_token import RANDOM_BYTES, token_of  # noqa: PLC0415

    return token_of(secrets.token_bytes(RANDOM_BYTES))


def new_salt() -> str:
    """Return a salt that makes the hash of a name or a text unguessable."""
    import secrets  # noqa: PLC0415 - only where something is kept

    return secrets.token_hex(16)


def jitter() -> float:
    """Return a random number in [0, 1), by which visits avoid a beat."""
    import random  # noqa: PLC0415 - reading commands need no chance

    return random.random()  # noqa: S311 - politeness needs no cryptography
