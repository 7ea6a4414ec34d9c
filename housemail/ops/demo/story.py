"""Tells the demo's story: places each order and brings it where the cast says."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta

from django.utils import timezone

from housemail.mailboxes import aliases, lists, overview, rules
from housemail.mailboxes.commit import commit
from housemail.mailboxes.context import Actor, ActorKind
from housemail.ops.demo.cast import SALES, STRANGERS, Ends, Sale
from housemail.ops.demo.control import Control
from housemail.people.models import User
from housemail.platforms.base import Deadline
from housemail.sales import contexts, expiry, orders, placing, services, setting_up
from housemail.sales.holds import Visitor
from housemail.sales.models import Order, Product, Service
from housemail.sales.placing import Form
from housemail.sales.states import State

SECONDS = 15.0
# The engine may have taken an order that we just began: it is done in a moment.
PATIENCE_SECONDS = 10.0
ENDS_IN = timedelta(days=14)
# For one mailbox the platform asks to slow down, again and again.
FAULT = "rate_limit"
_MAILBOXES = {Ends.ACTIVE, Ends.SUSPENDED, Ends.TERMINATED, Ends.ENDING}
_WAIT = {Ends.PLACED, Ends.CANCELLED, Ends.EXPIRED}


def set_the_scene(control: Control, domains: Sequence[str]) -> None:
    """Put what the platform holds beside our own: the reason of a problem."""
    control.put(
        mailboxes=[
            {"domain": domains[place], "username": handle, "uname": name}
            for place, handle, name in STRANGERS
        ]
    )


def hinder(
    control: Control, domains: Sequence[str], done: Collection[str] = ()
) -> None:
    """Let the platform put off what is asked about mailboxes that are being set up.

    ``done``: addresses that are there already.
    """
    for sale in SALES:
        domain = domains[sale.domain]
        if sale.ends is Ends.SETTING_UP and f"{sale.handle}@{domain}" not in done:
            control.fault(FAULT, domain=domain, mailbox=sale.handle)


class Story:
    """Plays the cast through the verbs of sales/ and mailboxes/."""

    def __init__(
        self,
        products: Mapping[str, Product],
        customers: Mapping[str, User],
        staff: Mapping[str, User],
        domains: Sequence[str],
        control: Control,
    ) -> None:
        """Know who is who."""
        self._products, self._customers = products, customers
        self._domains, self._control = domains, control
        self._manager = Actor(ActorKind.STAFF, str(staff["manager"].pk))

    def tell(self) -> dict[str, Order]:
        """Play every sale; return the orders by the handle that was wanted."""
        set_the_scene(self._control, self._domains)
        hinder(self._control, self._domains)
        return {sale.handle: self._play(sale) for sale in SALES}

    def _play(self, sale: Sale) -> Order:
        order = self._place(sale)
        if sale.ends in _WAIT:
            self._let_end(sale, order)
        elif sale.ends is Ends.ACCEPTED:
            orders.accept(order, self._manager)
        elif sale.ends is Ends.SETTING_UP:
            orders.mark_paid(order, self._manager)
        else:
            orders.mark_paid(order, self._manager, self._deadline())
        if sale.ends in _MAILBOXES:
            self._live(sale, order)
        order.refresh_from_db()
        return order

    def _deadline(self) -> Deadline:
        return Deadline.after(SECONDS)

    def _place(self, sale: Sale) -> Order:
        name = f"demo-{sale.handle}"
        visitor = Visitor(name, name, self._customers[sale.customer])
        form = Form(name, sale.handle, self._domains[sale.domain], sale.options)
        return placing.place(
            visitor, self._products[sale.product], form, self._deadline()
        )

    def _let_end(self, sale: Sale, order: Order) -> None:
        """Cancel or expire an order that nobody paid; one more just waits."""
        if sale.ends is Ends.CANCELLED:
            orders.cancel(order, self._client(sale), "Ordered twice by mistake")
        elif sale.ends is Ends.EXPIRED:
            commit(lambda: expiry.expire(order))

    def _client(self, sale: Sale) -> Actor:
        return Actor(ActorKind.CLIENT, str(self._customers[sale.customer].pk))

    def _live(self, sale: Sale, order: Order) -> None:
        """Use the mailbox, then let happen to it what the cast says."""
        if order.state in {State.PAID, State.PLACED}:
            orders.accept(order, self._manager, self._deadline())
        self._wait_for(order)
        service = setting_up.of_order(order.pk)
        self._use(sale, service)
        if sale.ends is Ends.SUSPENDED:
            services.suspend(
                service, self._manager, self._deadline(), reason="Overdue on payment"
            )
        elif sale.ends is Ends.TERMINATED:
            services.terminate(
                service, self._manager, self._deadline(), reason="Customer moved away"
            )
        elif sale.ends is Ends.ENDING:
            services.announce_end(service, timezone.now() + ENDS_IN)

    def _wait_for(self, order: Order) -> None:
        until = time.monotonic() + PATIENCE_SECONDS
        while order.state == State.SETTING_UP and time.monotonic() < until:
            time.sleep(0.05)
            order.refresh_from_db()

    def _use(self, sale: Sale, service: Service) -> None:
        """Aliases and lists by the customer's verbs; letters from behind."""
        context = contexts.for_service(service, self._client(sale))
        for handle in sale.aliases:
            aliases.add(context, self._deadline(), handle=handle)
        for handle, members in sale.lists.items():
            own = (service.address, *members)
            lists.add(context, self._deadline(), handle=handle, members=own)
        if sale.used_mb:
            self._sign_in(sale, service)
        # Reads the usage, as the page does.
        overview.overview(context, self._deadline())

    def _sign_in(self, sale: Sale, service: Service) -> None:
        """Set a password, which nobody keeps, and read letters."""
        services.set_password(
            service,
            self._client(sale),
            self._deadline(),
            password=rules.generate_password(),
        )
        handle, _, domain = service.address.partition("@")
        seen = timezone.now() - timedelta(hours=2, minutes=sale.used_mb % 60)
        used = {"usage_mb": sale.used_mb, "lastauth": seen.timestamp()}
        self._control.put(changes=[{"domain": domain, "username": handle, **used}])
