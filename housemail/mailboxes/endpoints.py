"""Whom a call may talk to: complete details, a host on the list, no private network.

Source: protocol 6. What a name leads to is asked again when it is connected to.
"""

from __future__ import annotations

import socket
from urllib.parse import urlsplit

from django.conf import settings

from housemail.installations.models import Installation
from housemail.mailboxes.context import ServerDetails
from housemail.mailboxes.errors import Conflict, Invalid, Unavailable
from housemail.mailboxes.marking import _
from housemail.platforms import addresses, registry
from housemail.platforms.base import Deadline
from housemail.platforms.emailarray.endpoints import parse_endpoint

# What the product sheet calls the details of a server, for people who fill them in.
LABELS = {
    "endpoint": _("Hostname / API Endpoint"),
    "username": _("Username"),
    "password": _("Password"),
}
_LOOK_UP_SECONDS = 3.0


def host_of(endpoint: str) -> str:
    """Return the host of an endpoint, lower case; "" when it has none."""
    try:
        return (urlsplit(endpoint.strip()).hostname or "").lower()
    except ValueError:
        return ""


def check_details(installation: Installation, details: ServerDetails) -> None:
    """Refuse a server that is incomplete or that this installation may not use.

    Errors: ``platform_unknown``, ``server_incomplete``, ``endpoint_invalid``,
    ``endpoint_private``, ``endpoint_not_allowed``.
    """
    if details.platform not in registry.kinds():
        raise Invalid(
            "platform_unknown", field="platform", platform=details.platform or "''"
        )
    for name, label in LABELS.items():
        if not getattr(details, name):
            raise Invalid("server_incomplete", field=name, label=label)
    if details.platform != "memory":
        _check_endpoint(installation, details.endpoint)
    elif not settings.HOUSEMAIL_ALLOW_LOCAL_PLATFORM:
        # It keeps mail nowhere: nobody shall sell on it by mistake.
        raise Conflict("endpoint_private", field="platform", host="memory")


def _check_endpoint(installation: Installation, endpoint: str) -> None:
    """Only plain https, only hosts on the list; loopback where trying is allowed."""
    host = host_of(endpoint)
    private = _is_private(host)
    try:
        url = parse_endpoint(endpoint).url
    except ValueError:
        url = ""
    if not url.startswith(("https:", "http:") if private else "https:"):
        # Nothing before an "@": it may be a password.
        shown = endpoint.rpartition("@")[2][:200]
        raise Invalid("endpoint_invalid", field="endpoint", endpoint=shown)
    if _is_local(host):
        return
    if private:
        raise Conflict("endpoint_private", field="endpoint", host=host)
    if host not in installation.endpoint_hosts:
        raise Conflict("endpoint_not_allowed", field="endpoint", host=host)


def fail_over_hosts(installation: Installation) -> tuple[str, ...]:
    """Return the platform's own hosts (with port) that this installation may use."""
    return tuple(
        parse_endpoint(url).host
        for url in settings.HOUSEMAIL_ENDPOINTS
        if host_of(url) in installation.endpoint_hosts or _is_local(host_of(url))
    )


def _is_local(host: str) -> bool:
    return bool(settings.HOUSEMAIL_ALLOW_LOCAL_PLATFORM) and _is_private(host)


def _is_private(host: str) -> bool:
    named = host == "localhost" or host.endswith(".localhost")
    return named or addresses.is_private(host)


def check_resolution(details: ServerDetails, deadline: Deadline) -> None:
    """Refuse a public name that leads to a private address.

    Errors: ``server_unreachable``, ``endpoint_private``.
    """
    if settings.HOUSEMAIL_ALLOW_LOCAL_PLATFORM or details.platform == "memory":
        return
    host = host_of(details.endpoint)
    seconds = min(_LOOK_UP_SECONDS, max(0.0, deadline.remaining()))
    try:
        found = addresses.resolve(host, 443, socket.AF_UNSPEC, seconds)
    except OSError as exc:
        raise Unavailable("server_unreachable", field="endpoint", host=host) from exc
    if any(addresses.is_private(str(entry[4][0])) for entry in found):
        raise Conflict("endpoint_private", field="endpoint", host=host)
