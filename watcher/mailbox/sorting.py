"""What a mail is: the platform's, a carrier's, a reply, one that pretends to be the platform's, or nobody's business."""

from datetime import datetime
from hashlib import sha256

from watcher.domain.answer_token import Refusal
from watcher.domain.mail import CarrierMail, MailVerdict, PlatformMail, ReplyMail
from watcher.mailbox.connection import Connection, Fetched
from watcher.mailbox.headers import Headers, decoded, read_headers
from watcher.mailbox.notice import key_of, named_in_headers, named_in_text
from watcher.mailbox.reply import reply_of
from watcher.mailbox.sender import domain_of, is_below, judge
from watcher.mailbox.words import words_of


def mail_of(
    connection: Connection, uid: int, fetched: Fetched, *, now: datetime
) -> PlatformMail | CarrierMail | ReplyMail | None:
    """Return what matters of a mail; `None` where it is neither the platform's, nor pretends to be, nor a carrier's, nor a reply.

    A reply names the platform in its subject, for the alert did; nobody is warned of it. A stranger's is no excuse for that.
    """
    settings, headers = connection.settings, read_headers(fetched.raw)
    judgement = judge(headers, domains=settings.domains, authserv_id=settings.authserv_id)
    reply = reply_of(
        headers, senders=settings.reply_from, authserv_id=settings.authserv_id, at=min(fetched.at or now, now)
    )
    is_platform = judgement.verdict is not MailVerdict.NOT_PLATFORM
    if reply and not (is_platform and reply.refusal is Refusal.STRANGER):
        return reply
    if not is_platform:
        return _carrier_mail(connection, uid, headers, at=min(fetched.at or now, now))
    conversation = None
    if judgement.verdict is MailVerdict.TRUSTED:
        conversation = named_in_headers(headers) or named_in_text(
            headers, connection.text(uid), domains=settings.domains
        )
    return PlatformMail(
        key=key_of(headers, judgement.verdict),
        at=min(fetched.at or now, now),
        conversation=conversation,
        verdict=judgement.verdict,
        reasons=judgement.reasons,
    )


def _carrier_mail(connection: Connection, uid: int, headers: Headers, *, at: datetime) -> CarrierMail | None:
    """Return a mail of a carrier that passes the checks of its sender, else `None`: nobody is warned of the others."""
    settings, domain = connection.settings, domain_of(headers)
    known = [name for name in settings.carriers if domain and is_below(domain, [name])]
    if not known:
        return None
    judgement = judge(headers, domains=known, authserv_id=settings.authserv_id)
    if judgement.verdict is not MailVerdict.TRUSTED:
        return None
    return CarrierMail(
        at=at,
        carrier=settings.carriers[max(known, key=len)],
        subject=decoded(headers.first("subject")),
        text=words_of(headers, connection.text(uid)),
    )


def unreadable(connection: Connection, uid: int, *, at: datetime) -> PlatformMail:
    """Return what stands for a mail that the server has and does not show: it could be one that matters."""
    return PlatformMail(
        key=sha256(f"unreadable {connection.validity} {uid}".encode()).hexdigest(),
        at=at,
        conversation=None,
        verdict=MailVerdict.SUSPICIOUS,
        reasons=("unreadable",),
    )
