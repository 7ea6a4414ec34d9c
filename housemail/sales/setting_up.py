"""Sets an order up: intent, then create, then the result; the engine goes on.

::

    begin      in the caller's commit: the move to setting_up, "try now"
    attempt    takes its turn by a conditional update, calls create, records:
                 200  done, service Active, e-mail "mailbox ready"
                 202  stays; tried again when the core has settled it (pending.py)
                 503  stays; tried again later and ever more rarely (RUNGS_SECONDS),
                      or when the platform answers again; after a day a problem, so
                      that staff and customer may decide
                 no   problem, with the refusal's code

Create is idempotent, so a process that dies anywhere here leaves an order whose lease
ends and which the engine tries again: one mailbox, one "mailbox ready". The password
of the create is a random one that is thrown away (protocol 4); a mailbox found after
a lost answer is finished with another such (protocol 3.5).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.db.models import F, Q
from django.utils import timezone

from housemail.mailboxes import pending, provisioning
from housemail.mailboxes.commit import commit
from housemail.mailboxes.context import Actor, Answer
from housemail.mailboxes.errors import Refusal, Unavailable
from housemail.platforms.base import Deadline
from housemail.sales import contexts, mail, problems
from housemail.sales.installation import installation
from housemail.sales.models import Order, OrderEvent, Service
from housemail.sales.states import LIVE, Move, State, sets_up_now
from housemail.sales.transitions import move, note

MOST = 200
LEASE_MARGIN = timedelta(seconds=10)
PAUSE_AFTER_TRY = timedelta(seconds=5)
# The one place that says how long a set-up waits after its first, second, ... try.
RUNGS_SECONDS = (15, 30, 60, 120, 300, 600, 1800)
# About a day of tries.
TRIES_MOST = 53

Hint = Callable[[int], None]
# The engine listens here, so that a set-up need not wait for its next sweep.
hints: list[Hint] = []


def begin(order: Order, actor: Actor) -> bool:
    """Move the order to setting_up in the caller's commit; say whether we did."""
    return move(
        order,
        Move.SET_UP,
        actor,
        tries=0,
        next_try_at=timezone.now(),
        lease_until=None,
        problem_code="",
        problem_params={},
    )


def begin_when_due(order: Order, actor: Actor) -> bool:
    """Begin the set-up in this commit when the product says that now is the time."""
    ready = sets_up_now(
        order.product.auto_setup,
        paid=order.paid_at is not None,
        accepted=order.accepted_at is not None,
    )
    return ready and order.state in LIVE and begin(order, actor)


def go_on(
    order: Order, actor: Actor, deadline: Deadline | None, *, begun: bool
) -> Order:
    """After the commit: try the set-up that has begun, or leave it to the engine."""
    if begun and deadline is not None:
        attempt(order.pk, deadline, actor)
        order.refresh_from_db()
    elif begun:
        ring(order)
    return order


def ring(order: Order) -> None:
    """Tell the engine of a set-up that has begun; call after the commit."""
    for hint in tuple(hints):
        hint(order.pk)


def due() -> list[tuple[int, int]]:
    """Return id and number of tries of orders whose set-up is to be tried now.

    Beside those whose time has come: those of which the core says that something
    changed since their create was answered, unless it failed although that was said.
    """
    now = timezone.now()
    changed = [str(row["ref"]) for row in pending.pending(installation())]
    refs = [int(ref) for ref in changed if ref.isdigit()]
    return list(
        Order.objects.filter(
            Q(next_try_at__lte=now) | Q(service__in=refs, lease_until__isnull=False),
            Q(lease_until=None) | Q(lease_until__lt=now),
            state=State.SETTING_UP,
        )
        .order_by("next_try_at")
        .values_list("pk", "tries")[:MOST]
    )


def attempt(order_id: int, deadline: Deadline, actor: Actor = contexts.ENGINE) -> None:
    """Try the set-up once when it is our turn.

    Whoever comes second finds the turn taken and changes nothing.
    """
    if not _take(order_id, deadline):
        return
    service = of_order(order_id)
    order = service.order
    was_back = pending.is_back(installation(), service.ref)
    try:
        answer = provisioning.create(
            contexts.for_service(service, actor),
            deadline,
            handle=order.handle,
            domain=order.domain,
        )
    except Unavailable as refusal:
        if order.tries < TRIES_MOST:
            _try_later(order, actor, refusal, by_the_clock=was_back)
        else:
            failed(order, actor, refusal)
    except Refusal as refusal:
        failed(order, actor, refusal)
    else:
        if answer.status == 200:
            _finished(service, actor, answer)
        else:
            _try_later(order, actor, answer, by_the_clock=False)


def of_order(order_id: int) -> Service:
    """Return the order's service with all that a context needs."""
    return Service.objects.select_related(
        "order__customer", "order__product", "product", "server", "customer"
    ).get(order_id=order_id)


def _take(order_id: int, deadline: Deadline) -> bool:
    now = timezone.now()
    tries = Order.objects.filter(pk=order_id).values_list("tries", flat=True).first()
    if tries is None:
        return False
    lease = now + timedelta(seconds=deadline.remaining()) + LEASE_MARGIN
    return bool(
        Order.objects.filter(
            Q(lease_until=None) | Q(lease_until__lt=now),
            pk=order_id,
            state=State.SETTING_UP,
            tries=tries,
        ).update(
            tries=F("tries") + 1,
            lease_until=lease,
            next_try_at=max(lease, now + _pause(tries)),
        )
    )


def _pause(tries: int) -> timedelta:
    return timedelta(seconds=RUNGS_SECONDS[min(tries, len(RUNGS_SECONDS) - 1)])


def _finished(service: Service, actor: Actor, answer: Answer) -> None:
    def work() -> None:
        if not move(service.order, Move.FINISHED, actor, next_try_at=None):
            return
        service.address = str(answer.data["address"])
        service.state = Service.State.ACTIVE
        service.save(update_fields=["address", "state"])
        mail.about_service(mail.Kind.MAILBOX_READY, service)

    commit(work)


def failed(order: Order, actor: Actor, refusal: Refusal) -> None:
    """Move to problem with the refusal's code; tell the customer, once."""

    def work() -> None:
        moved = move(
            order,
            Move.FAILED,
            actor,
            code=refusal.code,
            params=refusal.params,
            problem_code=refusal.code,
            problem_params=refusal.params,
            next_try_at=None,
            lease_until=None,
        )
        if moved and _is_news(order):
            mail.about_order(mail.Kind.ORDER_PROBLEM, order)

    commit(work)


def _is_news(order: Order) -> bool:
    """Say whether the customer has not heard of it: another name, or another reason.

    Who tries again sees on the page that it failed for the same reason.
    """
    if problems.explain(order).may_choose_name:
        return True
    failures = order.events.filter(kind=OrderEvent.Kind.FAILED).order_by("-pk")
    last, *before = failures.values_list("code", flat=True)[:2]
    return last not in before


def _try_later(
    order: Order, actor: Actor, why: Refusal | Answer, *, by_the_clock: bool
) -> None:
    """Stay; the timeline gets a line when the reason is a new one.

    ``by_the_clock``: that the platform answers is no reason to try before the time.
    It answered others before this try too: without this they would go in a circle.
    """
    now = timezone.now()
    code, params = why.code, why.params

    def work() -> None:
        Order.objects.filter(pk=order.pk, state=State.SETTING_UP).update(
            # None: due() then waits for the time alone.
            lease_until=None if by_the_clock else now + PAUSE_AFTER_TRY,
            next_try_at=now + _pause(order.tries),
        )
        last = order.events.order_by("-pk").first()
        if last is None or (last.kind, last.code) != (OrderEvent.Kind.WAITING, code):
            note(order, OrderEvent.Kind.WAITING, actor, code=code, params=params)

    commit(work)
