"""Messages that tests deliver."""

import base64
from dataclasses import replace
from datetime import UTC, datetime

from notifiers.message import Message, Picture, Urgency

# 1 x 1 pixel, a real PNG.
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
# What signs webhooks in tests; that of the specification's own examples.
KEY = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLjSw"
TOKEN = "p7Qm-2xK_v9TzLr4"
AT = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)

CANCELLED = Message(
    key="cancelled/42/email/0",
    thread="case-42",
    subject="Storniert: Kinderfahrrad, 45 €",
    text="Die Käuferin hat storniert.\nGib das Paket NICHT ab.\n",
    html='<!doctype html><html><body><p>Die Käuferin hat storniert.</p><img src="cid:shot" alt="Bild"></body></html>',
    summary="Kinderfahrrad, 45 €\nPaket NICHT abgeben",
    urgency=Urgency.CRITICAL,
    at=AT,
    pictures=(Picture(name="shot", png=PNG, alt="Bild der Unterhaltung"),),
    url="https://example.org/case/42",
)

HOSTILE = replace(
    CANCELLED,
    key="k\r\nBcc: thief@example.org",
    thread="t\nX-Evil: yes",
    subject="Storno\r\nBcc: thief@example.org\r\n\r\n<b>x</b> \u202egnp.exe \x1b[31mrot\x07 \ud800 &amp; {0}",
    text="Name: \u202eevil\x1b]0;title\x07\r\n.\r\nMAIL FROM:<thief@example.org>\r\n\ud800 {braces} %s\n",
    html="<p>\ud800\x00 &lt;script&gt;</p>",
    summary="<img src=x onerror=alert(1)> & <a href='http://evil.example'>click</a>\n\u202ernd\x1b[2J",
    pictures=(Picture(name="shot", png=PNG, alt="a\r\nX-Evil: yes"),),
)
