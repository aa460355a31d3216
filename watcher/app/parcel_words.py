"""What to say of a word about a parcel that was typed or pasted: what is new in it, or why it was not understood."""

from watcher.app.parcels import Tracked
from watcher.carriers.paste import PasteProblem
from watcher.texts.fill import one_line
from watcher.texts.language import _, ngettext


def news_words(new: int) -> str:
    """Say how much a text has told."""
    if new == 0:
        return _("Nothing new in it: all of that was known.")
    return ngettext("{count} new word about the parcel.", "{count} new words about the parcel.", new).format(
        count=new
    )


def problem_words(tracked: Tracked) -> str:
    """Say why a text was not understood, and what helps."""
    if tracked.problem is None:
        return ""
    numbers = ", ".join(map(one_line, tracked.others))
    known = one_line(tracked.parcel.number or "")
    return {
        PasteProblem.EMPTY: _("Nothing was pasted. Copy the lines of the tracking page, with their dates, and try again."),
        PasteProblem.MARKUP: _("That is the page's source code. Copy what you see on the page instead; nothing was changed."),
        PasteProblem.TOO_LONG: _("That is too long for a tracking page. Copy only the lines of its course; nothing was changed."),
        PasteProblem.NOT_UNDERSTOOD: _not_understood(tracked.new),
        PasteProblem.FUTURE: _("Nothing of this has happened yet: forecasts say nothing about where the parcel is. Nothing is concluded from it."),
        PasteProblem.UNDATED: _("These are several statuses without a date: which is the latest cannot be told, so nothing is concluded. Copy them with their dates, or the latest alone."),
        PasteProblem.OTHER_CARRIER: _("The text speaks of another carrier than the order: nothing is concluded from it. If it is the right parcel after all, tell its number first: `stornowacht track {order} NUMBER`, then paste the text with that number in it.").format(
            order=tracked.order.id
        ),
        PasteProblem.OTHER_NUMBER: _("The text is about {numbers}, this order's parcel has {known}. Nothing was changed. If it is the right parcel after all, tell its number first: `stornowacht track {order} NUMBER`").format(
            numbers=numbers, known=known, order=tracked.order.id
        ),
        PasteProblem.SEVERAL_PARCELS: _("The text is about several parcels: {numbers}. Nothing was changed. Tell which one this order's is: `stornowacht track {order} NUMBER`, then paste it again.").format(
            numbers=numbers, order=tracked.order.id
        ),
    }[tracked.problem]  # fmt: skip


def _not_understood(new: int) -> str:
    if new:
        return _(
            "Stornowacht does not know these words. They were kept as they are, and nothing is concluded from them."
        )
    return _("Nothing in it says where the parcel is, as far as Stornowacht understands. Copy the lines as they stand on the carrier's page, with their dates; nothing was changed.")  # fmt: skip
