"""Adopt: take over a mailbox that exists on the platform and is nobody's (staff)."""

from __future__ import annotations

from django.db import IntegrityError
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
)
from housemail.mailboxes.models import (
    Claim,
    HouseDomain,
    Mailbox,
    Operation,
)
from housemail.mailboxes.observed import Following
from housemail.mailboxes.plan import Plan
from housemail.mailboxes.unavailable import unavailable
from housemail.mailboxes.verbs.change import plan_fields
from housemail.platforms.base import (
    Address,
    Deadline,
    PlatformError,
    Presence,
    RemoteMailbox,
)


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
    name, domain_name = wanted_name(context, plan, known, handle, domain)
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
            _decided(known)
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


def wanted_name(
    context: Context, plan: Plan, known: Mailbox | None, handle: str, domain: str
) -> tuple[str, str]:
    """Return which address staff mean; a recorded domain needs no permission anew."""
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
        raise unavailable(exc) from exc
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
        "unconfirmed": [],  # nothing was sent
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


def _decided(mailbox: Mailbox) -> None:
    """A create that asked for staff kept its claim; the adoption takes it anew.

    What was asked about the mailbox is answered; its names of before are not.
    """
    Claim.objects.filter(mailbox=mailbox, kind=Claim.Kind.MAILBOX).delete()
    Operation.objects.filter(mailbox=mailbox, subject_id=None).update(needs_staff=False)
