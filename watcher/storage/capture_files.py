"""What a capture is made of on disk, and how it is put together again."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from watcher.domain.capture import Body, Capture, CapturedFile, PageKind, Role
from watcher.storage.capture_facts import read_facts, write_facts

FACTS_FILE = "capture.json"
EXTENSIONS = {
    "image/webp": "webp",
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/gif": "gif",
    "image/avif": "avif",
    "image/svg+xml": "svg",
    "text/html": "html",
    "text/plain": "txt",
    "multipart/related": "mhtml",
    "application/json": "json",
}
_MEDIA_TYPES = {extension: media_type for media_type, extension in EXTENSIONS.items()}
_ROLES = {role.value: role for role in Role}


def files_of(capture: Capture) -> list[CapturedFile]:
    """Return what a capture is made of on disk: picture, page, JSON answers, extras, and the facts about all of them.

    An answer that bears a token is not among them; the facts say so.
    """
    files = []
    if capture.screenshot:
        files.append(
            CapturedFile(role=Role.SCREENSHOT, media_type=capture.screenshot_type, content=capture.screenshot)
        )
    if capture.preview:
        files.append(CapturedFile(role=Role.PREVIEW, media_type="image/png", content=capture.preview))
    if capture.html:
        files.append(CapturedFile(role=Role.HTML, media_type="text/html", content=_bytes_of(capture.html)))
    files.extend(
        CapturedFile(
            role=Role.JSON, media_type="application/json", content=body.content, label=f"answer-{number}"
        )
        for number, body in enumerate(capture.bodies, start=1)
        if not body.withheld
    )
    files.extend(capture.extras)
    facts = write_facts(capture, files)
    return [*files, CapturedFile(role=Role.FACTS, media_type="application/json", content=facts)]


def _bytes_of(html: str) -> bytes:
    """Return a page's bytes; half a surrogate pair, which UTF-8 cannot hold, must not cost the proof."""
    return html.encode(errors="xmlcharrefreplace")


def with_contents(bodies: Sequence[Body], contents: Sequence[bytes]) -> tuple[Body, ...]:
    """Return the answers with what was stored of them; nothing was of those that were withheld."""
    waiting = list(contents)
    found = []
    for body in bodies:
        if body.withheld:
            found.append(body)
        elif waiting:
            found.append(replace(body, content=waiting.pop(0)))
    return tuple(found)


def read_back(folder: Path, account: str) -> Capture:
    """Rebuild what a killed check had written; what is missing stays missing, and the capture says that it is partial."""
    found: dict[Role, list[CapturedFile]] = {}
    for file in _staged_files(folder):
        of_role = found.setdefault(file.role, [])
        # A check that was killed while it staged a capture anew has left it twice, under other numbers.
        if not file.label or file.label not in {other.label for other in of_role}:
            of_role.append(file)
    try:
        # Facts are written last: where they are, all is there.
        bare = read_facts(json.loads((folder / FACTS_FILE).read_bytes()), folder.name, account)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        bare = _without_facts(folder, account)
    received = [file.content for file in found.get(Role.JSON, [])]
    unnamed = [Body(url="", status=0, content=b"")] * (len(received) - len(bare.bodies))
    picture, preview, page = (
        next(iter(found.get(role, [])), None) for role in (Role.SCREENSHOT, Role.PREVIEW, Role.HTML)
    )
    own = {Role.SCREENSHOT, Role.PREVIEW, Role.HTML, Role.JSON}
    return replace(
        bare,
        html=page.content.decode(errors="replace") if page else "",
        screenshot=picture.content if picture else b"",
        screenshot_type=picture.media_type if picture else "image/webp",
        preview=preview.content if preview else b"",
        bodies=with_contents([*bare.bodies, *unnamed], received),
        extras=tuple(file for role, files in found.items() if role not in own for file in files),
        facts=(*bare.facts, ("recovered", "left behind by a check that did not end")),
    )


def _staged_files(folder: Path) -> Iterator[CapturedFile]:
    """Yield what was staged, in its order; the facts and what has another name are none of it."""
    for path in sorted(folder.glob("[0-9]*-*.*")):
        role, _, label = path.stem.partition("-")[2].partition("-")
        media_type = _MEDIA_TYPES.get(path.suffix.removeprefix("."))
        if role in _ROLES and media_type is not None:
            yield CapturedFile(
                role=_ROLES[role], media_type=media_type, content=path.read_bytes(), label=label
            )


def _without_facts(folder: Path, account: str) -> Capture:
    """Return a capture of which nobody knows more than when its folder was written."""
    return Capture(
        id=folder.name,
        account=account,
        kind=PageKind.CONVERSATION_LIST,
        taken_at=datetime.fromtimestamp(folder.stat().st_mtime, tz=UTC),
        url="",
        final_url="",
        status=None,
        settled=False,
    )


def staged_name(index: int, file: CapturedFile) -> str:
    """Return the name of a file while its capture is staged; names sort as the files belong together."""
    label = f"-{file.label}" if file.label else ""
    return f"{index:04}-{file.role}{label}.{EXTENSIONS[file.media_type]}"
