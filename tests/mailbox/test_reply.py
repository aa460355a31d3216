"""Replies to the program's own mails: recognised by their token, judged by their sender."""

import pytest

from tests.mailbox.dovecot import Dovecot
from tests.mailbox.mails import CONVERSATION, phishing_mail, platform_mail, raw
from tests.mailbox.watching import watching
from tests.support.clock import NOON
from tests.support.every import every
from watcher.domain.answer_token import RANDOM_BYTES, Refusal, token_of
from watcher.domain.mail import ReplyMail
from watcher.errors import StorageError
from watcher.mailbox.headers import read_headers
from watcher.mailbox.reply import reply_of

TOKEN = token_of(bytes(range(RANDOM_BYTES)))
ME = "me@example.org"
PROVEN = "mx.example.org; spf=pass smtp.mailfrom=example.org; dkim=pass header.d=example.org"
SUBJECT = f"Re: Storniert auf Kleinanzeigen: Friteuse [#{TOKEN}]"


def reply(
    *more: str,
    number: int = 1,
    sender: str = f"Ich <{ME}>",
    subject: str = SUBJECT,
    results: str | None = PROVEN,
    to: str = "watch@example.org",
) -> bytes:
    return raw(
        *([f"Authentication-Results: {results}"] if results else []),
        f"Message-ID: <{number}@phone.example.org>",
        f"From: {sender}",
        f"To: {to}",
        f"Subject: {subject}",
        *more,
        text="hab ich",
    )


def read(mail: bytes, *, senders: tuple[str, ...] = (ME,)) -> ReplyMail | None:
    return reply_of(read_headers(mail), senders=senders, authserv_id=None, at=NOON)


def refusal(mail: bytes) -> Refusal | None:
    found = read(mail)
    assert found is not None
    return found.refusal


def test_a_reply_is_known_by_the_token_in_its_subject() -> None:
    found = read(reply())
    assert found is not None
    assert (found.tokens, found.sender, found.refusal) == ((TOKEN,), ME, None)


@pytest.mark.parametrize(
    "mail",
    [
        reply(subject=f"AW: Storniert [#{TOKEN.upper()}]"),
        reply(subject=f"=?UTF-8?Q?AW=3A_f=C3=BCr_dich_=5B=23{TOKEN}=5D?="),
        reply(subject=f"AW: Storniert\r\n [#{TOKEN}]"),
        reply(subject="AW: Storniert", to=f"me+{TOKEN}@example.org"),
        reply(f"Cc: Wacht <me+{TOKEN.upper()}@example.org>", subject="ok"),
        reply(f"Delivered-To: me+{TOKEN}@example.org", subject="ok"),
    ],
    ids=["upper case", "encoded", "folded", "address", "copy", "delivered"],
)
def test_whatever_mail_programs_do_to_it_the_token_is_found(mail: bytes) -> None:
    found = read(mail)
    assert found is not None
    assert (found.tokens, found.refusal) == ((TOKEN,), None)


def test_the_text_of_a_mail_makes_no_reply_of_it() -> None:
    assert read(raw("From: me@example.org", "Subject: Kuchen", text=SUBJECT)) is None


def test_where_replies_are_not_read_a_mail_is_none() -> None:
    assert read(reply(), senders=()) is None


@pytest.mark.parametrize(
    "own",
    [
        raw(f"Message-ID: <{'0' * 32}@stornowacht.invalid>", f"From: {ME}", f"Subject: Storniert [#{TOKEN}]"),
        reply("Auto-Submitted: auto-generated"),
    ],
    ids=["id", "rewritten id"],
)
def test_our_own_alert_arriving_in_the_mailbox_does_not_answer_itself(own: bytes) -> None:
    assert read(own) is None


@pytest.mark.parametrize(
    "sender",
    [
        "mallory@evil.example",
        "me@example.org.evil.example",
        f'"{ME}" <mallory@evil.example>',
        f"{ME}, mallory@evil.example",
        f"Ich <{ME}> <mallory@evil.example>",
        "you@example.org",
        f"me+{TOKEN}@example.org",
    ],
)
def test_a_strangers_reply_is_a_strangers(sender: str) -> None:
    assert (
        refusal(reply(sender=sender, results="mx.example.org; dkim=pass header.d=evil.example"))
        is Refusal.STRANGER
    )


@pytest.mark.parametrize(
    "results",
    [
        None,
        "mx.example.org; dkim=none; spf=pass smtp.mailfrom=example.org",
        "mx.example.org; dkim=fail header.d=example.org",
        "mx.example.org; dkim=pass header.d=evil.example",
        "mx.example.org; dmarc=fail header.from=example.org",
    ],
)
def test_a_forged_sender_is_not_believed(results: str | None) -> None:
    assert refusal(reply(results=results)) is Refusal.UNPROVEN


def test_a_second_from_line_makes_it_nobodys() -> None:
    assert refusal(reply("From: mallory@evil.example")) is Refusal.STRANGER


@every(
    "mail",
    [
        reply("Auto-Submitted: auto-replied"),
        reply("Auto-Submitted: auto-replied (vacation); owner=x"),
        reply("Precedence: bulk"),
        reply("Precedence: AUTO_REPLY"),
        reply("X-Autoreply: yes"),
        reply("List-Id: <list.example.org>"),
        reply("Return-Path: <>"),
        reply(subject=f"Automatische Antwort: Storniert [#{TOKEN}]"),
        reply(subject=f"Abwesenheitsnotiz: Storniert [#{TOKEN}]"),
        reply(subject=f"Out of Office: Storniert [#{TOKEN}]"),
        reply(subject=f"Automatic reply: Storniert [#{TOKEN}]"),
    ],
)
def test_a_machines_reply_is_no_answer(mail: bytes) -> None:
    assert refusal(mail) is Refusal.AUTOMATIC


def test_a_human_reply_that_says_so_is_one() -> None:
    assert refusal(reply("Auto-Submitted: no", "Return-Path: <me@example.org>", "Precedence: normal")) is None


def test_of_several_tokens_the_latest_comes_first_and_there_is_an_end() -> None:
    tokens = [token_of(bytes([number]) * RANDOM_BYTES) for number in range(9)]
    found = read(reply(subject=" ".join(f"[#{token}]" for token in tokens)))
    assert found is not None
    assert found.tokens == tuple(reversed(tokens))[:5]


def test_a_reply_is_told_within_the_watch_and_is_not_marked_as_seen(mailbox: Dovecot) -> None:
    with watching(mailbox.settings(reply_from=(ME,))) as told:
        mailbox.deliver(reply())
        found = told.next_reply()
        mailbox.deliver(platform_mail())
        assert told.next_mail().conversation == CONVERSATION
        assert told.says_nothing(0.2), "nobody is warned of a reply, though it names the platform"
    assert (found.tokens, found.sender, found.refusal) == ((TOKEN,), ME, None)
    assert {path.split("/")[0] for path in mailbox.files()} == {"new"}


@pytest.mark.slow
def test_forged_strange_and_automatic_replies_are_told_as_what_they_are(mailbox: Dovecot) -> None:
    with watching(mailbox.settings(reply_from=(ME,))) as told:
        mailbox.deliver(reply(number=1, sender="x@evil.example", subject=f"Re: [#{TOKEN}]"))
        mailbox.deliver(reply(number=2, results=None))
        mailbox.deliver(reply("Auto-Submitted: auto-replied", number=3))
        refusals = {told.next_reply().refusal for _ in range(3)}
    assert refusals == {Refusal.STRANGER, Refusal.UNPROVEN, Refusal.AUTOMATIC}


def test_a_token_is_no_cloak_for_phishing(mailbox: Dovecot) -> None:
    mail = phishing_mail().replace(b"Anzeige!", f"Anzeige! [#{TOKEN}]".encode())
    with watching(mailbox.settings(reply_from=(ME,))) as told:
        mailbox.deliver(mail)
        assert told.next_mail().reasons == ("foreign_sender",)


@pytest.mark.slow
def test_a_reply_that_could_not_be_remembered_comes_again(mailbox: Dovecot) -> None:
    with watching(mailbox.settings(reply_from=(ME,))) as told:
        told.fault = StorageError("the disk is full")
        mailbox.deliver(reply())
        assert told.next_reply().tokens == (TOKEN,)
    assert told.fault is None
