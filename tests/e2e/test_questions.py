"""A buyer asks, another says thanks, the seller answers: seen in a real browser, told by mail, and nothing is ever written."""

from datetime import UTC, datetime, timedelta

import pytest

from fixtures.shop import Ad, Deal
from fixtures.shop.deals import Message
from tests.e2e.test_daemon import mailbox
from watcher.domain.outcome import Outcome

__all__ = ["mailbox"]  # a fixture that tests find here

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ANSWERS = """
[answers]
remind_after = "1h"
[notify.email]
host = "127.0.0.1"
port = {port}
security = "none"
sender = "wacht@example.org"
to = ["marlene@example.org"]
"""


def chat(name: str, title: str, buyer: str, *said: tuple[float, str, bool]) -> Deal:
    now = datetime.now(UTC)
    messages = [
        Message(text=text, at=now - timedelta(hours=hours), inbound=inbound) for hours, text, inbound in said
    ]
    return Deal(id=name, ad=Ad(title=title, price_cents=1500), buyer=buyer, messages=messages)


def test_what_waits_is_seen_told_once_and_gone_when_it_is_answered(logged_in, look, mailbox):
    shop = logged_in.shop
    for deal in shop.deals():
        shop.remove(deal.id)
    shop.add(chat("asks", "Stehlampe", "Jonte", (3, "Ist die Lampe noch da?", True)))
    shop.add(
        chat(
            "thanks",
            "Regal",
            "Ayla",
            (9, "Passt es in einen Kleinwagen?", True),
            (7, "Ja", False),
            (6, "ok, danke", True),
        )
    )
    unread = {deal.id: deal.unread for deal in shop.deals()}
    logged_in.configure(ANSWERS.format(port=mailbox.port))
    assert look(logged_in)[1] is Outcome.OK

    told = logged_in.run("questions", "--json").json
    [asked] = told["questions"]
    assert (asked["title"], asked["buyer"], asked["confidence"]) == ("Stehlampe", "Jonte", "certain")
    assert 3 * 3600 <= asked["waits_seconds"] < 4 * 3600
    assert (told["answer_times"]["count"], told["answer_times"]["exact"]) == (1, 1)
    assert "1 question waits for your answer, the oldest for 3 hours" in logged_in.run("status").out

    for _round in range(2):
        assert logged_in.run("deliver").code == 0
    [mail] = [mail for mail in mailbox.mails() if "Waits for your answer" in mail.subject]
    text = mail.message.get_body(("plain",)).get_content()
    assert "Stehlampe" in text
    assert "Jonte" in text
    assert "Regal" not in text
    assert "noch da" not in text, "what a buyer wrote stays on the site"

    shop.say("asks", "Ja, die ist noch da.", inbound=False)
    assert look(logged_in)[1] is Outcome.OK
    after = logged_in.run("questions", "--json").json
    assert after["questions"] == []
    assert (after["answer_times"]["count"], after["answer_times"]["exact"]) == (2, 2)
    assert {deal.id: deal.unread for deal in shop.deals()} == unread
    assert logged_in.writes() == []
    assert logged_in.run("archive", "verify").code == 0
