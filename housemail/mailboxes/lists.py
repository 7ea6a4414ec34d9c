"""Distribution lists and their members."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import IntegrityError
from django.db.models import F

from housemail.mailboxes import daily, journal, loops, rules
from housemail.mailboxes.commit import commit
from housemail.mailboxes.context import Answer, Context
from housemail.mailboxes.entering import StillOpenError, in_turn
from housemail.mailboxes.errors import Conflict, NotFound, Refusal
from housemail.mailboxes.models import (
    DistributionList,
    ListMember,
    Mailbox,
    Operation,
    Part,
)
from housemail.mailboxes.naming import (
    LISTS,
    Limit,
    active_mailbox,
    add_part,
    clean_new_name,
    remove_part,
    was_there,
)
from housemail.mailboxes.plan import Plan
from housemail.mailboxes.runner import carry_out
from housemail.mailboxes.verb import Job
from housemail.mailboxes.verbs.parts import MEMBER_ADD, MEMBER_REMOVE
from housemail.platforms.base import Deadline

Result = dict[str, object]


def _plan(context: Context) -> Plan:
    plan = context.strict_plan()
    if not plan.enable_lists:
        raise Conflict("lists_disabled")
    return plan


def _own(mailbox: Mailbox, raw: str) -> DistributionList:
    raw_handle, raw_domain = rules.split_address(raw)
    row = None
    if not raw_domain or raw_domain.strip().lower() == mailbox.house_domain.name:
        row = (
            mailbox.lists.select_related("claim")
            .filter(claim__handle=rules.clean_handle(raw_handle))
            .first()
        )
    if row is None:
        raise NotFound("list_unknown", field="handle")
    return row


def add(
    context: Context,
    deadline: Deadline,
    *,
    handle: str,
    members: str | Sequence[str] = (),
) -> Answer:
    """Add a list, then its members, each answered on its own in ``results``.

    For a list that was there ``data["already"]`` is true; its members are added.
    Errors: the rules' for names, ``lists_disabled``, ``list_limit``, the claims'.
    """
    plan = _plan(context)
    wanted = rules.parse_members(members)
    mailbox = active_mailbox(context, deadline)
    name = clean_new_name(mailbox, handle)
    address = f"{name}@{mailbox.house_domain.name}"

    def check() -> None:
        loops.lock(address)
        loops.check_not_a_destination(address)

    found = mailbox.lists.filter(claim__handle=name).first()
    if found is None:
        limit = Limit("lists_used", plan.max_lists, "list_limit")
        answer = add_part(context, deadline, mailbox, name, LISTS, limit, check)
    else:
        answer = was_there(mailbox, found)
    if answer.status != 200 or not wanted:
        return answer
    row = _own(mailbox, name)
    answer.data["results"] = [
        _add_one(context, deadline, mailbox, row, raw, plan) for raw in wanted
    ]
    return answer


def remove(context: Context, deadline: Deadline, *, handle: str) -> Answer:
    """Remove one of the mailbox's own lists; its name goes into quarantine.

    Errors: ``list_unknown``, ``quarantine_limit``, ``suspended``.
    """
    plan = context.lenient_plan()
    mailbox = active_mailbox(context, deadline)
    row = _own(mailbox, handle)
    return remove_part(context, deadline, mailbox, row, LISTS, plan.max_lists)


# --- members


def add_members(
    context: Context, deadline: Deadline, *, handle: str, members: str | Sequence[str]
) -> Answer:
    """Add several members, each answered on its own in ``data["results"]``.

    Errors: ``list_unknown``, ``lists_disabled``, ``member_batch_limit``.
    """
    plan = _plan(context)
    mailbox = active_mailbox(context, deadline)
    row = _usable(mailbox, handle)
    results = [
        _add_one(context, deadline, mailbox, row, raw, plan)
        for raw in rules.parse_members(members)
    ]
    return Answer(mailbox.state, data={"results": results})


def _usable(mailbox: Mailbox, handle: str) -> DistributionList:
    row = _own(mailbox, handle)
    if row.state != Part.State.ACTIVE:
        raise NotFound("list_unknown", field="handle")
    return row


def _result(member: str, status: str, refusal: Refusal | None = None) -> Result:
    result: Result = {"member": member, "status": status}
    if refusal is not None:
        result |= {
            "code": refusal.code,
            "detail": refusal.detail,
            "sentence": refusal.sentence,
            "params": refusal.params,
        }
    return result


def _add_one(
    context: Context,
    deadline: Deadline,
    mailbox: Mailbox,
    row: DistributionList,
    raw: str,
    plan: Plan,
) -> Result:
    domain = mailbox.house_domain.name
    try:
        member = rules.clean_member(
            raw,
            list_address=f"{row.claim.handle}@{domain}",
            domain=domain,
            allow_external=plan.allow_external_list_members,
            is_list=loops.list_of_ours,
        )
    except Refusal as refusal:
        return _result(rules.shown(raw), "refused", refusal)
    try:
        try:
            operation = commit(
                lambda: _start_add(context, deadline, mailbox, row, member)
            )
        except IntegrityError:  # added by somebody else in this moment
            operation = None
        if operation is None:
            return _result(member, "already")
        answer = carry_out(MEMBER_ADD, Job(operation, mailbox, deadline))
    except Refusal as refusal:
        return _result(member, "refused", refusal)
    return _result(member, "added" if answer.status == 200 else "being_checked")


def _start_add(
    context: Context,
    deadline: Deadline,
    mailbox: Mailbox,
    row: DistributionList,
    member: str,
) -> Operation | None:
    """Take the places of one member; None when it is on the list already.

    The list's row is locked before its member is written: the other order lets two
    callers hold a shared lock each and wait for the other (MariaDB).
    """
    known = row.members.filter(address=member).first()
    if known is not None and known.state == Part.State.ACTIVE:
        return None
    if known is not None:
        raise Conflict("in_progress", field="members")
    _take_member_place(row)
    daily.count(mailbox, "members", rules.MEMBER_ADDS_PER_DAY, "member_day_limit")
    entry = ListMember.objects.create(list=row, address=member)
    return journal.start(
        mailbox,
        MEMBER_ADD.name,
        context,
        deadline,
        open_for=f"member:{entry.pk}",
        subject_id=entry.pk,
        wanted={
            "list": row.claim.handle,
            "member": member,
            "counted": "members",
        },
    )


def _take_member_place(row: DistributionList) -> None:
    taken = DistributionList.objects.filter(
        pk=row.pk,
        state=Part.State.ACTIVE,
        mailbox__state=Mailbox.State.ACTIVE,
        members_used__lt=rules.MEMBERS_MAX,
    ).update(members_used=F("members_used") + 1)
    if taken:
        return
    row.refresh_from_db()
    if row.members_used < rules.MEMBERS_MAX:  # the list or its mailbox is going
        raise NotFound("list_unknown", field="handle")
    raise Conflict("member_limit", used=row.members_used, limit=rules.MEMBERS_MAX)


def remove_members(
    context: Context, deadline: Deadline, *, handle: str, members: str | Sequence[str]
) -> Answer:
    """Remove several members, each answered on its own in ``data["results"]``."""
    mailbox = active_mailbox(context, deadline)
    row = _usable(mailbox, handle)
    results = [
        _remove_one(context, deadline, mailbox, row, raw)
        for raw in rules.parse_members(members)
    ]
    return Answer(mailbox.state, data={"results": results})


def _remove_one(
    context: Context,
    deadline: Deadline,
    mailbox: Mailbox,
    row: DistributionList,
    raw: str,
) -> Result:
    member = raw.strip().lower()[:254]
    entry = row.members.filter(address=member).first()
    if entry is None:
        return _result(rules.shown(raw), "not_on_list")
    key = f"member:{entry.pk}"

    def work() -> Operation:
        operation = journal.start(
            mailbox,
            MEMBER_REMOVE.name,
            context,
            deadline,
            open_for=key,
            subject_id=entry.pk,
            wanted={"list": row.claim.handle, "member": member},
        )
        changed = ListMember.objects.filter(
            pk=entry.pk,
            list__mailbox__state=Mailbox.State.ACTIVE,
            state__in=[Part.State.ACTIVE, Part.State.REMOVING],
        ).update(state=Part.State.REMOVING)
        if not changed:
            raise NotFound("member_unknown", field="members", member=member)
        return operation

    try:
        operation = in_turn(key, deadline, work, MEMBER_REMOVE.name)
        answer = carry_out(MEMBER_REMOVE, Job(operation, mailbox, deadline))
    except StillOpenError:
        return _result(member, "being_checked")
    except Refusal as refusal:
        return _result(member, "refused", refusal)
    return _result(member, "removed" if answer.status == 200 else "being_checked")
