"""Whom a call may talk to."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator

import pytest

from housemail.installations.models import Installation
from housemail.mailboxes import endpoints
from housemail.mailboxes.context import ServerDetails
from housemail.mailboxes.errors import Refusal
from housemail.platforms.base import Deadline

LISTED = Installation(endpoint_hosts=["cp.emailarray.com"])
GOOD = "https://cp.emailarray.com/admin/json.php"


@pytest.fixture(autouse=True)
def not_local(settings) -> None:
    settings.HOUSEMAIL_ALLOW_LOCAL_PLATFORM = False


def details(endpoint: str) -> ServerDetails:
    return ServerDetails("emailarray", endpoint, "admin", "s3cret-word")


def refusal(endpoint: str) -> Refusal:
    with pytest.raises(Refusal) as refused:
        endpoints.check_details(LISTED, details(endpoint))
    return refused.value


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://[::1/",
        "https://cp.emailarray.com:99999/",
        "https://cp.emailarray.com:abc/x",
        f"{GOOD}?x=1",
        f"{GOOD}#f",
        "http://cp.emailarray.com/admin/json.php",
        "ftp://cp.emailarray.com/",
        "cp.emailarray.com",
        "//cp.emailarray.com/",
        "https://",
        "https:///admin",
        "javascript:alert(1)",
        "\ud800",
        "x" * 5000,
    ],
)
def test_what_is_no_endpoint_is_refused_with_the_field(endpoint: str) -> None:
    found = refusal(endpoint)
    assert (found.code, found.field) == ("endpoint_invalid", "endpoint")
    assert len(found.detail) < 500


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://admin:s3cret-word@cp.emailarray.com/",
        "https://:s3cret-word@cp.emailarray.com/",
        "https://admin:s3cret-word@[::1/",
        "https://admin:s3cret-word@cp.emailarray.com:99999/",
    ],
)
def test_a_password_in_an_endpoint_is_refused_and_not_repeated(endpoint: str) -> None:
    found = refusal(endpoint)
    assert found.code == "endpoint_invalid"
    assert "s3cret" not in found.detail


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://127.0.0.1/",
        "http://127.0.0.1/",
        "https://localhost/",
        "https://[::ffff:10.0.0.1]/",
    ],
)
def test_our_own_network_is_refused(endpoint: str) -> None:
    assert refusal(endpoint).code == "endpoint_private"


def test_only_hosts_on_the_list_however_they_are_spelled() -> None:
    endpoints.check_details(LISTED, details(GOOD))
    endpoints.check_details(LISTED, details(f"  {GOOD.replace('cp', 'CP', 1)} "))
    assert refusal("https://example.com/").code == "endpoint_not_allowed"
    assert refusal(GOOD.replace("cp.", "cp.x.")).code == "endpoint_not_allowed"


def test_no_fail_over_to_a_host_that_is_not_on_the_list(settings) -> None:
    settings.HOUSEMAIL_ENDPOINTS = [
        "https://cfcp.emailarray.com/admin/json.php",
        "https://cp.emailarray.com:8443/admin/json.php",
    ]
    assert endpoints.fail_over_hosts(LISTED) == ("cp.emailarray.com:8443",)
    both = Installation(endpoint_hosts=["cp.emailarray.com", "cfcp.emailarray.com"])
    assert endpoints.fail_over_hosts(both) == (
        "cfcp.emailarray.com",
        "cp.emailarray.com:8443",
    )


@pytest.fixture
def hanging(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    release = threading.Event()

    def hang(*_: object) -> list[object]:
        release.wait(10)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    yield
    release.set()


@pytest.mark.usefixtures("hanging")
def test_a_name_that_is_not_found_out_does_not_outlast_the_deadline() -> None:
    started = time.monotonic()
    with pytest.raises(Refusal) as refused:
        endpoints.check_resolution(details(GOOD), Deadline.after(0.3))
    assert refused.value.code == "server_unreachable"
    assert time.monotonic() - started < 2


def test_a_public_name_that_leads_into_our_network_is_refused(monkeypatch) -> None:
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.0.0.7", 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_: found)
    with pytest.raises(Refusal) as refused:
        endpoints.check_resolution(details(GOOD), Deadline.after(3))
    assert refused.value.code == "endpoint_private"
