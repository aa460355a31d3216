"""From where carriers write, and what their subjects mean."""

from datetime import UTC, datetime

import pytest

from tests.support.every import every
from watcher.carriers.knowledge import all_carriers
from watcher.carriers.mails.table import MailTable, mail_tables, meaning_of_subject
from watcher.carriers.numbers.naming import carrier_id
from watcher.domain.confidence import Confidence
from watcher.domain.fact import Grade
from watcher.domain.parcel import Milestone

TABLES = mail_tables().values()


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.carrier)
def test_every_statement_says_where_it_comes_from(table: MailTable) -> None:
    facts = [each.fact for each in (*table.domains, *table.subjects)]
    assert facts
    for fact in facts:
        assert fact.source
        assert fact.seen <= datetime.now(UTC).date()


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.carrier)
def test_every_domain_is_one_and_belongs_to_one_carrier(table: MailTable) -> None:
    assert carrier_id(table.carrier) == table.carrier
    for domain in table.domains:
        assert domain.name == domain.name.lower().strip(".@ ")
        assert "." in domain.name
        assert [each.carrier for each in TABLES if domain in each.domains] == [table.carrier]


def test_every_carrier_that_has_a_file_of_its_own_and_writes_mails_is_known() -> None:
    assert {each.id for each in all_carriers()} - {"other", "deutsche_post"} <= set(mail_tables())


@every(
    ("carrier", "subject", "milestone"),
    [
        ("dhl", "Ihre Beispiel GmbH Sendung ist unterwegs", Milestone.IN_TRANSIT),
        ("dhl", "Ihr DHL Paket wurde zugestellt", Milestone.DELIVERED),
        ("dhl", "Ihre Sendung wurde an den gewünschten Ablageort zugestellt", Milestone.DELIVERED),
        ("dhl", "Ihr DHL Paket liegt zur Abholung bereit", Milestone.HELD_AT_PICKUP),
        ("dhl", "Ihr Paket wurde an Packstation 123 zugestellt", Milestone.HELD_AT_PICKUP),
        ("dhl", "Ihr Paket wurde an die Packstation 123 zugestellt", Milestone.HELD_AT_PICKUP),
        ("dhl", "Ihre Sendung wurde in die Filiale Musterweg 1 zugestellt", Milestone.HELD_AT_PICKUP),
        ("hermes", "Ihre Hermes Sendung ist auf dem Weg", Milestone.IN_TRANSIT),
        ("hermes", "Ihre Sendung wurde an deinen WunschAblageort zugestellt", Milestone.DELIVERED),
        ("dpd", "Bald ist Ihr DPD Paket da", Milestone.LABEL_CREATED),
        ("ups", "UPS-Zustellbenachrichtigung, Kontrollnummer 1Z999AA10123456784", Milestone.DELIVERED),
    ],
)
def test_a_subject_that_a_source_shows_is_likely_and_never_more(
    carrier: str, subject: str, milestone: Milestone
) -> None:
    meaning = meaning_of_subject(subject, carrier=carrier)
    assert meaning is not None
    assert (meaning.milestone, meaning.confidence) == (milestone, Confidence.LIKELY)


@pytest.mark.parametrize(
    ("carrier", "subject"),
    [
        ("dhl", "Ihr DHL Paket kommt heute"),
        ("dhl", "Ihre Sendung wird heute zugestellt"),
        ("gls", "Dein GLS Paket kommt heute!"),
        ("gls", "Dein Paket wurde erfolgreich zugestellt"),
        ("dpd", "Ihr Paket ist da!"),
    ],
)
def test_a_forecast_and_what_may_mean_the_shop_concludes_nothing(carrier: str, subject: str) -> None:
    meaning = meaning_of_subject(subject, carrier=carrier)
    assert meaning is not None
    assert meaning.confidence is Confidence.UNSURE


@every(
    "subject",
    [
        "",
        "Ihre Sendung konnte nicht zugestellt werden",
        "Ihre Sendung wurde leider nicht zugestellt",
        "War alles gut? Ihre Sendung wurde zugestellt?",
        "Neuigkeiten von DHL",
        "wurde " * 5000 + "zugestellt",
    ],
)
def test_denials_questions_and_news_mean_nothing(subject: str) -> None:
    assert meaning_of_subject(subject, carrier="dhl") is None


def test_the_words_of_one_carrier_are_not_another_ones() -> None:
    assert meaning_of_subject("Bald ist Ihr DPD Paket da", carrier="dhl") is None
    assert meaning_of_subject("Ihr Paket wurde zugestellt", carrier="nobody") is None


def test_nothing_is_certain_about_a_forecast() -> None:
    for table in TABLES:
        for known in table.subjects:
            if known.milestone is Milestone.OUT_FOR_DELIVERY:
                assert known.fact.confidence is Grade.UNVERIFIED
