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

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from housemail.installations.models import ApiKey, Installation
from housemail.prepared import Given, Prepared
from housemail.writers import writing

PERMISSIONS = ("read", "write", "adopt")
_KEY = re.compile(r"hm_([0-9a-f]{12})_([A-Za-z0-9_-]{20,100})", re.ASCII)
# Compared with when there is no such prefix, so that both answers cost the same.
_NOBODY = hashlib.sha256(b"nobody").hexdigest()
_USED_EVERY = timedelta(minutes=1)
_OF_PREFIX = Prepared(
    lambda: ApiKey.objects.select_related("installation").filter(
        prefix=Given(ApiKey, "prefix")
    )
)


class KeyRefused(StrEnum):
    """Why a key is not taken; everything but ``INVALID`` is said to its holder only."""

    MISSING = "key_missing"
    INVALID = "key_invalid"
    REVOKED = "key_revoked"
    EXPIRED = "key_expired"
    SOURCE = "key_source"


class KeyConflict(Exception):
    """A key is not made, rotated or revoked; ``sentence`` says why, in English."""

    def __init__(self, sentence: str) -> None:
        """Keep a sentence that is marked for translation."""
        super().__init__(sentence)
        self.sentence = sentence


MADE_ALREADY = _(
    "This form has made its key already, and it was shown then. If it is lost, revoke "
    "it and make another one."
)
ENDED = _("This key is revoked or has expired. Make a new one instead.")
ROTATED_ALREADY = _(
    "This key has a successor already, which was shown when it was made. If that one "
    "is lost, revoke it, then rotate this one again."
)
REVOKED_ALREADY = _("This key was revoked before; nothing was changed.")


def make(
    installation: Installation,
    *,
    permissions: Iterable[str],
    source_networks: Iterable[str] = (),
    expires_at: datetime | None = None,
    form_key: str = "",
) -> str:
    """Make a key and return its text, which cannot be shown again.

    ``form_key`` names the form that asks: sent twice, it makes one key.
    Errors: ValueError for an unknown permission or a network that is none;
    KeyConflict for a form that has made its key.
    """
    wanted = list(dict.fromkeys(permissions))
    unknown = sorted(set(wanted) - set(PERMISSIONS))
    if unknown or not wanted:
        raise ValueError(f"Permissions are {', '.join(PERMISSIONS)}; got {unknown}.")
    networks = [network(text) for text in source_networks]
    row = ApiKey(
        installation=installation,
        permissions=wanted,
        source_networks=networks,
        expires_at=expires_at,
        form_key=form_key or None,
    )
    return _issue(row, MADE_ALREADY)


def installation_named(name: str, kind: str = "") -> Installation:
    """Return the installation of this name, made when it is new (a WHMCS by default).

    Errors: ValueError for a name that is none, or of an installation of another kind.
    """
    if not name.strip() or len(name) > 80:
        raise ValueError("NAME: from 1 to 80 characters.")
    found, made = Installation.objects.get_or_create(
        name=name.strip(), defaults={"kind": kind or Installation.Kind.WHMCS}
    )
    if not made and kind and kind != found.kind:
        raise ValueError(f"{found.name} exists already and is of kind {found.kind}.")
    return found


def network(text: str) -> str:
    """Return an address or a network as we keep it. Errors: ValueError."""
    return str(ipaddress.ip_network(text.strip()))


def rotate(key: ApiKey) -> str:
    """Make the successor of a valid key and return its text, shown only now.

    Both are valid until the old one is revoked, so that the billing system changes
    over without a pause. The successor may do the same, from the same networks, and
    expires when the old one would have.
    Errors: KeyConflict for a key that has ended or has a successor.
    """
    with transaction.atomic():
        # The lock keeps a revoke out: a revoked key has no successor.
        old = ApiKey.objects.select_for_update().filter(_valid(), pk=key.pk).first()
        if old is None:
            raise KeyConflict(ENDED)
        row = ApiKey(
            installation=old.installation,
            permissions=old.permissions,
            source_networks=old.source_networks,
            expires_at=old.expires_at,
            replaces=old,
        )
        return _issue(row, ROTATED_ALREADY)


def revoke(key: ApiKey) -> None:
    """End a key now and for ever. Errors: KeyConflict when it was revoked before.

    It no longer counts as the successor of the one it replaced, which may be rotated
    again while it is valid.
    """
    ended = ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(
        revoked_at=timezone.now(), replaces=None
    )
    if not ended:
        raise KeyConflict(REVOKED_ALREADY)


def _issue(row: ApiKey, when_there: str) -> str:
    """Write the row with a new secret; one of its unique keys may say "already"."""
    prefix, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
    row.prefix, row.digest = prefix, _digest(secret)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as exc:
        raise KeyConflict(when_there) from exc
    return f"hm_{prefix}_{secret}"


def of_text(text: str) -> ApiKey:
    """Return the key of a text that ``make`` or ``rotate`` has just returned."""
    return ApiKey.objects.get(prefix=text.split("_")[1])


def _valid() -> Q:
    still = Q(expires_at=None) | Q(expires_at__gt=timezone.now())
    return still & Q(revoked_at=None)


def is_valid(key: ApiKey) -> bool:
    """Say whether a key would be taken now, from the right network."""
    still = key.expires_at is None or key.expires_at > timezone.now()
    return key.revoked_at is None and still


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
    # Also for a malformed key: less would tell it apart.
    key = _OF_PREFIX.one(prefix=prefix)
    expected = key.digest if key else _NOBODY
    if not hmac.compare_digest(_digest(secret), expected) or key is None:
        return KeyRefused.INVALID
    refused = _why_not(key, remote_addr)
    if refused is not None:
        return refused
    _note_use(key)
    return key


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
        with writing():
            ApiKey.objects.filter(pk=key.pk).update(last_used_at=now)
