"""An order's whole way, against the emulator over a real socket."""

from __future__ import annotations

import pytest

from housemail.mailboxes import connection, servers
from housemail.mailboxes.errors import Invalid, Refusal, Throttled
from housemail.sales import orders, problems, sending, setting_up
from housemail.sales.models import Order, OutgoingMail, Service
from tests.sales.conftest import (
    STAFF,
    Store,
    claim,
    ended_well,
    events,
    mailbox,
    mails,
    order_state,
    person,
)

pytestmark = pytest.mark.django_db


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
    assert order.price_text == "€5/month (€3/month + €1/month + €1/month)"
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


def test_a_set_up_that_is_refused_for_now_is_tried_ever_more_rarely(
    store: Store, clock
) -> None:
    orders.mark_paid(store.order("first"), STAFF, store.deadline())
    order = store.order()
    store.emulator.switch_on("rate_limit", action="addUser")
    orders.mark_paid(order, STAFF, store.deadline())
    last = order.events.last()
    assert last is not None
    assert (last.kind, last.code) == ("waiting", "platform_busy")
    tries = []
    for _ in range(120):
        clock.advance(60)
        connection.ask_waited_for()  # it answers, only not to this
        store.engine()
        order.refresh_from_db()
        tries.append(order.tries)
    assert order.state == "setting_up"
    # After 15 s, 30 s, 1, 2, 5, 10 and then each 30 minutes.
    assert tries[29] <= 8
    assert tries[-1] <= 11
    assert mailbox(order).generation <= 11
    store.emulator.switches_off()
    for _ in range(31):
        clock.advance(60)
        store.engine()
    ended_well(store, order)


def test_a_person_need_not_wait_for_the_next_try(store: Store, clock) -> None:
    orders.mark_paid(store.order("first"), STAFF, store.deadline())
    order = store.order()
    store.emulator.switch_on("rate_limit", action="addUser")
    orders.mark_paid(order, STAFF, store.deadline())
    for _ in range(5):
        clock.advance(60)
        connection.ask_waited_for()
        store.engine()
    store.emulator.switches_off()
    orders.retry(order, store.actor(), store.deadline())
    ended_well(store, order)


def test_after_a_day_without_an_answer_it_is_a_problem_that_can_be_retried(
    store: Store,
) -> None:
    orders.mark_paid(store.order("first"), STAFF, store.deadline())
    order = store.order()
    orders.mark_paid(order, STAFF)
    Order.objects.filter(pk=order.pk).update(tries=setting_up.TRIES_MOST)
    store.emulator.switch_on("connection_reset", action="*", phase="before")
    store.engine()
    assert order_state(order) == "problem"
    told = problems.explain(order)
    assert (told.code, told.may_choose_name) == ("platform_unavailable", False)
    assert "try again" in told.next_step
    assert "cannot be reached" in problems.explain(order, for_staff=True).sentence
    store.emulator.switches_off()
    orders.retry(order, store.actor(), store.deadline())
    assert order_state(order) == "done"
    assert store.created("anna") == 1
    assert mails(order) == ["order_received", "order_problem", "mailbox_ready"]


def test_a_set_up_that_begins_rings_for_the_engine_after_its_commit(
    store: Store,
) -> None:
    rung: list[int] = []

    def ring(order_id: int) -> None:
        assert Order.objects.get(pk=order_id).state == "setting_up"
        rung.append(order_id)

    setting_up.hints.append(ring)
    try:
        order = store.order()
        orders.mark_paid(order, STAFF)
        orders.mark_paid(order, STAFF)
        orders.set_up(order, STAFF)
    finally:
        setting_up.hints.remove(ring)
    assert rung == [order.pk, order.pk]


def test_commands_are_throttled_per_order(store: Store) -> None:
    order = store.order()
    for _ in range(orders.RETRIES_PER_MINUTE):
        orders.set_up(order, STAFF)
    with pytest.raises(Throttled):
        orders.set_up(order, STAFF)


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
    assert mails(order) == ["order_received", "order_problem", "mailbox_ready"]


def test_a_problem_that_stays_is_written_about_once(store: Store) -> None:
    order = store.order()
    store.emulator.switch_on("limit_reached", action="addUser")
    orders.mark_paid(order, STAFF, store.deadline())
    order = orders.retry(order, store.actor(), store.deadline())
    assert order.state == "problem"
    assert mails(order) == ["order_received", "order_problem"]
    row = OutgoingMail.objects.get(kind="order_problem")
    message = sending.written(row)
    assert message.subject == f"Your order {order.number} could not be set up yet"
    assert "You can try again on the page of your order" in str(message.body)
    assert "another name" not in str(message.body)


def test_a_customer_tries_again_only_what_trying_can_help(store: Store) -> None:
    order = store.order()
    orders.mark_paid(order, STAFF)
    for code in ("address_taken", "paid_although_ended"):
        Order.objects.filter(pk=order.pk).update(
            state="problem",
            problem_code=code,
            problem_params={"address": order.address},
        )
        with pytest.raises(Refusal) as refused:
            orders.retry(order, store.actor(), store.deadline())
        assert refused.value.code == "order_state"
        assert order_state(order) == "problem"


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
