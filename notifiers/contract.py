"""What every channel promises."""

from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

from pydantic import BaseModel

from notifiers.message import Message, Receipt
from notifiers.words import Language


class DeliveryError(Exception):
    """A message was not handed over, or nobody can say that it was.

    Attributes:
        message: What happened, in the user's language; never a secret.
        permanent: Trying again without a change by the user is pointless.
        advice: What the user can do about it.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, *, permanent: bool, advice: str) -> None:
        super().__init__(message)
        self.message = message
        self.permanent = permanent
        self.advice = advice

    def diagnostics(self) -> str:
        """What happened and what to do, as lines for the user."""
        return f"{self.message}\n{self.advice}"


class Channel(Protocol):
    """One way out. Holds no connection and no state: any thread may use it at any time."""

    @property
    def name(self) -> str:
        """The name of its kind, as in the config."""
        ...

    def deliver(self, message: Message) -> Receipt:
        """Hands the message over; returns only once the other side has taken it.

        Raises:
            DeliveryError: It was not handed over, or the answer got lost. A second try may then deliver it
                twice; `Message.repeat` makes that visible.
        """
        ...

    def probe(self) -> Receipt:
        """Goes every step of a delivery but the message itself; nobody is disturbed.

        Raises:
            DeliveryError: A delivery would fail now, and this is why.
        """
        ...


class Build(Protocol):
    """Makes a channel out of valid settings; does no input or output."""

    def __call__(self, settings: Any, /, *, app_name: str, language: Language) -> Channel:
        """Build the channel that speaks as `app_name`, to the user in `language`."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelKind:
    """What a channel's module says about itself, as its constant ``KIND``.

    Attributes:
        name: Its table in the config: ``[notify.<name>]``.
        settings: The model of that table; forbids unknown keys, describes every field.
        build: Makes the channel.
    """

    name: str
    settings: type[BaseModel]
    build: Build
