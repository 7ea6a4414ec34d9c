"""Orders in the console: found, moved on once, and each end in the history."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from housemail.mailboxes.context import Actor, ActorKind
from housemail.sales.errors import SaleConflict
from housemail.sales.models import Order, OrderEvent
from housemail.sales.transitions import note
from tests.console.conftest import once, said
from tests.sales.conftest import events, mails, order_state

pytestmark = pytest.mark.django_db
LIST = "/console/sales/order/"
NOW = timezone.now()


def do(client, order: Order, name: str, key: str = "", **data: str):
    path = f"{LIST}{order.pk}/do/{name}/"
    sent = {"once": key or once(client, path), **data}
    return client.post(path, sent, follow=True)


def history(order: Order) -> list[str]:
    rows = LogEntry.objects.filter(object_id=str(order.pk)).order_by("pk")
    return [row.get_change_message() for row in rows]


def test_an_order_is_accepted_and_set_up(store, manager):
    store.sells("accept")
    order = store.order()
    answer = do(manager, order, "accept")
    assert said(answer) == [f"{order.number}: Set up."]
    assert store.created("anna") == 1
    assert history(order) == [f"Accept: {order.number}: Set up."]


def test_asking_changes_nothing(store, manager):
    store.sells("accept")
    order = store.order()
    answer = manager.get(f"{LIST}{order.pk}/do/accept/")
    assert answer.status_code == 200
    assert order.number.encode() in answer.content
    assert order_state(order) == "placed"
    assert history(order) == []


def test_a_double_click_accepts_once_and_says_so(store, manager):
    store.sells("accept")
    order = store.order()
    key = once(manager, f"{LIST}{order.pk}/do/accept/")
    do(manager, order, "accept", key)
    answer = do(manager, order, "accept", key)
    assert said(answer) == [f"This was done already: {order.number}: Set up."]
    assert events(order).count("accepted") == 1
    assert len(history(order)) == 1
    assert mails(order).count("mailbox_ready") == 1


def test_a_form_without_its_key_does_nothing(store, manager):
    order = store.order()
    answer = manager.post(f"{LIST}{order.pk}/do/mark-paid/", {})
    assert answer.status_code == 200
    assert order_state(order) == "placed"


def test_a_refusal_is_said_and_in_the_history(store, manager, monkeypatch):
    from housemail.sales import orders

    order = store.order()

    def refused(*_given: object) -> Order:
        raise SaleConflict("order_state", state="Cancelled")

    monkeypatch.setattr(orders, "accept", refused)
    [sentence] = said(do(manager, order, "accept"))
    assert sentence.startswith("That is not possible as the order stands now")
    assert history(order) == [f"Accept: {sentence}"]


@pytest.mark.parametrize(
    ("state", "command", "words"),
    [
        ("done", "mark-paid", "was paid already, on"),
        ("done", "accept", "was accepted already, on"),
        ("cancelled", "accept", "(Cancelled)"),
        ("done", "set-up", "(Set up)"),
        ("problem", "set-up", "(Needs attention)"),
        ("placed", "set-up-again", "(Ordered)"),
        ("setting_up", "set-up", "(Being set up)"),
        ("done", "choose-name", "(Set up)"),
        ("problem", "choose-name", "Another name would not help"),
        ("setting_up", "cancel", "(Being set up)"),
    ],
)
def test_an_old_tab_hears_why_and_nothing_begins(store, manager, state, command, words):
    order = store.order()
    now = timezone.now()
    at = None if state == "cancelled" else now
    Order.objects.filter(pk=order.pk).update(state=state, paid_at=now, accepted_at=at)
    path = f"{LIST}{order.pk}/do/{command}/"
    before = events(order)
    for answer in (
        manager.get(path, follow=True),
        manager.post(path, {"once": "an old tab's"}, follow=True),
    ):
        [sentence] = said(answer)
        assert words in sentence
        assert answer.redirect_chain[0][0].endswith("/change/")
    assert history(order) == []
    assert events(order) == before
    assert order_state(order) == state


def test_a_platform_that_is_away_is_said_and_in_the_history(store, manager):
    order = store.order()
    store.emulator.switch_on("connection_reset", action="*", phase="before")
    answer = do(manager, order, "mark-paid")
    assert said(answer) == [f"{order.number}: anna@thexyz.com is being set up."]
    assert history(order)[0].endswith("is being set up.")


def test_a_fault_is_in_the_history_too(store, manager, monkeypatch):
    from housemail.sales import orders

    order = store.order()

    def broken(*_given: object) -> Order:
        raise ZeroDivisionError

    monkeypatch.setattr(orders, "mark_paid", broken)
    with pytest.raises(ZeroDivisionError):
        do(manager, order, "mark-paid")
    assert history(order) == ["Mark paid: It failed unexpectedly."]


def test_why_it_failed_is_shown_to_staff_and_another_name_mends_it(store, manager):
    order = store.order("anna")
    Order.objects.filter(pk=order.pk).update(
        state="problem", problem_code="not_available", problem_params={}
    )
    page = manager.get(f"{LIST}{order.pk}/change/").content.decode()
    assert "Why it is not set up" in page
    assert "Choose another name" in page
    answer = do(manager, order, "choose-name", handle="anna b", domain="thexyz.com")
    assert answer.status_code == 422
    assert 'value="anna b"' in answer.content.decode()
    answer = do(manager, order, "choose-name", handle="anna.b", domain="thexyz.com")
    assert said(answer)
    order.refresh_from_db()
    assert order.address == "anna.b@thexyz.com"


def test_the_page_shows_the_timeline_with_names(store, manager):
    store.sells("accept")
    order = store.order()
    do(manager, order, "mark-paid")
    page = manager.get(f"{LIST}{order.pk}/change/").content.decode()
    assert "manager@example.com" in page
    assert "Ordered" in page
    assert "Paid" in page


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("anna@thexyz", 1),
        ("bob", 1),
        ("customer", 2),
        ("nobody@thexyz.com", 0),
        ("Premium", 2),
    ],
)
def test_orders_are_found(store, support, asked, found):
    for name in ("anna", "bob"):
        store.order(name)
    answer = support.get(LIST, {"q": asked})
    assert answer.context["cl"].result_count == found


def test_the_list_is_filtered_by_state(store, support):
    order = store.order("anna")
    store.order("bob")
    Order.objects.filter(pk=order.pk).update(state="problem")
    answer = support.get(LIST, {"state": "problem"})
    assert [row.pk for row in answer.context["cl"].result_list] == [order.pk]
    assert 'aria-current="page">Needs attention' in answer.content.decode()


def test_what_was_paid_but_ended_has_a_filter(store, manager):
    store.sells("accept")
    paid, unpaid = store.order("anna"), store.order("bob")
    do(manager, paid, "mark-paid")
    for order in (paid, unpaid):
        do(manager, order, "cancel", reason="out of use")
    page = manager.get(LIST).content.decode()
    link = re.search(r'href="([^"]+)"[^>]*>\s*Paid, but ended', page)
    assert link is not None
    answer = manager.get(unescape(link[1]))
    assert [row.pk for row in answer.context["cl"].result_list] == [paid.pk]
    assert 'aria-current="page">Paid, but ended' in answer.content.decode()


def queries(client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert client.get(path).status_code == 200
    return len(seen)


def test_the_list_costs_the_same_with_many_rows(store, support):
    store.order("anna")
    few = queries(support, LIST)
    for number in range(12):
        store.order(f"many{number}")
    assert queries(support, LIST) == few


def test_orders_are_picked_and_marked_paid_in_one_run(store, manager):
    store.sells("accept")
    orders = [store.order(name) for name in ("anna", "bob")]
    picked = {"action": "mark_paid", "_selected_action": [o.pk for o in orders]}
    answer = manager.post(LIST, picked)
    assert b"2 orders were picked" in answer.content
    assert [order_state(order) for order in orders] == ["placed", "placed"]
    sent = {"once": answer.context["once"], "ids": [o.pk for o in orders]}
    shown = manager.post(f"{LIST}bulk/mark_paid/", sent, follow=True)
    again = manager.post(f"{LIST}bulk/mark_paid/", sent, follow=True)
    assert shown.redirect_chain == again.redirect_chain
    assert b"0 of 2 lines are finished" in shown.content


def test_a_page_costs_the_same_with_a_long_timeline(store, support):
    order = store.order("anna")
    page = f"{LIST}{order.pk}/change/"
    few = queries(support, page)
    for number in range(12):
        note(order, OrderEvent.Kind.WAITING, Actor(ActorKind.STAFF, str(number)))
    assert queries(support, page) == few


def test_a_reason_is_in_the_timeline_and_a_missing_order_is_none(store, manager):
    order = store.order("anna")
    asked = manager.get(f"{LIST}{order.pk}/do/cancel/").content.decode()
    assert "The customer reads it" in asked
    do(manager, order, "cancel", reason="asked by phone")
    page = manager.get(f"{LIST}{order.pk}/change/").content.decode()
    assert "asked by phone" in page
    assert manager.get(f"{LIST}987654/do/cancel/").status_code == 404
    assert manager.get(f"{LIST}{order.pk}/do/nonsense/").status_code == 404


@pytest.mark.parametrize(
    ("auto_setup", "changes", "primary"),
    [
        ("payment", {}, "Mark paid"),
        ("accept", {}, "Accept"),
        ("accept", {"state": "paid", "paid_at": NOW}, "Accept"),
        ("never", {}, "Accept"),
        ("never", {"state": "accepted", "accepted_at": NOW}, "Set up now"),
        ("payment", {"state": "paid", "paid_at": NOW}, "Set up now"),
        ("payment", {"state": "problem"}, "Set up again"),
        (
            "payment",
            {"state": "problem", "problem_code": "not_available"},
            "Choose another name",
        ),
        ("payment", {"state": "setting_up"}, ""),
        ("payment", {"state": "done"}, ""),
    ],
)
def test_the_primary_button_is_what_is_wanted_next(
    store, manager, auto_setup, changes, primary
):
    store.sells(auto_setup)
    order = store.order("anna")
    Order.objects.filter(pk=order.pk).update(**changes)
    shown = manager.get(f"{LIST}{order.pk}/change/").context["console_commands"]
    found = [str(each["title"]) for each in shown if each["primary"]]
    assert found == [primary] * bool(primary)
    titles = {str(each["title"]) for each in shown}
    assert ("Set up again" in titles) is (changes.get("state") == "problem")


AT_ONCE = "anna@thexyz.com is set up at once; the customer gets an e-mail."


@pytest.mark.parametrize(
    ("auto_setup", "changes", "command", "follows"),
    [
        ("payment", {}, "mark-paid", f"counts as paid. {AT_ONCE}"),
        ("payment", {}, "accept", "is set up when the order is paid."),
        ("accept", {}, "accept", f"counts as accepted. {AT_ONCE}"),
        ("accept", {}, "mark-paid", "is set up when you accept the order."),
        ("never", {}, "accept", "press Set up now for that."),
        ("never", {}, "set-up", "The order is not paid."),
        ("order", {"state": "done"}, "mark-paid", "The mailbox stays as it is."),
        ("payment", {"state": "expired"}, "mark-paid", f"comes back. {AT_ONCE}"),
    ],
)
def test_a_command_says_what_follows(
    store, manager, auto_setup, changes, command, follows
):
    store.sells("payment")
    order = store.order("anna")
    store.sells(auto_setup)
    Order.objects.filter(pk=order.pk).update(**changes)
    asked = manager.get(f"{LIST}{order.pk}/do/{command}/").content.decode()
    assert follows in asked
