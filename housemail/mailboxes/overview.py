"""The view model of a mailbox: what its owner sees and may do, and why not."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.db.models import Prefetch
from django.utils import timezone

from housemail.mailboxes import servers, usage
from housemail.mailboxes.context import Context
from housemail.mailboxes.entering import find, with_working_login
from housemail.mailboxes.errors import Refusal
from housemail.mailboxes.models import DistributionList, ListMember, Mailbox
from housemail.mailboxes.observed import Following
from housemail.mailboxes.plan import Plan
from housemail.mailboxes.sentences import SENTENCES
from housemail.platforms.base import AccountType, Deadline, PlatformError

USAGE_AGE = timedelta(minutes=1)
# A page must not wait long for a usage bar.
_USAGE_SECONDS = 3.0


def overview(context: Context, deadline: Deadline) -> dict[str, object]:
    """Return the overview, with usage at most a minute old when it can be had.

    Cost: at most one platform call, none while the usage is fresh. A platform that
    does not answer changes nothing but ``usage.fresh``.
    """
    mailbox = find(context)
    fresh = _refresh(context, mailbox, deadline)
    return _model(mailbox, context.lenient_plan(), fresh=fresh)


def view(context: Context) -> dict[str, object]:
    """Return the overview from our own record alone."""
    mailbox = find(context)
    return _model(mailbox, context.lenient_plan(), fresh=_is_fresh(mailbox))


def _is_fresh(mailbox: Mailbox) -> bool:
    return mailbox.seen_at is not None and (
        timezone.now() - mailbox.seen_at < USAGE_AGE
    )


def _refresh(context: Context, mailbox: Mailbox, deadline: Deadline) -> bool:
    if mailbox.state not in usage.LIVE:
        return False
    if _is_fresh(mailbox):
        return True
    short = deadline.within(_USAGE_SECONDS)
    with Following(mailbox, "overview", context.request_id):
        try:
            with_working_login(context, mailbox, short)
            platform = servers.platform_for(mailbox.server)
            seen = platform.read(mailbox.address, short)
        except (PlatformError, Refusal):
            return False
    if seen is None:
        return False
    usage.remember(mailbox, seen, timezone.now())
    return True


def _model(mailbox: Mailbox, plan: Plan, *, fresh: bool) -> dict[str, object]:
    aliases = list(mailbox.aliases.select_related("claim").order_by("claim__handle"))
    lists = list(
        mailbox.lists.select_related("claim")
        .prefetch_related(Prefetch("members", ListMember.objects.order_by("address")))
        .order_by("claim__handle")
    )
    active = mailbox.state == Mailbox.State.ACTIVE
    return {
        "address": str(mailbox.address),
        "domain": mailbox.house_domain.name,
        "display_name": mailbox.display_name,
        "state": mailbox.state,
        "usage": {
            "used_bytes": mailbox.used_bytes,
            "quota_gb": float(mailbox.quota_gb),
            "last_login_at": _iso(mailbox.last_login_at),
            "seen_at": _iso(mailbox.seen_at),
            "fresh": fresh,
        },
        "plan": {
            "account_type": AccountType(mailbox.account_type).name.capitalize(),
            "quota_gb": float(mailbox.quota_gb),
            "language": mailbox.language,
            "timezone": mailbox.timezone,
            "date_format": mailbox.date_format,
        },
        "unconfirmed": mailbox.unconfirmed,
        "limits": {
            "aliases": {"used": mailbox.aliases_used, "max": plan.max_aliases},
            "lists": {"used": mailbox.lists_used, "max": plan.max_lists},
        },
        "aliases": [
            {
                "handle": row.claim.handle,
                "address": f"{row.claim.handle}@{mailbox.house_domain.name}",
                "destination": row.destination,
                "state": row.state,
                "added_at": _iso(row.created_at),
            }
            for row in aliases
        ],
        "lists": [_list(row, mailbox) for row in lists],
        "mail_program": {
            "username": str(mailbox.address),
            "servers": settings.HOUSEMAIL_MAIL_PROGRAM,
        },
        "may": _may(mailbox, plan, active=active),
    }


def _list(row: DistributionList, mailbox: Mailbox) -> dict[str, object]:
    members: Iterable[ListMember] = row.members.all()
    return {
        "handle": row.claim.handle,
        "address": f"{row.claim.handle}@{mailbox.house_domain.name}",
        "state": row.state,
        "members": [
            {"address": member.address, "state": member.state} for member in members
        ],
    }


def _iso(at: object) -> str | None:
    return at.isoformat() if hasattr(at, "isoformat") else None


def _may(mailbox: Mailbox, plan: Plan, *, active: bool) -> dict[str, object]:
    """Say what may be done now, and the code of the reason where it may not."""
    blocked = "" if active else _why_not(mailbox)

    def limit(used: int, most: int, code: str, *, on: bool, off: str) -> str:
        if blocked or not on:
            return blocked or off
        return code if most and used >= most else ""

    reasons = {
        "password": blocked,
        "webmail": blocked,
        "alias_add": limit(
            mailbox.aliases_used,
            plan.max_aliases,
            "alias_limit",
            on=plan.enable_aliases,
            off="aliases_disabled",
        ),
        "alias_remove": blocked,
        "list_add": limit(
            mailbox.lists_used,
            plan.max_lists,
            "list_limit",
            on=plan.enable_lists,
            off="lists_disabled",
        ),
        "list_remove": blocked,
        "members": blocked or ("" if plan.enable_lists else "lists_disabled"),
    }
    used = {"alias_limit": mailbox.aliases_used, "list_limit": mailbox.lists_used}
    most = {"alias_limit": plan.max_aliases, "list_limit": plan.max_lists}
    return {
        action: {
            "allowed": not code,
            "code": code,
            "params": {
                "state": mailbox.state,
                "used": str(used.get(code, "")),
                "limit": str(most.get(code, "")),
            },
            "sentence": SENTENCES[code] if code else "",
        }
        for action, code in reasons.items()
    }


def _why_not(mailbox: Mailbox) -> str:
    suspended = {Mailbox.State.SUSPENDED, Mailbox.State.SUSPENDING}
    return "suspended" if mailbox.state in suspended else "not_active"
