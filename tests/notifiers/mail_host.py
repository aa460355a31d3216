"""Real mail servers on loopback: an honest one, and one that follows a script."""
# ruff: noqa: ARG002, N802  aiosmtpd finds its hooks by name and number of arguments

import socket
import ssl
import threading
import time
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

USERNAME = "me@example.org"
PASSWORD = "pass wörd"


@dataclass
class MailHost:
    """An aiosmtpd server and what reached it. `answers` replaces a command's reply: ``{"RCPT a@b": "550 no"}``."""

    port: int = 0
    answers: dict[str, str] = field(default_factory=dict)
    envelopes: list[Envelope] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)
    greetings: list[str] = field(default_factory=list)

    @property
    def mails(self) -> list[EmailMessage]:
        return [message_from_bytes(each.original_content, policy=default) for each in self.envelopes]

    async def handle_NOOP(self, server: SMTP, session: Session, envelope: Envelope, arg: str) -> str:
        self.commands.append("NOOP")
        return self.answers.get("NOOP", "250 OK")

    async def handle_MAIL(self, server, session, envelope, address, options) -> str:
        self.commands.append(f"MAIL {address}")
        if "MAIL" in self.answers:
            return self.answers["MAIL"]
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options) -> str:
        self.commands.append(f"RCPT {address}")
        answer = self.answers.get(f"RCPT {address}", "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.commands.append("DATA")
        answer = self.answers.get("DATA", "250 2.0.0 Ok: queued as 4F2A1")
        if answer.startswith("250"):
            self.envelopes.append(envelope)
            self.encrypted.append(server.transport.get_extra_info("ssl_object") is not None)
            self.greetings.append(session.host_name)
        return answer


class _Controller(Controller):
    """A controller on a port that is bound before it is known: no other test can take it in between."""

    def __init__(self, handler: MailHost, **options: object) -> None:
        self.listening = socket.create_server(("127.0.0.1", 0))
        super().__init__(handler, hostname="127.0.0.1", port=self.listening.getsockname()[1], **options)

    def _create_server(self):
        return self.loop.create_server(self._factory_invoker, sock=self.listening, ssl=self.ssl_context)


def _check(server: SMTP, session: Session, envelope: Envelope, mechanism: str, login: object) -> AuthResult:
    right = isinstance(login, LoginPassword) and (
        (login.login.decode(), login.password.decode()) in {(USERNAME, PASSWORD), (USERNAME, "plain")}
    )
    return AuthResult(success=right, handled=False)


@contextmanager
def mail_host(
    *,
    starttls: ssl.SSLContext | None = None,
    implicit_tls: ssl.SSLContext | None = None,
    login: bool = False,
    answers: Mapping[str, str] | None = None,
    smtputf8: bool = False,
) -> Iterator[MailHost]:
    host = MailHost(answers=dict(answers or {}))
    options: dict[str, object] = {"enable_SMTPUTF8": smtputf8}
    if implicit_tls:
        options["ssl_context"] = implicit_tls
    if starttls:
        options |= {"tls_context": starttls, "require_starttls": True}
    if login:
        options |= {
            "authenticator": _check,
            "auth_required": True,
            "auth_require_tls": starttls is not None,
        }
    with warnings.catch_warnings():
        # aiosmtpd knows of no encryption but STARTTLS, and warns of logins without it with each connection.
        warnings.filterwarnings("ignore", message="Requiring AUTH while not requiring TLS")
        controller = _Controller(host, **options)
        controller.start()
        host.port = controller.port
        try:
            yield host
        finally:
            controller.stop()


Step = Callable[[socket.socket], None]


def says(text: str) -> Step:
    """Sends a line, unasked."""
    return lambda connection: connection.sendall(text.encode() + b"\r\n")


def drips(pause: float, *, letters: int, begins: bytes = b"* OK ") -> Step:
    """Begins to say something, and goes on with a letter after each pause, in seconds, as long as the client is there."""

    def step(connection: socket.socket) -> None:
        connection.sendall(begins)
        for _letter in range(letters):
            time.sleep(pause)
            connection.sendall(b"a")

    return step


def hears(connection: socket.socket) -> None:
    """Waits for the client to say something."""
    connection.recv(65536)


def waits_for_the_client_to_leave(connection: socket.socket) -> None:
    with suppress(OSError):
        while connection.recv(65536):
            pass


@contextmanager
def scripted_host(*steps: Step) -> Iterator[int]:
    """The port of a server that does these steps with its first client, then hangs up."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            with suppress(OSError):
                connection, _ = listening.accept()
                with connection:
                    connection.settimeout(5)
                    for step in steps:
                        step(connection)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield listening.getsockname()[1]
        finally:
            with suppress(OSError):
                listening.shutdown(socket.SHUT_RDWR)
            thread.join()


def unused_port() -> int:
    """A port nobody listens on: taken and given back."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]
