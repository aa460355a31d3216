"""`stornowacht archive export` as a whole process: a real visit, then a bag that somebody else can check."""

import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.dossier.conftest import part
from tests.dossier.handing import is_valid_bag, unpacked, verdict

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_cancelled_sale_becomes_a_bag_with_a_dossier_a_covered_version_and_a_folder_for_support(
    watched, look, tmp_path
):
    watched.shop.happen("friteuse", "BUYER_CANCELLED", at=datetime.now(UTC))
    watched.shop.say("friteuse", "Ruf mich an: 0171 2345678, Lange Straße 12a", at=datetime.now(UTC))
    [case] = look(watched)[0]["cases"]
    ran = watched.run(
        "archive",
        "export",
        case["id"],
        "--redact",
        "--for",
        "support",
        "--to",
        str(tmp_path / "out"),
        "--json",
    )
    assert ran.code == 0, ran.out + ran.err
    told = ran.json
    sealed = unpacked(Path(told["sealed"]["path"]))
    assert is_valid_bag(sealed)
    code, said = verdict(sealed)
    assert code == 0, said
    assert list(sealed.rglob("page.png")), "for readers that know no WebP"
    words = text_in(sealed / "data/dossier.pdf")
    for each in (
        "Friteuse, kaum benutzt",
        "Erika",
        "0171 2345678",
        "45.00",
        watched.shop.deal("friteuse").tracking_number,
    ):
        assert each in words
    redacted = unpacked(Path(told["redacted"]["path"]))
    assert is_valid_bag(redacted)
    assert list(redacted.rglob("covered.png"))
    words = text_in(redacted / "data/dossier.pdf")
    for each in ("Erika", "2345678", "Lange Straße"):
        assert each not in words
    support = Path(told["support"]["path"])
    assert "text.md" in [path.name for path in support.iterdir()]
    assert list(support.glob("*.png"))
    assert watched.run("archive", "verify").code == 0
    assert watched.writes() == []


def text_in(pdf: Path) -> str:
    command = [part("pdftotext", "poppler-utils"), "-enc", "UTF-8", str(pdf), "-"]
    text = subprocess.run(command, check=True, capture_output=True, timeout=60).stdout.decode()
    return " ".join(text.split())
