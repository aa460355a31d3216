"""The documentation site: it builds strictly, all of it can be reached, and it loads nothing from anywhere else."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from posixpath import normpath
from urllib.parse import unquote, urlsplit

import pytest

from scripts.docs_site import section
from tests.docs.examples import ROOT
from tests.support.memory import in_memory

pytestmark = pytest.mark.slow

pytest.importorskip("material", reason="mkdocs-material is not installed: pip install '.[docs]'")


class Seen(HTMLParser):
    """What a page loads, where it leads to, the names that it can be led to by, and its pictures without a description."""

    def __init__(self) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.leads: list[str] = []
        self.names: set[str] = set()
        self.mute: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.names |= {values[name] for name in ("id", "name") if name in values}
        if tag == "a" and "href" in values:
            self.leads.append(values["href"])
        elif tag == "link" and values.get("rel") not in {"canonical", "prev", "next"}:
            self.loads.append(values.get("href", ""))
        elif "src" in values:
            self.loads.append(values["src"])
        if tag == "img" and not values.get("alt"):
            self.mute.append(values.get("src", ""))


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    pages: dict[str, Seen]
    """By their path."""
    files: set[str]


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with tempfile.TemporaryDirectory(prefix="stornowacht-site-", dir=in_memory()) as name:
        folder = Path(name)
        done = build(ROOT / "mkdocs.yml", folder)
        assert done.returncode == 0, "\n".join(
            line for line in done.stderr.splitlines() if "INFO" not in line
        )
        pages = {}
        for path in folder.rglob("*.html"):
            pages[path.relative_to(folder).as_posix()] = seen = Seen()
            seen.feed(path.read_text(encoding="utf-8"))
        yield Site(pages=pages, files={path.relative_to(folder).as_posix() for path in folder.rglob("*")})


def build(config: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "-f", str(config), "-d", str(folder)],
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
    )


def test_every_page_is_built(site: Site) -> None:
    written = {
        path.relative_to(ROOT / "docs").with_suffix(".html").as_posix()
        for path in (ROOT / "docs").rglob("*.md")
    }
    assert written <= site.pages.keys()
    assert "index.html" in written


def test_no_link_is_dead(site: Site) -> None:
    dead = [
        f"{path}: {target}"
        for path, seen in site.pages.items()
        for target in seen.leads
        if not leads(site, path, target)
    ]
    assert dead == []


def leads(site: Site, page: str, target: str) -> bool:
    parts = urlsplit(target)
    if (
        parts.scheme or parts.netloc or page == "404.html"
    ):  # that one may be shown in any folder: its addresses are absolute
        return True
    file = normpath(f"{Path(page).parent.as_posix()}/{unquote(parts.path)}") if parts.path else page
    if file == "." or file not in site.files:
        return file == "."
    return not parts.fragment or file not in site.pages or unquote(parts.fragment) in site.pages[file].names


def test_nothing_is_loaded_from_another_host(site: Site) -> None:
    foreign = {target for seen in site.pages.values() for target in seen.loads if urlsplit(target).netloc}
    assert foreign == set()


def test_what_a_page_loads_is_there_and_pictures_say_what_they_show(site: Site) -> None:
    for path, seen in site.pages.items():
        if path != "404.html":
            assert [each for each in seen.loads if not leads(site, path, each)] == [], path
        assert seen.mute == [], path


def test_the_words_of_contributing_stand_in_the_page_for_developers(site: Site) -> None:
    assert {"a-new-channel", "a-new-carrier", "a-new-page-layout"} <= site.pages["dev/add-a-file.html"].names
    assert "bench_NAME.py" in (section("CONTRIBUTING.md", "A new channel: one file") or "")
    assert section("CONTRIBUTING.md", "A heading that is not there") is None


def test_a_page_without_a_place_and_a_dead_link_end_the_build(tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "index.md").write_text("# Start\n[nowhere](gone.md), [no heading](index.md#gone)\n")
    (docs / "lost.md").write_text("# Lost\n")
    config = tmp_path / "mkdocs.yml"
    config.write_text(
        f"INHERIT: {ROOT / 'mkdocs.yml'}\ndocs_dir: {docs}\nhooks: []\nextra_css: []\nnav: [index.md]\n",
        encoding="utf-8",
    )
    done = build(config, tmp_path / "site")
    assert done.returncode == 1
    for fault in ("lost.md", "gone.md", "#gone"):
        assert fault in done.stderr
