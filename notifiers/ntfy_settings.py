"""What the user says about ntfy."""

import re
from pathlib import Path
from typing import Annotated, Final, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator, model_validator

from notifiers import secret, setting, words
from notifiers.web_server import WebServer
from notifiers.words import Language

_TOPIC: Final = re.compile(r"[-_A-Za-z0-9]{1,64}")
_UNGUESSABLE: Final = 16


class NtfySettings(BaseModel):
    """The table ``[notify.ntfy]``; reads the validation context as `notifiers.setting` describes."""

    # A token written where a reference belongs must not be printed by the message that says so.
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    topic: Annotated[
        str,
        Field(
            description="The topic to publish to; subscribe to it in the app. Without a login it is all that keeps "
            "strangers out: at least 16 random characters, or where they are found (env:NAME, file:/path, "
            "keyring:service/user).",
            examples=["file:/home/me/.config/stornowacht/ntfy-topic"],
        ),
    ]
    server: Annotated[
        str, Field(description="The ntfy server: the public one, or your own.", examples=["https://ntfy.sh"])
    ] = "https://ntfy.sh"
    token: Annotated[
        str | None,
        Field(
            description="Where your access token for that server is found: env:NAME, file:/path or "
            "keyring:service/user.",
            examples=["keyring:stornowacht/ntfy"],
        ),
    ] = None
    username: Annotated[
        str | None,
        Field(min_length=1, description="Your user name there, if you have no token.", examples=["me"]),
    ] = None
    password: Annotated[
        str | None,
        Field(
            description="Where the password for it is found: env:NAME, file:/path or keyring:service/user.",
            examples=["keyring:stornowacht/ntfy"],
        ),
    ] = None
    reply_topic: Annotated[
        str | None,
        Field(
            description="A second topic, for answers: with it the push message has a button that stops the reminders. "
            "Everybody must be allowed to write to it (on your own server: ntfy access everyone TOPIC write-only); "
            "an answer only counts with the message's own one-time token.",
            examples=["file:/home/me/.config/stornowacht/ntfy-reply-topic"],
        ),
    ] = None
    private: Annotated[
        bool,
        Field(
            description="true sends names, titles and links, too: good for a server of your own. false sends only "
            "what strangers may read."
        ),
    ] = False
    pictures: Annotated[
        bool,
        Field(
            description="true attaches the picture of the page, names and all. The server keeps it for hours."
        ),
    ] = False
    allow_http: Annotated[
        bool,
        Field(description="true allows a server without https within a network where you trust everybody."),
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

    @field_validator("topic", "reply_topic")
    @classmethod
    def _topic(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value is None or _TOPIC.fullmatch(value):
            return value
        if secret.is_reference(value):
            return setting.reference(value, info)
        raise ValueError(words.NTFY_TOPIC.said(setting.language(info)))

    @field_validator("token", "password")
    @classmethod
    def _reference(cls, value: str | None, info: ValidationInfo) -> str | None:
        return setting.reference(value, info)

    @field_validator("ca_file")
    @classmethod
    def _absolute(cls, value: Path | None, info: ValidationInfo) -> Path | None:
        return setting.absolute(value, info)

    @field_validator("server")
    @classmethod
    def _address(cls, value: str, info: ValidationInfo) -> str:
        return setting.web_address(value, language=setting.language(info), is_bare=True)

    @model_validator(mode="after")
    def _fits_together(self, info: ValidationInfo) -> Self:
        language = setting.language(info)
        setting.refuse_open(self.server, language=language, allow_http=self.allow_http)
        if (self.username is None) != (self.password is None) or (self.token and self.username):
            raise ValueError(words.NTFY_LOGIN.said(language))
        if self.topic == self.reply_topic:
            raise ValueError(words.NTFY_SAME_TOPIC.said(language))
        if _TOPIC.fullmatch(self.topic):
            self.check_topic(self.topic, language=language)
        return self

    @property
    def web_server(self) -> WebServer:
        """Where it is spoken to."""
        return WebServer.of(self.server, timeout=self.timeout, ca_file=self.ca_file)

    def check_topic(self, topic: str, *, language: Language) -> None:
        """Refuse what is no topic, and one that anybody could guess where nothing else keeps them out.

        Raises:
            ValueError: It is one of these; the message does not repeat it.
        """
        if not _TOPIC.fullmatch(topic):
            raise ValueError(words.NTFY_TOPIC.said(language))
        is_open = not (self.token or self.username or setting.is_this_machine(self.web_server.host))
        if is_open and len(topic) < _UNGUESSABLE:
            raise ValueError(words.NTFY_GUESSABLE.said(language, count=_UNGUESSABLE))

    def resolve_topic(self, written: str, *, language: Language) -> str:
        """The topic itself, wherever it is kept.

        Raises:
            SecretError: It is not where the settings say.
            ValueError: What is there is no topic, or one that anybody could guess.
        """
        topic = written if _TOPIC.fullmatch(written) else secret.resolve(written, language=language).strip()
        self.check_topic(topic, language=language)
        return topic
