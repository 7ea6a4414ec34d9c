"""What adding and removing aliases and lists share: claims, places and limits.

Limits hold exactly under parallel calls: a place is one conditional update.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.db import IntegrityError
from django.db.models import F, Q
from django.utils import timezone

from housemail.mailboxes import claims, daily, journal, names, rules
from housemail.mailboxes.claims import Holder
from housemail.mailboxes.commit import commit
from housemail.mailboxes.context import Answer, Context
from housemail.mailboxes.entering import (
    StillOpenError,
    find,
    in_turn,
    with_working_login,
    wrong_state,
)
from housemail.mailboxes.errors import Conflict, Invalid, NotFound
from housemail.mailboxes.models import (
    Alias,
    Claim,
    DistributionList,
    Mailbox,
    Operation,
    Part,
)
from housemail.mailboxes.runner import carry_out
from housemail.mailboxes.verb import Job, Verb
from housemail.mailboxes.verbs.parts import (
    ALIAS_ADD,
    ALIAS_REMOVE,
    LIST_ADD,
    LIST_REMOVE,
)
from housemail.platforms.base import Deadline


@dataclass(frozen=True, slots=True)
class Limit:
    """A counter of the mailbox, what bounds it and how a refusal is called."""

    counter: str
    most: int  # 0 = unlimited
    code: str


def active_mailbox(context: Context, deadline: Deadline) -> Mailbox:
    """Return the service's mailbox when its owner may change things now."""
    mailbox = find(context)
    if mailbox.state != Mailbox.State.ACTIVE:
        raise wrong_state(mailbox)
    return with_working_login(context, mailbox, deadline)


def clean_new_name(mailbox: Mailbox, raw: str) -> str:
    """Return the handle of a new alias or list of this mailbox's domain.

    A full address may be typed when it is of that domain.
    """
    raw_handle, raw_domain = rules.split_address(raw)
    domain = mailbox.house_domain.name
    if raw_domain and rules.clean_domain(raw_domain) != domain:
        raise Invalid("domain_not_allowed", field="handle", domain=raw_domain[:253])
    handle = rules.clean_handle(raw_handle)
    names.check(handle, domain)
    return handle


def take_place(mailbox: Mailbox, limit: Limit) -> None:
    """Take one place, or refuse with count, limit and setting (promise 6)."""
    fits = Q() if limit.most == 0 else Q(**{f"{limit.counter}__lt": limit.most})
    taken = Mailbox.objects.filter(
        fits,
        pk=mailbox.pk,
        generation=mailbox.generation,
        state=Mailbox.State.ACTIVE,
    ).update(**{limit.counter: F(limit.counter) + 1})
    if taken:
        return
    mailbox.refresh_from_db()
    if mailbox.state != Mailbox.State.ACTIVE:
        raise wrong_state(mailbox)
    used = getattr(mailbox, limit.counter)
    raise Conflict(limit.code, field="handle", used=used, limit=limit.most)


def claim_name(
    context: Context, mailbox: Mailbox, handle: str, kind: Claim.Kind
) -> Claim:
    """Claim the name."""
    holder = Holder(
        context.installation, context.ref, mailbox.owner_id, mailbox=mailbox
    )
    return claims.take(mailbox.house_domain, handle, kind, holder)


@dataclass(frozen=True, slots=True)
class PartKind:
    """What tells aliases and lists apart when they are added and removed."""

    model: type[Alias] | type[DistributionList]
    claim: Claim.Kind
    key: str
    adds: Verb
    removes: Verb
    unknown: str  # the code for "no such thing of yours"


ALIASES = PartKind(
    Alias, Claim.Kind.ALIAS, "alias", ALIAS_ADD, ALIAS_REMOVE, "alias_unknown"
)
LISTS = PartKind(
    DistributionList, Claim.Kind.LIST, "list", LIST_ADD, LIST_REMOVE, "list_unknown"
)


def add_part(
    context: Context,
    deadline: Deadline,
    mailbox: Mailbox,
    handle: str,
    kind: PartKind,
    limit: Limit,
    check: Callable[[], None],
    **fields: str,
) -> Answer:
    """Take place, claim and row in one commit, then add it on the platform.

    ``check`` refuses within that commit, before anything is taken.
    """

    def work() -> Operation:
        check()
        take_place(mailbox, limit)
        counted = _count_a_new_name(mailbox)
        claim = claim_name(context, mailbox, handle, kind.claim)
        row = kind.model.objects.create(mailbox=mailbox, claim=claim, **fields)
        return journal.start(
            mailbox,
            kind.adds.name,
            context,
            deadline,
            open_for=f"{kind.key}:{row.pk}",
            subject_id=row.pk,
            wanted={
                "handle": handle,
                "was_quarantined": claim.was_quarantined,
                **counted,
                **fields,
            },
        )

    try:
        operation = commit(work)
    except IntegrityError as exc:
        address = f"{handle}@{mailbox.house_domain.name}"
        raise Conflict("address_taken", field="handle", address=address) from exc
    return carry_out(kind.adds, Job(operation, mailbox, deadline))


def was_there(mailbox: Mailbox, row: Alias | DistributionList) -> Answer:
    """Answer an add of what is there: the same thing twice is the same thing."""
    if row.state != Part.State.ACTIVE:
        return Answer(mailbox.state, 202, "being_checked")
    return Answer(mailbox.state, data={"already": True})


def _count_a_new_name(mailbox: Mailbox) -> dict[str, str]:
    """Count one of the day's new names where the host bounds them (protocol 5).

    The sheet's 0 promises as many as one likes, so nothing is counted by default.
    Return what the intent says of it.
    """
    most = settings.HOUSEMAIL_NAMES_ADDED_PER_DAY
    if most == 0:
        return {}
    daily.count(mailbox, "new_names", most, "new_name_day_limit")
    return {"counted": "new_names"}


def remove_part(
    context: Context,
    deadline: Deadline,
    mailbox: Mailbox,
    row: Alias | DistributionList,
    kind: PartKind,
    most: int,
) -> Answer:
    """Mark it as going, then remove it on the platform; its name is quarantined.

    ``most``: the plan's limit, from which the quarantine's allowance follows.
    """
    key = f"{kind.key}:{row.pk}"

    def work() -> Operation:
        operation = journal.start(
            mailbox,
            kind.removes.name,
            context,
            deadline,
            open_for=key,
            subject_id=row.pk,
            wanted={"handle": row.claim.handle, **_counted()},
        )
        changed = kind.model.objects.filter(
            # Also one whose removal was given up: it is removed again.
            pk=row.pk,
            mailbox__state=Mailbox.State.ACTIVE,
            state__in=[Part.State.ACTIVE, Part.State.REMOVING],
        ).update(state=Part.State.REMOVING)
        if not changed:
            raise NotFound(kind.unknown, field="handle")
        may_give_up_a_name(mailbox, most)
        return operation

    try:
        operation = in_turn(key, deadline, work, kind.removes.name)
    except StillOpenError as exc:
        return exc.answer
    return carry_out(kind.removes, Job(operation, mailbox, deadline))


def _counted() -> dict[str, str]:
    """Return what the intent of a removal says that it counts, if it does."""
    return {"counted": "names"} if settings.HOUSEMAIL_QUARANTINE_DAYS else {}


def may_give_up_a_name(mailbox: Mailbox, most: int) -> None:
    """Refuse a removal that would block too many names (protocol 5).

    Each removed name is blocked for a while: without a bound, adding and removing
    would use up the namespace of a shared domain.
    """
    if settings.HOUSEMAIL_QUARANTINE_DAYS == 0:
        return
    blocked = Claim.objects.filter(
        installation=mailbox.installation,
        ref=mailbox.ref,
        kind=Claim.Kind.QUARANTINE,
        expires_at__gt=timezone.now(),
    ).order_by("expires_at")
    allowance = rules.quarantine_allowance(most)
    count = blocked.count()
    if count >= allowance:
        first = blocked.first()
        until = f"{first.expires_at:%Y-%m-%d}" if first and first.expires_at else "-"
        raise Conflict("quarantine_limit", used=count, limit=allowance, until=until)
    daily.count(mailbox, "names", rules.NEW_NAMES_PER_DAY, "name_day_limit")
