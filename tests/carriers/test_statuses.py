"""What carriers say: every phrase and code of theirs, and the traps between them."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.carriers.spoken import (
    CERTAIN,
    DELIVERED,
    DEPOT,
    EVERYTHING,
    EXCEPTION,
    HELD,
    IN,
    LABEL,
    LIKELY,
    NOTHING,
    OUT,
    RETURNED,
    RETURNING,
    TRANSIT,
    UNSURE,
    Spoken,
)
from tests.support.every import every
from watcher.carriers.statuses.meaning import Meaning, meaning_of
from watcher.carriers.statuses.sentence import folded, sentences_of
from watcher.carriers.statuses.table import Entry, tables
from watcher.domain.confidence import Confidence
from watcher.domain.fact import Grade
from watcher.domain.parcel import Milestone

UNKNOWN = Milestone.UNKNOWN
NAMELESS = "Ein ganz anderer Paketdienst"
"""A carrier without a table of its own."""


def said(words: str, carrier: str | None = "dhl") -> Milestone | None:
    """What the words mean; `None` for a forecast, a wish or a mere notice."""
    meaning = meaning_of(words, carrier=carrier)
    return meaning.milestone if meaning.is_event else None


# --- every phrase ---------------------------------------------------------------------------------------------------


@every("spoken", EVERYTHING, ids=lambda spoken: f"{spoken.carrier}: {spoken.words}")
def test_a_sentence_means_what_its_source_says(spoken: Spoken) -> None:
    found = meaning_of(spoken.words, carrier=NAMELESS if spoken.carrier == "other" else spoken.carrier)
    if spoken.milestone is NOTHING:
        assert (found.milestone, found.is_event) == (UNKNOWN, False)
    else:
        assert found == Meaning(
            milestone=spoken.milestone, confidence=spoken.confidence, at_shop=spoken.at_shop
        )


@every("carrier", sorted(tables()))
def test_no_phrase_of_a_table_goes_without_a_sentence(carrier: str) -> None:
    told = [
        folded(sentence)
        for each in EVERYTHING
        if each.carrier == carrier
        for sentence in sentences_of(each.words)
    ]
    phrases = [phrase for group in tables()[carrier].phrases.values() for phrase in group]
    silent = [
        phrase.text for phrase in phrases if not any(phrase.pattern.search(sentence) for sentence in told)
    ]
    assert phrases
    assert silent == []


@every(
    "spoken",
    [
        each
        for each in EVERYTHING
        if each.confidence is CERTAIN and each.milestone not in {NOTHING, IN, LABEL}
    ],
    ids=lambda spoken: f"{spoken.carrier}: {spoken.words}",
)
def test_without_a_carrier_a_sentence_never_means_something_else_for_sure(spoken: Spoken) -> None:
    found = meaning_of(spoken.words)
    assert found.milestone in {spoken.milestone, UNKNOWN} or found.confidence is not CERTAIN


@every("words", ["", "   ", "\x00\x1b[2J", "Guten Tag", "Sendungsnummer 00340434161094022115", "🚚", "Paket"])
def test_what_nobody_knows_stays_unknown(words: str) -> None:
    assert meaning_of(words, carrier="dhl") == Meaning(milestone=UNKNOWN, confidence=UNSURE)


def test_case_hyphens_marks_and_umlauts_in_two_pieces_make_no_difference() -> None:
    for words in (
        "DIE SENDUNG WURDE IM ZIEL-PAKETZENTRUM BEARBEITET",
        "die sendung wurde im Zielpaketzentrum   bearbeitet",
        "Die Sendung wurde im Ziel\u2010Paketzentrum bearbeitet.",
        "„Die Sendung wurde im Ziel-\u00adPaketzentrum bearbeitet.“",
    ):
        assert said(words) is DEPOT
    assert said("Die Sendung ist in der Region des Empfa\u0308ngers angekommen.") is DEPOT


# --- traps ----------------------------------------------------------------------------------------------------------


@every(
    ("words", "milestone"),
    [
        ("Die Sendung wurde nicht erfolgreich zugestellt.", EXCEPTION),
        ("Die Sendung konnte nicht zugestellt werden.", EXCEPTION),
        ("Das Paket wurde heute leider nicht zugestellt.", EXCEPTION),
        ("Die Sendung wurde nicht in das Zustellfahrzeug geladen.", UNKNOWN),
        ("Die Sendung wurde noch nicht im Ziel-Paketzentrum bearbeitet.", UNKNOWN),
        ("Es erfolgt keine Rücksendung.", UNKNOWN),
        ("Die Sendung liegt noch nicht zur Abholung bereit.", UNKNOWN),
        ("Die Rücksendung wurde eingeleitet, aber nicht durchgeführt.", RETURNING),
        ("The shipment has not been delivered.", UNKNOWN),
        ("The parcel could not be delivered.", EXCEPTION),
        ("Der Empfänger hat die Sendung nicht in der Filiale abgeholt.", RETURNING),
        ("Der Empfänger hat die Sendung in der Filiale nicht abgeholt.", RETURNING),
    ],
)
def test_what_is_denied_did_not_happen(words: str, milestone: Milestone) -> None:
    assert said(words) is milestone


@every(
    "words",
    [
        "Die Sendung wird voraussichtlich heute zugestellt.",
        "Die Sendung wird dem Empfänger voraussichtlich heute zugestellt.",
        "Das Paket wird voraussichtlich im Laufe des Tages zugestellt.",
        "Zustellung voraussichtlich: 14:00 - 15:30",
        "Voraussichtliche Zustellung: Samstag, 28. November",
        "Die Zustellung erfolgt vrs. am nächsten Werktag.",
        "Die Sendung wird morgen zugestellt.",
        "Die Sendung soll heute zugestellt werden.",
        "Die Sendung wird heute in das Zustellfahrzeug geladen.",
        "Die Sendung wird am Montag zur Abholung bereit liegen.",
        "Die Sendung kann ab morgen in der Filiale abgeholt werden.",
        "Your parcel is estimated to be delivered on: Saturday, 28.11.2026",
        "The shipment will be delivered tomorrow",
        "Delivery is expected today.",
        "Ihre Sendung wird Ihnen heute durch Ihre Briefzustellkraft zugestellt.",
    ],
)
@every("carrier", ["dhl", "hermes", "dpd", "deutsche_post", None])
def test_a_forecast_is_no_event(words: str, carrier: str | None) -> None:
    assert said(words, carrier) is None


@pytest.mark.parametrize("carrier", ["dhl", "hermes", "dpd", "deutsche_post", None])
def test_what_gls_calls_loaded_is_a_forecast_from_everybody_else(carrier: str | None) -> None:
    words = "Das Paket wird voraussichtlich im Laufe des Tages zugestellt."
    assert said(words, carrier) is None
    assert meaning_of(words, carrier="gls") == Meaning(milestone=OUT, confidence=LIKELY)


@pytest.mark.parametrize(
    ("words", "milestone"),
    [
        ("Die Sendung wird für die Verladung ins Zustellfahrzeug vorbereitet.", DEPOT),
        ("Die Sendung wurde in das Zustellfahrzeug geladen.", OUT),
        ("The shipment is being prepared for loading onto the delivery vehicle", DEPOT),
        ("The shipment has been loaded onto the delivery vehicle", OUT),
    ],
)
def test_prepared_for_loading_is_not_loaded(words: str, milestone: Milestone) -> None:
    assert said(words) is milestone


@every(
    ("carrier", "words", "milestone"),
    [
        ("dhl", "Die Sendung wurde von DHL abgeholt.", IN),
        ("dhl", "Der Empfänger hat die Sendung in der Filiale abgeholt.", DELIVERED),
        ("hermes", "Die Sendung wurde von Hermes im PaketShop abgeholt.", IN),
        ("hermes", "Die Sendung wurde vom Empfänger im Hermes PaketShop Kiosk Muster abgeholt.", DELIVERED),
        ("dpd", "Abholung im Pickup Paketshop durch Empfänger.", DELIVERED),
        ("dhl", "Der Empfänger hat die Sendung abgeholt.", DELIVERED),
        ("dhl", "DHL hat die Sendung beim Absender abgeholt.", IN),
        *(
            (carrier, f"{who} hat die Sendung {where}abgeholt.", IN)
            for carrier in ("dhl", "hermes", "ups", NAMELESS)
            for who in ("DHL", "Der Zusteller", "Der Fahrer", "Der Kurier")
            for where in ("", "beim Absender ")
        ),
        *(
            (carrier, f"{who} hat die Sendung abgeholt.", UNKNOWN)
            for carrier in ("dhl", "hermes")
            for who in ("Jemand", "Der Nachbar", "Der Absender")
        ),
        ("dhl", "Die Sendung wurde nicht abgeholt und wird zurückgesandt.", RETURNING),
        ("dhl", "Die Sendung wurde noch nicht abgeholt.", HELD),
        ("dhl", "Der Absender wurde nicht angetroffen. Die Sendung konnte nicht abgeholt werden.", LABEL),
    ],
)
def test_who_has_fetched_it_decides_what_fetched_means(
    carrier: str, words: str, milestone: Milestone
) -> None:
    assert said(words, carrier) is milestone


@every("carrier", ["dhl", "hermes", "dpd", "gls", "ups", "deutsche_post", NAMELESS, None])
@every(
    "words",
    [
        "Die Sendung wurde dem Absender zugestellt.",
        "Die Sendung wurde wieder an den Absender zugestellt.",
        "Die Sendung wurde erfolgreich an den Absender zugestellt.",
        "Die Sendung wurde an den Versender zugestellt.",
        "Die Sendung wurde an den Absender zurückgegeben.",
        "Rücksendung: Die Sendung wurde erfolgreich zugestellt.",
        "Rücksendung erfolgreich zugestellt",
    ],
)
def test_delivered_to_the_sender_is_returned(words: str, carrier: str | None) -> None:
    assert said(words, carrier) is RETURNED


@pytest.mark.parametrize(
    ("words", "milestone"),
    [
        ("Rücksendung: Die Sendung wurde im Start-Paketzentrum bearbeitet.", RETURNING),
        ("Rücksendung: Die Sendung wurde elektronisch angekündigt.", LABEL),
        ("Rücksendung: Das Wetter ist schön.", UNKNOWN),
        ("Die Sendung konnte dem Absender nicht zugestellt werden.", EXCEPTION),
        ("Die Sendung wird dem Absender zugestellt.", RETURNING),
    ],
)
def test_a_return_that_has_not_arrived_is_not_returned(words: str, milestone: Milestone) -> None:
    assert said(words) is milestone


@every("carrier", ["dhl", "hermes", "dpd", "gls", "ups", "deutsche_post", None])
def test_fetched_by_nobody_knows_whom_is_never_counted(carrier: str | None) -> None:
    assert meaning_of("Die Sendung wurde abgeholt.", carrier=carrier).confidence is UNSURE


def test_what_hermes_wrongly_calls_a_return_is_never_counted() -> None:
    found = meaning_of("Die Sendung wird an den Versender zurückgeführt.", carrier="hermes")
    assert (found.milestone, found.confidence) == (RETURNING, UNSURE)


def test_a_return_that_hermes_takes_back_is_none() -> None:
    words = (
        "Der Rückversand der Sendung zum Auftraggeber wurde storniert (fehlerhafter Scan wurde korrigiert)."
    )
    assert said(words, "hermes") is None


def test_back_at_the_depot_is_not_back_to_the_sender() -> None:
    for carrier, words in (
        ("dpd", "After an unsuccessful delivery attempt the parcel is back at the recipient depot."),
        ("hermes", "Die Sendung befindet sich auf dem Rückweg ins nächste Hermes Verteilzentrum."),
    ):
        assert meaning_of(words, carrier=carrier) == Meaning(milestone=DEPOT, confidence=LIKELY)


def test_waiting_in_the_shop_is_not_delivered() -> None:
    assert said("Das Paket wurde im GLS PaketShop zugestellt (siehe PaketShop-Anzeige).", "gls") is HELD
    assert said("Delivered to UPS Access Point™ Awaiting Customer Collection", "ups") is HELD
    assert said("Delivered by driver to Pickup parcelshop", "dpd") is HELD


def test_a_message_that_was_delivered_is_no_parcel() -> None:
    assert said("Eine Nachricht wurde zugestellt") is None


def test_only_the_data_were_handed_over() -> None:
    assert said("Paketinfo an DPD übergeben", "dpd") is LABEL
    assert said("Paket an DPD übergeben", "dpd") is IN


def test_the_driver_who_empties_the_packstation_delivers_nothing() -> None:
    assert said("Die Sendung wurde zum Weitertransport aus der PACKSTATION entnommen.") is TRANSIT
    assert said("Die Sendung wurde aus der Packstation entnommen") is DELIVERED


def test_a_question_or_a_condition_tells_nothing() -> None:
    for words in (
        "Empfänger nicht angetroffen?",
        "Wurde Ihre Sendung zugestellt?",
        "Falls die Sendung nicht zugestellt werden konnte, erhalten Sie eine Karte.",
        "Sobald die Sendung in das Zustellfahrzeug geladen ist, sehen Sie das hier.",
    ):
        assert meaning_of(words, carrier="dhl").milestone is UNKNOWN


def test_a_delivery_after_a_failed_attempt_in_one_breath_is_likely_at_most() -> None:
    words = "Die Sendung konnte nicht zugestellt werden. Die Sendung wurde einem Nachbarn zugestellt."
    found = meaning_of(words, carrier="dhl")
    assert (found.milestone, found.confidence) == (DELIVERED, LIKELY)


def test_the_words_of_another_carrier_are_a_grade_less_sure() -> None:
    words = "Das Paket wurde auf das GLS Zustellfahrzeug verladen"
    assert meaning_of(words, carrier="gls").confidence is CERTAIN
    assert meaning_of(words).confidence is CERTAIN
    assert meaning_of(words, carrier="hermes") == Meaning(milestone=OUT, confidence=LIKELY)


def test_a_carrier_is_known_by_its_names() -> None:
    for name in ("dhl", "DHL", "DHL Paket", " dhl  paket "):
        assert meaning_of("Pick-up successful", carrier=name).milestone is IN
    assert meaning_of("", carrier="FedEx", code="ZU").milestone is UNKNOWN


# --- codes ----------------------------------------------------------------------------------------------------------

CODES = {
    "dhl": {
        LABEL: ["VA", "AN"],
        IN: ["ES", "AE"],
        TRANSIT: ["AA", "NB", "ZO"],
        DEPOT: ["EE"],
        OUT: ["PO"],
        HELD: ["ZF"],
        DELIVERED: ["ZU"],
        EXCEPTION: ["ZN", "BV"],
        NOTHING: ["DD", "GT"],
    },
    "hermes": {
        LABEL: ["ANNOUNCED", "PREANNOUNCED", "ORDER_INFO_RECEIVED", "ATG_OUT_OF_WAREHOUSE", "0000", "1000"],
        IN: [
            "PARCELSHOP_DROP_OFF", "HANDED_OVER", "HANDED_OVER_TO_HERMES", "TAKEN_OVER_BY_HERMES", "PICKED_UP",
            "SHIPMENT_PICKED_UP", "PARCELSHOP_COLLECTED_BY_DRIVER", "2400",
        ],
        TRANSIT: ["SORTED", "IN_TRANSIT", "1510", "2000"],
        DEPOT: ["ARRIVED_IN_DESTINATION_REGION", "ARRIVED_AT_DEPOT", "ARRIVED_AT_DELIVERY_DEPOT"],
        OUT: ["DELIVERY_TOUR_STARTED", "OUT_FOR_DELIVERY", "NEXT_STOP", "3000"],
        HELD: ["PARCELSHOP_ITEMS_FOR_COLLECTION", "READY_FOR_COLLECTION", "READY_FOR_PICKUP", "3410", "5000"],
        DELIVERED: [
            "DELIVERED", "DELIVERED_HOMEDELIVERY", "DELIVERED_NEIGHBOUR", "DELIVERED_DROPOFF", "DELIVERED_MAILBOX",
            "DELIVERED_PARCELBOX", "DELIVERED_PARCELSHOP", "PICKED_UP_BY_RECIPIENT", "COLLECTED",
            "3500", "3510", "3511", "3520", "3530",
        ],
        RETURNING: ["RETURN", "RETURN_TO_SENDER"],
        RETURNED: ["RETURN_DELIVERED_TO_SENDER", "RETOURE_DELIVERED", "7500"],
        EXCEPTION: ["DELIVERY_FAILED", "NOT_DELIVERABLE", "UNKNOWN_WHEREABOUTS", "4000", "4500", "6000", "7000"],
        NOTHING: ["EDL_BOOKED_DROPOFF"],
    },
    "dpd": {
        LABEL: ["ACCEPTED"],
        IN: ["PARCEL_HANDED", "PickedUp"],
        TRANSIT: ["IN_TRANSIT", "ON_THE_ROAD", "BetweenDepots"],
        DEPOT: ["AT_DELIVERY_CENTER", "AT_DELIVERY_DEPOT", "Depot", "ReturningFromDelivery"],
        OUT: ["PARCEL_OUT_FOR_DELIVERY", "OUT_FOR_DELIVERY", "Courier"],
        HELD: ["ParcelShop"],
        DELIVERED: ["DELIVERED"],
        EXCEPTION: ["UNSUCCESSFUL_DELIVERY_ATTEMPT", "DeliveryFailure"],
        RETURNING: ["RETURN_TO_SENDER"],
    },
    "gls": {
        LABEL: ["PREADVICE", "PLANNEDPICKUP", "INPICKUP", "NOTPICKEDUP", "INTIAL.PREADVICE", "INTIAL.E48_DATA"],
        IN: ["INTIAL.NORMAL"],
        TRANSIT: ["INTRANSIT"],
        DEPOT: ["INWAREHOUSE"],
        OUT: ["INDELIVERY"],
        HELD: ["DELIVEREDPS", "DELIVD.PARCELSHOP"],
        DELIVERED: ["DELIVERED", "FINAL"],
        EXCEPTION: ["NOTDELIVERED", "CANCELED", "CANCELLED"],
        RETURNING: ["RETURNED"],
    },
    "ups": {
        LABEL: ["MP", "ManifestUpload"],
        IN: ["XD", "OR", "PU", "FirstUPSPossession", "ZO"],
        TRANSIT: ["AR", "DP", "DS", "InTransit"],
        OUT: ["OF", "OT", "OutForDelivery"],
        HELD: ["2Q", "ZP"],
        DELIVERED: ["FS", "KB", "9E", "2W", "Delivered"],
        EXCEPTION: ["48", "G3", "5R", "Exception"],
        RETURNING: ["RS", "RT"],
    },
    "deutsche_post": {
        LABEL: ["ANNOUNCED"],
        IN: ["POSTED"],
        TRANSIT: ["PASSED_LETTER_CENTER", "REDIRECTED"],
        OUT: ["IN_DELIVERY"],
        HELD: ["NOTIFIED_PO_BOX", "NOTIFIED_PACKSTATION"],
        DELIVERED: ["DELIVERED", "FETCHED", "FETCHED_NOTIFIED", "FETCHED_PACKSTATION", "DELIVERED_PO_BOX"],
        EXCEPTION: ["NOTIFIED", "UNDELIVERABLE", "MARBURG"],
        RETURNING: ["SENT_BACK"],
        RETURNED: ["RETURNED_TO_SENDER"],
        NOTHING: ["NO_INFO", "AMBIGUOUS", "POSTED_WRONG_DATE", "INITIATED"],
    },
}  # fmt: skip
LISTED = [
    (carrier, code, milestone)
    for carrier, groups in CODES.items()
    for milestone, codes in groups.items()
    for code in codes
]


@every(("carrier", "code", "milestone"), LISTED, ids=[f"{carrier} {code}" for carrier, code, _ in LISTED])
def test_a_code_means_what_its_source_says(carrier: str, code: str, milestone: Milestone | None) -> None:
    found = meaning_of(carrier=carrier, code=code)
    assert (found.milestone if found.is_event else None) is milestone
    assert meaning_of(carrier=carrier, code=f" {code.lower()} ") == found


@every("carrier", sorted(tables()))
def test_no_code_of_a_table_goes_without_a_test(carrier: str) -> None:
    told = {code.casefold() for _, codes in CODES.get(carrier, {}).items() for code in codes}
    assert set(tables()[carrier].codes) == told


@every(
    ("carrier", "code", "confidence"),
    [
        ("dhl", "ZU", CERTAIN),
        ("dhl", "EE", LIKELY),
        ("dhl", "PO", LIKELY),
        ("dhl", "NB", UNSURE),
        ("hermes", "ARRIVED_AT_DEPOT", LIKELY),
        ("hermes", "RETURN_TO_SENDER", LIKELY),
        ("hermes", "RETOURE_DELIVERED", LIKELY),
        ("dpd", "ReturningFromDelivery", LIKELY),
        ("gls", "DELIVEREDPS", CERTAIN),
        ("gls", "FINAL", UNSURE),
    ],
)
def test_what_is_concluded_is_likely_at_most_and_what_is_disputed_unsure(
    carrier: str, code: str, confidence: Confidence
) -> None:
    assert meaning_of(carrier=carrier, code=code).confidence is confidence


def test_dropped_off_at_the_shop_is_told_from_fetched_there() -> None:
    assert meaning_of(carrier="hermes", code="PARCELSHOP_DROP_OFF").at_shop
    assert not meaning_of(carrier="hermes", code="PARCELSHOP_COLLECTED_BY_DRIVER").at_shop


@pytest.mark.parametrize(
    ("state", "milestone", "confidence"),
    [
        ("pre-transit", LABEL, LIKELY),
        ("transit", TRANSIT, UNSURE),
        ("delivered", DELIVERED, LIKELY),
        ("failure", EXCEPTION, LIKELY),
        ("unknown", UNKNOWN, UNSURE),
    ],
)
def test_a_coarse_state_alone_says_little(state: str, milestone: Milestone, confidence: Confidence) -> None:
    """`transit` may be on the vehicle, and on its way back."""
    found = meaning_of(carrier="dhl", state=state)
    assert (found.milestone, found.confidence) == (milestone, confidence)


def test_a_fine_code_comes_before_a_coarse_state_and_words_before_both() -> None:
    assert meaning_of(carrier="dhl", code="PO", state="transit").milestone is OUT
    found = meaning_of(
        "Die Sendung wird für die Verladung ins Zustellfahrzeug vorbereitet.",
        carrier="dhl",
        code="PO",
        state="transit",
    )
    assert (found.milestone, found.confidence) == (DEPOT, LIKELY)


def test_words_and_code_that_agree_are_as_sure_as_the_surer() -> None:
    found = meaning_of("Die Sendung wurde abgeholt.", carrier="dhl", code="AE")
    assert (found.milestone, found.confidence) == (IN, CERTAIN)


def test_a_forecast_leaves_it_to_the_code() -> None:
    words = "Die Sendung wird voraussichtlich heute zugestellt."
    assert meaning_of(words, carrier="dhl", code="EE").milestone is DEPOT
    assert not meaning_of(words, carrier="dhl", code="DD").is_event
    assert not meaning_of(words, carrier="dhl").is_event


@every(
    ("words", "milestone", "confidence"),
    [
        ("Die Sendung wurde erfolgreich zugestellt.", RETURNED, CERTAIN),
        ("Die Sendung wurde in das Zustellfahrzeug geladen.", RETURNING, LIKELY),
        ("Die Sendung wurde elektronisch angekündigt.", RETURNING, LIKELY),
        ("Rücksendung eingeleitet", RETURNING, CERTAIN),
        ("ganz andere Worte", RETURNING, LIKELY),
        ("", RETURNING, LIKELY),
    ],
)
def test_what_is_marked_as_a_return_is_on_its_way_back_and_a_delivery_is_its_end(
    words: str, milestone: Milestone, confidence: Confidence
) -> None:
    found = meaning_of(words, carrier="dhl", is_return=True)
    assert (found.milestone, found.confidence) == (milestone, confidence)


# --- the tables -----------------------------------------------------------------------------------------------------

ENTRIES = [entry for table in tables().values() for entry, _ in table.entries]


def test_there_is_a_table_for_every_carrier_and_one_for_all() -> None:
    assert set(tables()) == {"deutsche_post", "dhl", "dpd", "gls", "hermes", "other", "ups"}


@every("entry", ENTRIES, ids=lambda entry: f"{entry.carrier}-{entry.milestone}-{entry.fact.source[:20]}")
def test_every_entry_has_a_source_a_date_and_a_confidence(entry: Entry) -> None:
    assert entry.fact.source.strip()
    assert date(2026, 1, 1) <= entry.fact.seen <= date.today()  # noqa: DTZ011 - a calendar day, not a moment
    assert entry.fact.confidence in Grade
    assert not entry.at_shop or entry.milestone is IN


def test_no_words_are_listed_twice_for_different_things() -> None:
    meant: dict[tuple[str, str], set[Milestone | None]] = {}
    for table in tables().values():
        for entry, words in table.entries:
            for each in words:
                meant.setdefault((table.carrier, folded(each)), set()).add(entry.milestone)
    assert {each: found for each, found in meant.items() if len(found) > 1} == {}


# --- anything at all ------------------------------------------------------------------------------------------------

PIECES = st.sampled_from(
    [each.words for each in EVERYTHING]
    + [
        "nicht",
        "und",
        "wird",
        "voraussichtlich",
        ".",
        "? ",
        "…",
        "\x1b[31m",
        "\u202e",
        "Str. ",
        "ß",
        "falls",
        "\n",
    ]
)


@pytest.mark.slow
@settings(max_examples=150, deadline=None, derandomize=True)
@given(
    st.lists(PIECES | st.text(max_size=20), max_size=8).map(" ".join),
    st.sampled_from([None, *sorted(tables()), "x"]),
)
def test_nothing_that_is_said_makes_the_reader_fail(words: str, carrier: str | None) -> None:
    found = meaning_of(words, carrier=carrier)
    assert found.confidence in Confidence
    if found.milestone is UNKNOWN:
        assert found.confidence is UNSURE


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.text(max_size=30), st.text(max_size=30), st.booleans())
def test_no_code_makes_the_reader_fail(code: str, state: str, is_return: bool) -> None:  # noqa: FBT001
    for carrier in tables():
        meaning_of(code, carrier=carrier, code=code, state=state, is_return=is_return)
