"""What a capture is made of on disk, and how it is put together again."""

import json
from dataclasses import fields, replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from watcher.domain.capture import Body, Capture, CapturedFile, PageKind, Role

FACTS_FILE = "capture.json"
EXTENSIONS = {
    "image/webp": "webp",
    "image/png": "png",
    "text/html": "html",
    "application/json": "json",
}


def files_of(capture: Capture) -> list[CapturedFile]:
    """Return what a capture is made of on disk: picture, page, JSON answers, and the facts about all of them."""
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
        CapturedFile(role=Role.JSON, media_type="application/json", content=body.content)
        for body in capture.bodies
    )
    facts = json.dumps(_facts(capture, files), ensure_ascii=False, indent=1, sort_keys=True)
    content = facts.encode(errors="backslashreplace")
    return [*files, CapturedFile(role=Role.FACTS, media_type="application/json", content=content)]


def _bytes_of(html: str) -> bytes:
    """Return a page's bytes; half a surrogate pair, which UTF-8 cannot hold, must not cost the proof."""
    return html.encode(errors="xmlcharrefreplace")


def _facts(capture: Capture, files: list[CapturedFile]) -> dict[str, object]:
    return {
        "id": capture.id,
        "account": capture.account,
        "page": capture.kind,
        "conversation": capture.conversation,
        "added_page": capture.page,
        "taken_at": capture.taken_at.isoformat(),
        "url": capture.url,
        "final_url": capture.final_url,
        "status": capture.status,
        "settled": capture.settled,
        "failure": capture.failure,
        "blocked_requests": capture.blocked_requests,
        "stopped": capture.stopped,
        "foreign": capture.foreign,
        "lost_bodies": list(capture.lost_bodies),
        "shapes": list(capture.shapes),
        "answers": [{"url": body.url, "status": body.status} for body in capture.bodies],
        "files": [{"role": file.role, "sha256": sha256(file.content).hexdigest()} for file in files],
        **dict(capture.facts),
    }


def read_back(folder: Path, account: str) -> Capture:
    """Rebuild what a killed check had written; what is missing stays missing, and the capture says that it is partial."""
    pictures = sorted(folder.glob("*-screenshot.*"))
    previews = sorted(folder.glob("*-preview.png"))
    pages = sorted(folder.glob("*.html"))
    try:
        bare = _facts_read_back(folder, account)
    except (OSError, ValueError, KeyError, TypeError):
        bare = _without_facts(folder, account)
    received = [path.read_bytes() for path in sorted(folder.glob("*-json.json"))]
    unnamed = [Body(url="", status=0, content=b"")] * (len(received) - len(bare.bodies))
    return replace(
        bare,
        html=pages[0].read_bytes().decode(errors="replace") if pages else "",
        screenshot=pictures[0].read_bytes() if pictures else b"",
        screenshot_type="image/png" if pictures and pictures[0].suffix == ".png" else "image/webp",
        preview=previews[0].read_bytes() if previews else b"",
        bodies=tuple(
            replace(body, content=content)
            for body, content in zip([*bare.bodies, *unnamed], received, strict=False)
        ),
        facts=(*bare.facts, ("recovered", "left behind by a check that did not end")),
    )


def _facts_read_back(folder: Path, account: str) -> Capture:
    """Return the capture that the facts tell of, still without its bytes: facts are written last, so all is there."""
    return capture_told(json.loads((folder / FACTS_FILE).read_bytes()), folder.name, account)


def capture_told(told: dict[str, Any], capture_id: str, account: str) -> Capture:
    """Return the capture that its facts tell of, still without its bytes.

    Raises:
        KeyError, ValueError, TypeError: the facts are not those of a capture.
    """
    named = {"account", "added_page", "answers", "files", *(field.name for field in fields(Capture))}
    return Capture(
        id=capture_id,
        account=account,
        kind=PageKind(told["page"]),
        conversation=told["conversation"],
        page=told.get("added_page"),
        taken_at=datetime.fromisoformat(told["taken_at"]),
        url=str(told["url"]),
        final_url=str(told["final_url"]),
        status=told["status"],
        bodies=tuple(
            Body(url=entry["url"], status=entry["status"], content=b"") for entry in told["answers"]
        ),
        lost_bodies=tuple(told["lost_bodies"]),
        shapes=tuple(str(shape) for shape in told.get("shapes", ())),
        blocked_requests=told["blocked_requests"],
        stopped=tuple((what, count) for what, count in told.get("stopped", ())),
        foreign=tuple((host, count) for host, count in told.get("foreign", ())),
        settled=told["settled"],
        failure=told["failure"],
        facts=tuple((name, str(value)) for name, value in told.items() if name not in named),
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
    return f"{index:04}-{file.role}.{EXTENSIONS[file.media_type]}"
