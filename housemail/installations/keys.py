"""Keys of the billing API: made here, shown once, checked here.

A key is ``hm_<prefix>_<secret>``. The prefix finds its row, the secret is kept as a
digest only. Source: design 10 (hashed, constant time, two valid during rotation).
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import re
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from django.utils import timezone

from housemail.installations.models import ApiKey, Installation

PERMISSIONS = ("read", "write", "adopt")
_KEY = re.compile(r"hm_([0-9a-f]{12})_([A-Za-z0-9_-]{20,100})", re.ASCII)
# Compared with when there is no such prefix, so that both answers cost the same.
_NOBODY = hashlib.sha256(b"nobody").hexdigest()
_USED_EVERY = timedelta(minutes=1)


class KeyRefused(StrEnum):
    """Why a key is not taken; everything but ``INVALID`` is said to its holder only."""

    MISSING = "key_missing"
    INVALID = "key_invalid"
    REVOKED = "key_revoked"
    EXPIRED = "key_expired"
    SOURCE = "key_source"


def make(
    installation: Installation,
    *,
    permissions: Iterable[str],
    source_networks: Iterable[str] = (),
    expires_at: datetime | None = None,
) -> str:
    """Make a key and return its text, which cannot be shown again.

    Errors: ValueError for an unknown permission or a network that is none.
    """
    wanted = list(dict.fromkeys(permissions))
    unknown = sorted(set(wanted) - set(PERMISSIONS))
    if unknown or not wanted:
        raise ValueError(f"Permissions are {', '.join(PERMISSIONS)}; got {unknown}.")
    networks = [str(ipaddress.ip_network(text.strip())) for text in source_networks]
    prefix, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
    ApiKey.objects.create(
        installation=installation,
        prefix=prefix,
        digest=_digest(secret),
        permissions=wanted,
        source_networks=networks,
        expires_at=expires_at,
    )
    return f"hm_{prefix}_{secret}"


def verify(header: str, remote_addr: str) -> ApiKey | KeyRefused:
    """Return the key of an ``Authorization`` header, or why it is not taken.

    An unknown prefix and a wrong secret are one answer, at the same cost. Only who
    has the secret reads that the key is revoked, expired or not for his network.
    """
    scheme, _, text = header.strip().partition(" ")
    if scheme.lower() != "bearer" or not text.strip():
        return KeyRefused.MISSING
    match = _KEY.fullmatch(text.strip())
    prefix, secret = match.groups() if match else ("", "")
    key = _by_prefix(prefix)  # also for a malformed key: less would tell it apart
    expected = key.digest if key else _NOBODY
    if not hmac.compare_digest(_digest(secret), expected) or key is None:
        return KeyRefused.INVALID
    refused = _why_not(key, remote_addr)
    if refused is not None:
        return refused
    _note_use(key)
    return key


def _by_prefix(prefix: str) -> ApiKey | None:
    try:
        return ApiKey.objects.select_related("installation").get(prefix=prefix)
    except ApiKey.DoesNotExist:
        return None


def _digest(secret: str) -> str:
    # 256 random bits need no slow hash: there is nothing to guess.
    return hashlib.sha256(secret.encode()).hexdigest()


def _why_not(key: ApiKey, remote_addr: str) -> KeyRefused | None:
    if key.revoked_at is not None:
        return KeyRefused.REVOKED
    if key.expires_at is not None and key.expires_at <= timezone.now():
        return KeyRefused.EXPIRED
    if key.source_networks and not _is_within(remote_addr, key.source_networks):
        return KeyRefused.SOURCE
    return None


def _is_within(remote_addr: str, networks: Iterable[str]) -> bool:
    try:
        address = ipaddress.ip_address(remote_addr)
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return any(address in ipaddress.ip_network(text) for text in networks)


def _note_use(key: ApiKey) -> None:
    """Write ``last_used_at``, at most once a minute: a read must stay a read."""
    now = timezone.now()
    if key.last_used_at is None or now - key.last_used_at >= _USED_EVERY:
        ApiKey.objects.filter(pk=key.pk).update(last_used_at=now)
