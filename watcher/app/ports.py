"""The ports: what the use cases need of the world, in their own words."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from watcher.app.ad_shelf import AdShelf, AdWriting
from watcher.app.anchors import Anchors, AnchorWriting, KeptFile
from watcher.app.archive import Note, StagedCapture, StoredCapture, StoredFile
from watcher.app.attachments import Attachments
from watcher.app.catalogue import Catalogue
from watcher.app.erasure import Erasing
from watcher.app.history import History, KnownConversation
from watcher.app.index import FileKeeper, Index
from watcher.app.past_sales import PastSales
from watcher.app.question_shelf import QuestionShelf, QuestionWriting
from watcher.app.sealed import Sealed
from watcher.app.shelf import Shelf
from watcher.domain.account import Account
from watcher.domain.acknowledgement import Acknowledgement
from watcher.domain.alert import Alert
from watcher.domain.answer import Answer
from watcher.domain.answer_token import AnswerToken
from watcher.domain.capture import AddedPage, Capture
from watcher.domain.case import Case
from watcher.domain.channel_health import ChannelHealth
from watcher.domain.escalation import Rounds
from watcher.domain.event import Event
from watcher.domain.ledger import Line
from watcher.domain.mail import PlatformMail
from watcher.domain.money import Cost
from watcher.domain.order import Order
from watcher.domain.parcel import Origin, Sighting
from watcher.domain.quota import Quota
from watcher.domain.reading import Statement
from watcher.domain.reason import FoundReason
from watcher.domain.signs import Sign
from watcher.domain.wording import OwnWord, Word


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """One alert on its way out through one channel."""

    id: int
    channel: str
    alert: Alert
    attempts: int
    problem: str | None
    sent_at: datetime | None = None
    dropped_at: datetime | None = None
    not_before: datetime | None = None
    late: bool = False
    """Whether it is handed over after its usefulness."""
    woke: bool = False
    """Whether it breaks through quiet hours at this moment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """Which tokens came back through a channel, and from where to go on the next time."""

    tokens: tuple[str, ...]
    since: str


class Writing(Protocol):
    """One transaction: everything in it becomes durable together, or nothing does."""

    def save_account(self, account: Account) -> None:
        """Remember an account's state."""

    def save_orders(self, orders: Iterable[Order]) -> None:
        """Remember orders, new and known."""

    def save_conversation(self, account: str, known: KnownConversation, *, at: datetime) -> None:
        """Remember how a conversation looks now."""

    def save_statement(self, account: str, statement: Statement) -> None:
        """Remember what an added page says now."""

    def save_words(self, account: str, words: Iterable[Word], *, at: datetime) -> None:
        """Remember which of the site's words were met, and what they were taken for."""

    def save_own_word(self, account: str, word: OwnWord, *, at: datetime) -> None:
        """Remember what the seller confirmed about a word; the latest answer counts."""

    def save_mail(self, account: str, mail: PlatformMail) -> bool:
        """Remember a mail; False when it was known already."""

    def ask_for_check(self, account: str, conversation: str | None, *, at: datetime) -> None:
        """Make the next check of an account due now (never within a cool-down), and let it open this conversation."""

    def save_mailbox_state(self, mailbox: str, state: str) -> None:
        """Remember how far a mailbox was read, in the mailbox's own words."""

    def answered(self, account: str, conversations: Iterable[str]) -> None:
        """Take conversations that were read off the list of those that mails asked for."""

    def save_case(self, case: Case) -> None:
        """Remember a case with its steps."""

    def save_rounds(self, case_id: str, rounds: Rounds) -> None:
        """Remember how far a case's alerts have come."""

    def queue(self, alert: Alert, *, channels: Sequence[str], now: datetime) -> None:
        """Put an alert into the outbox, once per channel; one that is already there stays as it is."""

    def save_acknowledgement(self, ack: Acknowledgement) -> None:
        """Remember who took a case on, or what became of that; a case and a moment name one."""

    def put_into_digest(self, waiting_ids: Sequence[int], digest: str, *, now: datetime) -> None:
        """Take waiting alerts out of the outbox, for a digest tells of them."""

    def drop_alerts(self, case_id: str, *, now: datetime) -> int:
        """Take the case's waiting alert and reminders out of the outbox; returns how many. Other news of it stay."""

    def drop(self, waiting_id: int, *, now: datetime) -> None:
        """Take one waiting alert out of the outbox."""

    def mark_sent(self, waiting_id: int, *, now: datetime) -> None:
        """Remember that a channel took the message."""

    def mark_failed(self, waiting_id: int, *, problem: str, not_before: datetime) -> None:
        """Remember why a channel did not take it, and when to try again."""

    def retry_now(self, channel: str, *, now: datetime) -> None:
        """Let what waits for a channel be tried at once, however long its last failure made it wait."""

    def save_capture(self, stored: StoredCapture) -> None:
        """Remember a capture whose files are in the vault."""

    def want_capture(self, order: str, *, at: datetime) -> None:
        """Let the next check keep the order's conversation, whatever it shows."""

    def want_no_more(self, account: str, conversations: Iterable[str]) -> None:
        """Take conversations off the list of those that the next check is to keep."""

    def save_note(self, note: Note) -> str:
        """Keep a note; returns the salted hash of its text, which may stand in the ledger."""

    def save_sighting(self, sighting: Sighting) -> bool:
        """Remember what was said about a parcel; False when it was known already."""

    def erase_sightings(self, order: str, origin: Origin) -> int:
        """Erase what was said about an order's parcel from that side; returns how many words that were."""

    def save_sign(self, order: str, sign: Sign, *, at: datetime) -> bool:
        """Remember a sign worth a look; False when its rule has spoken about that order before."""

    def save_found_reason(self, case_id: str, found: FoundReason, *, at: datetime) -> None:
        """Remember which reason was found in the chat; the latest counts."""

    def save_cost(self, cost: Cost) -> None:
        """Remember money beside the price."""

    def save_channel_health(self, health: ChannelHealth) -> None:
        """Remember how it stands with a channel."""

    def save_remembered(self, name: str, value: str) -> None:
        """Remember a small thing under its name."""

    def save_answer_token(self, token: AnswerToken, *, at: datetime) -> None:
        """Remember a token that goes out with an alert."""

    def expire_answer_tokens(self, case_id: str, *, at: datetime) -> None:
        """Let a case's unused tokens count no more: what they answered has been overtaken."""

    def use_answer_token(self, token_hash: str, *, at: datetime, by: str) -> None:
        """Remember that a token came back, and with which answer; from now on it counts no more."""

    def record_event(self, event: Event) -> None:
        """Add an event to the ledger."""

    def record(
        self,
        kind: str,
        *,
        at: datetime,
        account: str | None = None,
        order: str | None = None,
        **facts: str | int | bool | Sequence[str],
    ) -> None:
        """Add a line to the ledger. Facts hold ids, kinds, times and salted hashes alone."""

    def salted_hash(self, account: str, text: str) -> str:
        """Return a hash of the text that only this account's salt can reproduce."""

    def anchors(self) -> AnchorWriting:
        """Write of anchors and stamps."""

    def ads(self) -> AdWriting:
        """Write of the own ads."""

    def questions(self) -> QuestionWriting:
        """Write of buyers' questions and own answer times."""


class Store(Protocol):
    """What is remembered."""

    def writing(self) -> AbstractContextManager[Writing]:
        """Begin a transaction; it is committed when the block ends well, and undone otherwise."""

    def catalogue(self) -> Catalogue:
        """Look things up by pages."""

    def past_sales(self) -> PastSales:
        """Read past sales, for figures."""

    def snapshot(self) -> AbstractContextManager[None]:
        """Read within the block as of one moment, whatever others write meanwhile."""

    def account(self, name: str) -> Account:
        """Return an account's state; one that was never checked is new."""

    def accounts(self) -> list[Account]:
        """Return every account that was ever checked."""

    def orders(self, account: str | None = None) -> list[Order]:
        """Return orders, the latest change first."""

    def order_pages(self) -> Iterator[list[Order]]:
        """Return all orders by their ids, a few hundred at a time: what goes through all of them need not hold all of them."""

    def orders_under_way(self, *, or_changed_since: datetime | None = None) -> list[Order]:
        """Return the orders that are not ended, those with an open case and those that changed after a moment; the latest change first."""

    def orders_told(self, origin: Origin) -> list[Order]:
        """Return the orders about whose parcels that origin has said anything, by their ids."""

    def conversations_captured(self, *, since: datetime) -> frozenset[str]:
        """Return the conversations of which captures were taken since a moment."""

    def has_older_order(self, moment: datetime) -> bool:
        """Whether an order was seen before a moment."""

    def history(self, account: str) -> History:
        """Look up what an account's checks have left, as far as the next one has to know of it."""

    def statements(self, account: str) -> dict[str, Statement]:
        """Return what each added page said when it was last read, by the page's name."""

    def words(self, account: str) -> list[Word]:
        """Return every word of the site that was ever met."""

    def own_words(self, account: str) -> list[OwnWord]:
        """Return what the seller confirmed, oldest first."""

    def asked_for(self, account: str) -> list[str]:
        """Return the conversations that mails asked a check to open; the empty one stands for the whole account."""

    def mailbox_state(self, mailbox: str) -> str | None:
        """Return how far a mailbox was read."""

    def cases(self, account: str | None = None) -> list[Case]:
        """Return cases, the latest first."""

    def open_cases(self, *, or_closed_since: datetime | None = None) -> list[Case]:
        """Return the cases that are open, or were so after a moment, the latest first.

        What is done every few seconds must not go through all that ever was.
        """

    def rounds(self, case_id: str) -> Rounds:
        """Return how far a case's alerts have come."""

    def acknowledgements(self, case_id: str) -> list[Acknowledgement]:
        """Return who took a case on, oldest first."""

    def notes(self, order: str) -> list[Note]:
        """Return the notes on an order, oldest first."""

    def sightings(self, order: str) -> list[Sighting]:
        """Return what was said about an order's parcel, oldest first."""

    def signs(self, order: str) -> list[Sign]:
        """Return what is worth a look about an order, in the order in which it was noticed."""

    def found_reason(self, case_id: str) -> FoundReason | None:
        """Return the reason that was found in the chat, also when the seller has named another."""

    def costs(self, order: str | None = None) -> list[Cost]:
        """Return money beside the prices, oldest first."""

    def channel_health(self, channel: str) -> ChannelHealth:
        """Return how it stands with a channel; with one that was never tried nothing is known."""

    def checks_since(self, at: datetime) -> tuple[int, int]:
        """Return how many checks since then saw everything and understood it, and how many did not."""

    def remembered(self, name: str) -> str | None:
        """Return a small thing that was remembered under its name."""

    def answer_token(self, token_hash: str) -> AnswerToken | None:
        """Return what is remembered of a token."""

    def awaited_answers(self, *, now: datetime) -> dict[str, datetime]:
        """Return the channels through which open cases may still be answered, and when each last gave out a token."""

    def index(self) -> Index:
        """Return what the database says is kept."""

    def shelf(self, account: str, *, since: datetime, until: datetime) -> Shelf:
        """Return what is kept of an account: conversations from `since` on and before `until`, ads from `since` on."""

    def captures(self, *, account: str | None = None, conversation: str | None = None) -> list[StoredCapture]:
        """Return captures, oldest first."""

    def captures_of_no_order(
        self, *, after: datetime | None = None, before: datetime | None = None
    ) -> Iterator[StoredCapture]:
        """Return the captures of pages about many orders, account by account, oldest first.

        All of them, or those that were taken after one moment, or before another. A few hundred are read at a time: what goes through all of them need not hold all of them.
        """

    def claim(
        self,
        *,
        now: datetime,
        lease: timedelta,
        limit: int = 20,
        without: Collection[str] = (),
        quiet: bool = False,
    ) -> list[Waiting]:
        """Lease alerts that are due, the critical ones first: nobody else gets them until the lease ends.

        While it is quiet only those are handed out that break through; every path to a channel leads through here.

        Alerts for the channels in `without`, and for those that rest after a failure, stay where they are.
        """

    def unsent(self, channel: str, *, queued_before: datetime, now: datetime) -> list[Waiting]:
        """Return a channel's waiting alerts from before a moment that nobody has leased now, the oldest first."""

    def told_at(self, key: str) -> datetime | None:
        """Return when a channel first took an alert, or the digest that told of it."""

    def was_queued(self, key: str) -> bool:
        """Whether an alert of that key was ever put into the outbox, for any channel."""

    def on_their_way(self) -> list[Waiting]:
        """Return the alerts that some channel has still to take, with what became of them in the others; the latest first."""

    def outbox(self) -> list[Waiting]:
        """Return every alert that was ever queued, the latest first."""

    def ledger(self, *, saying: Collection[str] = ()) -> Iterable[Line]:
        """Return the ledger from its first line on, or those lines whose text has any of these words in it."""

    def ledger_head(self) -> str | None:
        """Return the hash of the ledger's last line; `None` before the first."""

    def has_due(self, *, now: datetime, quiet: bool = False) -> bool:
        """Whether an alert waits that `claim` would hand out now."""

    def attachments(self) -> Attachments:
        """Return whoever keeps the seller's files; its writing belongs into a `writing` block of this store."""

    def erasing(self) -> Erasing:
        """Return whoever erases for good; its writing belongs into a `writing` block of this store."""

    def anchors(self) -> Anchors:
        """Look up anchors and stamps."""

    def ads(self) -> AdShelf:
        """Look up the own ads."""

    def questions(self) -> QuestionShelf:
        """Look up buyers' questions and own answer times."""

    def sealed(self) -> Sealed:
        """Look up what proves evidence and is needed only where it is handed out."""

    def guard_is_proven(self, key: str) -> bool:
        """Whether the read-only guard was proven in this browser with these rules."""

    def remember_proof(self, key: str, *, at: datetime) -> None:
        """Remember that it was."""

    def close(self) -> None:
        """Let go of the store."""


class Vault(Protocol):
    """Where the bytes are."""

    def stage(self, capture: Capture) -> StagedCapture:
        """Write a capture's bytes to disk, before anybody interprets them."""

    def keep(self, staged: StagedCapture) -> tuple[StoredFile, ...]:
        """Put a staged capture's files into the vault: durable, read-only, named by their content."""

    def keep_bytes(self, content: bytes, extension: str) -> KeptFile:
        """Put bytes that are no capture into the vault: durable, read-only, named by their content."""

    def drop(self, staged: StagedCapture) -> None:
        """Remove what was staged: after the transaction that remembered it, or because it shows nothing new."""

    def leftovers(self, account: str) -> list[StagedCapture]:
        """Return captures that an earlier, killed check of this account staged."""

    def read(self, file: StoredFile) -> bytes:
        """Return a file's bytes."""

    def capture(self, stored: StoredCapture) -> Capture:
        """Return an archived capture as it was when it was taken, without its pictures.

        Raises:
            StorageError: one of its files cannot be read.
        """

    def eye(self) -> FileKeeper:
        """Return whoever can look at the files and compare them with what is remembered of them."""


class Visit(Protocol):
    """One visit to the site: a browser that can look, and nothing else."""

    def open_list(self, enough: Callable[[Capture], bool]) -> Capture:
        """Open the message box and capture the conversation list, as many pages of it as it takes.

        `enough` is asked about what the page has received so far before each further page.
        """

    def open_thread(self, conversation: str) -> Capture:
        """Open one conversation by its address and capture it."""

    def open_page(self, page: AddedPage) -> Capture:
        """Open a page that the seller added and capture it."""

    def open_ad(self, path: str, conversation: str | None, *, ad: str | None = None) -> Capture:
        """Open an ad as a buyer sees it and capture it with its photos.

        Args:
            path: the ad's address on the site, from the slash on.
            conversation: the conversation that is about it; `None` for an own ad that is looked at for itself.
            ad: the id of an own ad that is looked at for itself.
        """

    def open_own_ads(self, page: int) -> Capture:
        """Open one page of the list of the own ads, from 1, and capture it."""

    def has_time(self) -> bool:
        """Whether a further page may be opened before the visit has lasted too long."""

    def details(self, capture: Capture) -> Capture:
        """Return the capture of the page that is open with its picture and all that only a page worth keeping is asked for."""


class Visitor(Protocol):
    """Whoever can visit the site for an account."""

    def visit(self, account: str) -> AbstractContextManager[Visit]:
        """Start a browser on the account's profile; it is gone when the block ends.

        Raises:
            BrowserError: there is no browser, or the read-only guard does not hold in it.
        """


class Postman(Protocol):
    """Whoever hands a finished alert to a channel."""

    def names(self) -> Sequence[str]:
        """Return the names of the channels that are set up."""

    def hand_over(self, waiting: Waiting) -> str:
        """Deliver one alert through its channel; returns what the channel answered.

        Raises:
            Undelivered: the channel did not take it.
        """


class Listener(Protocol):
    """Whoever fetches what people answered through the channels."""

    def names(self) -> Sequence[str]:
        """Return the names of the channels that can be asked."""

    def hear(self, channel: str, *, since: str | None) -> Heard:
        """Return what came back after `since` (of an earlier `Heard`; `None`: all that is still there).

        What was heard is let go only when somebody asks with the `since` that came with it.

        Raises:
            Unheard: nobody can say now.
        """


class Prober(Protocol):
    """Whoever can test a channel without disturbing anybody."""

    def probe(self, channel: str) -> str:
        """Go every step of a delivery but the message itself; returns what the other side answered.

        Raises:
            Undelivered: a delivery would fail now.
        """


class TrackingSource(Protocol):
    """A carrier's official interface that says where a parcel is, set up with the user's own key."""

    @property
    def name(self) -> str:
        """The name of its table under [tracking]."""

    @property
    def carriers(self) -> AbstractSet[str]:
        """The ids of the carriers whose numbers it knows (see `watcher/carriers`)."""

    @property
    def quota(self) -> Quota:
        """What it allows. Whoever asks keeps to it; the source counts nothing."""

    def ask(self, number: str, *, postcode: str | None) -> Answer:
        """Ask once about a number; never raises, and comes to an end within seconds.

        Args:
            number: the tracking number, in any spelling.
            postcode: the recipient's, which makes some carriers say more; left out where it is `None` or is none.
        """


class Undelivered(Exception):  # noqa: N818 - an outcome of the port, named as the postman would
    """A channel did not take a message."""

    def __init__(
        self, reason: str, *, permanent: bool, advice: str = "", retry_after: timedelta | None = None
    ) -> None:
        super().__init__(reason)
        self.advice = advice
        self.retry_after = retry_after
        """How long the other side asked to be left alone."""
        self.reason = reason
        self.permanent = permanent


class Unheard(Exception):  # noqa: N818 - an outcome of the port
    """A channel cannot say now whether somebody answered."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
