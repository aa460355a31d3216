"""Whether the archive is worth reading again: after an update whose readers may see in it what the former ones did not."""

from watcher.app.ports import Store

_COMPARED = "readers_compared"
"""The edition of the readers with which the whole archive was last read, or with which it began."""


def replay_is_due(store: Store, edition: str) -> bool:
    """Whether the archive holds what other readers than these have read, and nobody has compared since."""
    known = store.remembered(_COMPARED)
    return known != edition and (known is not None or _has_begun(store))


def note_beginning(store: Store, edition: str) -> None:
    """Remember the readers of an archive in which there is nothing yet; of any other, nothing is known until it is replayed."""
    if store.remembered(_COMPARED) is None and not _has_begun(store):
        note_replayed(store, edition)


def note_replayed(store: Store, edition: str) -> None:
    """Remember that the whole archive was read with these readers."""
    if store.remembered(_COMPARED) != edition:
        with store.writing() as writing:
            writing.save_remembered(_COMPARED, edition)


def _has_begun(store: Store) -> bool:
    return any(account.last_check_at is not None for account in store.accounts())
