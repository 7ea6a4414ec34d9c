"""What happens to an order: paid, accepted, set up, renamed, cancelled.

Every function here may be called twice, from two tabs, by staff and a web hook at
once. Where a ``deadline`` is given and a set-up begins, it is tried right away within
it; without one the engine does it a moment later.
"""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from housemail.mailboxes import availability
from housemail.mailboxes.commit import commit
from housemail.mailboxes.context import Actor, ActorKind
from housemail.mailboxes.errors import Refusal, for_client
from housemail.mailboxes.throttle import hit
from housemail.platforms.base import Deadline
from housemail.sales import contexts, mail, setting_up
from housemail.sales.errors import SaleConflict, SaleForbidden
from housemail.sales.expiry import let_go
from housemail.sales.models import Order, OrderEvent, Service
from housemail.sales.problems import CURED_BY_A_NAME, PAID_ALTHOUGH_ENDED, explain
from housemail.sales.states import ENDED, LIVE, TABLE, Move, State
from housemail.sales.transitions import move, note

RETRIES_PER_MINUTE = 6
_REASON_MOST = 300


def mark_paid(order: Order, actor: Actor, deadline: Deadline | None = None) -> Order:
    """Note that the order is paid, once; what follows depends on the product.

    An order that had ended comes back, with its name when that is still free. Nothing
    is refused: what cannot go on by itself is a problem that says why.
    """
    begun = commit(lambda: pay(order, actor))
    return setting_up.go_on(order, actor, deadline, begun=begun)


def pay(order: Order, actor: Actor) -> bool:
    """Note the payment in the caller's commit; say whether a set-up began.

    The fact and the state are two: what is being set up is paid without moving.
    """
    now = timezone.now()
    if not Order.objects.filter(pk=order.pk, paid_at=None).update(paid_at=now):
        order.refresh_from_db()
        return False
    was = Order.objects.values_list("state", flat=True).get(pk=order.pk)
    if not move(order, Move.PAID, actor):
        note(order, OrderEvent.Kind.PAID, actor)
    if was in ENDED and not _revive(order, actor):
        return False
    if was == State.CANCELLED and _staff_decides(order, actor):
        setting_up.failed(order, actor, SaleConflict(PAID_ALTHOUGH_ENDED))
        order.refresh_from_db()
        return False
    return setting_up.begin_when_due(order, actor)


def _staff_decides(order: Order, actor: Actor) -> bool:
    """Say whether staff ended what a machine now reports as paid.

    Staff had a reason: the order keeps name and money until they look at it again.
    """
    ended = order.events.filter(kind=OrderEvent.Kind.CANCELLED).last()
    by_staff = ended is not None and ended.actor.startswith(ActorKind.STAFF)
    return by_staff and actor.kind is not ActorKind.STAFF


def _revive(order: Order, actor: Actor) -> bool:
    """Take the name again for an order that had ended; say whether it was free."""
    service = setting_up.of_order(order.pk)
    Service.objects.filter(pk=service.pk, state=Service.State.CANCELLED).update(
        state=Service.State.PENDING
    )
    context = contexts.for_service(service, actor)
    try:
        with transaction.atomic():
            availability.take_over(
                context, handle=order.handle, domain=order.domain, from_ref=context.ref
            )
    except Refusal as refusal:
        setting_up.failed(order, actor, refusal)
        order.refresh_from_db()
        return False
    return True


def accept(order: Order, actor: Actor, deadline: Deadline | None = None) -> Order:
    """Accept an order (staff), once. Errors: ``order_state`` when it has ended."""

    def work() -> bool:
        now = timezone.now()
        first = Order.objects.filter(
            pk=order.pk, accepted_at=None, state__in=LIVE
        ).update(accepted_at=now)
        if not first:
            order.refresh_from_db()
            if order.accepted_at is None:
                raise _wrong_state(order)
            return False
        if not move(order, Move.ACCEPTED, actor):
            note(order, OrderEvent.Kind.ACCEPTED, actor)
        return setting_up.begin_when_due(order, actor)

    return setting_up.go_on(order, actor, deadline, begun=commit(work))


def set_up(order: Order, actor: Actor, deadline: Deadline | None = None) -> Order:
    """Set an order up now, whatever the product says; also after a problem.

    Of two calls one begins; while a set-up is under way it is tried again now.
    Errors: ``order_state`` when there is nothing to set up, Throttled.
    """
    hit(f"order-set-up:{order.pk}", RETRIES_PER_MINUTE, 60)

    def work() -> None:
        if not setting_up.begin(order, actor) and order.state not in {
            State.SETTING_UP,
            State.DONE,
        }:
            raise _wrong_state(order)

    commit(work)
    return setting_up.go_on(
        order, actor, deadline, begun=order.state == State.SETTING_UP
    )


def retry(order: Order, actor: Actor, deadline: Deadline | None = None) -> Order:
    """Try an order again that has a problem; staff may, whatever the problem is.

    Errors: ``order_state``, Throttled.
    """
    order.refresh_from_db()
    if order.state not in {State.PROBLEM, State.SETTING_UP, State.DONE}:
        raise _wrong_state(order)
    client = actor.kind is ActorKind.CLIENT
    if client and order.state == State.PROBLEM and not explain(order).may_retry:
        raise _wrong_state(order)
    return set_up(order, actor, deadline)


def choose_other_name(
    order: Order, actor: Actor, deadline: Deadline, *, handle: str, domain: str = ""
) -> Order:
    """Give an order with a problem another name and set it up; it stays paid.

    Errors: ``order_state``, ``name_is_not_the_problem``, ``not_available`` and the
    rules' for handles and domains, Throttled.
    """
    hit(f"order-name:{order.pk}", RETRIES_PER_MINUTE, 60)
    order.refresh_from_db()
    if order.state != State.PROBLEM:
        raise _wrong_state(order)
    if order.problem_code not in CURED_BY_A_NAME:
        raise SaleConflict("name_is_not_the_problem")
    context = contexts.for_service(setting_up.of_order(order.pk), actor)
    try:
        answer = availability.reserve(
            context, deadline, handle=handle, domain=domain or order.domain
        )
    except Refusal as refusal:
        told = for_client(refusal) if actor.kind is ActorKind.CLIENT else refusal
        raise told from refusal
    name, _, domain_name = str(answer.data["address"]).partition("@")
    before = order.address

    def work() -> bool:
        Order.objects.filter(pk=order.pk, state=State.PROBLEM).update(
            handle=name, domain=domain_name
        )
        if not setting_up.begin(order, actor):
            raise _wrong_state(order)
        note(
            order,
            OrderEvent.Kind.RENAMED,
            actor,
            params={"before": before, "address": order.address},
        )
        return True

    return setting_up.go_on(order, actor, deadline, begun=commit(work))


def may_cancel(order: Order) -> bool:
    """Say whether its customer may cancel it: not paid, and nothing under way."""
    return order.paid_at is None and order.state in TABLE[Move.CANCELLED].sources


def cancel(order: Order, actor: Actor, reason: str = "") -> Order:
    """Cancel an order that is not being set up; its name is free again.

    A customer whose order was cancelled by others gets an e-mail with the reason.
    Errors: ``order_paid`` when a customer cancels what is paid, ``order_state``.
    """
    client = actor.kind is ActorKind.CLIENT

    def work() -> None:
        only_if = {"paid_at": None} if client else {}
        params = {"reason": reason[:_REASON_MOST]} if reason else {}
        if move(order, Move.CANCELLED, actor, params=params, only_if=only_if):
            let_go(order)
            if not client:
                mail.about_order(mail.Kind.ORDER_CANCELLED, order, **params)
        elif order.state == State.CANCELLED:
            return
        elif client and order.paid_at is not None:
            raise SaleForbidden("order_paid")
        else:
            raise _wrong_state(order)

    commit(work)
    return order


def _wrong_state(order: Order) -> SaleConflict:
    return SaleConflict("order_state", state=str(order.get_state_display()))
