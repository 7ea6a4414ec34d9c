"""The verbs of the shop's services; the record keeps in step with the mailbox."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from housemail.mailboxes import aliases, lists, overview, settle, webmail
from housemail.mailboxes.context import Actor, ActorKind
from housemail.mailboxes.errors import Refusal
from housemail.mailboxes.journal import Step
from housemail.sales import contexts, order_book, orders, service_list, services
from housemail.sales.models import Product, Service
from tests.flows.conftest import Killed
from tests.sales.conftest import (
    STAFF,
    Store,
    events,
    mailbox,
    mails,
    person,
)

PASSWORD = "Correct-horse-7"
pytestmark = pytest.mark.django_db


@pytest.fixture
def service(store: Store) -> Service:
    """A mailbox that is ready."""
    store.sells("order")
    return store.service(store.order())


def state(service: Service) -> str:
    return Service.objects.values_list("state", flat=True).get(pk=service.pk)


def test_suspend_unsuspend_terminate(store: Store, service: Service) -> None:
    for _ in range(2):
        assert services.suspend(service, STAFF, store.deadline()).status == 200
        assert (state(service), mailbox(service.order).state) == (
            "Suspended",
            "suspended",
        )
    assert services.unsuspend(service, STAFF, store.deadline()).status == 200
    assert state(service) == "Active"
    for _ in range(2):
        assert services.terminate(service, STAFF, store.deadline()).status == 200
        assert state(service) == "Terminated"
    assert "anna" not in store.mailboxes
    assert mails(service.order)[2:] == ["mailbox_suspended", "mailbox_ended"]
    assert not service.wanted_state
    with pytest.raises(Refusal) as refused:
        services.suspend(service, STAFF, store.deadline())
    assert refused.value.code == "service_state"


def test_a_service_that_was_never_set_up_ends_with_its_order(store: Store) -> None:
    order = store.order()
    with pytest.raises(Refusal) as refused:
        services.terminate(store.service(order), STAFF, store.deadline())
    assert refused.value.code == "service_state"


def test_a_refused_change_leaves_the_record(store: Store, service: Service) -> None:
    store.emulator.switch_on("permission_denied", action="disableUser")
    with pytest.raises(Refusal):
        services.suspend(service, STAFF, store.deadline())
    service.refresh_from_db()
    assert (service.state, service.wanted_state) == ("Active", "")


def test_a_lost_answer_is_followed_to_its_end(
    store: Store, service: Service, clock, settings
) -> None:
    settings.HOUSEMAIL_LOOKS_IN_REQUEST = ()
    store.seconds = 1.0
    store.emulator.switch_on("connection_reset", action="disableUser", phase="after")
    answer = services.suspend(service, STAFF, store.deadline())
    assert answer.status == 202
    assert (state(service), service.wanted_state) == ("Active", "Suspended")
    assert services.follow_up() == 0
    store.emulator.switches_off()
    clock.advance(20)
    settle.sweep()
    assert services.follow_up() == 1
    assert services.follow_up() == 0
    assert state(service) == "Suspended"
    assert mails(service.order).count("mailbox_suspended") == 1


@pytest.mark.parametrize("step", [Step.INTENT, Step.SENT, Step.CLOSED])
def test_dead_in_the_middle_of_a_change_the_record_follows(
    store: Store, service: Service, kill, clock, step: Step
) -> None:
    kill(step, "suspend")
    with pytest.raises(Killed):
        services.suspend(service, STAFF, store.deadline())
    for _ in range(24):
        clock.advance(20)
        settle.sweep()
        services.follow_up()
    service.refresh_from_db()
    there = {"active": "Active", "suspended": "Suspended"}
    assert service.state == there[mailbox(service.order).state]
    assert service.wanted_state == ""


def test_a_change_of_product_and_options_reaches_the_mailbox(
    store: Store, service: Service
) -> None:
    bigger = Product.objects.get(slug="premium")
    bigger.pk = None
    bigger.slug, bigger.name, bigger.quota_gb = "bigger", "Bigger", "80"
    bigger.save()
    answer = services.change_package(service, STAFF, store.deadline(), product=bigger)
    assert answer.data["changed"] == ["quota_gb"]
    assert service.product == bigger
    assert int(mailbox(service.order).quota_gb) == 80
    with pytest.raises(Refusal) as refused:
        services.change_package(
            service,
            STAFF,
            store.deadline(),
            options={"Mailbox Quota (GB)": "50"},
        )
    assert refused.value.code == "option_unknown"  # the bigger one has no options
    services.change_package(
        service,
        STAFF,
        store.deadline(),
        product=store.product,
        options={"Mailbox Quota (GB)": "50"},
    )
    assert service.options == {"Mailbox Quota (GB)": "50"}
    assert int(mailbox(service.order).quota_gb) == 50


def test_a_refused_change_of_package_is_put_back(
    store: Store, service: Service
) -> None:
    store.emulator.switch_on("permission_denied", action="updateUser")
    with pytest.raises(Refusal):
        services.change_package(
            service, STAFF, store.deadline(), options={"Mailbox Quota (GB)": "50"}
        )
    service.refresh_from_db()
    assert service.options == {}


def test_staff_adopts_what_stands_in_an_orders_way(store: Store) -> None:
    store.emulator.seed_mailbox("thexyz.com", "anna")
    order = store.order()
    orders.mark_paid(order, STAFF, store.deadline())
    assert order.state == "problem"
    service = store.service(order)
    with pytest.raises(Refusal) as refused:
        services.adopt(service, store.actor(), store.deadline())
    assert refused.value.code == "staff_only"
    services.adopt(service, STAFF, store.deadline())
    order.refresh_from_db()
    assert (order.state, order.problem_code) == ("done", "")
    assert (service.state, service.address) == ("Active", "anna@thexyz.com")
    assert events(order)[-1] == "adopted"
    assert service.passwords_set == 1  # it stays as it was
    assert services.check(service, STAFF, store.deadline()).data["presence"] == (
        "present"
    )


def test_the_customers_own_verbs_go_through_the_core(
    store: Store, service: Service
) -> None:
    context = contexts.for_service(service, store.actor())
    aliases.add(context, store.deadline(), handle="nick")
    lists.add(context, store.deadline(), handle="club")
    shown = overview.overview(context, store.deadline())
    assert shown["address"] == "anna@thexyz.com"
    assert webmail.login(context, store.deadline()).url
    services.set_password(service, store.actor(), store.deadline(), password=PASSWORD)
    assert store.mailboxes["anna"].password == PASSWORD


# --- an announced end


def test_an_announced_end_comes_when_it_is_due(
    store: Store, service: Service, clock
) -> None:
    with pytest.raises(Refusal) as refused:
        services.announce_end(service, timezone.now())
    assert refused.value.code == "end_in_the_past"
    services.announce_end(service, timezone.now() + timedelta(days=2))
    assert services.due_to_end() == []
    services.end(service.pk, store.deadline())
    assert state(service) == "Active"
    clock.advance(2 * 24 * 3600 + 1)
    assert services.due_to_end() == [service.pk]
    services.end(service.pk, store.deadline())
    assert (state(service), services.due_to_end()) == ("Terminated", [])
    assert mails(service.order)[-2:] == ["mailbox_ending", "mailbox_ended"]


def test_an_announced_end_can_be_withdrawn(
    store: Store, service: Service, clock
) -> None:
    services.announce_end(service, timezone.now() + timedelta(days=2))
    services.withdraw_end(service)
    clock.advance(3 * 24 * 3600)
    assert services.due_to_end() == []
    services.end(service.pk, store.deadline())
    assert state(service) == "Active"


# --- whose it is, and what lists cost


@pytest.mark.parametrize("ref", ["0", "-1", "x", "", "9" * 30, "\uff11", "1; drop"])
def test_what_is_no_service_of_yours_does_not_exist(store: Store, ref: str) -> None:
    with pytest.raises(Refusal) as refused:
        service_list.get(store.customer, ref)
    assert (refused.value.status, refused.value.code) == (404, "service_unknown")


def test_anothers_service_does_not_exist(store: Store, service: Service) -> None:
    assert service_list.get(store.customer, service.ref) == service
    with pytest.raises(Refusal):
        service_list.get(person(), service.ref)
    assert service_list.mailboxes_of(person()) == []


def test_lists_cost_the_same_for_one_and_for_many(
    store: Store, service: Service, django_assert_num_queries
) -> None:
    def shown() -> list[str]:
        return [
            f"{row.service} {row.service.product} {row.mailbox.address}"
            for row in service_list.mailboxes_of(store.customer)
            if row.mailbox is not None
        ]

    def ordered() -> list[str]:
        rows = order_book.of_customer(store.customer)
        return [f"{row.number} {row.product} {row.service.state}" for row in rows]

    for count in (1, 6):
        with django_assert_num_queries(4):
            assert len(shown()) == count
        with django_assert_num_queries(1):
            assert len(ordered()) == count
        if count == 1:
            for number in range(5):
                store.order(f"more{number}")


def test_a_context_costs_two_queries(
    store: Store, service: Service, django_assert_num_queries
) -> None:
    with django_assert_num_queries(2):
        context = contexts.for_service(service, Actor(ActorKind.CLIENT, "1"))
    assert context.owner.id == str(store.customer.pk)
    assert context.service.username == "anna@thexyz.com"
    assert store.emulator.password not in repr(context)


def test_the_steps_of_an_order_are_those_of_its_product(
    store: Store, django_assert_num_queries
) -> None:
    shown = {}
    for auto_setup in ("order", "payment", "accept", "never"):
        store.sells("never" if auto_setup == "order" else auto_setup)
        order = store.order(f"n-{auto_setup}")
        order.product.auto_setup = auto_setup
        with django_assert_num_queries(1):
            steps = order_book.steps(order)
        shown[auto_setup] = [
            f"{row.kind.value}{'!' if row.current else ''}" for row in steps
        ]
    assert shown == {
        "order": ["placed", "finished!"],
        "payment": ["placed", "paid!", "finished"],
        "accept": ["placed", "accepted!", "finished"],
        "never": ["placed", "accepted!", "finished"],
    }
