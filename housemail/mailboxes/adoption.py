"""Adopt: take over a mailbox that exists on the platform and is nobody's (staff).

Releasing: give a held, quarantined or reserved name out before its time (staff).
"""

from __future__ import annotations

import logging

from django.db import IntegrityError
from django.db.models import F
from django.utils import timezone

from housemail.installations.models import Server
from housemail.mailboxes import claims, names, rules, servers
from housemail.mailboxes.claims import Holder
from housemail.mailboxes.commit import commit
from housemail.mailboxes.context import ActorKind, Answer, Context
from housemail.mailboxes.creating import ENDED, service_record
from housemail.mailboxes.entering import of_service
from housemail.mailboxes.errors import (
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    Unavailable,
)
from housemail.mailboxes.models import (
    Alias,
    Claim,
    DistributionList,
    HouseDomain,
    Mailbox,
    Operation,
    Part,
    ReservedRelease,
)
from housemail.mailboxes.observed import Following
from housemail.mailboxes.plan import Plan
from housemail.mailboxes.verbs.change import plan_fields
from housemail.platforms.base import (
    Address,
    Deadline,
    PlatformError,
    Presence,
    RemoteMailbox,
)

logger = logging.getLogger(__name__)


def adopt(
    context: Context, deadline: Deadline, *, handle: str = "", domain: str = ""
) -> Answer:
    """Take over an existing mailbox for this service; the platform is only read.

    Errors: ``staff_only``, ``adopt_not_found``, ``adopt_unproven``, the claims',
    ``service_has_mailbox``.
    """
    if context.actor.kind is not ActorKind.STAFF:
        raise Forbidden("staff_only")
    plan = context.strict_plan()
    known = of_service(context)
    name, domain_name = _wanted(context, plan, known, handle, domain)
    if known is not None and known.state not in ENDED:
        if (known.handle, known.house_domain.name) == (name, domain_name):
            return Answer(state=known.state, data=service_record(known))
        raise Conflict("service_has_mailbox", address=known)
    names.check(name, domain_name)
    server = servers.resolve(context.installation, context.server, deadline)
    house_domain = servers.house_domain(server, domain_name, deadline)
    # Before looking: the answer would show what another one's mailbox is like.
    claims.check(house_domain, name, Holder.of(context, known))
    with Following(known, "adopt", context.request_id):
        seen = _seen(server, house_domain, Address(name, domain_name), deadline)
    fields = {
        "server": server,
        "house_domain": house_domain,
        "handle": name,
        "owner_id": context.owner.id,
        "display_name": (seen.display_name or context.owner.name)[:200],
        **plan_fields(plan),
    }
    if seen.account_type in {1, 2}:
        fields["account_type"] = seen.account_type
    state = Mailbox.State.SUSPENDED if seen.disabled else Mailbox.State.ACTIVE

    def work() -> Mailbox:
        mailbox = _row(context, known, fields, state)
        if known is not None:
            _free_own_claim(known)
        claims.take(house_domain, name, Claim.Kind.MAILBOX, Holder.of(context, mailbox))
        Operation.objects.create(
            mailbox=mailbox,
            generation=mailbox.generation,
            verb="adopt",
            state=Operation.State.DONE,
            lease_until=timezone.now(),
            request_id=context.request_id,
            actor=str(context.actor)[:80],
            created_at=timezone.now(),
            closed_at=timezone.now(),
        )
        return mailbox

    try:
        mailbox = commit(work)
    except IntegrityError as exc:
        raise Conflict("superseded") from exc
    return Answer(state=state, data=service_record(mailbox))


def _wanted(
    context: Context, plan: Plan, known: Mailbox | None, handle: str, domain: str
) -> tuple[str, str]:
    """Return which address is meant; a recorded domain needs no permission anew."""
    raw_handle, raw_domain = rules.split_address(
        handle or context.service.username, domain
    )
    recorded = known.house_domain.name if known else ""
    chosen = raw_domain or context.service.domain or recorded
    if not recorded or chosen != recorded:
        chosen = rules.choose_domain(chosen, plan.allowed_domains)
    return rules.clean_handle(raw_handle), chosen


def _seen(
    server: Server, domain: HouseDomain, address: Address, deadline: Deadline
) -> RemoteMailbox:
    try:
        look = servers.look(server, domain, address, deadline)
        if look.presence is Presence.PRESENT and look.mailbox is not None:
            full = servers.platform_for(server).read(address, deadline)
            return full or look.mailbox
    except PlatformError as exc:
        raise Unavailable("platform_unavailable") from exc
    code = "adopt_not_found" if look.presence is Presence.ABSENT else "adopt_unproven"
    raise Conflict(code, field="handle", address=address)


def _row(
    context: Context,
    known: Mailbox | None,
    fields: dict[str, object],
    state: Mailbox.State,
) -> Mailbox:
    life = {
        **fields,
        "state": state,
        "state_changed_at": timezone.now(),
        "found": False,
        "needs_staff": False,
        "create_answered": None,
    }
    if known is None:
        return Mailbox.objects.create(
            installation=context.installation, ref=context.ref, **life
        )
    changed = Mailbox.objects.filter(
        pk=known.pk, generation=known.generation, state__in=ENDED
    ).update(generation=known.generation + 1, **life)
    if not changed:
        raise Conflict("superseded")
    known.refresh_from_db()
    return known


def _free_own_claim(mailbox: Mailbox) -> None:
    """A create that asked for staff kept its claim; the adoption takes it anew."""
    Claim.objects.filter(mailbox=mailbox, kind=Claim.Kind.MAILBOX).delete()


def _release_given_up(claim: Claim) -> bool:
    """Drop an alias or list whose change ended without proof: staff has looked."""
    for model, counter, key in (
        (Alias, "aliases_used", "alias"),
        (DistributionList, "lists_used", "list"),
    ):
        row = model.objects.filter(claim=claim).exclude(state=Part.State.ACTIVE).first()
        if row is None or Operation.objects.filter(open_for=f"{key}:{row.pk}").exists():
            continue
        mailbox = Mailbox.objects.filter(pk=row.mailbox_id, **{f"{counter}__gt": 0})
        Operation.objects.filter(
            mailbox_id=row.mailbox_id, subject_id=row.pk, verb__startswith=key
        ).update(needs_staff=False)
        row.delete()
        mailbox.update(**{counter: F(counter) - 1})
        claims.free(claim)
        return True
    return False


def release_name(address: str, *, reason: str, actor: str) -> str:
    """Give out a held, quarantined or reserved name; say what was done.

    Errors: Invalid for what is no address, ``address_taken`` for what is in use,
    ``domain_not_on_platform`` for a domain we do not know, NotFound.
    """
    if not reason.strip():
        raise Invalid("setting_invalid", setting="reason", value="''", fix="Say why.")
    raw_handle, raw_domain = rules.split_address(address)
    handle = rules.clean_handle(raw_handle)
    domain = HouseDomain.objects.filter(name=rules.clean_domain(raw_domain)).first()
    if domain is None:
        raise NotFound("domain_not_on_platform", domain=raw_domain)
    logger.info("%s releases %s@%s: %s", actor, handle, domain.name, reason[:300])
    claim = Claim.objects.filter(house_domain=domain, handle=handle).first()
    if claim is not None:
        return _release_claim(claim, domain)
    try:
        names.check(handle, domain.name)
    except Conflict:
        ReservedRelease.objects.get_or_create(
            house_domain=domain,
            handle=handle,
            defaults={"reason": reason[:300], "actor": actor[:80]},
        )
        return f"{handle}@{domain.name} is no longer reserved."
    return f"{handle}@{domain.name} was free already."


def _release_claim(claim: Claim, domain: HouseDomain) -> str:
    """Free a claim of nobody's use; what is in use stays."""
    address = f"{claim.handle}@{domain.name}"
    if claims.delete_unused(Claim.objects.filter(pk=claim.pk)):
        return f"{address} was in {claim.kind} and is free now."
    if _release_given_up(claim):
        return f"{address} was given up while it changed and is free now."
    waiting = Mailbox.objects.filter(
        pk=claim.mailbox_id or 0, state=Mailbox.State.FAILED, needs_staff=True
    )
    if claim.kind == Claim.Kind.MAILBOX and waiting.exists():
        # Staff has looked: the create may be tried again from the start.
        ids = list(waiting.values_list("pk", flat=True))
        claims.to_hold(claim)
        Operation.objects.filter(mailbox_id__in=ids, needs_staff=True).update(
            needs_staff=False
        )
        Mailbox.objects.filter(pk__in=ids).update(needs_staff=False)
        return f"{address} was waiting for staff and is held for its order again."
    raise Conflict("address_taken", address=address)
