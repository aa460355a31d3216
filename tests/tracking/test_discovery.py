"""One file is one source, and each says on which terms it gives what it knows."""

from datetime import timedelta

import pytest

from watcher.app.ports import TrackingSource
from watcher.carriers.knowledge import carrier
from watcher.tracking.discovery import sources
from watcher.tracking.source import SourceKind


def test_the_sources_are_found_by_themselves() -> None:
    assert "dhl" in sources()


@pytest.mark.parametrize("kind", sources().values(), ids=lambda kind: kind.name)
def test_every_source_keeps_what_a_source_promises(kind: SourceKind) -> None:
    source: TrackingSource = kind.build(key="erfunden")
    assert (source.name, source.carriers, source.quota) == (kind.name, kind.carriers, kind.quota)
    assert {carrier(each).id for each in kind.carriers} == kind.carriers
    assert kind.name.isidentifier()
    assert kind.portal.startswith("https://")
    assert kind.quota.per_day > 0


def test_dhls_terms_are_told() -> None:
    kind = sources()["dhl"]
    assert kind.attribution == "Delivered by Deutsche Post DHL Group"
    assert kind.kept_after_delivery == timedelta(days=30)
