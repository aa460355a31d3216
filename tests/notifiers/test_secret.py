"""Secrets are found where the config says, and never shown."""

import os
import sys

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked, PasswordDeleteError

from notifiers.secret import SecretError, is_reference, resolve, sendable
from tests.support.every import every


class MemoryKeyring(KeyringBackend):
    """A keyring that forgets everything with the test."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()
        self.entries: dict[tuple[str, str], str] = {}
        self.locked = False

    def get_password(self, service: str, username: str) -> str | None:
        if self.locked:
            raise KeyringLocked("locked")
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.entries[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if self.entries.pop((service, username), None) is None:
            raise PasswordDeleteError(username)


@pytest.fixture
def memory():
    before, memory = keyring.get_keyring(), MemoryKeyring()
    keyring.set_keyring(memory)
    yield memory
    keyring.set_keyring(before)


@pytest.fixture
def secret_file(tmp_path):
    file = tmp_path / "mail password.txt"
    file.write_text("pass wörd\n", encoding="utf-8")
    file.chmod(0o600)
    return file


def test_a_secret_in_the_environment_is_found(monkeypatch):
    monkeypatch.setenv("MAIL_PASSWORD", " s3cret ")

    assert resolve("env:MAIL_PASSWORD") == " s3cret "


def test_a_variable_that_is_not_set_is_named(monkeypatch):
    monkeypatch.delenv("MAIL_PASSWORD", raising=False)

    with pytest.raises(SecretError, match="MAIL_PASSWORD"):
        resolve("env:MAIL_PASSWORD")


def test_a_secret_in_a_file_is_found_without_the_line_break_at_its_end(secret_file):
    assert resolve(f"file:{secret_file}") == "pass wörd"


def test_a_path_may_start_at_home(secret_file, monkeypatch):
    monkeypatch.setenv("HOME", str(secret_file.parent))

    assert resolve(f"file:~/{secret_file.name}") == "pass wörd"


def test_a_relative_path_counts_from_the_working_directory(secret_file, monkeypatch):
    monkeypatch.chdir(secret_file.parent)

    assert resolve(f"file:{secret_file.name}") == "pass wörd"


def test_a_relative_path_counts_from_the_given_folder(secret_file):
    assert resolve(f"file:{secret_file.name}", base=secret_file.parent) == "pass wörd"


@pytest.mark.skipif(os.name != "posix", reason="file modes mean this on POSIX only")
@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o660])
def test_a_file_that_others_may_read_is_refused_with_the_command_that_helps(secret_file, mode):
    secret_file.chmod(mode)

    with pytest.raises(SecretError) as caught:
        resolve(f"file:{secret_file}")

    assert f"chmod 600 '{secret_file}'" in caught.value.advice
    assert "pass" not in caught.value.message.replace("Passwortdatei", "").replace(str(secret_file), "")


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(SecretError, match=r"nothing\.txt"):
        resolve(f"file:{tmp_path}/nothing.txt")


def test_a_folder_is_no_secret(tmp_path):
    with pytest.raises(SecretError, match=str(tmp_path)):
        resolve(f"file:{tmp_path}")


def test_a_file_that_is_no_text_is_refused_without_its_bytes(secret_file):
    secret_file.write_bytes(b"\xff\xfehunter2")

    with pytest.raises(SecretError) as caught:
        resolve(f"file:{secret_file}")

    assert "hunter2" not in repr(caught.value)
    assert caught.value.__cause__ is None


def test_an_empty_secret_is_an_error(secret_file):
    secret_file.write_text("\n")

    with pytest.raises(SecretError, match="leer"):
        resolve(f"file:{secret_file}")


def test_a_secret_in_the_keyring_is_found_by_service_and_user(memory):
    memory.set_password("stornowacht/mail", "me@example.org", "s3cret")

    assert resolve("keyring:stornowacht/mail/me@example.org") == "s3cret"


def test_a_missing_keyring_entry_comes_with_the_command_that_makes_it(memory):
    with pytest.raises(SecretError) as caught:
        resolve("keyring:stornowacht/me@example.org", language="en")

    assert "stornowacht/me@example.org" in caught.value.message
    assert "keyring set stornowacht me@example.org" in caught.value.diagnostics()


def test_without_the_library_it_says_how_to_get_it_and_what_else_would_do(monkeypatch):
    monkeypatch.setitem(sys.modules, "keyring", None)

    with pytest.raises(SecretError) as caught:
        resolve("keyring:stornowacht/me@example.org", language="en")

    assert caught.value.advice == "docs/install.md tells how to add keyring; or use env: or file:"


def test_a_locked_keyring_says_so(memory):
    memory.locked = True

    with pytest.raises(SecretError, match=r"(?i)locked"):
        resolve("keyring:stornowacht/me@example.org")


@every(
    "reference",
    [
        "hunter2",
        "",
        ":hunter2",
        "pass:hunter2",
        "env:",
        "env:hunter2 !",
        "file:",
        "keyring:hunter2",
        "ENV:hunter2",
    ],
)
def test_what_is_no_reference_is_refused_and_not_repeated(reference):
    with pytest.raises(SecretError) as caught:
        resolve(reference, language="en")

    assert "not the password itself" in caught.value.message
    assert "hunter2" not in caught.value.diagnostics()
    assert "env:NAME" in caught.value.advice


@pytest.mark.parametrize("text", ["env:NAME", "file:/path", "keyring:a/b", " env:NAME", "env:"])
def test_a_reference_is_told_from_what_may_stand_in_its_place(text):
    assert is_reference(text)


@pytest.mark.parametrize("text", ["", "hunter2", "https://example.org", "environment:x", "ENV:NAME"])
def test_other_things_are_no_references(text):
    assert not is_reference(text)


def test_a_secret_that_is_sent_in_a_line_loses_the_spaces_around_it(monkeypatch):
    monkeypatch.setenv("TOKEN", " tk_1 \n")

    assert sendable("env:TOKEN") == "tk_1"


@pytest.mark.parametrize("secret", ["tk 1", "tk_1\r\nX-Evil: yes", "tk_ä", " "])
def test_a_secret_that_cannot_be_sent_in_a_line_is_refused_and_not_repeated(monkeypatch, secret):
    monkeypatch.setenv("TOKEN", secret)

    with pytest.raises(SecretError, match="env:TOKEN") as caught:
        sendable("env:TOKEN")

    assert "tk" not in caught.value.diagnostics()
