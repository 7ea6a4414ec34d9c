"""Staff at one mailbox: the shop's, and those of other billing systems."""

from __future__ import annotations

import pytest

from emulator import Emulator
from housemail.installations.models import Installation
from housemail.mailboxes import provisioning, recorded
from housemail.mailboxes.errors import Refusal
from housemail.mailboxes.models import Mailbox, Operation
from housemail.sales import desk
from housemail.sales.desk import Case, Command
from tests.flows.conftest import Shop
from tests.sales.conftest import STAFF, Store, mailbox, order_state

PASSWORD = "Correct-horse-7"
pytestmark = pytest.mark.django_db


@pytest.fixture
def case(store: Store) -> Case:
    """A mailbox of the shop."""
    store.sells("order")
    return desk.of_mailbox(mailbox(store.order()))


@pytest.fixture
def foreign(emulator: Emulator) -> Case:
    """A mailbox of another installation, which staff see here too."""
    shop = Shop(emulator, Installation.objects.create(name="A WHMCS"))
    provisioning.create(
        shop.context("77"),
        shop.deadline(),
        handle="bob",
        domain="thexyz.com",
        password=PASSWORD,
    )
    return desk.of_mailbox(recorded.all_mailboxes().get(ref="77"))


def fresh(case: Case) -> Case:
    assert case.mailbox is not None
    return desk.of_mailbox(recorded.all_mailboxes().get(pk=case.mailbox.pk))


@pytest.mark.parametrize("whose", ["case", "foreign"])
def test_what_needs_no_settings_is_done_for_every_installation(
    request, store: Store, whose: str
) -> None:
    case = request.getfixturevalue(whose)
    deadline = store.deadline
    assert desk.check(case, STAFF, deadline()).data["differences"] == []
    seen = fresh(case).mailbox
    assert seen is not None
    assert seen.seen_at is not None
    desk.set_password(case, STAFF, deadline(), password="Another-horse-8")
    assert desk.open_webmail(case, STAFF, deadline()).url
    assert desk.suspend(case, STAFF, deadline(), reason="unpaid").state == "suspended"
    case = fresh(case)
    assert desk.why_not(case, Command.SUSPEND) is not None
    assert desk.why_not(case, Command.UNSUSPEND) is None
    assert desk.unsuspend(case, STAFF, deadline(), reason="paid").state == "active"
    assert desk.terminate(fresh(case), STAFF, deadline(), reason="asked").status == 200
    assert fresh(case).state == "terminated"
    actors = set(Operation.objects.exclude(verb="create").values_list("actor"))
    assert actors == {("staff:7" if whose == "case" else "staff:console-7",)}


@pytest.mark.parametrize("command", ["create", "change_package", "adopt"])
def test_what_needs_settings_is_pressed_in_the_billing_system(
    foreign: Case, store: Store, command: str
) -> None:
    more = {
        "change_package": {"product": None},
        "adopt": {"handle": "", "domain": ""},
    }.get(command, {})
    with pytest.raises(Refusal) as refused:
        getattr(desk, command)(foreign, STAFF, store.deadline(), **more)
    assert refused.value.code == "in_billing_system"
    assert "A WHMCS" in refused.value.detail
    assert refused.value.code_for_client == "ask_support"


def test_the_shops_service_keeps_in_step(case: Case, store: Store) -> None:
    assert case.service is not None
    desk.suspend(case, STAFF, store.deadline(), reason="unpaid")
    assert case.service.state == "Suspended"
    store.sells("order", quota_gb="50")
    case = fresh(case)
    desk.change_package(case, STAFF, store.deadline(), product=None)
    assert Mailbox.objects.get().quota_gb == 50


def test_a_mailbox_that_exists_is_adopted_or_created_for_an_order(
    store: Store, emulator: Emulator
) -> None:
    store.sells("never")
    order = store.order("carol")
    case = desk.of_service(store.service(order))
    assert (case.mailbox, case.state, case.address) == (None, "", "carol@thexyz.com")
    assert desk.why_not(case, Command.ADOPT) is None
    assert desk.why_not(case, Command.SUSPEND) is not None
    emulator.seed_mailbox("thexyz.com", "carol")
    with pytest.raises(Refusal) as refused:
        desk.create(case, STAFF, store.deadline())
    assert refused.value.code in {"address_taken", "needs_staff"}
    assert order_state(order) == "problem"
    case = desk.of_service(store.service(order))
    assert (
        desk.adopt(case, STAFF, store.deadline(), handle="", domain="").state
        == "active"
    )
    assert order_state(order) == "done"
    assert desk.of_service(store.service(order)).state == "active"


def test_a_service_that_waits_is_created_when_staff_say_so(store: Store) -> None:
    store.sells("never")
    order = store.order("dora")
    case = desk.of_service(store.service(order))
    assert desk.create(case, STAFF, store.deadline()).state == "active"
    assert order_state(order) == "done"
