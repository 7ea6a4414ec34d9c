"""A shop that sells on the emulator, as short as a test can write it."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from emulator import Emulator
from housemail.mailboxes import settle
from housemail.mailboxes.context import Actor, ActorKind
from housemail.mailboxes.models import Claim, Mailbox
from housemail.people.models import User
from housemail.platforms.base import Deadline
from housemail.sales import placing, setting_up
from housemail.sales.holds import Visitor
from housemail.sales.models import (
    OptionValue,
    Order,
    OutgoingMail,
    Product,
    ProductGroup,
    SaleServer,
    ServerGroup,
    Service,
)
from housemail.sales.placing import Form
from tests.flows.conftest import (
    _fresh_process_state,
    clock,
    emulator,
    kill,
    running_emulator,
)

__all__ = ["_fresh_process_state", "clock", "emulator", "kill", "running_emulator"]

STAFF = Actor(ActorKind.STAFF, "7")
_numbers = itertools.count(1)


@dataclass
class Store:
    """The sheet's own set-up: one server in one group, one product, one customer."""

    emulator: Emulator
    server: SaleServer
    group: ServerGroup
    product: Product
    customer: User
    seconds: float = 5.0
    options: Mapping[str, str] = field(default_factory=dict)

    def deadline(self) -> Deadline:
        """A deadline from now."""
        return Deadline.after(self.seconds)

    def actor(self, customer: User | None = None) -> Actor:
        """The customer as one who acts."""
        return Actor(ActorKind.CLIENT, str((customer or self.customer).pk))

    def visitor(self, customer: User | None = None, session: str = "s1") -> Visitor:
        """The customer in the shop, signed in."""
        return Visitor(session, "mark", customer or self.customer)

    def sells(self, auto_setup: str = "payment", **changes: Any) -> Product:
        """Change the product."""
        for name, value in {"auto_setup": auto_setup, **changes}.items():
            setattr(self.product, name, value)
        self.product.save()
        return self.product

    def order(
        self, handle: str = "anna", *, customer: User | None = None, **changes: Any
    ) -> Order:
        """Place an order from a fresh form and session."""
        form = Form(
            key=changes.pop("key", uuid.uuid4().hex),
            handle=handle,
            domain=changes.pop("domain", "thexyz.com"),
            options=changes.pop("options", self.options),
        )
        session = changes.pop("session", uuid.uuid4().hex)
        return placing.place(
            self.visitor(customer, session), self.product, form, self.deadline()
        )

    def service(self, order: Order) -> Service:
        """The service of an order, fresh, with all that a context needs."""
        return setting_up.of_order(order.pk)

    def engine(self) -> None:
        """What the engine does in one sweep."""
        settle.sweep()
        for pk, _tries in setting_up.due():
            setting_up.attempt(pk, self.deadline())

    @property
    def mailboxes(self) -> Any:
        """The mailboxes that the emulator holds on thexyz.com."""
        return self.emulator.state.domains["thexyz.com"].mailboxes

    def created(self, handle: str) -> int:
        """How often the platform made this mailbox."""
        return sum(
            entry.action == "addUser"
            and entry.changed
            and entry.params["username"] == handle
            for entry in self.emulator.journal
        )


def person(**fields: Any) -> User:
    """A customer with an e-mail address of his own."""
    number = next(_numbers)
    values = {"name": f"Customer {number}", "language": "en", **fields}
    email = values.pop("email", f"customer{number}@example.org")
    return User.objects.create_user(email, **values)


def a_server(
    emulator: Emulator, name: str = "PolarisMail", **fields: Any
) -> SaleServer:
    """A server of the shop at the emulator."""
    values = {
        "hostname": "127.0.0.1",
        "typed_endpoint": emulator.endpoint,
        "username": emulator.username,
        "password": emulator.password,
        **fields,
    }
    return SaleServer.objects.create(name=name, **values)


@pytest.fixture
def store(db, emulator: Emulator) -> Store:
    """The sheet's set-up, on sale."""
    group = ServerGroup.objects.create(name="PolarisMail Servers")
    server = a_server(emulator)
    server.groups.add(group)
    product = Product.objects.create(
        group=ProductGroup.objects.create(name="Email Services", slug="email"),
        name="Premium Email Account",
        slug="premium",
        price_text="€3/month",
        allowed_domains="thexyz.com,thexyz.ca",
        server_group=group,
        on_sale=True,
    )
    for option, values in {
        "Account Type": ("Basic", "Enhanced"),
        "Mailbox Quota (GB)": ("10", "25", "50", "100"),
    }.items():
        for position, value in enumerate(values):
            OptionValue.objects.create(
                product=product,
                option=option,
                value=value,
                position=position,
                price_text="€1/month" if value in {"Enhanced", "50"} else "",
            )
    return Store(emulator, server, group, product, person())


def mails(order: Order) -> list[str]:
    """The kinds of e-mails queued for an order, in order."""
    rows = OutgoingMail.objects.filter(order=order).order_by("pk")
    return list(rows.values_list("kind", flat=True))


def events(order: Order) -> list[str]:
    """The kinds of events of an order's timeline."""
    return [event.kind for event in order.events.all()]


def claim(handle: str, domain: str = "thexyz.com") -> Claim | None:
    """The claim of an address, if there is one."""
    return Claim.objects.filter(handle=handle, house_domain__name=domain).first()


def mailbox(order: Order) -> Mailbox:
    """The core's record of an order's mailbox."""
    return Mailbox.objects.get(ref=str(order.service.pk))


def ended_well(store: Store, order: Order, handle: str = "anna") -> None:
    """The order is done, its mailbox exists once and belongs to its service."""
    order.refresh_from_db()
    assert order.state == "done"
    assert store.created(handle) == 1
    service = store.service(order)
    assert (service.state, service.address) == ("Active", f"{handle}@thexyz.com")
    assert mailbox(order).state == "active"
    assert mails(order) == ["order_received", "mailbox_ready"]


def order_state(order: Order) -> str:
    """The order's state as it is now."""
    order.refresh_from_db()
    return order.state
