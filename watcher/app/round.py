"""One round of whatever is due: what time has brought into the outbox, the outbox to the channels."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from watcher.app.ask_back import follow_acknowledgements
from watcher.app.case_book import CaseRules
from watcher.app.channel_watch import queue_channel_news
from watcher.app.deliver import deliver_due, queue_reminders
from watcher.app.ports import Postman, Store, Waiting
from watcher.app.silence import queue_silence
from watcher.app.steady import queue_summary
from watcher.app.timely import SellerWays, follow_time, queue_timely
from watcher.domain.cadence import Pace
from watcher.domain.remind import RemindRules
from watcher.domain.summary import SummaryEvery, SummaryPlan


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundRules:
    """What is in force when something is told because its time has come."""

    accounts: Sequence[str]
    """The accounts of the config; those that were taken out of it are no longer watched."""
    pace: Pace
    cases: CaseRules
    remind: RemindRules = field(default_factory=RemindRules)
    seller: SellerWays = field(default_factory=SellerWays)
    summary: SummaryPlan = field(default_factory=lambda: SummaryPlan(every=SummaryEvery.NEVER))


def deliver_round(
    store: Store, postman: Postman, *, rules: RoundRules, clock: Callable[[], datetime]
) -> list[Waiting]:
    """Queue all that has come due, then hand over; returns what a channel took."""
    channels = list(postman.names())
    queue_nagging(store, rules=rules, channels=channels, clock=clock)
    queue_news_of_time(store, rules=rules, channels=channels, clock=clock)
    quiet = rules.remind.quiet
    taken = deliver_due(store, postman, clock=clock, quiet=quiet)
    # What a channel did not take, another one says.
    if rules.accounts and queue_channel_news(
        store, channels=channels, account=rules.accounts[0], clock=clock
    ):
        taken += deliver_due(store, postman, clock=clock, quiet=quiet)
    return taken


def queue_nagging(
    store: Store,
    *,
    rules: RoundRules,
    channels: Sequence[str],
    clock: Callable[[], datetime],
    awake_since: datetime | None = None,
) -> None:
    """Follow up what was acknowledged, queue the reminders that are due and what must be told of silence.

    `awake_since`: since when checks could have been made; `None`: since this very moment.
    """
    follow_acknowledgements(store, channels=channels, rules=rules.remind, clock=clock)
    queue_reminders(store, channels=list(channels), rules=rules.remind, clock=clock)
    queue_silence(
        store,
        accounts=rules.accounts,
        pace=rules.pace,
        channels=channels,
        clock=clock,
        awake_since=awake_since,
    )


def queue_news_of_time(
    store: Store, *, rules: RoundRules, channels: Sequence[str], clock: Callable[[], datetime]
) -> None:
    """Let the cases follow the time, then queue what has come due; without a channel nothing counts as told."""
    follow_time(store, rules=rules.cases, channels=channels, clock=clock)
    if channels:
        queue_timely(
            store,
            accounts=rules.accounts,
            rules=rules.cases,
            seller=rules.seller,
            quiet=rules.remind.quiet,
            channels=channels,
            clock=clock,
        )
        queue_summary(store, rules.summary, accounts=rules.accounts, channels=channels, clock=clock)
