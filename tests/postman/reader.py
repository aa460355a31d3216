"""Letters as they are read: written, and their HTML taken apart."""

from html.parser import HTMLParser

from notifiers.message import Message
from watcher.postman.letter import LetterFacts, write_letter
from watcher.texts.language import Language


class Page(HTMLParser):
    """Reads a letter's HTML strictly enough to notice what markup would break."""

    VOID = frozenset({"meta", "br", "img"})

    def __init__(self, document: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tags: list[str] = []
        self.open: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.feed(document)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not self.open or self.open[-1] != "style":
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    def values(self, attribute: str) -> list[str]:
        return [value for _, name, value in self.attributes if name == attribute]


def write(given: LetterFacts, language: Language = "de") -> Message:
    return write_letter(given, language=language)


def page(message: Message) -> Page:
    assert message.html is not None
    return Page(message.html)
