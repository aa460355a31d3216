"""`status` says that an answer to an alert had no effect, and why."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.support.cli import CommandLine
from watcher.app.answers import take_reply
from watcher.cli.words import refusal_words
from watcher.domain.answer_token import Refusal
from watcher.domain.mail import ReplyMail
from watcher.storage.store import SqliteStore
from watcher.texts.language import LANGUAGES, use


def refuse(cli: CommandLine, why: Refusal, at: datetime) -> None:
    store = SqliteStore(cli.data)
    mail = ReplyMail(key="m", at=at, tokens=("a" * 24,), sender="mallory@evil.example", refusal=why)
    take_reply(store, mail, clock=lambda: at)
    store.close()


@pytest.mark.parametrize("why", [Refusal.STRANGER, Refusal.UNPROVEN, Refusal.AUTOMATIC])
def test_a_reply_without_effect_is_told_and_does_not_repeat_who_wrote_it(
    seller: CommandLine, why: Refusal
) -> None:
    assert seller("status", "--json").json["refused_answer"] is None
    refuse(seller, why, datetime.now(UTC))
    told = seller("status", "--json").json["refused_answer"]
    assert (told["channel"], told["why"]) == ("email", why)
    out = seller("status").out
    assert refusal_words(why) in out
    assert "mallory" not in out


def test_what_happened_days_ago_is_no_news(seller: CommandLine) -> None:
    refuse(seller, Refusal.STRANGER, datetime.now(UTC) - timedelta(days=4))
    assert seller("status", "--json").json["refused_answer"] is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_refusal_has_words_of_its_own(language: str) -> None:
    use(language)  # type: ignore[arg-type]
    said = [refusal_words(why) for why in Refusal]
    use("de")
    assert len(set(said)) == len(Refusal)
    assert all(words.strip() for words in said)
