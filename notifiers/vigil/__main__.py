"""Keeps watch over one notification whose buttons are to work: a program of its own, for a delivery ends before a click.

A desktop tells of a click whoever showed the notification, and only while that one is connected. So this program shows it,
says so, and stays behind, alone, until something is pressed or the notification is gone:

- an answer is laid into the folder of answers, and the notification says so and goes;
- a link is opened in the user's browser, and the notification stays;
- the next notification of the same thread takes this one's place: on the bus only one can have the thread's name;
- after a while, or when this program is to end, the notification is shown without buttons: no dead ones stay.

Started by `notifiers.desktop_buttons.show`, with a `Request` as JSON on its standard input. Says how it went in one line of
JSON on its standard output, closes it, and is then on its own. It may wait for hours, so it imports dbus_fast and next to
nothing of this package.
"""

import asyncio
import html
import os
import signal
import sys
import webbrowser
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from dbus_fast.aio import MessageBus
from dbus_fast.constants import MessageType
from dbus_fast.errors import DBusFastError
from dbus_fast.message import Message
from dbus_fast.signature import Variant

from notifiers import answers
from notifiers.desktop_buttons import Button, Outcome, Request, Shown

_SERVICE: Final = "org.freedesktop.Notifications"
_SERVICE_PATH: Final = "/org/freedesktop/Notifications"
_BUS: Final = "org.freedesktop.DBus"
_BUS_PATH: Final = "/org/freedesktop/DBus"
_CLICKED: Final = "default"  # what a click on the notification itself is called
_THANKS: Final = 4_000  # milliseconds
_GRACE_SECONDS: Final = 5.0
_ONLY_ONE: Final = 0x1 | 0x2 | 0x4  # of the name: may be taken over, take it over, never queue for it


class RefusedError(Exception):
    """The service, or the bus, said no; the text is its own."""


@dataclass(slots=True, kw_only=True)
class _Vigil:
    request: Request
    bus: MessageBus
    signals: "asyncio.Queue[tuple[str, list[Any]]]" = field(default_factory=asyncio.Queue)
    number: int = 0
    """The notification's, once it is shown."""
    focus: str = ""
    """What lets the browser come to the front, if the desktop gives such a thing."""

    async def begin(self) -> None:
        """Listen first, then show: a click may come at once."""
        asyncio.get_running_loop().add_signal_handler(
            signal.SIGTERM, self.signals.put_nowait, ("Terminated", [])
        )
        self.bus.add_message_handler(self._heard)
        ours = f"type='signal',sender='{_SERVICE}',interface='{_SERVICE}',path='{_SERVICE_PATH}'"
        theirs = f"type='signal',sender='{_BUS}',member='NameOwnerChanged',arg0='{_SERVICE}'"
        for rule in (ours, theirs):
            await self._bus_call("AddMatch", "s", [rule])
        await self.show()

    async def show(
        self, *, more: str = "", with_buttons: bool = True, leaves_after: int | None = None
    ) -> None:
        """Shows the notification; from the second time on in its own place.

        Args:
            more: A last line.
            with_buttons: Whether somebody still listens to them.
            leaves_after: Milliseconds after which it goes by itself, for it has nothing to say any more.
        """
        request, is_leaving = self.request, leaves_after is not None
        body = "\n".join(filter(None, (request.body, more)))
        hints = {
            "urgency": Variant("y", 0 if is_leaving else request.urgency),
            # A press does not close it: after "open" there is still something to answer.
            "resident": Variant("b", not is_leaving),
            "transient": Variant("b", is_leaving),
        }
        arguments = [
            request.app_name,
            self.number,
            "",
            request.title,
            html.escape(body, quote=False) if request.escapes else body,
            self._actions() if with_buttons else [],
            hints,
            request.expires if leaves_after is None else leaves_after,
        ]
        (self.number,) = await self._service_call("Notify", "susssasa{sv}i", arguments)

    def _actions(self) -> list[str]:
        actions = [
            part for key, button in enumerate(self.request.buttons) for part in (str(key), button.label)
        ]
        link = next((button for button in self.request.buttons if button.url), None)
        return actions if link is None else [_CLICKED, link.label, *actions]

    async def watch(self) -> None:
        """Waits until there is nothing left to wait for."""
        with suppress(RefusedError):  # without the name an older one stays on screen beside a newer one
            await self._bus_call("RequestName", "su", [self.request.name, _ONLY_ONE])
        gone = asyncio.ensure_future(self.bus.wait_for_disconnect())  # type: ignore[no-untyped-call]
        gone.add_done_callback(lambda _: self.signals.put_nowait(("Disconnected", [])))
        try:
            async with asyncio.timeout(self.request.watch_seconds):
                while await self._goes_on(*await self.signals.get()):
                    pass
        except TimeoutError:
            await self.show(with_buttons=False)

    async def close(self) -> None:
        """Takes the notification off the screen."""
        # Debian's notification-daemon 3.20 says that it has closed one, and leaves it there: so it expires, too.
        await self.show(with_buttons=False, leaves_after=1)
        with suppress(RefusedError):  # it may be gone already
            await self._service_call("CloseNotification", "u", [self.number])

    def _heard(self, message: Message) -> None:
        if message.message_type is MessageType.SIGNAL:
            self.signals.put_nowait((message.member or "", message.body))

    async def _goes_on(self, member: str, body: list[Any]) -> bool:
        match member, body:
            case "ActionInvoked", [self.number, str(key)]:
                return await self._pressed(key)
            case "ActivationToken", [self.number, str(focus)]:
                self.focus = focus
            case "Terminated", _:
                await self.show(with_buttons=False)
                return False
            case "NameLost", [self.request.name]:
                await self.close()
                return False
            case (
                ("NotificationClosed", [self.number, _])
                | ("NameOwnerChanged", [_, _, ""])
                | ("Disconnected", _)
            ):
                return False
        return True

    async def _pressed(self, key: str) -> bool:
        buttons = {str(number): button for number, button in enumerate(self.request.buttons)}
        buttons[_CLICKED] = next((button for button in self.request.buttons if button.url), Button(label=""))
        match buttons.get(key):
            case Button(url=str(url)):
                if not await asyncio.to_thread(_opened, url, self.focus):
                    await self.show(more=self.request.could_not_open.format(url=url))
            case Button(token=str(token)) if self.request.folder is not None:
                try:
                    answers.put(Path(self.request.folder), token)
                except OSError as error:
                    reason = error.strerror or type(error).__name__
                    await self.show(more=self.request.could_not_keep.format(reason=reason))
                else:
                    await self.show(more=self.request.kept, with_buttons=False, leaves_after=_THANKS)
                    return False
            case _:
                pass
        return True

    async def _service_call(self, member: str, signature: str, body: list[Any]) -> list[Any]:
        return await self._call(_SERVICE, _SERVICE_PATH, member, signature, body)

    async def _bus_call(self, member: str, signature: str, body: list[Any]) -> list[Any]:
        return await self._call(_BUS, _BUS_PATH, member, signature, body)

    async def _call(self, whom: str, path: str, member: str, signature: str, body: list[Any]) -> list[Any]:
        call = Message(
            destination=whom, path=path, interface=whom, member=member, signature=signature, body=body
        )
        reply = await self.bus.call(call)
        if reply.error_name:
            raise RefusedError(" ".join(map(str, [reply.error_name, *reply.body])))
        return reply.body


def _opened(url: str, focus: str) -> bool:
    """Whether the user's browser took it. One that needs a terminal would open where nobody sees it."""
    os.environ.pop("TERM", None)
    if focus:
        os.environ["XDG_ACTIVATION_TOKEN"] = focus
    try:
        return webbrowser.open(url)
    except (OSError, webbrowser.Error):
        return False


def _report(outcome: Outcome, reason: str = "") -> None:
    print(Shown(outcome=outcome, reason=reason).to_json(), flush=True)  # noqa: T201  to whoever started us


def _let_go() -> None:
    """From now on nobody listens to us, and nobody waits for us."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    os.close(nowhere)


async def keep(request: Request) -> None:
    """Show, report, watch."""
    vigil: _Vigil | None = None
    try:
        async with asyncio.timeout(request.confirm_seconds):
            vigil = _Vigil(request=request, bus=await MessageBus().connect())
            await vigil.begin()
    except RefusedError as error:
        return _report(Outcome.REFUSED, str(error))
    except TimeoutError:
        return _report(Outcome.SILENCE)
    except (OSError, DBusFastError, ValueError, EOFError) as error:
        return _report(Outcome.NO_SERVICE, str(error) or type(error).__name__)
    try:
        _report(Outcome.SHOWN)
    except BrokenPipeError:
        return await vigil.close()  # nobody believes any more that it was shown; it will come again
    _let_go()
    with suppress(RefusedError, OSError, DBusFastError, EOFError):  # the desktop has gone
        await vigil.watch()
    return None


def main() -> int:
    """Leave the one who started us at once, and do what is asked."""
    if os.fork() != 0:
        return 0
    request = Request.of_json(sys.stdin.read())
    # Whatever hangs: this process ends by itself.
    signal.setitimer(signal.ITIMER_REAL, request.confirm_seconds + request.watch_seconds + _GRACE_SECONDS)
    asyncio.run(keep(request))
    return 0


if __name__ == "__main__":
    sys.exit(main())
