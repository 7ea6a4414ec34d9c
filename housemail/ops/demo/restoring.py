"""Gives the imitated platform back what it forgot when the last demo ended.

It is filled from our own records, so a demo goes on where it was. What only the
platform knew is gone: its journal, its switches, the mailboxes' passwords.
"""

from __future__ import annotations

from collections.abc import Sequence

from housemail.mailboxes.models import (
    Alias,
    DistributionList,
    ListMember,
    Mailbox,
    Part,
)
from housemail.ops.demo.control import Control, Row
from housemail.ops.demo.story import hinder, set_the_scene

_MB_PER_GB = 1000
_BYTES_PER_MB = 1_000_000
_THERE = (
    Mailbox.State.ACTIVE,
    Mailbox.State.SUSPENDING,
    Mailbox.State.SUSPENDED,
    Mailbox.State.UNSUSPENDING,
    Mailbox.State.TERMINATING,
)
_DISABLED = (Mailbox.State.SUSPENDED, Mailbox.State.UNSUSPENDING)


def restore(control: Control, domains: Sequence[str]) -> None:
    """Fill the platform; the fault of the story goes on while its order waits."""
    boxes = list(
        Mailbox.objects.filter(state__in=_THERE).select_related("house_domain")
    )
    control.put(
        mailboxes=[_mailbox(box) for box in boxes], aliases=_aliases(), lists=_lists()
    )
    set_the_scene(control, domains)
    hinder(control, domains, {str(box.address) for box in boxes})


def _mailbox(box: Mailbox) -> Row:
    seen = box.last_login_at
    return {
        "domain": box.house_domain.name,
        "username": box.handle,
        "uname": box.display_name,
        "account_type": box.account_type,
        "quota_mb": round(box.quota_gb * _MB_PER_GB),
        "disabled": box.state in _DISABLED,
        "user_language": box.language,
        "timezone": box.timezone,
        "dateformat": box.date_format,
        "usage_mb": (box.used_bytes or 0) // _BYTES_PER_MB,
        "lastauth": seen.timestamp() if seen else None,
    }


def _aliases() -> list[Row]:
    rows = Alias.objects.filter(state=Part.State.ACTIVE)
    return [
        {
            "domain": row.claim.house_domain.name,
            "alias": row.claim.handle,
            "forward": row.destination,
        }
        for row in rows.select_related("claim__house_domain")
    ]


def _lists() -> list[Row]:
    members: dict[int, list[str]] = {}
    known = ListMember.objects.filter(state=Part.State.ACTIVE).order_by("pk")
    for list_id, address in known.values_list("list_id", "address"):
        members.setdefault(list_id, []).append(address)
    rows = DistributionList.objects.filter(state=Part.State.ACTIVE)
    return [
        {
            "domain": row.claim.house_domain.name,
            "lname": row.claim.handle,
            "members": members.get(row.pk, []),
        }
        for row in rows.select_related("claim__house_domain")
    ]
