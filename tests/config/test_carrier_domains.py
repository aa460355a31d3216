"""[mailbox] carrier_domains: domains, and nothing that would let everybody write."""

from typing import Any

import pytest
from pydantic import ValidationError

from tests.support.every import every
from watcher.bootstrap import carrier_domains, mailbox_settings
from watcher.config import Config
from watcher.settings.mailbox import Mailbox

NEEDED = {"host": "imap.example.org", "username": "me", "password": "env:TEST_PASSWORD"}


def mailbox(*domains: Any) -> Mailbox:
    return Mailbox.model_validate({**NEEDED, "carrier_domains": domains})


def test_the_users_domains_stand_beside_those_that_are_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEST_PASSWORD", "x")
    told = mailbox_settings(Config(), mailbox("Paketdienst.Example")).carriers
    assert told == {**carrier_domains(), "paketdienst.example": None}
    assert told["dhl.de"] == "dhl"


@every("domain", ["", "de", "@dhl.de", "x@dhl.de", "dhl de", ".de", "https://dhl.de", "dhl.de.", "*.dhl.de"])
def test_what_is_no_domain_is_refused(domain: str) -> None:
    with pytest.raises(ValidationError, match="carrier_domains"):
        mailbox("dhl.com", domain)
