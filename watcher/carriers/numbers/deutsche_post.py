"""Deutsche Post: registered and insured letters, Warenpost. How letters' matrix codes are made is not published.

Shapes: plhery/universal-parcel-scraper `carriers/*/numbers.json` (2026-10) and jkeen/tracking_number_data.
"""

import re

from watcher.carriers.numbers.check_digits import s10_is_valid
from watcher.carriers.numbers.shape import Shape
from watcher.domain.confidence import Confidence

WORDS = r"deutsche[ _-]?post(?![ _-]?dhl)|einschreiben|warenpost"
SHAPES: tuple[Shape, ...] = (
    Shape(
        carrier="deutsche_post",
        pattern=re.compile(r"[RV][A-Z][0-9]{9}DE"),
        alone=Confidence.LIKELY,
        check=s10_is_valid,
        marked=True,
    ),
    Shape(
        carrier="deutsche_post",
        pattern=re.compile(r"[A-QS-UW-Z][A-Z][0-9]{9}DE"),
        alone=Confidence.UNSURE,
        check=s10_is_valid,
    ),
)
