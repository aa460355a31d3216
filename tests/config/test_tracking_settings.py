"""The table [tracking]: keys are references, questions are few, and nothing goes over an open line."""

from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from watcher.settings.tracking import DhlTracking, Tracking
from watcher.tracking.dhl_unified import BASE_URL
from watcher.tracking.discovery import sources


def dhl(**values: Any) -> DhlTracking:
    table = Tracking.model_validate({"dhl": {"key": "env:DHL_KEY", **values}}).dhl
    assert table is not None
    return table


def mistake(**values: Any) -> str:
    with pytest.raises(ValidationError) as caught:
        dhl(**values)
    return str(caught.value)


def test_without_a_table_nothing_is_asked() -> None:
    assert Tracking().dhl is None


def test_the_defaults_are_what_the_source_allows() -> None:
    kind = sources()["dhl"]
    table = dhl()
    assert table.every == timedelta(minutes=45)
    assert (table.per_day, table.base_url) == (kind.quota.per_day, BASE_URL)
    assert set(Tracking.model_fields) == set(sources())


@pytest.mark.parametrize("reference", ["env:DHL_KEY", "file:~/dhl.key", "keyring:stornowacht/dhl"])
def test_the_key_is_a_reference(reference: str) -> None:
    assert dhl(key=reference).key == reference


def test_a_key_in_the_config_is_refused_and_not_repeated() -> None:
    told = mistake(key="erfundener-Schluessel-4711")
    assert "keyring:" in told
    assert "4711" not in told


def test_a_parcel_is_not_asked_about_more_than_every_quarter_of_an_hour() -> None:
    assert dhl(every="15m").every == timedelta(minutes=15)
    assert "15m is the shortest" in mistake(every="14m")
    assert dhl(every="1s", base_url="http://127.0.0.1:8000").every == timedelta(seconds=1)


@pytest.mark.parametrize("per_day", [0, -1, 251, "viele"])
def test_no_more_questions_than_the_source_allows(per_day: object) -> None:
    assert "per_day" in mistake(per_day=per_day)


@pytest.mark.parametrize("address", ["http://api-eu.dhl.com", "api-eu.dhl.com", "https://x/y", "https://a b"])
def test_the_key_is_only_sent_to_an_address_with_https(address: str) -> None:
    assert "base_url" in mistake(base_url=address)


def test_unknown_settings_are_mistakes() -> None:
    assert "evry" in mistake(evry="45m")
