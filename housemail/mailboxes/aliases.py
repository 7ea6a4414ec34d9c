"""Aliases: an address that forwards to exactly one destination."""

from __future__ import annotations

from housemail.mailboxes import loops, rules
from housemail.mailboxes.context import Answer, Context
from housemail.mailboxes.errors import Conflict, NotFound
from housemail.mailboxes.models import Alias, Mailbox
from housemail.mailboxes.naming import (
    ALIASES,
    Limit,
    active_mailbox,
    add_part,
    clean_new_name,
    remove_part,
    was_there,
)
from housemail.platforms.base import Deadline


def add(
    context: Context, deadline: Deadline, *, handle: str, destination: str = ""
) -> Answer:
    """Add an alias; without a destination it delivers to the mailbox itself.

    The same alias again changes nothing, and ``data["already"]`` says so.
    Errors: the rules' for names and destinations, ``aliases_disabled``,
    ``alias_limit``, the claims', ``suspended``, ``platform_refused``.
    """
    plan = context.strict_plan()
    if not plan.enable_aliases:
        raise Conflict("aliases_disabled")
    mailbox = active_mailbox(context, deadline)
    name = clean_new_name(mailbox, handle)
    domain = mailbox.house_domain.name

    def clean(raw: str) -> str:
        return rules.clean_destination(
            raw,
            own=f"{name}@{domain}",
            domain=domain,
            allow_external=plan.allow_external_forwards,
            is_list=loops.list_of_ours,
        )

    target = clean(destination or str(mailbox.address))
    same = _own(mailbox, name)
    if same is not None and same.destination == target:
        return was_there(mailbox, same)

    def check() -> None:
        # Its own mailbox holds that address, so no list can be made there.
        if target != str(mailbox.address):
            loops.lock(target)
            clean(target)

    return add_part(
        context,
        deadline,
        mailbox,
        name,
        ALIASES,
        Limit("aliases_used", plan.max_aliases, "alias_limit"),
        check,
        destination=target,
    )


def _own(mailbox: Mailbox, handle: str) -> Alias | None:
    return mailbox.aliases.select_related("claim").filter(claim__handle=handle).first()


def remove(context: Context, deadline: Deadline, *, handle: str) -> Answer:
    """Remove one of the mailbox's own aliases; its name goes into quarantine.

    Errors: ``alias_unknown``, ``quarantine_limit``, ``suspended``.
    """
    plan = context.lenient_plan()
    mailbox = active_mailbox(context, deadline)
    raw_handle, raw_domain = rules.split_address(handle)
    row = None
    if not raw_domain or raw_domain.strip().lower() == mailbox.house_domain.name:
        row = _own(mailbox, rules.clean_handle(raw_handle))
    if row is None:
        raise NotFound("alias_unknown", field="handle")
    return remove_part(context, deadline, mailbox, row, ALIASES, plan.max_aliases)
