"""Play the stories and write their time lines into docs/stories.md."""

import tempfile
from contextlib import closing
from itertools import groupby
from pathlib import Path

from tests.stories.stage import Line, Stage
from tests.stories.stories import STORIES
from watcher.domain.budget import BERLIN
from watcher.texts.language import use

PATH = Path(__file__).parent.parent / "docs" / "stories.md"
HEAD = """# Six stories

Each of these is played by the tests, against the practice shop, with the clock as a parameter
([stories.py](../tests/stories/stories.py)), and written down here as it happened (`python scripts/stories.py`). What the shop
says in a cancellation is invented, since nobody has published what the platform says to a seller; what Stornowacht makes of it is
real. The letters are shown by their subjects; each holds the steps with texts to copy.
"""


def pages(folder: Path) -> str:
    """Return the whole page, played in `folder`."""
    use("en")
    told = [_played(name, folder / str(number)) for number, name in enumerate(STORIES)]
    return "\n".join((HEAD, *told))


def _played(name: str, folder: Path) -> str:
    play = STORIES[name]
    with closing(play(folder)) as stage:
        return _story(name, stage, summary=(play.__doc__ or "").strip())


def _story(name: str, stage: Stage, *, summary: str) -> str:
    rows = ["| when | who | what |", "| --- | --- | --- |"]
    for at, lines in groupby(stage.lines, key=lambda line: line.at):
        shown = f"{at.astimezone(BERLIN):%a %d %b, %H:%M}"
        for line in lines:
            rows.append(_row(shown, line))
            shown = ""
    return f"## {name}\n\n{summary}\n\n" + "\n".join(rows) + "\n"


def _row(shown: str, line: Line) -> str:
    what = line.what.replace("|", "&#124;")
    return f"| {shown} | {line.who} | {what} |"


def main() -> None:
    """Write."""
    with tempfile.TemporaryDirectory() as folder:
        PATH.write_text(pages(Path(folder)), encoding="utf-8")


if __name__ == "__main__":
    main()
