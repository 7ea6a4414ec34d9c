"""Is an address free, and keep it for an order. Never asks the platform."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from housemail.installations.models import Installation
from housemail.mailboxes import claims, names, servers, suggestions
from housemail.mailboxes.claims import Holder
from housemail.mailboxes.commit import commit
from housemail.mailboxes.context import ActorKind, Answer, Context
from housemail.mailboxes.errors import Conflict, Invalid, Refusal, for_client
from housemail.mailboxes.models import Claim, HouseDomain
from housemail.mailboxes.throttle import hit
from housemail.platforms.base import Deadline

_MINUTE = 60


@dataclass(slots=True)
class Availability:
    """Whether an address can be had, and what else could be.

    ``code``: ``available``, else the refusal's; to clients only ``available``,
    ``not_available``, ``malformed`` and ``ask_support`` (promise 13). ``address`` is
    empty when the name is malformed, or while its domain is still to be chosen.
    ``refusal`` is as this caller may read it.
    """

    available: bool
    address: str
    code: str
    suggestions: list[str] = field(default_factory=list)
    refusal: Refusal | None = None


def check(context: Context, *, handle: str, domain: str = "") -> Availability:
    """Say whether the address is free for this caller."""
    try:
        plan = context.strict_plan()
        name, domain_name = names.thought_of(
            handle, domain, plan.allowed_domains, context.service.domain
        )
    except Invalid as refusal:
        return _refused(context, refusal)
    if not domain_name:
        return _on_any(context, name, plan.allowed_domains)
    address = f"{name}@{domain_name}"
    # The same work for every answer: what differs in time would tell (promise 13).
    free = _suggest(name, domain_name)
    try:
        names.check(name, domain_name)
        _check_claim(context, name, domain_name)
    except Refusal as refusal:
        return _refused(context, refusal, address, free)
    return Availability(True, address, "available")


def _on_any(context: Context, handle: str, domains: tuple[str, ...]) -> Availability:
    """Check a name whose domain is still to be chosen: only whether it is reserved."""
    try:
        names.check(handle, *domains)
    except Refusal as refusal:
        return _refused(context, refusal)
    return Availability(True, "", "available")


def _refused(
    context: Context, refusal: Refusal, address: str = "", free: Sequence[str] = ()
) -> Availability:
    """Answer "no" as this caller may read it; what can be mended is ``malformed``."""
    if context.actor.kind is not ActorKind.CLIENT:
        return Availability(False, address, refusal.code, list(free), refusal)
    told = for_client(refusal)
    mendable = isinstance(told, Invalid) and told.code != "ask_support"
    code = "malformed" if mendable else told.code
    return Availability(False, address, code, list(free), told)


def _check_claim(context: Context, handle: str, domain: str) -> None:
    found = (
        Claim.objects.select_related("house_domain")
        .filter(house_domain__name=domain, handle=handle)
        .first()
    )
    if found is None or claims.may_take(found, Holder.of(context)):
        return
    raise claims.refusal_for(found)


def _suggest(handle: str, domain: str) -> list[str]:
    try:
        reserved_names = names.all_reserved()
    except Conflict:
        return []

    def taken(candidates: list[str]) -> set[str]:
        live = Q(expires_at=None) | Q(expires_at__gt=timezone.now())
        return set(
            Claim.objects.filter(
                live, house_domain__name=domain, handle__in=candidates
            ).values_list("handle", flat=True)
        )

    return suggestions.suggest(handle, taken, reserved_names)


def reserve(
    context: Context,
    deadline: Deadline,
    *,
    handle: str,
    domain: str = "",
    until: datetime | None = None,
) -> Answer:
    """Hold an address for this ref for 72 hours (setting); repeats renew it.

    A ref holds one address at a time; ``until`` is another end for the hold.
    Errors: those of create's rules and claims.
    """
    plan = context.strict_plan()
    name, domain_name = names.requested(
        handle, domain, plan.allowed_domains, context.service.domain
    )
    names.check(name, domain_name)
    house_domain = _known_domain(context, domain_name, deadline)

    def work() -> Claim:
        claim = claims.take(
            house_domain,
            name,
            Claim.Kind.HOLD,
            Holder.of(context),
            expires_at=until or claims.hold_end(),
        )
        claims.release_holds(context.installation, context.ref, keep=claim.pk)
        return claim

    claim = commit(work)
    ends = claim.expires_at.isoformat() if claim.expires_at else ""
    return Answer("held", data={"address": f"{name}@{domain_name}", "until": ends})


def take_over(context: Context, *, handle: str, domain: str, from_ref: str) -> None:
    """Hand a hold of one ref to the context's, for 72 hours (setting) from now.

    For a visitor whose wish becomes an order. Database only, in the caller's
    transaction; handle and domain are clean already. A hold that has ended is taken
    anew, when nobody else was faster. Errors: those of the claims.
    """
    house_domain = HouseDomain.objects.filter(name=domain).first()
    if house_domain is None:
        raise Conflict("domain_not_on_platform", field="domain", domain=domain)
    holder = Holder.of(context)
    handed = Claim.objects.filter(
        house_domain=house_domain,
        handle=handle,
        kind=Claim.Kind.HOLD,
        installation=context.installation,
        ref=from_ref,
    ).update(
        ref=context.ref,
        owner_id=holder.owner_id,
        expires_at=claims.hold_end(),
        changed_at=timezone.now(),
    )
    if not handed:
        ends = claims.hold_end()
        claims.take(house_domain, handle, Claim.Kind.HOLD, holder, expires_at=ends)


def renew(installation: Installation, refs: Collection[str]) -> int:
    """Renew the holds of these refs that are half over; return how many were.

    For a billing system whose orders wait longer than a hold lasts.
    """
    half = timedelta(hours=settings.HOUSEMAIL_HOLD_HOURS) / 2
    now = timezone.now()
    return Claim.objects.filter(
        installation=installation,
        ref__in=refs,
        kind=Claim.Kind.HOLD,
        expires_at__gt=now,
        expires_at__lte=now + half,
    ).update(expires_at=claims.hold_end(), changed_at=now)


def count_check(installation: int, visitor: str) -> None:
    """Count one availability check. Errors: Throttled.

    The visitor first: his excess must not use up the others'.
    """
    if visitor:
        mark = hashlib.sha256(visitor.encode()).hexdigest()[:32]
        limit = settings.HOUSEMAIL_AVAILABILITY_PER_MINUTE
        hit(f"availability:{installation}:{mark}", limit, _MINUTE)
    limit = settings.HOUSEMAIL_INSTALLATION_PER_MINUTE
    hit(f"availability:{installation}", limit, _MINUTE)


def _known_domain(context: Context, domain: str, deadline: Deadline) -> HouseDomain:
    server = servers.resolve(context.installation, context.server, deadline)
    return servers.house_domain(server, domain, deadline)


def release(context: Context) -> Answer:
    """Release what this ref holds; nothing held is fine too."""
    count = claims.release_holds(context.installation, context.ref)
    return Answer("released", data={"released": count})
