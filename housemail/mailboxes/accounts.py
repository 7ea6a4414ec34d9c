"""Which platform account a server is about, however its endpoint is spelled.

Names of accounts are compared by ``same``, never as text: what is stored keeps the
spelling of its day, and the hosts of HOUSEMAIL_ENDPOINTS are one account in whatever
order they stand there, also when one joins them later. Source: protocol 6.
"""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import urlsplit

from django.conf import settings

from housemail.installations.models import Server
from housemail.mailboxes.context import ServerDetails

_PORTS = {"http": 80, "https": 443}
_MOST = 255


def account_of(details: ServerDetails) -> str:
    """Name the platform account of these details."""
    return _known_as(f"{details.platform}:{details.username}@{details.endpoint}")


def same(one: str, other: str) -> bool:
    """Say whether two names are about one account."""
    return one == other or _known_as(one) == _known_as(other)


def ids_of(account: str) -> list[int]:
    """Return the ids of all servers of an account, of every installation."""
    rows = Server.objects.order_by("pk").values_list("pk", "account")
    return [pk for pk, name in rows if same(name, account)]


def _known_as(name: str) -> str:
    who, at, endpoint = name.rpartition("@")
    if not at:
        return name
    platform, _, username = who.partition(":")
    group = _spelled_group(tuple(settings.HOUSEMAIL_ENDPOINTS))
    spelled = _spelled(endpoint)
    if spelled in group:
        spelled = min(group)
    return f"{platform}:{username.lower()}@{spelled}"[:_MOST]


@lru_cache(maxsize=8)
def _spelled_group(endpoints: tuple[str, ...]) -> frozenset[str]:
    return frozenset(map(_spelled, endpoints))


@lru_cache(maxsize=256)
def _spelled(endpoint: str) -> str:
    """Return it with a lower-case scheme and host, no usual port, and a path.

    What is no URL stays as it is: others refuse it, with a sentence.
    """
    endpoint = endpoint.strip()
    try:
        parts = urlsplit(endpoint)
        host, port = parts.hostname, parts.port
    except ValueError:
        return endpoint
    if not host:
        return endpoint
    shown = f"[{host}]" if ":" in host else host
    if port is not None and port != _PORTS.get(parts.scheme):
        shown = f"{shown}:{port}"
    return parts._replace(netloc=shown, path=parts.path or "/").geturl()
