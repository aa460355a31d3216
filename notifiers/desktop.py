"""The channel desktop: a notification on the screen of this machine."""

import hashlib
import html
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from notifiers import answers, desktop_buttons, plain, session_bus, side_thread, words
from notifiers.contract import Answer, ChannelKind, DeliveryError, Heard
from notifiers.message import Link, Message, Receipt, Reply, Urgency
from notifiers.words import Language, Phrase

T = TypeVar("T")

# What common desktops show without cutting it themselves.
_TITLE_LIMIT = 100
_LINE_LIMIT = 160
_LINES = 4
_LABEL_LIMIT = 30
_BUTTONS = 3

_NEVER = 0  # as an expiry: stays until dismissed
_AS_USUAL = -1
_LEVELS = {Urgency.LOW: 0, Urgency.NORMAL: 1, Urgency.CRITICAL: 2}


class DesktopSettings(BaseModel):
    """The table ``[notify.desktop]``. It may be empty: its presence switches the channel on."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    timeout: Annotated[
        float, Field(gt=0, le=60, description="Seconds to wait until the desktop confirms a notification.")
    ] = 5.0
    buttons: Annotated[
        float,
        Field(
            ge=0,
            le=1440,
            description="Minutes for which a notification's buttons work (on Linux); a small process waits for you "
            "that long. 0: no buttons.",
        ),
    ] = 240.0


@dataclass(frozen=True, slots=True, kw_only=True)
class DesktopChannel:
    """Shows notifications through desktop-notifier, and believes only a confirmed one.

    The library never raises: without a desktop it writes a line into the log and goes on. Buttons need somebody who
    stays to hear of a click, so a message with buttons is shown by a program of its own: `notifiers.vigil`.

    Attributes:
        folder: Where answers are kept until somebody hears them; None: buttons that answer are left out.
    """

    settings: DesktopSettings
    app_name: str
    language: Language
    folder: Path | None = None
    name: str = "desktop"

    def deliver(self, message: Message) -> Receipt:
        """Shows subject and summary; returns once the desktop has confirmed it, not when somebody saw it.

        1. Ask the notification service who it is; that also tells whether it reads the text as markup, and whether
           it can show buttons.
        2. Send, and wait for the library's `on_dispatched`; with buttons, for what the program says that keeps watch
           over them.

        A critical one stays on screen until it is dismissed, where the desktop has such a thing. The whole
        takes twice the settings' `timeout` at most, give or take some seconds.

        Raises:
            DeliveryError: No session, no service, no confirmation in time (all may pass), or a Python that
                cannot show notifications at all (permanent).
        """
        service = self._service()
        body = self._body(message)
        title = plain.line(message.subject, limit=_TITLE_LIMIT)
        buttons = self._buttons(message) if service is not None and service.has_buttons else ()
        if service is not None and buttons:
            self._keep_watch(message, service, title=title, body=body, buttons=buttons)
            return self._receipt(service)
        if service is not None and service.renders_markup:
            body = html.escape(body, quote=False)
        self._in_time(lambda: self._show(title, body, message.urgency))
        return self._receipt(service)

    def probe(self) -> Receipt:
        """Asks the notification service who it is; shows nothing.

        Raises:
            DeliveryError: As with `deliver`.
        """
        service = self._service()
        if service is None:
            self._in_time(self._check_ability)
        return self._receipt(service)

    def answering_in(self, folder: Path) -> Self:
        """A channel that leaves answers in that folder."""
        return replace(self, folder=folder)

    def hear(self, *, since: str | None) -> Heard:
        """The answers that lie there; those that `since` names are remembered by somebody and go.

        Raises:
            DeliveryError: The folder cannot be read or written.
        """
        if self.folder is None:
            return Heard(answers=(), since="")
        remembered = frozenset((since or "").split())
        try:
            answers.drop(self.folder, remembered)
            kept = [entry for entry in answers.kept(self.folder) if entry[0] not in remembered]
        except OSError as error:
            reason = plain.line(error.strerror or str(error), limit=200)
            raise self._fault(
                words.DESKTOP_FOLDER, words.DESKTOP_FOLDER_ADVICE, path=self.folder, reason=reason
            ) from error
        heard = tuple(Answer(token=token, at=at) for token, at in kept)
        return Heard(answers=heard, since=" ".join(answer.token for answer in heard))

    def withdraw(self, thread: str) -> None:
        """Takes a thread's notification off the screen, if its buttons are still watched over.

        Raises:
            DeliveryError: No session, or its bus does not answer (both may pass).
        """
        if not session_bus.in_use() or self.settings.buttons == 0:
            return
        if not session_bus.has_address():
            raise self._fault(words.DESKTOP_NO_BUS, words.DESKTOP_NO_BUS_ADVICE)
        try:
            self._in_time(lambda: session_bus.take_over(self._name_on_bus(thread)))
        except session_bus.NotificationServiceError as error:
            raise self._fault(
                words.DESKTOP_NO_SERVICE,
                words.DESKTOP_NO_SERVICE_ADVICE,
                reason=plain.line(str(error), limit=200),
            ) from error

    def _name_on_bus(self, thread: str) -> str:
        """Of whoever keeps watch over the thread's notification; nobody can read the thread from it."""
        named = hashlib.sha256(f"{self.app_name}\0{thread}".encode("utf-8", "surrogatepass")).hexdigest()
        return f"stornowacht.Notification.t{named[:32]}"

    def _service(self) -> session_bus.NotificationService | None:
        """Who shows notifications; None on systems that do not say."""
        if not session_bus.in_use():
            return None
        if not session_bus.has_address():
            raise self._fault(words.DESKTOP_NO_BUS, words.DESKTOP_NO_BUS_ADVICE)
        try:
            return self._in_time(session_bus.ask)
        except session_bus.NotificationServiceError as error:
            raise self._fault(
                words.DESKTOP_NO_SERVICE,
                words.DESKTOP_NO_SERVICE_ADVICE,
                reason=plain.line(str(error), limit=200),
            ) from error

    def _body(self, message: Message) -> str:
        """The summary, or the beginning of the text if there is none."""
        body = plain.lines(message.summary, count=_LINES, limit=_LINE_LIMIT)
        body = body or plain.lines(message.text, count=_LINES, limit=_LINE_LIMIT)
        return f"{body}\n{words.REPEAT.said(self.language)}" if message.repeat else body

    def _buttons(self, message: Message) -> tuple[desktop_buttons.Button, ...]:
        """The buttons that will work."""
        if self.settings.buttons == 0:
            return ()
        shown = []
        for action in message.actions:
            label = plain.line(action.label, limit=_LABEL_LIMIT)
            match action:
                case Link(url=url):
                    shown.append(desktop_buttons.Button(label=label, url=url))
                case Reply(token=token) if self.folder is not None:
                    shown.append(desktop_buttons.Button(label=label, token=token))
                case _:
                    pass
        return tuple(shown[:_BUTTONS])

    def _keep_watch(
        self,
        message: Message,
        service: session_bus.NotificationService,
        *,
        title: str,
        body: str,
        buttons: tuple[desktop_buttons.Button, ...],
    ) -> None:
        shown = desktop_buttons.show(
            desktop_buttons.Request(
                name=self._name_on_bus(message.thread),
                app_name=self.app_name,
                title=title,
                body=body,
                escapes=service.renders_markup,
                urgency=_LEVELS[message.urgency],
                expires=_NEVER if message.urgency is Urgency.CRITICAL else _AS_USUAL,
                buttons=buttons,
                folder=None if self.folder is None else str(self.folder),
                kept=words.DESKTOP_KEPT.said(self.language),
                could_not_open=words.DESKTOP_COULD_NOT_OPEN.said(self.language, url="{url}"),
                could_not_keep=words.DESKTOP_COULD_NOT_KEEP.said(self.language, reason="{reason}"),
                confirm_seconds=self.settings.timeout,
                watch_seconds=self.settings.buttons * 60,
            )
        )
        match shown.outcome:
            case desktop_buttons.Outcome.SHOWN:
                return
            case desktop_buttons.Outcome.REFUSED:
                raise self._fault(words.DESKTOP_REFUSED, words.DESKTOP_UNCONFIRMED_ADVICE)
            case desktop_buttons.Outcome.NO_SERVICE:
                reason = plain.line(shown.reason, limit=200)
                raise self._fault(words.DESKTOP_NO_SERVICE, words.DESKTOP_NO_SERVICE_ADVICE, reason=reason)
            case desktop_buttons.Outcome.SILENCE:
                seconds = self.settings.timeout
                raise self._fault(
                    words.DESKTOP_UNCONFIRMED, words.DESKTOP_UNCONFIRMED_ADVICE, seconds=seconds
                )

    async def _show(self, title: str, body: str, urgency: Urgency) -> None:
        import desktop_notifier as library  # noqa: PLC0415  heavy, and not every machine has all its parts

        native = {
            Urgency.LOW: library.Urgency.Low,
            Urgency.NORMAL: library.Urgency.Normal,
            Urgency.CRITICAL: library.Urgency.Critical,
        }
        confirmed: list[bool] = []
        notifier = library.DesktopNotifier(app_name=self.app_name, app_icon=None)
        try:
            if not session_bus.in_use():
                await self._check_ability(notifier)
            await notifier.send(
                title,
                body,
                urgency=native[urgency],
                timeout=_NEVER if urgency is Urgency.CRITICAL else _AS_USUAL,
                on_dispatched=lambda: confirmed.append(True),
            )
        finally:
            await _leave(notifier)
        if not confirmed:
            raise self._fault(words.DESKTOP_REFUSED, words.DESKTOP_UNCONFIRMED_ADVICE)

    async def _check_ability(self, notifier: Any = None) -> None:
        """Refuses the stand-in for systems without notifications: it confirms all and shows nothing."""
        import desktop_notifier as library  # noqa: PLC0415

        notifier = notifier or library.DesktopNotifier(app_name=self.app_name, app_icon=None)
        if library.Capability.ON_DISPATCHED not in await notifier.get_capabilities():
            raise self._fault(words.DESKTOP_UNABLE, words.DESKTOP_UNABLE_ADVICE, permanent=True)

    def _in_time(self, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        seconds = self.settings.timeout
        try:
            return side_thread.run(work, seconds=seconds)
        except TimeoutError as error:
            raise self._fault(
                words.DESKTOP_UNCONFIRMED, words.DESKTOP_UNCONFIRMED_ADVICE, seconds=seconds
            ) from error
        except ImportError as error:
            raise self._fault(words.DESKTOP_UNABLE, words.DESKTOP_UNABLE_ADVICE, permanent=True) from error
        except (OSError, RuntimeError, ValueError) as error:  # what the systems' own interfaces raise
            raise self._fault(
                words.DESKTOP_NO_SERVICE,
                words.DESKTOP_NO_SERVICE_ADVICE,
                reason=plain.line(str(error) or type(error).__name__, limit=200),
            ) from error

    def _fault(
        self, what: Phrase, advice: Phrase, *, permanent: bool = False, **values: object
    ) -> DeliveryError:
        return DeliveryError(
            what.said(self.language, **values), permanent=permanent, advice=advice.said(self.language)
        )

    def _receipt(self, service: session_bus.NotificationService | None) -> Receipt:
        detail = "ok" if service is None else plain.line(f"{service.name} {service.version}", limit=100)
        return Receipt(channel=self.name, detail=detail)


async def _leave(notifier: Any) -> None:
    """Closes the library's bus connection, which it would keep for ever; a notification stays without it."""
    bus = getattr(notifier._backend, "bus", None)  # noqa: SLF001  it has no way to close of its own
    if bus is not None:
        await session_bus.close(bus)


def build(settings: DesktopSettings, *, app_name: str, language: Language) -> DesktopChannel:
    """Build the channel; nothing is contacted yet."""
    return DesktopChannel(settings=settings, app_name=app_name, language=language)


KIND = ChannelKind(name="desktop", settings=DesktopSettings, build=build)
