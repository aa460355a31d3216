"""Pictures, files and the state of commands: what pages show or offer beside their words.

Captured pages only ever come out as pictures; everything else is a download that no browser interprets.
"""

import re
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from watcher.web.desk import desk_of
from watcher.web.render import page

_NAME = re.compile(r"([0-9a-f]{64})\.(png|webp|jpg)")
_TYPES = {"png": "image/png", "webp": "image/webp", "jpg": "image/jpeg"}
_FOR_EVER = "private, max-age=31536000, immutable"
"""A picture's address holds its hash: other bytes have another address."""


def picture(request: Request) -> Response:
    """Show a picture from the archive, by its hash."""
    found = _NAME.fullmatch(request.path_params["name"])
    if found is None:
        raise HTTPException(404)
    path = desk_of(request).config.storage_dir / "archive" / found[1][:2] / found[0]
    if path.is_symlink() or not path.is_file():
        raise HTTPException(404)
    return FileResponse(path, media_type=_TYPES[found[2]], headers={"Cache-Control": _FOR_EVER})


def attachment(request: Request) -> Response:
    """Hand out a file that the seller added, to be saved."""
    desk, wanted = desk_of(request), request.path_params["attachment"]
    with desk.house() as our:
        found = next((one for one in our.store.attachments().of() if one.id == wanted), None)
    if found is None:
        raise HTTPException(404)
    return _download(desk.config.storage_dir / found.path, found.name)


def job(request: Request) -> Response:
    """Show how far a command has come."""
    found = desk_of(request).jobs.get(request.path_params["job"])
    if found is None:
        raise HTTPException(404)
    return page(request, "job.html", job=found)


def job_file(request: Request) -> Response:
    """Hand out a file that a command has made."""
    found = desk_of(request).jobs.get(request.path_params["job"])
    number = request.path_params["number"]
    if found is None or not 0 <= number < len(found.files):
        raise HTTPException(404)
    return _download(found.files[number], found.files[number].name)


def _download(path: Path, name: str) -> Response:
    if not path.is_file():
        raise HTTPException(404)
    return FileResponse(path, media_type="application/octet-stream", filename=name)


ROUTES = (
    Route("/pictures/{name}", picture),
    Route("/attachments/{attachment}", attachment),
    Route("/jobs/{job}", job),
    Route("/jobs/{job}/files/{number:int}", job_file),
)
