"""Aliases: an address that forwards to exactly one destination."""

from __future__ import annotations

from django.db import IntegrityError

from housemail.mailboxes import journal, rules
from housemail.mailboxes.commit import commit
from housemail.mailboxes.context import Answer, Context
from housemail.mailboxes.entering import StillOpenError, find, in_turn
from housemail.mailboxes.errors import Conflict, NotFound
from housemail.mailboxes.models import Alias, Claim, Mailbox, Operation, Part
from housemail.mailboxes.naming import (
    Limit,
    active_mailbox,
    claim_name,
    clean_new_name,
    may_give_up_a_name,
    take_place,
)
from housemail.mailboxes.runner import carry_out
from housemail.mailboxes.verb import Job
from housemail.mailboxes.verbs.parts import ALIAS_ADD, ALIAS_REMOVE
from housemail.platforms.base import Deadline


def list_of_ours(address: str) -> bool:
    """Say whether an address is a distribution list of any house domain."""
    handle, _, domain = address.partition("@")
    return Claim.objects.filter(
        house_domain__name=domain, handle=handle, kind=Claim.Kind.LIST
    ).exists()


def add(
    context: Context, deadline: Deadline, *, handle: str, destination: str = ""
) -> Answer:
    """Add an alias; without a destination it delivers to the mailbox itself.

    Errors: the rules' for names and destinations, ``aliases_disabled``,
    ``alias_limit``, the claims', ``suspended``, ``platform_refused``.
    """
    plan = context.strict_plan()
    if not plan.enable_aliases:
        raise Conflict("aliases_disabled")
    mailbox = active_mailbox(context, deadline)
    name = clean_new_name(mailbox, handle)
    domain = mailbox.house_domain.name
    target = rules.clean_destination(
        destination or str(mailbox.address),
        own=f"{name}@{domain}",
        domain=domain,
        allow_external=plan.allow_external_forwards,
        is_list=list_of_ours,
    )
    same = _own(mailbox, name)
    if same is not None and same.destination == target:
        # The same thing twice is the same thing.
        status = 200 if same.state == Part.State.ACTIVE else 202
        return Answer(mailbox.state, status, "" if status == 200 else "being_checked")

    def work() -> Operation:
        take_place(mailbox, Limit("aliases_used", plan.max_aliases, "alias_limit"))
        claim, was_quarantined = claim_name(context, mailbox, name, Claim.Kind.ALIAS)
        row = Alias.objects.create(mailbox=mailbox, claim=claim, destination=target)
        return journal.start(
            mailbox,
            ALIAS_ADD.name,
            context,
            deadline,
            open_for=f"alias:{row.pk}",
            subject_id=row.pk,
            wanted={
                "handle": name,
                "destination": target,
                "was_quarantined": was_quarantined,
            },
        )

    try:
        operation = commit(work)
    except IntegrityError as exc:
        raise Conflict("address_taken", address=f"{name}@{domain}") from exc
    return carry_out(ALIAS_ADD, Job(operation, mailbox, deadline))


def _own(mailbox: Mailbox, handle: str) -> Alias | None:
    return mailbox.aliases.select_related("claim").filter(claim__handle=handle).first()


def remove(context: Context, deadline: Deadline, *, handle: str) -> Answer:
    """Remove one of the mailbox's own aliases; its name goes into quarantine.

    Errors: ``alias_unknown``, ``quarantine_limit``, ``suspended``.
    """
    find(context)
    plan = context.lenient_plan()
    mailbox = active_mailbox(context, deadline)
    raw_handle, raw_domain = rules.split_address(handle)
    row = None
    if not raw_domain or raw_domain.strip().lower() == mailbox.house_domain.name:
        row = _own(mailbox, rules.clean_handle(raw_handle))
    if row is None:
        raise NotFound("alias_unknown", field="handle")
    key = f"alias:{row.pk}"

    def work() -> Operation:
        operation = journal.start(
            mailbox,
            ALIAS_REMOVE.name,
            context,
            deadline,
            open_for=key,
            subject_id=row.pk,
            wanted={"handle": row.claim.handle},
        )
        changed = Alias.objects.filter(
            pk=row.pk, mailbox__state=Mailbox.State.ACTIVE, state=Part.State.ACTIVE
        ).update(state=Part.State.REMOVING)
        if not changed:
            raise NotFound("alias_unknown", field="handle")
        may_give_up_a_name(mailbox, plan.max_aliases)
        return operation

    try:
        operation = in_turn(key, deadline, work)
    except StillOpenError as exc:
        return exc.answer
    return carry_out(ALIAS_REMOVE, Job(operation, mailbox, deadline))
