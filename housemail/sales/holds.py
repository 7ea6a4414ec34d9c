"""A visitor's choice of a name: is it free, and keep it while the form is filled in.

Never says why a name cannot be had: taken, reserved and quarantined are one answer
(promise 13). The hold is the session's; an order takes it over (orders.place).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from housemail.installations.models import Installation
from housemail.mailboxes import availability, claims, names
from housemail.mailboxes.availability import Availability
from housemail.mailboxes.context import Context
from housemail.mailboxes.errors import Refusal, for_client
from housemail.mailboxes.models import Claim
from housemail.mailboxes.throttle import hit
from housemail.people.models import User
from housemail.platforms.base import Deadline
from housemail.sales import catalogue, contexts, servers
from housemail.sales.installation import installation
from housemail.sales.models import Product

# A visitor settles on few names; without a bound a script would block hundreds.
HOLDS_PER_HOUR = 30
# Renewed, a hold lasts so many times HOUSEMAIL_SESSION_HOLD_MINUTES from its first.
LONGEST_TIMES = 4


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who chooses: a session, perhaps signed in; ``mark`` is opaque, for throttling."""

    session_key: str
    mark: str = ""
    customer: User | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """An address that is kept, since when and until when."""

    address: str
    until: datetime
    since: datetime = field(compare=False)

    @property
    def renewable_until(self) -> datetime:
        """When it ends, however often it is renewed."""
        return self.since + LONGEST_TIMES * _span()

    @property
    def is_last(self) -> bool:
        """Whether no renewal prolongs it."""
        return self.until >= self.renewable_until


def _span() -> timedelta:
    return timedelta(minutes=settings.HOUSEMAIL_SESSION_HOLD_MINUTES)


def check(
    visitor: Visitor, product: Product, *, handle: str, domain: str = ""
) -> Availability:
    """Say whether a name can be had, with suggestions when not. Errors: Throttled.

    Never asks the platform. ``code``: available, not_available or malformed; then
    ``refusal`` has the sentence that says how to mend it.
    """
    availability.count_check(installation().pk, visitor.mark or visitor.session_key)
    context = _context(visitor, product, handle, domain)
    return availability.check(context, handle=handle, domain=domain)


def hold(
    visitor: Visitor,
    product: Product,
    deadline: Deadline,
    *,
    handle: str,
    domain: str = "",
) -> Held:
    """Keep a name for this session for 15 minutes (setting); repeats renew it.

    Up to an hour (four times the setting) from the first time: then it ends. A session
    keeps one name: choosing another lets the first one go. Errors:
    ``not_available``, the rules' for handles and domains, ``product_withdrawn``,
    ``servers_full``, Throttled.
    """
    catalogue.on_sale(product)
    context = _context(visitor, product, handle, domain)
    kept = held(visitor.session_key)
    if kept is not None and not is_of(kept, handle, domain):
        kept = None
    mark = contexts.session_ref(visitor.mark or visitor.session_key)
    # Counted apart: who has a name shall get it ordered, whatever his neighbours do.
    hit(f"{'renew' if kept else 'hold'}:{mark}", HOLDS_PER_HOUR, 3600)
    now = timezone.now()
    until = now + _span()
    if kept is not None:
        until = min(until, kept.renewable_until)
    try:
        answer = availability.reserve(
            context, deadline, handle=handle, domain=domain, until=until
        )
    except Refusal as refusal:
        raise for_client(refusal) from refusal
    return Held(str(answer.data["address"]), until, kept.since if kept else now)


def held(session_key: str) -> Held | None:
    """Return what this session keeps now; None when nothing, or when it has ended."""
    claim = (
        Claim.objects.select_related("house_domain")
        .filter(
            installation__kind=Installation.Kind.SHOP,
            ref=contexts.session_ref(session_key),
            kind=Claim.Kind.HOLD,
            expires_at__gt=timezone.now(),
        )
        .first()
    )
    if claim is None or claim.expires_at is None:
        return None
    address = f"{claim.handle}@{claim.house_domain.name}"
    return Held(address, claim.expires_at, claim.held_since or claim.changed_at)


def is_of(kept: Held, typed: str, domain: str = "") -> bool:
    """Say whether what is kept is this name; on its own domain where none is named."""
    handle, domain = names.as_read(typed, domain)
    known, _, of = kept.address.partition("@")
    return known == handle and (domain or of) == of


def let_go(session_key: str) -> None:
    """Give up what this session keeps."""
    claims.release_holds(installation(), contexts.session_ref(session_key))


def _context(visitor: Visitor, product: Product, handle: str, domain: str) -> Context:
    chosen = names.as_read(handle, domain)[1]
    chosen = chosen or next(iter(catalogue.domains(product)), "")
    return contexts.for_visitor(
        product,
        servers.choose(product, chosen),
        visitor.session_key,
        customer=visitor.customer,
        visitor=visitor.mark,
    )
