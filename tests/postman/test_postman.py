"""Handing letters to channels."""

from notifiers.message import Message, Receipt, Urgency
from tests.postman.samples import SEEN_AT
from tests.support.every import every
from watcher.app.ports import Waiting
from watcher.domain.alert import Alert, AlertKind
from watcher.postman.postman import ChannelPostman, plain_letter
from watcher.texts.language import LANGUAGES, use
from watcher.texts.names import alert_name


class BrokenStore:
    """A store in which nothing can be looked up."""

    def __getattr__(self, name):
        raise RuntimeError(name)


class Hatch:
    """A channel that keeps what it is given."""

    name = "hatch"

    def __init__(self):
        self.messages: list[Message] = []

    def deliver(self, message):
        self.messages.append(message)
        return Receipt(channel="hatch", detail="taken")


def test_an_alert_whose_letter_cannot_be_written_goes_out_as_a_plain_one():
    use("de")
    hatch = Hatch()
    postman = ChannelPostman(
        channels={"hatch": hatch},
        store=BrokenStore(),
        vault=BrokenStore(),
        language="de",
        base_url="https://www.kleinanzeigen.de",
        clock=lambda: SEEN_AT,
    )
    alert = Alert(
        key="c1/0",
        kind=AlertKind.CASE_OPENED,
        account="main",
        at=SEEN_AT,
        critical=True,
        order="o1",
        case="c1",
    )
    waiting = Waiting(id=1, channel="hatch", alert=alert, attempts=1, problem=None)
    assert postman.hand_over(waiting) == "taken"
    (message,) = hatch.messages
    assert (message.key, message.thread, message.urgency) == ("c1/0", "c1", Urgency.CRITICAL)
    assert "sieh selbst nach" in message.subject
    assert "c1" in message.text


@every("kind", AlertKind)
@every("language", LANGUAGES)
def test_the_plainest_letter_says_what_it_is_about_in_words(kind, language):
    use(language)
    alert = Alert(key="k", kind=kind, account="main\r\nBcc: x", at=SEEN_AT, order="o1")
    message = plain_letter(alert, repeat=False, reason="KeyError")
    use("de")
    assert alert_name(kind, language=language) in message.text
    assert "\nBcc" not in message.text
    assert message.urgency is Urgency.NORMAL
