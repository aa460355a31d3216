"""What can go wrong with a service."""

from watcher.errors import StornowachtError


class ServiceError(StornowachtError):
    """The watch cannot be made to start with the computer, or not in this way."""
