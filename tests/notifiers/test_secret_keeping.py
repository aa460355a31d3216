"""What a person typed is kept where only they find it, and found again by its reference."""

from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backends.null import Keyring as NothingKept

from notifiers.secret import resolve
from notifiers.secret_keeping import keep
from tests.notifiers.test_secret import MemoryKeyring

SECRETS = ["plain", "pass wörd", 'a"b\\c', " blank ", "#]='\"", "🔑"]


@pytest.fixture
def ring(monkeypatch: pytest.MonkeyPatch) -> Iterator[MemoryKeyring]:
    before, ring = keyring.get_keyring(), MemoryKeyring()
    keyring.set_keyring(ring)
    yield ring
    keyring.set_keyring(before)


@pytest.fixture
def no_ring() -> Iterator[None]:
    before = keyring.get_keyring()
    keyring.set_keyring(NothingKept())
    yield
    keyring.set_keyring(before)


@pytest.mark.parametrize("secret", SECRETS)
def test_a_key_ring_that_works_is_used(ring: MemoryKeyring, tmp_path: Path, secret: str) -> None:
    reference = keep(secret, user="me@example.org", file=tmp_path / "mail-password")
    assert reference == "keyring:stornowacht/me@example.org"
    assert resolve(reference) == secret
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("no_ring")
@pytest.mark.parametrize("secret", SECRETS)
def test_a_key_ring_that_keeps_nothing_is_not_believed(tmp_path: Path, secret: str) -> None:
    reference = keep(secret, user="me@example.org", file=tmp_path / "mail-password")
    assert reference == "file:mail-password"
    assert (tmp_path / "mail-password").stat().st_mode & 0o777 == 0o600
    assert resolve(reference, base=tmp_path) == secret


def test_a_locked_key_ring_leads_to_the_file(ring: MemoryKeyring, tmp_path: Path) -> None:
    ring.locked = True
    assert keep("x", user="me", file=tmp_path / "mail-password") == "file:mail-password"


@pytest.mark.parametrize("user", ["a/b@example.org", "me\n", "a b", ""])
def test_a_name_that_no_reference_can_hold_leads_to_the_file(
    ring: MemoryKeyring, tmp_path: Path, user: str
) -> None:
    assert keep("x", user=user, file=tmp_path / "mail-password") == "file:mail-password"
    assert ring.entries == {}


@pytest.mark.usefixtures("no_ring")
def test_a_new_secret_replaces_the_old_one_for_the_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "mail-password"
    file.write_text("old")
    file.chmod(0o644)
    keep("new", user="me", file=file)
    assert (file.read_text(), file.stat().st_mode & 0o777) == ("new", 0o600)
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.usefixtures("no_ring")
def test_a_folder_that_takes_nothing_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError):
        keep("x", user="me", file=tmp_path / "file" / "mail-password")
