"""Which creates a billing system should ask for again (protocol 3.5 and 3.6)."""

from __future__ import annotations

from django.db.models import F, Q

from housemail.installations.models import Installation
from housemail.mailboxes.models import Mailbox

MOST = 200
# Put off, and the server has answered somebody since.
_BACK = Q(create_answered=503, server__last_ok_at__gt=F("create_answered_at"))


def pending(installation: Installation) -> list[dict[str, object]]:
    """Return refs whose create was answered 202 or 503 and that changed since.

    After 202: the lost answer is settled. After 503: the server has answered
    somebody since, so that the same create may work now.
    """
    unsettled = Q(state=Mailbox.State.CREATING, found=False)
    settled = Q(create_answered=202) & ~unsettled
    rows = (
        Mailbox.objects.filter(settled | _BACK, installation=installation)
        .exclude(needs_staff=True)
        .exclude(state=Mailbox.State.TERMINATED)
        .select_related("house_domain")
        .order_by("pk")[:MOST]
    )
    return [
        {
            "ref": row.ref,
            "address": str(row.address),
            "state": "found" if row.found else row.state,
        }
        for row in rows
    ]


def is_back(installation: Installation, ref: str) -> bool:
    """Say whether a create was put off and its server has answered since.

    Cost: 1 query.
    """
    return Mailbox.objects.filter(_BACK, installation=installation, ref=ref).exists()


def servers_waited_for() -> list[int]:
    """Return ids of servers that creates wait for and that have not answered since."""
    return list(
        Mailbox.objects.filter(
            Q(server__last_ok_at=None)
            | Q(server__last_ok_at__lte=F("create_answered_at")),
            create_answered=503,
            state=Mailbox.State.FAILED,
        )
        .values_list("server_id", flat=True)
        .distinct()[:MOST]
    )
