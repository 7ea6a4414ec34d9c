"""The mailbox verbs for the shop's services; the service's state keeps in step.

Each writes what is wanted first, then calls the verb of mailboxes/, then records what
was reached. A 202, or a process that died in between, leaves ``wanted_state``; the
engine reads from our own record of the mailbox how it ended (``follow_up``).

The customer's other verbs (aliases, lists, webmail, overview) are those of mailboxes/
with ``contexts.for_service(service, actor)``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta

from django.utils import timezone

from housemail.mailboxes import adoption, provisioning
from housemail.mailboxes.commit import commit
from housemail.mailboxes.context import Actor, Answer, Context
from housemail.mailboxes.errors import Refusal
from housemail.mailboxes.models import Mailbox, Operation
from housemail.platforms.base import Deadline
from housemail.sales import catalogue, contexts, mail
from housemail.sales.errors import SaleConflict, SaleInvalid
from housemail.sales.installation import installation
from housemail.sales.models import Product, Service
from housemail.sales.service_list import get_any
from housemail.sales.states import Move
from housemail.sales.transitions import move

State = Service.State
LIVE = (State.ACTIVE, State.SUSPENDED)
_AS_MAILBOX = {
    Mailbox.State.ACTIVE: State.ACTIVE,
    Mailbox.State.SUSPENDED: State.SUSPENDED,
    Mailbox.State.TERMINATED: State.TERMINATED,
}
_MAIL = {
    State.SUSPENDED: mail.Kind.MAILBOX_SUSPENDED,
    State.TERMINATED: mail.Kind.MAILBOX_ENDED,
}
_FOLLOWED_AT_ONCE = 200
_GIVEN_UP_AFTER = timedelta(minutes=5)


def suspend(
    service: Service, actor: Actor, deadline: Deadline, *, reason: str = ""
) -> Answer:
    """Suspend the mailbox (staff). Errors: ``service_state``, the verb's."""

    def call(context: Context) -> Answer:
        return provisioning.suspend(context, deadline, reason=reason)

    return _change(service, actor, State.SUSPENDED, LIVE, call)


def unsuspend(
    service: Service, actor: Actor, deadline: Deadline, *, reason: str = ""
) -> Answer:
    """Unsuspend the mailbox (staff). Errors: ``service_state``, the verb's."""

    def call(context: Context) -> Answer:
        return provisioning.unsuspend(context, deadline, reason=reason)

    return _change(service, actor, State.ACTIVE, LIVE, call)


def terminate(
    service: Service, actor: Actor, deadline: Deadline, *, reason: str = ""
) -> Answer:
    """End the mailbox; repeating it changes nothing. Errors: ``service_state``.

    A service that was never set up ends with its order (orders.cancel).
    """

    def call(context: Context) -> Answer:
        return provisioning.terminate(context, deadline, reason=reason)

    allowed = (*LIVE, State.TERMINATED)
    return _change(service, actor, State.TERMINATED, allowed, call)


def _change(
    service: Service,
    actor: Actor,
    wanted: State,
    allowed: Collection[State],
    call: Callable[[Context], Answer],
) -> Answer:
    """Intent, call, result."""
    intended = Service.objects.filter(pk=service.pk, state__in=allowed).update(
        wanted_state=wanted, wanted_at=timezone.now()
    )
    service.refresh_from_db()
    if not intended:
        raise _wrong_state(service)
    try:
        answer = call(contexts.for_service(service, actor))
    except Refusal:
        Service.objects.filter(pk=service.pk, wanted_state=wanted).update(
            wanted_state="", wanted_at=None
        )
        raise
    if answer.status == 200:
        reached(service.pk, wanted)
    service.refresh_from_db()
    return answer


def reached(service_id: int, state: State) -> bool:
    """Record a state and queue its e-mail, once; say whether it is news."""

    def work() -> bool:
        rows = Service.objects.filter(pk=service_id)
        rows.filter(wanted_state=state).update(wanted_state="", wanted_at=None)
        if not rows.exclude(state=state).update(state=state):
            return False
        if state == State.TERMINATED:
            rows.update(ends_at=None)
        kind = _MAIL.get(state)
        if kind is not None:
            mail.about_service(kind, get_any(service_id))
        return True

    return commit(work)


def follow_up() -> int:
    """Bring services in step whose verb was answered 202 or never; return how many.

    Reads our own record only: settling is the core's work.
    """
    waiting = dict(
        Service.objects.exclude(wanted_state="")
        .order_by("wanted_at")
        .values_list("pk", "wanted_at")[:_FOLLOWED_AT_ONCE]
    )
    if not waiting:
        return 0
    boxes = Mailbox.objects.filter(
        installation=installation(), ref__in=[str(pk) for pk in waiting]
    )
    busy = set(
        Operation.objects.filter(
            mailbox__in=boxes, state=Operation.State.OPEN
        ).values_list("mailbox_id", flat=True)
    )
    changed = 0
    for box in boxes:
        state = _AS_MAILBOX.get(Mailbox.State(box.state))
        if box.pk in busy or state is None:
            continue
        changed += reached(int(box.ref), state)
        since = waiting[int(box.ref)]
        if since is not None and timezone.now() - since > _GIVEN_UP_AFTER:
            # It ended otherwise than wanted: the record says what is.
            Service.objects.filter(pk=int(box.ref), wanted_at=since).update(
                wanted_state="", wanted_at=None
            )
    return changed


# --- plan, password, check, adopt


def change_package(
    service: Service,
    actor: Actor,
    deadline: Deadline,
    *,
    product: Product | None = None,
    options: Mapping[str, str] | None = None,
) -> Answer:
    """Bring the mailbox to its product's settings, perhaps of another product.

    ``options`` None keeps those chosen; else they must be on offer. The service is
    written first, for the shop is the master of settings; a refusal puts it back.
    Errors: ``option_unknown``, ``setting_invalid``, the verb's.
    """
    wanted = product or service.product
    chosen = service.options
    if options is not None:
        chosen, _ = catalogue.chosen_options(wanted, options)
    before = {"product": service.product, "options": service.options}
    row = Service.objects.filter(pk=service.pk, state__in=LIVE)
    if not row.update(product=wanted, options=chosen):
        raise _wrong_state(service)
    changed = get_any(service.pk)
    try:
        answer = provisioning.change_plan(
            contexts.for_service(changed, actor), deadline
        )
    except Refusal:
        row.filter(product=wanted).update(**before)
        raise
    service.refresh_from_db()
    return answer


def set_password(
    service: Service, actor: Actor, deadline: Deadline, *, password: str
) -> Answer:
    """Set the mailbox's password; links for the first one end with it.

    Errors: PasswordUnsuitable, ``suspended``, Throttled, the verb's.
    """
    context = contexts.for_service(service, actor)
    answer = provisioning.set_password(context, deadline, password=password)
    Service.objects.filter(pk=service.pk, passwords_set=0).update(passwords_set=1)
    return answer


def check(service: Service, actor: Actor, deadline: Deadline) -> Answer:
    """Compare our record with the platform; changes nothing there or here."""
    return provisioning.check(contexts.for_service(service, actor), deadline)


def adopt(
    service: Service,
    actor: Actor,
    deadline: Deadline,
    *,
    handle: str = "",
    domain: str = "",
) -> Answer:
    """Take over a mailbox that exists and is nobody's (staff); its order is done.

    Its password stays as it was, so there is no first one to set. Errors:
    ``staff_only``, ``adopt_not_found``, ``adopt_unproven``, the claims'.
    """
    order = service.order
    answer = adoption.adopt(
        contexts.for_service(service, actor),
        deadline,
        handle=handle or order.handle,
        domain=domain or order.domain,
    )
    address = str(answer.data["address"])
    state = _AS_MAILBOX[Mailbox.State(answer.state)]

    # One that was live here before may still wait for its first password.
    is_new = service.state not in LIVE

    def work() -> None:
        row = Service.objects.filter(pk=service.pk)
        row.update(state=state, address=address)
        if is_new:
            row.filter(passwords_set=0).update(passwords_set=1)
        if move(order, Move.ADOPTED, actor, next_try_at=None, problem_code=""):
            mail.about_service(mail.Kind.MAILBOX_READY, get_any(service.pk))

    commit(work)
    service.refresh_from_db()
    return answer


# --- an end at a given time


def announce_end(service: Service, ends_at: datetime) -> None:
    """Let the mailbox end then, and tell its owner now; the same end is told once.

    The engine ends it; ``withdraw_end`` takes it back.
    Errors: ``end_in_the_past``, ``service_state``.
    """
    if ends_at <= timezone.now():
        raise SaleInvalid("end_in_the_past", field="ends_at")

    def work() -> None:
        row = Service.objects.filter(pk=service.pk, state__in=LIVE)
        if not row.exclude(ends_at=ends_at).update(ends_at=ends_at):
            if row.exists():
                return
            raise _wrong_state(service)
        mail.about_service(
            mail.Kind.MAILBOX_ENDING, get_any(service.pk), ends_at=ends_at.isoformat()
        )

    commit(work)
    service.refresh_from_db()


def withdraw_end(service: Service) -> None:
    """Let the mailbox go on. Errors: ``service_state``, when it has ended."""
    row = Service.objects.filter(pk=service.pk, state__in=LIVE)
    gone_on = row.update(ends_at=None)
    service.refresh_from_db()
    if not gone_on:
        raise _wrong_state(service)


def due_to_end() -> list[int]:
    """Return ids of services whose announced end has come."""
    return list(
        Service.objects.filter(ends_at__lte=timezone.now(), state__in=LIVE)
        .order_by("ends_at")
        .values_list("pk", flat=True)[:_FOLLOWED_AT_ONCE]
    )


def end(service_id: int, deadline: Deadline) -> None:
    """End a service whose time has come, unless that was withdrawn."""
    service = get_any(service_id)
    if service.ends_at is None or service.ends_at > timezone.now():
        return
    terminate(service, contexts.ENGINE, deadline, reason="announced end")


def _wrong_state(service: Service) -> SaleConflict:
    return SaleConflict("service_state", state=str(service.get_state_display()))
