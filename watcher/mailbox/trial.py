"""One try, for those who set up."""

from watcher.mailbox.connection import connected
from watcher.mailbox.fault import MailboxError
from watcher.mailbox.health import Health, health_of
from watcher.mailbox.server import MailboxSettings


def try_once(settings: MailboxSettings) -> Health:
    """Connect, log in, open the folder for reading, hang up; returns what stood in the way, and the way out."""
    try:
        with connected(settings):
            return Health()
    except MailboxError as fault:
        return health_of(fault)
