"""The buttons of a message, and what may be said of it in public; through real channels, as far as they go."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from notifiers import letter as mail_letter
from notifiers.contract import Answer, Heard
from notifiers.mail_address import parsed
from notifiers.message import Link, Message, Receipt, Reply
from notifiers.ntfy import NtfyChannel
from notifiers.ntfy import build as build_ntfy
from notifiers.ntfy_settings import NtfySettings
from tests.notifiers.ntfy_host import NtfyHost, ntfy_host
from tests.postman.samples import case_facts, every_letter, facts
from tests.support.clock import NOON, Clock
from tests.support.every import every
from tests.support.values import ACCOUNT, CASE, ORDER
from watcher.app.answers import hear_answers, refused_answer, take_reply
from watcher.app.ports import Waiting
from watcher.domain.alert import Alert, AlertKind
from watcher.domain.answer_token import RANDOM_BYTES, Refusal, token_of
from watcher.domain.step import CaseKind
from watcher.mailbox.headers import read_headers
from watcher.mailbox.reply import reply_of
from watcher.postman.letter import write_letter
from watcher.postman.listener import ChannelListener
from watcher.postman.postman import ChannelPostman
from watcher.storage.store import SqliteStore
from watcher.storage.vault import FileVault
from watcher.texts.language import LANGUAGES, Language

TOKEN = token_of(bytes(RANDOM_BYTES))
ME = "me@example.org"
LETTERS = every_letter()


@dataclass
class Hatch:
    """A channel that keeps what it is given, and cannot be answered."""

    messages: list[Message]
    name: str = "hatch"

    def deliver(self, message: Message) -> Receipt:
        self.messages.append(message)
        return Receipt(channel=self.name, detail="taken")

    def probe(self) -> Receipt:
        return Receipt(channel=self.name, detail="there")


class Buttons(Hatch):
    """One that can."""

    def answering_in(self, folder: Path) -> "Buttons":  # noqa: ARG002 - it keeps them itself
        return self

    def hear(self, *, since: str | None) -> Heard:  # noqa: ARG002 - it always tells all
        tokens = [a.token for message in self.messages for a in message.actions if isinstance(a, Reply)]
        return Heard(answers=tuple(Answer(token=token, at=NOON) for token in tokens), since=str(len(tokens)))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    store = SqliteStore(tmp_path / "data")
    with store.writing() as writing:
        writing.save_account(ACCOUNT)
        writing.save_orders([ORDER])
        writing.save_case(CASE)
    yield store
    store.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


def postman(
    store: SqliteStore, tmp_path: Path, clock: Clock, channels: dict[str, object], **more: object
) -> ChannelPostman:
    numbers = iter(range(1, 256))
    return ChannelPostman(
        channels=channels,  # type: ignore[arg-type]
        store=store,
        vault=FileVault(tmp_path / "data"),
        language="de",
        base_url="https://www.kleinanzeigen.de",
        clock=clock,
        new_token=lambda: token_of(bytes([next(numbers)]) * RANDOM_BYTES),
        **more,  # type: ignore[arg-type]
    )


def waiting(channel: str, kind: AlertKind = AlertKind.CASE_OPENED, *, case: str | None = CASE.id) -> Waiting:
    alert = Alert(
        key=f"{CASE.id}/0", kind=kind, account="main", at=NOON, critical=True, order=ORDER.id, case=case
    )
    return Waiting(id=1, channel=channel, alert=alert, attempts=1, problem=None)


def replies(message: Message) -> list[str]:
    return [action.token for action in message.actions if isinstance(action, Reply)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_case_can_be_taken_on_and_opened(language: Language) -> None:
    message = write_letter(case_facts(CaseKind.IN_TRANSIT, reply_token=TOKEN), language=language)
    reply, link = message.actions
    assert isinstance(reply, Reply)
    assert isinstance(link, Link)
    assert reply.token == TOKEN
    assert link.url == message.url
    if language == "de":
        assert (reply.label, link.label) == ("Ich kümmere mich", "Öffnen")


def test_without_a_token_there_is_no_button_that_would_do_nothing() -> None:
    message = write_letter(case_facts(CaseKind.IN_TRANSIT), language="de")
    assert [type(action) for action in message.actions] == [Link]


def test_what_is_no_case_has_no_buttons() -> None:
    message = write_letter(facts(AlertKind.ACCOUNT_TROUBLE, reply_token=TOKEN), language="de")
    assert message.actions == ()


def test_an_address_that_is_none_becomes_no_button() -> None:
    strange = case_facts(
        CaseKind.IN_TRANSIT, conversation_url="https://exämple.org/ü", base_url="javascript:x"
    )
    message = write_letter(strange, language="de")
    assert message.actions == ()
    assert message.discreet is not None
    assert message.discreet.url is None


@pytest.mark.slow
@every("language", LANGUAGES)
@every("name", LETTERS)
def test_what_is_said_in_public_names_nobody_and_nothing(name: str, language: Language) -> None:
    known = LETTERS[name]
    if known.order is not None:
        known = replace(known, order=replace(known.order, title="Geheimtitel", buyer="Heimlich"))
    message = write_letter(known, language=language)
    assert message.discreet is not None
    public = f"{message.discreet.subject}\n{message.discreet.summary}\n{message.discreet.url}"
    for secret in (
        "Geheim",
        "Heimlich",
        "Friteuse",
        "00340434161094022115",
        "conversationId",
        "ck7m2xap",
        "45,00",
    ):
        assert secret not in public
    assert message.discreet.subject.strip()
    assert all(line.strip() for line in message.discreet.summary.splitlines())


def test_in_public_it_still_says_that_no_parcel_should_be_handed_in_and_until_when() -> None:
    said = write_letter(case_facts(CaseKind.BEFORE_SHIPMENT), language="de").discreet
    assert said is not None
    assert "Gib kein Paket ab" in said.summary
    said = write_letter(case_facts(CaseKind.IN_TRANSIT), language="de").discreet
    assert said is not None
    assert "Zeit bis" in said.summary


def test_only_a_channel_that_can_be_answered_is_given_a_token(
    store: SqliteStore, tmp_path: Path, clock: Clock
) -> None:
    hatch, buttons, mail = Hatch([]), Buttons([]), Hatch([])
    ways = {"hatch": hatch, "buttons": buttons, "email": mail}
    for reads in (False, True):
        hands = postman(store, tmp_path, clock, ways, reads_replies=reads)
        hands = replace(
            hands,
            new_token=lambda reads=reads: token_of(
                bytes([reads, len(buttons.messages), len(mail.messages)] * 5)
            ),
        )
        for name in ways:
            hands.hand_over(waiting(name))
    assert [len(replies(message)) for message in hatch.messages] == [0, 0]
    assert [len(replies(message)) for message in buttons.messages] == [1, 1]
    assert [len(replies(message)) for message in mail.messages] == [0, 1]
    unread, read = (message.text for message in mail.messages)
    assert "antworte einfach auf diese Mail" not in unread
    assert "antworte einfach auf diese Mail" in read
    assert all("antworte einfach" not in message.text for message in buttons.messages)


def test_a_message_delivered_once_more_has_another_token_and_both_count(
    store: SqliteStore, tmp_path: Path, clock: Clock
) -> None:
    buttons = Buttons([])
    hands = postman(store, tmp_path, clock, {"buttons": buttons})
    hands.hand_over(waiting("buttons"))
    hands.hand_over(replace(waiting("buttons"), attempts=2))
    first, second = (replies(message)[0] for message in buttons.messages)
    assert first != second
    hear_answers(store, ChannelListener(channels={"buttons": buttons}), channels=["buttons"], clock=clock)
    assert store.cases()[0].acknowledged_at == clock()
    assert refused_answer(store, now=clock()) is None


def test_a_store_that_cannot_be_written_costs_the_button_and_not_the_alert(
    store: SqliteStore, tmp_path: Path, clock: Clock
) -> None:
    buttons = Buttons([])
    hands = replace(postman(store, tmp_path, clock, {"buttons": buttons}), new_token=lambda: TOKEN)
    hands.hand_over(waiting("buttons"))
    hands.hand_over(waiting("buttons"))  # the same token once more: the store refuses it
    assert [len(replies(message)) for message in buttons.messages] == [1, 0]


def a_phone(host: NtfyHost) -> NtfyChannel:
    settings = NtfySettings.model_validate(
        {"server": host.web.url, "topic": "alerts", "reply_topic": "answers", "timeout": 5}
    )
    return build_ntfy(settings, app_name="Stornowacht", language="de")


def test_the_button_of_a_push_message_acknowledges_and_strangers_read_nothing(
    store: SqliteStore, tmp_path: Path, clock: Clock
) -> None:
    with ntfy_host() as host:
        channel = a_phone(host)
        listener = ChannelListener(channels={"ntfy": channel})
        postman(store, tmp_path, clock, {"ntfy": channel}).hand_over(waiting("ntfy"))
        (push,) = host.of("alerts")
        assert "Friteuse" not in str(push)
        assert "Erika" not in str(push)
        assert [action["label"] for action in push["actions"]] == ["Ich kümmere mich"]
        assert hear_answers(store, listener, channels=["ntfy"], clock=clock) == {}
        assert store.cases()[0].acknowledged_at is None
        host.press(push, "Ich kümmere mich")
        clock.forward(minutes=1)
        hear_answers(store, listener, channels=["ntfy"], clock=clock)
        assert store.cases()[0].acknowledged_at == clock()
        host.press(push, "Ich kümmere mich")
        hear_answers(store, listener, channels=["ntfy"], clock=clock)
    refused = refused_answer(store, now=clock())
    assert refused is not None
    assert refused.why is Refusal.USED


def test_a_server_that_is_away_is_asked_again_from_the_same_place(
    store: SqliteStore, tmp_path: Path, clock: Clock
) -> None:
    with ntfy_host() as host:
        channel = a_phone(host)
    silent = hear_answers(store, ChannelListener(channels={"ntfy": channel}), channels=["ntfy"], clock=clock)
    assert list(silent) == ["ntfy"]
    assert store.remembered("answers/ntfy") is None


@pytest.mark.parametrize("reply_to", [None, "Ich <wacht@example.org>"])
def test_a_reply_to_the_mail_as_it_was_written_acknowledges(
    store: SqliteStore, tmp_path: Path, clock: Clock, reply_to: str | None
) -> None:
    hatch = Hatch([])
    postman(store, tmp_path, clock, {"email": hatch}, reads_replies=True).hand_over(waiting("email"))
    mail = mail_letter.compose(
        hatch.messages[0],
        sender=parsed(ME),
        recipients=[parsed(ME)],
        app_name="Stornowacht",
        language="de",
        reply_to=parsed(reply_to) if reply_to else None,
    )
    arrived = message_from_bytes(mail.as_bytes(), policy=default)
    (token,) = replies(hatch.messages[0])
    assert (token in arrived["Subject"]) is (reply_to is None)
    assert reply_of(read_headers(mail.as_bytes()), senders=(ME,), authserv_id=None, at=NOON) is None
    answer = (
        "Authentication-Results: mx.example.org; dkim=pass header.d=example.org\r\n"
        f"From: {ME}\r\nTo: {arrived['Reply-To'] or arrived['From']}\r\nMessage-ID: <1@example.org>\r\n"
        f"Subject: Re: {arrived['Subject']}\r\n\r\n"
    )
    reply = reply_of(read_headers(answer.encode()), senders=(ME,), authserv_id=None, at=NOON)
    assert reply is not None
    take_reply(store, reply, clock=clock)
    assert store.cases()[0].acknowledged_at == clock()


def test_the_longest_subject_leaves_room_for_the_token() -> None:
    long = write_letter(case_facts(CaseKind.IN_TRANSIT, reply_token=TOKEN), language="de")
    mail = mail_letter.compose(
        replace(long, subject="ü" * 500),
        sender=parsed(ME),
        recipients=[parsed(ME)],
        app_name="Stornowacht",
        language="de",
    )
    subject = message_from_bytes(mail.as_bytes(), policy=default)["Subject"]
    assert subject.endswith(f" [#{TOKEN}]")
    assert len(subject) <= 200


def test_a_token_outlives_a_weekend_and_not_a_fortnight(
    store: SqliteStore, tmp_path: Path, clock: Clock
) -> None:
    for later, acknowledged in ((timedelta(days=14), False), (timedelta(days=3), True)):
        buttons = Buttons([])
        hands = replace(
            postman(store, tmp_path, clock, {"buttons": buttons}),
            new_token=lambda later=later: token_of(bytes([later.days]) * RANDOM_BYTES),
        )
        hands.hand_over(waiting("buttons"))
        clock.now += later
        hear_answers(store, ChannelListener(channels={"buttons": buttons}), channels=["buttons"], clock=clock)
        assert (store.cases()[0].acknowledged_at is not None) is acknowledged
        with store.writing() as writing:
            writing.save_remembered("answers/buttons", "")
