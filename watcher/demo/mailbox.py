"""A local mailbox: a real SMTP server on loopback that keeps each mail as a file."""

import socket
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One mail that arrived."""

    path: Path
    message: EmailMessage

    @property
    def subject(self) -> str:
        """Its subject line."""
        return str(self.message["Subject"])


class Mailbox:
    """Accepts every mail and writes it into a folder as it came."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.port = _free_port()
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)

    def start(self) -> None:
        """Open for mail."""
        self._controller.start()

    def stop(self) -> None:
        """Close."""
        self._controller.stop()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: ARG002, N802 - the library calls it so
        """Take one mail."""
        content = (
            envelope.content if isinstance(envelope.content, bytes) else str(envelope.content or "").encode()
        )
        number = len(list(self._folder.glob("*.eml"))) + 1
        (self._folder / f"{number:02}.eml").write_bytes(content)
        return "250 kept"

    def mails(self) -> list[Mail]:
        """Return the mails that have arrived, oldest first."""
        return [
            Mail(path=path, message=message_from_bytes(path.read_bytes(), policy=policy.default))
            for path in sorted(self._folder.glob("*.eml"))
        ]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
