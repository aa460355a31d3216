"""Hermes: parcels.

Shapes: plhery/universal-parcel-scraper `carriers/*/numbers.json` (2026-10) and ha-parcel-integrations/ha-hermes (2026-08). Evri in
Great Britain, once Hermes, has `H` and 15 signs.
"""

import re

from watcher.carriers.numbers.check_digits import gs1_is_valid
from watcher.carriers.numbers.shape import Shape
from watcher.domain.confidence import Confidence

_TIME_STAMP = r"20[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])(?:[01][0-9]|2[0-3])[0-5][0-9][0-5][0-9]"
"""Fourteen digits that are a date and a time, as links carry them."""

WORDS = r"(?:my)?hermes|my-deliveries\.de"
SHAPES: tuple[Shape, ...] = (
    Shape(carrier="hermes", pattern=re.compile(r"H[0-9]{16,19}"), alone=Confidence.LIKELY, marked=True),
    Shape(
        carrier="hermes",
        pattern=re.compile(rf"(?!{_TIME_STAMP}$)[0-9]{{14}}"),
        alone=Confidence.LIKELY,
        check=gs1_is_valid,
    ),
)
