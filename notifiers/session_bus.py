"""What the notification service of a Linux desktop says about itself."""

import os
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dbus_fast.aio import MessageBus

_SERVICE = "org.freedesktop.Notifications"
_PATH = "/org/freedesktop/Notifications"


class NotificationServiceError(Exception):
    """The notification service gave no answer; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotificationService:
    """Who shows notifications, and how.

    Attributes:
        renders_markup: Reads the body as markup (capability ``body-markup``), so that it has to be escaped.
        has_buttons: Can show buttons (capability ``actions``).
    """

    name: str
    version: str
    renders_markup: bool
    has_buttons: bool


def in_use() -> bool:
    """Whether notifications travel over a D-Bus session here."""
    return sys.platform == "linux"


def has_address() -> bool:
    """Whether this process was told where the session bus is."""
    return bool(os.environ.get("DBUS_SESSION_BUS_ADDRESS"))


async def ask() -> NotificationService:
    """Asks the service for its name and abilities; the connection is closed again.

    The desktop starts the service now if it starts on demand. The caller sets the time limit.

    Raises:
        NotificationServiceError: No bus behind the address, no service on the bus, or no sense in its answer.
    """
    from dbus_fast.aio import MessageBus  # noqa: PLC0415  imported only where notifications use a bus
    from dbus_fast.errors import DBusFastError  # noqa: PLC0415

    try:
        bus = await MessageBus().connect()
    except (
        OSError,
        DBusFastError,
        ValueError,
        EOFError,
    ) as error:  # its errors of address and login: ValueError
        raise NotificationServiceError(str(error) or type(error).__name__) from error
    try:
        abilities = await _call(bus, "GetCapabilities")
        information = await _call(bus, "GetServerInformation")
    except (OSError, DBusFastError, EOFError) as error:
        raise NotificationServiceError(str(error) or type(error).__name__) from error
    finally:
        await close(bus)
    match abilities, information:
        case [[[*able]], [str(name), _, str(version), *_]]:
            return NotificationService(
                name=name,
                version=version,
                renders_markup="body-markup" in able,
                has_buttons="actions" in able,
            )
        case _:
            raise NotificationServiceError(f"GetServerInformation: {information}")


async def take_over(name: str) -> bool:
    """Takes a name on the bus away from whoever has it, and gives it up again; whether somebody had it.

    Raises:
        NotificationServiceError: No bus behind the address, or it said no.
    """
    from dbus_fast.aio import MessageBus  # noqa: PLC0415
    from dbus_fast.constants import NameFlag, RequestNameReply  # noqa: PLC0415
    from dbus_fast.errors import DBusFastError  # noqa: PLC0415

    try:
        bus = await MessageBus().connect()
    except (OSError, DBusFastError, ValueError, EOFError) as error:
        raise NotificationServiceError(str(error) or type(error).__name__) from error
    try:
        is_had = await _has_owner(bus, name)
        flags = NameFlag.REPLACE_EXISTING | NameFlag.DO_NOT_QUEUE
        if is_had:
            is_had = await bus.request_name(name, flags) is RequestNameReply.PRIMARY_OWNER
    except (OSError, DBusFastError, EOFError) as error:
        raise NotificationServiceError(str(error) or type(error).__name__) from error
    finally:
        await close(bus)
    return is_had


async def _has_owner(bus: "MessageBus", name: str) -> bool:
    from dbus_fast.message import Message  # noqa: PLC0415

    reply = await bus.call(
        Message(
            destination="org.freedesktop.DBus",
            path="/org/freedesktop/DBus",
            interface="org.freedesktop.DBus",
            member="NameHasOwner",
            signature="s",
            body=[name],
        )
    )
    return reply.body == [True]


async def _call(bus: "MessageBus", member: str) -> list[Any]:
    from dbus_fast.message import Message  # noqa: PLC0415

    reply = await bus.call(Message(destination=_SERVICE, path=_PATH, interface=_SERVICE, member=member))
    if reply is None:
        raise NotificationServiceError(member)
    if reply.error_name:
        raise NotificationServiceError(" ".join([reply.error_name, *map(str, reply.body)]))
    return reply.body


async def close(bus: "MessageBus") -> None:
    """Closes a connection for good: `disconnect` alone only announces it and leaves the socket open."""
    bus.disconnect()
    try:
        await bus.wait_for_disconnect()  # type: ignore[no-untyped-call]
    except (OSError, EOFError):
        pass  # the other side was faster
