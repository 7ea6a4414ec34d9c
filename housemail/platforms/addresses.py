"""Network addresses: looked up within a time, and told apart from our own network."""

from __future__ import annotations

import ipaddress
import queue
import socket
import threading
from typing import Any

# IPv4 addresses in IPv6 clothes (RFC 6052); Python's own table calls it global.
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def is_private(address: str) -> bool:
    """Say whether an address is none of the public internet; a name is not.

    Loopback, private, link-local, reserved and multicast, also when an IPv6 address
    only wraps such a one (mapped, 6to4, Teredo, NAT64).
    """
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        found = _wrapped(found) or found
    return not found.is_global or found.is_multicast


def _wrapped(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    teredo = address.teredo[1] if address.teredo else None
    return address.ipv4_mapped or address.sixtofour or teredo


def resolve(host: str, port: int, family: int, seconds: float) -> list[Any]:
    """Return getaddrinfo's answer for TCP, within a time.

    The system's resolver takes no time limit, so it is asked in a thread of its
    own; a daemon, because it may hang long after we gave up.

    Errors: OSError: socket.gaierror, TimeoutError.
    """
    box: queue.SimpleQueue[list[Any] | OSError] = queue.SimpleQueue()

    def ask() -> None:
        try:
            box.put(socket.getaddrinfo(host, port, family, socket.SOCK_STREAM))
        except (OSError, UnicodeError) as exc:
            box.put(exc if isinstance(exc, OSError) else socket.gaierror(str(exc)))

    threading.Thread(target=ask, name="platform-dns", daemon=True).start()
    try:
        found = box.get(timeout=seconds)
    except queue.Empty:
        raise TimeoutError("name look-up timed out") from None
    if isinstance(found, OSError):
        raise found
    return found
