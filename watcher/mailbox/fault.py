"""What can stand between the watch and its mailbox, in words that help."""

import imaplib
import re
import socket
import ssl
from enum import StrEnum

from imap_tools.errors import ImapToolsError, UnexpectedCommandStatusError

from watcher.errors import StornowachtError
from watcher.mailbox.server import MailboxSettings
from watcher.texts.fill import one_line
from watcher.texts.language import _

LIBRARY_FAULTS = (
    OSError,
    imaplib.IMAP4.error,
    ImapToolsError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
)
"""What the IMAP libraries raise; the last four when a server's answer is not what they expect."""

_LONGEST_REPLY = 200
_PASSING = re.compile(
    r"\[(?:UNAVAILABLE|INUSE|LIMIT|SERVERBUG|OVERQUOTA|CONTACTADMIN)\b|too many|temporar|try again|later",
    re.IGNORECASE,
)
"""Response codes (RFC 5530) and words of a no that is none for ever."""
# The server does not speak TLS on this port, or nothing we can agree on: waiting will not change that.
_WRONG_PORT = frozenset(
    {"WRONG_VERSION_NUMBER", "HTTP_REQUEST", "UNSUPPORTED_PROTOCOL", "NO_PROTOCOLS_AVAILABLE"}
)


class Trouble(StrEnum):
    """What is wrong."""

    HOST_UNKNOWN = "host_unknown"
    UNREACHABLE = "unreachable"
    SILENT = "silent"
    LOST = "lost"
    NOT_NOW = "not_now"
    NOT_UNDERSTOOD = "not_understood"
    CERTIFICATE = "certificate"
    NO_TLS = "no_tls"
    LOGIN_REFUSED = "login_refused"
    FOLDER_MISSING = "folder_missing"
    NOT_REMEMBERED = "not_remembered"
    """The mailbox is fine; what was read in it could not be kept."""

    @property
    def is_permanent(self) -> bool:
        """Whether waiting alone does not help."""
        return self in {
            Trouble.CERTIFICATE,
            Trouble.NO_TLS,
            Trouble.LOGIN_REFUSED,
            Trouble.FOLDER_MISSING,
        }


class Step(StrEnum):
    """How far a connection had come."""

    CONNECT = "connect"
    LOGIN = "login"
    EXAMINE = "examine"
    READ = "read"


class MailboxError(StornowachtError):
    """The mailbox cannot be watched at the moment, or at all."""

    def __init__(self, trouble: Trouble, message: str, *, advice: str = "") -> None:
        super().__init__(message, advice=advice)
        self.trouble = trouble


def explained(error: Exception, settings: MailboxSettings, *, step: Step) -> MailboxError:
    """Return what one of `LIBRARY_FAULTS` means for the user; not even a server that echoes it shows the password."""
    reply = _reply(error).replace(settings.password or "\0", "…")
    match error:
        case ssl.SSLError():
            return _about_encryption(error, settings)
        case OSError():
            return _about_the_line(error, settings)
        case imaplib.IMAP4.abort():
            return lost(settings)
        case UnexpectedCommandStatusError() | imaplib.IMAP4.error() if step in {Step.LOGIN, Step.EXAMINE}:
            return _about_a_no(reply, settings, step=step)
        case _:
            return MailboxError(
                Trouble.NOT_UNDERSTOOD,
                _("The mail server {server} answered something that was not understood: {reply}").format(
                    server=settings, reply=reply or type(error).__name__
                ),
                advice=_("It is tried again by itself. If this lasts, mails ring no check: look yourself."),
            )


def lost(settings: MailboxSettings) -> MailboxError:
    """Return the fault of a connection that broke."""
    return MailboxError(
        Trouble.LOST,
        _("The mail server {server} hung up.").format(server=settings),
        advice=_("It is tried again by itself."),
    )


def no_encryption(settings: MailboxSettings, reason: str) -> MailboxError:
    """Return the fault of a server with which nothing stays private."""
    return MailboxError(
        Trouble.NO_TLS,
        _("No encrypted connection to the mail server {server}: {reason}").format(
            server=settings, reason=reason
        ),
        advice=_('Check `port` and `security` in [mailbox]: 993 goes with "tls", 143 with "starttls".'),
    )


def _about_encryption(error: ssl.SSLError, settings: MailboxSettings) -> MailboxError:
    if isinstance(error, ssl.SSLCertVerificationError):
        return MailboxError(
            Trouble.CERTIFICATE,
            _("The certificate of the mail server {server} cannot be trusted: {reason}").format(
                server=settings, reason=_line(error.verify_message)
            ),
            advice=_(
                "No password was sent. Check `host` in [mailbox] and this computer's clock; in a network that is not"
                " yours, wait until you are in another one."
            ),
        )
    if error.reason in _WRONG_PORT:
        return no_encryption(settings, _line(error.reason))
    return lost(settings)


def _about_the_line(error: OSError, settings: MailboxSettings) -> MailboxError:
    again = _("It is tried again by itself. Are you online? Else check `host` and `port` in [mailbox].")
    match error:
        case socket.gaierror():
            message = _("The mail server {server} was not found.").format(server=settings)
            return MailboxError(Trouble.HOST_UNKNOWN, message, advice=again)
        case TimeoutError():
            message = _("The mail server {server} does not answer.").format(server=settings)
            return MailboxError(Trouble.SILENT, message, advice=again)
        case ConnectionResetError() | BrokenPipeError() | ConnectionAbortedError():
            return lost(settings)
        case _:
            message = _("The mail server {server} cannot be reached: {reason}").format(
                server=settings, reason=_line(error.strerror or str(error))
            )
            return MailboxError(Trouble.UNREACHABLE, message, advice=again)


def _about_a_no(reply: str, settings: MailboxSettings, *, step: Step) -> MailboxError:
    if _PASSING.search(reply):
        return MailboxError(
            Trouble.NOT_NOW,
            _("The mail server {server} says: not now ({reply})").format(server=settings, reply=reply),
            advice=_("It is tried again by itself."),
        )
    if step is Step.LOGIN:
        return MailboxError(
            Trouble.LOGIN_REFUSED,
            _("The mail server {server} refused the login of {username}: {reply}").format(
                server=settings, username=one_line(settings.username), reply=reply
            ),
            advice=_(
                "Check `username` and `password` in [mailbox]. Most providers want an app password, and IMAP switched"
                " on in their settings."
            ),
        )
    return MailboxError(
        Trouble.FOLDER_MISSING,
        _("The mail server {server} does not open the folder {folder}: {reply}").format(
            server=settings, folder=one_line(settings.folder), reply=reply
        ),
        advice=_("Check `folder` in [mailbox]; it is written as your mail program shows it, e.g. INBOX."),
    )


def _reply(error: Exception) -> str:
    if isinstance(error, UnexpectedCommandStatusError):
        data = error.command_result[1]
        parts = data if isinstance(data, list) else [data]
        return _line(" ".join(_decoded(part) for part in parts if part))
    return _line(str(error))


def _decoded(part: object) -> str:
    return part.decode("utf-8", "replace") if isinstance(part, bytes) else str(part)


def _line(text: object) -> str:
    return one_line(str(text), limit=_LONGEST_REPLY)
