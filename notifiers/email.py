"""The channel e-mail."""

import smtplib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from notifiers import letter, mail_address, mail_fault, mail_server, secret, words
from notifiers.contract import ChannelKind, DeliveryError
from notifiers.mail_settings import MailSettings
from notifiers.message import Message, Receipt
from notifiers.words import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailChannel:
    """Sends mail through the user's own provider. The password is fetched anew for every delivery."""

    settings: MailSettings
    app_name: str
    language: Language
    name: str = "email"

    def deliver(self, message: Message) -> Receipt:
        """Hands one mail to the provider for all recipients.

        An alert has arrived when a person can read it, so several recipients are judged like this:

        - all accepted: done;
        - the first accepted, others not: done, too. The receipt names the others. An error would make the
          caller try again, and the person who has the alert would get it over and over;
        - the first refused, others accepted: the others have their mail now, yet this is an error, for the
          person the alert is for may not be among them. A second try reaches the others twice: it is marked
          as a repeat, and a duplicate is better than silence;
        - nobody accepted: an error; permanent only if every refusal is.

        Raises:
            DeliveryError: As described, or nothing was handed over, or the connection broke before the
                server's last word.
        """
        sender = mail_address.parsed(self.settings.sender_address)
        recipients = [mail_address.parsed(address) for address in self.settings.to]
        written = self.settings.reply_to
        mail = letter.compose(
            message,
            sender=sender,
            recipients=recipients,
            app_name=self.app_name,
            language=self.language,
            reply_to=None if written is None else mail_address.parsed(written),
        )
        envelope = [address.addr_spec for address in recipients]
        with self._connection() as smtp:
            handed = mail_server.hand_over(smtp, mail, sender=sender.addr_spec, recipients=envelope)
        return self._judged(handed, envelope)

    def probe(self) -> Receipt:
        """Connects, encrypts and logs in; sends nothing.

        Raises:
            DeliveryError: One of these fails.
        """
        with self._connection() as smtp:
            answer = mail_server.greet(smtp)
        return Receipt(channel=self.name, detail=f"{self.settings.server} {answer}")

    def _judged(self, handed: mail_server.HandOver, envelope: list[str]) -> Receipt:
        refused = [refusal.address for refusal in handed.refusals]
        if handed.reply is None or envelope[0] in refused:
            raise mail_fault.recipients_refused(
                handed.refusals,
                accepted=[] if handed.reply is None else [each for each in envelope if each not in refused],
                server=self.settings.server,
                language=self.language,
            )
        detail = handed.reply
        if refused:
            others = "; ".join(map(str, handed.refusals))
            detail += f" ({words.MAIL_REFUSED_TOO.said(self.language, refused=others)})"
        return Receipt(channel=self.name, detail=detail)

    @contextmanager
    def _connection(self) -> Iterator[smtplib.SMTP]:
        settings, server = self.settings, self.settings.server
        try:
            tls = mail_server.trust(server)
        except OSError as error:
            raise mail_fault.bad_authorities(error, server=server, language=self.language) from error
        login = self._login()
        try:
            with mail_server.connection(server, tls, login) as smtp:
                yield smtp
        except OSError as error:  # smtplib's errors are among them
            raise mail_fault.explained(
                error,
                server=server,
                username=settings.username,
                needs=settings.provider.needs if settings.provider else None,
                language=self.language,
            ) from error

    def _login(self) -> tuple[str, str] | None:
        if self.settings.username is None or self.settings.password is None:
            return None
        try:
            return self.settings.username, secret.resolve(self.settings.password, language=self.language)
        except secret.SecretError as error:
            raise DeliveryError(error.message, permanent=True, advice=error.advice) from error


def build(settings: MailSettings, *, app_name: str, language: Language) -> EmailChannel:
    """Build the channel; nothing is contacted yet."""
    return EmailChannel(settings=settings, app_name=app_name, language=language)


KIND = ChannelKind(name="email", settings=MailSettings, build=build)
