"""The config: one TOML table per topic, every mistake in it reported at once."""

import os
from collections.abc import Collection
from datetime import timedelta
from pathlib import Path
from typing import Any

from pydantic import BaseModel, Field, create_model, field_validator, model_validator

from notifiers.discovery import channel, channels
from watcher.carriers.own import OwnEntries
from watcher.domain.cadence import Pace
from watcher.domain.capture import AddedPage
from watcher.domain.quiet_hours import QuietHours
from watcher.domain.remind import RemindRules, with_own
from watcher.errors import StornowachtError
from watcher.settings.account import AccountTable
from watcher.settings.answers import Answers
from watcher.settings.archive import Archive
from watcher.settings.basics import Remind, Storage, Terms
from watcher.settings.browser import Browser
from watcher.settings.carrier import CarrierName, OwnCarrier, by_id
from watcher.settings.dashboard import Dashboard
from watcher.settings.escalation import EscalationTable, are_different
from watcher.settings.listings import Listings, is_too_often, too_often
from watcher.settings.mailbox import Mailbox
from watcher.settings.seller import Seller
from watcher.settings.site import Site
from watcher.settings.table import Table, is_loopback
from watcher.settings.teaching import LayoutTable, WordTable
from watcher.settings.texts import Texts
from watcher.settings.timestamp import Timestamp
from watcher.settings.tracking import Tracking
from watcher.settings.voice import HeartbeatTable, SummaryTable
from watcher.settings.watch import Watch, below
from watcher.texts.language import Language, _

ENVIRONMENT = "STORNOWACHT_CONFIG"
FLOOR = timedelta(minutes=5)
"""No visit to a real site comes sooner after the last one, whatever the config says."""
PAGES_PER_DAY = 800
"""A page load every two minutes on average: a visit of six pages every eleven minutes, day and night."""
LOOPBACK_FLOOR = timedelta(seconds=1)
"""The practice shop on this very machine is nobody's guest."""


class ConfigError(StornowachtError):
    """The config cannot be used as it is."""


def notify_model(names: Collection[str]) -> type[BaseModel]:
    """Return the model of a [notify] that holds tables of these names.

    Every channel that is installed has its place in it; but where each name is a channel, the others are not even
    imported, for `status` must be quick.
    """
    kinds = {name: channel(name) for name in names}
    if None in kinds.values():
        kinds = dict(channels())
    fields: dict[str, Any] = {
        name: (kind.settings | None, None) for name, kind in kinds.items() if kind is not None
    }
    return create_model("Notify", __base__=Table, **fields)


class Config(Table):
    """Everything that can be set."""

    language: Language = Field(default="de", description='The language you are spoken to: "de" or "en".')
    terms: Terms = Terms()
    storage: Storage = Storage()
    archive: Archive = Archive()
    site: Site = Site()
    browser: Browser = Browser()
    watch: Watch = Watch()
    listings: Listings = Listings()
    answers: Answers = Answers()
    remind: Remind = Remind()
    escalation: tuple[EscalationTable, ...] = ()
    seller: Seller = Seller()
    texts: Texts = Texts()
    summary: SummaryTable = SummaryTable()
    heartbeat: HeartbeatTable | None = None
    dashboard: Dashboard = Dashboard()
    mailbox: Mailbox | None = None
    timestamp: Timestamp | None = None
    tracking: Tracking = Tracking()
    carrier: dict[CarrierName, OwnCarrier] = Field(default_factory=dict)
    account: tuple[AccountTable, ...] = Field(default=(AccountTable(),), min_length=1)
    wording: tuple[WordTable, ...] = ()
    layout: tuple[LayoutTable, ...] = ()
    notify: BaseModel = Table()

    @property
    def storage_dir(self) -> Path:
        """The storage folder in force."""
        if self.storage.dir is not None:
            return self.storage.dir
        from platformdirs import user_data_path  # noqa: PLC0415 - only where no folder is named

        return user_data_path("stornowacht", appauthor=False)

    @property
    def floor(self) -> timedelta:
        """The shortest time between two visits."""
        return floor_for(self.site.base_url, self.site.gateway_url)

    @property
    def is_practice(self) -> bool:
        """Whether the site is on this very machine: nobody's guest, and nobody's night."""
        return self.floor == LOOPBACK_FLOOR

    @property
    def quiet_hours(self) -> QuietHours:
        """When ordinary alerts wait until the seller is up."""
        return self.remind.quiet(by_default=not self.is_practice)

    @property
    def pace(self) -> Pace:
        """The intervals in force."""
        return Pace(
            floor=self.floor,
            hot=self.watch.hot,
            live=self.watch.live,
            quiet=self.watch.quiet,
            pages_per_day=self.watch.pages_per_day or (None if self.is_practice else PAGES_PER_DAY),
            by_clock="scheduled" in self.watch.mode,
            night=self.watch.night_hours,
        )

    def pages_of(self, account: str) -> tuple[AddedPage, ...]:
        """Return the pages that were added to an account."""
        pages = next((table.page for table in self.account if table.name == account), ())
        return tuple(AddedPage(name=page.name, url=page.url) for page in pages)

    @property
    def channels(self) -> dict[str, BaseModel]:
        """The settings of each channel that is set up, by its name."""
        return {
            name: table
            for name in type(self.notify).model_fields
            if (table := getattr(self.notify, name)) is not None
        }

    @property
    def remind_rules(self) -> RemindRules:
        """How insistently the seller is reminded, and when not."""
        own = {kind: policy for table in self.escalation for kind, policy in table.policies().items()}
        return RemindRules(
            policies=with_own(own, every=self.remind.every),
            quiet=self.quiet_hours,
            ask_back=self.remind.ask_back,
        )

    @property
    def watches_mailbox(self) -> bool:
        """Whether the daemon watches the mailbox, for mails that ring or for replies."""
        return self.mailbox is not None and ("mail" in self.watch.mode or self.mailbox.replies)

    @property
    def stamped_by(self) -> tuple[str, ...]:
        """The authorities that are asked for time stamps; a practice site's archive is nobody's business outside."""
        if self.timestamp is None:
            return ()
        return self.timestamp.asked_here if self.is_practice else self.timestamp.asked

    @property
    def reads_replies(self) -> bool:
        """Whether a reply to an alert's mail finds a reader."""
        return self.watches_mailbox and "email" in self.channels

    @property
    def own_carriers(self) -> OwnEntries:
        """The seller's own entries about carriers, by the carrier's id."""
        return {name: table.entry for name, table in self.carrier.items()}

    @field_validator("carrier")
    @classmethod
    def _are_different(cls, value: dict[str, OwnCarrier]) -> dict[str, OwnCarrier]:
        return by_id(value)

    @field_validator("account")
    @classmethod
    def _have_names_of_their_own(cls, value: tuple[AccountTable, ...]) -> tuple[AccountTable, ...]:
        names = [account.name.lower() for account in value]
        if len(names) != len(set(names)):
            raise ValueError(_("two accounts have the same name"))
        return value

    @model_validator(mode="after")
    def _has_what_its_mode_needs(self) -> "Config":
        if "mail" in self.watch.mode and self.mailbox is None:
            raise ValueError(_('[watch] mode = "mail" needs a table [mailbox]'))
        if (
            self.mailbox
            and self.mailbox.account
            and self.mailbox.account not in {a.name for a in self.account}
        ):
            raise ValueError(_("[mailbox] account: there is no such account"))
        return self

    @field_validator("escalation")
    @classmethod
    def _are_about_different_cases(cls, value: tuple[EscalationTable, ...]) -> tuple[EscalationTable, ...]:
        return are_different(value)

    @model_validator(mode="after")
    def _keeps_the_floor(self) -> "Config":
        """Hold the floor for a config that was not read from a file, too."""
        if min(self.watch.hot, self.watch.live, self.watch.quiet) < self.floor:
            raise ValueError(below(self.floor))
        if is_too_often(self.listings.every, floor=self.floor):
            raise ValueError(too_often())
        return self


def floor_for(*addresses: str) -> timedelta:
    """Return the shortest time between two visits to these addresses; one that is not on this machine is a host's."""
    return LOOPBACK_FLOOR if all(is_loopback(address) for address in addresses) else FLOOR


def default_path() -> Path:
    """Return where the config is looked for: STORNOWACHT_CONFIG, else the platform's config folder."""
    named = os.environ.get(ENVIRONMENT)
    if not named:
        from platformdirs import user_config_path  # noqa: PLC0415 - only where no file is named

        return user_config_path("stornowacht", appauthor=False) / "config.toml"
    try:
        return Path(named).expanduser()
    except RuntimeError:  # "~somebody" whom this machine does not know
        return Path(named)
