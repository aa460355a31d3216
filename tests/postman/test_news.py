"""What the seller reads about silence, the login, pages, mails, the day's pages, and what stood in the way."""

from dataclasses import replace
from datetime import timedelta

import pytest

from notifiers.message import Urgency
from tests.postman.reader import page, write
from tests.postman.samples import (
    CAUSES,
    MAIL,
    NEWS,
    PAGE,
    SEEN_AT,
    a_case,
    an_account,
    an_order,
    case_facts,
    every_letter,
    facts,
    silence_facts,
)
from tests.support.every import every
from watcher.domain.alert import AlertKind
from watcher.domain.outcome import Cause, Outcome
from watcher.domain.session import Session
from watcher.domain.stage import Stage
from watcher.domain.step import CaseKind
from watcher.texts.language import LANGUAGES, Language

IN_BOTH = every("language", LANGUAGES)
EACH_CAUSE = every(
    ("outcome", "cause"), [(outcome, cause) for outcome, causes in CAUSES.items() for cause in causes]
)


def test_there_is_a_letter_of_every_kind_and_of_every_cause() -> None:
    assert {given.alert.kind for given in every_letter().values()} == set(AlertKind)
    assert sorted(cause for causes in CAUSES.values() for cause in causes) == sorted(Cause)


@every("kind", AlertKind)
@IN_BOTH
def test_every_kind_names_a_command_or_a_place_to_look_even_when_nothing_else_is_known(
    kind: AlertKind, language: Language
) -> None:
    message = write(facts(kind, conversation_url=None, picture=None, ledger_head=None), language)
    calm = {AlertKind.ACCOUNT_RECOVERED, AlertKind.TEST}
    assert (
        kind in calm or "    stornowacht " in message.text or "https://www.kleinanzeigen.de" in message.text
    )
    assert message.subject.strip()
    assert message.summary.strip()


@EACH_CAUSE
@IN_BOTH
def test_trouble_says_what_stood_in_the_way_and_names_one_command(
    outcome: Outcome, cause: Cause, language: Language
) -> None:
    message = write(facts(AlertKind.ACCOUNT_TROUBLE, outcome=outcome, cause=cause), language)
    commands = [line for line in message.text.splitlines() if line.startswith("    stornowacht ")]
    assert len(commands) == 1
    assert commands[0].strip() in page(message).text
    assert "main" in message.subject


@every(
    ("outcome", "cause", "way", "command"),
    [
        (Outcome.UNREACHABLE, Cause.DNS, "Router", "check main"),
        (Outcome.UNREACHABLE, Cause.OFFLINE, "WLAN oder Kabel", "check main"),
        (Outcome.UNREACHABLE, Cause.TLS, "Datum und Uhrzeit", "check main"),
        (Outcome.UNREACHABLE, Cause.TIMEOUT, "hilft nur Warten", "check main"),
        (Outcome.UNREACHABLE, Cause.SERVER_ERROR, "An deinem Konto main liegt es nicht", "check main"),
        (Outcome.UNREACHABLE, Cause.NO_ANSWER, "Prüf deine Verbindung", "check main"),
        (Outcome.UNREACHABLE, Cause.CHECK_FAILED, "Das liegt meist an diesem Rechner", "doctor"),
        (Outcome.BLOCKED, Cause.TOO_MANY_REQUESTS, "unter [watch] längere Abstände", "status"),
        (Outcome.BLOCKED, Cause.FORBIDDEN, "Lass die Seite in Ruhe", "status"),
        (Outcome.BLOCKED, Cause.IP_BLOCK, "Lass die Seite in Ruhe", "status"),
        (Outcome.CHALLENGE, Cause.CAPTCHA, "löse das Bilderrätsel", "login main"),
        (Outcome.CHALLENGE, Cause.CODE, "gib den Code aus der SMS oder Mail", "login main"),
        (Outcome.LOGGED_OUT, Cause.GATEWAY_REFUSED, "Anmeldung abgelaufen", "login main"),
        (Outcome.CONSENT, Cause.CONSENT_BANNER, "entscheide im Browserfenster selbst", "login main"),
    ],
)
def test_the_way_out_fits_the_cause(outcome: Outcome, cause: Cause, way: str, command: str) -> None:
    trouble = write(facts(AlertKind.ACCOUNT_TROUBLE, outcome=outcome, cause=cause)).text
    silence = write(silence_facts(outcome, cause)).text
    assert way in trouble
    for text in (trouble, silence):
        assert f"    stornowacht {command}\n" in text


def test_a_check_that_could_not_be_made_is_not_blamed_on_the_site() -> None:
    message = write(facts(AlertKind.ACCOUNT_TROUBLE, outcome=Outcome.UNREACHABLE, cause=Cause.CHECK_FAILED))
    assert "nicht zu erreichen" not in message.text.casefold()
    assert message.subject == "Prüfung gescheitert: Konto main wird gerade nicht überwacht"


def test_a_block_says_until_when_nobody_looks_and_warns_of_force() -> None:
    message = write(NEWS["trouble-blocked-until"])
    assert "hält jetzt bis So., 22.11., 23:05 Uhr Abstand" in message.text
    assert "stornowacht check main --force. Das kann die Sperre verlängern" in message.text
    over = replace(NEWS["trouble-blocked-until"], now=SEEN_AT + timedelta(hours=3))
    assert "hält jetzt Abstand" in write(over).text
    assert "--force" not in write(silence_facts(Outcome.LOGGED_OUT, None)).text


def test_a_silence_during_a_block_says_until_when_nobody_looks() -> None:
    account = an_account(cool_down_until=SEEN_AT + timedelta(hours=2))
    given = replace(silence_facts(Outcome.BLOCKED, Cause.FORBIDDEN), remembered=account)
    assert "Pause: bis So., 22.11., 23:05 Uhr" in write(given).text
    elsewhere = replace(silence_facts(Outcome.UNREACHABLE, Cause.DNS), remembered=account)
    assert "Pause:" not in write(elsewhere).text


def test_silence_says_since_when_why_and_what_to_do_first() -> None:
    message = write(NEWS["unverified"])
    assert message.subject == "Ungeprüft seit So., 22.11., 12:05 Uhr: Konto main – sieh selbst nach"
    text = message.text
    assert "SEIT SO., 22.11., 12:05 UHR HAT NIEMAND SICHER NACHGESEHEN" in text
    assert "Grund: Adresse der Seite nicht gefunden (DNS)" in text
    places = [text.index(words) for words in ("Das Erste: Sieh selbst", "Friteuse 1", "Damit Stornowacht")]
    assert places == sorted(places)
    assert "Friteuse 1 (45,00 €)\n  verschickt, zuletzt gesehen: So., 22.11., 12:05 Uhr" in text
    assert "Friteuse 2 (45,00 €)" in page(message).text


def test_silence_that_lasts_says_in_its_subject_that_it_is_told_again_and_for_how_long() -> None:
    message = write(NEWS["unverified-again"])
    assert message.subject == "Noch immer ungeprüft, seit 9 Stunden: Konto main – sieh selbst nach"
    english = write(NEWS["unverified-again"], "en")
    assert english.subject == "Still not verified, for 9 hours: account main – see for yourself"


@pytest.mark.parametrize(
    ("orders", "shown", "rest"),
    [(5, 5, None), (6, 5, "und ein weiterer Verkauf"), (7, 5, "und 2 weitere Verkäufe")],
)
def test_only_five_orders_are_listed_and_the_others_counted(
    orders: int, shown: int, rest: str | None
) -> None:
    text = write(silence_facts(orders=orders)).text
    assert text.count("zuletzt gesehen:") == shown
    assert (rest or "") in text
    assert ("weitere" in text) is (rest is not None)


def test_where_nothing_is_sold_no_empty_list_stands() -> None:
    message = write(NEWS["unverified-nobody-sells"])
    assert "Nicht geprüfte Verkäufe" not in message.text
    assert "Nicht geprüfte Verkäufe" not in page(message).text


def test_a_check_that_never_came_is_not_blamed_on_the_last_one() -> None:
    text = write(NEWS["unverified-overdue"]).text
    assert "Grund: die nächste Prüfung blieb aus" in text
    assert "Läuft „stornowacht run“ noch" in text


@pytest.mark.parametrize("since", ["", "yesterday", "2026-11-22T12:05:00", "\x00"])
def test_a_moment_that_cannot_be_understood_gives_a_letter_all_the_same(since: str) -> None:
    given = silence_facts()
    message = write(replace(given, alert=replace(given.alert, details=(("since", since),))))
    assert "22.11., 21:05 Uhr" in message.subject


def test_a_session_that_ends_soon_is_told_calmly_with_what_experience_says() -> None:
    given = NEWS["session"]
    message = write(replace(given, alert=replace(given.alert, critical=False)))
    assert "meist nach 14 Tagen; die jetzige hält seit 13 Tagen." in message.text
    assert "    stornowacht login main\n" in message.text
    assert message.urgency is Urgency.NORMAL
    assert not message.pictures
    bare = write(replace(given, remembered=an_account(session=Session()))).text
    assert "Die Anmeldung beim Konto main endet wohl bald. Danach" in bare


def test_a_cancellation_that_is_gone_asks_to_look_first_and_keeps_the_case_open() -> None:
    message = write(
        case_facts(CaseKind.IN_TRANSIT, AlertKind.ORDER_REINSTATED, order=an_order(stage=Stage.SHIPPED))
    )
    assert message.subject == "Stornierung nicht mehr zu sehen: Friteuse (45,00 €) – sieh selbst nach"
    assert "Jetzt: verschickt" in message.text
    assert "Dann lass es zurückkommen." in message.text
    assert "Fall ck7m2xap schließt sich nicht von selbst" in message.text
    assert "    stornowacht show ok7m2xap\n" in message.text
    assert "    stornowacht ack ck7m2xap\n" in message.text


def test_goods_that_never_left_are_kept_until_the_sale_is_seen_to_go_on() -> None:
    paid = an_order(stage=Stage.PAID, reached=Stage.PAID)
    text = write(facts(AlertKind.ORDER_REINSTATED, order=paid)).text
    assert "Behalte die Ware, bis du im Chat selbst siehst" in text
    assert "zurückkommen" not in text
    assert "stornowacht ack" not in text


def test_a_case_that_is_closed_or_acknowledged_is_not_spoken_of_as_waiting() -> None:
    order = an_order(stage=Stage.SHIPPED)
    for case in (
        a_case(CaseKind.IN_TRANSIT, acknowledged_at=SEEN_AT),
        a_case(CaseKind.IN_TRANSIT, closed_at=SEEN_AT),
    ):
        text = write(facts(AlertKind.ORDER_REINSTATED, order=order, case=case)).text
        assert "stornowacht ack" not in text
        assert ("bleibt offen" in text) is case.is_open


def test_words_on_an_added_page_are_told_as_unsure_and_without_a_link() -> None:
    message = write(facts(AlertKind.PAGE_WORDS, details=PAGE, conversation_url=None))
    assert message.subject == (
        "Seite „Zahlungen“ spricht von einer Stornierung und einer Erstattung – sieh selbst nach"
    )
    assert "Unsicher: nur am Wortlaut erkannt." in message.text
    assert "    stornowacht orders\n" in message.text
    assert message.url is None
    assert "http" not in message.text
    assert page(message).values("href") == []


@pytest.mark.parametrize("details", [(), (("page", ""), ("stage", "")), (("stage", "on_the_moon"),)])
def test_a_page_of_which_little_is_known_is_told_all_the_same(details: tuple[tuple[str, str], ...]) -> None:
    assert write(facts(AlertKind.PAGE_WORDS, details=details)).subject == (
        "Seite spricht von einer Stornierung, einer Erstattung oder einem Problem – sieh selbst nach"
    )


@IN_BOTH
def test_a_letter_that_warns_of_links_has_none(language: Language) -> None:
    message = write(facts(AlertKind.MAIL_SUSPICIOUS, details=MAIL), language)
    assert message.url is None
    assert page(message).values("href") == []
    assert "http" not in message.text
    assert "@" not in message.text
    assert not message.pictures
    assert "    stornowacht check main\n" in message.text


@pytest.mark.parametrize(
    "details",
    [
        (("reasons", "dkim_failed,a_new_reason"),),
        (("reasons", "dkim_failed a_new_reason"),),
        (("reason", "dkim_failed"), ("reason", "a_new_reason"), ("reason", "dkim_failed")),
    ],
)
def test_why_a_mail_is_suspicious_is_said_in_words_and_a_new_reason_by_its_name(
    details: tuple[tuple[str, str], ...],
) -> None:
    text = write(facts(AlertKind.MAIL_SUSPICIOUS, details=details)).text
    assert "Auffällig: ungültige Unterschrift des Absenders (DKIM); a new reason\n" in text


def test_a_spent_budget_says_how_much_when_it_goes_on_and_where_it_is_set() -> None:
    text = write(NEWS["budget"]).text
    assert "heute 800 Seiten geladen" in text
    assert "Nach Mitternacht" in text
    assert "unter [watch] als pages_per_day" in text
    assert "    stornowacht check main\n" in text
    assert "heute so viele Seiten geladen wie eingestellt" in write(facts(AlertKind.BUDGET_SPENT)).text


def test_the_end_of_a_silence_says_since_when_nobody_had_looked() -> None:
    assert "seit So., 22.11., 12:05 Uhr niemand" in write(NEWS["recovered-from-silence"]).text
    assert "niemand" not in write(facts(AlertKind.ACCOUNT_RECOVERED)).text


def test_a_letter_says_when_its_matter_was_last_seen_and_not_when_it_was_written() -> None:
    early = SEEN_AT - timedelta(hours=9)
    reminder = case_facts(
        CaseKind.IN_TRANSIT, AlertKind.CASE_REMINDER, order=an_order(last_seen_at=early), round_number=1
    )
    opened = case_facts(CaseKind.IN_TRANSIT, order=an_order())
    seen = {
        name: write(facts, "en").text.rpartition("Seen: ")[2].splitlines()[0]
        for name, facts in {"reminder": reminder, "silence": silence_facts(), "opened": opened}.items()
    }
    assert seen["reminder"] == seen["silence"]
    assert seen["reminder"] != seen["opened"]
