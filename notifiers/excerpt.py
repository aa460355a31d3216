"""What of a message a small surface shows, and a public one may show."""

from dataclasses import dataclass

from notifiers import plain, words
from notifiers.message import Link, Message, Urgency, is_web_address
from notifiers.words import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Excerpt:
    """A few lines, harmless wherever they are shown as plain text.

    Attributes:
        title: One line.
        body: Some lines; the last one says so if the message is a repeat.
        url: Where to look closer.
        links: The buttons that open something.
    """

    title: str
    body: str
    url: str | None
    links: tuple[Link, ...]


def excerpt(
    message: Message, *, private: bool, language: Language, title: int, lines: int, line: int
) -> Excerpt:
    """Say the message in a few lines.

    Args:
        message: What is to be said.
        private: Nobody else reads along, so names, titles, numbers and links may be said. Otherwise only what the
            message itself calls discreet is, and if it does not say what that is, only that something is up.
        language: For our own words.
        title: How many characters the title may have.
        lines: How many lines the body may have, without that of a repeat.
        line: How many characters each of these may have.
    """
    if private:
        subject, summary, url = message.subject, message.summary, message.url
        links = tuple(action for action in message.actions if isinstance(action, Link))
    elif message.discreet is not None:
        subject, summary, url = message.discreet.subject, message.discreet.summary, message.discreet.url
        links = ()
    else:
        is_urgent = message.urgency is Urgency.CRITICAL
        subject = (words.SOMETHING_IS_URGENT if is_urgent else words.SOMETHING_IS_UP).said(language)
        summary, url, links = words.LOOK_YOURSELF.said(language), None, ()
    body = plain.lines(summary, count=lines, limit=line)
    if not body and private:
        body = plain.lines(message.text, count=lines, limit=line)
    if message.repeat:
        body = f"{body}\n{words.REPEAT.said(language)}".strip("\n")
    return Excerpt(
        title=plain.line(subject, limit=title),
        body=body,
        url=url if url is not None and is_web_address(url) else None,
        links=links,
    )
