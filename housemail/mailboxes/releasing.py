"""Releasing: give a held, quarantined or reserved name out before its time (staff).

Two doors: the shell releases any name of the house, a billing system's staff those of
their own installation. What is in use is never released.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models import Q
from django.utils import timezone

from housemail.installations.models import Installation
from housemail.mailboxes import claims, names, rules, servers
from housemail.mailboxes.adoption import wanted_name
from housemail.mailboxes.commit import commit
from housemail.mailboxes.context import ActorKind, Context
from housemail.mailboxes.entering import of_service
from housemail.mailboxes.errors import (
    Conflict,
    Forbidden,
    NotFound,
)
from housemail.mailboxes.models import (
    Claim,
    HouseDomain,
    Mailbox,
    Operation,
    Part,
    ReservedRelease,
)
from housemail.mailboxes.reserving import check_reason
from housemail.mailboxes.sentences import SENTENCES
from housemail.mailboxes.verbs.parts import ALIAS_REMOVE, LIST_REMOVE, NameVerb
from housemail.platforms.base import Deadline

logger = logging.getLogger(__name__)
_PARTS: Mapping[Claim.Kind, NameVerb] = {
    Claim.Kind.ALIAS: ALIAS_REMOVE,
    Claim.Kind.LIST: LIST_REMOVE,
}


@dataclass(frozen=True, slots=True)
class Released:
    """What was done: a code of SENTENCES with its parameters."""

    code: str
    params: dict[str, str] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """The English sentence with its parameters still open."""
        return SENTENCES[self.code]

    @property
    def detail(self) -> str:
        """The English sentence, complete."""
        return self.sentence.format(**self.params)


@dataclass(frozen=True, slots=True)
class _Order:
    """One name to give out: who says so, why, and whose claims he may end."""

    domain: HouseDomain
    handle: str
    reason: str
    actor: str
    only_of: Installation | None = None

    @property
    def address(self) -> str:
        return f"{self.handle}@{self.domain.name}"

    def told(self, code: str) -> Released:
        return Released(code, {"address": self.address})


def release_name(address: str, *, reason: str, actor: str) -> Released:
    """Give out a name of whichever installation (the shell); say what was done.

    Errors: Invalid for what is no address or has no reason, ``address_taken`` for
    what is in use, ``domain_not_on_platform`` for a domain we do not know.
    """
    check_reason(reason)
    raw_handle, raw_domain = rules.split_address(address)
    handle = rules.clean_handle(raw_handle)
    domain = HouseDomain.objects.filter(name=rules.clean_domain(raw_domain)).first()
    if domain is None:
        raise NotFound("domain_not_on_platform", domain=raw_domain)
    return _release(_Order(domain, handle, reason, actor))


def release_for_service(
    context: Context,
    deadline: Deadline,
    *,
    handle: str = "",
    domain: str = "",
    reason: str = "",
) -> Released:
    """Give out a name of this installation's own, on a domain it may use.

    Errors: ``staff_only``, Invalid without a reason, those of servers.house_domain,
    ``address_taken``; the exact reason, and nothing done, for what another
    installation has held or given up.
    """
    if context.actor.kind is not ActorKind.STAFF:
        raise Forbidden("staff_only")
    check_reason(reason)
    name, domain_name = wanted_name(
        context, context.strict_plan(), of_service(context), handle, domain
    )
    server = servers.resolve(context.installation, context.server, deadline)
    house_domain = servers.house_domain(server, domain_name, deadline)
    actor = f"{context.installation.name} {context.actor}"
    only_of = context.installation
    return _release(_Order(house_domain, name, reason, actor, only_of=only_of))


def _release(order: _Order) -> Released:
    done = _give_out(order)
    words = (order.actor, order.address, done.code, order.reason[:300])
    logger.info("%s releases %s (%s): %s", *words)
    return done


def _give_out(order: _Order) -> Released:
    live = Q(expires_at=None) | Q(expires_at__gt=timezone.now())
    claim = (
        Claim.objects.select_related("house_domain")
        .filter(live, house_domain=order.domain, handle=order.handle)
        .first()
    )
    if claim is not None:
        return _release_claim(order, claim)
    try:
        names.check(order.handle, order.domain.name)
    except Conflict as refusal:
        if refusal.code != "handle_reserved":
            raise
        ReservedRelease.objects.get_or_create(
            house_domain=order.domain,
            handle=order.handle,
            defaults={"reason": order.reason[:300], "actor": order.actor[:80]},
        )
        return order.told("released_reserved")
    return order.told("released_already")


def _release_claim(order: _Order, claim: Claim) -> Released:
    """Free a claim of nobody's use; what is in use stays."""
    rows = Claim.objects.filter(pk=claim.pk)
    if order.only_of is not None:
        if claim.installation_id != order.only_of.pk:
            raise claims.refusal_for(claim)
        # Also when it changes hands in this very moment.
        rows = rows.filter(installation=order.only_of)
    if claims.delete_unused(rows):
        held = claim.kind == Claim.Kind.HOLD
        return order.told("released_hold" if held else "released_quarantine")
    if _release_given_up(claim):
        return order.told("released_given_up")
    if _release_waiting(claim):
        return order.told("released_to_order")
    raise Conflict("address_taken", field="handle", address=order.address)


def _release_given_up(claim: Claim) -> bool:
    """Drop an alias or list whose change ended without proof: staff has looked."""
    verb = _PARTS.get(Claim.Kind(claim.kind))
    return verb is not None and commit(lambda: _drop_given_up(claim, verb))


def _drop_given_up(claim: Claim, verb: NameVerb) -> bool:
    """Give row, place and name back, all or nothing; False when it is not given up.

    Who changes a name writes its row and its operation in one commit. The row is
    locked first, so that of a removal asked for again and this one comes first.
    """
    row = verb.model.objects.select_for_update().filter(claim=claim).first()
    if row is None:
        return _free_without_row(claim, verb)
    changing = Operation.objects.filter(open_for=f"{verb.key}:{row.pk}")
    if row.state == Part.State.ACTIVE or changing.exists():
        return False
    Operation.objects.filter(
        mailbox_id=row.mailbox_id, subject_id=row.pk, verb__startswith=verb.key
    ).update(needs_staff=False)
    claims.free(verb.forget(row, row.mailbox.generation))
    return True


def _free_without_row(claim: Claim, verb: NameVerb) -> bool:
    """Free the name of an alias or list that is gone: nothing holds it any more."""
    kept = Claim.objects.select_for_update().filter(pk=claim.pk, kind=claim.kind)
    if kept.first() is None or verb.model.objects.filter(claim=claim).exists():
        return False
    claims.free(claim)
    return True


def _release_waiting(claim: Claim) -> bool:
    """Give a create that waits for staff its name back: they have looked."""
    mailbox_id = claim.mailbox_id or 0

    def work() -> bool:
        # The mailbox first, and on condition: an adoption, an end and we exclude
        # each other there.
        looked_at = Mailbox.objects.filter(
            pk=mailbox_id, state=Mailbox.State.FAILED, needs_staff=True
        ).update(needs_staff=False)
        if not looked_at:
            return False
        # The create may be tried again from the start.
        claims.to_hold(claim)
        Operation.objects.filter(mailbox_id=mailbox_id, needs_staff=True).update(
            needs_staff=False
        )
        return True

    return claim.kind == Claim.Kind.MAILBOX and commit(work)
