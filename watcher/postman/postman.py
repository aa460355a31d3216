"""Hands alerts to the channels that are set up."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from notifiers.contract import Answering, Channel, DeliveryError
from notifiers.message import Message, Urgency
from watcher.app.answers import MAIL, give_token
from watcher.app.archive import StoredCapture, StoredFile
from watcher.app.case_book import as_tracked
from watcher.app.look_back import facts_of
from watcher.app.ports import Store, Undelivered, Vault, Waiting
from watcher.app.ship_by import ship_dates
from watcher.app.steady import summary_of
from watcher.app.timely import waiting_to_go
from watcher.domain.account import Account
from watcher.domain.alert import Alert, AlertKind
from watcher.domain.capture import Role
from watcher.domain.late import entries
from watcher.domain.order import Order
from watcher.domain.outcome import Cause, Outcome
from watcher.domain.question import Question
from watcher.domain.question_news import still_wait
from watcher.domain.ship_by import Promise, ShipBy, most_urgent_first
from watcher.domain.silence import is_verified, orders_at_stake, unverified_orders
from watcher.domain.summary import Summary
from watcher.errors import StorageError, StornowachtError
from watcher.pages.addresses import message_box
from watcher.postman.letter import LetterFacts, write_letter
from watcher.system import here
from watcher.texts.fill import one_line
from watcher.texts.language import Language, _, current
from watcher.texts.names import alert_name

_ABOUT_SHIPPING = frozenset({AlertKind.HAND_IN_SOON, AlertKind.SHIP_BY_NEAR, AlertKind.SHIP_BY_OVER})


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelPostman:
    """Writes each alert's letter at the moment of its delivery, from what is known then.

    Attributes:
        new_token: makes a token that nobody has had before; `None`: no message can be answered.
        reads_replies: whether replies to mails are read.
    """

    channels: Mapping[str, Channel]
    store: Store
    vault: Vault
    language: Language
    base_url: str
    clock: Callable[[], datetime]
    new_token: Callable[[], str] | None = None
    reads_replies: bool = False
    promise: Promise | None = None
    """Within how many working days the seller promises to ship."""

    def names(self) -> Sequence[str]:
        """Return the names of the channels that are set up."""
        return tuple(self.channels)

    def hand_over(self, waiting: Waiting) -> str:
        """Deliver one alert through its channel; returns what the channel answered.

        Raises:
            Undelivered: the channel did not take it, or it is no longer set up.
        """
        channel = self.channels.get(waiting.channel)
        if channel is None:
            raise Undelivered(f"[notify.{waiting.channel}] is not set up any more", permanent=True)
        # An attempt that was begun and not marked may have arrived all the same.
        repeat = waiting.attempts > 1 and waiting.problem is None
        token = self._token(waiting, channel)
        try:
            return channel.deliver(self._letter(waiting, repeat=repeat, token=token)).detail
        except DeliveryError as error:
            raise _undelivered(error) from error

    def probe(self, channel: str) -> str:
        """Test a channel without sending anything; returns what the other side answered.

        Raises:
            Undelivered: a delivery would fail now.
        """
        built = self.channels.get(channel)
        if built is None:
            raise Undelivered(f"[notify.{channel}] is not set up any more", permanent=True)
        try:
            return built.probe().detail
        except DeliveryError as error:
            raise _undelivered(error) from error

    def _token(self, waiting: Waiting, channel: Channel) -> str | None:
        """Return a token for the answer to this message; `None` where none can come back, or makes no sense."""
        by_mail = waiting.channel == MAIL and self.reads_replies
        if self.new_token is None or not (by_mail or isinstance(channel, Answering)):
            return None
        token = self.new_token()
        try:
            given = give_token(self.store, waiting, token, clock=self.clock)
        except StornowachtError:
            return None  # an alert without a button is better than none
        return token if given else None

    def _letter(self, waiting: Waiting, *, repeat: bool, token: str | None) -> Message:
        alert = waiting.alert
        try:
            facts = self._facts(alert, repeat=repeat)
            facts = replace(
                facts,
                reply_token=token,
                answered_by_mail=waiting.channel == MAIL,
                late=waiting.late,
                woke=alert.wakes if waiting.woke else None,
            )
            return write_letter(facts, language=self.language)
        except Exception as error:  # noqa: BLE001 - whatever is wrong with a letter's making, the alert goes out
            return plain_letter(alert, repeat=repeat, reason=type(error).__name__)

    def _facts(self, alert: Alert, *, repeat: bool) -> LetterFacts:
        order = self.store.catalogue().order(alert.order or "")
        if order is not None:
            order = as_tracked(order, self.store.sightings(order.id), at=self.clock())
        case = self.store.catalogue().case(alert.case or "")
        conversation = order.conversation if order else None
        details = dict(alert.details)
        remembered = self.store.account(alert.account)
        waiting = self._waiting(alert)
        summary = self._summary(alert)
        dates = self._dates(alert, (*waiting, *((order,) if order else ())))
        taken_at, picture = self._picture(alert.account, conversation, details.get("page"))
        return LetterFacts(
            alert=alert,
            order=order,
            case=case,
            picture=picture,
            picture_taken_at=taken_at,
            account=alert.account,
            conversation_url=message_box(self.base_url, conversation) if conversation else None,
            base_url=self.base_url,
            ledger_head=self.store.ledger_head(),
            now=self.clock(),
            repeat=repeat,
            outcome=next((outcome for outcome in Outcome if outcome == details.get("outcome")), None),
            cause=next((cause for cause in Cause if cause == details.get("cause")), None),
            remembered=remembered,
            unverified=tuple(self._unverified(remembered, alert)),
            waiting=most_urgent_first(waiting, dates),
            ship_dates=dates,
            questions=self._questions(alert),
            platform=here().value,
            signs=tuple(self.store.signs(order.id)) if order else (),
            found=self.store.found_reason(case.id) if case else None,
            case_facts=facts_of(self.store, order, case)
            if order is not None and case is not None and alert.kind is AlertKind.CASE_CLOSED
            else None,
            orders=self._spoken_of(alert, summary),
            summary=summary,
        )

    def _summary(self, alert: Alert) -> Summary | None:
        since = dict(alert.details).get("since")
        if alert.kind is not AlertKind.SUMMARY or since is None:
            return None
        return summary_of(self.store, since=datetime.fromisoformat(since), channels=self.names())

    def _spoken_of(self, alert: Alert, summary: Summary | None) -> tuple[Order, ...]:
        """Return the orders that a letter about several names."""
        named = [entry.order for entry in entries(alert)] if alert.kind is AlertKind.DIGEST else []
        named += [waiting.case.order for waiting in summary.steps] if summary else []
        return tuple(self.store.catalogue().orders_by_id([order for order in named if order]).values())

    def _waiting(self, alert: Alert) -> tuple[Order, ...]:
        """Return the account's paid orders that are still to be handed in."""
        if alert.kind is not AlertKind.HAND_IN_SOON:
            return ()
        own = [order for order in self.store.orders_under_way() if order.account == alert.account]
        return waiting_to_go(self.store, own, self.store.open_cases(), now=self.clock())

    def _unverified(self, account: Account, alert: Alert) -> Sequence[Order]:
        """Return what is at stake and not verified: what the last check missed, all of it when no check came."""
        if alert.kind is not AlertKind.ACCOUNT_UNVERIFIED:
            return ()
        orders, cases = self.store.orders_under_way(), self.store.open_cases()
        if account.last_check_at is not None and not is_verified(account):
            return unverified_orders(account, orders, cases)
        return [order for order in orders_at_stake(account, orders, cases) if order.last_seen_at < alert.at]

    def _questions(self, alert: Alert) -> tuple[Question, ...]:
        """Return the questions that the alert names and that still wait."""
        if alert.kind is not AlertKind.QUESTIONS_WAIT:
            return ()
        return tuple(still_wait(alert, self.store.questions().waiting(alert.account)))

    def _dates(self, alert: Alert, orders: Sequence[Order]) -> dict[str, ShipBy]:
        """Return until when orders should leave; nothing where the letter does not speak of that."""
        return ship_dates(orders, self.promise) if alert.kind in _ABOUT_SHIPPING else {}

    def _picture(
        self, account: str, conversation: str | None, page: str | None
    ) -> tuple[datetime | None, bytes | None]:
        """Return the latest picture of the conversation or of the added page, else of the account's list; never of an ad."""
        shown = self.store.catalogue().pages_shown(account, conversation=conversation, page=page)
        for capture in shown:
            preview = _preview(capture)
            if preview is not None:
                try:
                    return capture.taken_at, self.vault.read(preview)
                except StorageError:
                    continue  # an alert without its picture is better than none; `archive verify` names the file
        return None, None


def _undelivered(error: DeliveryError) -> Undelivered:
    return Undelivered(
        error.message, permanent=error.permanent, advice=error.advice, retry_after=error.retry_after
    )


def _preview(capture: StoredCapture) -> StoredFile | None:
    return next((file for file in capture.files if file.role is Role.PREVIEW), None)


def plain_letter(alert: Alert, *, repeat: bool, reason: str) -> Message:
    """Return the shortest letter that is still of use: something happened, look yourself, and where."""
    subject = _("Stornowacht: something happened, please look yourself")
    text = _(
        "Stornowacht could not write the usual letter ({reason}). Look at your messages at Kleinanzeigen now; "
        "`stornowacht status` says what is known."
    ).format(reason=reason)
    about = (alert_name(alert.kind, language=current()), alert.account, alert.case, alert.order)
    names = "\n".join(one_line(name) for name in about if name)
    return Message(
        key=alert.key,
        thread=alert.case or alert.account,
        subject=subject,
        text=f"{text}\n\n{names}\n",
        html=None,
        summary=subject,
        urgency=Urgency.CRITICAL if alert.critical else Urgency.NORMAL,
        at=alert.at,
        repeat=repeat,
    )
