"""What MkDocs asks while it builds the documentation site.

1. `<!-- from FILE: HEADING -->` in a page brings in that section of a file that lies elsewhere in the project, so that nothing
   has to be written twice; `<!-- from FILE: HEADING, without headings -->` its text alone.
2. A link to a file of the project that is no page of the site (source code, CONTRIBUTING.md) is shown as its name: there is no
   address that it could lead to. A link to a file that does not exist is a warning, and so a fault of a strict build.
"""

import os
import re
from pathlib import Path
from posixpath import normpath, relpath

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import get_plugin_logger
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).parent.parent
_log = get_plugin_logger("docs_site")
_SECTION = re.compile(r"^<!-- from (?P<file>[^:]+): (?P<heading>.+?) -->$", re.MULTILINE)
_LINK = re.compile(r"(?<!!)\[(?P<text>[^\]\[]*)\]\((?P<target>[^)\s]+)\)")
_FENCE = re.compile(r"^(```|~~~)")

os.environ["NO_MKDOCS_2_WARNING"] = (
    "1"  # the versions are pinned; Material tells of a future one at each build
)


def on_page_markdown(markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:  # noqa: ARG001 - MkDocs calls it so
    """Return a page's text with the sections that it brings in, and with links that lead somewhere."""
    pages = Path(config.docs_dir).resolve().relative_to(ROOT).as_posix()
    here = f"{pages}/{page.file.src_uri}"

    def bring(found: re.Match[str]) -> str:
        told = section(found["file"], found["heading"])
        if told is None:
            _log.warning("%s: %s has no section %r", here, found["file"], found["heading"])
            return ""
        return with_links(told, base=found["file"], page=here, pages=pages, complain=_log.warning)

    own = with_links(markdown, base=here, page=here, pages=pages, complain=_log.warning)
    return _SECTION.sub(bring, own)


def section(file: str, heading: str) -> str | None:
    """Return what stands below a heading of a file, down to the next one of its rank; `None` where there is no such heading."""
    lines = (ROOT / file).read_text(encoding="utf-8").splitlines()
    kept: list[str] = []
    rank = 0
    is_code = False
    for line in lines:
        is_code ^= bool(_FENCE.match(line))
        marks, _, words = line.partition(" ")
        is_heading = not is_code and bool(marks) and not marks.strip("#")
        if rank and is_heading and len(marks) <= rank:
            break
        if rank:
            kept.append(line)
        elif is_heading and words.strip() == heading:
            rank = len(marks)
    return "\n".join(kept).strip() + "\n" if rank else None


def with_links(text: str, *, base: str, page: str, pages: str, complain: object) -> str:
    """Return a text that stood in the file `base` as it has to stand in the page: links count from the page's folder.

    Args:
        text: Markdown.
        base: the file of the project from whose folder the links in the text count.
        page: the file of the project into which it goes.
        pages: the folder of the site's pages.
        complain: what is called with a format and its arguments for each link that leads nowhere.
    """

    def mended(found: re.Match[str]) -> str:
        target, _, anchor = found["target"].partition("#")
        if not target or re.match(r"[a-z]+:", target):
            return found[0]
        file = normpath(f"{Path(base).parent.as_posix()}/{target}")
        if not (ROOT / file).exists():
            complain("%s: %s does not exist", page, file)  # type: ignore[operator]
        if file.startswith(f"{pages}/"):
            place = relpath(file, Path(page).parent.as_posix())
            return f"[{found['text']}]({place}{'#' + anchor if anchor else ''})"
        return (
            found["text"]
            if found["text"].strip("`") in {file, Path(file).name}
            else f"{found['text']} (`{file}`)"
        )

    return _LINK.sub(mended, text)
