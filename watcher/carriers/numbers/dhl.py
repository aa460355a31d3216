"""DHL: parcels, small international parcels, Identcodes, Express.

Shapes: plhery/universal-parcel-scraper `carriers/*/numbers.json` (2026-10), jkeen/tracking_number_data, and karrio
`modules/connectors/dhl_parcel_de/vendors/tracking-test.txt`. A DHL Päckchen has no number at all.
"""

import re

from watcher.carriers.numbers.check_digits import (
    gs1_is_valid,
    identcode_is_valid,
    mod7_is_valid,
    s10_is_valid,
)
from watcher.carriers.numbers.shape import Shape
from watcher.domain.confidence import Confidence

WORDS = r"dhl|packstation(?:en)?"
SHAPES: tuple[Shape, ...] = (
    Shape(
        carrier="dhl",
        pattern=re.compile(r"0034043[345][0-9]{12}"),
        alone=Confidence.CERTAIN,
        check=gs1_is_valid,
        marked=True,
    ),
    # S10 tells the service by its first letter: C and E are parcels; R and V are Deutsche Post's registered letters.
    Shape(
        carrier="dhl",
        pattern=re.compile(r"[CE][A-Z][0-9]{9}DE"),
        alone=Confidence.CERTAIN,
        check=s10_is_valid,
        marked=True,
    ),
    Shape(
        carrier="dhl",
        pattern=re.compile(r"[ABDF-QSTUW-Z][A-Z][0-9]{9}DE"),
        alone=Confidence.LIKELY,
        check=s10_is_valid,
        marked=True,
    ),
    Shape(
        carrier="dhl",
        pattern=re.compile(r"[RV][A-Z][0-9]{9}DE"),
        alone=Confidence.UNSURE,
        check=s10_is_valid,
    ),
    Shape(
        carrier="dhl",
        pattern=re.compile(r"JJD[0-9]{18,24}|JVGL[0-9]{10,24}|JD[0-9]{18}"),
        alone=Confidence.LIKELY,
        marked=True,
    ),
    # Other carriers have twelve digits, too.
    Shape(
        carrier="dhl",
        pattern=re.compile(r"[0-9]{12}"),
        alone=Confidence.UNSURE,
        check=identcode_is_valid,
        most=Confidence.LIKELY,
    ),
    # The site's own ads have ten digits as well, and every seventh number passes the check.
    Shape(
        carrier="dhl",
        pattern=re.compile(r"[0-9]{10}"),
        alone=Confidence.UNSURE,
        check=mod7_is_valid,
        only_named=True,
        most=Confidence.UNSURE,
    ),
)
