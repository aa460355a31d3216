"""What the user says about sending e-mail."""

from pathlib import Path
from typing import Annotated, Final, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator, model_validator

from notifiers import mail_address, setting, words
from notifiers.mail_preset import MailPreset, Security, presets
from notifiers.mail_server import MailServer

_PORTS: Final[dict[Security, int]] = {"ssl": 465, "starttls": 587, "none": 25}
_SECURITY: Final[dict[int, Security]] = {465: "ssl", 587: "starttls"}


class MailSettings(BaseModel):
    """The table ``[notify.email]``; reads the validation context as `notifiers.setting` describes."""

    # A password written where a reference belongs must not be printed by the message that says so.
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    to: Annotated[
        tuple[str, ...],
        Field(
            min_length=1,
            description="Who gets the alerts: one address or a list; the first is the one that counts.",
            examples=["me@example.org"],
        ),
    ]
    preset: Annotated[
        str | None,
        Field(
            description=f"Your mail provider: {', '.join(presets())}. Any other: set host instead.",
            examples=["gmx"],
        ),
    ] = None
    host: Annotated[
        str | None,
        Field(
            min_length=1,
            description="Outgoing mail server (SMTP), if no preset fits.",
            examples=["mail.example.org"],
        ),
    ] = None
    port: Annotated[
        int | None,
        Field(
            ge=1, le=65535, description="Its port. Default: 465 with ssl, 587 with starttls, 25 with none."
        ),
    ] = None
    security: Annotated[
        Security | None,
        Field(
            description='Encryption: "ssl", "starttls", or "none" to a server on this very machine. '
            "Default: what the preset or the port says, else starttls."
        ),
    ] = None
    username: Annotated[
        str | None,
        Field(
            min_length=1,
            description="Login name, usually your whole address. Leave out if the server wants no login.",
            examples=["me@example.org"],
        ),
    ] = None
    password: Annotated[
        str | None,
        Field(
            description="Where the password is found, never the password itself: env:NAME, file:/path (readable by "
            "you alone) or keyring:service/user.",
            examples=["keyring:stornowacht/me@example.org"],
        ),
    ] = None
    sender: Annotated[
        str | None,
        Field(description="Address the alerts come from. Default: username.", examples=["me@example.org"]),
    ] = None
    reply_to: Annotated[
        str | None,
        Field(
            description="Where replies go, if your provider knows plus addresses (me@example.org also gets me+word@example.org): "
            "then what a reply to a case's mail is known by stands there. Default: to the sender, known by the end of the subject.",
            examples=["me@example.org"],
        ),
    ] = None
    timeout: Annotated[
        float,
        Field(
            gt=0, le=300, description="Seconds to wait for the connection, and for each answer of the server."
        ),
    ] = 20.0
    ca_file: Annotated[
        Path | None,
        Field(description="For a mail server of your own: a PEM file with the only authorities to trust."),
    ] = None

    @field_validator("to", mode="before")
    @classmethod
    def _one_is_a_list(cls, value: object) -> object:
        return [value] if isinstance(value, str) else value

    @field_validator("to")
    @classmethod
    def _addresses(cls, value: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        for address in value:
            mail_address.parsed(address, language=setting.language(info))
        return value

    @field_validator("sender", "reply_to")
    @classmethod
    def _address(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value is not None:
            mail_address.parsed(value, language=setting.language(info))
        return value

    @field_validator("preset")
    @classmethod
    def _known(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value is not None and value not in presets():
            known = ", ".join(presets())
            raise ValueError(words.MAIL_PRESET.said(setting.language(info), preset=value, presets=known))
        return value

    @field_validator("password")
    @classmethod
    def _reference(cls, value: str | None, info: ValidationInfo) -> str | None:
        return setting.reference(value, info)

    @field_validator("ca_file")
    @classmethod
    def _absolute(cls, value: Path | None, info: ValidationInfo) -> Path | None:
        return setting.absolute(value, info)

    @model_validator(mode="after")
    def _fits_together(self, info: ValidationInfo) -> Self:
        language = setting.language(info)
        if self.preset and self.host:
            raise ValueError(words.MAIL_TWO_PLACES.said(language))
        if not self.preset and not self.host:
            raise ValueError(words.MAIL_NO_PLACE.said(language, presets=", ".join(presets())))
        if (self.username is None) != (self.password is None):
            missing = "username" if self.username is None else "password"
            raise ValueError(words.MAIL_LOGIN_HALF.said(language, missing=missing))
        if self.preset and self.username is None:
            raise ValueError(words.MAIL_LOGIN_HALF.said(language, missing="username, password"))
        server = self.server
        if server.security == "none" and not setting.is_this_machine(server.host):
            raise ValueError(words.MAIL_OPEN.said(language, host=server.host))
        try:
            mail_address.parsed(self.sender_address, language=language)
        except ValueError:
            raise ValueError(words.MAIL_SENDER.said(language)) from None
        return self

    @property
    def provider(self) -> MailPreset | None:
        """What is known about the provider, if a preset names it."""
        return presets()[self.preset] if self.preset else None

    @property
    def server(self) -> MailServer:
        """Where mail goes out: what is written here, then what the port means, then what the preset says."""
        provider = self.provider
        security = self.security or (_SECURITY.get(self.port) if self.port else None)
        if security is None:
            security = provider.security if provider else "starttls"
        port = self.port or (
            provider.port if provider and security == provider.security else _PORTS[security]
        )
        host = provider.host if provider else self.host or ""
        return MailServer(host=host, port=port, security=security, timeout=self.timeout, ca_file=self.ca_file)

    @property
    def sender_address(self) -> str:
        """The address the alerts come from."""
        return self.sender or self.username or ""
