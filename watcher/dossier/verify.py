#!/usr/bin/env python3
"""Checks evidence without Stornowacht: an exported bag (a folder or a ZIP), or a whole storage folder.

    python3 verify.py [PATH] [--head HASH] [--json] [--language de|en]

It needs Python 3.9 or newer and nothing else; where `openssl` is installed, the signatures of time stamps are checked, too.
Nothing is written, nothing is asked of any server. Exit code 0: all is as it was written; 1: it is not; 2: this is no
evidence, or it cannot be read at all.

A copy of this file lies in every export. Whoever mistrusts an export takes it from elsewhere: from the project's own
pages, or another export. It is one long file on purpose, and shares no code with the program it checks.
"""

from __future__ import annotations

import argparse
import base64
import contextlib
import hashlib
import json
import os
import re
import shutil
import sqlite3
import stat
import subprocess
import sys
import tempfile
import zipfile
from collections import Counter, OrderedDict
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import IO, Any, Iterable

EVIDENCE_FORMAT = "stornowacht-evidence-1"
NEWEST_SCHEMA = 7
APPLICATION_ID = 0x53744E57
GENESIS = "0" * 64
LINE_FIELDS = {"seq", "prev", "kind", "at", "account", "order", "facts"}
LARGEST_NUMBER = 2**53 - 1
CLOCK_TOLERANCE = timedelta(minutes=10)
REMEMBERED = 1024
CHUNK = 1 << 18
# What is read as a whole is bounded, whatever a bag says of itself.
LARGEST_JSON = 64 << 20
LARGEST_LINE = 4 << 20
LARGEST_STAMP = 1 << 20
MOST_LINES = 5_000_000
MOST_FILES = 200_000
SPARE = 64 << 20
HIGHEST_RATIO = 200
LARGEST_WITHOUT_WORD = 4 << 30
"""So much a bag may unpack to that does not say itself how large it is."""
STEPS = ("chain", "form", "captures", "files", "own", "forgotten", "anchors")
CHAIN, FORM, CAPTURES, FILES, OWN, FORGOTTEN, ANCHORS = range(1, 8)
REMARKS = {
    "clock_set_back", "file_writable", "stray_file", "part_left", "file_going", "stamp_unchecked", "stamp_root",
    "covered_copy",
}  # fmt: skip

WORDS = {
    "en": {
        "step_chain": "The ledger's chain: no line added, changed, removed or moved",
        "step_form": "The form of its lines",
        "step_captures": "The captures are those that the ledger knows",
        "step_files": "The files have the bytes of their hashes",
        "step_own": "Attachments and notes are those that the ledger knows",
        "step_forgotten": "What was forgotten is gone",
        "step_anchors": "Anchors, time stamps and heads from elsewhere",
        "line_changed": "it was changed: its hash is not that of its text",
        "line_rewritten": "it names another line before it: that one was written anew with a hash of its own",
        "line_removed": "removed: the numbers have a gap",
        "line_swapped": "it stands in another line's place",
        "line_added": "put in later: the lines around it do not know it",
        "line_renumbered": "the number beside it is not the one within it",
        "no_beginning": "it is no beginning: it names a line before it",
        "line_unreadable": "it cannot be read as a line of the ledger",
        "line_not_canonical": "it is not spelt as every line is (RFC 8785)",
        "line_duplicate_key": "a name stands in it twice: programs would read it differently",
        "line_newer_format": "a newer Stornowacht wrote it: only that one can check it",
        "capture_added": "unknown to the ledger: added later",
        "capture_changed": "its files are others than the ledger says",
        "capture_removed": "named in the ledger, and not there: removed",
        "file_missing": "the file is gone",
        "file_unreadable": "the file cannot be read: {detail}",
        "file_changed": "the file was changed: its hash is another",
        "file_outside": "its path leads elsewhere",
        "file_link": "a link stands in its place: what it leads to proves nothing",
        "file_no_file": "what stands in its place is no file",
        "attachment_added": "unknown to the ledger: added later",
        "attachment_changed": "its file or its name is another than the ledger says",
        "attachment_removed": "named in the ledger, and not there: removed",
        "note_added": "unknown to the ledger: added later",
        "note_changed": "its text is another than the ledger says",
        "note_removed": "named in the ledger, and not there: removed",
        "forgotten_capture": "forgotten, says the ledger, and still there",
        "forgotten_attachment": "forgotten, says the ledger, and still there",
        "forgotten_file": "forgotten, says the ledger, and still there",
        "anchor_changed": "these lines are not those that were anchored: one of {count} to {until} is another",
        "anchor_cut": "the ledger has {count} lines only: its end was cut off",
        "anchor_added": "unknown to the ledger: the lines behind it were cut off, or it was added later",
        "anchor_removed": "named in the ledger, and not there: removed",
        "stamp_added": "unknown to the ledger: added later",
        "stamp_changed": "it is another answer than the ledger says",
        "stamp_removed": "named in the ledger, and not there: removed",
        "stamp_other": "it is not a stamp on these lines",
        "stamp_broken": "it does not hold: {detail}",
        "head_unknown": "it stands nowhere in the ledger: its end was cut off, or lines were written anew",
        "clock_set_back": "written {detail} before the line before it: the clock was set back",
        "file_writable": "one of {count} files that can be written to: a copy or a backup may have done that",
        "stray_file": "nothing that is remembered owns it: its check was stopped, or somebody put it there",
        "part_left": "half of a file: its writing was cut short",
        "file_going": "forgotten, and still to be removed: the program does that when it runs next",
        "stamp_unchecked": "not checked to the end: {detail}",
        "stamp_root": "trusted by this certificate, compare it with what the authority publishes: {detail}",
        "covered_copy": "a copy with parts covered: nothing was changed in it since, and it proves no more; the evidence is the sealed bag whose manifest has the hash {detail}",
        "bag_broken": "it is not as BagIt (RFC 8493) wants it: {detail}",
        "bag_too_large": "it unpacks to more than it says of itself: {detail}",
        "file_extra": "no manifest names it: it was added later",
        "file_unnamed": "a manifest names it, and the evidence does not say what it is",
        "evidence_broken": "it cannot be read: {detail}",
        "evidence_newer": "a newer Stornowacht wrote it: only the verifier that came with it can check it",
        "evidence_other": "it says otherwise than the ledger's hashes: {detail}",
        "evidence_file": "the evidence names another file there than the bag holds",
        "place_lines": "ledger lines {line} to {until}",
        "place_line": "ledger line {line}",
        "place_note": "note {name}",
        "place_note_line": "the note of ledger line {line}",
        "place_capture": "capture {name}",
        "place_attachment": "attachment {name}",
        "place_anchor": "anchor on {line} lines",
        "place_stamp": "stamp of {name} on {line} lines",
        "place_head": "head {name}",
        "head_found": "Head {name}: it is line {line} of the ledger.",
        "good": "all as it was written",
        "bad": "NOT as it was written",
        "counts": "{lines} ledger lines, {captures} captures, {files} files, {stamps} time stamps ({held} checked to the end)",
        "head": "Head of the ledger: {name}",
        "no_openssl": "openssl is not installed here; its hash is right",
        "no_chain": "the certificates to check its signature by are not here; its hash is right",
        "bad_signature": "openssl does not confirm it: {detail}",
        "bad_time": "its own time is another than is said of it",
        "no_stamp": "it is no time stamp",
        "count_other": "{detail} lines, not so many",
        "head_other": "another last line",
        "too_deep": "too deep, or no JSON",
        "no_object": "no JSON object of the expected kind",
        "too_large": "too large",
        "too_many": "too many",
        "twice": "a name stands there twice",
        "no_hash": "a line is no hash and path",
        "missing": "it is missing",
        "no_evidence": "{path} is no evidence: neither an exported bag nor a storage folder.",
        "unreadable": "{path} cannot be read: {detail}.",
        "newer_database": "{path} was written by a newer Stornowacht (schema {detail}): take the verifier that came with that one.",
        "other_database": "{path} is the database of another program.",
        "no_head": "{path} is no hash of a ledger line: it has 64 characters, 0 to 9 and a to f.",
    },
    "de": {
        "step_chain": "Die Kette des Protokolls: keine Zeile dazu, geändert, entfernt oder verschoben",
        "step_form": "Die Form seiner Zeilen",
        "step_captures": "Die Aufnahmen sind die, die das Protokoll kennt",
        "step_files": "Die Dateien haben die Bytes ihrer Prüfsummen",
        "step_own": "Anhänge und Notizen sind die, die das Protokoll kennt",
        "step_forgotten": "Was vergessen wurde, ist fort",
        "step_anchors": "Anker, Zeitstempel und Endstände von anderswo",
        "line_changed": "geändert: ihre Prüfsumme ist nicht die ihres Textes",
        "line_rewritten": "nennt eine andere Zeile vor sich: jene wurde mit eigener Prüfsumme neu geschrieben",
        "line_removed": "entfernt: die Nummern haben eine Lücke",
        "line_swapped": "steht am Platz einer anderen Zeile",
        "line_added": "später eingefügt: die Zeilen um sie kennen sie nicht",
        "line_renumbered": "die Nummer neben ihr ist nicht die in ihr",
        "no_beginning": "ist kein Anfang: sie nennt eine Zeile vor sich",
        "line_unreadable": "nicht als Zeile des Protokolls lesbar",
        "line_not_canonical": "nicht so geschrieben wie jede Zeile (RFC 8785)",
        "line_duplicate_key": "ein Name steht zweimal darin: Programme würden sie verschieden lesen",
        "line_newer_format": "von einem neueren Stornowacht geschrieben: nur jenes kann sie prüfen",
        "capture_added": "dem Protokoll unbekannt: später hinzugefügt",
        "capture_changed": "ihre Dateien sind andere, als das Protokoll sagt",
        "capture_removed": "im Protokoll genannt und nicht da: entfernt",
        "file_missing": "die Datei ist fort",
        "file_unreadable": "die Datei lässt sich nicht lesen: {detail}",
        "file_changed": "die Datei wurde geändert: ihre Prüfsumme ist eine andere",
        "file_outside": "ihr Pfad führt woandershin",
        "file_link": "an ihrer Stelle steht eine Verknüpfung: was dahinter liegt, beweist nichts",
        "file_no_file": "was an ihrer Stelle steht, ist keine Datei",
        "attachment_added": "dem Protokoll unbekannt: später hinzugefügt",
        "attachment_changed": "ihre Datei oder ihr Name ist anders, als das Protokoll sagt",
        "attachment_removed": "im Protokoll genannt und nicht da: entfernt",
        "note_added": "dem Protokoll unbekannt: später hinzugefügt",
        "note_changed": "ihr Text ist ein anderer, als das Protokoll sagt",
        "note_removed": "im Protokoll genannt und nicht da: entfernt",
        "forgotten_capture": "laut Protokoll vergessen und doch noch da",
        "forgotten_attachment": "laut Protokoll vergessen und doch noch da",
        "forgotten_file": "laut Protokoll vergessen und doch noch da",
        "anchor_changed": "diese Zeilen sind nicht die verankerten: eine von {count} bis {until} ist eine andere",
        "anchor_cut": "das Protokoll hat nur {count} Zeilen: sein Ende wurde abgeschnitten",
        "anchor_added": "dem Protokoll unbekannt: die Zeilen dahinter wurden abgeschnitten, oder er kam später dazu",
        "anchor_removed": "im Protokoll genannt und nicht da: entfernt",
        "stamp_added": "dem Protokoll unbekannt: später hinzugefügt",
        "stamp_changed": "er ist eine andere Antwort, als das Protokoll sagt",
        "stamp_removed": "im Protokoll genannt und nicht da: entfernt",
        "stamp_other": "er ist kein Stempel auf diese Zeilen",
        "stamp_broken": "er hält nicht: {detail}",
        "head_unknown": "steht nirgends im Protokoll: sein Ende wurde abgeschnitten, oder Zeilen wurden neu geschrieben",
        "clock_set_back": "{detail} vor der Zeile davor geschrieben: die Uhr wurde zurückgestellt",
        "file_writable": "eine von {count} Dateien, die sich beschreiben lassen: das kann eine Kopie oder Sicherung gewesen sein",
        "stray_file": "gehört zu nichts, was bekannt ist: ein Abruf brach ab, oder jemand hat sie dorthin gelegt",
        "part_left": "eine halbe Datei: ihr Schreiben brach ab",
        "file_going": "vergessen und noch zu entfernen: das holt das Programm beim nächsten Lauf nach",
        "stamp_unchecked": "nicht zu Ende geprüft: {detail}",
        "stamp_root": "vertraut wird diesem Zertifikat, vergleiche es mit dem, was die Stelle veröffentlicht: {detail}",
        "covered_copy": "eine Kopie mit Schwärzungen: seither wurde nichts daran geändert, mehr beweist sie nicht; der Beweis ist das versiegelte Paket, dessen Verzeichnis die Prüfsumme {detail} hat",
        "bag_broken": "nicht so, wie BagIt (RFC 8493) es will: {detail}",
        "bag_too_large": "entpackt sich zu mehr, als es von sich sagt: {detail}",
        "file_extra": "kein Verzeichnis nennt sie: später hinzugefügt",
        "file_unnamed": "ein Verzeichnis nennt sie, aber die Beweise sagen nicht, was sie ist",
        "evidence_broken": "nicht lesbar: {detail}",
        "evidence_newer": "von einem neueren Stornowacht geschrieben: nur das Prüfprogramm, das dabei lag, kann es prüfen",
        "evidence_other": "sagt anderes als die Prüfsummen des Protokolls: {detail}",
        "evidence_file": "die Beweise nennen dort eine andere Datei, als das Paket enthält",
        "place_lines": "Protokollzeilen {line} bis {until}",
        "place_line": "Protokollzeile {line}",
        "place_note": "Notiz {name}",
        "place_note_line": "die Notiz zu Protokollzeile {line}",
        "place_capture": "Aufnahme {name}",
        "place_attachment": "Anhang {name}",
        "place_anchor": "Anker auf {line} Zeilen",
        "place_stamp": "Stempel von {name} auf {line} Zeilen",
        "place_head": "Endstand {name}",
        "head_found": "Endstand {name}: das ist Zeile {line} des Protokolls.",
        "good": "alles unverändert",
        "bad": "NICHT alles unverändert",
        "counts": "{lines} Protokollzeilen, {captures} Aufnahmen, {files} Dateien, {stamps} Zeitstempel ({held} zu Ende geprüft)",
        "head": "Stand des Protokolls: {name}",
        "no_openssl": "openssl ist hier nicht installiert; seine Prüfsumme stimmt",
        "no_chain": "die Zertifikate für seine Unterschrift sind nicht hier; seine Prüfsumme stimmt",
        "bad_signature": "openssl bestätigt ihn nicht: {detail}",
        "bad_time": "seine eigene Zeit ist eine andere, als von ihm gesagt wird",
        "no_stamp": "er ist kein Zeitstempel",
        "count_other": "{detail} Zeilen, nicht so viele",
        "head_other": "eine andere letzte Zeile",
        "too_deep": "zu tief verschachtelt oder kein JSON",
        "no_object": "kein JSON-Objekt der erwarteten Art",
        "too_large": "zu groß",
        "too_many": "zu viele",
        "twice": "ein Name steht zweimal da",
        "no_hash": "eine Zeile ist keine Prüfsumme mit Pfad",
        "missing": "es fehlt",
        "no_evidence": "{path} enthält keine Beweise: weder ein exportiertes Paket noch ein Datenordner.",
        "unreadable": "{path} lässt sich nicht lesen: {detail}.",
        "newer_database": "{path} wurde von einem neueren Stornowacht geschrieben (Schema {detail}): nimm das Prüfprogramm, das dabei lag.",
        "other_database": "{path} ist die Datenbank eines anderen Programms.",
        "no_head": "{path} ist keine Prüfsumme einer Protokollzeile: sie hat 64 Zeichen, 0 bis 9 und a bis f.",
    },
}
"""What is said, by language. The English words of faults are those of the program itself."""


class NoEvidenceError(Exception):
    """This is no evidence, or it cannot be read at all. Holds the word for it, the path, and a detail."""


# --- what is found -----------------------------------------------------------------------------------------------------


class Report:
    """What was looked at, and what was found."""

    def __init__(self) -> None:
        self.findings: list[dict[str, Any]] = []
        self.counts: Counter[str] = Counter()
        self.looked_at: Counter[int] = Counter()
        self.head: str | None = None
        self.heads: dict[str, int] = {}

    def find(
        self, kind: str, step: int, *, name: str = "", line: int = 0, until: int = 0, count: int = 0,
        detail: str = "", word: str = "",
    ) -> None:  # fmt: skip
        """Remember a finding. `word` names a text that becomes its detail, filled with the detail given."""
        self.findings.append(
            {
                "kind": kind, "step": step, "name": name, "line": line, "until": until, "count": count,
                "detail": detail, "word": word,
            }
        )  # fmt: skip

    def of(self, *, remarks: bool) -> list[dict[str, Any]]:
        """Return the remarks, or the faults, in the order of the steps."""
        found = [each for each in self.findings if (each["kind"] in REMARKS) is remarks]
        return sorted(found, key=lambda each: each["step"])

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.of(remarks=False)


def place_of(finding: dict[str, Any], words: dict[str, str]) -> str:
    """Return where a finding is."""
    topic = finding["kind"].split("_")[0]
    if topic in ("line", "no", "clock"):
        word = "place_lines" if finding["until"] > finding["line"] else "place_line"
    elif topic == "note":
        word = "place_note" if finding["name"] else "place_note_line"
    elif finding["kind"] in ("forgotten_capture", "forgotten_attachment"):
        word = "place_" + finding["kind"].split("_")[1]
    elif topic in ("capture", "attachment", "anchor", "stamp", "head"):
        word = "place_" + topic
    else:
        return str(finding["name"])
    return words[word].format(**finding)


def reason_of(finding: dict[str, Any], words: dict[str, str]) -> str:
    """Return what is wrong there."""
    detail = finding["detail"]
    if finding["word"]:
        detail = words[finding["word"]].format(detail=detail)
    return words[finding["kind"]].format(**{**finding, "detail": detail})


def printable(text: str) -> str:
    """Return a text that steers no terminal: what a stranger has named may hold anything."""
    return "".join(sign if sign.isprintable() else " " for sign in text)


# --- lines of the ledger -----------------------------------------------------------------------------------------------


class Told:
    """What a line says; empty where it cannot be read."""

    def __init__(self, value: object) -> None:
        fields = value if isinstance(value, dict) else {}
        seq, facts = fields.get("seq"), fields.get("facts")
        self.seq = seq if isinstance(seq, int) and not isinstance(seq, bool) else None
        self.prev = fields["prev"] if isinstance(fields.get("prev"), str) else None
        self.kind = fields["kind"] if isinstance(fields.get("kind"), str) else ""
        self.order = fields["order"] if isinstance(fields.get("order"), str) else ""
        self.at = moment(fields.get("at"))
        self.facts = facts if isinstance(facts, dict) else {}

    def text(self, name: str) -> str:
        """Return a fact that is a text; empty where there is none."""
        value = self.facts.get(name)
        return value if isinstance(value, str) else ""

    def number(self, name: str) -> int:
        """Return a fact that is a whole number; 0 where there is none."""
        value = self.facts.get(name)
        return value if isinstance(value, int) and not isinstance(value, bool) else 0

    def texts(self, name: str) -> list[str]:
        """Return a fact that is a list of texts."""
        value = self.facts.get(name)
        return [str(entry) for entry in value] if isinstance(value, list) else []


class Spelling:
    """Watches a line being read for what another spelling would hide."""

    def __init__(self) -> None:
        self.canonical, self.twice = True, False

    def take(self, pairs: list[tuple[str, object]]) -> dict[str, object]:
        """Return an object; names in another order, and names that stand there twice, are remembered."""
        names = [name for name, _ in pairs]
        found = dict(pairs)
        if len(found) != len(names):
            self.twice = True
        elif names != sorted(names, key=lambda name: name.encode("utf-16-be", errors="surrogatepass")):
            self.canonical = False
        return found

    def refuse(self, text: str) -> str:
        """Return a number that is no whole one as it stands there: no line holds any."""
        self.canonical = False
        return text

    def whole(self, text: str) -> int:
        """Return a whole number."""
        number = int(text)
        if abs(number) > LARGEST_NUMBER:
            self.canonical = False
        return number


def read_line(text: str) -> tuple[Told, str | None]:
    """Return what a line says, and what is wrong with its form."""
    spelling = Spelling()
    try:
        value = json.loads(
            text, object_pairs_hook=spelling.take, parse_float=spelling.refuse,
            parse_constant=spelling.refuse, parse_int=spelling.whole,
        )  # fmt: skip
        again = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    except (ValueError, RecursionError):
        return Told(None), "unreadable"
    told = Told(value)
    if not isinstance(value, dict):
        return told, "unreadable"
    if "format" in value:
        return told, "newer_format"
    if value.keys() != LINE_FIELDS or told.seq is None or told.prev is None or told.at is None:
        return told, "unreadable"
    if spelling.twice:
        return told, "duplicate_key"
    return told, None if spelling.canonical and again == text else "not_canonical"


def moment(value: object) -> datetime | None:
    """Return a moment that a text tells; `None` for anything else."""
    try:
        at = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return at if at is not None and at.tzinfo is not None else None


def hash_of(text: str) -> str:
    """Return a line's hash in hexadecimal."""
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()


class Seen:
    """A line with what it says."""

    def __init__(self, seq: int, text: str, digest: str) -> None:
        self.seq, self.hash = seq, digest
        self.own_hash = hash_of(text)
        self.told, self.form = read_line(text)
        self.is_itself = self.own_hash == digest
        self.number = seq if self.told.seq is None else self.told.seq
        self.shift = self.number - seq


class Chain:
    """Tells what was done to each line by its neighbours, in one pass and with one line of lookahead."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.before: Seen | None = None
        self.expected = 1
        self.shift = 0
        self.place_is_known = True
        self.added_until = 0
        self.strayed: set[int] = set()
        self.last_at: datetime | None = None
        self.hashes: OrderedDict[str, int] = OrderedDict()

    def judge(self, seen: Seen, ahead: Seen | None) -> None:
        """Judge one line."""
        if seen.form is not None:
            self.find(seen.form, seen.seq)
        if not seen.is_itself:
            self.find("changed", seen.seq)
        misplaced = self.number_fault(seen, ahead)
        link_counts, self.place_is_known = self.place_is_known, True
        if misplaced is not None:
            kind, first, last = misplaced
            self.place_is_known = kind != "swapped"
            if kind != "added" or first > self.added_until:
                self.find(kind, first, last)
        elif link_counts and seen.is_itself and seen.form != "unreadable":
            self.link(seen, ahead)
        self.look_at_clock(seen)
        self.before = seen
        self.hashes[seen.hash] = seen.seq
        if len(self.hashes) > REMEMBERED:
            self.hashes.popitem(last=False)

    def find(self, kind: str, first: int, last: int | None = None) -> None:
        """Remember what was done to a line, or to several in a row."""
        step = FORM if kind in ("unreadable", "not_canonical", "duplicate_key", "newer_format") else CHAIN
        name = "no_beginning" if kind == "rewritten" and first == 1 else f"line_{kind}"
        self.report.find(name, step, line=first, until=max(first, last or first))

    def number_fault(self, seen: Seen, ahead: Seen | None) -> tuple[str, int, int] | None:
        """Compare the numbers with the expected one, and go on expecting."""
        beside, expected = seen.seq, self.expected
        self.expected = max(beside, 0) + 1
        if beside != expected:
            return self.place_fault(seen, ahead, expected)
        if seen.shift == self.shift or not seen.is_itself or seen.told.seq is None:
            return None
        if ahead is not None and ahead.shift != seen.shift:
            if len(self.strayed) < REMEMBERED:
                self.strayed.add(seen.number)
            return "swapped", beside, beside
        before, self.shift = self.shift, seen.shift
        if seen.shift > before:
            return "removed", expected + before, seen.number - 1
        if ahead is None and (beside in self.strayed or seen.told.prev not in self.hashes):
            return "swapped", beside, beside
        return "added", beside - (before - seen.shift), beside - 1

    def place_fault(self, seen: Seen, ahead: Seen | None, expected: int) -> tuple[str, int, int]:
        """Say what is wrong where the number beside a line is not the next one."""
        beside = seen.seq
        if seen.is_itself and seen.told.seq is not None and seen.number == expected + self.shift:
            if ahead is not None and ahead.seq == beside + 1:
                self.shift = seen.shift
            else:
                self.expected = expected + 1
            return "renumbered", beside, beside
        if beside < expected:
            if self.before is None or beside == self.before.seq:
                return "added", beside, beside
            self.expected = expected + 1
            return "swapped", beside, beside
        if ahead is not None and ahead.seq < beside:
            self.expected = expected + 1
            return "swapped", beside, beside
        return "removed", expected, beside - 1

    def link(self, seen: Seen, ahead: Seen | None) -> None:
        """Compare the hash that a line names with that of the line before it."""
        prev = seen.told.prev
        named = {GENESIS} if self.before is None else {self.before.hash, self.before.own_hash}
        if prev in named:
            return
        is_last = ahead is None and (prev == GENESIS or prev in self.hashes)
        if self.before is not None and (is_last or (ahead is not None and ahead.shift < seen.shift)):
            self.added_until = seen.seq
            self.find("added", seen.seq)
        else:
            self.find("rewritten", seen.seq)

    def look_at_clock(self, seen: Seen) -> None:
        """Notice a line whose time lies before that of the line before it."""
        at = seen.told.at
        if at is None or seen.told.kind == "capture_kept":
            return
        before, self.last_at = self.last_at, at
        if before is not None and before - at > CLOCK_TOLERANCE:
            self.report.find("clock_set_back", CHAIN, line=seen.seq, detail=span(before - at))


def span(length: timedelta) -> str:
    """Return a length of time as `1:05:00`, with days in front where there are any."""
    days, rest = divmod(int(length.total_seconds()), 86_400)
    clock = f"{rest // 3600}:{rest // 60 % 60:02}:{rest % 60:02}"
    return f"{days} d {clock}" if days else clock


# --- what the ledger says should be there ------------------------------------------------------------------------------


class Claims:
    """What the lines so far say of captures, attachments, notes, anchors, stamps, and what was forgotten."""

    def __init__(self) -> None:
        self.captures: dict[str, bytes] = {}
        self.attachments: dict[str, tuple[str, int, str]] = {}
        self.notes: dict[str, tuple[int, str, str]] = {}
        self.anchors: dict[int, str] = {}
        self.stamps: dict[tuple[int, str], str] = {}
        self.gone_captures: set[str] = set()
        self.gone_attachments: set[str] = set()
        self.gone_files: set[str] = set()
        self.gone_notes: Counter[str] = Counter()

    def take(self, seen: Seen) -> None:
        """Take in what a line says."""
        told = seen.told
        if told.kind == "capture_kept":
            capture, digest = told.text("capture"), files_digest(told.texts("files"))
            self.captures[capture] = digest if self.captures.get(capture, digest) == digest else b""
        elif told.kind == "attachment_added":
            known = (told.text("sha256"), told.number("size"), told.text("name"))
            self.attachments[told.text("attachment")] = known
        elif told.kind == "note_added":
            at = told.at.isoformat(timespec="microseconds") if told.at else ""
            self.notes[told.text("note") or told.text("text")] = (seen.seq, told.order, at)
        elif told.kind == "anchored":
            self.anchors[told.number("lines")] = told.text("digest")
        elif told.kind == "stamped":
            self.stamps[told.number("lines"), told.text("authority")] = told.text("sha256")
        elif told.kind == "forgotten":
            for capture in told.texts("captures"):
                self.captures.pop(capture, None)
                self.gone_captures.add(capture)
            for attachment in told.texts("attachments"):
                self.attachments.pop(attachment, None)
                self.gone_attachments.add(attachment)
            self.gone_files.update(told.texts("files"))
            self.gone_notes[told.order] += told.number("notes")


def files_digest(hashes: list[str]) -> bytes:
    """Return what stands for a capture's files in their order."""
    return hashlib.sha256("\n".join(hashes).encode(errors="replace")).digest()


def salted(salt: str, text: str) -> str:
    """Return the salted hash of a text, as the ledger holds it."""
    return hashlib.sha256(f"{salt}\n{text}".encode(errors="replace")).hexdigest()


def compare_captures(report: Report, claims: Claims, captures: Iterable[tuple[str, list[str]]]) -> None:
    """Compare captures, as pairs of id and file hashes, with the ledger."""
    unseen = dict(claims.captures)
    for capture, hashes in captures:
        report.counts["captures"] += 1
        report.counts["files"] += len(hashes)
        claimed = unseen.pop(capture, None)
        if capture in claims.gone_captures:
            report.find("forgotten_capture", FORGOTTEN, name=capture)
        elif claimed is None:
            report.find("capture_added", CAPTURES, name=capture)
        elif claimed != files_digest(hashes):
            report.find("capture_changed", CAPTURES, name=capture)
    for missing in unseen:
        report.find("capture_removed", CAPTURES, name=missing)
    report.looked_at[CAPTURES] = report.counts["captures"]


def compare_attachments(
    report: Report, claims: Claims, attachments: Iterable[tuple[str, str, int | None, str]]
) -> None:
    """Compare attachments, as id, hash, size and salted hash of the name, with the ledger."""
    unseen = dict(claims.attachments)
    for attachment, digest, size, name in attachments:
        report.counts["attachments"] += 1
        report.counts["files"] += 1
        claimed = unseen.pop(attachment, None)
        if attachment in claims.gone_attachments:
            report.find("forgotten_attachment", FORGOTTEN, name=attachment)
        elif claimed is None:
            report.find("attachment_added", OWN, name=attachment)
        elif claimed != (digest, claimed[1] if size is None else size, name):
            report.find("attachment_changed", OWN, name=attachment)
    for missing in unseen:
        report.find("attachment_removed", OWN, name=missing)
    report.looked_at[OWN] += report.counts["attachments"]


def compare_notes(report: Report, claims: Claims, notes: Iterable[tuple[str, str, str, str]]) -> None:
    """Compare notes, as id, order, time and salted hash, with the ledger."""
    unseen, unknown = dict(claims.notes), []
    for note, order, at, digest in notes:
        report.counts["notes"] += 1
        if unseen.pop(digest, None) is None:
            unknown.append((note, order, at))
    waiting = {(order, at): digest for digest, (_, order, at) in unseen.items()}
    for note, order, at in unknown:
        claimed = waiting.pop((order, at), "")
        unseen.pop(claimed, None)
        report.find("note_changed" if claimed else "note_added", OWN, name=note)
    for line, order, _ in unseen.values():
        if claims.gone_notes[order] > 0:
            claims.gone_notes[order] -= 1
        else:
            report.find("note_removed", OWN, line=line)
    report.looked_at[OWN] += report.counts["notes"]


def compare_heads(report: Report, heads: list[str], at: dict[str, int]) -> None:
    """Say where in the ledger the hashes stand that somebody has from elsewhere."""
    for head in heads:
        if head in at:
            report.heads[head] = at[head]
        else:
            report.find("head_unknown", ANCHORS, name=head)


# --- time stamps -------------------------------------------------------------------------------------------------------


def judge_stamp(
    report: Report,
    *,
    authority: str,
    lines: int,
    digest: str,
    answer: bytes,
    chain: bytes,
    told_at: object = None,
) -> None:
    """Check an authority's answer: it is on this very hash, and where openssl is at hand, signed when it says.

    Certificates count as of the stamp's own time: that they have run out since does not make it worth less.
    """
    facts: dict[str, Any] = {"name": authority, "line": lines}
    if bytes.fromhex(digest) not in answer:
        report.find("stamp_other", ANCHORS, **facts)
        return
    openssl = shutil.which("openssl")
    if openssl is None:
        report.find("stamp_unchecked", ANCHORS, word="no_openssl", **facts)
        return
    if not chain:
        report.find("stamp_unchecked", ANCHORS, word="no_chain", **facts)
        return
    with tempfile.TemporaryDirectory(prefix="stornowacht-verify-") as folder:
        paths = Path(folder, "answer.tsr"), Path(folder, "chain.pem")
        paths[0].write_bytes(answer)
        paths[1].write_bytes(chain)
        at = stamped_at(openssl, paths[0])
        if at is None:
            report.find("stamp_broken", ANCHORS, word="no_stamp", **facts)
            return
        said = moment(told_at)
        if said is not None and abs(said - at) > timedelta(seconds=1):
            report.find("stamp_broken", ANCHORS, word="bad_time", **facts)
            return
        arguments = ["ts", "-verify", "-digest", digest, "-in", str(paths[0])]
        trust = ["-CAfile", str(paths[1]), "-untrusted", str(paths[1]), "-attime", str(int(at.timestamp()))]
        code, output = run(openssl, *arguments, *trust)
        if code != 0 or "Verification: OK" not in output:
            errors = [line for line in output.splitlines() if "error" in line.lower()]
            detail = printable((errors or output.splitlines() or ["?"])[0])[:200]
            report.find("stamp_broken", ANCHORS, word="bad_signature", detail=detail, **facts)
            return
        report.counts["held"] += 1
        report.find("stamp_root", ANCHORS, detail=root_of(openssl, paths[1], chain), **facts)


def stamped_at(openssl: str, answer: Path) -> datetime | None:
    """Return the time that an answer states; `None` where it is no time stamp."""
    code, output = run(openssl, "ts", "-reply", "-in", str(answer), "-text")
    found = re.search(r"Time stamp: (\w{3}) +(\d+) (\d\d):(\d\d):(\d\d)(?:\.\d+)? (\d{4}) GMT", output)
    months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
    if code != 0 or found is None or found[1] not in months:
        return None
    day, hour, minute, second, year = (int(found[place]) for place in range(2, 7))
    with contextlib.suppress(ValueError):
        return datetime(year, months.index(found[1]) + 1, day, hour, minute, second, tzinfo=timezone.utc)
    return None


def root_of(openssl: str, path: Path, chain: bytes) -> str:
    """Return whose certificate a chain ends in, and its SHA-256 fingerprint."""
    blocks = re.findall(rb"-----BEGIN CERTIFICATE-----(.+?)-----END CERTIFICATE-----", chain, re.DOTALL)
    if not blocks:
        return "?"
    last = path.with_name("root.pem")
    last.write_bytes(b"-----BEGIN CERTIFICATE-----" + blocks[-1] + b"-----END CERTIFICATE-----\n")
    subject = run(openssl, "x509", "-in", str(last), "-noout", "-subject", "-nameopt", "utf8,sep_comma_plus")[
        1
    ]
    try:
        digest = hashlib.sha256(base64.b64decode(blocks[-1])).hexdigest()
    except ValueError:
        digest = "?"
    return f"{printable(subject.partition('=')[2].strip())[:200]}, SHA-256 {digest}"


def run(program: str, *arguments: str) -> tuple[int, str]:
    """Run a program that reads files and prints; it gets no input, and has half a minute."""
    environment = {**os.environ, "LC_ALL": "C"}
    try:
        done = subprocess.run(
            [program, *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            timeout=30, check=False, env=environment,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError) as error:
        return 1, f"error: {error}"
    return done.returncode, done.stdout.decode(errors="replace")


# --- a bag -------------------------------------------------------------------------------------------------------------


def is_plain_path(path: str) -> bool:
    """Whether a path leads to a file below, on every system."""
    parts = path.split("/")
    return (
        bool(path)
        and not any(part in ("", ".", "..") for part in parts)
        and not any(sign in path for sign in '\\\0:<>"|?*')
        and path.isprintable()
    )


class FolderBag:
    """A bag as a folder. No link is followed."""

    def __init__(self, folder: Path, report: Report) -> None:
        self.folder = folder
        self.sizes: dict[str, int] = {}
        self.plausible = sys.maxsize
        waiting = [""]
        while waiting:
            inner = waiting.pop()
            with os.scandir(folder / inner) as found:
                entries = sorted(found, key=lambda entry: entry.name)
            for entry in entries:
                path = f"{inner}/{entry.name}" if inner else entry.name
                kind = entry.stat(follow_symlinks=False).st_mode
                if stat.S_ISDIR(kind):
                    waiting.append(path)
                elif stat.S_ISREG(kind):
                    self.sizes[path] = entry.stat(follow_symlinks=False).st_size
                else:
                    name = printable(path)
                    report.find("file_link" if stat.S_ISLNK(kind) else "file_no_file", FILES, name=name)
            if len(self.sizes) > MOST_FILES:
                raise NoEvidenceError("unreadable", str(folder), "too_many")

    def open(self, path: str) -> IO[bytes]:
        """Open a file that is in the list."""
        flags = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
        return os.fdopen(os.open(self.folder / path, flags), "rb")


class ZipBag:
    """A bag as a ZIP with one top folder. Nothing is unpacked to the disk."""

    def __init__(self, path: Path, report: Report) -> None:
        self.archive = zipfile.ZipFile(path)
        self.sizes: dict[str, int] = {}
        self.entries: dict[str, zipfile.ZipInfo] = {}
        self.plausible = HIGHEST_RATIO * path.stat().st_size
        """To more than this no honest bag unpacks: pictures hardly shrink, and pages by some ten times."""
        infos = self.archive.infolist()
        if len(infos) > MOST_FILES:
            raise NoEvidenceError("unreadable", str(path), "too_many")
        tops = {info.filename.split("/")[0] for info in infos}
        self.top = tops.pop() if len(tops) == 1 else ""
        folded: set[str] = set()
        for info in infos:
            name = info.filename
            inner = name[len(self.top) + 1 :] if self.top else name
            if name.endswith("/"):
                if not is_plain_path(name.rstrip("/")):
                    report.find("file_outside", FILES, name=printable(name))
                continue
            kind = info.external_attr >> 16
            if not is_plain_path(inner) or not is_plain_path(name):
                report.find("file_outside", FILES, name=printable(name))
            elif stat.S_ISLNK(kind):
                report.find("file_link", FILES, name=printable(name))
            elif inner.casefold() in folded:
                report.find("bag_broken", FILES, name=printable(inner), word="twice")
            else:
                folded.add(inner.casefold())
                self.sizes[inner] = info.file_size
                self.entries[inner] = info

    def open(self, path: str) -> IO[bytes]:
        """Open a file that is in the list. No more bytes come out of it than the list says."""
        return self.archive.open(self.entries[path])


READ_FAULTS = (
    OSError,
    zipfile.BadZipFile,
    RuntimeError,
    NotImplementedError,
    EOFError,
    ValueError,
    MemoryError,
)
"""What reading a hostile file may raise. zlib's own error is a plain Exception: see `read_faults`."""


def read_faults() -> tuple[type[Exception], ...]:
    """Return everything that reading a packed file may raise."""
    import lzma  # noqa: PLC0415 - only some systems have it
    import zlib  # noqa: PLC0415

    return (*READ_FAULTS, zlib.error, lzma.LZMAError)


class Bag:
    """An exported bag being checked."""

    def __init__(self, source: FolderBag | ZipBag, report: Report) -> None:
        self.source = source
        self.report = report
        self.faults = read_faults()
        self.digests: dict[str, str] = {}
        """Path -> the hash of its bytes, as they are."""
        self.missing: set[str] = set()
        """Files that a manifest names, and that are not there."""
        self.named: set[str] = {
            "data/dossier.pdf",
            "data/dossier.json",
            "data/notes.json",
            "data/stamps/stamps.json",
        }
        self.named |= {f"data/ledger/{name}" for name in ("lines.jsonl", "hashes.txt", "evidence.json")}

    def check(self, heads: list[str]) -> None:
        """Check everything, step by step."""
        self.check_files()
        paper = "data/covered.json"
        if paper in self.digests and "data/ledger/evidence.json" not in self.digests:
            covered = self.read_json(paper)
            original = text_of(covered, "original_manifest_sha256") if isinstance(covered, dict) else ""
            self.report.find("covered_copy", FILES, name=paper, detail=printable(original))
            return
        evidence = self.read_json("data/ledger/evidence.json")
        if not isinstance(evidence, dict):
            self.report.find("evidence_broken", FILES, name="data/ledger/evidence.json", word="no_object")
            return
        if evidence.get("format") != EVIDENCE_FORMAT:
            self.report.find("evidence_newer", FORM, name="data/ledger/evidence.json")
            return
        hashes = self.read_hashes()
        claims = self.read_lines(hashes)
        self.check_head(evidence, hashes)
        self.check_captures(evidence, claims)
        self.check_own(evidence, claims)
        self.check_forgotten(claims)
        self.check_anchors(claims, hashes)
        compare_heads(self.report, heads, {digest.hex(): place for place, digest in enumerate(hashes, 1)})
        self.check_names()

    # files

    def check_files(self) -> None:
        """Compare every file with the manifests, and the manifests with every file."""
        declared = self.read_text("bagit.txt")
        if (
            re.fullmatch(
                r"BagIt-Version: \d+\.\d+\nTag-File-Character-Encoding: UTF-8\n?",
                declared.replace("\r\n", "\n"),
            )
            is None
        ):
            self.report.find(
                "bag_broken", FILES, name="bagit.txt", word="missing" if not declared else "no_object"
            )
        self.check_size()
        payload = self.read_manifest("manifest-sha256.txt")
        tags = self.read_manifest("tagmanifest-sha256.txt")
        for path, digest in {**payload, **tags}.items():
            self.check_file(path, digest)
        for path in sorted(self.source.sizes):
            known = payload if path.startswith("data/") else tags
            if path not in known and path != "tagmanifest-sha256.txt":
                self.report.find("file_extra", FILES, name=printable(path))
        self.report.looked_at[FILES] = len(self.source.sizes)

    def check_size(self) -> None:
        """Compare the payload's size with what `bag-info.txt` says, before anything is read to its end."""
        payload = [size for path, size in self.source.sizes.items() if path.startswith("data/")]
        total, others = sum(payload), sum(self.source.sizes.values()) - sum(payload)
        found = re.search(
            r"^Payload-Oxum: *(\d{1,18})\.(\d{1,9})\s*$", self.read_text("bag-info.txt"), re.MULTILINE
        )
        said = int(found[1]) if found else LARGEST_WITHOUT_WORD
        if total > min(2 * said, self.source.plausible) + SPARE or others > SPARE:
            self.report.find("bag_too_large", FILES, name="bag-info.txt", detail=f"{total + others:,}")
            self.source.sizes = {
                path: size for path, size in self.source.sizes.items() if size <= LARGEST_STAMP
            }
        elif found and (total, len(payload)) != (said, int(found[2])):
            detail = f"Payload-Oxum {found[1]}.{found[2]}, {total}.{len(payload)}"
            self.report.find("bag_broken", FILES, name="bag-info.txt", detail=detail)

    def read_manifest(self, name: str) -> dict[str, str]:
        """Return what a manifest names: path -> hash."""
        if name not in self.source.sizes:
            self.report.find("bag_broken", FILES, name=name, word="missing")
            return {}
        entries: dict[str, str] = {}
        for line in self.read_text(name).splitlines():
            found = re.fullmatch(r"([0-9a-fA-F]{64})[ \t]+\*?(.+)", line)
            if found is None:
                self.report.find("bag_broken", FILES, name=name, word="no_hash")
                continue
            path = re.sub("%0[aA]", "\n", re.sub("%0[dD]", "\r", found[2])).replace("%25", "%")
            if path in entries:
                self.report.find("bag_broken", FILES, name=printable(path), word="twice")
            elif not is_plain_path(path) or (name.startswith("manifest") and not path.startswith("data/")):
                self.report.find("file_outside", FILES, name=printable(path))
            else:
                entries[path] = found[1].lower()
        return entries

    def check_file(self, path: str, wanted: str) -> None:
        """Read a file to its end and compare it with its hash."""
        if path not in self.source.sizes:
            self.missing.add(path)
            self.report.find("file_missing", FILES, name=printable(path))
            return
        digest = hashlib.sha256()
        try:
            with self.source.open(path) as stream:
                while True:
                    chunk = stream.read(CHUNK)
                    if not chunk:
                        break
                    digest.update(chunk)
        except self.faults as error:
            self.report.find(
                "file_unreadable", FILES, name=printable(path), detail=printable(str(error))[:200]
            )
            return
        self.digests[path] = digest.hexdigest()
        if self.digests[path] != wanted:
            self.report.find("file_changed", FILES, name=printable(path))

    def read_bytes(self, path: str, largest: int) -> bytes | None:
        """Return a file's bytes; `None` where they cannot be had, or are too many."""
        if self.source.sizes.get(path, largest + 1) > largest:
            return None
        try:
            with self.source.open(path) as stream:
                content = stream.read(largest + 1)
        except self.faults:
            return None
        return content if len(content) <= largest else None

    def read_text(self, path: str) -> str:
        """Return a file's text; empty where it cannot be had."""
        return (self.read_bytes(path, LARGEST_JSON) or b"").decode(errors="replace")

    def read_json(self, path: str) -> object:
        """Return what a JSON file holds; `None` where it cannot be read, which is remembered as a fault."""
        content = self.read_bytes(path, LARGEST_JSON)
        if content is None:
            word = "missing" if path not in self.source.sizes else "too_large"
            self.report.find("evidence_broken", FILES, name=path, word=word)
            return None
        try:
            return json.loads(content)
        except (ValueError, RecursionError, MemoryError):
            self.report.find("evidence_broken", FILES, name=path, word="too_deep")
            return None

    # the ledger

    def read_hashes(self) -> list[bytes]:
        """Return the hash of every line of the ledger, also of those whose text is not in the bag."""
        path = "data/ledger/hashes.txt"
        hashes: list[bytes] = []
        if path not in self.source.sizes:
            self.report.find("evidence_broken", CHAIN, name=path, word="missing")
            return hashes
        try:
            with self.source.open(path) as stream:
                while len(hashes) < MOST_LINES:
                    line = stream.readline(66)
                    if not line:
                        break
                    hashes.append(bytes.fromhex(line.decode().strip()) if len(line) == 65 else b"")  # noqa: PLR2004
                    if len(hashes[-1]) != 32 or not line.endswith(b"\n"):  # noqa: PLR2004
                        raise ValueError
        except self.faults:
            self.report.find("evidence_broken", CHAIN, name=path, word="no_hash")
            return []
        return hashes

    def read_lines(self, hashes: list[bytes]) -> Claims:
        """Check the lines that are in the bag: each has the hash, the place and the predecessor that the list says."""
        claims, clock, before = Claims(), Chain(self.report), 0
        path = "data/ledger/lines.jsonl"
        if path not in self.source.sizes:
            self.report.find("evidence_broken", CHAIN, name=path, word="missing")
            return claims
        try:
            with self.source.open(path) as stream:
                for place in range(1, MOST_LINES):
                    line = stream.readline(LARGEST_LINE)
                    if not line:
                        break
                    before = self.check_line(
                        line, place=place, before=before, hashes=hashes, claims=claims, clock=clock
                    )
        except self.faults as error:
            self.report.find("file_unreadable", CHAIN, name=path, detail=printable(str(error))[:200])
        return claims

    def check_line(
        self, raw: bytes, *, place: int, before: int, hashes: list[bytes], claims: Claims, clock: Chain
    ) -> int:
        """Check one line; returns its number."""
        self.report.counts["extract"] += 1
        whole = raw.endswith(b"\n")
        text = raw[:-1].decode(errors="replace") if whole else raw.decode(errors="replace")
        seen = Seen(0, text, "")
        seen.seq = number = seen.told.seq or 0
        if seen.form is not None or not whole:
            name = "line_" + (seen.form or "not_canonical")
            self.report.find(name, FORM, line=number or place)
        if not 1 <= number <= len(hashes):
            self.report.find("line_added", CHAIN, line=number or place)
        elif bytes.fromhex(seen.own_hash) != hashes[number - 1]:
            self.report.find("line_changed", CHAIN, line=number)
        elif seen.told.prev != (hashes[number - 2].hex() if number > 1 else GENESIS):
            self.report.find("no_beginning" if number == 1 else "line_rewritten", CHAIN, line=number)
        if number and number == before:
            self.report.find("line_added", CHAIN, line=number)
        elif number and number < before:
            self.report.find("line_swapped", CHAIN, line=number)
        else:
            clock.look_at_clock(seen)
        claims.take(seen)
        return max(number, before)

    def check_head(self, evidence: dict[str, Any], hashes: list[bytes]) -> None:
        """Compare the list of hashes with what the evidence says of its length and its end."""
        self.report.counts["lines"] = len(hashes)
        self.report.looked_at[CHAIN] = len(hashes)
        self.report.looked_at[FORM] = self.report.counts["extract"]
        self.report.head = hashes[-1].hex() if hashes else None
        facts: dict[str, Any] = {"name": "data/ledger/evidence.json"}
        if evidence.get("lines") != len(hashes):
            self.report.find("evidence_other", CHAIN, word="count_other", detail=str(len(hashes)), **facts)
        if evidence.get("head") != (self.report.head or GENESIS):
            self.report.find("evidence_other", CHAIN, word="head_other", **facts)

    # what the evidence names

    def entries(self, holder: object, name: str) -> list[dict[str, Any]]:
        """Return a list of objects; what is none is remembered as a fault."""
        value = holder.get(name, []) if isinstance(holder, dict) else []
        if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
            self.report.find("evidence_broken", FORM, name="data/ledger/evidence.json", word="no_object")
            return []
        return value

    def file_of(self, entry: dict[str, Any]) -> str:
        """Return the hash that the evidence gives a file; that the bag holds another there is remembered as a fault."""
        path, digest = text_of(entry, "path"), text_of(entry, "sha256")
        self.named.add(path)
        found = self.digests.get(path)
        if not path:  # it could not be read when the bag was made, and the bag says so itself
            self.report.find("file_missing", FILES, name=digest)
        elif found is None:
            if path not in self.missing and path not in self.source.sizes:
                self.report.find("file_missing", FILES, name=printable(path))
        elif found != digest:
            self.report.find("evidence_file", FILES, name=printable(path))
        return digest

    def check_captures(self, evidence: dict[str, Any], claims: Claims) -> None:
        """Compare the captures with the ledger, and their files with the bag."""
        found = []
        for capture in self.entries(evidence, "captures"):
            hashes = [self.file_of(entry) for entry in self.entries(capture, "files")]
            found.append((text_of(capture, "id"), hashes))
            self.named.add(text_of(capture, "facts"))
        self.named.update(text_of(entry, "path") for entry in self.entries(evidence, "derived"))
        for capture in self.entries(evidence, "captures"):
            self.named.update(text_of(entry, "path") for entry in self.entries(capture, "derived"))
        compare_captures(self.report, claims, found)

    def check_own(self, evidence: dict[str, Any], claims: Claims) -> None:
        """Compare attachments and notes with the ledger."""
        attachments = []
        for entry in self.entries(evidence, "attachments"):
            size = entry.get("size")
            name = salted(text_of(entry, "salt"), text_of(entry, "name"))
            attachments.append((text_of(entry, "id"), self.file_of(entry), size, name))
        compare_attachments(self.report, claims, attachments)
        notes, order = self.read_json("data/notes.json"), text_of(evidence, "order")
        found = []
        for place, note in enumerate(self.entries({"notes": notes or []}, "notes"), start=1):
            digest = salted(text_of(note, "salt"), text_of(note, "text"))
            at = moment(note.get("at"))
            told_at = at.astimezone(timezone.utc).isoformat(timespec="microseconds") if at else ""
            found.append((str(place), order, told_at, digest))
        compare_notes(self.report, claims, found)

    def check_forgotten(self, claims: Claims) -> None:
        """Find files in the bag that the ledger says were forgotten, and that nothing else in it needs."""
        for path, digest in self.digests.items():
            if digest in claims.gone_files and path not in self.named:
                self.report.find("forgotten_file", FORGOTTEN, name=printable(path))
        gone = (claims.gone_captures, claims.gone_attachments, claims.gone_files)
        self.report.looked_at[FORGOTTEN] = sum(map(len, gone))

    def check_anchors(self, claims: Claims, hashes: list[bytes]) -> None:
        """Compute again what was anchored, and check what the authorities have answered."""
        stamps = (
            self.read_json("data/stamps/stamps.json")
            if "data/stamps/stamps.json" in self.source.sizes
            else []
        )
        entries = self.entries({"stamps": stamps}, "stamps")
        wanted = {whole_of(entry, "lines") for entry in entries} | set(claims.anchors)
        digests = digests_of(hashes, wanted)
        good = 0
        for lines, digest in sorted(claims.anchors.items()):
            if lines not in digests:
                self.report.find("anchor_cut", ANCHORS, line=lines, count=len(hashes))
            elif digests[lines] != digest:
                self.report.find("anchor_changed", ANCHORS, line=lines, count=good + 1, until=lines)
            else:
                good = lines
        unseen = dict(claims.stamps)
        for entry in entries:
            lines, authority = whole_of(entry, "lines"), text_of(entry, "authority")
            self.check_stamp(entry, lines, authority, unseen.pop((lines, authority), None), digests)
        for lines, authority in unseen:
            self.report.find("stamp_removed", ANCHORS, name=printable(authority), line=lines)
        self.report.counts["anchors"] = len(claims.anchors)
        self.report.looked_at[ANCHORS] = len(claims.anchors) + len(entries)

    def check_stamp(
        self, entry: dict[str, Any], lines: int, authority: str, claimed: str | None, digests: dict[int, str]
    ) -> None:
        """Check one stamp."""
        self.report.counts["stamps"] += 1
        path, chain = text_of(entry, "answer"), text_of(entry, "chain")
        self.named.update((path, chain))
        facts: dict[str, Any] = {"name": printable(authority), "line": lines}
        answer = self.read_bytes(path, LARGEST_STAMP)
        if lines not in digests:
            self.report.find("anchor_cut", ANCHORS, line=lines, count=self.report.counts["lines"])
            return
        if answer is None:
            self.report.find("file_missing", ANCHORS, name=printable(path))
            return
        if claimed is None:
            self.report.find("stamp_added", ANCHORS, **facts)
        elif claimed != hashlib.sha256(answer).hexdigest():
            self.report.find("stamp_changed", ANCHORS, **facts)
        if text_of(entry, "digest") not in ("", digests[lines]):
            self.report.find("anchor_changed", ANCHORS, line=lines, count=1, until=lines)
        judge_stamp(
            self.report, authority=printable(authority), lines=lines, digest=digests[lines], answer=answer,
            chain=(self.read_bytes(chain, LARGEST_STAMP) or b"") if chain else b"", told_at=entry.get("stamped_at"),
        )  # fmt: skip

    def check_names(self) -> None:
        """Find files of the payload of which the evidence does not say what they are."""
        for path in sorted(self.digests):
            if path.startswith("data/") and path not in self.named:
                self.report.find("file_unnamed", FILES, name=printable(path))


def text_of(entry: dict[str, Any], name: str) -> str:
    """Return a text of an object; empty where there is none."""
    value = entry.get(name)
    return value if isinstance(value, str) else ""


def whole_of(entry: dict[str, Any], name: str) -> int:
    """Return a whole number of an object; 0 where there is none."""
    value = entry.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def digests_of(hashes: list[bytes], wanted: set[int]) -> dict[int, str]:
    """Return the digest of so many first lines of the ledger, for each number that is wanted."""
    digest, found = hashlib.sha256(), {}
    for place, each in enumerate(hashes, start=1):
        digest.update(each.hex().encode() + b"\n")
        if place in wanted:
            found[place] = digest.hexdigest()
    return found


# --- a storage folder --------------------------------------------------------------------------------------------------


class Storage:
    """A storage folder being checked; its database is opened for reading alone."""

    def __init__(self, folder: Path, report: Report) -> None:
        self.folder = folder
        self.report = report
        self.path = folder / "stornowacht.db"
        self.plain: set[str] = set()
        """Folders that were seen to be no links."""
        self.buffer = memoryview(bytearray(CHUNK))
        self.tables: set[str] = set()
        self.connection: sqlite3.Connection

    def check(self, heads: list[str]) -> None:
        """Check everything, step by step, as `archive verify` does."""
        with contextlib.closing(self.open()) as self.connection:
            try:
                self.check_owner()
                self.connection.execute("BEGIN")
                self.check_all(heads)
            except sqlite3.Error as error:
                raise NoEvidenceError("unreadable", str(self.path), str(error)) from error

    def open(self) -> sqlite3.Connection:
        """Open the database. Where no log lies beside it nobody writes, and it can be read without a trace."""
        log = self.path.with_name(self.path.name + "-wal")
        way = "mode=ro" if log.exists() and log.stat().st_size else "mode=ro&immutable=1"
        try:
            connection = sqlite3.connect(
                f"{self.path.absolute().as_uri()}?{way}", uri=True, isolation_level=None
            )
        except sqlite3.Error as error:
            raise NoEvidenceError("unreadable", str(self.path), str(error)) from error
        connection.text_factory = lambda raw: raw.decode(errors="replace")
        return connection

    def check_owner(self) -> None:
        """Refuse the database of another program, and one of a newer version."""
        if self.number("application_id") != APPLICATION_ID:
            raise NoEvidenceError("other_database", str(self.path), "")
        if self.number("user_version") > NEWEST_SCHEMA:
            raise NoEvidenceError("newer_database", str(self.path), str(self.number("user_version")))
        self.tables = {
            name for (name,) in self.connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
        }

    def number(self, pragma: str) -> int:
        """Return a number from the database's head."""
        return int(self.connection.execute(f"PRAGMA {pragma}").fetchone()[0])

    def rows(self, query: str, *tables: str) -> Iterable[Any]:
        """Return rows, or none where one of the tables was not invented yet."""
        return self.connection.execute(query) if self.tables.issuperset(tables) else ()

    def check_all(self, heads: list[str]) -> None:
        """Read the ledger, then compare everything else with it."""
        anchors = list(self.rows("SELECT lines, digest FROM anchors ORDER BY lines", "anchors"))
        stamps = list(
            self.rows(
                "SELECT lines, authority, path, sha256, chain_path, chain_sha256 FROM stamps ORDER BY lines, authority",
                "stamps",
            )
        )
        wanted = {row[0] for row in (*anchors, *stamps)}
        claims, digests = self.read_ledger(heads, wanted)
        self.check_captures(claims)
        self.check_own(claims)
        self.check_anchors(claims, anchors, stamps, digests)
        known = self.check_files()
        self.look_for_strays(claims, known)
        for lines, authority, path, digest, chain, _ in stamps:
            answer = self.read_small(path)
            if lines in digests and answer:
                del digest
                judge_stamp(
                    self.report, authority=printable(authority), lines=lines, digest=digests[lines], answer=answer,
                    chain=self.read_small(chain) if chain else b"",
                )  # fmt: skip

    def read_ledger(self, heads: list[str], wanted: set[int]) -> tuple[Claims, dict[int, str]]:
        """Check the chain in one pass, and gather what it claims."""
        claims, chain = Claims(), Chain(self.report)
        digest, digests, places, count = hashlib.sha256(), {}, {}, 0
        held: Seen | None = None
        for seq, text, line_hash in self.rows("SELECT seq, text, hash FROM ledger ORDER BY seq", "ledger"):
            ahead = Seen(seq, text, line_hash)
            if held is not None:
                chain.judge(held, ahead)
            held, count = ahead, count + 1
            digest.update(f"{line_hash}\n".encode(errors="replace"))
            if count in wanted:
                digests[count] = digest.hexdigest()
            if line_hash in heads and ahead.is_itself:
                places[line_hash] = seq
            claims.take(ahead)
        if held is not None:
            chain.judge(held, None)
            self.report.head = held.hash
        self.report.counts["lines"] = self.report.looked_at[CHAIN] = self.report.looked_at[FORM] = count
        compare_heads(self.report, heads, places)
        return claims, digests

    def check_captures(self, claims: Claims) -> None:
        """Compare the captures with the ledger."""
        found: dict[str, list[str]] = {
            name: [] for (name,) in self.rows("SELECT id FROM captures", "captures")
        }
        query = "SELECT capture_id, sha256 FROM capture_files ORDER BY capture_id, position"
        for capture, digest in self.rows(query, "capture_files"):
            found.setdefault(capture, []).append(digest)
        compare_captures(self.report, claims, found.items())

    def check_own(self, claims: Claims) -> None:
        """Compare attachments and notes with the ledger."""
        query = "SELECT id, sha256, size, salt, name FROM attachments ORDER BY at, id"
        attachments = (
            (attachment, digest, size, salted(salt, name))
            for attachment, digest, size, salt, name in self.rows(query, "attachments")
        )
        compare_attachments(self.report, claims, attachments)
        query = "SELECT id, order_id, at, salt, text FROM notes ORDER BY id"
        notes = (
            (str(note), order, at, salted(salt, text))
            for note, order, at, salt, text in self.rows(query, "notes")
        )
        compare_notes(self.report, claims, notes)

    def check_anchors(
        self, claims: Claims, anchors: list[Any], stamps: list[Any], digests: dict[int, str]
    ) -> None:
        """Compare anchors and stamps with the ledger."""
        unseen, good = dict(claims.anchors), 0
        for lines, digest in anchors:
            claimed = unseen.pop(lines, None)
            if lines not in digests:
                self.report.find("anchor_cut", ANCHORS, line=lines, count=self.report.counts["lines"])
            elif digests[lines] != digest or claimed not in (None, digest):
                self.report.find("anchor_changed", ANCHORS, line=lines, count=good + 1, until=lines)
            elif claimed is None:
                self.report.find("anchor_added", ANCHORS, line=lines)
            else:
                good = lines
        for lines in unseen:
            self.report.find("anchor_removed", ANCHORS, line=lines)
        told = dict(claims.stamps)
        for lines, authority, _, digest, _, _ in stamps:
            claimed = told.pop((lines, authority), None)
            if claimed != digest:
                kind = "stamp_added" if claimed is None else "stamp_changed"
                self.report.find(kind, ANCHORS, name=printable(authority), line=lines)
        for lines, authority in told:
            self.report.find("stamp_removed", ANCHORS, name=printable(authority), line=lines)
        self.report.counts["anchors"], self.report.counts["stamps"] = len(anchors), len(stamps)
        self.report.looked_at[ANCHORS] = len(anchors) + len(stamps)

    def check_files(self) -> set[str]:
        """Look at every file that is remembered; returns their paths."""
        found: dict[tuple[str, str], None] = {}
        for table, path, digest in (
            ("capture_files", "path", "sha256"), ("attachments", "path", "sha256"), ("stamps", "path", "sha256"),
            ("stamps", "chain_path", "chain_sha256"),
        ):  # fmt: skip
            query = f"SELECT {path}, {digest} FROM {table} WHERE {path} <> ''"  # noqa: S608 - the names above
            found.update(dict.fromkeys(self.rows(query, table)))
        writable = []
        for path, digest in sorted(found):
            state, detail = self.look(path, digest)
            if state == "writable":
                writable.append(path)
            elif state:
                self.report.find(f"file_{state}", FILES, name=printable(path), detail=detail)
        if writable:
            self.report.find("file_writable", FILES, name=printable(writable[0]), count=len(writable))
        self.report.looked_at[FILES] = len(found)
        return {path for path, _ in found}

    def look(self, path: str, wanted: str) -> tuple[str, str]:
        """Return what is wrong with a file, and the system's word for it; empty where nothing is."""
        if not is_plain_path(path):
            return "outside", ""
        try:
            mode = self.mode_of(path)
            if not stat.S_ISREG(mode):
                return ("link" if stat.S_ISLNK(mode) else "no_file"), ""
            found = self.hash_of_file(path)
        except FileNotFoundError:
            return "missing", ""
        except OSError as error:
            return "unreadable", error.strerror or str(error)
        if found != wanted:
            return "changed", ""
        return ("writable" if os.name == "posix" and mode & 0o222 else ""), ""

    def mode_of(self, path: str) -> int:
        """Return what stands at a path; a link, where one stands on the way to it."""
        folder = path.rpartition("/")[0]
        if folder and folder not in self.plain:
            mode = self.mode_of(folder)
            if stat.S_ISLNK(mode):
                return mode
            self.plain.add(folder)
        return os.lstat(f"{self.folder}/{path}").st_mode

    def hash_of_file(self, path: str) -> str:
        """Read a file to its end; returns its hash."""
        digest = hashlib.sha256()
        with (self.folder / path).open("rb", buffering=0) as stream:
            while True:
                count = stream.readinto(self.buffer)
                if not count:
                    return digest.hexdigest()
                digest.update(self.buffer[:count])

    def read_small(self, path: str) -> bytes:
        """Return a small file's bytes; empty where they cannot be had."""
        if not is_plain_path(path):
            return b""
        try:
            with (self.folder / path).open("rb") as stream:
                content = stream.read(LARGEST_STAMP + 1)
        except OSError:
            return b""
        return content if len(content) <= LARGEST_STAMP else b""

    def look_for_strays(self, claims: Claims, known: set[str]) -> None:
        """Find files in the archive that nothing owns, those among them that were to be forgotten, and halves."""
        going = {path for (path,) in self.rows("SELECT path FROM erasures", "erasures")}
        for folder, inner, files in os.walk(self.folder / "archive"):
            inner.sort()
            links = [name for name in inner if os.path.islink(os.path.join(folder, name))]  # noqa: PTH114, PTH118
            for name in sorted((*files, *links)):
                path = Path(folder, name).relative_to(self.folder).as_posix()
                if path in known:
                    continue
                named = re.fullmatch(r"([0-9a-f]{64})(?:\.[a-z0-9.]+)?", name)
                if named and named[1] in claims.gone_files:
                    kind = "file_going" if path in going else "forgotten_file"
                    self.report.find(kind, FORGOTTEN, name=printable(path))
                else:
                    kind = "part_left" if name.startswith("part-") else "stray_file"
                    self.report.find(kind, FILES, name=printable(path))
        gone = (claims.gone_captures, claims.gone_attachments, claims.gone_files)
        self.report.looked_at[FORGOTTEN] = sum(map(len, gone))


# --- the way in --------------------------------------------------------------------------------------------------------


def verify(path: Path, heads: list[str]) -> Report:
    """Check whatever lies at a path.

    Raises:
        NoEvidenceError: it is no evidence, or cannot be read at all.
    """
    report = Report()
    try:
        if path.is_dir() and (path / "stornowacht.db").is_file():
            Storage(path, report).check(heads)
        elif path.is_dir() and (path / "bagit.txt").exists():
            Bag(FolderBag(path, report), report).check(heads)
        elif path.is_file() and zipfile.is_zipfile(path):
            source = ZipBag(path, report)
            with source.archive:
                Bag(source, report).check(heads)
        else:
            raise NoEvidenceError("no_evidence", str(path), "")
    except (OSError, zipfile.BadZipFile, NotImplementedError) as error:
        raise NoEvidenceError(
            "unreadable", str(path), getattr(error, "strerror", None) or str(error)
        ) from error
    return report


def as_json(report: Report, words: dict[str, str]) -> dict[str, Any]:
    """Return a report as `archive verify --json` prints it."""

    def told(findings: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [
            {
                "step": finding["step"], "kind": finding["kind"], "place": place_of(finding, words),
                "reason": reason_of(finding, words),
            }
            for finding in findings
        ]  # fmt: skip

    faults = report.of(remarks=False)
    counts = report.counts
    return {
        "ok": report.ok,
        **{name: counts[name] for name in ("lines", "captures", "files", "attachments", "notes")},
        "anchors": {"count": counts["anchors"], "stamps": counts["stamps"], "held": counts["held"]},
        "ledger_head": report.head,
        "heads": report.heads,
        "steps": [
            {
                "number": number, "name": name, "looked_at": report.looked_at[number],
                "faults": sum(fault["step"] == number for fault in faults),
            }
            for number, name in enumerate(STEPS, start=1)
        ],
        "faults": told(faults),
        "remarks": told(report.of(remarks=True)),
    }  # fmt: skip


def show(report: Report, words: dict[str, str]) -> None:
    """Print a report for a person."""
    faults, remarks = report.of(remarks=False), report.of(remarks=True)
    for number, name in enumerate(STEPS, start=1):
        own = [fault for fault in faults if fault["step"] == number]
        print(f"{'✗' if own else '✓'} {number}. {words['step_' + name]} ({report.looked_at[number]})")
        for mark, found in (("✗", own), ("·", [each for each in remarks if each["step"] == number])):
            for finding in found:
                print(
                    f"    {mark} {printable(place_of(finding, words))}: {printable(reason_of(finding, words))}"
                )
    for head, line in report.heads.items():
        print(words["head_found"].format(name=head, line=line))
    counts = {name: report.counts[name] for name in ("lines", "captures", "files", "stamps", "held")}
    print(f"{words['counts'].format(**counts)}: {words['good'] if report.ok else words['bad']}.")
    if report.head:
        print(words["head"].format(name=report.head))


def language_of(environment: dict[str, str]) -> str:
    """Return the language that a system is set to: German, or English for all others."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if environment.get(name):
            return "de" if environment[name].lower().startswith("de") else "en"
    return "en"


def head_of(text: str) -> str:
    """Return a hash as it was copied from a mail: blanks, line breaks and capitals do not matter."""
    head = "".join(text.split()).lower()
    if re.fullmatch("[0-9a-f]{64}", head) is None:
        raise NoEvidenceError("no_head", text, "")
    return head


def main(arguments: list[str] | None = None) -> int:
    """Check what is asked for, and print what was found."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    here = Path(__file__).absolute().parent
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument(
        "path",
        nargs="?",
        type=Path,
        help="a bag (folder or ZIP), or a storage folder; the folder of this file unless given",
    )
    parser.add_argument(
        "--head",
        action="append",
        default=[],
        metavar="HASH",
        help="a ledger line's hash from elsewhere, an alert mail say",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--language", choices=("de", "en"), default=language_of(dict(os.environ)))
    given = parser.parse_args(arguments)
    words = WORDS[given.language]
    path = given.path or (here if (here / "bagit.txt").exists() else Path.cwd())
    try:
        report = verify(path, [head_of(head) for head in given.head])
    except NoEvidenceError as error:
        word, name, detail = error.args
        print(printable(words[word].format(path=name, detail=words.get(detail, detail))), file=sys.stderr)
        return 2
    if given.json:
        print(json.dumps(as_json(report, words), ensure_ascii=True, indent=2))
    else:
        show(report, words)
    return 0 if report.ok else 1


if __name__ == "__main__":
    sys.exit(main())
