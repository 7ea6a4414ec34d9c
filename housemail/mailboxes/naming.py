"""What adding and removing aliases and lists share: claims, places and limits.

Limits hold exactly under parallel calls: a place is one conditional update.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.db.models import F, Q
from django.utils import timezone

from housemail.mailboxes import claims, names, rules
from housemail.mailboxes.claims import Holder
from housemail.mailboxes.context import Context
from housemail.mailboxes.entering import find, with_working_login, wrong_state
from housemail.mailboxes.errors import Conflict, Invalid
from housemail.mailboxes.models import Claim, Mailbox
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
) -> tuple[Claim, bool]:
    """Claim the name; say also whether it was in quarantine (own or ended) before."""
    was = Claim.objects.filter(
        house_domain=mailbox.house_domain,
        handle=handle,
        kind=Claim.Kind.QUARANTINE,
        expires_at__gt=timezone.now(),
    ).exists()
    holder = Holder(
        context.installation, context.ref, mailbox.owner_id, mailbox=mailbox
    )
    return claims.take(mailbox.house_domain, handle, kind, holder), was


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
    _count_today(mailbox)


def _count_today(mailbox: Mailbox) -> None:
    today = timezone.now().date()
    rows = Mailbox.objects.filter(pk=mailbox.pk)
    rows.filter(~Q(names_day=today) | Q(names_day=None)).update(
        names_day=today, names_added=0
    )
    counted = rows.filter(names_added__lt=rules.NEW_NAMES_PER_DAY).update(
        names_added=F("names_added") + 1
    )
    if not counted:
        limit = rules.NEW_NAMES_PER_DAY
        raise Conflict("name_day_limit", used=limit, limit=limit)
