"""Tracking pages as a human copies them, rebuilt from what public sources show of their shape; numbers and places are invented.

DHL: a page's dates above the statuses (a saved page of 2020), words of 2018 to 2026. Hermes: a real answer of 2026 and a history of
2018. DPD: the app's list of scans (2026). GLS: the table of the former page (2018) with its bar of steps. UPS: the page of 2017 and the
scans of 2026. Deutsche Post: one sentence, the latest status alone.
"""

from fixtures.shop.histories import parcel_number

DHL_NUMBER = parcel_number("0034043420051118270")
OTHER_DHL_NUMBER = parcel_number("0034043420051118999")
HERMES_NUMBER = parcel_number("0298017264153")
UPS_NUMBER = "1Z999AA10123456784"
DPD_NUMBER = "01234567890123"
GLS_NUMBER = "50346007530"

DHL = f"""
Menü Suche Anmelden
DHL Sendungsverfolgung
Sendungsnummer {DHL_NUMBER}
Die Sendung wurde in das Zustellfahrzeug geladen. Die Zustellung erfolgt voraussichtlich heute.
Voraussichtliche Zustellung: Sa, 21.11.2026, 10:30 - 14:00 Uhr
Sie sind nicht da? Ablageort wählen
Annahme verweigern
Sendungsverlauf
Sa, 21.11.2026, 08:15
Die Sendung wurde in das Zustellfahrzeug geladen. Die Zustellung erfolgt voraussichtlich heute.
Sa, 21.11.2026, 03:51, Musterstadt
Die Sendung ist in der Region des Empfängers angekommen und wird im nächsten Schritt zur Zustellbasis transportiert.
Fr, 20.11.2026, 19:30, Beispielhausen
Die Sendung wurde von DHL bearbeitet und wird für den Weitertransport in die Region des Empfängers vorbereitet.
Fr, 20.11.2026, 11:27
Die Sendung wurde vom Absender in der Filiale eingeliefert.
Do, 19.11.2026, 19:00
Die Sendung wurde elektronisch angekündigt. Sobald die Sendung von uns bearbeitet wurde, erhalten Sie weitere Informationen.
Haben Sie Fragen? Hilfe & Kontakt
Wir verwenden Cookies, um unsere Website zu verbessern. Sie können Ihre Auswahl jederzeit ändern.
© 2026 DHL Paket GmbH. All rights reserved.
"""

HERMES = f"""
Sendungsverfolgung
Sendungs-ID {HERMES_NUMBER}
Die Sendung wurde ins Zustellfahrzeug geladen.
Deine Sendung kommt heute zwischen 14:00 und 16:00 Uhr

21.11.2026 | 06:59 Uhr
Die Sendung wurde ins Zustellfahrzeug geladen.

21.11.2026 | 02:20 Uhr
Die Sendung ist in der Zielregion angekommen.

20.11.2026 | 15:36 Uhr
Die Sendung wurde für den Weiterversand vorbereitet.

20.11.2026 | 09:27 Uhr
Die Sendung wurde von Hermes im PaketShop abgeholt.

19.11.2026 | 16:00 Uhr
Für die Sendung wurde ein WunschAblageort gebucht.

19.11.2026 | 14:29 Uhr
Die Sendung wurde vom Absender im PaketShop abgegeben.

19.11.2026 | 10:57 Uhr
Die Sendung wurde Hermes elektronisch angekündigt.
"""

HERMES_BELOW = """
Die Sendung wurde zugestellt.
05.11.2026 15:29
Die Sendung befindet sich in der Zustellung.
05.11.2026 08:01
Die Sendung ist im Hermes Verteilzentrum Musterstadt eingetroffen.
04.11.2026 23:27
Die Sendung wurde im Hermes PaketShop abgeholt und für den weiteren Transport sortiert.
03.11.2026 14:03
Die Sendung ist im Hermes PaketShop eingegangen.
03.11.2026 11:37
"""

DPD = f"""
Paketnummer: {DPD_NUMBER}
myDPD  Anmelden
Im Paketzustellzentrum
18.11.2026\t13:29\tAuftragsdaten übermittelt.\tDPD Datenzentrum
19.11.2026\t17:39\tUnterwegs.\tBeispielhausen (DE)
20.11.2026\t03:55\tIm Paketzustellzentrum.\tMusterstadt (DE)
20.11.2026\t06:00\tIhr Paket wird voraussichtlich zugestellt am: Freitag, 20.11.2026\tMusterstadt (DE)
20.11.2026\t06:10\tIn Zustellung.\tMusterstadt (DE)
20.11.2026\t09:40\tDer Empfänger wurde nicht angetroffen. Benachrichtigung wurde hinterlassen.\tMusterstadt (DE)
20.11.2026\t16:02\tIhr Paket konnte nicht wie geplant zugestellt werden und ist wieder im Paketzustellzentrum.\tMusterstadt (DE)
"""

DPD_BY_DAY = """
Freitag, 20. November
06:10 Uhr In Zustellung
03:55 Uhr Im Paketzustellzentrum
Donnerstag, 19. November
17:39 Uhr Paket unterwegs
"""

GLS = f"""
GLS Sendungsverfolgung
Paketnummer: {GLS_NUMBER}
Zugestellt im PaketShop
Datenerfassung
Unterwegs
Ziel-Paketzentrum
In Zustellung
Zugestellt
Datum\tUhrzeit\tOrt\tStatus
19.11.2026\t10:47\tMusterstadt\tDas Paket ist im GLS PaketShop eingetroffen.
19.11.2026\t10:22\tMusterstadt\tDas Paket wurde im GLS PaketShop zugestellt (siehe PaketShop-Anzeige).
19.11.2026\t10:20\tMusterstadt\tDas Paket konnte nicht zugestellt werden, da der Empfänger nicht angetroffen wurde.
19.11.2026\t06:40\tMusterstadt\tDas Paket wird voraussichtlich im Laufe des Tages zugestellt.
19.11.2026\t04:21\tMusterstadt\tDas Paket ist im Paketzentrum eingetroffen.
18.11.2026\t22:38\tBeispielhausen\tDas Paket hat das Paketzentrum verlassen.
18.11.2026\t16:09\tBeispielhausen\tDas Paket wurde an GLS übergeben.
17.11.2026\t14:09\tBeispielhausen\tDie Paketdaten wurden im GLS IT-System erfasst; das Paket wurde noch nicht an GLS übergeben.
"""

UPS = f"""
UPS Tracking Information
{UPS_NUMBER}
Delivered to UPS Access Point™ Awaiting Customer Collection
Package must be collected by:
Monday, 30.11.2026
Shipment Progress
Friday, 20.11.2026 3:15 P.M. Delivered to UPS Access Point™
Friday, 20.11.2026 2:31 P.M. The receiver was not available at the time of the first delivery attempt.
Friday, 20.11.2026 8:05 A.M. Out For Delivery Today
Friday, 20.11.2026 5:40 A.M. Arrived at Facility
Thursday, 19.11.2026 11:02 P.M. Departed from Facility
Thursday, 19.11.2026 5:30 P.M. Pickup Scan
Wednesday, 18.11.2026 9:12 A.M. Shipper created a label, UPS has not received the package yet.
"""

DEUTSCHE_POST = """
Deutsche Post Sendungsverfolgung
RR123456785DE
Ihre Sendung wurde am 20.11.2026 in unserem Logistikzentrum Musterstadt bearbeitet und geht am 21.11.2026 in die Zustellung.
"""
