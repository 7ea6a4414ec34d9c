"""Which platform account a server is about, however its endpoint is spelled.

Names of accounts are compared by ``same``, never as text: what is stored keeps the
spelling of its day, and the hosts of HOUSEMAIL_ENDPOINTS are one account in whatever
order they stand there, also when one joins them later. Source: protocol 6.
"""

from __future__ import annotations

from functools import lru_cache

from django.conf import settings

from housemail.installations.models import Server
from housemail.mailboxes.context import ServerDetails
from housemail.platforms.emailarray.endpoints import parse_endpoint

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
    """Return it in the one spelling of the platform's client.

    What is no endpoint stays as it is: others refuse it, with a sentence.
    """
    try:
        return parse_endpoint(endpoint).url
    except ValueError:
        return endpoint.strip()
