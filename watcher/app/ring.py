"""A mail rings: it makes a check come sooner, or it is told as suspicious. It never says how an order stands."""

from collections.abc import Callable, Sequence
from datetime import datetime
from enum import StrEnum

from watcher.app.ports import Store
from watcher.domain.alert import Alert, AlertKind
from watcher.domain.mail import MailVerdict, PlatformMail

UNCHECKED = ("no_authentication_results",)
"""All that speaks against a mail is that the provider does not check senders: then it speaks against every one."""


class Rung(StrEnum):
    """What became of a mail."""

    ASKED = "asked"
    """A check was asked for."""
    WARNED = "warned"
    KNOWN = "known"
    IGNORED = "ignored"


def ring(
    store: Store,
    *,
    account: str,
    mail: PlatformMail,
    channels: Sequence[str],
    clock: Callable[[], datetime],
) -> Rung:
    """Do what a mail asks for, once: in one transaction with remembering it.

    1. A trusted mail asks for a check of the conversation that it names, or of the whole account.
    2. A suspicious one is told on every channel. Where the provider checks no senders at all this is told once, not
       with every mail. Neither asks for a check, but one that could not be read does: it could be a trusted one.
    3. Any other is nobody's business and is not remembered.
    """
    if mail.verdict is MailVerdict.NOT_PLATFORM:
        return Rung.IGNORED
    now = clock()
    with store.writing() as writing:
        if not writing.save_mail(account, mail):
            return Rung.KNOWN
        told = writing.salted_hash(account, mail.key)
        if mail.verdict is MailVerdict.TRUSTED:
            writing.ask_for_check(account, mail.conversation, at=now)
            about = writing.salted_hash(account, mail.conversation) if mail.conversation else ""
            writing.record("mail_rang", at=now, account=account, mail=told, conversation=about)
            return Rung.ASKED
        if "unreadable" in mail.reasons:
            writing.ask_for_check(account, None, at=now)
        writing.queue(_alert(account, mail, now), channels=channels, now=now)
        writing.record("mail_suspicious", at=now, account=account, mail=told, reasons=list(mail.reasons))
        return Rung.WARNED


def tell_of_mailbox(
    store: Store,
    *,
    account: str,
    trouble: str,
    message: str,
    advice: str,
    channels: Sequence[str],
    clock: Callable[[], datetime],
) -> None:
    """Tell that the mailbox is not watched for a reason that only a human can mend, once a day at most.

    `trouble` is its code word; `message` and `advice` are in the user's words.
    """
    now = clock()
    alert = Alert(
        key=f"{account}/{AlertKind.MAILBOX_TROUBLE}/{trouble}/{now.date()}",
        kind=AlertKind.MAILBOX_TROUBLE,
        account=account,
        at=now,
        critical=True,
        details=(("trouble", trouble), ("message", message), ("advice", advice)),
    )
    with store.writing() as writing:
        writing.queue(alert, channels=channels, now=now)
        writing.record("mailbox_not_watched", at=now, account=account, trouble=trouble)


def _alert(account: str, mail: PlatformMail, now: datetime) -> Alert:
    which = "unchecked" if mail.reasons == UNCHECKED else mail.key
    return Alert(
        key=f"{account}/{AlertKind.MAIL_SUSPICIOUS}/{which}",
        kind=AlertKind.MAIL_SUSPICIOUS,
        account=account,
        at=now,
        details=(("reasons", ",".join(mail.reasons)), ("received", mail.at.isoformat())),
    )
