"""GLS: parcels, and the Track-ID.

Shapes: plhery/universal-parcel-scraper `carriers/*/numbers.json` (2026-10) and ha-parcel-integrations/ha-gls (2026-08).
"""

import re

from watcher.carriers.numbers.check_digits import gls_is_valid
from watcher.carriers.numbers.shape import Shape
from watcher.domain.confidence import Confidence

WORDS = r"gls"
SHAPES: tuple[Shape, ...] = (
    Shape(
        carrier="gls",
        pattern=re.compile(r"[0-9]{12}"),
        alone=Confidence.UNSURE,
        check=gls_is_valid,
        most=Confidence.LIKELY,
    ),
    Shape(
        carrier="gls",
        pattern=re.compile(r"[1-9][0-9]{10}"),
        alone=Confidence.UNSURE,
        only_named=True,
        most=Confidence.LIKELY,
    ),
    # Telephone numbers begin with 0.
    Shape(
        carrier="gls",
        pattern=re.compile(r"0[0-9]{10}"),
        alone=Confidence.UNSURE,
        only_named=True,
        most=Confidence.UNSURE,
    ),
    # The Track-ID: eight letters and digits, both of them in it.
    Shape(
        carrier="gls",
        pattern=re.compile(r"(?=[0-9]*[A-Z])(?=[A-Z]*[0-9])[0-9A-Z]{8}"),
        alone=Confidence.UNSURE,
        only_named=True,
        most=Confidence.LIKELY,
    ),
)
