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


def how_to_add(library: str, *, de: str = "", en: str = "") -> Phrase:
    """How a library that is left out unless it is wanted comes to the program, and what else would do.

    No command: it is another one for each way of installing, and this program's own name belongs to nobody in any package
    index: whoever took it would be installed by our advice.
    """
    return Phrase(
        de=f"docs/installation.md sagt, wie du {library} dazunimmst{de}",
        en=f"docs/install.md tells how to add {library}{en}",
    )


REPEAT = Phrase(
    de="Diese Nachricht kann doppelt ankommen.",
    en="This message may arrive twice.",
)

SOMETHING_IS_UP = Phrase(
    de="Stornowacht hat eine Nachricht für dich",
    en="Stornowacht has news for you",
)
SOMETHING_IS_URGENT = Phrase(
    de="Stornowacht: dringend, bitte sieh gleich nach",
    en="Stornowacht: urgent, please look now",
)
LOOK_YOURSELF = Phrase(
    de="Worum es geht, steht in deiner E-Mail oder zeigt „stornowacht status“.",
    en="What it is about is in your e-mail, or `stornowacht status` shows it.",
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
SECRET_UNSENDABLE = Phrase(
    de="Hinter {reference} stehen Zeichen, die sich nicht senden lassen.",
    en="Behind {reference} there are characters that cannot be sent.",
)
SECRET_COPY_AGAIN = Phrase(
    de="Kopiere das Token noch einmal, in einer Zeile und ohne Leerzeichen.",
    en="Copy the token again, in one line and without spaces.",
)
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
SECRET_KEYRING_INSTALL = how_to_add("keyring", de="; oder nimm env: oder file:", en="; or use env: or file:")
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

DESKTOP_KEPT = Phrase(de="Deine Antwort ist notiert.", en="Your answer is noted.")
DESKTOP_COULD_NOT_OPEN = Phrase(
    de="Es lässt sich kein Browser öffnen. Die Adresse: {url}",
    en="No browser can be opened. The address: {url}",
)
DESKTOP_COULD_NOT_KEEP = Phrase(
    de="Deine Antwort ist nicht angekommen ({reason}). Bestätige auf einem anderen Weg.",
    en="Your answer did not arrive ({reason}). Confirm in another way.",
)
DESKTOP_FOLDER = Phrase(
    de="Der Ordner für Antworten {path} lässt sich nicht benutzen: {reason}.",
    en="The folder for answers {path} cannot be used: {reason}.",
)
DESKTOP_FOLDER_ADVICE = Phrase(
    de="Prüfe, ob er dir gehört und ob auf dem Datenträger noch Platz ist.",
    en="Check whether it belongs to you, and whether the disk has room.",
)

# --- web servers -----------------------------------------------------------------------------------------

WEB_ADDRESS = Phrase(
    de="Das ist keine Adresse, die mit https:// beginnt.",
    en="This is no address that begins with https://.",
)
WEB_ADDRESS_LOGIN = Phrase(
    de="In der Adresse darf kein Benutzername und kein Passwort stehen.",
    en="The address must not hold a user name or a password.",
)
WEB_ADDRESS_BARE = Phrase(
    de="Hier gehört nur der Server hin, ohne Pfad: zum Beispiel https://ntfy.sh.",
    en="Only the server belongs here, without a path: https://ntfy.sh, for example.",
)
WEB_OPEN = Phrase(
    de="Ohne https könnte auf dem Weg zu „{host}“ jeder mitlesen. Nimm https://; nur in deinem eigenen Netz, in dem du "
    "allen traust, geht es mit allow_http = true auch ohne.",
    en="Without https anyone on the way to “{host}” could read along. Use https://; only within a network of your own, "
    "where you trust everybody, allow_http = true lets it go without.",
)
WEB_UNKNOWN_HOST = Phrase(
    de="Den Server {server} gibt es nicht, oder das Netz ist weg.",
    en="The server {server} does not exist, or the network is down.",
)
WEB_UNREACHABLE = Phrase(
    de="Der Server {server} ist nicht zu erreichen: {reason}.",
    en="The server {server} cannot be reached: {reason}.",
)
WEB_CHECK_PLACE = Phrase(
    de="Prüfe die Internetverbindung und ob die Adresse stimmt.",
    en="Check the internet connection, and whether the address is right.",
)
WEB_TIMEOUT = Phrase(
    de="Der Server {server} antwortet nicht (gewartet: {seconds:g} s).",
    en="The server {server} does not answer (waited {seconds:g} s).",
)
WEB_DROPPED = Phrase(
    de="Der Server {server} hat die Verbindung mittendrin abgebrochen.",
    en="The server {server} dropped the connection midway.",
)
WEB_AGAIN = Phrase(
    de="Du musst nichts tun: es wird wieder versucht. Bleibt es dabei, prüfe die Adresse.",
    en="There is nothing to do: it will be tried again. If it stays so, check the address.",
)
WEB_NOT_HTTP = Phrase(
    de="Was unter {server} antwortet, ist kein Webserver.",
    en="What answers at {server} is no web server.",
)
WEB_CERTIFICATE = Phrase(
    de="Der Server {server} weist sich nicht gültig aus: {reason}.",
    en="The server {server} does not identify itself properly: {reason}.",
)
WEB_CERTIFICATE_ADVICE = Phrase(
    de="Prüfe die Adresse und die Uhr dieses Rechners. Bei einem eigenen Server zeige mit ca_file auf seine "
    "Zertifizierungsstelle. Es wurde nichts gesendet.",
    en="Check the address and this machine's clock. For a server of your own point ca_file to its certificate "
    "authority. Nothing was sent.",
)
WEB_NO_TLS = Phrase(
    de="Mit dem Server {server} kommt keine Verschlüsselung zustande: {reason}.",
    en="No encryption can be agreed with the server {server}: {reason}.",
)
WEB_NO_TLS_ADVICE = Phrase(
    de="Prüfe, ob die Adresse und ihr Port zu https gehören.",
    en="Check whether the address and its port are meant for https.",
)
WEB_CA_FILE = MAIL_CA_FILE
WEB_CA_FILE_ADVICE = MAIL_CA_FILE_ADVICE
WEB_LOGIN = Phrase(
    de="Der Server {server} lehnt die Anmeldung ab: {answer}",
    en="The server {server} refuses the login: {answer}",
)
WEB_FORBIDDEN = Phrase(
    de="Der Server {server} erlaubt das nicht: {answer}",
    en="The server {server} does not allow that: {answer}",
)
WEB_LOGIN_ADVICE = Phrase(
    de="Prüfe die Anmeldung (Token, Benutzername, Passwort) und ob sie dort schreiben darf.",
    en="Check the login (token, user name, password), and whether it may write there.",
)
WEB_NOT_FOUND = Phrase(
    de="Unter dieser Adresse nimmt der Server {server} nichts an: {answer}",
    en="The server {server} takes nothing at this address: {answer}",
)
WEB_GONE = Phrase(
    de="Diese Adresse gibt es auf dem Server {server} nicht mehr: {answer}",
    en="This address is gone from the server {server}: {answer}",
)
WEB_NOT_FOUND_ADVICE = Phrase(
    de="Prüfe die Adresse, Zeichen für Zeichen.",
    en="Check the address, letter by letter.",
)
WEB_TOO_LARGE = Phrase(
    de="Dem Server {server} ist die Nachricht zu groß: {answer}",
    en="The message is too large for the server {server}: {answer}",
)
WEB_TOO_LARGE_ADVICE = Phrase(
    de="Schalte die Bilder ab (pictures = false), oder erlaube auf dem Server größere Nachrichten.",
    en="Switch the pictures off (pictures = false), or let the server take larger messages.",
)
WEB_TOO_MANY = Phrase(
    de="Der Server {server} nimmt gerade nicht mehr an: {answer}",
    en="The server {server} takes no more for now: {answer}",
)
WEB_TOO_MANY_ADVICE = Phrase(
    de="Du musst nichts tun: es wird später wieder versucht. Kommt das oft vor, ist ein Kontingent erschöpft.",
    en="There is nothing to do: it will be tried again later. If it comes often, a quota is used up.",
)
WEB_REFUSED = Phrase(
    de="Der Server {server} lehnt ab: {answer}",
    en="The server {server} refuses: {answer}",
)
WEB_REFUSED_ADVICE = Phrase(
    de="Prüfe die Adresse und die Einstellungen dieses Kanals.",
    en="Check the address and this channel's settings.",
)
WEB_MOVED = Phrase(
    de="Der Server {server} schickt weiter nach {place}; dorthin wird nichts gesendet.",
    en="The server {server} points to {place}; nothing is sent there.",
)
WEB_MOVED_ADVICE = Phrase(
    de="Trage die neue Adresse ein, wenn du ihr traust.",
    en="Enter the new address, if you trust it.",
)
WEB_TROUBLE = Phrase(
    de="Der Server {server} hat eine Störung: {answer}",
    en="The server {server} has a fault: {answer}",
)
WEB_STRANGE_YES = Phrase(
    de="Unter {server} hat etwas geantwortet, das die Nachricht nicht verstanden haben kann.",
    en="What answered at {server} cannot have understood the message.",
)

# --- ntfy ------------------------------------------------------------------------------------------------

NTFY_TOPIC = Phrase(
    de="Ein Thema hat 1 bis 64 Zeichen aus A-Z a-z 0-9 - _.",
    en="A topic has 1 to 64 characters of A-Z a-z 0-9 - _.",
)
NTFY_GUESSABLE = Phrase(
    de="Ohne Anmeldung ist das Thema das einzige Geheimnis: nimm mindestens {count} zufällige Zeichen, die niemand errät.",
    en="Without a login the topic is the only secret: take at least {count} random characters that nobody can guess.",
)
NTFY_LOGIN = Phrase(
    de="Zur Anmeldung gehört entweder token, oder username und password.",
    en="A login is either token, or username and password.",
)
NTFY_SAME_TOPIC = Phrase(
    de="reply_topic muss ein anderes Thema sein als topic.",
    en="reply_topic must be another topic than topic.",
)
NTFY_TOPIC_ADVICE = Phrase(
    de="Prüfe topic und reply_topic unter [notify.ntfy]. Ein zufälliges Thema macht: openssl rand -hex 16",
    en="Check topic and reply_topic under [notify.ntfy]. This makes a random one: openssl rand -hex 16",
)
NTFY_REPLY_CLOSED = Phrase(
    de="Auf dem Server {server} darf niemand ohne Anmeldung in das Thema für Antworten schreiben: die Knöpfe auf dem "
    "Handy wären tot. {answer}",
    en="On the server {server} nobody without a login may write to the topic for answers: the buttons on the phone "
    "would be dead. {answer}",
)
NTFY_REPLY_CLOSED_ADVICE = Phrase(
    de="Führe auf dem Server aus: ntfy access everyone THEMA write-only. Oder streiche reply_topic.",
    en="Run on the server: ntfy access everyone TOPIC write-only. Or remove reply_topic.",
)
NTFY_WITHOUT_PICTURE = Phrase(
    de="ohne das Bild; der Server antwortete darauf: {answer}",
    en="without the picture; the server's answer to it: {answer}",
)

# --- webhook ---------------------------------------------------------------------------------------------

WEBHOOK_SECRET = Phrase(
    de="Hinter {reference} steht kein Schlüssel für Webhooks.",
    en="There is no key for webhooks behind {reference}.",
)
WEBHOOK_SECRET_ADVICE = Phrase(
    de="Er besteht aus whsec_ und 24 bis 64 zufälligen Bytes in Base64. Einen neuen macht: echo whsec_$(openssl rand "
    "-base64 32). Sender und Empfänger brauchen denselben.",
    en="It is made of whsec_ and 24 to 64 random bytes in Base64. This makes one: echo whsec_$(openssl rand -base64 32). "
    "Both sides need the same.",
)

WEBHOOK_URL_ADVICE = Phrase(
    de="Prüfe, was unter {reference} steht: die ganze Adresse, in einer Zeile.",
    en="Check what is stored at {reference}: the whole address, in one line.",
)

# --- apprise ---------------------------------------------------------------------------------------------

APPRISE_MISSING = Phrase(
    de="Für [notify.apprise] fehlt das Python-Paket apprise.",
    en="For [notify.apprise] the Python package apprise is missing.",
)
APPRISE_INSTALL = how_to_add("apprise")
APPRISE_URL = Phrase(
    de="Mit der Adresse hinter {reference} kann apprise nichts anfangen.",
    en="apprise cannot make sense of the address behind {reference}.",
)
APPRISE_URL_ADVICE = Phrase(
    de="Wie sie aussehen muss, steht bei apprise unter dem Namen deines Dienstes. Ausprobieren kannst du sie mit: "
    "apprise -b Test ADRESSE",
    en="apprise's documentation shows its form under your service's name. To try it: apprise -b Test ADDRESS",
)
APPRISE_FAILED = Phrase(
    de="{service} hat die Nachricht nicht angenommen: {reason}",
    en="{service} did not take the message: {reason}",
)
APPRISE_FAILED_ADVICE = Phrase(
    de="Prüfe die Internetverbindung und die Adresse hinter {reference}.",
    en="Check the internet connection, and the address behind {reference}.",
)
APPRISE_NO_REASON = Phrase(
    de="apprise nennt keinen Grund.",
    en="apprise gives no reason.",
)
APPRISE_UNREACHABLE = Phrase(
    de="{service} ist nicht zu erreichen ({place}): {reason}",
    en="{service} cannot be reached ({place}): {reason}",
)
APPRISE_UNDERSTOOD = Phrase(
    de="{service}: Adresse verstanden; ob die Anmeldung gilt, zeigt erst eine Nachricht",
    en="{service}: address understood; only a message will show whether the login holds",
)
APPRISE_REACHED = Phrase(
    de="{service}: {place} erreicht; ob die Anmeldung gilt, zeigt erst eine Nachricht",
    en="{service}: {place} reached; only a message will show whether the login holds",
)

# --- sound -----------------------------------------------------------------------------------------------

SOUND_NO_PLAYER = Phrase(
    de="Auf diesem Rechner gibt es kein Programm, das einen Ton abspielt (gesucht: {names}).",
    en="There is no program on this machine that plays a sound (looked for {names}).",
)
SOUND_PLAYER_ADVICE = Phrase(
    de="Installiere eines davon, zum Beispiel alsa-utils oder pulseaudio-utils, oder nenne mit player ein anderes.",
    en="Install one of them, for example alsa-utils or pulseaudio-utils, or name another one with player.",
)
SOUND_FAILED = Phrase(
    de="{player} hat den Ton nicht abgespielt: {reason}",
    en="{player} did not play the sound: {reason}",
)
SOUND_FAILED_ADVICE = Phrase(
    de="Prüfe, ob dieser Rechner einen Ton ausgeben kann und ob das Programm in deiner Sitzung läuft.",
    en="Check whether this machine can play sound, and whether the program runs within your session.",
)
SOUND_TOO_LONG = Phrase(
    de="nicht fertig nach {seconds:g} s",
    en="not done after {seconds:g} s",
)
SOUND_FILE = Phrase(
    de="Die Tondatei {path} lässt sich nicht lesen: {reason}.",
    en="The sound file {path} cannot be read: {reason}.",
)
SOUND_FILE_ADVICE = Phrase(
    de="Zeige mit file auf eine Datei, die dein Abspielprogramm versteht, oder lass es weg.",
    en="Point file to one that your player understands, or leave it out.",
)
