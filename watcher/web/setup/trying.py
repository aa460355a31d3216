"""Trying a channel in earnest from a page: one test alert, and what the other side said."""

from watcher.app.channel_trial import Trial, try_channel
from watcher.app.channel_watch import remember_trial
from watcher.bootstrap import house
from watcher.config import Config
from watcher.web.setup.desk import SetupDesk


def try_now(desk: SetupDesk, config: Config, channel: str, *, counts: bool = True) -> Trial:
    """Send one test alert through a channel of that config.

    With `counts` it is remembered how it fared, as `stornowacht notify-test` does; a config that is not in force yet
    says nothing about the channel that is.
    """
    with house(config) as our:
        trial = try_channel(our.postman(), channel, account=config.account[0].name, clock=desk.clock)
        if counts:
            remember_trial(our.store, channel, trial.fault, clock=desk.clock)
    desk.trials[channel] = trial
    return trial
