"""The tables [carrier.NAME]: the seller's own entries about carriers that are described."""

from collections.abc import Callable
from datetime import UTC, datetime, time
from pathlib import Path

import pytest

from watcher.bootstrap import House
from watcher.carriers import own
from watcher.carriers.knowledge import carrier
from watcher.carriers.own import OwnEntry, carrier_here, with_own
from watcher.config import Config
from watcher.domain.parcel import Milestone, Parcel
from watcher.storage.store import SqliteStore
from watcher.storage.vault import FileVault

Load = Callable[[str], Config]
Told = Callable[[str], list[str]]


@pytest.fixture(autouse=True)
def nothing_in_force(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own, "_in_force", [{}])


def test_an_entry_says_what_the_seller_knows(config: Load) -> None:
    loaded = config(
        '[carrier.hermes]\nphone = " 030  23125 000"\ncutoff = "9:05"\nhold_working_days = 5\nnote = "Klingeln"\n'
    )
    assert loaded.own_carriers == {
        "hermes": OwnEntry(phone="030 23125 000", cutoff=time(9, 5), hold_working_days=5, note="Klingeln")
    }


def test_a_carrier_has_any_of_its_names(config: Load) -> None:
    loaded = config('[carrier."DHL Paket"]\nnote = "a"\n[carrier.DPD]\nnote = "b"\n')
    assert {name: entry.note for name, entry in loaded.own_carriers.items()} == {"dhl": "a", "dpd": "b"}


@pytest.mark.parametrize("name", ["fedex", "other", "heremes"])
def test_an_unknown_carrier_is_refused_with_those_that_are_known(mistakes: Told, name: str) -> None:
    (told,) = mistakes(f'[carrier.{name}]\nphone = "110"\n')
    assert told == (
        f"[carrier] {name}: there is no carrier '{name}'; known are deutsche_post, dhl, dpd, gls, hermes, ups"
    )


def test_all_mistakes_are_told_at_once(mistakes: Told) -> None:
    told = mistakes(
        '[carrier.fedex]\n[carrier.dhl]\nphone = "call me"\ncutoff = "25:00"\nhold_working_days = 0\nphne = "110"\n'
        f'[carrier.ups]\nnote = "{"x" * 301}"\n'
    )
    assert [line.partition(": ")[0] for line in told] == [
        "[carrier] fedex",
        "[carrier.dhl] phone",
        "[carrier.dhl] cutoff",
        "[carrier.dhl] hold_working_days",
        "[carrier.dhl] phne",
        "[carrier.ups] note",
    ]


@pytest.mark.parametrize("phone", ["", "12", "0900 BIG", "+49 (0) 30/23125-000 or so", "1\x1b[2J23"])
def test_what_cannot_be_called_is_refused(mistakes: Told, phone: str) -> None:
    (told,) = mistakes(f"[carrier.gls]\nphone = {_toml(phone)}\n")
    assert "write a phone number" in told


def test_a_note_is_plain_text(mistakes: Told) -> None:
    (told,) = mistakes("[carrier.gls]\nnote = " + _toml("a\x1b[2Jb") + "\n")
    assert told.startswith("[carrier.gls] note: must be plain text")


def test_two_tables_about_one_carrier_are_a_mistake(mistakes: Told) -> None:
    (told,) = mistakes('[carrier.dhl]\n[carrier."DHL Paket"]\n')
    assert told == "carrier: two tables are about the same carrier, dhl"


def test_what_is_no_table_is_a_mistake(mistakes: Told) -> None:
    assert mistakes("carrier = 3") == ["carrier: must be a table"]


def test_an_own_entry_is_never_a_sourced_fact_and_leaves_the_rest_alone() -> None:
    shipped = carrier("hermes")
    known = with_own(shipped, {"hermes": OwnEntry(phone="110", cutoff=time(9))})
    assert known.phone
    assert known.cutoff
    assert (known.phone.fact, known.cutoff.fact) == (None, None)
    assert (known.holds, known.ways, known.tracking) == (shipped.holds, shipped.ways, shipped.tracking)
    assert with_own(carrier("dhl"), {"hermes": OwnEntry(phone="110")}) is carrier("dhl")


def test_once_the_config_is_read_its_entries_are_shown_and_the_next_configs_replace_them(
    config: Load,
) -> None:
    config('[carrier.gls]\nphone = "030 23125 000"\n')
    phone = carrier_here("GLS").phone
    assert phone
    assert phone.number == "030 23125 000"
    config("")
    assert carrier_here("GLS").phone is None


def test_deadlines_follow_from_an_own_cutoff(config: Load, tmp_path: Path) -> None:
    loaded = config(f'[storage]\ndir = "{tmp_path / "data"}"\n[carrier.gls]\ncutoff = "05:00"\n')
    store = SqliteStore(loaded.storage_dir)
    rules = House(config=loaded, store=store, vault=FileVault(loaded.storage_dir)).case_rules()
    store.close()
    at = datetime(2026, 11, 24, 18, tzinfo=UTC)
    parcel = Parcel(milestone=Milestone.AT_DEPOT, carrier="gls", at=at)
    window = rules.window_of(parcel, at)
    assert window
    assert window.closes_at == datetime(2026, 11, 25, 4, tzinfo=UTC)


def _toml(text: str) -> str:
    return '"' + "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in text) + '"'
