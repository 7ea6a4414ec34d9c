"""What counts as our own network, in every dress."""

from __future__ import annotations

import pytest

from housemail.platforms.addresses import is_private


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.0.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",  # noqa: S104
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1%eth0",
        "fd00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:a00:1",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "2002:7f00:1::",
        "2002:c0a8:101::1",
    ],
)
def test_our_own_network(address: str) -> None:
    assert is_private(address)


@pytest.mark.parametrize(
    "address",
    [
        "93.184.216.34",
        "2606:2800:220:1:248:1893:25c8:1946",
        "::ffff:93.184.216.34",
        "64:ff9b::5db8:d822",
        "cp.emailarray.com",
        "localhost",  # a name: where it leads is asked when it is connected to
        "",
        "0x7f.1",
    ],
)
def test_the_public_internet_and_what_is_no_address(address: str) -> None:
    assert not is_private(address)
