"""What the program recognised of an account, what it guessed, and what the seller can do about it."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from watcher.cli.common import printable
from watcher.domain.account import Account
from watcher.domain.confidence import Confidence
from watcher.domain.order import Order
from watcher.domain.stage import Stage
from watcher.domain.wording import Word, tally
from watcher.texts.language import _, current
from watcher.texts.names import stage_name

FIRST_WEEK = timedelta(days=7)
"""How long checks by hand say what they recognised: by then most words of an account have been met."""
_MOST = 5


def is_first_week(account: Account, now: datetime) -> bool:
    """Whether the account has been watched for less than a week."""
    return account.watched_since is None or now - account.watched_since < FIRST_WEEK


def wording_line(words: Sequence[Word]) -> str:
    """Say how much of an account's wording is known and how much guessed."""
    counts = tally(words)
    return _("Wording of your orders: {known} known, {guessed} guessed, {unknown} not understood.").format(
        known=counts.known, guessed=counts.guessed, unknown=counts.not_understood
    )


def guide_lines(orders: Sequence[Order], words: Sequence[Word]) -> Iterator[str]:
    """Say what was recognised; propose to confirm what was guessed, and to report what was not understood."""
    if not orders:
        yield _("No order with Sicher bezahlen was seen yet.")
        return
    yield wording_line(words)
    guessed = [order for order in orders if _can_be_confirmed(order)]
    for order in guessed[:_MOST]:
        stage = stage_name(order.stage, language=current())
        title = printable(order.title or order.id)
        yield _("Is “{title}” {stage}? Then say so: `stornowacht confirm {order}`").format(
            title=title, stage=stage, order=order.id
        )
    if guessed:
        yield _("If not: `stornowacht confirm ORDER --no`, or --means and what it really is.")
    if any(not word.is_understood for word in words):
        yield _("What was not understood can be reported without anything private: `stornowacht probe`.")


def _can_be_confirmed(order: Order) -> bool:
    is_sure = order.confidence is Confidence.CERTAIN
    return bool(order.words) and not is_sure and order.stage is not Stage.UNKNOWN
