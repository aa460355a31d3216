"""The page of measurements, from what the benchmarks have left: `docs/bench.md`.

python -m bench.table [DIR]
python -m bench.table --check    # whether the page is what the results in the repository say
"""

import json
import sys
from pathlib import Path
from typing import Any

from bench.all import INTO, SHEETS, TEXTS

PAGE = Path(__file__).parent.parent / "docs" / "bench.md"
_HEAD = """# Measurements

Made by `python -m bench.table` from the last run of each benchmark whose result is kept (`bench/results`); do not edit by hand. `make bench` takes all of them anew, prints
those of single parts as well, and wants an idle machine. Beside each stands the command that takes it alone, the date, and the load of the machine at its end (processes that
wanted a processor, over a minute): far above the number of processors, the times say little, and only what is compared in turns says
something. Everything runs against the practice shop on loopback; no site outside is asked for anything.
"""


def main() -> None:
    """Write the page, or see whether it is as it would be written."""
    arguments = sys.argv[1:]
    if arguments == ["--check"]:
        if PAGE.read_text(encoding="utf-8") != _page(PAGE.parent.parent / INTO):
            raise SystemExit(f"{PAGE} is not what {INTO} says: run `python -m bench.table`")
        return
    PAGE.write_text(_page(Path(arguments[0] if arguments else INTO)), encoding="utf-8")
    print(PAGE)


def _page(where: Path) -> str:
    told = [json.loads(path.read_text(encoding="utf-8")) for path in _files(where)]
    if not told:
        raise SystemExit(f"no results in {where}: run `python -m bench.all` first")
    return "\n".join([_HEAD, *map(_section, told)]).rstrip() + "\n"


def _files(where: Path) -> list[Path]:
    known = (where / f"{name}.json" for name in (*SHEETS, *TEXTS))
    return [path for path in known if path.is_file()]


def _section(told: dict[str, Any]) -> str:
    load = "" if told["load"] is None else f", load {told['load']}"
    taken = f"`{told['command']}`, {told['at'][:10]}, {told['machine']}{load}"
    if "text" in told:
        title, _, rest = told["text"].partition("\n")
        return f"## {title}\n\n{taken}\n\n```\n{rest.rstrip()}\n```\n"
    first, *others = told["sheets"]
    parts = [f"## {first['title']}\n\n{taken}\n", _table(first)]
    parts += [f"### {sheet['title']}\n\n{_table(sheet)}" for sheet in others]
    return "\n".join(parts)


def _table(sheet: dict[str, Any]) -> str:
    lines = [_row(sheet["columns"]), _row(["---"] * len(sheet["columns"])), *map(_row, sheet["rows"])]
    said = [f"- {line}" for line in sheet["compared"].splitlines()]
    return "\n".join(["\n".join(said) + "\n" if said else "", *lines, ""]).lstrip("\n")


def _row(cells: list[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


if __name__ == "__main__":
    main()
