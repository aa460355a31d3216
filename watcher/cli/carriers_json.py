"""What is known about a carrier, for scripts: every text in both languages, and where it is known from."""

from datetime import date

from watcher.carriers.knowledge import Carrier, Hold, Way
from watcher.cli.report import Json
from watcher.domain.fact import Fact, Saying
from watcher.domain.figure import Row


def carrier_json(known: Carrier, *, today: date) -> Json:
    """Return everything that is known about a carrier; `null` is "not known"."""
    phone, cutoff = known.phone, known.cutoff
    return {
        "id": known.id,
        "name": known.name or None,
        "also": list(known.also),
        "tracking": {"url": known.tracking, **_fact(known.tracking_fact, today)} if known.tracking else None,
        "phone": {"number": phone.number, **_fact(phone.fact, today)} if phone else None,
        "cutoff": {
            "time": f"{cutoff.time:%H:%M}",
            "note": _saying(cutoff.note),
            **_fact(cutoff.fact, today),
        }
        if cutoff
        else None,
        "holds": [_hold(hold, today) for hold in known.holds],
        "ways": [_way(way, today) for way in known.ways],
        "own_note": known.own_note or None,
    }


def attempts_json(row: Row | None) -> Json | None:
    """Return how the seller's own attempts with a carrier ended; `null` where nothing was tried."""
    if row is None:
        return None
    return {"came_back": row.rate.hits, "decided": row.rate.of, "open": row.open, "unknown": row.unknown}


def _hold(hold: Hold, today: date) -> Json:
    return {
        "place": _saying(hold.place),
        "days": hold.days,
        "counted": hold.counted.value,
        "note": _saying(hold.note),
        **_fact(hold.fact, today),
    }


def _way(way: Way, today: date) -> Json:
    return {
        "id": way.id,
        "who": way.who.value,
        "until_milestone": way.until_milestone,
        "title": _saying(way.title),
        "how": _saying(way.how),
        "have_at_hand": _saying(way.have_at_hand),
        "afterwards": _saying(way.afterwards),
        "cost": _saying(way.cost),
        **_fact(way.fact, today),
    }


def _saying(words: Saying) -> Json | None:
    return {"de": words.de, "en": words.en} if words else None


def _fact(fact: Fact | None, today: date) -> Json:
    """Return where a statement comes from; what the seller entered has no source."""
    return {
        "own": fact is None,
        "source": fact.source if fact else None,
        "published": fact.published if fact else None,
        "seen": fact.seen.isoformat() if fact else None,
        "confidence": fact.confidence.value if fact else None,
        "old": fact.is_old(today) if fact else False,
    }
