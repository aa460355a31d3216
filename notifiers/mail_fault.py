"""What went wrong with a mail, in words that help."""

import smtplib
import socket
import ssl
from collections.abc import Sequence
from dataclasses import dataclass, field

from notifiers import words
from notifiers.contract import DeliveryError
from notifiers.mail_server import MailServer, NoPasswordLoginError, Refusal, UnicodeAddressError, readable
from notifiers.words import Language, Phrase

_PERMANENT = 500
# The server does not speak TLS on this port, or nothing we can agree on: waiting will not change that.
_WRONG_PORT = frozenset(
    {"WRONG_VERSION_NUMBER", "HTTP_REQUEST", "UNSUPPORTED_PROTOCOL", "NO_PROTOCOLS_AVAILABLE"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Verdict:
    what: Phrase
    advice: Phrase
    permanent: bool
    values: dict[str, object] = field(default_factory=dict)


def explained(
    error: OSError, *, server: MailServer, username: str | None, needs: Phrase | None, language: Language
) -> DeliveryError:
    """The fault as the user should read it; `needs` is what the provider wants before it lets anyone log in.

    Permanent: a refused login, a reply of 5xx, a certificate that does not hold, no encryption, no way to log
    in, an address the server cannot spell. All else may pass by itself: replies of 4xx (also to a login), no
    network, silence, a dropped line.
    """
    match error:
        case ssl.SSLError():
            verdict = _about_encryption(error)
        case smtplib.SMTPServerDisconnected():
            verdict = _about_the_line(error)
        case smtplib.SMTPException():
            verdict = _about_an_answer(error, login_advice=needs or words.MAIL_LOGIN_ADVICE)
        case _:
            verdict = _about_the_line(error)
    values = {"server": server, "username": username, "seconds": server.timeout, **verdict.values}
    return DeliveryError(
        verdict.what.said(language, **values),
        permanent=verdict.permanent,
        advice=verdict.advice.said(language),
    )


def _about_encryption(error: ssl.SSLError) -> _Verdict:
    if isinstance(error, ssl.SSLCertVerificationError):
        return _Verdict(
            what=words.MAIL_CERTIFICATE,
            advice=words.MAIL_CERTIFICATE_ADVICE,
            permanent=True,
            values={"reason": readable(error.verify_message).rstrip(".")},
        )
    if isinstance(error, ssl.SSLEOFError):
        return _Verdict(what=words.MAIL_DROPPED, advice=words.MAIL_AGAIN, permanent=False)
    return _Verdict(
        what=words.MAIL_NO_TLS,
        advice=words.MAIL_NO_TLS_ADVICE,
        permanent=error.reason in _WRONG_PORT,
        values={"reason": readable(error.reason or str(error))},
    )


def _about_an_answer(error: smtplib.SMTPException, *, login_advice: Phrase) -> _Verdict:
    match error:
        case NoPasswordLoginError():
            return _Verdict(what=words.MAIL_NO_LOGIN, advice=login_advice, permanent=True)
        case UnicodeAddressError():
            return _Verdict(
                what=words.MAIL_NO_UNICODE,
                advice=words.MAIL_NO_UNICODE_ADVICE,
                permanent=True,
                values={"addresses": ", ".join(error.addresses)},
            )
        case smtplib.SMTPNotSupportedError():
            return _Verdict(
                what=words.MAIL_NO_TLS,
                advice=words.MAIL_NO_TLS_ADVICE,
                permanent=True,
                values={"reason": readable(str(error)).rstrip(".")},
            )
        case smtplib.SMTPResponseException():
            permanent = error.smtp_code >= _PERMANENT
            reply = {"reply": f"{error.smtp_code} {readable(error.smtp_error)}"}
            if isinstance(error, smtplib.SMTPAuthenticationError):
                return _Verdict(
                    what=words.MAIL_LOGIN, advice=login_advice, permanent=permanent, values={**reply}
                )
            advice = words.MAIL_REPLY_ADVICE if permanent else words.MAIL_AGAIN
            return _Verdict(what=words.MAIL_REPLY, advice=advice, permanent=permanent, values={**reply})
        case _:
            return _about_the_line(error)


def _about_the_line(error: OSError) -> _Verdict:
    match error:
        case socket.gaierror():
            return _Verdict(what=words.MAIL_UNKNOWN_HOST, advice=words.MAIL_CHECK_PLACE, permanent=False)
        # smtplib tells of a silence while it waits for an answer in these words only.
        case smtplib.SMTPServerDisconnected() if "timed out" in str(error):
            return _Verdict(what=words.MAIL_TIMEOUT, advice=words.MAIL_AGAIN, permanent=False)
        case TimeoutError():
            return _Verdict(what=words.MAIL_TIMEOUT, advice=words.MAIL_AGAIN, permanent=False)
        case smtplib.SMTPServerDisconnected() | ConnectionResetError() | BrokenPipeError():
            return _Verdict(what=words.MAIL_DROPPED, advice=words.MAIL_AGAIN, permanent=False)
        case _:
            return _Verdict(
                what=words.MAIL_UNREACHABLE,
                advice=words.MAIL_CHECK_PLACE,
                permanent=False,
                values={"reason": readable(error.strerror or str(error) or type(error).__name__)},
            )


def recipients_refused(
    refusals: Sequence[Refusal], *, accepted: Sequence[str], server: MailServer, language: Language
) -> DeliveryError:
    """Nobody took it, or the first recipient did not. Permanent only if no second try can help."""
    what = words.MAIL_RECIPIENTS.said(language, server=server, refused="; ".join(map(str, refusals)))
    if accepted:
        what += words.MAIL_OTHERS_REACHED.said(language, accepted=", ".join(accepted))
    return DeliveryError(
        what,
        permanent=all(refusal.code >= _PERMANENT for refusal in refusals),
        advice=words.MAIL_RECIPIENTS_ADVICE.said(language),
    )


def bad_authorities(error: OSError, *, server: MailServer, language: Language) -> DeliveryError:
    """The file of certificate authorities is missing or is not one."""
    reason = readable(error.strerror or str(error))
    return DeliveryError(
        words.MAIL_CA_FILE.said(language, path=server.ca_file, reason=reason),
        permanent=True,
        advice=words.MAIL_CA_FILE_ADVICE.said(language),
    )
