"""Free words for a log or a report: what the program itself is known to say stays, all else is masked.

Names, titles, addresses, tracking numbers and tokens cannot be listed; the program's own words can. So nothing needs to be
recognised as private: what is not recognised as the program's own is not shown.
"""

import builtins
import errno
import os
import re
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from typing import Any

from watcher.texts.language import catalogue_words

MASK = "…"
_EXAMPLES = frozenset({"erika", "friteuse", "marlene"})
"""Names and things that our own texts use as examples: in somebody's log they would be somebody's."""
_TECHNICAL = """
abort aborted access address after again agent already an and another answer answered argument as at auth
authentication bad be been before broken browser busy by call cannot cert certificate check child chrome
chromium close closed code com command config connect connection console context corrupt could crash crashed
daemon data database dbus dead deadline deliver denied desktop device died dir directory disk dns driver
during eacces eio email encoded ended enospc erofs err errno error exceeded exception executable exist exists
exit exited expected expired extension failed failure false fault file for format found from gateway get got
handshake has have headless host http https imap in index input invalid io is it json key killed launch
launching left length limit line locked login loopback lost mail main malformed matrix memory message ms method
missing module moment much name navigation net network no node none not notifiers notify ntfy object of on one
only open operation or os out page parent password path permission persistent pid pipe playwright poll port
process profile program protocol proxy read readonly received refused remote request reset resolution response
run running schema script second seconds segmentation select self server session shell sigabrt sigkill signal
sigsegv sigterm site site-packages size smtp socket space sql sqlite ssl started starting starttls state
statement stderr stdin stdout step stop storage store stornowacht string stuck such syntax system table takes
target telegram text that the thread time timed timeout timestamp tls to token too traceback transaction
trigger true try type unable unavailable unexpected unicode unknown unreachable url user value verify version
visit waited waiting was watcher web webhook went were while with within without write wrong you your zygote
"""
"""What systems, libraries and our own code say."""
_FAULTS = frozenset(
    {name for name, value in vars(builtins).items() if isinstance(value, type) and issubclass(value, BaseException)}
    | {
        "AccessDenied", "BrowserError", "BusyError", "CalledProcessError", "ConfigError", "DatabaseError", "DeliveryError",
        "IntegrityError", "NoSuchProcess", "OperationalError", "SecretError", "StorageError", "StornowachtError",
        "TargetClosedError", "TimeoutExpired", "UsageError",
    }
)  # fmt: skip
_NUMBERED_NAME = re.compile(r"[^\W\d_]+(?:[-_][^\W\d_]+)*[-_]\d{3,}")
"""As people name a topic or an account, `my-secret-topic-4711`: the words may be ours, together they are theirs."""
_EDGES = ".,;:!?()[]{}\"'“”„‘’«»<>=–—-*`…"
_JOINTS = re.compile(r"[-_./:=+]+")
_WORD = re.compile(r"[^\W\d_]+")
_FRAME = re.compile(r'File "([^"\n]*)", line (\d+), in (\S+)')
_OWN_FRAME = re.compile(
    r"(?:^|[/\\])((?:watcher|notifiers|site-packages|lib[/\\]python3[.\d]*)[/\\][\w./\\-]+\.py)$"
)
_NAME_OF_CODE = re.compile(r"[A-Za-z_<>][\w<>.]*", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?:Z|[+-]\d\d:\d\d)?)?", re.ASCII)
_NUMBER = re.compile(r"[v~+-]?\d{1,4}(?:[.,:/]\d{1,4}){0,3}[A-Za-z%]{0,2}", re.ASCII)
_IP_ADDRESS = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}(?:[:/]\d+)?", re.ASCII)
_MANY_DIGITS = re.compile(r"\+?\d(?:[ ()/-]{0,2}\d){6,}")
"""A telephone number, an account number, a tracking number in groups."""
_NAMED = frozenset({"account", "accounts", "capture", "case", "channel", "channels", "job", "order"})
"""What the user, or we ourselves, have called something by a short word: it is how a line is understood."""
_CODED = frozenset(
    {
        "carrier",
        "command",
        "event",
        "level",
        "library",
        "outcome",
        "read",
        "rung",
        "taken",
        "trouble",
        "verdict",
        "why",
    }
)
"""What our own code has a word for."""
_SHORT_WORD = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,39}", re.ASCII)
_CODE_WORD = re.compile(r"[a-z][a-z_]{0,39}", re.ASCII)
_OWN_ADDRESS = re.compile(r"http://127\.0\.0\.1:\d{1,5}/?", re.ASCII)
_LARGEST = 10_000_000
"""A larger number is likely to be an id."""
_MOST = 20


def told(name: str, value: Any) -> Any:
    """Return what a line of a log may say under that name: numbers, moments, short names, our own words."""
    match value:
        case None | bool() | float():
            return value
        case int():
            return value if abs(value) < _LARGEST else MASK
        case list() | tuple() | set() | frozenset():
            return [told(name, each) for each in list(value)[:_MOST]]
        case _:
            text = value.isoformat() if isinstance(value, datetime) else str(value)
            return text if _is_plain(name, text) else redacted(text)


def _is_plain(name: str, text: str) -> bool:
    shape = _SHORT_WORD if name in _NAMED else _CODE_WORD if name in _CODED else _OWN_ADDRESS
    return shape.fullmatch(text) is not None


def redacted(text: str, *, limit: int = 1000) -> str:
    """Return a text in which only words that the program is known to use, short numbers and moments are left.

    Of a traceback, places in code stay as `watcher/app/deliver.py:12 deliver_due`.
    """
    shown = " ".join(_joined(_parts(text)))
    return shown if len(shown) <= limit else f"{shown[:limit]}{MASK}"


def is_own_word(word: str) -> bool:
    """Whether a word is one that the program itself uses."""
    return word.lower() in _own_words() or word in _FAULTS


def _parts(text: str) -> Iterator[str]:
    """Return the text piece by piece, each masked or shown."""
    rest = 0
    for frame in _FRAME.finditer(text):
        yield from _words(text[rest : frame.start()])
        yield _place(*frame.groups())
        rest = frame.end()
    yield from _words(text[rest:])


def _place(path: str, line: str, function: str) -> str:
    own = _OWN_FRAME.search(path)
    if own is None or not _NAME_OF_CODE.fullmatch(function):
        return MASK
    return f"{own[1]}:{line} {function}"


def _words(text: str) -> Iterator[str]:
    rest = 0
    for found in _MANY_DIGITS.finditer(text):
        if _is_moment_or_version(text, found):
            continue
        yield from map(_shown, text[rest : found.start()].split())
        yield MASK
        rest = found.end()
    yield from map(_shown, text[rest:].split())


def _is_moment_or_version(text: str, found: "re.Match[str]") -> bool:
    """Whether the digits stand within one word that is a moment: those are read as a whole."""
    begin, end = found.span()
    while begin and not text[begin - 1].isspace():
        begin -= 1
    while end < len(text) and not text[end].isspace():
        end += 1
    return _MOMENT.fullmatch(text[begin:end].strip(_EDGES)) is not None


def _shown(token: str) -> str:
    core = token.strip(_EDGES)
    if not core or _is_shown(core):
        return token
    return MASK


def _is_shown(core: str) -> bool:
    if _MOMENT.fullmatch(core) or core in _FAULTS:
        return True
    if core[0].isdigit() or core[0] in "v~+-":
        return _NUMBER.fullmatch(core) is not None and _IP_ADDRESS.fullmatch(core) is None
    if _NUMBERED_NAME.fullmatch(core):
        return False
    parts = [part for part in _JOINTS.split(core) if part]
    return all(_is_known(part) for part in parts)


def _is_known(part: str) -> bool:
    if part in _FAULTS or (part.isdecimal() and len(part) <= 4):  # noqa: PLR2004 - longer ones may be ids
        return True
    return _WORD.fullmatch(part) is not None and part.lower() in _own_words()


def _joined(parts: Iterator[str]) -> Iterator[str]:
    """Return the parts with neighbouring masks as one: how many words a name has is nobody's business."""
    before = ""
    for part in parts:
        if part != MASK or before != MASK:
            yield part
        before = part


@cache
def _own_words() -> frozenset[str]:
    said = {word for text in catalogue_words() for token in text.split() for word in _whole_words(token)}
    system = {word.lower() for number in errno.errorcode for word in _WORD.findall(os.strerror(number))}
    return frozenset((said | system | set(_TECHNICAL.split())) - _EXAMPLES)


def _whole_words(token: str) -> Iterator[str]:
    """Return the words of a token of our texts; what stands in an address or a path is none."""
    parts = token.strip(_EDGES).split("-")
    if all(_WORD.fullmatch(part) for part in parts):
        yield from (part.lower() for part in parts)
