"""A mail that rings."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.support.clock import NOON, Clock
from tests.support.rooms import Rooms
from watcher.app.ring import Rung, ring, tell_of_mailbox
from watcher.domain.alert import Alert, AlertKind
from watcher.domain.cadence import Reason
from watcher.domain.mail import MailVerdict, PlatformMail

TRUSTED = PlatformMail(
    key="k1", at=NOON - timedelta(minutes=1), conversation="1:2:3", verdict=MailVerdict.TRUSTED
)
PHISHING = replace(
    TRUSTED, key="k2", conversation=None, verdict=MailVerdict.SUSPICIOUS, reasons=("foreign_sender",)
)
CHANNELS = ("email", "desktop")


def rung(rooms: Rooms, mail: PlatformMail) -> Rung:
    return ring(rooms.store, account="main", mail=mail, channels=CHANNELS, clock=rooms.clock)


def alerts(rooms: Rooms) -> list[tuple[str, Alert]]:
    waiting = rooms.store.outbox()
    return [(each.channel, each.alert) for each in waiting if each.alert.kind is AlertKind.MAIL_SUSPICIOUS]


def test_a_trusted_mail_asks_for_a_check_of_its_conversation(known: Rooms, clock: Clock) -> None:
    clock.forward(minutes=-5)
    due = known.store.account("main").next_check_at
    assert due is not None
    assert due > clock()
    assert rung(known, TRUSTED) is Rung.ASKED
    assert known.store.asked_for("main") == ["1:2:3"]
    assert known.store.account("main").next_check_at == clock()
    assert known.ledger_kinds()[-1] == "mail_rang"
    assert alerts(known) == []


def test_a_mail_changes_no_order(known: Rooms) -> None:
    before = known.store.orders(), known.store.cases()
    rung(known, TRUSTED)
    rung(known, PHISHING)
    assert (known.store.orders(), known.store.cases()) == before


def test_a_trusted_mail_without_a_conversation_asks_for_the_whole_account(known: Rooms) -> None:
    assert rung(known, replace(TRUSTED, conversation=None)) is Rung.ASKED
    assert known.store.asked_for("main") == [""]


def test_a_suspicious_mail_is_told_on_every_channel_and_asks_for_nothing(known: Rooms) -> None:
    due = known.store.account("main").next_check_at
    assert rung(known, PHISHING) is Rung.WARNED
    told = alerts(known)
    assert {channel for channel, _ in told} == set(CHANNELS)
    assert dict(told[0][1].details) == {"reasons": "foreign_sender", "received": PHISHING.at.isoformat()}
    assert known.store.asked_for("main") == []
    assert known.store.account("main").next_check_at == due
    assert known.ledger_kinds()[-1] == "mail_suspicious"


@pytest.mark.parametrize("mail", [TRUSTED, PHISHING])
def test_a_mail_that_comes_again_is_known(known: Rooms, mail: PlatformMail) -> None:
    rung(known, mail)
    kinds, told = known.ledger_kinds(), alerts(known)
    assert rung(known, mail) is Rung.KNOWN
    assert (known.ledger_kinds(), alerts(known)) == (kinds, told)


def test_a_provider_that_checks_nobody_is_told_once_and_not_with_every_mail(known: Rooms) -> None:
    unchecked = replace(PHISHING, reasons=("no_authentication_results",))
    for key in ("k3", "k4"):
        assert rung(known, replace(unchecked, key=key)) is Rung.WARNED
    assert len(alerts(known)) == len(CHANNELS)
    assert known.ledger_kinds().count("mail_suspicious") == 2


def test_a_mail_that_could_not_be_read_asks_for_a_check_too(known: Rooms) -> None:
    assert rung(known, replace(PHISHING, reasons=("unreadable",))) is Rung.WARNED
    assert known.store.asked_for("main") == [""]


def test_everybody_elses_mail_leaves_no_trace(known: Rooms) -> None:
    kinds = known.ledger_kinds()
    assert rung(known, replace(TRUSTED, verdict=MailVerdict.NOT_PLATFORM)) is Rung.IGNORED
    assert known.ledger_kinds() == kinds
    assert known.store.asked_for("main") == []


def test_what_the_ledger_says_of_a_mail_tells_nobody_which_it_was(known: Rooms) -> None:
    rung(known, TRUSTED)
    facts = known.ledger()[-1]["facts"]
    assert isinstance(facts, dict)
    assert set(facts) == {"mail", "conversation"}
    assert facts["mail"] != TRUSTED.key
    assert facts["conversation"] not in {"", TRUSTED.conversation}


def asked(rooms: Rooms, *deals: str) -> None:
    for deal in deals:
        conversation = rooms.visitor.conversation(deal)
        rung(rooms, replace(TRUSTED, key=f"about {deal}", conversation=conversation))


def test_a_question_is_answered_once_its_conversation_was_read(known: Rooms) -> None:
    asked(known, "buch")
    known.check()
    assert "buch" in known.visitor.opened
    assert known.store.asked_for("main") == []


def test_a_question_about_a_conversation_that_could_not_be_read_is_asked_again(known: Rooms) -> None:
    asked(known, "friteuse")
    rung(known, replace(TRUSTED, key="whole", conversation=None))
    known.visitor.thread_wall = "unreachable"
    known.check()
    assert set(known.store.asked_for("main")) == {"", known.visitor.conversation("friteuse")}
    known.visitor.thread_wall = None
    known.check()
    assert known.store.asked_for("main") == []


def test_a_question_that_waits_for_another_visit_stays(known: Rooms) -> None:
    asked(known, "buch", "brettspiel")
    known.check(threads_at_most=1)
    assert len(known.store.asked_for("main")) == 1
    known.check()
    assert known.store.asked_for("main") == []


def test_a_mail_that_comes_during_a_visit_asks_for_another(known: Rooms, clock: Clock) -> None:
    known.visitor.meanwhile = lambda: asked(known, "friteuse")
    known.check()
    account = known.store.account("main")
    assert known.store.asked_for("main") == [known.visitor.conversation("friteuse")]
    assert (account.next_check_at, account.next_check_reason) == (clock(), Reason.MAIL)


def test_a_mailbox_that_only_a_human_can_mend_is_told_once_a_day(known: Rooms, clock: Clock) -> None:
    def tell() -> None:
        tell_of_mailbox(
            known.store,
            account="main",
            trouble="login_refused",
            message="imap.example.org refused the login of me",
            advice="Check the password.",
            channels=CHANNELS,
            clock=clock,
        )

    def told() -> list[Alert]:
        waiting = known.store.outbox()
        return [each.alert for each in waiting if each.alert.kind is AlertKind.MAILBOX_TROUBLE]

    tell()
    tell()
    assert len(told()) == len(CHANNELS)
    assert told()[0].critical
    assert "imap.example.org" not in "\n".join(line.text for line in known.store.ledger())
    clock.forward(days=1)
    tell()
    assert len(told()) == 2 * len(CHANNELS)
