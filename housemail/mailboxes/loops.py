"""No loops: an alias never delivers to a list of ours (promise 14).

The claims of the alias and of the list are about two addresses, so neither excludes the
other. Who adds one therefore locks the house domain of the address in question first,
and asks then: of two at once the second one sees the first.

Members need no such lock. A list that is made on the address of a member only delivers
one way: to close a circle, a later list would have to get an earlier one as member, and
that is refused for as long as the earlier one exists.
"""

from __future__ import annotations

from django.db import connection
from django.db.models import Q

from housemail.mailboxes.errors import Conflict
from housemail.mailboxes.models import Alias, Claim, HouseDomain


def list_of_ours(address: str) -> bool:
    """Say whether an address is a distribution list of any house domain."""
    handle, _, domain = address.partition("@")
    return Claim.objects.filter(
        house_domain__name=domain, handle=handle, kind=Claim.Kind.LIST
    ).exists()


def lock(address: str) -> None:
    """Let nobody else ask about this address before our transaction ends.

    SQLite has one writer at a time and needs no more than the transaction.
    """
    if not connection.features.has_select_for_update:
        return
    domain = address.rpartition("@")[2]
    # On PostgreSQL the weaker lock: claims refer to the row, and go on meanwhile.
    weaker = connection.features.has_select_for_no_key_update
    rows = HouseDomain.objects.select_for_update(no_key=weaker)
    rows.filter(name=domain).values_list("pk").first()


def check_not_a_destination(address: str) -> None:
    """Refuse a new list where an alias delivers, whoever's it is.

    Errors: ``list_is_destination``; customers read what they read of a taken name.
    """
    handle, _, domain = address.partition("@")
    # Mail for "team+x@" reaches "team@".
    tagged = Q(destination__startswith=f"{handle}+", destination__endswith=f"@{domain}")
    if Alias.objects.filter(tagged | Q(destination=address)).exists():
        raise Conflict("list_is_destination", field="handle", address=address)
