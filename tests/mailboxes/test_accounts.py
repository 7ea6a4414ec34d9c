"""One account, however its endpoint is spelled and whichever host stands first."""

from __future__ import annotations

import pytest

from housemail.mailboxes import accounts
from housemail.mailboxes.context import ServerDetails

PLAIN = "https://cp.example.com/admin/json.php"
OTHER = "https://a.example.com/admin/json.php"


def named(endpoint: str, username: str = "admin", platform: str = "emailarray") -> str:
    return accounts.account_of(ServerDetails(platform, endpoint, username, "secret"))


def raw(endpoint: str) -> str:
    """As records were written that kept the spelling of their day."""
    return f"emailarray:admin@{endpoint}"


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://CP.example.com/admin/json.php",
        "HTTPS://cp.example.com/admin/json.php",
        "https://cp.example.com:443/admin/json.php",
        "  https://cp.example.com/admin/json.php ",
    ],
)
def test_an_endpoint_may_be_spelled_in_any_way(endpoint: str) -> None:
    assert named(endpoint) == named(PLAIN)
    assert accounts.same(raw(endpoint), named(PLAIN))


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://cp.example.com/admin/json.php",
        "https://cp.example.com:8443/admin/json.php",
        "https://cp.example.com/Admin/json.php",
        "https://cp.example.com",
        "https://cp.example.org/admin/json.php",
        "https://[::1/admin/json.php",
        "https://cp.example.com:many/admin/json.php",
        "",
    ],
)
def test_what_may_be_another_server_is_another_account(endpoint: str) -> None:
    assert not accounts.same(named(endpoint), named(PLAIN))
    assert accounts.same(named(endpoint), named(endpoint))


def test_user_name_and_platform_tell_accounts_apart() -> None:
    assert accounts.same(
        named(PLAIN, "Admin@Host.example"), named(PLAIN, "admin@host.example")
    )
    assert not accounts.same(named(PLAIN, "admin"), named(PLAIN, "another"))
    assert not accounts.same(named(PLAIN), named(PLAIN, platform="memory"))


def test_hosts_of_one_platform_are_one_account_in_any_order(settings) -> None:
    assert not accounts.same(named(PLAIN), named(OTHER))
    stored = [raw(PLAIN), raw(OTHER), named(PLAIN)]
    for order in ([PLAIN, OTHER], [OTHER, PLAIN.replace("cp", "CP")]):
        settings.HOUSEMAIL_ENDPOINTS = order
        for name in [*stored, named(PLAIN), named(OTHER)]:
            assert accounts.same(name, named(PLAIN)), order
