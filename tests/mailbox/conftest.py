"""Mail servers that tests talk to."""

import pytest

from tests.mailbox.dovecot import Dovecot
from tests.support.mail_server import Start, dovecot

__all__ = ["dovecot"]  # a fixture that tests find here


@pytest.fixture
def mailbox(dovecot: Start) -> Dovecot:
    """A mail server without anything special."""
    return dovecot()
