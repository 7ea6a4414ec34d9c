"""The end of orders that nobody pays or accepts, and the names of those that wait."""

from __future__ import annotations

from functools import partial

from django.utils import timezone

from housemail.mailboxes import availability
from housemail.mailboxes.commit import commit
from housemail.sales import contexts, mail, setting_up
from housemail.sales.installation import installation
from housemail.sales.models import Order, Service
from housemail.sales.states import LIVE, TABLE, Move
from housemail.sales.transitions import move

_AT_ONCE = 200
# What keeps an order for good: money, or the word of staff.
_KEPT_BY_NOTHING = {"paid_at": None, "accepted_at": None}


def expire_due() -> int:
    """End orders whose time is over; return how many.

    Those that are paid, or that staff accepted, never expire.
    The e-mail is queued and the name released in one commit.
    """
    rows = Order.objects.filter(
        state__in=TABLE[Move.EXPIRED].sources,
        **_KEPT_BY_NOTHING,
        expires_at__lte=timezone.now(),
    ).select_related("customer", "product")[:_AT_ONCE]
    return sum(commit(partial(expire, order)) for order in rows)


def expire(order: Order) -> bool:
    """Let it expire now, in the caller's commit, unless it was kept a moment ago.

    One whose time was not over yet ends now: that is until when its name was kept.
    """
    ended = min(order.expires_at, timezone.now())
    if not move(
        order,
        Move.EXPIRED,
        contexts.ENGINE,
        only_if=_KEPT_BY_NOTHING,
        expires_at=ended,
    ):
        return False
    mail.about_order(mail.Kind.ORDER_EXPIRED, order)
    let_go(order)
    return True


def let_go(order: Order) -> None:
    """End the service that never was, and release its name."""
    Service.objects.filter(order=order, state=Service.State.PENDING).update(
        state=Service.State.CANCELLED
    )
    context = contexts.for_service(setting_up.of_order(order.pk), contexts.ENGINE)
    availability.release(context)


def renew_holds() -> int:
    """Keep the names of orders that wait; a paid one may wait for long."""
    refs = Service.objects.filter(order__state__in=LIVE).values_list("pk", flat=True)
    shop = installation()
    waiting = [str(pk) for pk in refs]
    return sum(
        availability.renew(shop, waiting[start : start + 500])
        for start in range(0, len(waiting), 500)
    )
