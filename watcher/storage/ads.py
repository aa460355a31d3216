"""The own ads in the database.

What an ad says is one JSON text. It is read without trust: what an older or a later version wrote otherwise, or not at all,
counts as not shown.
"""

import json
import sqlite3
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from watcher.domain.ad import Ad, AdStatus, KnownAd, Photo, PriceType, ShippingOffer
from watcher.domain.confidence import Confidence
from watcher.storage import rows
from watcher.storage.database import FILE_NAME, refused

_Word = TypeVar("_Word", bound=StrEnum)
_WAITS = (
    "SELECT 1 FROM ads WHERE account = ? AND gone_at IS NULL AND tried_at IS NULL"
    " AND json_extract(content, '$.status') NOT IN ('paused', 'deleted') LIMIT 1"
)


class SqliteAds:
    """What is remembered of the own ads."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def of(self, account: str) -> list[KnownAd]:
        """Return every own ad of an account, those that are gone among them; the one seen first comes last."""
        query = "SELECT * FROM ads WHERE account = ? ORDER BY first_seen_at DESC, id DESC"
        return [_known_of(row) for row in self._rows(query, account)]

    def get(self, account: str, ad_id: str) -> KnownAd | None:
        """Return one own ad."""
        found = self._rows("SELECT * FROM ads WHERE account = ? AND id = ?", account, ad_id)
        return _known_of(found[0]) if found else None

    def has_waiting(self, account: str) -> bool:
        """Whether an ad of the account waits for its page to be opened for the first time."""
        return bool(self._rows(_WAITS, account))

    def _rows(self, query: str, *parameters: str) -> list[sqlite3.Row]:
        try:
            return list(self._connection.execute(query, parameters))
        except sqlite3.DatabaseError as error:
            raise refused(Path(FILE_NAME), error) from error


class SqliteAdWriting:
    """What may be written of the own ads within the transaction that is open."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def save(self, known: KnownAd) -> None:
        """Remember an own ad, new or known."""
        row = {
            "account": known.account,
            "id": known.ad.id,
            "first_seen_at": rows.time_text(known.first_seen_at),
            "seen_at": rows.time_text(known.seen_at),
            "gone_at": rows.time_text(known.gone_at),
            "mark": known.mark,
            "read_at": rows.time_text(known.read_at),
            "tried_at": rows.time_text(known.tried_at),
            "category": None if known.ad.category is None else _storable(known.ad.category),
            "content": content_text(known.ad),
            "findings": json.dumps(known.findings),
        }
        names, marks = ", ".join(row), ", ".join(f":{name}" for name in row)
        kept = ", ".join(f"{name} = excluded.{name}" for name in row if name not in {"account", "id"})
        query = f"INSERT INTO ads ({names}) VALUES ({marks}) ON CONFLICT (account, id) DO UPDATE SET {kept}"  # noqa: S608 - our own
        self._connection.execute(query, row)


def content_text(ad: Ad) -> str:
    """Return what an ad says as one JSON text; what is not known is left out."""
    offer = ad.shipping
    content = {
        "title": ad.title,
        "text": ad.text,
        "price_cents": ad.price_cents,
        "price_type": ad.price_type,
        "wanted": ad.wanted,
        "status": ad.status,
        "category": ad.category,
        "attributes": dict(ad.attributes),
        "shipping": _without_none(
            ships=offer.ships, cents=offer.cents, options=list(offer.options), buys_direct=offer.buys_direct
        ),
        "posted_at": rows.time_text(ad.posted_at),
        "photo_count": ad.photo_count,
        "photos": [
            _without_none(
                number=photo.number,
                width=photo.width,
                height=photo.height,
                brightness=photo.brightness,
                sharpness=photo.sharpness,
                fingerprint=photo.fingerprint,
                problem=None if photo.problem is None else str(photo.problem),
            )
            for photo in ad.photos
        ],
        "path": ad.path,
        "confidence": ad.confidence,
    }
    return _storable(json.dumps(_without_none(**content), ensure_ascii=False))


def content_of(ad_id: str, text: str) -> Ad:
    """Return the ad of a JSON text. Nothing in it raises: what cannot be understood is not known."""
    told = _object(text)
    offer = _mapping(told.get("shipping"))
    return Ad(
        id=ad_id,
        title=_text(told.get("title")),
        text=_text(told.get("text")),
        price_cents=_whole(told.get("price_cents")),
        price_type=_word(PriceType, told.get("price_type"), PriceType.UNKNOWN),
        wanted=told.get("wanted") is True,
        status=_word(AdStatus, told.get("status"), AdStatus.UNKNOWN),
        category=_text(told.get("category")),
        attributes={
            name: value for name, value in _mapping(told.get("attributes")).items() if isinstance(value, str)
        },
        shipping=ShippingOffer(
            ships=_flag(offer.get("ships")),
            cents=_whole(offer.get("cents")),
            options=tuple(each for each in _list(offer.get("options")) if isinstance(each, str)),
            buys_direct=_flag(offer.get("buys_direct")),
        ),
        posted_at=_moment(told.get("posted_at")),
        photo_count=_whole(told.get("photo_count")),
        photos=tuple(
            photo for each in _list(told.get("photos")) if (photo := _photo(_mapping(each))) is not None
        ),
        path=_text(told.get("path")),
        confidence=_word(Confidence, told.get("confidence"), Confidence.UNSURE),
    )


def _known_of(row: sqlite3.Row) -> KnownAd:
    return KnownAd(
        account=row["account"],
        ad=content_of(row["id"], row["content"]),
        first_seen_at=datetime.fromisoformat(row["first_seen_at"]),
        seen_at=datetime.fromisoformat(row["seen_at"]),
        mark=row["mark"],
        read_at=rows.time_of(row["read_at"]),
        tried_at=rows.time_of(row["tried_at"]),
        gone_at=rows.time_of(row["gone_at"]),
        findings=tuple(json.loads(row["findings"])),
    )


def _photo(told: Mapping[str, Any]) -> Photo | None:
    number = _whole(told.get("number"))
    if number is None:
        return None
    return Photo(
        number=number,
        width=_whole(told.get("width")),
        height=_whole(told.get("height")),
        brightness=_number(told.get("brightness")),
        sharpness=_number(told.get("sharpness")),
        fingerprint=_whole(told.get("fingerprint")),
        problem=_text(told.get("problem")),
    )


def _without_none(**values: object) -> dict[str, object]:
    return {name: value for name, value in values.items() if value is not None}


def _storable(text: str) -> str:
    """Return a text that can be written down: half of a surrogate pair, which a page may hold, becomes `?`."""
    return text.encode(errors="replace").decode()


def _object(text: str) -> Mapping[str, Any]:
    try:
        return _mapping(json.loads(text))
    except (ValueError, RecursionError):
        return {}


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _flag(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _moment(value: object) -> datetime | None:
    with suppress(TypeError, ValueError):
        at = datetime.fromisoformat(value)  # type: ignore[arg-type]
        return at if at.tzinfo is not None else None
    return None


def _word(kind: type[_Word], value: object, unknown: _Word) -> _Word:
    return kind(value) if isinstance(value, str) and value in set(kind) else unknown
