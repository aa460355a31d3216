"""Invented mails: of the platform, of those who pretend to be it, and of everybody else."""

from collections.abc import Sequence

CONVERSATION = "5p123:456dfzm:7ptv8t9bk"
RESULTS = "mx.example.org; spf=pass smtp.mailfrom=mail.kleinanzeigen.de; dkim=pass header.d=kleinanzeigen.de"
PLATFORM = "Kleinanzeigen <noreply@mail.kleinanzeigen.de>"


def raw(*fields: str, text: str = "Hallo!") -> bytes:
    """A mail of these header lines."""
    return ("\r\n".join(fields) + "\r\n\r\n" + text + "\r\n").encode()


def platform_mail(
    number: int = 1,
    *,
    sender: str = PLATFORM,
    subject: str = 'Nutzer-Anfrage zu deiner Anzeige "Friteuse"',
    results: Sequence[str] = (RESULTS,),
    conversation: str | None = CONVERSATION,
    more: Sequence[str] = (),
    text: str = "Um zu antworten, öffne deine Nachrichten.",
) -> bytes:
    named = [] if conversation is None else [f"X-Conversation-ID: {conversation}"]
    return raw(
        *(f"Authentication-Results: {each}" for each in results),
        "Received: from mout.example.net by mx.example.org; Sun, 22 Nov 2026 12:00:00 +0000",
        f"Message-ID: <00000000-0000-4000-8000-{number:012}@chat.kleinanzeigen.de>",
        f"From: {sender}",
        "To: me@example.org",
        f"Subject: {subject}",
        *named,
        *more,
        text=text,
    )


def phishing_mail(number: int = 1) -> bytes:
    return raw(
        "Authentication-Results: mx.example.org; dkim=pass header.d=shop.example",
        f"Message-ID: <{number}@shop.example>",
        "From: Kleinanzeigen <service@shop.example>",
        "Subject: Nutzer-Anfrage zu deiner Anzeige!",
        text="https://shop.example/m-nachrichten.html?conversationId=1:2:3",
    )


def other_mail(number: int = 1) -> bytes:
    return raw(
        f"Message-ID: <{number}@friends.example>", "From: Erika <erika@friends.example>", "Subject: Kuchen"
    )


NUMBER = "00340434999000011126"


def carrier_mail(
    number: int = 1,
    *,
    sender: str = "DHL Paket <noreply@dhl.de>",
    subject: str = "Ihr DHL Paket wurde zugestellt",
    results: Sequence[str] = ("mx.example.org; dkim=pass header.d=dhl.de",),
    more: Sequence[str] = (),
    text: str = f"Ihre Sendungsnummer: {NUMBER}",
) -> bytes:
    return raw(
        *(f"Authentication-Results: {each}" for each in results),
        f"Message-ID: <{number}@dhl.example>",
        f"From: {sender}",
        "To: me@example.org",
        f"Subject: {subject}",
        *more,
        text=text,
    )
