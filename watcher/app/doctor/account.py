"""What is remembered of an account: its login, and how much of the site's wording is understood."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from watcher.app.doctor.finding import Finding, bad, ok, skipped, warn
from watcher.domain.account import Account
from watcher.domain.outcome import Outcome
from watcher.domain.session import NEARLY
from watcher.domain.silence import is_verified, unverified_since
from watcher.domain.wording import Word, tally
from watcher.texts.fill import one_line
from watcher.texts.language import _, current
from watcher.texts.names import cause_name, lasting, moment, outcome_name


def session(account: Account, *, now: datetime) -> Finding:
    """Say what the last check met, as whom and since when the account is logged in, and since when nothing is certain."""
    name = f"session/{account.name}"
    if account.last_outcome is None:
        return skipped(
            name,
            _("never checked: `stornowacht login {account}`, then `stornowacht check {account}`").format(
                account=account.name
            ),
        )
    said = "; ".join(_told(account, now=now))
    if account.last_outcome is Outcome.OK:
        return _of_a_good_one(account, name, said, now=now)
    judge = warn if account.last_outcome in {Outcome.PARTIAL, Outcome.UNREACHABLE} else bad
    return judge(name, said, _way_out(account, account.last_outcome, now=now))


def _of_a_good_one(account: Account, name: str, said: str, *, now: datetime) -> Finding:
    typical, since = account.session.typical_life, account.session.since
    if typical is not None and since is not None and now - since >= typical * NEARLY:
        advice = _("Run `stornowacht login {account}` when it suits you.").format(account=account.name)
        return warn(name, said, advice)
    return ok(name, said)


def _way_out(account: Account, outcome: Outcome, *, now: datetime) -> str:
    if outcome is Outcome.BLOCKED and account.cool_down_until is not None and account.cool_down_until > now:
        until = moment(account.cool_down_until, language=current(), now=now)
        return _("Wait: nothing is visited before {at}. Look at your messages yourself.").format(at=until)
    if outcome.needs_human and outcome is not Outcome.BLOCKED:
        return _("Run `stornowacht login {account}`.").format(account=account.name)
    return {
        Outcome.PARTIAL: _("Look yourself at what `stornowacht status` calls not verified."),
        Outcome.UNREADABLE: _("Look at your messages yourself: the page was not understood."),
    }.get(outcome, _("Look at your messages yourself; the next check tries again."))


def _told(account: Account, *, now: datetime) -> Iterator[str]:
    language, outcome, cause = current(), account.last_outcome, account.last_cause
    if outcome is not None and account.last_check_at is not None:
        met = outcome_name(outcome, language=language)
        if cause is not None:
            met += f" ({cause_name(cause, language=language)})"
        at = moment(account.last_check_at, language=language, now=now)
        yield _("last check {at}: {met}").format(at=at, met=met)
    unsure = unverified_since(account)
    if unsure is not None and not is_verified(account):
        yield _("not verified since {at}").format(at=moment(unsure, language=language, now=now))
    if account.session.since is not None:
        span = lasting(now - account.session.since, language=language)
        if account.login:
            yield _("logged in as {login} for {span}").format(login=one_line(account.login), span=span)
        else:
            yield _("logged in for {span}").format(span=span)
    if account.session.typical_life is not None:
        span = lasting(account.session.typical_life, language=language)
        yield _("a login usually ends after {span}").format(span=span)


def readers(account: str, words: Sequence[Word]) -> Finding:
    """Say how much of an account's wording is known, and how much guessed."""
    name, counts = f"readers/{account}", tally(words)
    if not words:
        return skipped(name, _("no word of the site was met yet"))
    said = _("{known} words known, {guessed} guessed, {unknown} not understood").format(
        known=counts.known, guessed=counts.guessed, unknown=counts.not_understood
    )
    if counts.not_understood:
        return warn(
            name, said, _("Look at those orders yourself; `stornowacht probe` helps to teach what it means.")
        )
    return ok(name, said)


def allowed(addresses: Sequence[str]) -> Finding:
    """Say what the read-only guard lets through by the user's own word."""
    if not addresses:
        return ok("allow", _("the read-only guard lets nothing through"))
    return warn(
        "allow",
        _("the read-only guard lets through: {addresses}").format(
            addresses=", ".join(one_line(address, limit=200) for address in addresses)
        ),
        _("Remove them from [site] allow as soon as pages can be read without."),
    )
