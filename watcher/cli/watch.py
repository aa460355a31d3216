"""`check`, `run`, `deliver`: the commands that look and tell."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from pydantic import BaseModel

from watcher.bootstrap import House, house, jitter, mailbox_settings, now, polled
from watcher.cli.bounded import BrowserEndedError, begun, visiting
from watcher.cli.common import (
    account_names,
    config_option,
    json_option,
    load_config,
    moment,
    print_json,
    printable,
    require_terms,
    say_beside,
)
from watcher.config import Config, default_path
from watcher.config_file import load, read
from watcher.domain.cadence import Reason
from watcher.domain.confidence import Confidence
from watcher.domain.outcome import Cause, Outcome
from watcher.domain.permission import what_holds_back
from watcher.errors import BusyError, StorageError, StornowachtError
from watcher.texts.language import _, current

if TYPE_CHECKING:
    from watcher.app.archive import StoredCapture
    from watcher.app.remember import Report
    from watcher.app.shelf import Why
    from watcher.domain.order import Order


@click.command("check", help=_("One check now."))
@click.argument("account", required=False)
@click.option(
    "--force", is_flag=True, help=_("Look even while a block's cool-down lasts: it may make it worse.")
)
@click.option("--scheduled", is_flag=True, hidden=True)
@config_option
@json_option
def check_command(
    account: str | None, *, force: bool, scheduled: bool, config_path: Path | None, as_json: bool
) -> int:
    """Check one account or all; the exit code is that of the worst outcome.

    An account that cannot be looked at holds up no other, nor what is to be told; its fault ends the command. The daemon
    counts the faults of its own checks itself.
    """
    from watcher.browser.driver import let_go  # noqa: PLC0415

    config = load_config(config_path)
    require_terms(config)
    names = account_names(config, account)
    results, codes, faults = [], [], list[BaseException]()
    with house(config) as our:
        for name in names:
            try:
                result, outcome = check_once(our, name, force=force, scheduled=scheduled)
            except BusyError as fault:
                if scheduled:
                    return BusyError.scheduled_exit_code
                faults.append(fault)
                continue
            except Exception as fault:
                if scheduled:
                    raise
                _remember_fault(our, name, fault)
                faults.append(fault)
                continue
            results.append(result)
            codes.append(outcome.exit_code)
            if not as_json:
                faults += _told(our, name, result, outcome)
        let_go()  # of the driver, if every visit was held back: a channel may want an event loop of its own
        deliver(our)
        our.sign_of_life()
        if not scheduled:  # the daemon starts a child of its own for that
            _stamp(our)
    if as_json and results:
        # One account is one object, as the contract has it; several are a list.
        print_json(results[0] if len(names) == 1 else results)
    if faults:
        raise faults[0]
    return max(codes, key=lambda code: (code != 0, -code))


def _told(our: House, name: str, result: dict[str, Any], outcome: Outcome) -> list[BaseException]:
    """Say what a check has brought; returns the fault where nobody reads along any more: alerts go out all the same."""
    try:
        tell(result, outcome)
        _guide(our, name, outcome)
    except (OSError, SystemExit) as fault:
        return [fault]
    return []


def _remember_fault(our: House, name: str, fault: Exception) -> None:
    """Count a check that could not be made, so that silence alarms also where a timer calls `check`."""
    from watcher.app.failed_check import remember_failed_check  # noqa: PLC0415 - most checks can be made

    reason, cause = "broke_down", Cause.CHECK_FAILED
    if isinstance(fault, BrowserEndedError):
        reason, cause = fault.reason, fault.cause
    elif isinstance(fault, StornowachtError):
        reason = f"exit_{fault.exit_code}"
    try:
        remember_failed_check(
            our.store,
            name,
            reason=reason,
            cause=cause,
            pace=our.config.pace,
            channels=list(our.config.channels),
            jitter=jitter(),
            clock=now,
        )
    except StorageError:
        pass  # the disk is full or away: then the fault itself is all that can be told


def check_once(
    our: House,
    name: str,
    *,
    force: bool = False,
    scheduled: bool = False,
    keep: "Mapping[str, Why] | None" = None,
) -> tuple[dict[str, Any], Outcome]:
    """Check one account, unless something holds the visit back; returns what the contract prints, and how it ended.

    The conversations in `keep` are opened first, and their captures are kept whatever they show.
    """
    account = our.store.account(name)
    held_back = what_holds_back(account, our.config.pace, now=now(), scheduled=scheduled)
    if held_back is Reason.BUDGET:
        from watcher.app.check_account import postpone  # noqa: PLC0415

        postpone(our.store, name, clock=now)
    if held_back is not None and not force:
        from watcher.cli.report import held_back_json  # noqa: PLC0415

        outcome = Outcome.BLOCKED if held_back is Reason.COOL_DOWN else Outcome.PARTIAL
        return held_back_json(account, our.store, outcome=outcome), outcome
    if held_back is Reason.COOL_DOWN:
        click.echo(
            _(
                "The site has blocked this account's visits until {until}. A visit now may make the block longer."
            ).format(until=moment(account.cool_down_until)),
            err=True,
        )
    report = _visited(our, name, by_hand=not scheduled, keep=keep or {})
    from watcher.cli.report import check_json  # noqa: PLC0415

    names = keep_names(our, report.captures) if report.captures else {}
    return check_json(report, names), report.reading.outcome


def _visited(our: House, name: str, *, by_hand: bool, keep: "Mapping[str, Why]") -> "Report":
    """Visit an account and remember what is new."""
    with visiting(our, by_hand=by_hand) as one, begun(one, name) as visitor:
        from watcher.app.check_account import CheckOrders, check_account  # noqa: PLC0415

        our.note_start()
        watch = our.config.watch
        orders = CheckOrders(
            account=name,
            rules=our.rules(),
            threads_at_most=watch.threads_per_check,
            whole_list_every=watch.whole_list,
            pages=our.config.pages_of(name),
            lore=our.lore(name),
            by_hand=by_hand,
            keep=keep,
        )
        return check_account(orders, visitor=visitor, store=our.store, vault=our.vault, clock=now)


def keep_names(our: House, captures: "Sequence[StoredCapture]") -> "Mapping[str, str | None]":
    """Give captures their readable names; returns them by the captures' ids.

    That costs no check: what cannot be made is said beside the answer.
    """
    from watcher.app.naming import readable_name  # noqa: PLC0415 - most checks keep nothing

    kept = our.keep_names(captures)
    if kept.fault:
        say_beside(
            _(
                "The archive has them; but in the folder “orders” {count} files have no readable name: {reason}."
            ).format(count=kept.lacking, reason=kept.fault)
        )
    names = our.names()
    return {capture.id: readable_name(names, capture, _orders_in(our, capture)) for capture in captures}


def _orders_in(our: House, capture: "StoredCapture") -> "Sequence[Order]":
    conversations = filter(None, (capture.conversation,))
    return our.store.history(capture.account).orders_of(conversations)


def deliver(our: House) -> None:
    """Hand over what is due, so that a check by hand or by cron tells as well; and write it into the seller's calendar.

    What was answered meanwhile comes first: nobody is told again who has said that it is seen to.
    """
    awaited = our.store.awaited_answers(now=now())
    if awaited:
        from watcher.app.answers import hear_answers  # noqa: PLC0415 - most have no answers to wait for

        hear_answers(our.store, our.listener(), channels=awaited, clock=now)
    if our.config.channels:
        from watcher.app.round import deliver_round  # noqa: PLC0415

        deliver_round(our.store, our.postman(), rules=our.round_rules(), clock=now)
    try:
        our.keep_calendar()
    except StornowachtError as error:
        click.echo(error.diagnostics(), err=True)


def _stamp(our: House) -> None:
    """Have stamped what is due, so that a check by hand or by cron anchors as well; what fails is tried again later."""
    from watcher.app.anchor import work_is_due  # noqa: PLC0415 - few checks come when it is time

    try:
        if work_is_due(our.store, our.config.stamped_by, now=now()):
            our.stamp_what_is_due()
    except StornowachtError as error:
        say_beside(error.diagnostics())


def tell(result: dict[str, Any], outcome: Outcome) -> None:
    """Say in words what a check, or a page that the human opened, has brought."""
    from watcher.cli.words import cause_words, event_words, outcome_words, problem_words  # noqa: PLC0415
    from watcher.texts.names import confidence_name  # noqa: PLC0415

    click.echo(f"{result['account']}: {outcome_words(outcome)}")
    if result["cause"]:
        click.echo("  " + _("What was met: {cause}.").format(cause=cause_words(Cause(result["cause"]))))
    if outcome is Outcome.BLOCKED and result["next_check"]:
        click.echo(
            "  " + _("Not before {at}.").format(at=moment(datetime.fromisoformat(result["next_check"])))
        )
    if outcome is Outcome.UNREADABLE and result["foreign_hosts"]:
        hosts = ", ".join(printable(host) for host in result["foreign_hosts"])
        click.echo(
            "  "
            + _("Not loaded from: {hosts}. If the page needs one of them, name it in [site] hosts.").format(
                hosts=hosts
            )
        )
    named = {order["conversation"]: printable(order["title"] or order["id"]) for order in result["orders"]}
    for problem in result["problems"]:
        conversation = problem["conversation"] or ""
        what = named.get(conversation) or printable(conversation)
        click.echo("  " + problem_words(problem["kind"], what=what, detail=printable(problem["detail"])))
    if result["unverified_since"]:
        since = moment(datetime.fromisoformat(result["unverified_since"]))
        click.echo("  " + _("NOT VERIFIED since {at}.").format(at=since))
    titles = {order["id"]: printable(order["title"] or order["id"]) for order in result["orders"]}
    for event in result["events"]:
        sure = event["details"].get("confidence", Confidence.CERTAIN)
        doubt = (
            ""
            if sure == Confidence.CERTAIN
            else f" ({confidence_name(Confidence(sure), language=current())})"
        )
        title = titles.get(event["order"], event["order"] or "")
        click.echo(f"  {event_words(event['kind'])}{doubt}: {title}".rstrip(": "))
    if not result["events"] and outcome is Outcome.OK:
        click.echo("  " + _("Nothing new."))
    for case in result["cases"]:
        if case["acknowledged"] is None and case["closed"] is None:
            click.echo(
                "  "
                + _("Open case {case}: `stornowacht show {order}`").format(
                    case=case["id"], order=case["order"]
                )
            )


def _guide(our: House, name: str, outcome: Outcome) -> None:
    """In the first week say what was recognised and what was guessed."""
    from watcher.cli.guide import guide_lines, is_first_week  # noqa: PLC0415

    if outcome.was_read and is_first_week(our.store.account(name), now()):
        for line in guide_lines(our.store.orders(name), our.store.words(name)):
            click.echo("  " + line)


@click.command("run", help=_("Watch in the background until it is stopped."))
@config_option
def run_command(*, config_path: Path | None) -> int:
    """Run the daemon."""
    from watcher.daemon.daemon import run_daemon  # noqa: PLC0415

    place = config_path or default_path()
    ready = partial(_ready, place)
    text = read(place)
    config = ready(text)
    if not config.channels:
        click.echo(
            _("No channel is set up under [notify]: alerts will only be seen in `stornowacht status`."),
            err=True,
        )
    _check_stamps(config)
    if "passive" in config.watch.mode and len(config.watch.mode) == 1:
        click.echo(
            _("Nothing is visited: [watch] mode is passive. Browse with `stornowacht open`."), err=True
        )
    return run_daemon(config, config_path, text=text, ready=ready)


def _ready(place: Path, text: str) -> Config:
    """Return a config with which a watch can begin, or go on after a change.

    Raises:
        StornowachtError: it cannot; the message says why.
    """
    config = load(place, text=text)
    require_terms(config)
    _check_channels(config)
    polled(config)  # a key that cannot be had is told now, and not in the night that needs it
    return config


@click.command("deliver", hidden=True)
@config_option
def deliver_command(*, config_path: Path | None) -> int:
    """Hand over what is due now; the daemon starts this when something is."""
    config = load_config(config_path)
    with house(config) as our:
        deliver(our)
        _test_channels(our)
    return 0


def _test_channels(our: House) -> None:
    """Test the channels whose turn it is; what that brings up is told at once."""
    from watcher.app.channel_watch import due_for_test, try_quietly  # noqa: PLC0415

    names = list(our.config.channels)
    if due_for_test(our.store, channels=names, now=now()):
        try_quietly(our.store, our.postman(), channels=names, clock=now)
        deliver(our)


def _check_channels(config: Config) -> None:
    """Say at the start, not at the first alert, that a password cannot be had."""
    if config.mailbox is not None and config.watches_mailbox:
        mailbox_settings(config, config.mailbox)
    for name, settings in config.channels.items():
        _check_references(f"notify.{name}", settings, config)
    if config.heartbeat is not None:
        _check_references("heartbeat", config.heartbeat, config)


def _check_stamps(config: Config) -> None:
    """Say at the start that nobody can stamp; that is no reason not to watch."""
    if not config.stamped_by:
        return
    from watcher.timestamping.library import missing  # noqa: PLC0415

    reason = missing()
    if reason:
        from watcher.texts.stamps import HOW_TO_ADD  # noqa: PLC0415

        how = HOW_TO_ADD.said(current())
        say_beside(_("No time stamps under [timestamp]: {reason}; {how}").format(reason=reason, how=how))


def _check_references(table: str, settings: BaseModel, config: Config) -> None:
    from notifiers.secret import SecretError, is_reference, resolve  # noqa: PLC0415
    from watcher.config import ConfigError  # noqa: PLC0415

    for field in type(settings).model_fields:
        value = getattr(settings, field)
        for reference in value if isinstance(value, tuple) else (value,):
            if not isinstance(reference, str) or not is_reference(reference):
                continue
            try:
                resolve(reference, language=config.language)
            except SecretError as error:
                raise ConfigError(f"[{table}] {field}: {error.message}", advice=error.advice) from error
