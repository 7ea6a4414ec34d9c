"""The demo's records: an empty database, an installation, a key."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.db import connections
from django.utils import timezone

from housemail.installations import keys
from housemail.installations.models import ApiKey, Installation
from housemail.ops import upkeep


def prepare(endpoint: str, name: str, kind: str) -> str:
    """Bring the database up to date; return a new key. The one before ends.

    ``endpoint``: of a platform elsewhere, whose host the installation may then use.
    ``name``, ``kind``: of the installation.
    """
    upkeep.bring_up_to_date(lambda _: None)
    installation, _ = Installation.objects.get_or_create(
        name=name, defaults={"kind": kind}
    )
    host = (urlsplit(endpoint).hostname or "").lower()
    if host and host not in installation.endpoint_hosts:
        installation.endpoint_hosts = [*installation.endpoint_hosts, host]
        installation.save(update_fields=["endpoint_hosts"])
    ApiKey.objects.filter(installation=installation, revoked_at=None).update(
        revoked_at=timezone.now()
    )
    key = keys.make(installation, permissions=keys.PERMISSIONS)
    connections.close_all()
    return key
