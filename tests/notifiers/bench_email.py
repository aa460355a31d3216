"""The opposite number of the e-mail channel: a mail server."""

from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.notifiers.bench import Bench
from tests.notifiers.mail_host import mail_host


def _read(mail: EmailMessage) -> str:
    """Headers and texts as a reader sees them."""
    texts = [part.get_content() for part in mail.walk() if part.get_content_maintype() == "text"]
    return "\n".join([*map(str, mail.values()), *texts])


@contextmanager
def bench(folder: Path, environment: pytest.MonkeyPatch) -> Iterator[Bench]:
    with mail_host() as host:
        yield Bench(
            settings={
                "to": "me@example.org",
                "sender": "watch@example.org",
                "host": "127.0.0.1",
                "port": host.port,
                "security": "none",
                "timeout": 5,
            },
            arrived=lambda: [_read(mail) for mail in host.mails],
            die=lambda: host.answers.update({"NOOP": "421 gone", "MAIL": "421 gone"}),
        )
