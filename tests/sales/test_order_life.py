"""An order's whole way, against the emulator over a real socket."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from housemail.mailboxes import servers
from housemail.mailboxes.errors import Invalid, Refusal
from housemail.sales import order_book, orders, problems
from housemail.sales.models import Order, Service
from tests.sales.conftest import STAFF, Store, claim, events, mailbox, mails, person

pytestmark = pytest.mark.django_db


def ended_well(store: Store, order: Order, handle: str = "anna") -> None:
    """The order is done, its mailbox exists once and belongs to its service."""
    order.refresh_from_db()
    assert order.state == "done"
    assert store.created(handle) == 1
    service = store.service(order)
    assert (service.state, service.address) == ("Active", f"{handle}@thexyz.com")
    assert mailbox(order).state == "active"
    assert mails(order) == ["order_received", "mailbox_ready"]


# --- the four ways of automatic set-up


def test_at_once_an_order_is_set_up_when_it_is_placed(store: Store) -> None:
    store.sells("order")
    order = store.order()
    ended_well(store, order)
    assert events(order) == ["placed", "set_up", "finished"]


def test_after_payment_an_order_waits_for_it(store: Store) -> None:
    store.sells("payment")
    order = store.order()
    assert (order.state, store.created("anna")) == ("placed", 0)
    orders.accept(order, STAFF)
    assert order.state == "accepted"
    orders.mark_paid(order, STAFF, store.deadline())
    ended_well(store, order)
    assert events(order) == ["placed", "accepted", "paid", "set_up", "finished"]


def test_when_accepted_an_order_waits_for_staff(store: Store) -> None:
    store.sells("accept")
    order = store.order()
    orders.mark_paid(order, STAFF, store.deadline())
    assert (order.state, store.created("anna")) == ("paid", 0)
    orders.accept(order, STAFF, store.deadline())
    ended_well(store, order)
    assert events(order) == ["placed", "paid", "accepted", "set_up", "finished"]


def test_never_means_on_command_only(store: Store) -> None:
    store.sells("never")
    order = store.order()
    orders.mark_paid(order, STAFF, store.deadline())
    orders.accept(order, STAFF, store.deadline())
    assert (order.state, store.created("anna")) == ("accepted", 0)
    orders.set_up(order, STAFF, store.deadline())
    ended_well(store, order)


def test_what_is_set_up_at_once_is_paid_later_without_moving(store: Store) -> None:
    store.sells("order")
    order = store.order()
    orders.mark_paid(order, STAFF)
    assert order.state == "done"
    assert order.paid_at is not None
    assert events(order)[-1] == "paid"


def test_without_a_deadline_the_engine_sets_it_up(store: Store) -> None:
    order = store.order()
    orders.mark_paid(order, STAFF)
    assert (order.state, store.created("anna")) == ("setting_up", 0)
    store.engine()
    ended_well(store, order)


def test_options_are_what_the_mailbox_gets(store: Store) -> None:
    store.sells("order")
    order = store.order(
        options={"Account Type": "Enhanced", "Mailbox Quota (GB)": "50"}
    )
    ended_well(store, order)
    assert order.price_text == "€3/month + €1/month + €1/month"
    box = mailbox(order)
    assert (box.account_type, int(box.quota_gb)) == (2, 50)


# --- the platform is down


def test_a_platform_that_is_down_delays_an_order_and_the_engine_ends_it(
    store: Store, clock
) -> None:
    first = store.order("first")
    orders.mark_paid(first, STAFF, store.deadline())
    order = store.order()
    store.emulator.switch_on("connection_reset", action="*", phase="before")
    orders.mark_paid(order, STAFF, store.deadline())
    assert order.state == "setting_up"
    assert order.paid_at is not None
    last = order.events.last()
    assert last is not None
    assert (last.kind, last.code) == ("waiting", "platform_unavailable")
    for _ in range(4):
        clock.advance(60)
        store.engine()
    assert events(order).count("waiting") == 1
    held = claim("anna")
    assert held is not None
    assert held.kind == "hold"
    store.emulator.switches_off()
    servers.forget_platforms()  # the circuit's half minute is of the real clock
    for _ in range(12):
        clock.advance(60)
        store.engine()
    ended_well(store, order)


@pytest.mark.parametrize("phase", ["before", "after"])
def test_a_lost_answer_ends_as_one_mailbox(
    store: Store, clock, settings, phase: str
) -> None:
    orders.mark_paid(store.order("first"), STAFF, store.deadline())
    order = store.order()
    store.emulator.switch_on("connection_reset", action="addUser", phase=phase, count=1)
    # The request does not look again: that is left to the engine.
    settings.HOUSEMAIL_LOOKS_IN_REQUEST = ()
    store.seconds = 1.0
    orders.mark_paid(order, STAFF, store.deadline())
    assert order.state == "setting_up"
    store.emulator.switches_off()
    store.seconds = 5.0
    for _ in range(30):
        clock.advance(20)
        store.engine()
    ended_well(store, order)


# --- taken on the platform


def test_a_name_taken_on_the_platform_is_a_problem_until_another_is_chosen(
    store: Store,
) -> None:
    store.emulator.seed_mailbox("thexyz.com", "anna")
    order = store.order()
    orders.mark_paid(order, STAFF, store.deadline())
    assert (order.state, order.problem_code) == ("problem", "address_taken")
    assert order.paid_at is not None
    told = problems.explain(order)
    assert told.may_choose_name
    assert told.sentence == "This address is not available. Choose another name."
    assert "What you paid is kept" in told.next_step
    exact = problems.explain(order, for_staff=True)
    assert exact.sentence == "anna@thexyz.com already exists. Choose another name."
    orders.retry(order, STAFF, store.deadline())
    assert order_state(order) == "problem"
    order = orders.choose_other_name(
        order, store.actor(), store.deadline(), handle="Anna.Maria"
    )
    assert (order.state, order.address) == ("done", "anna.maria@thexyz.com")
    assert store.created("anna.maria") == 1
    assert claim("anna") is None
    assert mails(order) == [
        "order_received",
        "order_problem",
        "order_problem",
        "mailbox_ready",
    ]


def order_state(order: Order) -> str:
    order.refresh_from_db()
    return order.state


def test_the_other_name_must_be_free_and_says_no_more(store: Store) -> None:
    store.order("taken", customer=person())
    store.emulator.seed_mailbox("thexyz.com", "anna")
    order = store.order()
    orders.mark_paid(order, STAFF, store.deadline())
    for name in ("taken", "postmaster"):
        with pytest.raises(Refusal) as refused:
            orders.choose_other_name(
                order, store.actor(), store.deadline(), handle=name
            )
        assert refused.value.code == "not_available"
    assert order_state(order) == "problem"


def test_another_name_does_not_help_where_staff_must(store: Store) -> None:
    order = store.order()
    store.product.allowed_domains = "thexyz.com"
    store.emulator.switch_on("limit_reached", action="addUser", count=1)
    orders.mark_paid(order, STAFF, store.deadline())
    assert (order.state, order.problem_code) == ("problem", "platform_refused")
    assert not problems.explain(order).may_choose_name
    assert "platform" not in problems.explain(order).sentence
    with pytest.raises(Refusal) as refused:
        orders.choose_other_name(order, store.actor(), store.deadline(), handle="other")
    assert refused.value.code == "name_is_not_the_problem"
    order = orders.retry(order, STAFF, store.deadline())
    assert order.state == "done"
    assert mails(order) == ["order_received", "mailbox_ready"]


# --- input


@pytest.mark.parametrize(
    "handle",
    [
        "",
        "<script>alert(1)</script>",
        "a..b",
        "anna@evil.example",
        "anna\r\nBcc: x",
        "' OR 1=1 --",
        "a" * 65,
        "../../etc/passwd",
        "анна",
        "anna\0",
    ],
)
def test_a_hostile_handle_is_refused_and_leaves_nothing(
    store: Store, handle: str
) -> None:
    with pytest.raises(Invalid):
        store.order(handle)
    assert not Order.objects.exists()
    assert not Service.objects.exists()


def test_what_is_not_on_offer_cannot_be_ordered(store: Store) -> None:
    for options in ({"Mailbox Quota (GB)": "9999"}, {"Price": "0"}):
        with pytest.raises(Refusal) as refused:
            store.order(options=options)
        assert refused.value.code == "option_unknown"


def test_the_sign_in_address_cannot_be_ordered(store: Store) -> None:
    someone = person(email="owner@thexyz.com")
    with pytest.raises(Refusal) as refused:
        store.order("owner", customer=someone)
    assert refused.value.code == "address_is_sign_in"


def test_a_product_withdrawn_during_the_order_says_so(store: Store) -> None:
    product = store.product
    type(product).objects.filter(pk=product.pk).update(on_sale=False)
    with pytest.raises(Refusal) as refused:
        store.order()  # the form was opened while it was on sale
    assert refused.value.code == "product_withdrawn"
    assert not Order.objects.exists()


def test_a_product_withdrawn_after_the_order_is_still_set_up(store: Store) -> None:
    order = store.order()
    store.sells(on_sale=False)
    orders.mark_paid(order, STAFF, store.deadline())
    ended_well(store, order)


# --- cancelling, and who may


def test_a_customer_cancels_what_is_not_paid(store: Store) -> None:
    order = store.order()
    orders.cancel(order, store.actor(), "changed my mind")
    assert order.state == "cancelled"
    assert claim("anna") is None
    assert store.service(order).state == "Cancelled"
    orders.cancel(order, store.actor())
    assert events(order) == ["placed", "cancelled"]


def test_only_staff_cancels_what_is_paid(store: Store) -> None:
    store.sells("accept")
    order = store.order()
    orders.mark_paid(order, STAFF)
    with pytest.raises(Refusal) as refused:
        orders.cancel(order, store.actor())
    assert refused.value.code == "order_paid"
    orders.cancel(order, STAFF)
    assert order.state == "cancelled"


def test_a_payment_for_a_cancelled_order_is_kept_for_staff(store: Store) -> None:
    order = store.order()
    orders.cancel(order, STAFF)
    orders.mark_paid(order, STAFF, store.deadline())
    assert order.state == "cancelled"
    assert order.paid_at is not None
    last = order.events.last()
    assert last is not None
    assert (last.kind, last.code) == ("paid", "paid_although_ended")
    assert store.created("anna") == 0


@pytest.mark.parametrize("work", [orders.accept, orders.set_up, orders.retry])
def test_a_cancelled_order_is_not_set_up(store: Store, work) -> None:
    order = store.order()
    orders.cancel(order, STAFF)
    with pytest.raises(Refusal) as refused:
        work(order, STAFF, store.deadline())
    assert refused.value.code == "order_state"
    assert "Cancelled" in refused.value.detail


def test_another_customers_order_does_not_exist(store: Store) -> None:
    order = store.order()
    assert order_book.get(store.customer, order.number.lower()) == order
    with pytest.raises(Refusal) as refused:
        order_book.get(person(), order.number)
    assert (refused.value.status, refused.value.code) == (404, "order_unknown")


# --- expiry


def test_an_unpaid_order_expires_and_frees_its_name(store: Store, clock) -> None:
    from housemail.sales import expiry

    order = store.order()
    clock.advance(71 * 3600)
    expiry.renew_holds()
    assert expiry.expire_due() == 0
    clock.advance(3600)
    held = claim("anna")
    assert held is not None
    assert held.expires_at is not None
    assert held.expires_at > timezone.now()
    assert expiry.expire_due() == 1
    assert expiry.expire_due() == 0
    assert order_state(order) == "expired"
    assert mails(order) == ["order_received", "order_expired"]
    assert claim("anna") is None
    assert store.service(order).state == "Cancelled"


def test_a_paid_order_never_expires_and_keeps_its_name(store: Store, clock) -> None:
    from housemail.mailboxes import claims
    from housemail.sales import expiry

    store.sells("accept")
    order = store.order()
    orders.mark_paid(order, STAFF)
    for _ in range(20):
        clock.advance(24 * 3600)
        assert expiry.expire_due() == 0
        expiry.renew_holds()
        claims.end_expired()
    orders.accept(order, STAFF, store.deadline())
    ended_well(store, order)


def test_a_payment_brings_an_expired_order_back(store: Store, clock) -> None:
    from housemail.sales import expiry

    order = store.order()
    clock.advance(73 * 3600)
    expiry.expire_due()
    orders.mark_paid(order, STAFF, store.deadline())
    order.refresh_from_db()
    assert order.state == "done"
    assert store.service(order).state == "Active"


def test_a_payment_after_the_name_went_asks_for_another(store: Store, clock) -> None:
    from housemail.sales import expiry

    order = store.order()
    clock.advance(73 * 3600)
    expiry.expire_due()
    store.order(customer=person())
    orders.mark_paid(order, STAFF, store.deadline())
    assert (order.state, order.problem_code) == ("problem", "address_held")
    order = orders.choose_other_name(
        order, store.actor(), store.deadline(), handle="anna2"
    )
    assert order.state == "done"
    assert order.expires_at < timezone.now() + timedelta(hours=72)
