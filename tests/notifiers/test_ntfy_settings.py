"""What the user may write about ntfy, and what is refused with a reason."""

import pytest
from pydantic import ValidationError

from notifiers.ntfy_settings import NtfySettings
from tests.support.every import every

TOPIC = "Kp3nXq8Zt1Lm5Rv7"


def _settings(**table) -> NtfySettings:
    return NtfySettings.model_validate({"topic": TOPIC, **table})


def _mistake(**table) -> str:
    with pytest.raises(ValidationError) as caught:
        NtfySettings.model_validate({"topic": TOPIC, **table}, context={"language": "en"})
    return str(caught.value)


def test_a_topic_is_all_it_needs():
    server = _settings().web_server

    assert (server.host, server.port, server.is_secure) == ("ntfy.sh", 443, True)
    assert not _settings().private
    assert not _settings().pictures


@pytest.mark.parametrize(
    ("server", "shown"),
    [
        ("https://ntfy.example.org/", "https://ntfy.example.org"),
        ("https://ntfy.example.org:8443", "https://ntfy.example.org:8443"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://[::1]:8080", "http://[::1]:8080"),
        ("HTTPS://NTFY.example.org:443", "https://ntfy.example.org"),
    ],
)
def test_a_server_is_taken_as_it_is_meant(server, shown):
    assert _settings(server=server).server == shown


@every(
    ("table", "said"),
    [
        ({"server": "ntfy.sh"}, "begins with https://"),
        ({"server": "ftp://ntfy.sh"}, "begins with https://"),
        ({"server": "https://ntfy.sh/topic"}, "without a path"),
        ({"server": "https://me:hunter2@ntfy.sh"}, "must not hold a user name"),
        ({"server": "https://ntfy.sh:99999"}, "begins with https://"),
        ({"server": "http://ntfy.example.org"}, "read along"),
        ({"topic": "a/b"}, "1 to 64 characters"),
        ({"topic": "my-alerts"}, "at least 16 random"),
        ({"reply_topic": "a b"}, "1 to 64 characters"),
        ({"reply_topic": TOPIC}, "another topic"),
        ({"username": "me"}, "either token"),
        ({"password": "env:PW"}, "either token"),
        ({"token": "env:T", "username": "me", "password": "env:PW"}, "either token"),
        ({"token": "tk_hunter2"}, "not the password itself"),
        ({"timeout": 0}, "timeout"),
    ],
)
def test_what_does_not_fit_is_named(table, said):
    mistake = _mistake(**table)

    assert said in mistake
    assert "hunter2" not in mistake


def test_a_short_topic_is_fine_where_a_login_keeps_strangers_out():
    assert _settings(topic="alerts", token="env:T").topic == "alerts"


def test_a_server_without_https_is_allowed_only_if_the_user_says_so():
    assert _settings(server="http://192.168.1.2:8080", allow_http=True).web_server.port == 8080


def test_relative_files_count_from_the_configs_folder(tmp_path):
    table = {"topic": "file:topic.txt", "ca_file": "ca.pem"}

    settings = NtfySettings.model_validate(table, context={"base": tmp_path})

    assert settings.topic == f"file:{tmp_path}/topic.txt"
    assert settings.ca_file == tmp_path / "ca.pem"
