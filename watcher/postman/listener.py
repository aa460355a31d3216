"""Asks the channels what was answered; writes no letters, so that the daemon can have it beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from notifiers.contract import Answering, DeliveryError
from watcher.app.ports import Heard, Unheard


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelListener:
    """Fetches answers from the channels that have buttons which can answer."""

    channels: Mapping[str, Answering]

    def names(self) -> Sequence[str]:
        """Return the names of the channels that can be asked."""
        return tuple(self.channels)

    def hear(self, channel: str, *, since: str | None) -> Heard:
        """Return what came back after `since`.

        Raises:
            Unheard: nobody can say now, or it is no longer set up.
        """
        asked = self.channels.get(channel)
        if asked is None:
            raise Unheard(f"[notify.{channel}] is not set up any more")
        try:
            heard = asked.hear(since=since)
        except DeliveryError as error:
            raise Unheard(error.message) from error
        return Heard(tokens=tuple(answer.token for answer in heard.answers), since=heard.since)
