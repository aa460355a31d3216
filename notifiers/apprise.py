"""The channel apprise: any of the services that the library of that name knows (Telegram, Signal, Matrix, Home Assistant ...).

The library is an extra. It is told to follow no redirects, for what was posted elsewhere was not delivered here, and its
reasons are shown as far as they hold nothing secret.
"""

import re
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from notifiers import plain, secret, setting, words
from notifiers.contract import ChannelKind, DeliveryError
from notifiers.excerpt import excerpt
from notifiers.message import Message, Picture, Receipt, Urgency
from notifiers.words import Language, Phrase

if TYPE_CHECKING:
    from apprise import NotifyBase

_TITLE: Final = 120
_LINES: Final = 10
_LINE: Final = 300
_REASON: Final = 200
_HTTPS: Final = 443
# What may be secret in an address: anything long enough to be looked for without hiding common words.
_PARTS: Final = re.compile(r"[^\s/:@?&=,]{5,}")
_HTTP_ERROR: Final = re.compile(r"\berror=(4\d\d)\b")
_PASSING: Final = frozenset({"408", "425", "429"})
_KINDS: Final = {Urgency.LOW: "info", Urgency.NORMAL: "warning", Urgency.CRITICAL: "failure"}
_WITHOUT_CONNECTION: Final = frozenset({"rsyslog"})  # UDP


class AppriseSettings(BaseModel):
    """The table ``[notify.apprise]``; reads the validation context as `notifiers.setting` describes."""

    # An address written where a reference belongs must not be printed by the message that says so.
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    url: Annotated[
        tuple[str, ...],
        Field(
            min_length=1,
            max_length=3,
            description="Where the address of your service is found, as apprise wants it (tgram://..., signal://..., "
            "matrixs://...): env:NAME, file:/path or keyring:service/user. One or a list; the first is the one that "
            "counts.",
            examples=["keyring:stornowacht/telegram"],
        ),
    ]
    private: Annotated[
        bool,
        Field(
            description="true sends names, titles and links, too. false sends only what strangers may read."
        ),
    ] = False
    pictures: Annotated[
        bool,
        Field(description="true attaches the picture of the page, names and all, where the service can."),
    ] = False
    timeout: Annotated[float, Field(gt=0, le=20, description="Seconds that each service may take.")] = 15.0

    @field_validator("url", mode="before")
    @classmethod
    def _one_is_a_list(cls, value: object) -> object:
        return [value] if isinstance(value, str) else value

    @field_validator("url")
    @classmethod
    def _references(cls, value: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        said, base = setting.language(info), setting.base(info)
        return tuple(secret.checked(reference, language=said, base=base) for reference in value)


@dataclass(frozen=True, slots=True, kw_only=True)
class AppriseChannel:
    """Hands messages to apprise, address by address. The addresses are fetched anew for every delivery.

    Strangers may read along at most services. So only what a message calls discreet is sent, and no picture, unless
    the settings say otherwise.
    """

    settings: AppriseSettings
    app_name: str
    language: Language
    name: str = "apprise"

    def deliver(self, message: Message) -> Receipt:
        """Sends to every address; returns once the service of the first one has taken the message.

        The others are judged as with e-mail: that they failed is in the receipt, and no reason to send the first
        one the same again. A picture that is refused is left out in a second try, marked as a repeat.

        Raises:
            DeliveryError: The first service did not take it. Permanent if it says that the request is wrong
                (HTTP 4xx), if the address is none, or if the library is missing.
        """
        first, *others = self.settings.url
        detail = self._sent(first, message)
        failed = []
        for reference in others:
            try:
                self._sent(reference, message)
            except DeliveryError as error:
                failed.append(error.message)
        return Receipt(channel=self.name, detail=" ".join([detail, *(f"({reason})" for reason in failed)]))

    def probe(self) -> Receipt:
        """Has apprise read the first address, and connects to its service where it is known which one that is.

        More cannot be tried without sending something, and the receipt says so.

        Raises:
            DeliveryError: The library is missing, the address is none, or nobody answers there.
        """
        reference = self.settings.url[0]
        service = self._service(reference)
        place = _place(service)
        if place is None:
            detail = words.APPRISE_UNDERSTOOD.said(self.language, service=service.service_name)
            return Receipt(channel=self.name, detail=detail)
        shown = f"{place[0]}:{place[1]}"
        try:
            socket.create_connection(place, timeout=self.settings.timeout).close()
        except OSError as error:
            raise self._fault(
                words.APPRISE_UNREACHABLE,
                words.APPRISE_FAILED_ADVICE,
                service=service.service_name,
                place=shown,
                reason=plain.line(error.strerror or str(error), limit=_REASON),
                reference=reference,
            ) from error
        detail = words.APPRISE_REACHED.said(self.language, service=service.service_name, place=shown)
        return Receipt(channel=self.name, detail=detail)

    def _sent(self, reference: str, message: Message) -> str:
        """The service's name, once it has taken the message."""
        service = self._service(reference)
        if self.settings.pictures and message.pictures:
            with _kept(message.pictures[0]) as file:
                result = self._notified(service, message, file)
            if _is_delivered(result):
                return str(service.service_name)
            message = replace(message, repeat=True)
        result = self._notified(service, message)
        if _is_delivered(result):
            return str(service.service_name)
        said = plain.line(" ".join(entry.message for entry in result.logs()), limit=_REASON)
        code = _HTTP_ERROR.search(said)
        raise self._fault(
            words.APPRISE_FAILED,
            words.APPRISE_FAILED_ADVICE,
            permanent=code is not None and code[1] not in _PASSING,
            service=service.service_name,
            reason=self._without_secrets(said, reference) or words.APPRISE_NO_REASON.said(self.language),
            reference=reference,
        )

    def _notified(self, service: "NotifyBase", message: Message, picture: Path | None = None) -> Any:
        from apprise import Apprise  # noqa: PLC0415  an extra, and slow to import

        said = excerpt(
            message,
            private=self.settings.private,
            language=self.language,
            title=_TITLE,
            lines=_LINES,
            line=_LINE,
        )
        links = (f"{plain.line(link.label, limit=_TITLE)}: {link.url}" for link in said.links)
        body = "\n".join([said.body, *links, *([said.url] if said.url and not said.links else [])])
        sender = Apprise(asset=service.asset)
        sender.add(service)
        return sender.notify(
            body=body,
            title=said.title,
            notify_type=_KINDS[message.urgency],
            body_format="text",
            attach=None if picture is None else str(picture),
            interpret_escapes=False,
            timeout=self.settings.timeout,
        )

    def _service(self, reference: str) -> "NotifyBase":
        try:
            from apprise import Apprise, AppriseAsset  # noqa: PLC0415
        except ImportError as error:
            raise self._fault(words.APPRISE_MISSING, words.APPRISE_INSTALL, permanent=True) from error
        asset = AppriseAsset(
            app_id=self.app_name,
            app_desc=self.app_name,
            app_url="",
            http_redirects=False,
            secure_logging=True,
        )
        service = Apprise.instantiate(self._address(reference), asset=asset)
        if service is None:
            raise self._fault(
                words.APPRISE_URL, words.APPRISE_URL_ADVICE, permanent=True, reference=reference
            )
        return service

    def _address(self, reference: str) -> str:
        try:
            return secret.resolve(reference, language=self.language).strip()
        except secret.SecretError as error:
            raise DeliveryError(error.message, permanent=True, advice=error.advice) from error

    def _without_secrets(self, said: str, reference: str) -> str:
        """The library's words, but for all that stands in the address."""
        for part in sorted(_PARTS.findall(self._address(reference)), key=len, reverse=True):
            said = said.replace(part, "…")
        return said

    def _fault(
        self, what: Phrase, advice: Phrase, *, permanent: bool = False, **values: object
    ) -> DeliveryError:
        return DeliveryError(
            what.said(self.language, **values),
            permanent=permanent,
            advice=advice.said(self.language, **values),
        )


def _is_delivered(result: Any) -> bool:
    """Whether a service was asked and said yes. A yes of the library alone is none: an address can say "optional"."""
    last = [service.attempts[-1] for service in result if service.attempts]
    return bool(last) and all(attempt.status.name == "SUCCESS" for attempt in last)


def _place(service: "NotifyBase") -> tuple[str, int] | None:
    """Where the service is spoken to; None if that is not known without asking anybody.

    What stands in an address where a host would is often a token: it must not end up in the name service.
    """
    known = urlsplit(str(getattr(service, "notify_url", "") or ""))
    if known.scheme == "https" and known.hostname and "{" not in known.netloc:
        return known.hostname, known.port or _HTTPS
    is_host = any("{host}" in template for template in map(str, service.templates))
    if is_host and service.port and service.protocol not in _WITHOUT_CONNECTION:
        return str(service.host), int(service.port)
    return None


@contextmanager
def _kept(picture: Picture) -> Iterator[Path]:
    """A file for as long as it is sent."""
    with tempfile.TemporaryDirectory(prefix="stornowacht-") as folder:
        file = Path(folder) / "page.png"
        file.write_bytes(picture.png)
        yield file


def build(settings: AppriseSettings, *, app_name: str, language: Language) -> AppriseChannel:
    """Build the channel; nothing is contacted yet."""
    return AppriseChannel(settings=settings, app_name=app_name, language=language)


KIND = ChannelKind(name="apprise", settings=AppriseSettings, build=build)
