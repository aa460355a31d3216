"""`track`: where a parcel is, told by the seller or copied from the carrier's page. Said, kept, nothing guessed."""

import io
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta

import click
import pytest

from fixtures.shop.histories import parcel_number
from tests.carriers import pages
from tests.support.cli import CommandLine, Said
from tests.support.clock import NOON, Clock
from tests.tracking.dhl_server import ANNOUNCED, HANDED_IN, KEY, Dhl, body, dhl, shipment
from watcher.carriers.paste import LONGEST
from watcher.domain.parcel import Origin
from watcher.storage.store import SqliteStore

OURS = parcel_number("0034043420051118270")
"""What the practice shop's shipped order has."""
OTHER = pages.OTHER_DHL_NUMBER
PAGE = pages.DHL.replace("Sa, 21.", "Di, 24.").replace("Fr, 20.", "Mo, 23.").replace("Do, 19.", "So, 22.")
"""The course after the shop's own page has said that the parcel was sent."""
LOADED = "Die Sendung wurde in das Zustellfahrzeug geladen."
Track = Callable[..., Said]
Stdin = Callable[[bytes], None]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock(NOON + timedelta(days=2))
    monkeypatch.setattr("watcher.cli.track.now", clock)
    return clock


@pytest.fixture
def track(seller: CommandLine, order_id: str, clock: Clock) -> Track:
    """The command about the shipped and cancelled order; it says each time what is known now."""

    def call(*words: str) -> Said:
        clock.forward(minutes=1)
        return seller("track", order_id, *words)

    return call


@pytest.fixture
def lampe(seller: CommandLine) -> str:
    """A paid order whose parcel has no number yet."""
    return next(order["id"] for order in seller("orders", "--json").json if "Stehlampe" in order["title"])


@pytest.fixture
def stdin(monkeypatch: pytest.MonkeyPatch) -> Stdin:
    def feed(data: bytes) -> None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data), encoding="utf-8"))

    return feed


def kept(seller: CommandLine, order: str) -> list[str]:
    """The words that were kept of what was pasted or typed."""
    store = SqliteStore(seller.data)
    try:
        return [each.words for each in store.sightings(order) if each.origin is not Origin.PAGE]
    finally:
        store.close()


# --- text -----------------------------------------------------------------------------------------------------------


def test_a_copied_page_is_told_as_the_course_of_the_parcel(track: Track) -> None:
    said = track(PAGE)
    assert (said.code, said.err) == (0, "")
    first, *lines = said.out.splitlines()
    assert first == "5 new words about the parcel."
    assert lines[0] == f"DHL, {OURS}"
    assert lines[1].strip().startswith("in the delivery vehicle")
    assert any("Filiale eingeliefert" in line for line in lines)
    assert "Cookies" not in said.out


def test_scripts_get_the_whole_course_and_what_is_concluded(track: Track) -> None:
    found = track(PAGE, "--json").json
    assert (found["carrier"], found["number"], found["milestone"], found["contradicts"]) == (
        "dhl", OURS, "out_for_delivery", False,
    )  # fmt: skip
    assert (found["new"], found["problem"], found["other_numbers"]) == (5, None, [])
    pasted = [each for each in found["sightings"] if each["origin"] == "paste"]
    assert [each["milestone"] for each in pasted] == [
        "label_created", "handed_in", "in_transit", "at_depot", "out_for_delivery",
    ]  # fmt: skip
    assert pasted[-1]["at"] == "2026-11-24T07:15:00+00:00"
    assert found["case"]["kind"] == "in_transit"


def test_text_without_quotes_is_one_text(track: Track) -> None:
    said = track(*f"24.11.2026 08:15 {LOADED}".split())
    assert said.code == 0
    assert "1 new word about the parcel." in said.out


def test_the_same_page_again_is_nothing_new(track: Track) -> None:
    before = track(PAGE).out.splitlines()[1:]
    said = track(PAGE)
    assert said.code == 0
    assert said.out.splitlines() == ["Nothing new in it: all of that was known.", *before]


def test_an_order_alone_tells_what_is_known_and_changes_nothing(
    track: Track, seller: CommandLine, order_id: str
) -> None:
    track(LOADED)
    words = kept(seller, order_id)
    said = track()
    assert said.code == 0
    assert said.out.splitlines()[0] == f"DHL, {OURS}"
    assert LOADED in said.out
    assert kept(seller, order_id) == words


def test_the_case_that_follows_is_named(track: Track, order_id: str) -> None:
    assert f"The case follows: `stornowacht show {order_id}`" in track(LOADED).out


def test_what_was_pasted_changes_what_is_to_be_done(track: Track, seller: CommandLine) -> None:
    def to_do() -> set[str]:
        [case] = seller("cases", "--json").json
        return {step["id"] for step in case["steps"] if not step["done"]}

    before = to_do()
    track(f"24.11.2026 08:15 {LOADED}")
    assert "ask_carrier" in before - to_do()
    assert "ask_buyer_at_door" in to_do()


# --- standard input -------------------------------------------------------------------------------------------------


def test_a_dash_reads_what_is_piped_in(track: Track, stdin: Stdin) -> None:
    stdin(PAGE.encode())
    found = track("-", "--json").json
    assert (found["milestone"], found["new"]) == ("out_for_delivery", 5)


def test_a_number_can_be_piped_in(seller: CommandLine, lampe: str, stdin: Stdin, clock: Clock) -> None:
    stdin(f"{OTHER}\n".encode())
    assert seller("track", lampe, "-", "--json").json["number"] == OTHER


def test_bytes_that_are_no_text_do_not_hide_the_rest(track: Track, stdin: Stdin) -> None:
    stdin(b"\xff\xfe\x00\xc3\n24.11.2026 08:15 " + LOADED.encode() + b"\x80\n")
    found = track("-", "--json").json
    assert found["milestone"] == "out_for_delivery"


def test_a_stream_without_an_end_is_not_read_to_its_end(
    track: Track, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Endless(io.RawIOBase):
        read_bytes = 0

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: object) -> int:
            view = memoryview(buffer)  # type: ignore[arg-type]
            view[:] = b"x" * len(view)
            self.read_bytes += len(view)
            return len(view)

    endless = Endless()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(endless), encoding="utf-8"))
    said = track("-")
    assert said.code == 2
    assert "too long" in said.err
    assert endless.read_bytes < 8 * LONGEST


def test_without_standard_input_the_other_way_is_told(track: Track, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    said = track("-")
    assert (said.code, said.out) == (2, "")
    assert "nothing to read from" in said.err
    assert "as an argument" in said.err


def test_whoever_sits_at_a_terminal_is_told_how_to_end_the_text(
    track: Track, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Terminal(io.TextIOWrapper):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(sys, "stdin", Terminal(io.BytesIO(LOADED.encode()), encoding="utf-8"))
    said = track("-")
    assert said.code == 0
    assert "Ctrl-D" in said.err


# --- what is no status ----------------------------------------------------------------------------------------------

NOT_TO_READ = {
    "": "Nothing was pasted",
    " \n\t ": "Nothing was pasted",
    "\x1b[2J\u202e\x00": "Nothing was pasted",
    "<!DOCTYPE html><html><body><p>Die Sendung wurde zugestellt.</p></body></html>": "source code",
    "Die Sendung wurde zugestellt. " * 5000: "too long",
}
NOT_UNDERSTOOD = {
    "Startseite\nMein Konto\nImpressum": "Nothing in it says where the parcel is",
    "Das Paket tanzt einen wilden Tango": "does not know these words",
    "Die Sendung wird voraussichtlich morgen zugestellt.": "has happened yet",
    "24.12.2026 10:00 Die Sendung wurde zugestellt.": "has happened yet",
    "Die Sendung wurde zugestellt.\nDie Sendung wurde im Start-Paketzentrum bearbeitet.": "without a date",
}


CONCLUDED = ("milestone", "at", "confidence", "contradicts", "number", "handed_in", "case")


@pytest.mark.parametrize(("text", "words"), NOT_TO_READ.items(), ids=lambda text: repr(text)[:40])
def test_what_cannot_be_read_is_wrong_usage_and_changes_nothing(
    track: Track, seller: CommandLine, order_id: str, text: str, words: str
) -> None:
    said = track(text)
    assert said.code == 2
    assert words in said.err
    assert kept(seller, order_id) == []


@pytest.mark.parametrize(("text", "words"), NOT_UNDERSTOOD.items(), ids=lambda text: repr(text)[:40])
def test_what_is_not_understood_is_said_and_concludes_nothing(track: Track, text: str, words: str) -> None:
    before = track("--json").json
    said = track(text)
    assert said.code == 5
    assert words in said.err
    assert "The case follows" not in said.out
    after = track("--json").json
    assert [after[key] for key in CONCLUDED] == [before[key] for key in CONCLUDED]


def test_a_scripts_reader_is_told_the_problem_too(track: Track) -> None:
    said = track("Das Paket tanzt einen wilden Tango", "--json")
    assert (said.code, said.json["problem"], said.json["new"], said.err) == (5, "not_understood", 1, "")


def test_kept_words_say_beside_them_that_they_do_not_count(track: Track) -> None:
    out = track("Das Paket tanzt einen wilden Tango").out
    line = next(line for line in out.splitlines() if "Tango" in line)
    assert line.endswith("not understood, not counted")


def test_a_time_to_come_says_beside_it_that_it_does_not_count(track: Track) -> None:
    out = track("24.12.2026 10:00 Die Sendung wurde zugestellt.").out
    line = next(line for line in out.splitlines() if "zugestellt" in line)
    assert line.endswith("lay in the future, not counted")


def test_statuses_that_contradict_each_other_are_said_to(track: Track) -> None:
    said = track(
        "24.11.2026 10:00 Die Sendung wurde zugestellt.\n24.11.2026 11:00 Die Sendung wurde im Start-Paketzentrum bearbeitet."
    )
    assert said.code == 0
    assert "contradicts itself: look yourself" in said.out
    assert "The case follows" not in said.out


def test_another_carriers_text_is_kept_and_said(track: Track, order_id: str) -> None:
    said = track("Hermes\n24.11.2026 06:59 Die Sendung wurde ins Zustellfahrzeug geladen.")
    assert said.code == 5
    assert "another carrier" in said.err
    assert f"`stornowacht track {order_id} NUMBER`" in said.err
    line = next(line for line in said.out.splitlines() if "Zustellfahrzeug" in line)
    assert line.endswith("unsure, not counted")
    assert "The case follows" not in said.out


def test_a_mistyped_number_in_a_text_is_said(track: Track) -> None:
    wrong = OTHER[:-1] + str((int(OTHER[-1]) + 1) % 10)
    said = track(f"DHL Sendungsnummer {wrong}\n24.11.2026 08:15 {LOADED}")
    assert wrong in said.err
    assert "check digit" in said.err
    assert track(f"DHL Sendungsnummer {wrong}", "--json").json["mistyped_numbers"] == [wrong]


def test_a_refused_parcel_is_said_to_go_back_often_and_is_not_called_returning(track: Track) -> None:
    said = track("24.11.2026 10:00 Der Empfänger hat die Annahme verweigert.")
    assert said.code == 0
    assert "often goes back to the sender by itself" in said.out
    assert track("--json").json["milestone"] == "exception"
    assert "often goes back" not in track("24.11.2026 11:00 Die Sendung konnte nicht zugestellt werden.").out


# --- numbers --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed", [OTHER, f" {OTHER} ", " ".join(OTHER[at : at + 4] for at in range(0, 20, 4))]
)
def test_a_number_is_kept_with_its_carrier(seller: CommandLine, lampe: str, clock: Clock, typed: str) -> None:
    said = seller("track", lampe, *typed.split())
    assert said.code == 0
    assert said.out.splitlines()[:2] == ["1 new word about the parcel.", f"DHL, {OTHER}"]
    assert OTHER in seller("track", lampe, "--json").json["number"]


def test_a_number_leads_to_the_carriers_page(seller: CommandLine, lampe: str, clock: Clock) -> None:
    said = seller("track", lampe, OTHER)
    assert any(line.strip().startswith("https://") and OTHER in line for line in said.out.splitlines())


def test_a_number_with_a_wrong_check_digit_is_refused(seller: CommandLine, lampe: str, clock: Clock) -> None:
    wrong = OTHER[:-1] + str((int(OTHER[-1]) + 1) % 10)
    said = seller("track", lampe, wrong)
    assert (said.code, said.out) == (2, "")
    assert wrong in said.err
    assert "check digit" in said.err
    assert kept(seller, lampe) == []


def test_a_status_with_a_date_is_no_number(track: Track) -> None:
    assert track("Zugestellt 24.11.2026", "--json").json["milestone"] == "delivered"


def test_a_page_about_another_parcel_is_refused_and_says_the_way_out(
    track: Track, seller: CommandLine, order_id: str
) -> None:
    said = track(PAGE.replace(OURS, OTHER))
    assert said.code == 2
    assert OTHER in said.err
    assert OURS in said.err
    assert f"`stornowacht track {order_id} NUMBER`" in said.err
    assert kept(seller, order_id) == []


def test_the_way_out_works(track: Track) -> None:
    page = PAGE.replace(OURS, OTHER)
    track(page)
    track(OTHER)
    found = track(page, "--json").json
    assert (found["number"], found["milestone"], found["problem"]) == (OTHER, "out_for_delivery", None)


def test_another_number_says_what_was_known_until_now(track: Track) -> None:
    track(f"24.11.2026 08:15 {LOADED}")
    said = track(OTHER)
    assert said.code == 0
    assert f"Until now its number was {OURS}" in said.err
    assert track(OTHER).err == ""
    assert track(OURS, "--json").json["replaced"] == OTHER


def test_a_page_of_several_parcels_asks_which_one_it_is(
    seller: CommandLine, lampe: str, clock: Clock
) -> None:
    text = (
        f"DHL\n{OURS}\n24.11.2026, 08:15\n{LOADED}\n{OTHER}\n23.11.2026, 20:00\nDie Sendung wurde zugestellt."
    )
    said = seller("track", lampe, text, "--json")
    assert (said.code, said.json["problem"]) == (2, "several_parcels")
    assert set(said.json["other_numbers"]) == {OURS, OTHER}
    assert f"`stornowacht track {lampe} NUMBER`" in seller("track", lampe, text).err
    seller("track", lampe, OTHER)
    assert seller("track", lampe, text, "--json").json["milestone"] == "delivered"


# --- strangers' texts, and what there is not ------------------------------------------------------------------------


def test_a_hostile_page_does_not_steer_the_terminal(track: Track) -> None:
    said = track(f"24.11.2026 08:15 {LOADED} \x1b[2J\x9b31m\u202egnp\x07{{0}}\x1b]0;title\x07")
    assert said.code == 0
    assert all(char.isprintable() or char == "\n" for char in said.all)
    assert "{0}" in said.out


def test_an_unknown_order_is_named(seller: CommandLine, clock: Clock) -> None:
    said = seller("track", "o999", LOADED)
    assert (said.code, said.out) == (2, "")
    assert "o999" in said.err


def test_a_pick_up_deal_has_no_parcel(seller: CommandLine, clock: Clock) -> None:
    pick_up = next(order["id"] for order in seller("orders", "--json").json if order["pickup"])
    said = seller("track", pick_up, LOADED)
    assert (said.code, said.out) == (2, "")
    assert "pick-up deal" in said.err
    assert "stornowacht note" in said.err


def test_a_course_without_end_is_cut_and_says_so(track: Track) -> None:
    course = "\n".join(f"{day:02}.11.2026 {hour:02}:00 Die Sendung wurde im Ziel-Paketzentrum bearbeitet." for day in (23, 24) for hour in range(12)) + "\n" + "\n".join(f"23.11.2026 {hour:02}:30 Die Sendung wurde im Start-Paketzentrum bearbeitet." for hour in range(24))  # fmt: skip
    said = track(course)
    assert "48 new words about the parcel." in said.out
    assert "… and 9 earlier words; --json shows them all" in said.out
    assert sum(line.strip().startswith("·") for line in said.out.splitlines()) == 40
    assert len(track("--json").json["sightings"]) == 49


def test_the_handed_in_parcel_and_its_page_go_together(
    seller: CommandLine, lampe: str, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("watcher.cli.ship.now", clock)
    assert seller("ship", lampe, "--handed-in", "--number", OTHER).code == 0
    clock.forward(days=1)
    found = seller("track", lampe, f"{OTHER}\n25.11.2026 08:15 {LOADED}", "--json").json
    assert (found["number"], found["milestone"], found["new"]) == (OTHER, "out_for_delivery", 1)
    assert found["handed_in"] == "2026-11-24T12:00:00+00:00"


# --- asking the carrier ---------------------------------------------------------------------------------------------


@pytest.fixture
def server(seller: CommandLine, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Iterator[Dhl]:
    monkeypatch.setenv("TEST_DHL_KEY", KEY)
    monkeypatch.setattr("watcher.cli.ask.now", clock)
    with dhl() as started:
        seller.write_config(more=f'[tracking.dhl]\nkey = "env:TEST_DHL_KEY"\nbase_url = "{started.url}"\n')
        yield started.answers(200, body(shipment(HANDED_IN, ANNOUNCED, id=OURS)))


def test_the_carrier_is_asked_when_the_seller_wants_to_know(track: Track, server: Dhl) -> None:
    said = track("--ask")
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith("2 new words about the parcel.\n")
    [question] = server.asked
    assert OURS in question.target


def test_a_carriers_own_words_stand_beside_its_name(track: Track, server: Dhl) -> None:
    assert "Delivered by" not in track().out
    track("--ask")
    assert "Delivered by Deutsche Post DHL Group" in track().out
    assert track("--json").json["attributions"] == ["Delivered by Deutsche Post DHL Group"]


def test_asking_takes_no_text(track: Track, server: Dhl) -> None:
    said = track("--ask", LOADED)
    assert (said.code, said.out) == (2, "")
    assert "--ask takes no number and no text" in said.err
    assert server.asked == []


def test_without_an_interface_the_way_out_is_to_paste(track: Track, order_id: str) -> None:
    said = track("--ask")
    assert said.code == 2
    assert f"`stornowacht track {order_id} -`" in said.err


def test_what_is_said_is_broken_at_the_width_of_the_terminal_and_addresses_stay_whole(
    track: Track, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    monkeypatch.setenv("COLUMNS", "50")
    said = track(pages.UPS)
    long = [line for line in click.unstyle(track(PAGE).out + said.err).splitlines() if len(line) > 50]
    assert [line.split(":")[0].strip() for line in long] in ([], ["https"])
    assert len(said.err.splitlines()) > 2
