"""Evidence against auto-archiver: what a capture costs and holds, and who notices when something is changed afterwards.

    python -m bench.evidence [--runs N] [--envs DIR] [--json FILE]

Both capture the same five ad pages of the practice shop, which need no login, each program in one process with its browser's start; ours
opens them in a guarded visit, with all the details of a page that is kept. auto-archiver takes them with its browser extractor (picture
and page source), hashes them and writes its report; no time stamps on either side, for they cost the same request to an
authority. It wants `chromedriver` and `ffmpeg` on the PATH; for still pages an `ffmpeg` that does nothing is enough, and is laid there.

The tamper matrix is done for real, each manipulation on a copy. For ours `archive verify` and the stand-alone verifier are asked. auto-archiver has
no verifier, so a careful reader is played: every hash that a report names is compared with the files, and every file must be named
by a report.
"""

import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import spent
from bench.arguments import asked
from bench.environments import NotInstalledError, environment, version
from bench.place import log_in, write_config
from bench.results import Sheet, keep
from fixtures.shop import Shop, five_orders
from fixtures.shop.ads import path_of
from tests.support.tampering import STORAGE
from tests.support.witnessed import make_witnessed
from watcher import __version__
from watcher.app.verify import verify
from watcher.dossier import verify as alone
from watcher.storage.store import SqliteStore
from watcher.storage.vault import FileVault

RUNS, PAGES = 3, 5
_OURS = """
import sys
from pathlib import Path
from watcher.bootstrap import house
from watcher.config_file import load
with house(load(Path(sys.argv[1]))) as our, our.visitor() as visitor, visitor.visit("main") as visit:
    from watcher.app.remember import stored
    for path in sys.argv[2:]:
        staged = our.vault.stage(visit.details(visit.open_ad(path, None)))
        kept = stored(staged, our.vault, reason="asked")
        print(len(kept.files), sum(file.size for file in kept.files))
"""
_ORCHESTRATION = """
steps:
  feeders: [cli_feeder]
  extractors: [antibot_extractor_enricher]
  enrichers: [hash_enricher]
  databases: [csv_db]
  storages: [local_storage]
  formatters: [html_formatter]
antibot_extractor_enricher: {detect_auth_wall: false, user_data_dir: ./profile}
local_storage: {save_to: ./archived}
csv_db: {csv_file: ./archived/db.csv}
"""
_HASH = re.compile(rb"\b[0-9a-f]{64}\b")
_THEIRS = "auto-archiver"


def main() -> None:
    """Measure, try and print."""
    runs = asked("Captures and tampering, beside auto-archiver.", runs=RUNS).runs
    cost = Sheet(
        title=f"{PAGES} ad pages captured (medians of {runs} runs in turns)",
        compared="stornowacht: picture, markup, page archive, outline, photos, connection, guarded. auto-archiver: picture, page source, report.",
        columns=(
            "program",
            "s per page",
            "CPU s per page",
            "kB per page",
            "files per page",
            "its s / ours",
            "its CPU / ours",
        ),
    )
    tampered = Sheet(
        title="Changed afterwards: who notices",
        compared="No time stamps on either side. auto-archiver has no verifier: a careful reader who compares every hash is played.",
        columns=("what is changed", f"stornowacht {__version__}", f"{_THEIRS} {version(_THEIRS)}"),
    )
    with (
        TemporaryDirectory(prefix="stornowacht-bench-") as name,
        Shop(deals=five_orders(datetime.now(UTC))) as shop,
    ):
        folder = Path(name)
        ours, theirs = _ours(folder / "ours", shop), _theirs(folder / "theirs", shop)
        spans = [(spent.run(ours), theirs()) for _ in range(runs)]
        for row in _costs(folder, spans):
            cost.add(*row)
        cost.show()
        for row in _tampering(folder, has_theirs=spans[0][1] is not None):
            tampered.add(*row)
    tampered.show()
    keep(cost, tampered)


def _ours(folder: Path, shop: Shop) -> list[str]:
    folder.mkdir()
    config = write_config(folder, shop)
    log_in(folder / "data", shop)
    paths = [path_of(deal.ad) for deal in shop.deals()[:PAGES]]
    command = [sys.executable, "-c", _OURS, str(config), *paths]
    subprocess.run(command, check=True, capture_output=True)  # proves the guard, once per browser
    return command


def _theirs(folder: Path, shop: Shop) -> Callable[[], spent.Spent | None]:
    """Return what captures with auto-archiver; it says why where that is not to be had, and then returns nothing."""
    folder.mkdir()
    try:
        program = environment(_THEIRS) / "bin" / _THEIRS
    except NotInstalledError as error:
        print(error, file=sys.stderr)
        return lambda: None
    if shutil.which("chromedriver") is None:
        print("auto-archiver wants chromedriver (Debian's package `chromium-driver`).", file=sys.stderr)
        return lambda: None
    idle = folder / "bin" / "ffmpeg"
    idle.parent.mkdir()
    idle.write_text("#!/bin/sh\nexit 0\n")
    idle.chmod(0o700)
    (folder / "orchestration.yaml").write_text(_ORCHESTRATION)
    # It refuses addresses of this machine, but not a name that leads here.
    port = shop.base_url.rpartition(":")[2]
    host = socket.gethostname()
    if socket.gethostbyname(host) != "127.0.0.1":
        print(
            f"auto-archiver wants a name of this machine that leads to 127.0.0.1; {host} does not.",
            file=sys.stderr,
        )
        return lambda: None
    urls = [f"http://{host}:{port}{path_of(deal.ad)}" for deal in shop.deals()[:PAGES]]
    told = {**os.environ, "PATH": f"{idle.parent}:{os.environ['PATH']}"}

    def take() -> spent.Spent:
        shutil.rmtree(folder / "archived", ignore_errors=True)
        command = [program, "--config", "orchestration.yaml", *urls]
        done = spent.run(command, environment=told, folder=folder)
        if done.code or len(list((folder / "archived").glob("*.png"))) < PAGES:
            raise SystemExit(f"auto-archiver ended with {done.code}: {done.err[-800:]}")
        return done

    return take


def _costs(folder: Path, spans: list[tuple[spent.Spent, spent.Spent | None]]) -> list[list[str]]:
    rows = []
    for place, name in enumerate((f"stornowacht {__version__}", f"{_THEIRS} {version(_THEIRS)}")):
        runs = [span[place] for span in spans if span[place] is not None]
        if not runs:
            rows.append([name, "not to be had here", "", "", "", "", ""])
            continue
        if place:
            files = [
                path
                for path in (folder / "theirs" / "archived").iterdir()
                if path.suffix in {".html", ".png"}
            ]
            count, size = len(files), sum(path.stat().st_size for path in files)
        else:
            told = [tuple(map(int, line.split())) for line in spans[-1][0].out.splitlines()]
            count, size = sum(one[0] for one in told), sum(one[1] for one in told)
        rows.append(
            [
                name,
                f"{statistics.median(run.wall for run in runs if run) / PAGES:.2f}",
                f"{statistics.median(run.cpu for run in runs if run) / PAGES:.2f}",
                f"{size / PAGES / 1000:.0f}",
                f"{count / PAGES:.1f}",
                f"{_ratio(spans, place, lambda run: run.wall):.2f}",
                f"{_ratio(spans, place, lambda run: run.cpu):.2f}",
            ]
        )
    return rows


def _ratio(
    spans: list[tuple[spent.Spent, spent.Spent | None]], place: int, of: Callable[[spent.Spent], float]
) -> float:
    """Return the median of one program's figure by ours, each of the same turn."""
    pairs = ((span[place], span[0]) for span in spans)
    return statistics.median(of(one) / of(ours) for one, ours in pairs if one is not None)


# --- what is changed afterwards

_OURS_DONE = {
    "one byte of a picture": "a byte of a file is changed",
    "one word of the record": "a line's text is changed",
    "a picture, and its hash in the record with it": "a file is exchanged, and its hash in the database with it",
    "a capture is taken out, with all that names it": "a capture is taken out of the database",
}
"""What is done -> what the same is called among the attempts of the project's own tests."""


def _tampering(folder: Path, *, has_theirs: bool) -> list[list[str]]:
    witnessed = make_witnessed(folder / "witnessed")
    rows = []
    for number, (what, name) in enumerate(_OURS_DONE.items()):
        copy = witnessed.copied(folder / f"tampered-{number}")
        next(attempt for attempt in STORAGE if attempt.what == name).by(copy.folder, copy)
        with closing(SqliteStore(copy.folder)) as store:
            seen = not verify(store, FileVault(copy.folder)).ok
        both = seen, not alone.verify(copy.folder, []).ok
        ours = {(True, True): "both verifiers", (False, False): "nobody"}.get(both, "one of two verifiers")
        theirs = _their_tampering(folder / "theirs", what) if has_theirs else "not to be had here"
        rows.append([what, ours, theirs])
    return rows


def _their_tampering(folder: Path, what: str) -> str:
    copy = folder / "tampered"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(folder / "archived", copy)
    if not _reads_as_whole(copy):
        raise SystemExit("auto-archiver's own report does not fit its files")
    picture = min(copy.glob("*.png"))
    old = sha256(picture.read_bytes()).hexdigest().encode()
    report = next(path for path in copy.glob("*.html") if old in path.read_bytes())
    content = bytearray(picture.read_bytes())
    content[len(content) // 2] ^= 1
    match what:
        case "one byte of a picture":
            picture.write_bytes(content)
        case "one word of the record":
            report.write_bytes(report.read_bytes().replace(b"http://", b"http://www.", 1))
        case "a picture, and its hash in the record with it":
            picture.write_bytes(content)
            new = sha256(content).hexdigest().encode()
            report.write_bytes(report.read_bytes().replace(old, new))
        case _:
            named = set(_HASH.findall(report.read_bytes()))
            for path in [*copy.glob("*.png"), *copy.glob("*.html")]:
                if path == report or sha256(path.read_bytes()).hexdigest().encode() in named:
                    path.unlink()
    return "nobody" if _reads_as_whole(copy) else "a careful reader; no program"


def _reads_as_whole(folder: Path) -> bool:
    """Tell whether a careful reader finds all as the reports say: every hash has its file, every picture its hash."""
    files = {sha256(path.read_bytes()).hexdigest().encode() for path in folder.iterdir() if path.is_file()}
    pictures = {sha256(path.read_bytes()).hexdigest().encode() for path in folder.glob("*.png")}
    named = {found for path in folder.glob("*.html") for found in _HASH.findall(path.read_bytes())}
    return named <= files and pictures <= named


if __name__ == "__main__":
    main()
