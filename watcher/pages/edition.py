"""Which edition of the readers this is: another one may read the same page otherwise."""

from functools import cache
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable

_READ = (".py", ".toml", ".txt")


@cache
def edition() -> str:
    """Return a hash of the readers' code, layouts and words: 16 hexadecimal digits, the same wherever they are installed."""
    digest = sha256()
    for name, content in sorted(_parts(files(__package__), "")):
        digest.update(f"{name}\n{len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()[:16]


def _parts(folder: Traversable, place: str) -> list[tuple[str, bytes]]:
    found = []
    for entry in folder.iterdir():
        name = f"{place}{entry.name}"
        if entry.is_dir():
            found += _parts(entry, f"{name}/")
        elif name.endswith(_READ):
            found.append((name, entry.read_bytes().replace(b"\r\n", b"\n")))
    return found
