"""A login that the human renews before its end."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from watcher.app.ports import Store


def remember_renewal(store: Store, name: str, *, clock: Callable[[], datetime]) -> bool:
    """Let an account's session begin anew after the human was at its login window, and return whether it does.

    Checks cannot tell a new login from the one before it. That the human has made one is only taken for granted where an end
    had been announced: else the window may have been opened for anything.
    """
    with store.writing() as writing:
        account, now = store.account(name), clock()
        if account.session.since is None or not account.session.warned:
            return False
        writing.save_account(replace(account, session=account.session.renewed(at=now)))
        writing.record("login_renewed", at=now, account=name)
    return True
