"""A sign of life is one GET; only a yes counts, nobody is followed elsewhere, and the address stays a secret."""

import pytest

from notifiers.contract import DeliveryError
from notifiers.ping import ping
from tests.notifiers.mail_host import scripted_host, unused_port, waits_for_the_client_to_leave
from tests.notifiers.web_host import Response, web_host

SECRET = "/ping/0f3c-secret?rid=1"


def sent(url: str, *, timeout: float = 5.0) -> int:
    return ping(url, app_name="Stornowacht", language="en", timeout=timeout)


def fault(url: str, *, timeout: float = 5.0) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        sent(url, timeout=timeout)
    return caught.value


def test_it_asks_once_with_the_whole_address_and_says_who_asks() -> None:
    with web_host(lambda _: Response(status=204)) as host:
        assert sent(host.url + SECRET) == 204
    [request] = host.requests
    assert (request.method, request.path, request.body) == ("GET", SECRET, b"")
    assert request.headers["user-agent"] == "Stornowacht"


@pytest.mark.parametrize("status", [404, 410, 500, 503])
def test_what_is_no_yes_is_a_failure(status: int) -> None:
    with web_host(lambda _: Response(status=status)) as host:
        assert str(status) in fault(host.url + SECRET).message


def test_a_redirect_is_not_followed() -> None:
    elsewhere = Response(status=302, headers={"Location": "/elsewhere"})
    with web_host(lambda _: elsewhere) as host:
        fault(host.url + SECRET)
    assert [request.path for request in host.requests] == [SECRET]


def test_its_words_never_hold_the_address() -> None:
    with web_host(lambda _: Response(status=404)) as host:
        words = fault(host.url + SECRET)
    gone = fault(f"http://127.0.0.1:{unused_port()}{SECRET}")
    assert "secret" not in words.diagnostics() + gone.diagnostics()


def test_a_server_that_says_nothing_is_not_waited_for() -> None:
    with scripted_host(waits_for_the_client_to_leave) as port:
        assert not fault(f"http://127.0.0.1:{port}{SECRET}", timeout=0.3).permanent


def test_what_is_no_address_is_refused_before_anybody_is_asked() -> None:
    for url in ("", "ftp://example.org/x", "https://name:word@example.org/"):
        with pytest.raises(ValueError, match="address"):
            sent(url)
