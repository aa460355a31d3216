"""The channel ntfy: a push message on the phone, through ntfy.sh or a server of one's own."""

import base64
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from http import HTTPStatus
from pathlib import Path
from typing import Final, Self
from urllib.parse import quote

from notifiers import ntfy_push, plain, secret, web_fault, words
from notifiers.contract import ChannelKind, DeliveryError, Heard
from notifiers.excerpt import excerpt
from notifiers.message import Message, Picture, Receipt
from notifiers.ntfy_settings import NtfySettings
from notifiers.web_server import Reply, WebServer, exchange
from notifiers.words import Language

_TITLE: Final = 120
_LINES: Final = 10
_LINE: Final = 300
# Here a message without its picture would fare no better.
_NOT_THE_PICTURE: Final = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND})
_CLOSED: Final = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})
_EVERYTHING: Final = "all"
_NOTHING: Final = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class NtfyChannel:
    """Publishes to one topic, and reads answers from another one. Secrets are fetched anew each time.

    Strangers may read along on a public server. So only what a message calls discreet is sent, and no picture,
    unless the settings say otherwise.
    """

    settings: NtfySettings
    app_name: str
    language: Language
    name: str = "ntfy"

    def deliver(self, message: Message) -> Receipt:
        """Publishes; returns once the server has given the message an id.

        With `pictures` the first picture goes along. If the server does not want it (too large, no room, no
        attachments) or the line breaks under it, the message goes without: it is the message that counts. The whole
        takes twice the settings' `timeout` at most, give or take the time for connecting.

        Raises:
            DeliveryError: It was refused, or no answer of ntfy came.
        """
        target, login, note = self._target(self.settings.topic), self._login(), ""
        with self._explained() as server:
            if self.settings.pictures and message.pictures:
                try:
                    reply = self._published(server, target, login, message, message.pictures[0])
                except (ConnectionError, TimeoutError) as error:
                    refusal = web_fault.lost(error, server=server, language=self.language).message
                    message = replace(message, repeat=True)  # it may be there, picture and all
                else:
                    if reply.is_success or reply.status in _NOT_THE_PICTURE:
                        return self._receipt(reply, server)
                    refusal = f"{reply.status} {ntfy_push.error(reply)[1]}".strip()
                note = words.NTFY_WITHOUT_PICTURE.said(self.language, answer=plain.line(refusal, limit=200))
            return self._receipt(self._published(server, target, login, message), server, note)

    def probe(self) -> Receipt:
        """Goes all the way into the topic, with a priority that the server must refuse; nothing is published.

        With `reply_topic` it also looks whether answers can be read, and whether a phone that is not logged in may
        write there.

        Raises:
            DeliveryError: A delivery or an answer would fail now.
        """
        target, login = self._target(self.settings.topic), self._login()
        with self._explained() as server:
            refusal = self._refused_knock(server, target, login)
            if refusal is not None:
                raise self._refusal(refusal, server)
            if self.settings.reply_topic is not None:
                self._probe_replies(server, self._target(self.settings.reply_topic), login)
        return Receipt(channel=self.name, detail=str(server))

    def answering_in(self, folder: Path) -> Self:  # noqa: ARG002  the server keeps them
        """The channel itself: the server keeps the answers, for hours at least."""
        return self

    def hear(self, *, since: str | None) -> Heard:
        """The tokens that were published to `reply_topic` after the message `since`.

        Should the server no longer know `since`, it tells all that it has.

        Raises:
            DeliveryError: It was refused, or no answer came.
        """
        if self.settings.reply_topic is None:
            return Heard(answers=(), since=since or "")
        target, login = self._target(self.settings.reply_topic), self._login()
        with self._explained() as server:
            reply = self._polled(server, target, login, since=since or _EVERYTHING)
        return ntfy_push.heard(reply, since=since or "")

    def _published(
        self,
        server: WebServer,
        target: str,
        login: Mapping[str, str],
        message: Message,
        picture: Picture | None = None,
    ) -> Reply:
        said = excerpt(
            message,
            private=self.settings.private,
            language=self.language,
            title=_TITLE,
            lines=_LINES,
            line=_LINE,
        )
        replies = self.settings.reply_topic
        buttons = ntfy_push.buttons(
            message.actions,
            links=said.links,
            reply_address=None if replies is None else f"{self.settings.server}{self._target(replies)}",
        )
        headers = {**login, **ntfy_push.headers(message, said, buttons=buttons)}
        text = plain.within(said.body, size=ntfy_push.BODY_SIZE)
        if picture is None:
            return exchange(server, "POST", target, headers=headers, body=text.encode("utf-8"))
        headers |= {
            "X-Message": ntfy_push.encoded(text),
            "X-Filename": "page.png",
            "Content-Type": "image/png",
        }
        return exchange(server, "PUT", target, headers=headers, body=picture.png)

    def _probe_replies(self, server: WebServer, target: str, login: Mapping[str, str]) -> None:
        self._polled(server, target, login, since=_NOTHING)
        refusal = self._refused_knock(server, target, {})
        if refusal is None:
            return
        if refusal.status not in _CLOSED:
            raise self._refusal(refusal, server)
        answer = plain.line(f"{refusal.status} {ntfy_push.error(refusal)[1]}", limit=100)
        raise DeliveryError(
            words.NTFY_REPLY_CLOSED.said(self.language, server=server, answer=answer),
            permanent=True,
            advice=words.NTFY_REPLY_CLOSED_ADVICE.said(self.language),
        )

    def _refused_knock(self, server: WebServer, target: str, login: Mapping[str, str]) -> Reply | None:
        """None if a message would be taken. The server looks at login and rights first, then at the priority."""
        headers = {**login, "X-Priority": ntfy_push.NO_PRIORITY}
        reply = exchange(server, "PUT", target, headers=headers, body=b"probe")
        return None if ntfy_push.error(reply)[0] == ntfy_push.BAD_PRIORITY else reply

    def _polled(self, server: WebServer, target: str, login: Mapping[str, str], *, since: str) -> Reply:
        target = f"{target}/json?poll=1&since={quote(since, safe='')}"
        reply = exchange(server, "GET", target, headers=login)
        if reply.status != HTTPStatus.OK:
            raise self._refusal(reply, server)
        return reply

    def _receipt(self, reply: Reply, server: WebServer, note: str = "") -> Receipt:
        name = ntfy_push.published_id(reply) if reply.is_success else None
        if name is None:
            raise self._refusal(reply, server)
        return Receipt(channel=self.name, detail=f"{server} {name} ({note})" if note else f"{server} {name}")

    def _refusal(self, reply: Reply, server: WebServer) -> DeliveryError:
        if reply.is_success:
            return web_fault.not_understood(server=server, language=self.language)
        reason = ntfy_push.error(reply)[1]
        return web_fault.refused(reply, server=server, language=self.language, reason=reason)

    def _target(self, written: str) -> str:
        try:
            return f"/{self.settings.resolve_topic(written, language=self.language)}"
        except secret.SecretError as error:
            raise DeliveryError(error.message, permanent=True, advice=error.advice) from error
        except ValueError as error:
            advice = words.NTFY_TOPIC_ADVICE.said(self.language)
            raise DeliveryError(str(error), permanent=True, advice=advice) from None

    def _login(self) -> dict[str, str]:
        settings = self.settings
        try:
            if settings.token is not None:
                return {"Authorization": f"Bearer {secret.sendable(settings.token, language=self.language)}"}
            if settings.username is None or settings.password is None:
                return {}
            password = secret.resolve(settings.password, language=self.language)
        except secret.SecretError as error:
            raise DeliveryError(error.message, permanent=True, advice=error.advice) from error
        pair = base64.b64encode(f"{settings.username}:{password}".encode()).decode("ascii")
        return {"Authorization": f"Basic {pair}"}

    @contextmanager
    def _explained(self) -> Iterator[WebServer]:
        server = self.settings.web_server
        try:
            yield server
        except OSError as error:
            raise web_fault.lost(error, server=server, language=self.language) from error


def build(settings: NtfySettings, *, app_name: str, language: Language) -> NtfyChannel:
    """Build the channel; nothing is contacted yet."""
    return NtfyChannel(settings=settings, app_name=app_name, language=language)


KIND = ChannelKind(name="ntfy", settings=NtfySettings, build=build)
