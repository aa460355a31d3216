"""Who is believed to be the platform."""

import time
from datetime import UTC, datetime
from email.headerregistry import Address

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notifiers.letter import compose
from notifiers.message import Message, Urgency
from tests.mailbox.mails import PLATFORM, RESULTS, other_mail, phishing_mail, platform_mail, raw
from tests.support.every import every
from watcher.domain.mail import MailVerdict
from watcher.mailbox.headers import LIMIT, read_headers
from watcher.mailbox.sender import Judgement, judge

DOMAINS = ("kleinanzeigen.de",)
SIGNED = "dkim=pass header.d=kleinanzeigen.de"


def judged(mail: bytes, *, authserv_id: str | None = None) -> Judgement:
    return judge(read_headers(mail), domains=DOMAINS, authserv_id=authserv_id)


def judged_by(*results: str, authserv_id: str | None = None) -> Judgement:
    return judged(platform_mail(results=results), authserv_id=authserv_id)


@every(
    "results",
    [
        RESULTS,
        f"mx.example.org; {SIGNED}",
        f"mx.example.org 1; {SIGNED}",
        "MX.EXAMPLE.ORG; DKIM=PASS HEADER.D=Kleinanzeigen.DE",
        "mx.example.org; dkim=pass header.i=@mail.kleinanzeigen.de",
        "mx.example.org; dkim=pass (2048-bit key; x) header.d=kleinanzeigen.de header.i=@mail.kleinanzeigen.de",
        "mx.example.org; dkim = pass\r\n\theader.d = kleinanzeigen.de. ;",
        'mx.example.org; dkim=pass reason="all is well" header.d="kleinanzeigen.de"',
        "mx.example.org; dkim/1=pass header.d=kleinanzeigen.de",
        "mx.example.org; dkim=fail header.d=list.example; dkim=pass header.d=kleinanzeigen.de",
        "mx.example.org; dmarc=pass (p=REJECT dis=NONE) header.from=mail.kleinanzeigen.de",
        (
            "mx.google.com; dkim=pass header.i=@kleinanzeigen.de header.s=s1 header.b=Ab/c+; spf=pass (google.com: domain of"
            " x@kleinanzeigen.de designates 192.0.2.1 as permitted sender) smtp.mailfrom=x@kleinanzeigen.de;"
            " dmarc=pass (p=REJECT) header.from=kleinanzeigen.de"
        ),
        # Outlook.com leaves its name out.
        (
            "spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=kleinanzeigen.de; dkim=pass (signature was verified)"
            " header.d=kleinanzeigen.de;dmarc=pass action=none header.from=kleinanzeigen.de;compauth=pass reason=100"
        ),
    ],
)
def test_a_signature_of_the_platform_is_believed(results: str) -> None:
    assert judged_by(results) == Judgement(verdict=MailVerdict.TRUSTED)


@every(
    ("results", "reason"),
    [
        ("mx.example.org; none", "no_dkim"),
        ("mx.example.org", "no_dkim"),
        ("mx.example.org; spf=pass smtp.mailfrom=kleinanzeigen.de", "no_dkim"),
        ("mx.example.org; dkim=none", "no_dkim"),
        ("mx.example.org; dkim=fail header.d=kleinanzeigen.de", "dkim_failed"),
        ("mx.example.org; dkim=temperror header.d=kleinanzeigen.de", "dkim_failed"),
        ("mx.example.org; dkim=pass", "foreign_dkim"),
        ("mx.example.org; dkim=pass header.d=kleinanzeigen.de.evil.example", "foreign_dkim"),
        ("mx.example.org; dkim=pass header.d=evilkleinanzeigen.de", "foreign_dkim"),
        ("mx.example.org; dkim=pass header.d=evil.example header.i=@kleinanzeigen.de", "foreign_dkim"),
        ("mx.example.org; dkim=pass header.d=evil.example header.d=kleinanzeigen.de", "foreign_dkim"),
        ("mx.example.org; dkim=pass header.i=@kleinanzeigen.de@evil.example", "foreign_dkim"),
        (f"mx.example.org; dkim=fail ({SIGNED})", "dkim_failed"),
        (f'mx.example.org; dkim=fail reason="x; {SIGNED}"', "dkim_failed"),
        (f'mx.example.org; dkim=fail reason="\\"; {SIGNED}"', "dkim_failed"),
        (f'mx.example.org; spf=fail smtp.mailfrom="x; {SIGNED}"@evil.example', "no_dkim"),
        (f"mx.example.org (x; {SIGNED}", "no_authentication_results"),
        (f'mx.example.org; dkim=fail reason="; {SIGNED}', "no_authentication_results"),
        ("mx.example.org; x-dkim=pass header.d=kleinanzeigen.de", "no_dkim"),
        ("mx.example.org; dmarc=pass header.from=evil.example", "no_dkim"),
        ("mx.example.org; dmarc=pass", "no_dkim"),
        ("", "no_dkim"),
    ],
)
def test_without_one_a_mail_of_the_platform_is_suspicious(results: str, reason: str) -> None:
    judgement = judged_by(results)
    assert judgement.verdict is MailVerdict.SUSPICIOUS
    assert judgement.reasons[0] == reason


def test_everything_that_failed_is_named() -> None:
    results = "mx.example.org; dkim=fail; dmarc=fail header.from=kleinanzeigen.de; spf=softfail"
    assert judged_by(results).reasons == ("dkim_failed", "dmarc_failed", "spf_failed")


def test_a_provider_that_checks_nobody_is_told_apart() -> None:
    assert judged_by().reasons == ("no_authentication_results",)


def test_results_that_the_sender_has_written_himself_do_not_count() -> None:
    forged = f"mx.example.org; {SIGNED}"
    assert judged_by("mx.example.org; dkim=none", forged).reasons == ("no_dkim",)
    assert judged_by("mx.example.org; dkim=none", forged, authserv_id="mx.example.org").reasons == (
        "no_dkim",
    )
    assert judged_by("mx.example.org; spf=pass", forged, authserv_id="mx.example.org").reasons == ("no_dkim",)
    assert judged_by("mx.example.org; (", forged).reasons == ("no_authentication_results",)


def test_only_the_named_provider_is_believed() -> None:
    others = f"relay.example; {SIGNED}"
    assert judged_by(others, authserv_id="mx.example.org").reasons == ("no_authentication_results",)
    assert judged_by(others, "mx.example.org; dkim=none", authserv_id="mx.example.org").reasons == (
        "no_dkim",
    )
    own = f"mx.example.org; {SIGNED}"
    assert judged_by(others, own, authserv_id="MX.example.org ").verdict is MailVerdict.TRUSTED


@pytest.mark.parametrize("authserv_id", [None, "icloud.com"])
def test_findings_that_a_provider_splits_are_put_together(authserv_id: str | None) -> None:
    split = (
        'bimi.icloud.com; bimi=skipped reason="insufficient dmarc"',
        "arc.icloud.com; arc=none",
        "dmarc.icloud.com; dmarc={} header.from=mail.kleinanzeigen.de",
        "dkim-verifier.icloud.com; dkim={} header.d=kleinanzeigen.de",
        "spf.icloud.com; spf=pass",
    )
    good = [each.format("pass") for each in split]
    bad = [each.format("fail") for each in split]
    assert judged_by(*good, authserv_id=authserv_id).verdict is MailVerdict.TRUSTED
    assert judged_by(*bad, *good, authserv_id=authserv_id).reasons == ("dkim_failed", "dmarc_failed")
    forged = f"another.icloud.com; {SIGNED}"
    assert judged_by(*bad, forged, authserv_id=authserv_id).reasons == ("dkim_failed", "dmarc_failed")


@every(
    "sender",
    [
        PLATFORM,
        "noreply@kleinanzeigen.de",
        "<SERVICE@KLEINANZEIGEN.DE>",
        '"Max \\"M\\" Muster, über Kleinanzeigen" <abc-ek-ek@mail.kleinanzeigen.de>',
        "=?utf-8?q?Max_=C3=BCber_Kleinanzeigen?= <abc-ek-ek@mail.kleinanzeigen.de>",
        "Max über Kleinanzeigen\r\n <abc@mail.kleinanzeigen.de>",
        "Kleinanzeigen (evil@evil.example) <pro@von.kleinanzeigen.de>",
    ],
)
def test_the_platforms_addresses_are_known(sender: str) -> None:
    assert judged(platform_mail(sender=sender)).verdict is MailVerdict.TRUSTED


@every(
    ("sender", "reason"),
    [
        ("Kleinanzeigen <service@evil.example>", "foreign_sender"),
        ('"service@kleinanzeigen.de" <x@evil.example>', "foreign_sender"),
        ("Kleinanzeigen <x@kleinanzeigen.de.evil.example>", "foreign_sender"),
        ("Kleinanzeigen <x@evilkleinanzeigen.de>", "foreign_sender"),
        ("x@kleinanzeigen-sicher.example", "foreign_sender"),
        ("x@xn--kleinnzeigen-19j.de", "foreign_sender"),
        ("K\u200bleinanzeigen <x@evil.example>", "foreign_sender"),
        ("Кlеinаnzеigеn <x@evil.example>", "foreign_sender"),
        ("KIeinanzeigen <x@evil.example>", "foreign_sender"),
        ("Ｋｌｅｉｎａｎｚｅｉｇｅｎ <x@evil.example>", "foreign_sender"),
        ("k l e i n - a n z e i g e n <x@evil.example>", "foreign_sender"),
        ("Kléinanzéigen <x@evil.example>", "foreign_sender"),
        ("=?utf-8?b?S2xlaW5hbnplaWdlbg==?= <x@evil.example>", "foreign_sender"),
        ("=?utf-8?q?Klein?= =?utf-8?q?anzeigen?= <x@evil.example>", "foreign_sender"),
        ("x@evil.example, service@kleinanzeigen.de", "several_senders"),
        ("service@kleinanzeigen.de <x@evil.example>", "broken_sender"),
        ("Kleinanzeigen <service@kleinanzeigen.de", "broken_sender"),
        ("Kleinanzeigen: service@kleinanzeigen.de;", "broken_sender"),
        ('"Kleinanzeigen <service@kleinanzeigen.de>', "broken_sender"),
        ("<service@kleinanzeigen.de> <x@evil.example>", "broken_sender"),
        ("<service@kleinanzeigen.de\x00.evil.example>", "broken_sender"),
        ("Kleinanzeigen " + "x" * 3000 + " <service@kleinanzeigen.de>", "broken_sender"),
    ],
)
def test_whoever_only_says_so_is_suspicious(sender: str, reason: str) -> None:
    assert judged(platform_mail(sender=sender, subject="Hallo")) == Judgement(
        verdict=MailVerdict.SUSPICIOUS, reasons=(reason,)
    )


def test_two_senders_are_suspicious_whichever_is_shown() -> None:
    second = f"From: {PLATFORM}"
    assert judged(platform_mail(sender="x@evil.example", more=[second])).reasons == ("several_senders",)
    assert judged(platform_mail(more=["From: x@evil.example"])).reasons == ("several_senders",)


def test_a_subject_that_names_the_platform_is_suspicious_from_anybody_else() -> None:
    assert judged(phishing_mail()).reasons == ("foreign_sender",)
    subject = "Deine Kleinanzeigen-Zahlung wartet"
    assert judged(raw("From: x@evil.example", f"Subject: {subject}")).reasons == ("foreign_sender",)
    assert judged(raw(f"Subject: {subject}")).reasons == ("no_sender",)


def test_everybody_elses_mail_is_nobodys_business() -> None:
    assert judged(other_mail()).verdict is MailVerdict.NOT_PLATFORM
    assert judged(raw("Subject: Kuchen")).verdict is MailVerdict.NOT_PLATFORM
    assert judged(b"").verdict is MailVerdict.NOT_PLATFORM


def test_headers_that_were_cut_off_are_never_trusted() -> None:
    judgement = judged(platform_mail(more=["X: " + "x" * LIMIT]))
    assert judgement.reasons == ("headers_too_large",)


def alert_mail(sender: str) -> bytes:
    message = Message(
        key="main/mail_suspicious/1",
        thread="main",
        subject="Verdächtige Mail im Namen von Kleinanzeigen – keinen Link öffnen",
        text="Hallo",
        html=None,
        summary="Hallo",
        urgency=Urgency.NORMAL,
        at=datetime(2026, 11, 22, 12, tzinfo=UTC),
        repeat=False,
    )
    me = Address("", "me", "example.org")
    address = Address(sender, "me", "example.org")
    return compose(message, sender=address, recipients=[me], app_name="Stornowacht", language="de").as_bytes()


def test_headers_full_of_nothing_cost_little() -> None:
    empty = " " * 16_000
    results = [f"x{empty}y;{empty}z"] * 7
    began = time.process_time()
    judged(
        platform_mail(results=results, sender=f"Kleinanzeigen {empty} <x@evil.example>", subject="=?" * 8000)
    )
    assert time.process_time() - began < 1


def test_an_alert_of_this_program_raises_no_alert() -> None:
    assert judged(alert_mail("Stornowacht")).verdict is MailVerdict.NOT_PLATFORM
    assert judged(alert_mail("Kleinanzeigen")).verdict is MailVerdict.SUSPICIOUS


_SIGNS = st.text(alphabet='from:<>@"(),;=\\ .\r\n\t\x00kleinanzgd=?é-x', max_size=60)


@settings(deadline=None)
@given(_SIGNS, _SIGNS, _SIGNS, st.none() | _SIGNS)
def test_any_mail_is_judged(sender: str, subject: str, results: str, authserv_id: str | None) -> None:
    judged(platform_mail(sender=sender, subject=subject, results=[results]), authserv_id=authserv_id)


@settings(deadline=None)
@given(_SIGNS.filter(lambda text: "pass" not in text), st.binary(max_size=200))
def test_without_a_pass_nothing_is_trusted(results: str, more: bytes) -> None:
    mail = platform_mail(results=[results]) + more
    assert judged(mail).verdict is not MailVerdict.TRUSTED
