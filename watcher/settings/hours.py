"""A span of hours as people write it: `22:00-07:00`."""

import re
from datetime import time

from watcher.texts.language import _

_FORM = re.compile(r"([01]\d|2[0-3]):([0-5]\d) ?[-–] ?([01]\d|2[0-3]):([0-5]\d)")


def span_of_hours(text: str) -> tuple[time, time]:
    """Return from when until when; the second is of the next day where it is not later than the first.

    Raises:
        ValueError: the text has another form, or both times are the same.
    """
    found = _FORM.fullmatch(text.strip())
    if found is None:
        raise ValueError(_('write two times such as "23:00-06:30"'))
    begin, begin_minute, end, end_minute = (int(part) for part in found.groups())
    begins, ends = time(begin, begin_minute), time(end, end_minute)
    if begins == ends:
        raise ValueError(_("the two times must be different"))
    return begins, ends
