"""What the measured values of an ad's photos say to a seller: hints, for a value knows nothing of what is on the photo."""

from collections.abc import Callable, Iterable, Mapping
from itertools import combinations

from watcher.domain.ad import Ad, Photo
from watcher.listings.rule import Check, Finding, Rule
from watcher.listings.saying import beyond, finding

_UNSEEN = {"empty", "broken", "unknown_kind"}
"""What buyers cannot see either."""


def no_photo(rule: Rule, ad: Ad) -> Finding | bool | None:
    """Say that there is none; one that could not be loaded is there all the same."""
    return None if ad.photo_count is None else ad.photo_count == 0 and not ad.photos and finding(rule)


def too_few(rule: Rule, ad: Ad) -> Finding | bool | None:
    """Say that there are few of them."""
    count = max(ad.photo_count or 0, len(ad.photos))
    if not count:
        return None
    return rule.limit is not None and count < rule.limit and finding(rule, count=str(count))


def one_by_one(rule: Rule, ad: Ad) -> Finding | bool | None:
    """Say which photos are too small, too dark, blurred, or cannot be seen."""
    measured = [(photo, value) for photo in ad.photos if (value := _VALUES[rule.check](photo)) is not None]
    if not measured or rule.limit is None:
        return None
    low = [(photo, value) for photo, value in measured if value < rule.limit]
    if not low:
        return False
    worst = min(value for _photo, value in low)
    numbers = _numbers(photo.number for photo, _value in low)
    return finding(rule, certainty=beyond(rule, worst), photos=numbers)


def broken(rule: Rule, ad: Ad) -> Finding | bool | None:
    """Say which photos the page has, and nobody can see."""
    if not ad.photos:
        return None
    numbers = [photo.number for photo in ad.photos if photo.problem in _UNSEEN]
    return bool(numbers) and finding(rule, photos=_numbers(numbers))


def same_view(rule: Rule, ad: Ad) -> Finding | bool | None:
    """Say which photos show the same from the same side; a picture without any outline is like nothing else."""
    prints = [(photo.number, photo.fingerprint) for photo in ad.photos if photo.fingerprint]
    if len(prints) < 2 or rule.limit is None:  # noqa: PLR2004 - a pair
        return None
    pairs = [
        (one, other)
        for (one, first), (other, second) in combinations(prints, 2)
        if (first ^ second).bit_count() <= rule.limit
    ]
    return bool(pairs) and finding(
        rule, photos=_numbers(sorted({number for pair in pairs for number in pair}))
    )


def _numbers(numbers: Iterable[int]) -> str:
    return ", ".join(map(str, numbers))


def _longer_side(photo: Photo) -> float | None:
    return None if photo.width is None or photo.height is None else max(photo.width, photo.height)


_VALUES: Mapping[Check, Callable[[Photo], float | None]] = {
    Check.PHOTO_SIZE: _longer_side,
    Check.PHOTO_DARK: lambda photo: photo.brightness,
    Check.PHOTO_BLURRED: lambda photo: photo.sharpness,
}
PHOTO_CHECKS: Mapping[Check, Callable[[Rule, Ad], Finding | bool | None]] = {
    Check.NO_PHOTO: no_photo,
    Check.PHOTO_COUNT: too_few,
    Check.PHOTO_SIZE: one_by_one,
    Check.PHOTO_DARK: one_by_one,
    Check.PHOTO_BLURRED: one_by_one,
    Check.PHOTO_TWICE: same_view,
    Check.PHOTO_BROKEN: broken,
}
