"""The daemon tells what time brings: here the hand-in that is near."""

from datetime import datetime, timedelta

import pytest

from tests.e2e.test_daemon import QUICK, mailbox
from tests.support.daemon import start, wait_for
from watcher.carriers.calendar import is_working_day
from watcher.domain.budget import BERLIN

__all__ = ["mailbox", "start"]  # fixtures that tests find here

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(120)]


def test_before_the_hand_in_the_daemon_mails_once_which_paid_sales_wait(watched, start, mailbox):
    now = datetime.now(BERLIN)
    hand_in = min(now + timedelta(minutes=90), now.replace(hour=23, minute=59))
    watched.configure(f'{QUICK.format(every="1h", port=mailbox.port)}[seller]\nhand_in = "{hand_in:%H:%M}"\n')
    watched.make_due(timedelta(hours=1))  # time alone brings this mail, no check
    daemon = start()
    if not is_working_day(now.date()):
        # Nobody hands parcels in then, and the daemon's clock is the machine's.
        wait_for(lambda: watched.run("orders", "--json").json)
        assert not [mail for mail in mailbox.mails() if "Look before you hand in" in mail.subject]
        return
    (mail,) = wait_for(
        lambda: [mail for mail in mailbox.mails() if "Look before you hand in" in mail.subject]
    )
    text = mail.message.get_body(("plain",)).get_content()
    assert "Stehlampe" in text
    assert "stornowacht ship o" in text
    assert "Friteuse" not in text, "it was sent already"
    daemon.terminate()
    assert daemon.wait(timeout=60) == 0
    start()
    assert watched.run("deliver").code == 0
    told = [mail for mail in mailbox.mails() if "Look before you hand in" in mail.subject]
    assert len({mail.message["Message-ID"] for mail in told}) == 1
