"""Watching a mailbox of a real server."""

import time
from dataclasses import replace
from datetime import timedelta
from threading import Event

import pytest

from tests.mailbox.dovecot import Dovecot
from tests.mailbox.mails import CONVERSATION, other_mail, phishing_mail, platform_mail, raw
from tests.mailbox.watching import QUICK, Leaping, watching
from tests.support.clock import Clock
from tests.support.mail_server import Start
from watcher.domain.mail import MailVerdict
from watcher.errors import StorageError
from watcher.mailbox.connection import connected
from watcher.mailbox.watch import Waits

pytestmark = pytest.mark.slow  # a real mail server has its own pace

WITHOUT_IDLE = "protocol imap {\n  imap_capability = IMAP4rev1 LITERAL+\n}"


def test_a_mail_rings_within_seconds_and_names_its_conversation(mailbox: Dovecot) -> None:
    with watching(mailbox.settings()) as told:
        time.sleep(QUICK.first_idle + 0.5)  # from now on only an announcement can wake it
        began = time.monotonic()
        mailbox.deliver(platform_mail())
        mail = told.next_mail()
        assert time.monotonic() - began < 15
    assert (mail.verdict, mail.conversation, mail.reasons) == (MailVerdict.TRUSTED, CONVERSATION, ())
    assert told.troubles == [None]


def test_the_conversation_is_found_in_a_link_too(mailbox: Dovecot) -> None:
    link = "https://www.kleinanzeigen.de/m-nachrichten.html?conversationId=1:2:3"
    with watching(mailbox.settings()) as told:
        mailbox.deliver(platform_mail(1, conversation=None, text=f"Antworten: {link}"))
        mailbox.deliver(platform_mail(2, conversation=None))
        assert {told.next_mail().conversation, told.next_mail().conversation} == {"1:2:3", None}


def test_phishing_is_told_and_everybody_elses_mail_is_not(mailbox: Dovecot) -> None:
    with watching(mailbox.settings()) as told:
        mailbox.deliver(other_mail())
        mailbox.deliver(phishing_mail())
        mail = told.next_mail()
        assert told.says_nothing()
    assert (mail.verdict, mail.reasons) == (MailVerdict.SUSPICIOUS, ("foreign_sender",))
    assert mail.conversation is None


def test_mails_from_before_the_first_start_are_not_told(mailbox: Dovecot) -> None:
    mailbox.deliver(platform_mail(1, conversation="old:1:2"))
    with watching(mailbox.settings()) as told:
        mailbox.deliver(platform_mail(2))
        assert told.next_mail().conversation == CONVERSATION
        assert told.says_nothing(0.2)


def test_mails_that_came_meanwhile_are_caught_up_with(mailbox: Dovecot) -> None:
    with watching(mailbox.settings()) as told:
        mailbox.deliver(platform_mail(1))
        told.next_mail()
        told.until(lambda: told.place is not None and told.place.uid == 1)
    for number in (2, 3):
        mailbox.deliver(platform_mail(number, conversation=f"{number}:x:y"))
    with watching(mailbox.settings(), since=told.place) as later:
        assert {later.next_mail().conversation, later.next_mail().conversation} == {"2:x:y", "3:x:y"}
        assert later.says_nothing(0.2)


def test_a_server_that_comes_back_is_watched_again(mailbox: Dovecot) -> None:
    with watching(mailbox.settings()) as told:
        mailbox.stop()
        told.until_health(None, "unreachable")
        mailbox.deliver(platform_mail())
        mailbox.start()
        assert told.next_mail().conversation == CONVERSATION
        told.until_health(None, "unreachable", None)


def test_a_server_that_is_down_for_days_is_told_once_asked_ever_more_slowly_and_hides_no_mail(
    mailbox: Dovecot,
) -> None:
    """Each try costs: at the usual pace there would be four hundred of them."""
    leaping, waits = Leaping(), replace(QUICK, first_pause=5, longest_pause=6 * 3600)
    with watching(mailbox.settings(), waits=waits, leaping=leaping) as told:
        mailbox.stop()
        told.until(lambda: leaping.leapt > timedelta(days=2))
        mailbox.deliver(platform_mail(1, conversation="1:x:y"))
        told.until(lambda: leaping.leapt > timedelta(days=4))
        mailbox.deliver(platform_mail(2, conversation="2:x:y"))
        assert told.troubles == [None, "unreachable"]
        pauses = list(leaping.pauses)
        assert (pauses[0], pauses[-1], pauses) == (waits.first_pause, waits.longest_pause, sorted(pauses))
        mailbox.start()
        assert {told.next_mail().conversation, told.next_mail().conversation} == {"1:x:y", "2:x:y"}
        told.until_health(None, "unreachable", None)


def test_a_line_that_is_up_again_at_once_is_no_news(mailbox: Dovecot) -> None:
    with watching(mailbox.settings(), waits=replace(QUICK, first_pause=0.8)) as told:
        mailbox.stop()
        mailbox.start()
        mailbox.deliver(platform_mail())
        told.next_mail()
    assert told.troubles == [None]


@pytest.mark.slow
def test_a_line_that_breaks_again_and_again_is_news(mailbox: Dovecot) -> None:
    with watching(
        mailbox.settings(), waits=replace(QUICK, first_pause=0.4, longest_pause=0.4, steady=1.5)
    ) as told:
        for number in (1, 2):
            mailbox.stop()
            mailbox.start()
            mailbox.deliver(platform_mail(number))
            told.next_mail()
        assert told.troubles == [None, "lost"], "it has to hold before it is called fine"
        told.until_health(None, "lost", None)


def test_a_server_that_has_too_many_of_us_is_asked_again_later(dovecot: Start) -> None:
    mailbox = dovecot(more="mail_max_userip_connections = 1")
    with connected(mailbox.settings()), watching(mailbox.settings(), ready=False) as told:
        told.until_health("not_now")


def test_nothing_in_the_mailbox_is_changed(mailbox: Dovecot) -> None:
    mailbox.deliver(platform_mail(1), flags="")
    mailbox.deliver(platform_mail(2), flags="FS")
    before = mailbox.files()
    with watching(mailbox.settings()) as told:
        for number in (3, 4):
            new = mailbox.deliver(platform_mail(number, conversation=None))
            before[f"new/{new.name}"] = new.read_bytes()
            told.next_mail()
        mailbox.deliver(phishing_mail(), flags="S")
        told.next_mail()
    after = mailbox.files()
    assert {name: mail for name, mail in after.items() if name in before} == before
    assert len(after) == 5


def test_a_server_without_idle_is_looked_at_now_and_then(dovecot: Start) -> None:
    mailbox = dovecot(more=WITHOUT_IDLE)
    with watching(mailbox.settings()) as told:
        for number in (1, 2):
            mailbox.deliver(platform_mail(number, conversation=f"{number}:x:y"))
            assert told.next_mail().conversation == f"{number}:x:y"
    assert told.troubles == [None]


def test_a_folder_that_numbers_its_mails_anew_hides_none(mailbox: Dovecot) -> None:
    with watching(mailbox.settings()) as told:
        mailbox.deliver(platform_mail(1))
        known = told.next_mail()
        told.until(lambda: told.place is not None and told.place.uid == 1)
    mailbox.stop()
    mailbox.deliver(platform_mail(2, conversation="2:x:y"))
    mailbox.number_anew(4711)
    mailbox.start()
    with watching(mailbox.settings(), since=told.place) as later:
        mails = [later.next_mail(), later.next_mail()]
        mailbox.deliver(platform_mail(3, conversation="3:x:y"))
        assert later.next_mail().conversation == "3:x:y"
        assert later.place is not None
        assert later.place.validity == 4711
    assert {mail.conversation for mail in mails} == {CONVERSATION, "2:x:y"}
    assert known.key in {mail.key for mail in mails}, "the store must know it again"


def test_a_folder_that_has_lost_its_last_mails_hides_none(mailbox: Dovecot) -> None:
    with watching(mailbox.settings()) as told:
        pass
    assert told.place is not None
    mailbox.deliver(platform_mail())
    with watching(mailbox.settings(), since=replace(told.place, uid=900)) as later:
        assert later.next_mail().conversation == CONVERSATION


def test_hostile_mails_hide_none_after_them(mailbox: Dovecot) -> None:
    hostile = [
        b"",
        b"\0" * 5000,
        b"\xff\xfe" * 5000,
        raw("From: " + "(" * 50_000, "Subject: =?utf-8?b?" + "A" * 50_001),
        raw(*[f"X-{number}: y" for number in range(20_000)]),
        raw("Content-Type: multipart/mixed; boundary=x", text="--x\r\n" * 20_000),
    ]
    with watching(mailbox.settings()) as told:
        for number, mail in enumerate(hostile):
            mailbox.deliver(mail)
            mailbox.deliver(platform_mail(number))
            assert told.next_mail().verdict is MailVerdict.TRUSTED
    assert told.troubles == [None]


def test_of_a_huge_mail_only_the_beginning_is_fetched(mailbox: Dovecot) -> None:
    with watching(mailbox.settings()) as told:
        mailbox.deliver(platform_mail(conversation=None, text="x" * 998 + "\r\n" + "y" * 40_000_000))
        assert told.next_mail().verdict is MailVerdict.TRUSTED
    told.until(lambda: " out=" in mailbox.log())
    assert int(mailbox.log().rpartition(" out=")[2].split()[0]) < 1_000_000


def test_a_mail_that_the_server_does_not_show_is_told_and_hides_none_after_it(mailbox: Dovecot) -> None:
    with watching(mailbox.settings()) as told:
        mailbox.deliver(platform_mail(1)).chmod(0)
        mails = [told.next_mail()]
        mailbox.deliver(platform_mail(2))
        mails.append(told.next_mail())
    assert [mail.reasons for mail in mails] == [("unreadable",), ()]
    assert mails[0].verdict is MailVerdict.SUSPICIOUS


def test_a_machine_that_has_slept_does_not_wait_on_a_dead_line(mailbox: Dovecot) -> None:
    clock = Clock()
    with connected(mailbox.settings()) as connection:
        began = time.monotonic()
        connection.wait(seconds=60, stop=Event(), clock=lambda: clock.forward(minutes=1))
        assert time.monotonic() - began < 15


def test_a_mail_that_could_not_be_remembered_comes_again(mailbox: Dovecot) -> None:
    with watching(mailbox.settings()) as told:
        told.fault = StorageError("The disk is full.", advice="Make room.")
        mailbox.deliver(platform_mail())
        assert told.next_mail().conversation == CONVERSATION
        told.until_health(None, "not_remembered", None)
    assert (told.healths[1].message, told.healths[1].advice) == ("The disk is full.", "Make room.")


def test_health_that_could_not_be_told_is_told_again(mailbox: Dovecot) -> None:
    with watching(mailbox.settings()) as told:
        told.health_fault = StorageError("The disk is full.")
        mailbox.stop()
        told.until_health(None, "unreachable")
        assert told.health_fault is None


def test_the_place_goes_on_with_time_so_that_a_renumbering_costs_little(mailbox: Dovecot) -> None:
    with watching(mailbox.settings()) as told:
        pass
    assert told.place is not None
    old = replace(told.place, at=told.place.at - timedelta(days=30))
    with watching(mailbox.settings(), since=old) as later:
        pass
    assert later.place is not None
    assert later.place.at > told.place.at - timedelta(minutes=1)


def test_an_idle_that_servers_would_not_bear_is_refused() -> None:
    with pytest.raises(ValueError, match="idle"):
        Waits(idle=29 * 60)
