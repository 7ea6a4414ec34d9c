"""Recorded usage: refreshed at night from the paged listing, read from our table."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime
from itertools import islice

from django.db.models import F
from django.utils import timezone

from housemail.installations.models import Installation, Server
from housemail.mailboxes import accounts, servers
from housemail.mailboxes.commit import commit
from housemail.mailboxes.models import HouseDomain, Mailbox
from housemail.mailboxes.verbs.change import LOCALISATION
from housemail.mailboxes.verbs.parts import remember_lists
from housemail.platforms.base import (
    Deadline,
    Platform,
    PlatformError,
    RemoteMailbox,
)
from housemail.writers import writing

logger = logging.getLogger(__name__)
MOST_REFS = 1000
_BATCH = 500
_LISTING_SECONDS = 900.0
LIVE = (Mailbox.State.ACTIVE, Mailbox.State.SUSPENDED)
# Decimal, as the platform counts; billing systems expect MB.
BYTES_PER_MB = 1_000_000
BYTES_PER_GB = 1_000 * BYTES_PER_MB


def recorded(
    installation: Installation, refs: Sequence[str]
) -> list[dict[str, object]]:
    """Return recorded usage in MB for at most 1,000 refs; never asks the platform."""
    rows = Mailbox.objects.filter(
        installation=installation, ref__in=list(islice(refs, MOST_REFS))
    ).exclude(state__in=[Mailbox.State.FAILED, Mailbox.State.TERMINATED])
    return [
        {
            "ref": row.ref,
            "used_mb": (
                None
                if row.used_bytes is None
                else round(row.used_bytes / BYTES_PER_MB, 3)
            ),
            "quota_mb": float(row.quota_gb) * 1000,
            "seen_at": row.seen_at.isoformat() if row.seen_at else None,
        }
        for row in rows.order_by("pk")
    ]


def remember(mailbox: Mailbox, seen: RemoteMailbox, at: datetime) -> None:
    """Keep what the platform showed of one mailbox; what it did not show stays.

    Also which of the settings that were sent it has not confirmed by this.
    """
    values: dict[str, object] = {"seen_at": at}
    if seen.used_bytes is not None:
        values["used_bytes"] = seen.used_bytes
    if seen.last_login_at is not None:
        values["last_login_at"] = seen.last_login_at
    with writing():
        Mailbox.objects.filter(pk=mailbox.pk).update(**values)
    for key, value in values.items():
        setattr(mailbox, key, value)
    _confirm(mailbox, seen)


def _confirm(mailbox: Mailbox, seen: RemoteMailbox) -> None:
    """Take from ``unconfirmed`` what is shown as it was sent."""
    still = [
        key
        for key in mailbox.unconfirmed
        if getattr(seen, key) != getattr(mailbox, key)
    ]
    if still == mailbox.unconfirmed:
        return
    # Not when the plan was changed since we read the row: that was not seen.
    sent = {key: getattr(mailbox, key) for key in LOCALISATION}
    Mailbox.objects.filter(pk=mailbox.pk, **sent).update(unconfirmed=still)
    mailbox.unconfirmed = still


def refresh_domain(domain: HouseDomain, deadline: Deadline | None = None) -> int:
    """Refresh the usage of a domain's mailboxes from one complete listing.

    The listing is read through once, page by page, and only what concerns our own
    mailboxes is kept; it is written when the listing is complete. A failed or
    partial one changes nothing. Returns how many mailboxes were written.

    Errors: those of platform listings.
    """
    deadline = deadline or Deadline.after(_LISTING_SECONDS)
    # The one whose credentials worked last: another may have a stale password.
    server = (
        Server.objects.filter(pk__in=accounts.ids_of(domain.account))
        .order_by(F("last_ok_at").desc(nulls_last=True))
        .first()
    )
    if server is None:
        return 0
    platform = servers.platform_for(server)
    started = timezone.now()
    _refresh_lists(platform, domain, deadline)
    ours = dict(
        Mailbox.objects.filter(house_domain=domain, state__in=LIVE).values_list(
            "handle", "pk"
        )
    )
    kept = [
        (ours[seen.address.handle], seen)
        for seen in platform.all_mailboxes(domain.name, deadline)
        if seen.address.handle in ours
    ]
    _write(kept, started)
    HouseDomain.objects.filter(pk=domain.pk).update(usage_listed_at=started)
    return len(kept)


def _refresh_lists(platform: Platform, domain: HouseDomain, deadline: Deadline) -> None:
    """Remember which lists are not ours; usage does not wait for it."""
    started = timezone.now()
    try:
        found = set(platform.all_lists(domain.name, deadline))
    except PlatformError as exc:
        logger.warning("lists of %s were not read: %s", domain.name, exc.detail)
        return
    remember_lists(domain.pk, found, started)


def _write(kept: Sequence[tuple[int, RemoteMailbox]], at: datetime) -> None:
    for start in range(0, len(kept), _BATCH):
        _write_batch(kept[start : start + _BATCH], at)


def _write_batch(batch: Sequence[tuple[int, RemoteMailbox]], at: datetime) -> None:
    rows = Mailbox.objects.in_bulk([pk for pk, _ in batch])
    for pk, seen in batch:
        row = rows[pk]
        row.seen_at = at
        if seen.used_bytes is not None:
            row.used_bytes = seen.used_bytes
        if seen.last_login_at is not None:
            row.last_login_at = seen.last_login_at
    fields = ["seen_at", "used_bytes", "last_login_at"]
    commit(lambda: Mailbox.objects.bulk_update(list(rows.values()), fields))
