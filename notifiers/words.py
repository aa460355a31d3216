"""What this package says to the user, in German and English.

A table, and therefore longer than other modules' code. A channel of its own file may keep its phrases there.
"""

from dataclasses import dataclass
from typing import Literal

Language = Literal["de", "en"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """One sentence in every language, with ``{places}`` for values."""

    de: str
    en: str

    def said(self, language: Language, **values: object) -> str:
        """The sentence with its values; a value's own braces are left alone."""
        return (self.de if language == "de" else self.en).format(**values)


REPEAT = Phrase(
    de="Diese Nachricht kann doppelt ankommen.",
    en="This message may arrive twice.",
)

# --- secrets ---------------------------------------------------------------------------------------------

SECRET_NO_REFERENCE = Phrase(
    de="Hier gehört ein Verweis auf das Passwort hin, nicht das Passwort selbst.",
    en="A reference to the password belongs here, not the password itself.",
)
SECRET_FORMS = Phrase(
    de="Schreibe env:NAME (Umgebungsvariable), file:/pfad/zur/datei oder keyring:dienst/benutzer.",
    en="Write env:NAME (environment variable), file:/path/to/file or keyring:service/user.",
)
SECRET_EMPTY = Phrase(
    de="Das Passwort hinter {reference} ist leer.", en="The password behind {reference} is empty."
)
SECRET_FILL = Phrase(de="Trage es dort ein.", en="Enter it there.")
SECRET_ENV_UNSET = Phrase(
    de="Die Umgebungsvariable {name} ist nicht gesetzt.",
    en="The environment variable {name} is not set.",
)
SECRET_ENV_SET = Phrase(
    de="Setze sie dort, wo das Programm gestartet wird (bei einem Dienst: in seiner Umgebung).",
    en="Set it where the program is started (for a service: in its environment).",
)
SECRET_FILE_OPEN = Phrase(
    de="Die Passwortdatei {path} können auch andere Benutzer lesen.",
    en="Other users can read the password file {path}, too.",
)
SECRET_FILE_CHMOD = Phrase(de="Führe aus: chmod 600 {quoted}", en="Run: chmod 600 {quoted}")
SECRET_FILE_UNREADABLE = Phrase(
    de="Die Passwortdatei {path} lässt sich nicht lesen: {reason}.",
    en="The password file {path} cannot be read: {reason}.",
)
SECRET_FILE_NOT_TEXT = Phrase(
    de="Die Passwortdatei {path} ist kein Text in UTF-8.",
    en="The password file {path} is not text in UTF-8.",
)
SECRET_FILE_MAKE = Phrase(
    de="Lege eine Textdatei an, die nur das Passwort enthält und nur von dir gelesen werden kann.",
    en="Make a text file that holds nothing but the password and that only you can read.",
)
SECRET_KEYRING_MISSING = Phrase(
    de="Für keyring: fehlt das Python-Paket keyring.",
    en="For keyring: the Python package keyring is missing.",
)
SECRET_KEYRING_INSTALL = Phrase(
    de='Installiere es mit: pip install "stornowacht[keyring]" oder nimm env: oder file:.',
    en='Install it with: pip install "stornowacht[keyring]" or use env: or file:.',
)
SECRET_KEYRING_FAILED = Phrase(
    de="Der Schlüsselbund gibt {entry} nicht heraus: {reason}.",
    en="The keyring does not give out {entry}: {reason}.",
)
SECRET_KEYRING_UNLOCK = Phrase(
    de="Entsperre ihn in deiner Sitzung; auf einem Rechner ohne Oberfläche nimm file: oder env:.",
    en="Unlock it in your session; on a machine without a desktop use file: or env:.",
)
SECRET_KEYRING_UNSET = Phrase(
    de="Im Schlüsselbund steht nichts unter {entry}.",
    en="The keyring holds nothing under {entry}.",
)
SECRET_KEYRING_SET = Phrase(
    de="Führe aus: keyring set {service} {user}", en="Run: keyring set {service} {user}"
)

# --- e-mail: settings ------------------------------------------------------------------------------------

MAIL_ADDRESS = Phrase(
    de="„{address}“ ist keine E-Mail-Adresse.",
    en="“{address}” is not an e-mail address.",
)
MAIL_DOMAIN = Phrase(
    de="Die Domain „{domain}“ ist nicht eindeutig; schreibe sie in der Form mit xn--.",
    en="The domain “{domain}” is ambiguous; write it in its form with xn--.",
)
MAIL_NO_PLACE = Phrase(
    de="Es fehlt der Postausgang: setze preset (einer von: {presets}) oder host.",
    en="The outgoing server is missing: set preset (one of: {presets}) or host.",
)
MAIL_TWO_PLACES = Phrase(
    de="preset und host schließen einander aus: streiche eines von beiden.",
    en="preset and host exclude each other: remove one of them.",
)
MAIL_PRESET = Phrase(
    de="Den Anbieter „{preset}“ kenne ich nicht; bekannt: {presets}. Sonst setze host.",
    en="I do not know the provider “{preset}”; known: {presets}. Otherwise set host.",
)
MAIL_OPEN = Phrase(
    de='security = "none" geht nur zu diesem Rechner selbst (localhost, 127.0.0.1, ::1): über „{host}“ könnte '
    'jeder unterwegs mitlesen, auch das Passwort. Nimm "starttls" oder "ssl".',
    en='security = "none" is only for this machine itself (localhost, 127.0.0.1, ::1): on the way to “{host}” '
    'anyone could read along, the password included. Use "starttls" or "ssl".',
)
MAIL_LOGIN_HALF = Phrase(
    de="username und password gehören zusammen: es fehlt {missing}.",
    en="username and password belong together: {missing} is missing.",
)
MAIL_SENDER = Phrase(
    de="Es fehlt sender: aus username lässt sich keine Absenderadresse ableiten.",
    en="sender is missing: username does not tell the sender's address.",
)

# --- e-mail: delivery ------------------------------------------------------------------------------------

MAIL_UNKNOWN_HOST = Phrase(
    de="Den Mailserver {server} gibt es nicht, oder das Netz ist weg.",
    en="The mail server {server} does not exist, or the network is down.",
)
MAIL_UNREACHABLE = Phrase(
    de="Der Mailserver {server} ist nicht zu erreichen: {reason}.",
    en="The mail server {server} cannot be reached: {reason}.",
)
MAIL_CHECK_PLACE = Phrase(
    de="Prüfe die Internetverbindung und ob host und port stimmen.",
    en="Check the internet connection, and whether host and port are right.",
)
MAIL_TIMEOUT = Phrase(
    de="Der Mailserver {server} antwortet nicht (gewartet: {seconds:g} s).",
    en="The mail server {server} does not answer (waited {seconds:g} s).",
)
MAIL_DROPPED = Phrase(
    de="Der Mailserver {server} hat die Verbindung mittendrin abgebrochen.",
    en="The mail server {server} dropped the connection midway.",
)
MAIL_AGAIN = Phrase(
    de="Du musst nichts tun: es wird wieder versucht. Bleibt es dabei, prüfe host, port und security.",
    en="There is nothing to do: it will be tried again. If it stays so, check host, port and security.",
)
MAIL_CERTIFICATE = Phrase(
    de="Der Mailserver {server} weist sich nicht gültig aus: {reason}.",
    en="The mail server {server} does not identify itself properly: {reason}.",
)
MAIL_CERTIFICATE_ADVICE = Phrase(
    de="Prüfe host und die Uhr dieses Rechners. Bei einem eigenen Server zeige mit ca_file auf seine "
    "Zertifizierungsstelle. Es wurde nichts gesendet, auch kein Passwort.",
    en="Check host and this machine's clock. For a server of your own point ca_file to its certificate "
    "authority. Nothing was sent, nor any password.",
)
MAIL_CA_FILE = Phrase(
    de="Die Datei ca_file = {path} lässt sich nicht verwenden: {reason}.",
    en="The file ca_file = {path} cannot be used: {reason}.",
)
MAIL_CA_FILE_ADVICE = Phrase(
    de="Zeige mit ca_file auf eine lesbare Datei mit Zertifikaten im PEM-Format, oder lass es weg.",
    en="Point ca_file to a readable file of certificates in PEM form, or leave it out.",
)
MAIL_NO_TLS = Phrase(
    de="Mit dem Mailserver {server} kommt keine Verschlüsselung zustande: {reason}.",
    en="No encryption can be agreed with the mail server {server}: {reason}.",
)
MAIL_NO_TLS_ADVICE = Phrase(
    de='Prüfe port und security: zu 465 gehört "ssl", zu 587 gehört "starttls".',
    en='Check port and security: "ssl" belongs to 465, "starttls" to 587.',
)
MAIL_LOGIN = Phrase(
    de="Der Mailserver {server} lehnt die Anmeldung von {username} ab: {reply}",
    en="The mail server {server} refuses the login of {username}: {reply}",
)
MAIL_LOGIN_ADVICE = Phrase(
    de="Prüfe username und das Passwort. Viele Anbieter verlangen ein eigenes App-Passwort und dass der Zugang für "
    "Mailprogramme eingeschaltet ist.",
    en="Check username and the password. Many providers want an app password of its own, and access for mail "
    "programs switched on.",
)
MAIL_NO_LOGIN = Phrase(
    de="Der Mailserver {server} bietet keine Anmeldung mit Passwort an.",
    en="The mail server {server} offers no login with a password.",
)
MAIL_REPLY = Phrase(
    de="Der Mailserver {server} lehnt ab: {reply}",
    en="The mail server {server} refuses: {reply}",
)
MAIL_RECIPIENTS = Phrase(
    de="Der Mailserver {server} nimmt nichts an für {refused}",
    en="The mail server {server} accepts nothing for {refused}",
)
MAIL_OTHERS_REACHED = Phrase(
    de=" (angenommen für {accepted})",
    en=" (accepted for {accepted})",
)
MAIL_REFUSED_TOO = Phrase(de="nicht angenommen für {refused}", en="not accepted for {refused}")
MAIL_RECIPIENTS_ADVICE = Phrase(
    de="Prüfe die Adresse unter to und ob in dem Postfach noch Platz ist.",
    en="Check the address under to, and whether that mailbox has room.",
)
MAIL_REPLY_ADVICE = Phrase(
    de="Prüfe sender und ob dein Konto beim Anbieter senden darf; die Antwort des Servers sagt den Grund.",
    en="Check sender, and whether your account may send; the server's reply tells the reason.",
)
MAIL_NO_UNICODE = Phrase(
    de="Der Mailserver {server} kann keine Adressen mit Umlauten vor dem @: {addresses}.",
    en="The mail server {server} cannot handle addresses with such letters before the @: {addresses}.",
)
MAIL_NO_UNICODE_ADVICE = Phrase(
    de="Nimm eine Adresse ohne Umlaute.",
    en="Use an address of plain letters.",
)

# --- desktop ---------------------------------------------------------------------------------------------

DESKTOP_NO_BUS = Phrase(
    de="Hier läuft keine Desktop-Sitzung: DBUS_SESSION_BUS_ADDRESS ist nicht gesetzt.",
    en="No desktop session runs here: DBUS_SESSION_BUS_ADDRESS is not set.",
)
DESKTOP_NO_BUS_ADVICE = Phrase(
    de="Starte das Programm in deiner Desktop-Sitzung oder als Benutzerdienst. Auf einem Rechner ohne Oberfläche "
    "streiche [notify.desktop].",
    en="Start the program within your desktop session or as a user service. On a machine without a desktop remove "
    "[notify.desktop].",
)
DESKTOP_NO_SERVICE = Phrase(
    de="Der Dienst für Benachrichtigungen antwortet nicht: {reason}.",
    en="The notification service does not answer: {reason}.",
)
DESKTOP_NO_SERVICE_ADVICE = Phrase(
    de="Die Oberfläche bringt ihn meist mit; sonst installiere zum Beispiel notification-daemon oder dunst.",
    en="The desktop usually brings one along; otherwise install notification-daemon or dunst, for example.",
)
DESKTOP_REFUSED = Phrase(
    de="Der Desktop hat die Benachrichtigung nicht angenommen.",
    en="The desktop did not take the notification.",
)
DESKTOP_UNCONFIRMED = Phrase(
    de="Der Desktop hat die Benachrichtigung nicht bestätigt (gewartet: {seconds:g} s).",
    en="The desktop did not confirm the notification (waited {seconds:g} s).",
)
DESKTOP_UNCONFIRMED_ADVICE = Phrase(
    de="Sieh nach, ob Benachrichtigungen für dieses Programm erlaubt sind.",
    en="See whether notifications are allowed for this program.",
)
DESKTOP_UNABLE = Phrase(
    de="Mit diesem Python lassen sich hier keine Benachrichtigungen zeigen.",
    en="This Python cannot show notifications here.",
)
DESKTOP_UNABLE_ADVICE = Phrase(
    de="Auf dem Mac geht das nur mit einem Python aus einem signierten App-Paket (etwa von python.org). Sonst nimm "
    "einen anderen Kanal.",
    en="On a Mac this needs a Python from a signed app bundle (such as that of python.org). Otherwise use another "
    "channel.",
)
