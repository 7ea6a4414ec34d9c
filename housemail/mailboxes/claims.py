"""Claims: one namespace per house domain; the unique key decides every race.

Insert first, catch the violation; a claim that may be taken over (an ended or own
hold, an ended or own quarantine) changes hands by one conditional update.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from housemail.installations.models import Installation
from housemail.mailboxes.context import Context
from housemail.mailboxes.errors import Conflict, Refusal
from housemail.mailboxes.models import Claim, HouseDomain, Mailbox
from housemail.prepared import Given, Prepared, insert

_TRIES = 4
_OTHER_HOLDS = Prepared(
    lambda: Claim.objects.filter(
        installation_id=Given(Claim, "installation_id"),
        ref=Given(Claim, "ref"),
        kind=Claim.Kind.HOLD,
    ).exclude(pk=Given(Claim, "id"))
)


@dataclass(frozen=True, slots=True)
class Holder:
    """Who wants or has a claim."""

    installation: Installation
    ref: str
    owner_id: str
    mailbox: Mailbox | None = None

    @classmethod
    def of(cls, context: Context, mailbox: Mailbox | None = None) -> Holder:
        """Return the caller as a holder."""
        return cls(context.installation, context.ref, context.owner.id, mailbox)


def hold_end() -> datetime:
    """Return when a hold made or renewed now ends."""
    return timezone.now() + timedelta(hours=settings.HOUSEMAIL_HOLD_HOURS)


def may_take(claim: Claim, holder: Holder) -> bool:
    """Say whether this holder may take the claim over."""
    if claim.kind not in {Claim.Kind.HOLD, Claim.Kind.QUARANTINE}:
        return False
    if claim.expires_at is not None and claim.expires_at <= timezone.now():
        return True
    if claim.installation_id != holder.installation.pk:
        return False
    if claim.kind == Claim.Kind.QUARANTINE and claim.owner_id and holder.owner_id:
        # It protects the former owner's mail, not us against the owner; a service may
        # have another owner by now.
        return claim.owner_id == holder.owner_id
    return claim.ref == holder.ref


def _is_held_by(claim: Claim, holder: Holder) -> bool:
    """Say whether the claim is a hold of this holder that has not ended."""
    return (
        claim.kind == Claim.Kind.HOLD
        and (claim.installation_id, claim.ref) == (holder.installation.pk, holder.ref)
        and claim.expires_at is not None
        and claim.expires_at > timezone.now()
    )


def is_quarantined(claim: Claim) -> bool:
    """Say whether the claim is a quarantine that has not ended."""
    return (
        claim.kind == Claim.Kind.QUARANTINE
        and claim.expires_at is not None
        and claim.expires_at > timezone.now()
    )


def refusal_for(claim: Claim) -> Refusal:
    """Return the exact reason, for staff and billing systems (promise 13)."""
    address = f"{claim.handle}@{claim.house_domain.name}"
    until = f"{claim.expires_at:%Y-%m-%d %H:%M} UTC" if claim.expires_at else "-"
    if claim.kind == Claim.Kind.HOLD:
        return Conflict("address_held", field="handle", address=address, until=until)
    if claim.kind == Claim.Kind.QUARANTINE:
        owner = claim.owner_id or "-"
        return Conflict(
            "address_quarantined",
            field="handle",
            address=address,
            until=until,
            owner=owner,
        )
    return Conflict("address_taken", field="handle", address=address)


def take(
    domain: HouseDomain,
    handle: str,
    kind: Claim.Kind,
    holder: Holder,
    expires_at: datetime | None = None,
) -> Claim:
    """Claim an address, or raise the exact refusal. Call inside a transaction."""
    values = {
        "kind": kind,
        "installation": holder.installation,
        "ref": holder.ref,
        "owner_id": holder.owner_id,
        "mailbox": holder.mailbox,
        "expires_at": expires_at,
        "held_since": timezone.now() if kind == Claim.Kind.HOLD else None,
        "changed_at": timezone.now(),
    }
    for _ in range(_TRIES):
        try:
            with transaction.atomic():
                return insert(Claim(house_domain=domain, handle=handle, **values))
        except IntegrityError:
            pass
        found = (
            Claim.objects.select_related("house_domain")
            .filter(house_domain=domain, handle=handle)
            .first()
        )
        if found is None:
            continue
        if not may_take(found, holder):
            raise refusal_for(found)
        if kind == Claim.Kind.HOLD and is_quarantined(found):
            # It blocks strangers already, and longer than a hold would.
            return found
        if kind == Claim.Kind.HOLD and _is_held_by(found, holder):
            values["held_since"] = found.held_since or found.changed_at
        taken = Claim.objects.filter(
            pk=found.pk, kind=found.kind, changed_at=found.changed_at
        ).update(**values)
        if taken:
            claim = Claim.objects.get(pk=found.pk)
            claim.was_quarantined = is_quarantined(found)
            return claim
    raise Conflict("address_taken", field="handle", address=f"{handle}@{domain.name}")


def check(domain: HouseDomain, handle: str, holder: Holder) -> None:
    """Raise the exact refusal when somebody else has the address; take nothing."""
    found = (
        Claim.objects.select_related("house_domain")
        .filter(house_domain=domain, handle=handle)
        .first()
    )
    if found is None or may_take(found, holder):
        return
    if holder.mailbox is not None and found.mailbox_id == holder.mailbox.pk:
        return
    raise refusal_for(found)


def to_hold(claim: Claim) -> None:
    """Keep the name for its ref for a while; the thing itself does not exist."""
    Claim.objects.filter(pk=claim.pk).update(
        kind=Claim.Kind.HOLD,
        mailbox=None,
        expires_at=hold_end(),
        changed_at=timezone.now(),
    )


def free(claim: Claim) -> None:
    """Give a name back at once: it was never used."""
    Claim.objects.filter(pk=claim.pk).delete()


def to_quarantine(claim: Claim) -> None:
    """Block a used name for strangers (promise 3); 0 days frees it."""
    days = settings.HOUSEMAIL_QUARANTINE_DAYS
    if days == 0:
        free(claim)
        return
    Claim.objects.filter(pk=claim.pk).update(
        kind=Claim.Kind.QUARANTINE,
        mailbox=None,
        expires_at=timezone.now() + timedelta(days=days),
        changed_at=timezone.now(),
    )


def _delete(rows: QuerySet[Claim]) -> int:
    """Delete claims by one conditional DELETE; return how many.

    Django's own would select first and then delete by id, also what has been taken
    over in between.
    """
    return rows._raw_delete(using=rows.db)  # noqa: SLF001 - see above


def delete_unused(rows: QuerySet[Claim]) -> int:
    """Delete those of the claims that are holds or quarantines; return how many."""
    return _delete(rows.filter(kind__in=[Claim.Kind.HOLD, Claim.Kind.QUARANTINE]))


def release_holds(installation: Installation, ref: str, *, keep: int = 0) -> int:
    """Release the holds of a ref, but the one with id ``keep``."""
    return _OTHER_HOLDS.delete(installation_id=installation.pk, ref=ref, id=keep)


def end_expired(limit: int = 1000) -> int:
    """Delete holds and quarantines that have ended; return how many."""
    ids = list(
        Claim.objects.filter(
            kind__in=[Claim.Kind.HOLD, Claim.Kind.QUARANTINE],
            expires_at__lte=timezone.now(),
        ).values_list("pk", flat=True)[:limit]
    )
    return delete_unused(
        Claim.objects.filter(pk__in=ids, expires_at__lte=timezone.now())
    )
