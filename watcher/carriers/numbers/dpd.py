"""DPD: parcels.

Shapes: plhery/universal-parcel-scraper `carriers/*/numbers.json` (2026-10) and jkeen/tracking_number_data.
"""

import re

from watcher.carriers.numbers.check_digits import mod37_is_valid
from watcher.carriers.numbers.shape import Shape
from watcher.domain.confidence import Confidence

WORDS = r"(?:my)?dpd|paketnavigator"
SHAPES: tuple[Shape, ...] = (
    # With the check character that is printed behind the fourteen digits.
    Shape(
        carrier="dpd", pattern=re.compile(r"[0-9]{14}[A-Z]"), alone=Confidence.LIKELY, check=mod37_is_valid
    ),
    # An IMEI has fifteen digits, too.
    Shape(carrier="dpd", pattern=re.compile(r"[0-9]{15}"), alone=Confidence.UNSURE, check=mod37_is_valid),
    # Hermes has fourteen digits as well, and one DPD number in ten passes Hermes' check by chance.
    Shape(carrier="dpd", pattern=re.compile(r"[0-9]{14}"), alone=Confidence.UNSURE, most=Confidence.LIKELY),
)
