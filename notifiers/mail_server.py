"""The conversation with an outgoing mail server."""

import base64
import smtplib
import ssl
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

from notifiers.mail_preset import Security
from notifiers.plain import line

# Our name in the greeting. The machine's own name is nobody's business, and looking it up can take seconds.
_GREETING = "[127.0.0.1]"
_GOODBYE_SECONDS = 2.0
_REPLY_LIMIT = 300
_OK = 250
_OK_TOO = (250, 251)
_LOGGED_IN = 235


class NoPasswordLoginError(smtplib.SMTPException):
    """The server offers no login with a user name and a password."""


class UnicodeAddressError(smtplib.SMTPException):
    """The server cannot handle letters outside ASCII before an address's @."""

    def __init__(self, addresses: Sequence[str]) -> None:
        super().__init__(", ".join(addresses))
        self.addresses = tuple(addresses)


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """Where mail goes out.

    Attributes:
        timeout: Seconds to wait for the connection, and then for each answer.
        ca_file: Trust only the certificate authorities in this PEM file; None: those of the system.
    """

    host: str
    port: int
    security: Security
    timeout: float
    ca_file: Path | None

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A server's no to one recipient."""

    address: str
    code: int
    reply: str

    def __str__(self) -> str:
        return f"{self.address}: {self.code} {self.reply}"


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOver:
    """How a mail was taken; `reply` is None if nobody wanted it."""

    reply: str | None
    refusals: tuple[Refusal, ...]


def trust(server: MailServer) -> ssl.SSLContext:
    """How certificates are judged: host name and chain always.

    Where nothing is encrypted nobody is trusted, and the system's authorities need not be read.

    Raises:
        OSError: The file of authorities cannot be read or is not one (`ssl.SSLError` is an OSError, too).
    """
    if server.security == "none" and server.ca_file is None:
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    return ssl.create_default_context(cafile=None if server.ca_file is None else str(server.ca_file))


@contextmanager
def connection(
    server: MailServer, tls: ssl.SSLContext, login: tuple[str, str] | None
) -> Iterator[smtplib.SMTP]:
    """A connection that is encrypted and logged in as far as the settings say, and closed in any case.

    What happens after the caller is done (a server that never says goodbye) does not count any more: it must
    not turn a delivered mail into a failure.

    Raises:
        OSError: As smtplib does (its SMTPException is one).
    """
    smtp: smtplib.SMTP
    if server.security == "ssl":
        smtp = smtplib.SMTP_SSL(
            server.host, server.port, local_hostname=_GREETING, timeout=server.timeout, context=tls
        )
    else:
        smtp = smtplib.SMTP(server.host, server.port, local_hostname=_GREETING, timeout=server.timeout)
    try:
        if server.security == "starttls":
            smtp.starttls(context=tls)
        smtp.ehlo_or_helo_if_needed()
        if login is not None:
            _log_in(smtp, *login)
        yield smtp
        _say_goodbye(smtp)
    finally:
        smtp.close()


def _log_in(smtp: smtplib.SMTP, username: str, password: str) -> None:
    offered = smtp.esmtp_features.get("auth", "").upper().split()
    if not {"PLAIN", "LOGIN", "CRAM-MD5"} & set(offered):
        raise NoPasswordLoginError
    if username.isascii() and password.isascii():
        smtp.login(username, password)
        return
    # smtplib can only say ASCII here; RFC 4616 wants UTF-8.
    credentials = base64.b64encode(f"\0{username}\0{password}".encode()).decode("ascii")
    code, reply = smtp.docmd("AUTH", f"PLAIN {credentials}")
    if code != _LOGGED_IN:
        raise smtplib.SMTPAuthenticationError(code, reply)


def _say_goodbye(smtp: smtplib.SMTP) -> None:
    try:
        if smtp.sock is not None:
            smtp.sock.settimeout(_GOODBYE_SECONDS)
        smtp.quit()
    except OSError:  # smtplib's errors are among them
        pass  # the mail is on its way; how politely we part is of no interest


def greet(smtp: smtplib.SMTP) -> str:
    """Asks the server whether it is well, and gives its answer.

    Raises:
        OSError: As smtplib does; it is not well.
    """
    code, reply = smtp.noop()
    if code != _OK:
        raise smtplib.SMTPResponseException(code, reply)
    return f"{code} {readable(reply)}"


def hand_over(smtp: smtplib.SMTP, mail: EmailMessage, *, sender: str, recipients: Sequence[str]) -> HandOver:
    """Hands a mail to every recipient the server accepts, and tells whom it did not.

    smtplib's own `send_message` drops the server's last word, which holds the number by which a provider finds
    a mail again; hence command by command.

    Raises:
        UnicodeAddressError: An address needs SMTPUTF8, which the server does not have.
        OSError: As smtplib does (its SMTPException is one).
    """
    options = []
    if international := [address for address in (sender, *recipients) if not address.isascii()]:
        if not smtp.has_extn("smtputf8"):
            raise UnicodeAddressError(international)
        options = ["SMTPUTF8", "BODY=8BITMIME"]
    code, reply = smtp.mail(sender, options)
    if code != _OK:
        raise smtplib.SMTPSenderRefused(code, reply, sender)
    answers: Mapping[str, tuple[int, bytes]] = {address: smtp.rcpt(address) for address in recipients}
    refusals = tuple(
        Refusal(address=address, code=code, reply=readable(reply))
        for address, (code, reply) in answers.items()
        if code not in _OK_TOO
    )
    if len(refusals) == len(answers):
        return HandOver(reply=None, refusals=refusals)
    code, reply = smtp.data(mail.as_bytes())
    if code != _OK:
        raise smtplib.SMTPDataError(code, reply)
    return HandOver(reply=f"{code} {readable(reply)}", refusals=refusals)


def readable(reply: bytes | str) -> str:
    """A server's reply as one line, safe to show."""
    text = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
    return line(text, limit=_REPLY_LIMIT)
