"""Whose request it is: the socket's address, or what a trusted proxy says."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping

from django.conf import settings

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
# The word in HOUSEMAIL_TRUSTED_PROXIES for a proxy on our Unix socket.
UNIX = "unix"


def remote_address(meta: Mapping[str, object]) -> str:
    """Return the address of the caller, or "" when it cannot be known.

    HOUSEMAIL_ADDRESS_HEADER is read from the right, and only as long as each hop is one
    of HOUSEMAIL_TRUSTED_PROXIES: anybody can write the rest of it.
    """
    header = settings.HOUSEMAIL_ADDRESS_HEADER.upper().replace("-", "_")
    found = str(meta.get("REMOTE_ADDR") or "")
    hops = str(meta.get(f"HTTP_{header}") or "").split(",")
    while hops and _is_trusted(found):
        found = hops.pop().strip()
    address = _parse(found)
    return str(address) if address else ""


def _parse(text: str) -> Address | None:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        return address.ipv4_mapped
    return address


def _is_trusted(text: str) -> bool:
    proxies = settings.HOUSEMAIL_TRUSTED_PROXIES
    address = _parse(text)
    if address is None:
        return not text and UNIX in proxies
    return any(
        address in ipaddress.ip_network(proxy, strict=False)
        for proxy in proxies
        if proxy != UNIX
    )
