"""What the answer to "may I hand this parcel in?" says, on every way out."""

from watcher.domain.hand_in import Answer, Verdict, Why
from watcher.texts.language import _


def headline(verdict: Verdict, *, handed_in: bool) -> str:
    """Return the answer in one line."""
    if verdict.answer is Answer.YES and handed_in:
        return _("Yes: it was handed in already, and that may stay so.")
    if verdict.why is Why.CANCELLED:
        return _("NO, cancelled: do not hand it in.")
    return {
        Answer.YES: _("Yes, hand it in."),
        Answer.NO: _("NO: do not hand it in."),
        Answer.UNSURE: _("Not sure: look yourself before you hand it in."),
    }[verdict.answer]


def why_words(why: Why) -> str:
    """Return what an answer rests on, or what to mind, as a clause or a sentence."""
    return {
        Why.CANCELLED: _("the sale is cancelled."),
        Why.CASE_OPEN: _("a case is open for this sale."),
        Why.DISPUTED: _("the buyer has reported a problem."),
        Why.NO_SALE: _("nothing was sold: the request was declined or ran out."),
        Why.NOT_PAID: _("the buyer has not paid yet."),
        Why.ALREADY_THERE: _("the parcel counts as delivered already."),
        Why.PAID: _("paid, and not cancelled."),
        Why.SAYS_SENT: _("paid and not cancelled; the page already says that it was sent."),
        Why.PICKUP: _("paid and not cancelled. It is a pick-up deal: hand it over in person."),
        Why.NOT_READ: _("the page could not be read for certain just now."),
        Why.NOT_FOUND: _("the sale was not to be found just now."),
        Why.NOT_UNDERSTOOD: _("the page says something that Stornowacht does not understand."),
        Why.UNSURE_READING: _("what the page says does not fit together."),
        Why.GUESSED: _("Mind: the page's wording is not confirmed yet. Compare it once with the app; `stornowacht confirm` makes it known."),
        Why.NOT_INSURED: _("Mind: this way of shipping is not insured. The platform's seller protection asks for an insured one."),
        Why.PARTLY_INSURED: _("Mind: the carrier is liable for less than the price."),
        Why.NO_TRACKING: _("Mind: this way of shipping has no tracking. Without it you cannot show that the parcel arrived."),
        Why.INSURANCE_UNKNOWN: _("The page does not say whether the parcel is insured: see the label. The platform's seller protection asks for an insured way."),
    }[why]  # fmt: skip


def before_you_go() -> list[str]:
    """Return what a good seller does before the parcel leaves the house."""
    return [
        _(
            "Photograph the item, the closed parcel and the label, and keep the photos: this is your proof later."
        ),
        _("Pad the item on all sides, close the carton with tape; nothing should rattle."),
        _("Use the label and the address from the deal: seller protection hangs on them."),
        _("Take a receipt, and keep it until the money is there."),
    ]
