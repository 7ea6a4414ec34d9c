"""Reserving: the list of reserved names as staff see it, and their own part of it.

What comes with Housemail and what the host's file says stays; staff add names of their
own and take those off again. One name on one house domain is given out by
releasing.py, and taken back here.
"""

from __future__ import annotations

import logging
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.conf import settings
from django.db import IntegrityError, transaction

from housemail.mailboxes import names, reserved, rules
from housemail.mailboxes.errors import Conflict, Invalid, NotFound
from housemail.mailboxes.marking import _
from housemail.mailboxes.models import ReservedName, ReservedRelease

logger = logging.getLogger(__name__)
_REASON_MOST = 300


class Origin(StrEnum):
    """Where a reserved name comes from."""

    BUILTIN = "builtin"
    CONFIGURED = "configured"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Reserved:
    """One line of the list; who, when and why of a name that staff added."""

    handle: str
    origin: Origin
    reason: str = ""
    actor: str = ""
    at: datetime | None = None


def everything(search: str = "", origins: Collection[Origin] = ()) -> list[Reserved]:
    """Return the reserved names in order, those whose skeleton holds ``search``.

    A name that is on several lists is shown for each. Cost: 1 query.
    Errors: ``reserved_list_unreadable``.
    """
    builtin = reserved.builtin()
    path = settings.HOUSEMAIL_RESERVED_FILE or None
    found = [Reserved(name, Origin.BUILTIN) for name in builtin]
    if path:
        configured = reserved.configured(path)
        found += [Reserved(name, Origin.CONFIGURED) for name in configured]
    found += [
        Reserved(row.handle, Origin.ADDED, row.reason, row.actor, row.created_at)
        for row in ReservedName.objects.all()
    ]
    wanted = rules.skeleton(search.strip())
    return sorted(
        (
            row
            for row in found
            if wanted in row.handle and (not origins or row.origin in origins)
        ),
        key=lambda row: (row.handle, row.origin),
    )


def reserve(raw: str, *, reason: str, actor: str) -> str:
    """Keep a name back on every house domain; return it as it is kept.

    Who has an address of that name keeps it: only new ones are refused.
    Errors: those of rules.clean_handle; Invalid without a reason; ``reserved_already``.
    """
    handle = rules.clean_handle(raw)
    check_reason(reason)
    kept = rules.skeleton(handle)
    if kept in names.all_reserved():
        raise Conflict("reserved_already", field="handle", handle=handle)
    try:
        with transaction.atomic():
            ReservedName.objects.create(
                handle=kept, reason=reason.strip()[:_REASON_MOST], actor=actor[:80]
            )
    except IntegrityError as exc:
        raise Conflict("reserved_already", field="handle", handle=handle) from exc
    logger.info("%s reserves %s: %s", actor, kept, reason[:_REASON_MOST])
    return kept


def take_off(handle: str, *, reason: str, actor: str) -> None:
    """Take a name that staff added off the list again.

    Errors: Invalid without a reason; ``reserved_unknown``.
    """
    check_reason(reason)
    gone, _ = ReservedName.objects.filter(handle=rules.skeleton(handle)).delete()
    if not gone:
        raise NotFound("reserved_unknown", field="handle", handle=handle)
    logger.info("%s unreserves %s: %s", actor, handle, reason[:_REASON_MOST])


def take_back(release: ReservedRelease, *, reason: str, actor: str) -> None:
    """Reserve a released name on its house domain again; what is in use stays.

    Errors: Invalid without a reason; ``reserved_unknown``.
    """
    check_reason(reason)
    shown = str(release)
    gone, _ = ReservedRelease.objects.filter(pk=release.pk).delete()
    if not gone:
        raise NotFound("reserved_unknown", field="handle", handle=shown)
    logger.info("%s takes back %s: %s", actor, shown, reason[:_REASON_MOST])


def check_reason(reason: str) -> None:
    """Refuse an empty reason: the record must say why."""
    if not reason.strip():
        raise Invalid(
            "setting_invalid",
            field="reason",
            setting="reason",
            value="''",
            fix=_("Say why."),
        )
