"""How it stands with the ways out, for `status` and `doctor`: the channels, the dead man's switch."""

from collections.abc import Iterator
from datetime import datetime

from watcher.app.steady import PingState, ping_state
from watcher.bootstrap import House
from watcher.cli.common import moment, printable
from watcher.cli.report import Json, time_json
from watcher.domain.channel_health import ChannelHealth, Liveness
from watcher.texts.language import _


def channel_healths(our: House) -> list[ChannelHealth]:
    """Return how it stands with each channel that is set up."""
    return [our.store.channel_health(name) for name in our.config.channels]


def channel_json(health: ChannelHealth) -> Json:
    """Return a channel's health."""
    return {
        "channel": health.channel,
        "state": health.liveness.value,
        "took": time_json(health.took_at),
        "tested": time_json(health.tested_at),
        "failing_since": time_json(health.failing_since),
        "failures": health.failures,
        "problem": health.problem or None,
        "advice": health.advice or None,
        "permanent": health.permanent,
        "not_before": time_json(health.rests_until),
    }


def channel_words(health: ChannelHealth) -> str:
    """Return how it stands with a channel, as a clause."""
    match health.liveness:
        case Liveness.UNTRIED:
            return _("nothing was sent through it yet")
        case Liveness.WORKS if health.took_at is None:
            return _("works, tested {at}; nothing was sent through it yet").format(
                at=moment(health.tested_at)
            )
        case Liveness.WORKS:
            return _("works; it last took an alert {at}").format(at=moment(health.took_at))
        case Liveness.FAILING:
            words = _("does not take anything since {at}, and is tried again: {problem}")
        case _:
            words = _("DEAD since {at}: {problem}")
    return words.format(at=moment(health.failing_since), problem=printable(health.problem))


def channel_lines(our: House) -> Iterator[str]:
    """Say how it stands with each channel, and with the dead man's switch."""
    for health in channel_healths(our):
        yield _("Channel {channel}: {state}").format(channel=health.channel, state=channel_words(health))
        if health.failing_since is not None and health.advice:
            yield f"  {printable(health.advice)}"
    if our.config.heartbeat is not None:
        yield _heartbeat_line(ping_state(our.store))


def heartbeat_json(our: House) -> Json | None:
    """Return how it stands with the dead man's switch; `None` where none is set up."""
    if our.config.heartbeat is None:
        return None
    state = ping_state(our.store)
    return {"tried": state.tried_at, "worked": state.worked_at, "problem": state.problem}


def _heartbeat_line(state: PingState) -> str:
    if state.tried_at is None:
        return _("Sign of life ([heartbeat]): none was given yet")
    if state.problem is None:
        return _("Sign of life ([heartbeat]): last given {at}").format(at=_at(state.worked_at))
    return _("Sign of life ([heartbeat]): not taken ({problem}), last given {at}").format(
        problem=printable(state.problem), at=_at(state.worked_at)
    )


def _at(text: str | None) -> str:
    return moment(datetime.fromisoformat(text)) if text else "–"
