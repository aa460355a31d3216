"""A message as an e-mail: text and HTML, pictures inside, threads that hold together."""

import hashlib
import re
from collections.abc import Sequence
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Final

from notifiers import plain, words
from notifiers.header_policy import ASCII_SERVERS, UNICODE_SERVERS
from notifiers.message import Message, Picture, Reply, Urgency
from notifiers.words import Language

REPEAT_HEADER: Final = "X-Stornowacht-Repeat"

# RFC 2606 keeps .invalid free for ever: the ids can never be those of somebody's server.
_ID_DOMAIN = "stornowacht.invalid"
_SUBJECT_LIMIT = 200
_NAME_LIMIT = 60
_BODY_END = re.compile(r"</body\s*>", re.IGNORECASE)


def message_id(key: str) -> str:
    """The Message-ID of a message with that key, the same for ever."""
    return _id("message", key)


def thread_id(thread: str) -> str:
    """The id all messages of a thread refer to; no message has it, so none needs to come first."""
    return _id("thread", thread)


def _id(room: str, name: str) -> str:
    digest = hashlib.sha256(f"{room}\0{name}".encode("utf-8", "surrogatepass")).hexdigest()
    return f"<{digest[:32]}@{_ID_DOMAIN}>"


def compose(
    message: Message,
    *,
    sender: Address,
    recipients: Sequence[Address],
    app_name: str,
    language: Language,
    reply_to: Address | None = None,
) -> EmailMessage:
    """The e-mail of a message; the same message gives the same mail but for the boundaries between its parts.

    1. Headers: no text of the message can start a header of its own; sender and recipients are checked before.
    2. Plain text, complete by itself; quoted-printable, so that any server can carry it.
    3. HTML beside it, with its pictures as inline PNG (``cid:<name>``). Without HTML they are attached.

    A message that can be answered carries its token where a reply to it will: with `reply_to` in that address (``me+TOKEN@...``),
    else at the end of the subject (``[#TOKEN]``).

    A repeat carries the same Message-ID, a header and a last line that say so.
    """
    unicode_needed = not all(
        address.addr_spec.isascii() for address in (sender, *recipients, *([reply_to] if reply_to else []))
    )
    mail = EmailMessage(policy=UNICODE_SERVERS if unicode_needed else ASCII_SERVERS)
    mail["From"] = Address(
        plain.line(sender.display_name or app_name, limit=_NAME_LIMIT), sender.username, sender.domain
    )
    mail["To"] = tuple(recipients)
    token = next((action.token for action in message.actions if isinstance(action, Reply)), None)
    mark = f" [#{token}]" if token and reply_to is None else ""
    mail["Subject"] = plain.line(message.subject, limit=_SUBJECT_LIMIT - len(mark)) + mark
    if reply_to is not None:
        user = f"{reply_to.username}+{token}" if token else reply_to.username
        mail["Reply-To"] = Address(reply_to.display_name, user, reply_to.domain)
    mail["Date"] = format_datetime(message.at)
    mail["Message-ID"] = message_id(message.key)
    mail["In-Reply-To"] = thread_id(message.thread)
    mail["References"] = thread_id(message.thread)
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    for name, value in _loudness(message.urgency).items():
        mail[name] = value
    if message.repeat:
        mail[REPEAT_HEADER] = "yes"

    mail.set_content(_text(message, language), cte="quoted-printable")
    if message.html is None:
        for picture in message.pictures:
            mail.add_attachment(picture.png, "image", "png", filename=_filename(picture))
    else:
        mail.add_alternative(_html(message.html, message, language), subtype="html", cte="quoted-printable")
        _enclose(mail, message.pictures)
    return mail


def _loudness(urgency: Urgency) -> dict[str, str]:
    match urgency:
        case Urgency.CRITICAL:
            return {"X-Priority": "1", "Importance": "high"}
        case Urgency.LOW:
            return {"X-Priority": "5", "Importance": "low"}
        case Urgency.NORMAL:
            return {}


def _text(message: Message, language: Language) -> str:
    text = plain.block(message.text).rstrip("\n") + "\n"
    return f"{text}\n{words.REPEAT.said(language)}\n" if message.repeat else text


def _html(document: str, message: Message, language: Language) -> str:
    document = plain.encodable(document)
    if not message.repeat:
        return document
    note = f"<p>{words.REPEAT.said(language)}</p>"
    ends = list(_BODY_END.finditer(document))
    at = ends[-1].start() if ends else len(document)
    return document[:at] + note + document[at:]


def _enclose(mail: EmailMessage, pictures: Sequence[Picture]) -> None:
    html = mail.get_body(preferencelist=("html",))
    if not isinstance(html, EmailMessage):
        raise TypeError("the mail has just been given an HTML part")
    for picture in pictures:
        html.add_related(
            picture.png,
            "image",
            "png",
            cid=f"<{picture.name}>",
            filename=_filename(picture),
            disposition="inline",
            headers=[f"Content-Description: {plain.line(picture.alt, limit=_SUBJECT_LIMIT)}"],
        )


def _filename(picture: Picture) -> str:
    return picture.name if picture.name.lower().endswith(".png") else f"{picture.name}.png"
