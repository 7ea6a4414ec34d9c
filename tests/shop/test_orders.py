"""My orders and one order's way: what it shows, what can be done, and for whom."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from housemail.people.enrol import enrol
from housemail.sales import links, orders, services
from housemail.sales.models import Order
from housemail.sales.states import State
from tests.sales.conftest import STAFF, Store, claim, events, person
from tests.shop.conftest import PASSWORD, words

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
GOOD = "Better-Pass_123"


def path(order: Order, part: str = "") -> str:
    return f"/orders/{order.number}/{part}"


def steps(page) -> list[tuple[str, str]]:
    """The steps of a page: title and word."""
    return re.findall(
        r'hm-step-title">\s*(.*?) <span class="hm-step-word">(.*?)</span>',
        page.content.decode(),
    )


def fragment(client: Client, order: Order, seen: str = "x"):
    return client.get(path(order, "progress/"), {"seen": seen}, headers=HTMX)


def in_trouble(store: Store, auto_setup: str = "payment", **changes) -> Order:
    """An order whose name somebody took behind our back."""
    store.sells(auto_setup)
    order = store.order(**changes)
    store.emulator.seed_mailbox("thexyz.com", order.handle)
    orders.mark_paid(order, STAFF, store.deadline())
    order.refresh_from_db()
    assert order.state == "problem"
    return order


def test_the_paths_are_those_that_mails_carry(client, store, anna):
    order = store.order()
    assert links.ORDER.format(number=order.number) == path(order)
    assert client.get(links.ORDER.format(number=order.number)).status_code == 200
    assert client.get(links.SHOP).status_code == 200
    token = links.FIRST_PASSWORD.format(token="a-b:c")
    assert client.get(token)["Location"] == "/mailboxes/first-password/"


@pytest.mark.parametrize(
    ("auto_setup", "found", "said"),
    [
        (
            "payment",
            [("Ordered", "Done"), ("Paid", "Now"), ("Set up", "Not yet")],
            "We wait for your payment. The name is kept for you until",
        ),
        (
            "accept",
            [("Ordered", "Done"), ("Accepted", "Now"), ("Set up", "Not yet")],
            "We look at your order.",
        ),
        (
            "order",
            [("Ordered", "Done"), ("Set up", "Done")],
            "Your mailbox is ready: set its password",
        ),
    ],
)
def test_an_order_shows_its_way(client, store, anna, auto_setup, found, said):
    store.sells(auto_setup)
    order = store.order()
    page = client.get(path(order))
    assert steps(page) == found
    assert said in words(page)
    assert "anna@thexyz.com" in words(page)
    assert page.content.count(b"btn-primary") <= 1


def test_paid_accepted_and_set_up_are_shown_as_they_happen(client, store, anna):
    store.sells("never")
    order = store.order()
    orders.mark_paid(order, STAFF)
    orders.accept(order, STAFF)
    page = client.get(path(order))
    assert [word for _, word in steps(page)] == ["Done", "Done", "Done", "Now"]
    assert "by hand" in words(page)
    orders.set_up(order, STAFF, store.deadline())
    assert [word for _, word in steps(client.get(path(order)))] == ["Done"] * 4


def test_the_number_may_be_typed_in_small_letters(client, store, anna):
    assert client.get(path(store.order()).lower()).status_code == 200


def test_a_page_that_is_open_follows_and_stops_at_the_end(client, store, anna):
    order = store.order()
    page = client.get(path(order)).content.decode()
    asked = re.search(r'hx-get="([^"]+)" hx-trigger="every 10s"', page)
    assert asked is not None
    assert client.get(asked[1], headers=HTMX).status_code == 204
    orders.mark_paid(order, STAFF)  # the engine will set it up
    news = client.get(asked[1], headers=HTMX)
    assert news.status_code == 200
    assert ("Paid", "Done") in steps(news)
    assert 'hx-trigger="every 2s"' in news.content.decode()
    assert "<html" not in news.content.decode()
    store.engine()
    ready = fragment(client, order)
    assert ready["HX-Refresh"] == "true"
    assert "hx-trigger" not in client.get(path(order)).content.decode()


def test_the_fragment_alone_leads_to_the_page(client, store, anna):
    order = store.order()
    assert client.get(path(order, "progress/"))["Location"] == path(order)
    client.post("/account/logout/")
    assert fragment(client, order)["HX-Refresh"] == "true"


def test_a_name_that_was_the_problem_is_chosen_anew(client, store, anna):
    order = in_trouble(store)
    page = client.get(path(order))
    text = words(page)
    assert ("Set up", "Failed") in steps(page)
    assert "This address is not available. Choose another name." in text
    assert "What you paid is kept for this order." in text
    store.order("berta", customer=person())
    refused = client.post(
        path(order, "name/"), {"handle": "berta", "domain": "thexyz.com"}
    )
    assert refused.status_code == 409
    assert 'value="berta"' in refused.content.decode()
    assert "This address is not available" in words(refused)
    malformed = client.post(path(order, "name/"), {"handle": "-"})
    assert malformed.status_code == 422
    good = client.post(path(order, "name/"), {"handle": "carla", "domain": "thexyz.ca"})
    assert good["Location"] == path(order)
    order.refresh_from_db()
    assert (order.state, order.address) == ("done", "carla@thexyz.ca")
    assert order.paid_at is not None
    again = client.post(path(order, "name/"), {"handle": "dora"})
    assert again.status_code == 409
    assert "That is not possible as the order stands now (Set up)" in words(again)
    assert client.get(path(order, "name/"))["Location"] == path(order)


def test_a_mailbox_that_was_adopted_keeps_its_password(client, store, anna):
    order = in_trouble(store)
    service = store.service(order)
    services.adopt(service, STAFF, store.deadline())
    page = client.get(path(order))
    assert b'type="password"' not in page.content
    assert "If you do not know its password, set a new one." in words(page)
    overview = client.get(links.MAILBOX.format(ref=service.ref))
    assert "No password is set yet" not in words(overview)


def test_a_problem_that_a_name_does_not_mend_offers_none(client, store, anna):
    order = store.order()
    Order.objects.update(state=State.PROBLEM, problem_code="server_login_refused")
    page = client.get(path(order))
    assert "Your mailbox could not be set up yet." in words(page)
    assert "other-name" not in page.content.decode()
    assert "password" not in words(page).lower()


def test_what_no_name_mends_is_tried_again_from_the_page(client, store, anna):
    order = store.order()
    store.emulator.switch_on("limit_reached", action="addUser")
    orders.mark_paid(order, STAFF, store.deadline())
    page = client.get(path(order))
    assert f'action="{path(order, "retry/")}"' in page.content.decode()
    assert page.content.count(b"btn-primary") == 1
    assert client.get(path(order, "retry/")).status_code == 405
    assert client.post(path(order, "retry/"))["Location"] == path(order)
    said = words(client.get(path(order)))
    assert "We tried again, and it did not work yet." in said
    store.emulator.switches_off()
    for _ in range(2):  # a double click is one mailbox
        client.post(path(order, "retry/"), follow=True)
    order.refresh_from_db()
    assert order.state == "done"
    assert store.created("anna") == 1
    assert "retry/" not in client.get(path(order)).content.decode()


def test_trying_again_is_throttled_and_not_offered_for_a_name(client, store, anna):
    order = in_trouble(store)
    assert "retry/" not in client.get(path(order)).content.decode()
    client.post(path(order, "retry/"))
    assert "not possible as the order stands" in words(client.get(path(order)))
    Order.objects.update(problem_code="server_login_refused")
    store.emulator.switch_on("limit_reached", action="addUser")
    for _ in range(orders.RETRIES_PER_MINUTE + 1):
        Order.objects.update(state=State.PROBLEM, problem_code="server_login_refused")
        client.post(path(order, "retry/"))
    assert "Too many requests" in words(client.get(path(order)))


def test_an_unpaid_order_is_cancelled_once(client, store, anna):
    order = store.order()
    page = client.get(path(order))
    assert "Cancel this order" in words(page)
    for _ in range(2):
        answer = client.post(path(order, "cancel/"))
        assert answer["Location"] == path(order)
        assert "is cancelled" in words(client.get(path(order)))
    assert events(order).count("cancelled") == 1
    assert claim("anna") is None
    page = client.get(path(order))
    assert steps(page) == [("Ordered", "Done"), ("Cancelled", "Ended")]
    assert "Cancel this order" not in words(page)


def test_the_reason_of_staff_is_on_the_page(client, store, anna):
    order = store.order()
    orders.cancel(order, STAFF, "We no longer sell on this domain.")
    said = words(client.get(path(order)))
    assert "The name is free again. Reason: We no longer sell on this domain." in said


def test_a_paid_order_is_not_cancelled_by_its_customer(client, store, anna):
    store.sells("accept")
    order = store.order()
    orders.mark_paid(order, STAFF)
    assert "Cancel this order" not in words(client.get(path(order)))
    client.post(path(order, "cancel/"))
    assert "only staff can cancel it" in words(client.get(path(order)))
    order.refresh_from_db()
    assert order.state == "paid"


def test_a_paid_order_that_was_cancelled_says_what_becomes_of_the_money(
    client, store, anna, settings
):
    store.sells("accept")
    order = store.order()
    orders.cancel(order, STAFF)
    assert "payment" not in words(client.get(path(order)))
    other = store.order("berta")
    orders.mark_paid(other, STAFF)
    orders.cancel(other, STAFF)
    page = words(client.get(path(other)))
    assert "Your payment has arrived." in page
    assert "Write to us" not in page  # nobody says where
    settings.HOUSEMAIL_CONTACT = "mailto:help@house.test"
    said = "Your payment has arrived. Write to us if it was not paid back yet."
    assert said in words(client.get(path(other)))


@pytest.mark.parametrize(
    ("auto_setup", "why"),
    [
        ("payment", "It was not paid in time"),
        ("accept", "It was not accepted in time"),
        ("never", "It was not accepted in time"),
    ],
)
def test_an_expired_order_says_why(client, store, anna, clock, auto_setup, why):
    from housemail.sales import expiry

    store.sells(auto_setup)
    order = store.order()
    clock.advance(73 * 3600)
    expiry.expire_due()
    client.post("/account/login/", {"login": anna.email, "password": PASSWORD})
    page = client.get(path(order))
    assert ("Expired", "Ended") in steps(page)
    assert why in words(page)


def test_an_accepted_order_keeps_its_name_while_the_payment_is_awaited(
    client, store, anna
):
    order = store.order()
    orders.accept(order, STAFF)
    said = words(client.get(path(order)))
    assert "We wait for your payment. The name is kept for you." in said


def test_the_first_password_is_set_once(client, store, anna):
    store.sells("order")
    order = store.order()
    page = client.get(path(order))
    assert page.content.count(b'type="password"') == 2
    for typed, said in (
        (("short", "short"), "at least 10 characters"),
        ((GOOD, GOOD + "x"), "The two passwords are not the same"),
        (("", ""), "Type a new password."),
    ):
        refused = client.post(
            path(order, "password/"),
            dict(zip(("password", "again"), typed, strict=True)),
        )
        assert said in words(refused)
        assert GOOD not in refused.content.decode()
    both = {"password": GOOD, "again": GOOD}
    assert client.post(path(order, "password/"), both)["Location"] == path(order)
    assert store.mailboxes["anna"].password == GOOD
    page = client.get(path(order))
    assert "The password is set." in words(page)
    assert b'type="password"' not in page.content
    assert f"/mailboxes/{order.service.ref}/" in page.content.decode()
    other = {"password": "Another-Pass_9", "again": "Another-Pass_9"}
    client.post(path(order, "password/"), other)
    assert "was set before" in words(client.get(path(order)))
    assert store.mailboxes["anna"].password == GOOD


def test_a_platform_that_is_down_leaves_the_first_password_open(client, store, anna):
    store.sells("order")
    order = store.order()
    store.emulator.switch_on("connection_reset", action="*", phase="before")
    refused = client.post(path(order, "password/"), {"password": GOOD, "again": GOOD})
    assert "nothing was changed" in words(refused)
    store.emulator.switches_off()
    assert b'type="password"' in client.get(path(order)).content


def test_a_suspended_mailbox_asks_for_no_password(client, store, anna):
    store.sells("order")
    order = store.order()
    services.suspend(store.service(order), STAFF, store.deadline())
    assert b'type="password"' not in client.get(path(order)).content
    client.post(path(order, "password/"), {"password": GOOD, "again": GOOD})
    assert store.mailboxes["anna"].password != GOOD


def test_anothers_order_is_one_that_does_not_exist(client, store, anna):
    order = store.order()
    trouble = in_trouble(store, handle="berta")
    other = Client()
    enrol("other@example.com", PASSWORD)
    other.post("/account/login/", {"login": "other@example.com", "password": PASSWORD})
    parts = ("", "progress/", "name/", "retry/", "cancel/", "password/")
    form = {"handle": "x1", "password": GOOD, "again": GOOD}
    for part in parts:
        answers = []
        for number in (order.number, trouble.number, "HM-0000-0000"):
            there = f"/orders/{number}/{part}"
            answers += [other.get(there), other.post(there, form)]
        statuses = {answer.status_code for answer in answers}
        assert statuses <= {404, 405}, part
        assert {"anna@thexyz.com", "berta@thexyz.com"}.isdisjoint(
            " ".join(words(answer) for answer in answers).split()
        )
        stranger = Client().post(path(order, part), form)
        assert stranger.status_code in {302, 405}, part
    assert "anna" not in words(other.get("/orders/"))
    order.refresh_from_db()
    trouble.refresh_from_db()
    assert (order.state, trouble.state) == ("placed", "problem")


def test_my_orders_are_listed_and_paged(client, store, anna):
    assert "No order yet" in words(client.get("/orders/"))
    for number in range(23):
        store.order(f"name{number}")
    page = client.get("/orders/")
    assert page.content.count(b"hm-row-title") == 20
    assert "Page 1 of 2" in words(page)
    assert client.get("/orders/?page=2").content.count(b"hm-row-title") == 3
    assert client.get("/orders/?page=x").status_code == 200
    answer = Client().get("/orders/")
    assert answer["Location"] == "/account/login/?next=/orders/"


def test_pages_cost_a_fixed_few_queries(
    client, store, anna, django_assert_max_num_queries
):
    first = store.order("one")
    with django_assert_max_num_queries(6):
        client.get("/orders/")
    with django_assert_max_num_queries(6):
        client.get(path(first))
    for number in range(8):
        in_trouble(store, handle=f"many{number}")
    with django_assert_max_num_queries(6):
        client.get("/orders/")
    with django_assert_max_num_queries(6):
        client.get(path(Order.objects.get(handle="many3")))
    with django_assert_max_num_queries(6):
        fragment(client, first)
