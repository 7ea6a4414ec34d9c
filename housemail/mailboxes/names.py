"""May this name be given out on this house domain? Asked by every way in.

Order form, create, alias, list and import all come through here (promise 5).
"""

from __future__ import annotations

from django.conf import settings

from housemail.mailboxes import reserved, rules
from housemail.mailboxes.errors import Conflict, Refusal
from housemail.mailboxes.models import ReservedName, ReservedRelease
from housemail.prepared import Given, Prepared

_ADDED = Prepared(
    lambda: ReservedName.objects.filter(handle=Given(ReservedName, "handle"))
)


def check(handle: str, *domains: str) -> None:
    """Refuse a reserved name, unless staff released it on one of these domains.

    Errors: ``handle_reserved``; ``reserved_list_unreadable`` for every name when the
    list cannot be read.
    """
    added = _ADDED.exists(handle=rules.skeleton(handle))
    if not added and not rules.is_reserved(handle, _of_files()):
        return
    released = ReservedRelease.objects.filter(
        house_domain__name__in=domains, handle=handle
    ).exists()
    if not released:
        raise Conflict("handle_reserved", field="handle", handle=handle)


def all_reserved() -> frozenset[str]:
    """Return the skeletons of every reserved name, those that staff added too.

    Errors: ``reserved_list_unreadable``.
    """
    added = ReservedName.objects.values_list("handle", flat=True)
    return _of_files() | frozenset(added)


def _of_files() -> frozenset[str]:
    return reserved.builtin_and_configured(settings.HOUSEMAIL_RESERVED_FILE or None)


def requested(
    raw_handle: str, raw_domain: str, allowed: tuple[str, ...], of_service: str = ""
) -> tuple[str, str]:
    """Return handle and domain as asked for, clean and allowed by the plan.

    ``of_service``: the service's own domain, which counts where none was asked for.
    Errors: those of rules.clean_handle, rules.choose_domain.
    """
    handle, domain = _asked_for(raw_handle, raw_domain, of_service)
    return handle, rules.choose_domain(domain, allowed)


def thought_of(
    raw_handle: str, raw_domain: str, allowed: tuple[str, ...], of_service: str = ""
) -> tuple[str, str]:
    """Return the same for a name that nobody has ordered yet.

    The domain is "" while several are allowed and none has been chosen.
    """
    handle, domain = _asked_for(raw_handle, raw_domain, of_service)
    if not domain and len(allowed) > 1:
        return handle, ""
    return handle, rules.choose_domain(domain, allowed)


def as_read(raw_handle: str, raw_domain: str = "") -> tuple[str, str]:
    """Return handle and domain as the verbs read them; what they refuse stays raw.

    To compare what was typed with what is known. The domain is "" where none was named.
    """
    try:
        return _asked_for(raw_handle, raw_domain, "")
    except Refusal:
        return raw_handle, raw_domain


def _asked_for(raw_handle: str, raw_domain: str, of_service: str) -> tuple[str, str]:
    raw_handle, domain = rules.split_address(raw_handle, raw_domain)
    return rules.clean_handle(raw_handle), domain or of_service
