"""The newest answers of the message box that one document has received."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from watcher.domain.capture import Body
from watcher.pages.addresses import is_list_answer, is_thread_answer, page_number


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What came back for the list, or for one conversation."""

    bodies: tuple[Body, ...] = ()
    lost: tuple[str, ...] = ()
    """Addresses of answers that came and whose bytes could not be had."""

    def __bool__(self) -> bool:
        """Whether anything came at all, an error included."""
        return bool(self.bodies or self.lost)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    url: str
    body: Body | None


class Answers:
    """Keeps one answer per page of the list and per conversation: a later one to the same question replaces it."""

    def __init__(self) -> None:
        self._pages: dict[int, _Answer] = {}
        self._threads: dict[str, _Answer] = {}
        self.newest: str | None = None
        """The conversation that was answered last."""

    def take(self, bodies: Iterable[Body], lost: Iterable[str]) -> None:
        """Add what has just arrived, in the order in which it came."""
        for url in lost:
            self._put(_Answer(url=url, body=None))
        for body in bodies:
            self._put(_Answer(url=body.url, body=body))

    def of_list(self) -> Heard:
        """Return the pages of the list, the first one first."""
        return _heard(self._pages[number] for number in sorted(self._pages))

    def of_thread(self, conversation: str) -> Heard:
        """Return what came back for one conversation."""
        answer = self._threads.get(conversation)
        return _heard([] if answer is None else [answer])

    def _put(self, answer: _Answer) -> None:
        if is_list_answer(answer.url):
            number = page_number(answer.url)
            # What follows a page that was asked for anew is from before: rows have moved since.
            self._pages = {at: kept for at, kept in self._pages.items() if at < number} | {number: answer}
        elif is_thread_answer(answer.url):
            self.newest = conversation = conversation_of_answer(answer.url)
            self._threads[conversation] = answer


def conversation_of_answer(url: str) -> str:
    """Return which conversation an answer is about; `url` is one of `is_thread_answer`."""
    return unquote(urlsplit(url).path.rstrip("/").rpartition("/")[2])


def _heard(answers: Iterable[_Answer]) -> Heard:
    found = list(answers)
    return Heard(
        bodies=tuple(answer.body for answer in found if answer.body is not None),
        lost=tuple(answer.url for answer in found if answer.body is None),
    )
