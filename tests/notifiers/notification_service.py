"""A tiny desktop: answers as org.freedesktop.Notifications and writes down each notification as a line of JSON.

Run as a program under a private session bus: ``notification_service.py FILE MODE``. Prints the bus address when
ready, ends when its standard input does. Modes: ``plain``, ``markup`` (reads the body as markup), ``buttonless`` (shows no
buttons), ``mute`` (takes a notification and never answers), ``refusing`` (answers each with an error), ``absent`` (only the
bus, no service).

Its user sits at the standard input: ``press ID KEY`` presses a button, ``focus ID TOKEN`` says by what a window may
come to the front, ``dismiss ID`` closes a notification, ``leave`` makes the service go while the bus stays. What was closed by whom stands in FILE's neighbour ``closed``, an id a line.
"""

# ruff: noqa: A002, ARG002, N802, PLR0917  names and arguments are those of the specification

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Annotated

from dbus_fast import DBusError, Variant
from dbus_fast.aio import MessageBus
from dbus_fast.annotations import DBusDict, DBusInt32, DBusSignature, DBusStr, DBusUInt32
from dbus_fast.service import ServiceInterface, dbus_method, dbus_signal

Strings = Annotated[list[str], DBusSignature("as")]
Information = Annotated[list[str], DBusSignature("ssss")]
ClosedNote = Annotated[list[int], DBusSignature("uu")]
ActionNote = Annotated[list[int | str], DBusSignature("us")]


class Notifications(ServiceInterface):
    def __init__(self, file: Path, mode: str) -> None:
        super().__init__("org.freedesktop.Notifications")
        self.file, self.mode, self.count = file, mode, 0

    @dbus_method()
    async def Notify(
        self,
        app_name: DBusStr,
        replaces_id: DBusUInt32,
        app_icon: DBusStr,
        summary: DBusStr,
        body: DBusStr,
        actions: Strings,
        hints: DBusDict,
        expire_timeout: DBusInt32,
    ) -> DBusUInt32:
        if self.mode == "refusing":
            raise DBusError("org.freedesktop.Notifications.Error.ExcessNotificationGeneration", "too many")
        number = replaces_id or self.count + 1
        self.count = max(self.count, number)
        plain = {name: hint.value for name, hint in hints.items() if isinstance(hint, Variant)}
        line = {
            "id": number,
            "app_name": app_name,
            "summary": summary,
            "body": body,
            "actions": actions,
            "hints": plain,
            "expire_timeout": expire_timeout,
        }
        with self.file.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
        if self.mode == "mute":
            await asyncio.sleep(60)
        return number

    @dbus_method()
    def GetCapabilities(self) -> Strings:
        return [
            "body",
            *([] if self.mode == "buttonless" else ["actions"]),
            *(["body-markup"] if self.mode == "markup" else []),
        ]

    @dbus_method()
    def GetServerInformation(self) -> Information:
        return ["tiny", "tests", "1.0", "1.2"]

    @dbus_method()
    def CloseNotification(self, id: DBusUInt32) -> None:
        with self.file.with_name("closed").open("a", encoding="utf-8") as file:
            file.write(f"{id}\n")
        self.NotificationClosed(id, 3)

    @dbus_signal()
    def NotificationClosed(self, id: DBusUInt32, reason: DBusUInt32) -> ClosedNote:
        return [id, reason]

    @dbus_signal()
    def ActionInvoked(self, id: DBusUInt32, key: DBusStr) -> ActionNote:
        return [id, key]

    @dbus_signal()
    def ActivationToken(self, id: DBusUInt32, token: DBusStr) -> ActionNote:
        return [id, token]


async def main(file: Path, mode: str) -> None:
    desk, bus = Notifications(file, mode), await MessageBus().connect()
    if mode != "absent":
        bus.export("/org/freedesktop/Notifications", desk)
        await bus.request_name("org.freedesktop.Notifications")
    print(os.environ["DBUS_SESSION_BUS_ADDRESS"], flush=True)
    while line := await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline):
        match line.split():
            case ["press", number, key]:
                desk.ActionInvoked(int(number), key)
            case ["focus", number, token]:
                desk.ActivationToken(int(number), token)
            case ["dismiss", number]:
                desk.NotificationClosed(int(number), 2)
            case ["leave"]:
                await bus.release_name("org.freedesktop.Notifications")
    os._exit(0)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2]))
