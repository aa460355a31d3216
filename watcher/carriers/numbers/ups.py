"""UPS: parcels.

Shapes: plhery/universal-parcel-scraper `carriers/*/numbers.json` (2026-10) and jkeen/tracking_number_data.
"""

import re

from watcher.carriers.numbers.check_digits import ups_is_valid
from watcher.carriers.numbers.shape import Shape
from watcher.domain.confidence import Confidence

WORDS = r"(?-i:UPS)|ups\.com"
"""In capitals: "Ups, vergessen!" is no carrier."""
SHAPES: tuple[Shape, ...] = (
    Shape(
        carrier="ups",
        pattern=re.compile(r"1Z[0-9A-Z]{15}[0-9]"),
        alone=Confidence.CERTAIN,
        check=ups_is_valid,
        marked=True,
    ),
)
