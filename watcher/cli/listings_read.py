"""`listings --read`: read the own ads from the site now, and say what came of it."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from watcher.bootstrap import House, house, now
from watcher.cli.bounded import visiting
from watcher.cli.common import moment, require_terms, say_beside
from watcher.cli.watch import deliver
from watcher.config import Config
from watcher.domain.cadence import Reason
from watcher.domain.outcome import Outcome
from watcher.domain.permission import what_holds_back
from watcher.errors import BusyError
from watcher.texts.language import _, ngettext

if TYPE_CHECKING:
    from watcher.app.remember_ads import ListingsReport


def read_now(
    config: Config,
    names: Sequence[str],
    *,
    scheduled: bool,
    config_path: Path | None,  # noqa: ARG001 - so does every command that may start another
) -> int:
    """Read the own ads of these accounts; returns the exit code of the worst outcome, as `check` does.

    What came of it is said beside the answer: the answer is the ads. An account that cannot be visited holds up no other;
    its fault ends the command.
    """
    require_terms(config)
    outcomes, faults = list[Outcome](), list[BaseException]()
    with house(config) as our:
        for name in names:
            try:
                outcomes.append(read_once(our, name, scheduled=scheduled))
            except BusyError as fault:
                if scheduled:
                    return BusyError.scheduled_exit_code
                faults.append(fault)
            except Exception as fault:
                if scheduled:
                    raise
                faults.append(fault)
        deliver(our)  # where a human is needed, that is told at once
    if faults:
        raise faults[0]
    return max((outcome.exit_code for outcome in outcomes), key=lambda code: (code != 0, -code))


def read_once(our: House, name: str, *, scheduled: bool) -> Outcome:
    """Read one account's own ads, unless something holds the visit back; returns how it ended."""
    from watcher.app.read_listings import ListingsOrders, read_listings  # noqa: PLC0415 - only where somebody reads

    account = our.store.account(name)
    held_back = what_holds_back(account, our.config.pace, now=now(), scheduled=scheduled)
    if held_back is Reason.COOL_DOWN:
        until = moment(account.cool_down_until)
        say_beside(
            _("{account}: the site has blocked this account's visits until {until}; your ads wait.").format(
                account=name, until=until
            )
        )
        return Outcome.BLOCKED
    if held_back is not None:
        say_beside(_("{account}: today's page loads are used up; your ads wait.").format(account=name))
        return Outcome.PARTIAL
    our.note_start()
    orders = ListingsOrders(
        account=name,
        rules=our.rules(),
        judge=our.judge(),
        ads_at_most=our.config.listings.ads_per_reading,
        lore=our.lore(name),
        by_hand=not scheduled,
    )
    if not scheduled:
        say_beside(_("Reading your ads: {account}. That takes a few minutes.").format(account=name))
    with visiting(our, by_hand=not scheduled) as visitor:
        report = read_listings(orders, visitor=visitor, store=our.store, vault=our.vault, clock=now)
    for line in reading_lines(report):
        say_beside(line)
    return report.outcome


def reading_lines(report: "ListingsReport") -> list[str]:
    """Return what a reading has brought, line by line."""
    from watcher.cli.words import cause_words, outcome_words  # noqa: PLC0415 - only where somebody reads

    lines = []
    if report.outcome not in {Outcome.OK, Outcome.PARTIAL}:
        lines.append(f"{report.account}: {outcome_words(report.outcome)}")
        if report.cause is not None:
            met = cause_words(report.cause, on_own_ads=True)
            lines.append("  " + _("What was met: {cause}.").format(cause=met))
    if not report.ads and not report.complete:
        return lines or [
            _("{account}: the list of your ads could not be read.").format(account=report.account)
        ]
    if lines and not (report.new or report.read or report.gone):
        return [*lines, "  " + _("No ad was read; what was known before stays as it is.")]
    words = [
        ngettext("{n} ad", "{n} ads", len(report.ads)).format(n=len(report.ads)),
        _("{n} new").format(n=len(report.new)),
        ngettext("{n} page read", "{n} pages read", len(report.read)).format(n=len(report.read)),
        _("{n} gone").format(n=len(report.gone)),
    ]
    lines.append(f"{report.account}: " + ", ".join(words) + ".")
    if not report.complete:
        lines.append("  " + _("The list was not read to its end: no ad counts as gone."))
    if report.unread:
        count = len(report.unread)
        told = ngettext(
            "{n} ad could not be read: {ids}.", "{n} ads could not be read: {ids}.", count
        ).format(n=count, ids=", ".join(report.unread))
        lines.append("  " + told)
    if report.waiting:
        told = ngettext(
            "{n} ad waits for the next reading.", "{n} ads wait for the next reading.", report.waiting
        ).format(n=report.waiting)
        lines.append("  " + told)
    return lines
