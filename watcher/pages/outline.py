"""The outline of a page: its elements, without what people wrote or are."""

from collections.abc import Iterator

from bs4 import Tag
from bs4.element import NavigableString

from watcher.pages.code_words import MASKED, shown_name
from watcher.pages.masking import shown_tag, text_class
from watcher.pages.page import Page

_DEEPEST = 40
_MOST_LINES = 900
_LEFT_OUT = {"script", "style", "template", "noscript", "svg", "path"}
_NAMING = ("id", "data-testid", "role", "type")
_MOST_CHILDREN = 400


def outline_of(page: Page) -> list[str]:
    """Return the page's elements in lines; alike neighbours are counted, not repeated."""
    root = page.soup.body or page.soup
    lines = [line for child in _children(root) for line in _lines(child, depth=0)]
    lines = _merged(lines)
    if len(lines) > _MOST_LINES:
        return [*lines[:_MOST_LINES], "... and more elements"]
    return lines


def _lines(part: Tag | str, *, depth: int) -> Iterator[str]:
    pad = "  " * depth
    if isinstance(part, str):
        yield f"{pad}({text_class(part)})"
        return
    if part.name in _LEFT_OUT:
        yield f"{pad}{shown_tag(part.name)} ..."
        return
    yield pad + _element(part)
    if depth >= _DEEPEST:
        yield f"{pad}  ..."
        return
    blocks = ["\n".join(_lines(child, depth=depth + 1)) for child in _children(part)]
    yield from _merged(blocks)


def _merged(blocks: list[str]) -> list[str]:
    """Return the blocks with runs of equal ones as one, and how often it comes."""
    merged: list[tuple[str, int]] = []
    for block in blocks:
        if merged and merged[-1][0] == block:
            merged[-1] = (block, merged[-1][1] + 1)
        else:
            merged.append((block, 1))
    return [line for block, count in merged for line in _counted(block, count).split("\n")]


def _counted(block: str, count: int) -> str:
    if count == 1:
        return block
    first, line_break, rest = block.partition("\n")
    return f"{first}  x {count if count < 10 else '10 or more'}{line_break}{rest}"  # noqa: PLR2004


def _children(tag: Tag) -> list[Tag | str]:
    found: list[Tag | str] = []
    for child in list(tag.children)[:_MOST_CHILDREN]:
        if isinstance(child, Tag):
            found.append(child)
        elif type(child) is NavigableString and child.strip():
            found.append(str(child))
    return found


def _element(tag: Tag) -> str:
    shown = shown_tag(tag.name)
    for name in _NAMING:
        value = tag.get(name)
        if isinstance(value, str):
            mark = "#" if name == "id" else f" {name}="
            shown += f"{mark}{shown_name(value)}"
    classes = tag.get("class")
    names = classes if isinstance(classes, list) else str(classes or "").split()
    shown += "".join(f".{shown_name(str(name))}" for name in names[:8])
    others = sorted({shown_name(name) for name in tag.attrs if name not in {*_NAMING, "class", "style"}})
    if MASKED in others and len(others) == 1:
        return f"{shown} [{MASKED}]"
    return f"{shown} [{' '.join(others)}]" if others else shown
