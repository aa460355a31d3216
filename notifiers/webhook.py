"""The channel webhook: a signed JSON document for a program of one's own."""

import base64
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC
from http import HTTPStatus
from pathlib import Path
from typing import Annotated, Any, Final, Self
from urllib.parse import urlsplit, urlunsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator, model_validator

from notifiers import plain, secret, setting, web_fault, webhook_signature, words
from notifiers.contract import ChannelKind, DeliveryError
from notifiers.excerpt import excerpt
from notifiers.message import Message, Receipt
from notifiers.web_server import Reply, WebServer, exchange
from notifiers.words import Language

_TYPE: Final = "stornowacht.alert"
_TITLE: Final = 200
_LINES: Final = 10
_LINE: Final = 500
# What a proxy says when there is nobody behind it.
_NOBODY_THERE: Final = frozenset(
    {HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT}
)


class WebhookSettings(BaseModel):
    """The table ``[notify.webhook]``; reads the validation context as `notifiers.setting` describes."""

    # A key written where a reference belongs must not be printed by the message that says so.
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    url: Annotated[
        str,
        Field(
            description="Where to post each alert as JSON; or where that address is found, if nobody else may know it "
            "(env:NAME, file:/path, keyring:service/user).",
            examples=["https://home.example.org/hooks/stornowacht"],
        ),
    ]
    secret: Annotated[
        tuple[str, ...],
        Field(
            min_length=1,
            max_length=4,
            description="Where the key is found that signs it, as Standard Webhooks wants it (whsec_...): env:NAME, "
            "file:/path or keyring:service/user. While you change it, a list of the new and the old one.",
            examples=["keyring:stornowacht/webhook"],
        ),
    ]
    private: Annotated[
        bool,
        Field(description="false sends only what strangers may read: no names, titles, texts and links."),
    ] = True
    pictures: Annotated[
        bool,
        Field(
            description="true sends the picture of the page along, as PNG in Base64: up to some megabytes."
        ),
    ] = False
    allow_http: Annotated[
        bool,
        Field(description="true allows an address without https within a network where you trust everybody."),
    ] = False
    timeout: Annotated[
        float,
        Field(
            gt=0, le=25, description="Seconds to wait for the connection, and then for the server's answer."
        ),
    ] = 20.0
    ca_file: Annotated[
        Path | None,
        Field(description="For a server of your own: a PEM file with the only authorities to trust."),
    ] = None

    @field_validator("secret", mode="before")
    @classmethod
    def _one_is_a_list(cls, value: object) -> object:
        return [value] if isinstance(value, str) else value

    @field_validator("secret")
    @classmethod
    def _references(cls, value: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        said, base = setting.language(info), setting.base(info)
        return tuple(secret.checked(reference, language=said, base=base) for reference in value)

    @field_validator("url")
    @classmethod
    def _address(cls, value: str, info: ValidationInfo) -> str:
        if secret.is_reference(value):
            return secret.checked(value, language=setting.language(info), base=setting.base(info))
        return setting.web_address(value, language=setting.language(info))

    @field_validator("ca_file")
    @classmethod
    def _absolute(cls, value: Path | None, info: ValidationInfo) -> Path | None:
        return setting.absolute(value, info)

    @model_validator(mode="after")
    def _is_encrypted(self, info: ValidationInfo) -> Self:
        if not secret.is_reference(self.url):
            self.resolve_url(language=setting.language(info))
        return self

    def resolve_url(self, *, language: Language) -> str:
        """The address itself, wherever it is kept.

        Raises:
            SecretError: It is not where the settings say.
            ValueError: What is there is no address, or one without https.
        """
        url = secret.resolve(self.url, language=language) if secret.is_reference(self.url) else self.url
        url = setting.web_address(url, language=language)
        setting.refuse_open(url, language=language, allow_http=self.allow_http)
        return url


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookChannel:
    """Posts each message to one address, signed. Secrets are fetched anew for every delivery."""

    settings: WebhookSettings
    app_name: str
    language: Language
    clock: Callable[[], float] = time.time
    name: str = "webhook"

    def deliver(self, message: Message) -> Receipt:
        """Posts the message; returns once the server has answered with one of 2xx.

        The id of the request is made of the message's key: a receiver knows a repeat by it.

        Raises:
            DeliveryError: It answered something else, a redirect among others, or not at all.
        """
        body = self._document(message)
        keys = [self._key(reference) for reference in self.settings.secret]
        signature = webhook_signature.headers(
            keys, name=webhook_signature.message_id(message.key), at=int(self.clock()), body=body
        )
        headers = {"Content-Type": "application/json", "User-Agent": "Stornowacht", **signature}
        with self._explained() as (server, target):
            reply = exchange(server, "POST", target, headers=headers, body=body)
        if not reply.is_success:
            raise web_fault.refused(reply, server=server, language=self.language)
        return self._receipt(server, reply)

    def probe(self) -> Receipt:
        """Asks what the address can do (OPTIONS), which changes nothing there; the key is looked at, too.

        Many a receiver knows nothing but POST, so nearly every answer will do. That it takes messages is shown by a
        message alone.

        Raises:
            DeliveryError: Nobody answered, or only somebody who points elsewhere.
        """
        for reference in self.settings.secret:
            self._key(reference)
        with self._explained() as (server, target):
            reply = exchange(server, "OPTIONS", target, headers={"User-Agent": "Stornowacht"})
        if reply.status in _NOBODY_THERE or reply.is_redirect:
            raise web_fault.refused(reply, server=server, language=self.language)
        return self._receipt(server, reply)

    def _document(self, message: Message) -> bytes:
        private = self.settings.private
        said = excerpt(
            message, private=private, language=self.language, title=_TITLE, lines=_LINES, line=_LINE
        )
        data: dict[str, Any] = {
            "subject": said.title,
            "summary": said.body,
            "urgency": str(message.urgency),
            "repeat": message.repeat,
            "url": said.url,
        }
        if private:
            data |= {
                "key": plain.line(message.key, limit=_LINE),
                "thread": plain.line(message.thread, limit=_LINE),
                "text": plain.block(message.text),
                "links": [
                    {"label": plain.line(link.label, limit=_TITLE), "url": link.url} for link in said.links
                ],
            }
        if self.settings.pictures:
            data["pictures"] = [
                {"name": picture.name, "png": base64.b64encode(picture.png).decode("ascii")}
                for picture in message.pictures
            ]
        at = message.at.astimezone(UTC).isoformat().replace("+00:00", "Z")
        document = {"type": _TYPE, "timestamp": at, "data": data}
        return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode("utf-8")

    def _key(self, reference: str) -> bytes:
        try:
            return webhook_signature.key_of(secret.resolve(reference, language=self.language))
        except secret.SecretError as error:
            raise DeliveryError(error.message, permanent=True, advice=error.advice) from error
        except ValueError:
            raise DeliveryError(
                words.WEBHOOK_SECRET.said(self.language, reference=reference),
                permanent=True,
                advice=words.WEBHOOK_SECRET_ADVICE.said(self.language),
            ) from None

    @contextmanager
    def _explained(self) -> Iterator[tuple[WebServer, str]]:
        settings = self.settings
        try:
            url = settings.resolve_url(language=self.language)
        except secret.SecretError as error:
            raise DeliveryError(error.message, permanent=True, advice=error.advice) from error
        except ValueError as error:
            # Here it is a reference: an address in the settings has been looked at before.
            advice = words.WEBHOOK_URL_ADVICE.said(self.language, reference=settings.url)
            raise DeliveryError(str(error), permanent=True, advice=advice) from None
        server = WebServer.of(url, timeout=settings.timeout, ca_file=settings.ca_file)
        parts = urlsplit(url)
        try:
            yield server, urlunsplit(("", "", parts.path or "/", parts.query, ""))
        except OSError as error:
            raise web_fault.lost(error, server=server, language=self.language) from error

    def _receipt(self, server: WebServer, reply: Reply) -> Receipt:
        # Not the path: it may be secret.
        return Receipt(channel=self.name, detail=f"{server} {reply.status}")


def build(settings: WebhookSettings, *, app_name: str, language: Language) -> WebhookChannel:
    """Build the channel; nothing is contacted yet."""
    return WebhookChannel(settings=settings, app_name=app_name, language=language)


KIND = ChannelKind(name="webhook", settings=WebhookSettings, build=build)
