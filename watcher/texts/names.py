"""What stages, kinds and outcomes are called, and how money and moments are written, in each language.

Nothing here depends on the machine's locale.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from watcher.domain.alert import AlertKind
from watcher.domain.case import Ending
from watcher.domain.confidence import Confidence
from watcher.domain.money import CostKind, MoneyState, Payer
from watcher.domain.outcome import Cause, Outcome
from watcher.domain.parcel import Milestone, Origin
from watcher.domain.reason import CancelReason
from watcher.domain.stage import Stage
from watcher.domain.step import Because, CaseKind
from watcher.texts.language import Language

BERLIN = ZoneInfo("Europe/Berlin")

_STAGES: Mapping[Stage, tuple[str, str]] = {
    Stage.REQUESTED: ("angefragt", "requested"),
    Stage.AWAITING_PAYMENT: ("Zahlung ausstehend", "awaiting payment"),
    Stage.PAID: ("bezahlt", "paid"),
    Stage.SHIPPED: ("verschickt", "shipped"),
    Stage.DELIVERED: ("zugestellt", "delivered"),
    Stage.RECEIVED: ("Erhalt bestätigt", "receipt confirmed"),
    Stage.PAID_OUT: ("ausgezahlt", "paid out"),
    Stage.DECLINED: ("abgelehnt", "declined"),
    Stage.EXPIRED: ("abgelaufen", "expired"),
    Stage.CANCELLED: ("storniert", "cancelled"),
    Stage.REFUNDED: ("erstattet", "refunded"),
    Stage.DISPUTED: ("Problem gemeldet", "problem reported"),
    Stage.UNKNOWN: ("nicht verstanden", "not understood"),
}
_KINDS: Mapping[CaseKind, tuple[str, str]] = {
    CaseKind.BEFORE_SHIPMENT: ("storniert vor dem Versand", "cancelled before shipping"),
    CaseKind.IN_TRANSIT: ("storniert, Paket unterwegs", "cancelled, parcel on its way"),
    CaseKind.AFTER_DELIVERY: ("storniert nach der Zustellung", "cancelled after delivery"),
    CaseKind.UNCLEAR: ("storniert, Verbleib der Ware unklar", "cancelled, goods unaccounted for"),
    CaseKind.DISPUTED: ("Problem gemeldet", "problem reported"),
}
_GOODS: Mapping[CaseKind, tuple[str, str]] = {
    CaseKind.BEFORE_SHIPMENT: ("noch bei dir", "still with you"),
    CaseKind.IN_TRANSIT: ("unterwegs zum Käufer", "on its way to the buyer"),
    CaseKind.AFTER_DELIVERY: ("beim Käufer", "with the buyer"),
    CaseKind.UNCLEAR: ("nicht bekannt, wo", "whereabouts not known"),
    CaseKind.DISPUTED: ("vermutlich beim Käufer", "presumably with the buyer"),
}
_OUTCOMES: Mapping[Outcome, tuple[str, str]] = {
    Outcome.OK: ("gelesen", "read"),
    Outcome.PARTIAL: ("nur zum Teil gelesen", "read in part only"),
    Outcome.LOGGED_OUT: ("abgemeldet", "logged out"),
    Outcome.CONSENT: ("Einwilligung gefragt", "consent asked for"),
    Outcome.CHALLENGE: ("Sicherheitsabfrage", "security check"),
    Outcome.BLOCKED: ("Zugriff verweigert", "access refused"),
    Outcome.UNREACHABLE: ("nicht erreichbar", "not reachable"),
    Outcome.UNREADABLE: ("Seite nicht verstanden", "page not understood"),
}
_CAUSES: Mapping[Cause, tuple[str, str]] = {
    Cause.DNS: ("Adresse der Seite nicht gefunden (DNS)", "the site's address was not found (DNS)"),
    Cause.TLS: ("keine sichere Verbindung (TLS)", "no secure connection (TLS)"),
    Cause.TIMEOUT: ("Antwort kam nicht rechtzeitig", "no answer in time"),
    Cause.REFUSED: ("Verbindung abgelehnt", "connection refused"),
    Cause.RESET: ("Verbindung abgerissen", "connection broken off"),
    Cause.OFFLINE: ("kein Internet auf diesem Rechner", "this machine is offline"),
    Cause.REDIRECTS: ("Seite leitet im Kreis weiter", "the site redirects in circles"),
    Cause.TOO_LARGE: ("Antwort nahm kein Ende", "the answer did not come to an end"),
    Cause.SERVER_ERROR: ("Störung bei Kleinanzeigen", "an outage at Kleinanzeigen"),
    Cause.NO_ANSWER: ("keine Antwort", "no answer"),
    Cause.CHECK_FAILED: ("Prüfung kam nicht zustande", "the check could not be made"),
    Cause.TOOK_TOO_LONG: ("Prüfung hing und wurde beendet", "the check hung and was ended"),
    Cause.TOO_MUCH_MEMORY: ("Browser brauchte zu viel Arbeitsspeicher", "the browser took too much memory"),
    Cause.TOO_MANY_REQUESTS: ("zu viele Aufrufe, sagt die Seite", "too many requests, says the site"),
    Cause.FORBIDDEN: ("Seite verweigert den Zugriff", "the site refuses access"),
    Cause.IP_BLOCK: ("Internetanschluss gesperrt", "your internet connection is blocked"),
    Cause.CAPTCHA: ("Bilderrätsel (Captcha)", "a puzzle (captcha)"),
    Cause.CODE: ("Code per SMS oder Mail verlangt", "a code by text message or mail is asked for"),
    Cause.LOGIN_PAGE: ("Anmeldeseite statt deiner Seiten", "the login page instead of your pages"),
    Cause.NO_MARKER: ("Seite zeigt dich nicht als angemeldet", "the page does not show you as logged in"),
    Cause.GATEWAY_REFUSED: ("Anmeldung abgelaufen", "the login has run out"),
    Cause.CONSENT_PAGE: ("Einwilligungsseite davor", "a consent page is in the way"),
    Cause.CONSENT_BANNER: ("Einwilligungsfenster davor", "a consent banner is in the way"),
    Cause.NOT_UNDERSTOOD: ("Seite nicht verstanden", "page not understood"),
    Cause.BUDGET_SPENT: ("Seitenaufrufe für heute verbraucht", "today's page loads are used up"),
}
_ALERTS: Mapping[AlertKind, tuple[str, str]] = {
    AlertKind.CASE_OPENED: ("Stornierung oder Problem", "cancellation or problem"),
    AlertKind.CASE_REMINDER: ("Erinnerung an einen offenen Fall", "reminder of an open case"),
    AlertKind.REMINDERS_STOP: ("keine Erinnerungen mehr", "no more reminders"),
    AlertKind.ASK_BACK: ("Nachfrage, ob es erledigt ist", "question whether it is done"),
    AlertKind.DIGEST: ("verspätete Meldungen", "late messages"),
    AlertKind.REFUND_SEEN: ("Erstattung gesehen", "refund seen"),
    AlertKind.ORDER_UNKNOWN: ("nicht verstandener Verkauf", "sale not understood"),
    AlertKind.ORDER_MISSING: ("Verkauf nicht mehr in der Liste", "sale no longer in the list"),
    AlertKind.ORDER_REINSTATED: ("Stornierung nicht mehr zu sehen", "cancellation no longer shown"),
    AlertKind.ACCOUNT_TROUBLE: ("Konto wird nicht überwacht", "account is not being watched"),
    AlertKind.ACCOUNT_RECOVERED: ("Konto wieder lesbar", "account readable again"),
    AlertKind.ACCOUNT_UNVERIFIED: ("Konto seit Längerem ungeprüft", "account not verified for a while"),
    AlertKind.SESSION_ENDING: ("Anmeldung läuft bald ab", "login ends soon"),
    AlertKind.PAGE_WORDS: ("auffällige Worte auf einer Seite", "alarming words on a page"),
    AlertKind.MAIL_SUSPICIOUS: ("verdächtige Mail", "suspicious mail"),
    AlertKind.MAILBOX_TROUBLE: ("Postfach wird nicht beobachtet", "mailbox is not watched"),
    AlertKind.KEY_REFUSED: ("Schlüssel für die Sendungsverfolgung abgelehnt", "tracking key refused"),
    AlertKind.BUDGET_SPENT: ("Seitenaufrufe für heute verbraucht", "today's page loads used up"),
    AlertKind.CASE_CLOSED: ("Fall zu Ende", "case ended"),
    AlertKind.STEP_DUE: ("Schritt fällig", "step due"),
    AlertKind.PAYOUT_OVERDUE: ("Auszahlung oder Bestätigung überfällig", "pay-out or confirmation overdue"),
    AlertKind.NIGHT_WATCH: ("Paket entscheidet sich heute Nacht", "parcel decided tonight"),
    AlertKind.HAND_IN_SOON: ("bezahlte Verkäufe warten aufs Abgeben", "paid sales wait to be handed in"),
    AlertKind.SHIP_BY_NEAR: ("Paket sollte bald los", "parcel should leave soon"),
    AlertKind.SHIP_BY_OVER: ("Paket sollte schon weg sein", "parcel should have left"),
    AlertKind.QUESTIONS_WAIT: ("Fragen warten auf Antwort", "questions wait for an answer"),
    AlertKind.SIGNS_SEEN: ("einen zweiten Blick wert", "worth a second look"),
    AlertKind.CHANNEL_DEAD: ("ein Weg zu dir ist tot", "a channel is dead"),
    AlertKind.CHANNEL_BACK: ("ein Weg zu dir geht wieder", "a channel works again"),
    AlertKind.SUMMARY: ("Überblick", "summary"),
    AlertKind.FORGET_SOON: ("Löschung alter Verkäufe", "old sales about to be erased"),
    AlertKind.NOT_WATCHED: ("eine Zeit lang nicht nachgesehen", "nobody watched for a while"),
    AlertKind.KEEPS_FAILING: ("etwas scheitert immer wieder", "something fails again and again"),
    AlertKind.WORKS_AGAIN: ("läuft wieder", "works again"),
    AlertKind.CONFIG_REFUSED: ("Fehler in der Konfiguration", "mistakes in the config"),
    AlertKind.STAMPS_MISSING: ("Zeitstempel bleiben aus", "time stamps stay away"),
    AlertKind.TEST: ("Probe", "test"),
}
_CONFIDENCES: Mapping[Confidence, tuple[str, str]] = {
    Confidence.CERTAIN: ("sicher", "certain"),
    Confidence.LIKELY: ("wahrscheinlich", "likely"),
    Confidence.UNSURE: ("unsicher", "unsure"),
}
_MILESTONES: Mapping[str, tuple[str, str]] = {
    "handed_in": ("bis es abgegeben ist", "until it is handed in"),
    "in_transit": ("bis der Fahrer es mitnimmt", "until the driver takes it along"),
    "at_depot": ("bis es im Zieldepot ist", "until it reaches the last depot"),
    "out_for_delivery": ("bis es ins Zustellfahrzeug geladen ist", "until it is loaded for delivery"),
    "delivered": ("bis es zugestellt ist", "until it is delivered"),
}
_PARCEL: Mapping[Milestone, tuple[str, str]] = {
    Milestone.LABEL_CREATED: ("angekündigt, noch nicht abgegeben", "announced, not handed in yet"),
    Milestone.HANDED_IN: ("abgegeben", "handed in"),
    Milestone.IN_TRANSIT: ("unterwegs", "on its way"),
    Milestone.AT_DEPOT: ("im Zieldepot, wird bald verladen", "at the last depot, to be loaded soon"),
    Milestone.OUT_FOR_DELIVERY: ("im Zustellfahrzeug", "in the delivery vehicle"),
    Milestone.HELD_AT_PICKUP: ("wartet auf Abholung", "waits to be collected"),
    Milestone.DELIVERED: ("zugestellt", "delivered"),
    Milestone.RETURNING: ("auf dem Rückweg zu dir", "on its way back to you"),
    Milestone.RETURNED: ("wieder bei dir", "back with you"),
    Milestone.EXCEPTION: ("Störung bei der Zustellung", "trouble with the delivery"),
    Milestone.UNKNOWN: ("nicht bekannt, wo", "whereabouts not known"),
}
_ORIGINS: Mapping[Origin, tuple[str, str]] = {
    Origin.PAGE: ("Seite des Kaufs", "the order's page"),
    Origin.PASTE: ("von dir eingefügt", "pasted by you"),
    Origin.MAIL: ("Mail des Paketdienstes", "the carrier's mail"),
    Origin.API: ("Paketdienst", "the carrier"),
    Origin.SELLER: ("von dir", "you"),
}
_REASONS: Mapping[CancelReason, tuple[str, str]] = {
    CancelReason.FOUND_CHEAPER: ("woanders günstiger gefunden", "found it cheaper elsewhere"),
    CancelReason.SECOND_THOUGHTS: ("anders überlegt", "second thoughts"),
    CancelReason.DESCRIPTION: ("Beschreibung oder Fotos", "description or photos"),
    CancelReason.SHIPPING_COST: ("Versandkosten", "shipping cost"),
    CancelReason.SLOW_SHIPPING: ("Versand dauerte zu lange", "slow shipping"),
    CancelReason.SLOW_ANSWERS: ("Antworten dauerten zu lange", "slow answers"),
    CancelReason.EMERGENCY: ("Notfall", "emergency"),
    CancelReason.SEEMS_FRAUDULENT: ("wirkt wie ein Betrugsversuch", "looks like an attempt to deceive"),
    CancelReason.NONE_GIVEN: ("keiner genannt", "none given"),
    CancelReason.OTHER: ("ein anderer", "another one"),
}
_BECAUSE: Mapping[Because, tuple[str, str]] = {
    Because.DELIVERED: ("das Paket wurde inzwischen zugestellt", "the parcel was delivered meanwhile"),
    Because.LOADED: (
        "das Paket ist schon im Zustellfahrzeug",
        "the parcel is in the delivery vehicle already",
    ),
    Because.WAITS_AT_PICKUP: ("das Paket wartet auf Abholung", "the parcel waits to be collected"),
    Because.ON_ITS_WAY_BACK: ("das Paket ist auf dem Rückweg", "the parcel is on its way back"),
    Because.BACK: ("das Paket ist wieder da", "the parcel is back"),
    Because.ANSWERED: ("deine Antwort macht es überflüssig", "your answer makes it needless"),
    Because.SETTLED: ("der Fall ist zu Ende", "the case has ended"),
    Because.CLOSED: ("du hast den Fall geschlossen", "you closed the case"),
    Because.OVERTAKEN: ("es hat sich erledigt", "it is no longer needed"),
}
_ENDINGS: Mapping[Ending, tuple[str, str]] = {
    Ending.REFUNDED_GOODS_KEPT: ("erstattet, Ware bei dir", "refunded, goods with you"),
    Ending.RETURNED_AND_REFUNDED: ("Paket zurück, erstattet", "parcel back, refunded"),
    Ending.PAID_OUT: ("ausgezahlt", "paid out"),
    Ending.BY_STEPS: ("alle Schritte erledigt", "all steps done"),
    Ending.BY_SELLER: ("von dir geschlossen", "closed by you"),
}
_MONEY: Mapping[MoneyState, tuple[str, str]] = {
    MoneyState.EXPECTED: ("erwartet", "expected"),
    MoneyState.HELD: ("wird gehalten", "held"),
    MoneyState.AT_RISK: ("in Gefahr", "at risk"),
    MoneyState.GOING_BACK: ("geht an den Käufer zurück", "going back to the buyer"),
    MoneyState.RELEASED: ("ausgezahlt", "paid out"),
    MoneyState.REFUNDED: ("erstattet", "refunded"),
    MoneyState.PARTLY_REFUNDED: ("zum Teil erstattet", "refunded in part"),
    MoneyState.NONE: ("keins", "none"),
    MoneyState.UNKNOWN: ("nicht bekannt", "not known"),
}
_COSTS: Mapping[CostKind, tuple[str, str]] = {
    CostKind.INTERCEPT_FEE: ("Gebühr fürs Anhalten", "intercept fee"),
    CostKind.RETURN_POSTAGE: ("Rückporto", "return postage"),
    CostKind.POSTAGE: ("Porto", "postage"),
    CostKind.REFUND_PART: ("Teilerstattung", "partial refund"),
    CostKind.OTHER: ("Sonstiges", "other"),
}
_PAYERS: Mapping[Payer, tuple[str, str]] = {
    Payer.SELLER: ("du", "you"),
    Payer.BUYER: ("Käufer", "buyer"),
    Payer.CARRIER: ("Paketdienst", "carrier"),
    Payer.PLATFORM: ("Kleinanzeigen", "Kleinanzeigen"),
    Payer.OPEN: ("noch offen", "not settled"),
}
_DAYS: Mapping[Language, str] = {"de": "Mo. Di. Mi. Do. Fr. Sa. So.", "en": "Mon Tue Wed Thu Fri Sat Sun"}
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def stage_name(stage: Stage, *, language: Language) -> str:
    """Return what a stage is called."""
    return _in(language, _STAGES[stage])


def kind_name(kind: CaseKind, *, language: Language) -> str:
    """Return what a case kind is called."""
    return _in(language, _KINDS[kind])


def goods_name(kind: CaseKind, *, language: Language) -> str:
    """Return where the goods are."""
    return _in(language, _GOODS[kind])


def outcome_name(outcome: Outcome, *, language: Language) -> str:
    """Return how a visit ended."""
    return _in(language, _OUTCOMES[outcome])


def cause_name(cause: Cause, *, language: Language) -> str:
    """Return what exactly stood in the way."""
    return _in(language, _CAUSES[cause])


def alert_name(kind: AlertKind, *, language: Language) -> str:
    """Return what an alert is about."""
    return _in(language, _ALERTS[kind])


def confidence_name(confidence: Confidence, *, language: Language) -> str:
    """Return how sure a statement is."""
    return _in(language, _CONFIDENCES[confidence])


def milestone_name(milestone: Milestone, *, language: Language) -> str:
    """Return where a parcel is."""
    return _in(language, _PARCEL[milestone])


def origin_name(origin: Origin, *, language: Language) -> str:
    """Return who said where a parcel is."""
    return _in(language, _ORIGINS[origin])


def reason_name(reason: CancelReason, *, language: Language) -> str:
    """Return why a buyer cancelled."""
    return _in(language, _REASONS[reason])


def because_name(because: Because, *, language: Language) -> str:
    """Return why a step is no longer needed, as a clause."""
    return _in(language, _BECAUSE[because])


def ending_name(ending: Ending, *, language: Language) -> str:
    """Return how a case came to its end."""
    return _in(language, _ENDINGS[ending])


def money_name(state: MoneyState, *, language: Language) -> str:
    """Return where an order's money is."""
    return _in(language, _MONEY[state])


def cost_name(kind: CostKind, *, language: Language) -> str:
    """Return what a cost was for."""
    return _in(language, _COSTS[kind])


def payer_name(payer: Payer, *, language: Language) -> str:
    """Return who bears a cost."""
    return _in(language, _PAYERS[payer])


def until_milestone(milestone: str, *, language: Language) -> str:
    """Return until when in a parcel's life something is possible; an unknown milestone gives no words."""
    return _in(language, _MILESTONES.get(milestone, ("", "")))


def money(cents: int, *, language: Language) -> str:
    """Write an amount: `1.234,50 €` in German, `€1,234.50` in English."""
    sign, whole, rest = "-" if cents < 0 else "", abs(cents) // 100, abs(cents) % 100
    if language == "de":
        return f"{sign}{whole:,}".replace(",", ".") + f",{rest:02} €"
    return f"{sign}€{whole:,}.{rest:02}"


def clock(at: datetime, *, language: Language, tz: tzinfo = BERLIN) -> str:
    """Write the time of day: `14:05 Uhr`, `14:05`."""
    local = at.astimezone(tz)
    return f"{local:%H:%M} Uhr" if language == "de" else f"{local:%H:%M}"


def day(at: datetime, *, language: Language, tz: tzinfo = BERLIN, now: datetime | None = None) -> str:
    """Write the day: `Mo., 23.11.`, `Mon, 23 Nov`; with the year when it is another than that of `now`."""
    local = at.astimezone(tz)
    name = _DAYS[language].split()[local.weekday()]
    other_year = now is not None and now.astimezone(tz).year != local.year
    if language == "de":
        return f"{name}, {local.day}.{local.month}." + (f"{local.year}" if other_year else "")
    return f"{name}, {local.day} {_MONTHS[local.month - 1]}" + (f" {local.year}" if other_year else "")


def moment(at: datetime, *, language: Language, tz: tzinfo = BERLIN, now: datetime | None = None) -> str:
    """Write day and time: `Mo., 23.11., 14:05 Uhr`, `Mon, 23 Nov, 14:05`. Never "tomorrow": mails are read late."""
    return f"{day(at, language=language, tz=tz, now=now)}, {clock(at, language=language, tz=tz)}"


def lasting(span: timedelta, *, language: Language) -> str:
    """Write how long something has lasted, in its largest whole unit, for "seit ..." and "for ..."."""
    minutes = max(int(span.total_seconds() // 60), 0)
    if not minutes:
        return _in(language, ("weniger als einer Minute", "less than a minute"))
    amount, (one, many) = _unit(minutes, language)
    return f"{amount} {one if amount == 1 else many}"


def _unit(minutes: int, language: Language) -> tuple[int, tuple[str, str]]:
    """Hours from two hours on, days from two days on: "90 minutes" says more than "1 hour"."""
    if minutes >= 2 * 24 * 60:
        return minutes // (24 * 60), ("Tag", "Tagen") if language == "de" else ("day", "days")
    if minutes >= 2 * 60:
        return minutes // 60, ("Stunde", "Stunden") if language == "de" else ("hour", "hours")
    return minutes, ("Minute", "Minuten") if language == "de" else ("minute", "minutes")


def _in(language: Language, names: tuple[str, str]) -> str:
    return names[0] if language == "de" else names[1]
