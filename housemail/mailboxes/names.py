"""May this name be given out on this house domain? Asked by every way in.

Order form, create, alias, list and import all come through here (promise 5).
"""

from __future__ import annotations

from django.conf import settings

from housemail.mailboxes import reserved, rules
from housemail.mailboxes.errors import Conflict
from housemail.mailboxes.models import ReservedRelease


def check(handle: str, domain: str) -> None:
    """Refuse a reserved name, unless staff released it on this domain.

    Errors: ``handle_reserved``; ``reserved_list_unreadable`` for every name when the
    list cannot be read.
    """
    names = reserved.builtin_and_configured(settings.HOUSEMAIL_RESERVED_FILE or None)
    if not rules.is_reserved(handle, names):
        return
    released = ReservedRelease.objects.filter(
        house_domain__name=domain, handle=handle
    ).exists()
    if not released:
        raise Conflict("handle_reserved", field="handle", handle=handle)


def requested(
    raw_handle: str, raw_domain: str, allowed: tuple[str, ...]
) -> tuple[str, str]:
    """Return handle and domain as asked for, clean and allowed by the plan.

    Errors: those of rules.clean_handle, rules.choose_domain.
    """
    raw_handle, raw_domain = rules.split_address(raw_handle, raw_domain)
    handle = rules.clean_handle(raw_handle)
    return handle, rules.choose_domain(raw_domain, allowed)
