"""Are ``postmaster@`` and ``abuse@`` of a house domain with us, and where?

Who sends mail expects both on every domain; certificate authorities and receivers
write there. Source: RFC 2142, sections 4 and 5; RFC 5321 4.5.1.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Count, Q, QuerySet

from housemail.mailboxes.models import Alias, Claim, HouseDomain

HANDLES = ("postmaster", "abuse")
_USED = (Claim.Kind.MAILBOX, Claim.Kind.ALIAS, Claim.Kind.LIST)


class Place(StrEnum):
    """Where a role address is."""

    MAILBOX = "mailbox"
    ALIAS = "alias"
    LIST = "list"
    FOREIGN = "foreign"  # a list on the platform that is not ours
    NOWHERE = "nowhere"


@dataclass(frozen=True, slots=True)
class RoleAddress:
    """One role address: where it is, and the mailbox that it belongs to."""

    address: str
    place: Place
    mailbox_id: int | None = None
    # Where an alias delivers to; else empty.
    destination: str = ""

    @property
    def ours(self) -> bool:
        """Whether a mailbox, alias or list of ours holds it."""
        return self.place not in {Place.FOREIGN, Place.NOWHERE}


def domains_without() -> QuerySet[HouseDomain]:
    """Return the house domains of which a role address is not with us."""
    held = Count("claims", filter=Q(claims__handle__in=HANDLES, claims__kind__in=_USED))
    return HouseDomain.objects.annotate(roles_held=held).filter(
        roles_held__lt=len(HANDLES)
    )


def of_domains(
    domains: Collection[HouseDomain],
) -> Mapping[int, tuple[RoleAddress, ...]]:
    """Return the role addresses of each domain, by its id, in the order of HANDLES.

    Read from our own record; nothing is asked of the platform. What only the platform
    knows shows as ``NOWHERE``, except lists that a complete listing has shown.
    Cost: 2 queries, however many domains.
    """
    held = {
        (claim.house_domain_id, claim.handle): claim
        for claim in Claim.objects.filter(
            house_domain__in=domains, handle__in=HANDLES, kind__in=_USED
        )
    }
    ids = [claim.pk for claim in held.values()]
    aliases = dict(
        Alias.objects.filter(claim__in=ids).values_list("claim_id", "destination")
    )
    return {
        domain.pk: tuple(
            _found(domain, handle, held.get((domain.pk, handle)), aliases)
            for handle in HANDLES
        )
        for domain in domains
    }


def _found(
    domain: HouseDomain,
    handle: str,
    claim: Claim | None,
    aliases: Mapping[int, str],
) -> RoleAddress:
    address = f"{handle}@{domain.name}"
    if claim is None:
        foreign = handle in domain.foreign_lists
        return RoleAddress(address, Place.FOREIGN if foreign else Place.NOWHERE)
    return RoleAddress(
        address,
        Place(claim.kind),
        claim.mailbox_id,
        aliases.get(claim.pk, ""),
    )
