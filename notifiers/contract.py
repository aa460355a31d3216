"""What every channel promises."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar, Protocol, Self, runtime_checkable

from pydantic import BaseModel

from notifiers.message import Message, Receipt
from notifiers.words import Language


class DeliveryError(Exception):
    """A message was not handed over, or nobody can say that it was.

    Attributes:
        message: What happened, in the user's language; never a secret.
        permanent: Trying again without a change by the user is pointless.
        advice: What the user can do about it.
        retry_after: How long the other side asked to be left alone; None if it did not say.
    """

    exit_code: ClassVar[int] = 1

    def __init__(
        self, message: str, *, permanent: bool, advice: str, retry_after: timedelta | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.permanent = permanent
        self.advice = advice
        self.retry_after = retry_after

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A button was pressed, somewhere.

    Attributes:
        token: What came back. A stranger can send anything: only the token of a `Reply` that is still open counts,
            and only once.
        at: When it was pressed, by the clock of whoever took it; aware.
    """

    token: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """The answers so far, and from where to go on.

    Attributes:
        answers: In the order in which they came; what was heard before may be among them.
        since: What `Answering.hear` wants to know next time.
    """

    answers: tuple[Answer, ...]
    since: str


@runtime_checkable
class Answering(Channel, Protocol):
    """A channel whose buttons can answer.

    A delivery ends long before anybody presses a button, and so may the process that delivered. Therefore answers
    are fetched, again and again, by whoever keeps watch. No answer is lost if the fetcher dies: it remembers
    `Heard.since` in the same transaction as what the answers changed, and only the next call lets them go.
    """

    def answering_in(self, folder: Path) -> Self:
        """The same channel, which keeps answers in that folder (it need not exist) if nobody else keeps them.

        The folder is the channel's own, the same in every process, and for this user's eyes only.
        """
        ...

    def hear(self, *, since: str | None) -> Heard:
        """The answers that came after `since` (of an earlier `Heard`; None: all that are still there).

        Raises:
            DeliveryError: Nobody can say now whether somebody answered.
        """
        ...


@runtime_checkable
class Withdrawing(Channel, Protocol):
    """A channel that can take away what it shows."""

    def withdraw(self, thread: str) -> None:
        """Takes a thread's message away where it is still to be seen. That there is none is no failure.

        Raises:
            DeliveryError: Nobody can be asked for it now.
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
