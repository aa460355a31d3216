"""`status`: how things stand, without a visit."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from watcher.app.answers import refused_answer
from watcher.app.ports import Waiting
from watcher.bootstrap import House, house, now
from watcher.cli.case_state import acknowledgements, state_words
from watcher.cli.channels import channel_healths, channel_json, channel_lines, heartbeat_json
from watcher.cli.common import (
    config_option,
    json_option,
    last_check_words,
    load_config,
    moment,
    print_json,
    printable,
)
from watcher.cli.keeping import forgetting_json, forgetting_lines
from watcher.cli.report import Json, case_json, order_json, time_json
from watcher.cli.stamps import stamp_lines, stamps_json
from watcher.cli.supervision import supervision_json, supervision_lines
from watcher.domain.account import Account
from watcher.domain.acknowledgement import Acknowledgement
from watcher.domain.case import Case
from watcher.domain.order import Order
from watcher.domain.permission import comes_by_itself
from watcher.domain.question import apart
from watcher.domain.quiet_hours import QuietHours
from watcher.domain.silence import is_verified, unverified_orders, unverified_since
from watcher.domain.wording import Word, tally
from watcher.texts.language import _, current
from watcher.texts.names import kind_name, lasting

if TYPE_CHECKING:
    from watcher.tracking.state import SourceState


@click.command("status", help=_("How things stand: accounts, open cases, alerts on their way."))
@config_option
@json_option
def status_command(*, config_path: Path | None, as_json: bool) -> int:
    """Tell how things stand."""
    config = load_config(config_path)
    with house(config) as our:
        accounts = [our.store.account(account.name) for account in config.account]
        cases = our.store.open_cases()
        waiting = [
            entry for entry in our.store.on_their_way() if entry.sent_at is None and entry.dropped_at is None
        ]
        if as_json:
            print_json(_status_json(accounts, cases, waiting, our))
            return 0
        orders = our.store.orders_under_way()
        for account in accounts:
            click.echo(_account_line(account, _following(account, our)))
            for line in _account_details(account, orders, cases, our.store.words(account.name)):
                click.echo("  " + line)
        for address in config.site.allow:
            click.echo(_("The read-only guard lets through: {address}").format(address=address))
        acks = acknowledgements(our.store, cases)
        for case in cases:
            click.echo(_case_line(case, acks.get(case.id), orders))
        if not cases:
            click.echo(_("No open case."))
        for entry in waiting:
            click.echo(_waiting_line(entry, config.quiet_hours))
        for line in (
            *supervision_lines(our),
            *_going_lines(our),
            *_question_lines(our),
            *channel_lines(our),
            *_listening_lines(our),
            *forgetting_lines(our),
            *_replay_lines(our),
        ):
            click.echo(line)
        if not config.channels:
            click.echo(_("No channel is set up under [notify]: nobody would be told."))
    return 0


def _replay_lines(our: House) -> Iterator[str]:
    if our.replay_is_due():
        yield _(
            "The readers have changed since your archive was read: `stornowacht replay` shows what that changes."
        )


def _status_json(
    accounts: Sequence[Account],
    cases: Sequence[Case],
    waiting: Sequence[Waiting],
    our: House,
) -> Json:
    from watcher.cli.ship_by import ship_by_json  # noqa: PLC0415 - only where it is asked for

    orders, promise = our.store.orders_under_way(), our.promise()
    return {
        "accounts": [_account_json(account, orders, cases, our) for account in accounts],
        "live_orders": [
            {**order_json(order), **ship_by_json(order, promise)} for order in orders if order.stage.is_live
        ],
        "open_cases": [case_json(case) for case in cases],
        "waiting_alerts": [
            {
                "channel": entry.channel,
                "kind": entry.alert.kind,
                "case": entry.alert.case,
                "attempts": entry.attempts,
                "problem": entry.problem,
                "next_try": time_json(_next_try(entry, our.config.quiet_hours)),
            }
            for entry in waiting
        ],
        "channels": list(our.config.channels),
        "channel_health": [channel_json(health) for health in channel_healths(our)],
        "heartbeat": heartbeat_json(our),
        "replay_due": our.replay_is_due(),
        "allowed_addresses": list(our.config.site.allow),
        "mode": list(our.config.watch.mode),
        "mailbox_trouble": our.mailbox_trouble(),
        "refused_answer": _refused_json(our),
        "tracking": [_source_json(source) for source in our.sources()],
        "stamps": stamps_json(our),
        "forgets": forgetting_json(our),
        "questions": _questions_json(our),
        **supervision_json(our),
        "storage": str(our.config.storage_dir),
    }


def _going_lines(our: House) -> Iterator[str]:
    from watcher.cli.ship_by import going_lines  # noqa: PLC0415

    return going_lines(our)


def _question_lines(our: House) -> Iterator[str]:
    """Say in one line that questions wait; those that have grown old are no news."""
    waits, _old = apart(our.store.questions().waiting(), now=now())
    if waits:
        from watcher.texts.question_words import waiting_line  # noqa: PLC0415 - only where one waits

        yield _("{line}: `stornowacht questions`").format(line=waiting_line(len(waits), waits[0], now=now()))


def _questions_json(our: House) -> Json:
    waits, old = apart(our.store.questions().waiting(), now=now())
    return {
        "open": len(waits),
        "old": len(old),
        "oldest_asked_at": time_json(waits[0].asked_at) if waits else None,
    }


def _refused_json(our: House) -> Json | None:
    refused = refused_answer(our.store, now=now())
    if refused is None:
        return None
    return {"channel": refused.channel, "why": refused.why, "at": time_json(refused.at)}


def _source_json(source: "SourceState") -> Json:
    return {
        "source": source.name,
        "asked_today": source.asked_today,
        "per_day": source.per_day,
        "problem": source.problem,
        "since": time_json(source.since),
        "message": source.message,
        "not_before": time_json(source.not_before),
    }


def _listening_lines(our: House) -> Iterator[str]:
    """Say how it stands with those who tell something between two checks: the mailbox, the carriers' interfaces."""
    trouble = our.mailbox_trouble()
    if trouble:
        yield _("The mailbox is not watched: {trouble}").format(trouble=printable(trouble))
    refused = refused_answer(our.store, now=now())
    if refused is not None:
        from watcher.cli.words import refusal_words  # noqa: PLC0415 - most answers count

        yield _("An answer to an alert ({channel}, {at}) had no effect: {why}.").format(
            channel=refused.channel, at=moment(refused.at), why=refusal_words(refused.why)
        )
    for source in our.sources():
        yield from _source_lines(source)
    yield from stamp_lines(our)


def _source_lines(source: "SourceState") -> Iterator[str]:
    yield _("{source}: {asked} of {per_day} questions asked today.").format(
        source=source.title, asked=source.asked_today, per_day=source.per_day
    )
    if source.message:
        since = _("since {at}").format(at=moment(source.since))
        yield f"  {printable(source.message)} ({since}) {printable(source.advice)}"


def _account_json(account: Account, orders: Sequence[Order], cases: Sequence[Case], our: House) -> Json:
    counts = tally(our.store.words(account.name))
    comes = _comes_by_itself(account, our)
    return {
        "name": account.name,
        "last_check": time_json(account.last_check_at),
        "last_outcome": account.last_outcome,
        "last_cause": account.last_cause,
        "last_complete": time_json(account.last_complete_at),
        "unverified_since": None if is_verified(account) else time_json(unverified_since(account)),
        "unverified_orders": [order.id for order in unverified_orders(account, orders, cases)],
        "next_check": time_json(account.next_check_at) if comes else None,
        "next_check_reason": account.next_check_reason if comes else None,
        "cool_down_until": time_json(account.cool_down_until),
        "logged_in_as": account.login,
        "logged_in_since": time_json(account.session.since),
        "pages_today": account.loads.on(now()),
        "pages_per_day": our.config.pace.pages_per_day,
        "wording": {
            "known": counts.known,
            "guessed": counts.guessed,
            "not_understood": counts.not_understood,
        },
    }


def _account_details(
    account: Account, orders: Sequence[Order], cases: Sequence[Case], words: Sequence[Word]
) -> Iterator[str]:
    """Say what is not certain about an account: nothing, when all was seen and understood."""
    from watcher.cli.guide import wording_line  # noqa: PLC0415

    if account.login:
        yield _("Logged in as {login}, for {span} now.").format(
            login=printable(account.login),
            span=lasting(now() - (account.session.since or now()), language=current()),
        )
    since = unverified_since(account)
    if since is not None and not is_verified(account):
        yield _("NOT VERIFIED since {at}.").format(at=moment(since))
    for order in unverified_orders(account, orders, cases):
        yield _("Not verified since {at}: {title} ({order})").format(
            at=moment(order.last_seen_at), title=printable(order.title or order.id), order=order.id
        )
    if words:
        yield wording_line(words)


def _comes_by_itself(account: Account, our: House) -> bool:
    return comes_by_itself(account, our.config.watch.mode, asked=bool(our.store.asked_for(account.name)))


def _following(account: Account, our: House) -> str:
    """Say when the next look comes and why then, or what brings it."""
    from watcher.cli.words import reason_words  # noqa: PLC0415

    if not _comes_by_itself(account, our):
        return (
            _("when the platform sends a mail")
            if "mail" in our.config.watch.mode
            else _("when you browse with `stornowacht open`")
        )
    following = moment(account.next_check_at)
    if account.next_check_reason is not None:
        following += f" ({reason_words(account.next_check_reason)})"
    if account.next_check_at is not None and account.next_check_at < now():
        following += " " + _("(overdue: is `stornowacht run` running?)")
    return following


def _account_line(account: Account, following: str) -> str:
    from watcher.cli.words import outcome_words  # noqa: PLC0415

    if account.last_outcome is None:
        return _(
            "{name}: never checked. `stornowacht login {name}`, then `stornowacht check {name}`."
        ).format(name=account.name)
    return _("{name}: {outcome} ({at}); {complete}; next look {next}.").format(
        name=account.name,
        outcome=outcome_words(account.last_outcome),
        at=moment(account.last_check_at),
        complete=last_check_words(account),
        next=following,
    )


def _case_line(case: Case, ack: Acknowledgement | None, orders: Sequence[Order]) -> str:
    title = next((order.title for order in orders if order.id == case.order), None) or case.order
    state = state_words(case, ack) or _("NOT ACKNOWLEDGED: `stornowacht ack {case}`").format(case=case.id)
    kind = kind_name(case.kind, language=current())
    return _("Case {case}: {title} – {kind} – {state}").format(
        case=case.id, title=printable(title), kind=kind, state=state
    )


def _next_try(entry: Waiting, quiet: QuietHours) -> datetime | None:
    """Return when it goes out, or is tried again; what quiet hours hold back waits for their end."""
    is_held = entry.alert.wakes is None and quiet.is_quiet(now())
    return quiet.ends_at(now()) if is_held else entry.not_before


def _waiting_line(entry: Waiting, quiet: QuietHours) -> str:
    from watcher.cli.words import alert_words  # noqa: PLC0415

    why = f" ({printable(entry.problem)})" if entry.problem else ""
    return (
        _("Waiting for {channel}: {kind}, {attempts} attempts, next at {at}").format(
            channel=entry.channel,
            kind=alert_words(entry.alert.kind),
            attempts=entry.attempts,
            at=moment(_next_try(entry, quiet)),
        )
        + why
    )
