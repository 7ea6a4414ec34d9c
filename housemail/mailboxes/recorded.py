"""The context of a call that staff make here, from our own record of the mailbox.

The billing system is the master of settings and sends them with each of its own calls;
we keep none. What needs no settings can be done from what we know.
"""

from __future__ import annotations

from django.db.models import QuerySet

from housemail.mailboxes.context import (
    Actor,
    Context,
    Owner,
    ServerDetails,
    ServiceRecord,
)
from housemail.mailboxes.models import Mailbox


def all_mailboxes() -> QuerySet[Mailbox]:
    """Return every mailbox with what its row, its page and its context need (staff)."""
    return Mailbox.objects.select_related("installation", "server", "house_domain")


def context_of(mailbox: Mailbox, actor: Actor, request_id: str = "") -> Context:
    """Return the context of a verb that reads no settings.

    The server is the one where the mailbox lives, with the login that last worked.
    """
    server = mailbox.server
    return Context(
        installation=mailbox.installation,
        ref=mailbox.ref,
        server=ServerDetails(
            platform=server.platform,
            endpoint=server.endpoint,
            username=server.username,
            password=server.password,
        ),
        owner=Owner(id=mailbox.owner_id),
        service=ServiceRecord(username=str(mailbox.address)),
        actor=actor,
        request_id=request_id,
    )
