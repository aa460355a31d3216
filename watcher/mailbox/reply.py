"""Replies to this program's own mails: recognised by the one-time token in them, judged by who sent them.

The text of a reply is not fetched: that somebody who gets the alerts replied at all is the answer. Machines reply, too (RFC 3834);
their replies are no answer.
"""

import re
from collections.abc import Iterator
from datetime import datetime

from watcher.domain.answer_token import FORM, Refusal
from watcher.domain.mail import MailVerdict, ReplyMail
from watcher.mailbox.headers import Headers, decoded
from watcher.mailbox.notice import key_of
from watcher.mailbox.sender import address_of, is_own, judge

_IN_SUBJECT = re.compile(rf"\[#({FORM.pattern})\]", re.IGNORECASE)
_IN_ADDRESS = re.compile(rf"\+({FORM.pattern})@", re.IGNORECASE)
_MOST_TOKENS = 5
_LONGEST_LINE = 4000
_MACHINES = frozenset({"bulk", "junk", "list", "auto_reply"})
_MACHINE_FIELDS = (
    "x-autoreply",
    "x-autorespond",
    "x-autoresponse",
    "x-auto-reply-from",
    "x-mail-autoreply",
    "list-id",
)
_AWAY = re.compile(
    r"\s*(?:automatische (?:antwort|r[üu]ckantwort)|abwesen|out of (?:the )?office|automatic reply|auto(?:matic)?[ -]?(?:reply|response)"
    r"|auto:|autoreply|ich bin (?:nicht|derzeit nicht) im b[üu]ro)",
    re.IGNORECASE,
)


def reply_of(
    headers: Headers, *, senders: tuple[str, ...], authserv_id: str | None, at: datetime
) -> ReplyMail | None:
    """Return the reply that a mail is; `None` where it holds no token, or is one of our own alerts as it arrives.

    Args:
        headers: the mail's.
        senders: the addresses whose replies count, in lower case; none: nobody's.
        authserv_id: how the own provider signs its findings.
        at: when the mailbox took it.
    """
    if not senders or is_own(headers) or _is_generated(headers):
        return None
    tokens = tuple(dict.fromkeys(_tokens(headers)))[:_MOST_TOKENS]
    if not tokens:
        return None
    return ReplyMail(
        key=key_of(headers, MailVerdict.NOT_PLATFORM),
        at=at,
        tokens=tokens,
        sender=address_of(headers),
        refusal=_refusal(headers, senders, authserv_id),
    )


def _tokens(headers: Headers) -> Iterator[str]:
    for name in ("to", "cc", "delivered-to", "x-original-to"):
        for value in headers.all(name):
            yield from (found.lower() for found in _IN_ADDRESS.findall(value[:_LONGEST_LINE]))
    subject = decoded(headers.first("subject"))[:_LONGEST_LINE]
    # The latest one stands last, should a mail program have kept several.
    yield from (found.lower() for found in reversed(_IN_SUBJECT.findall(subject)))


def _refusal(headers: Headers, senders: tuple[str, ...], authserv_id: str | None) -> Refusal | None:
    sender = address_of(headers)
    if sender not in senders:
        return Refusal.STRANGER
    judgement = judge(headers, domains=(sender.rpartition("@")[2],), authserv_id=authserv_id)
    if judgement.verdict is not MailVerdict.TRUSTED:
        return Refusal.UNPROVEN
    return Refusal.AUTOMATIC if _is_automatic(headers) else None


def _is_generated(headers: Headers) -> bool:
    """Whether a program wrote it of its own accord, as it does our alerts: that is a reply to nobody."""
    return _first_word(headers, "auto-submitted") == "auto-generated"


def _is_automatic(headers: Headers) -> bool:
    return (
        _first_word(headers, "auto-submitted") not in {"", "no"}
        or any(value.strip().lower() in _MACHINES for value in headers.all("precedence"))
        or any(headers.all(name) for name in _MACHINE_FIELDS)
        or headers.first("return-path").strip() == "<>"
        or _AWAY.match(decoded(headers.first("subject"))) is not None
    )


def _first_word(headers: Headers, name: str) -> str:
    return headers.first(name).partition(";")[0].strip().lower()
