"""Bulk runs: confirmed, started once, each line reported, resumable."""

from __future__ import annotations

import pytest
from django.contrib.admin.models import LogEntry

from housemail.people.models import User
from housemail.platforms.base import Deadline
from housemail.sales import bulk
from housemail.sales.models import BulkLine, BulkRun
from tests.console.test_orders import queries
from tests.sales.conftest import order_state

pytestmark = pytest.mark.django_db


def a_run(store, signed_in, *orders, key="k1") -> BulkRun:
    from housemail.people.roles import Role

    signed_in(Role.MANAGER)
    person = User.objects.get(email="manager@example.com")
    return bulk.start(
        person, "mark_paid", [order.pk for order in orders], key=key, title="Mark paid"
    )


def test_each_line_is_done_and_reported(store, signed_in):
    store.sells("accept")
    orders = [store.order(name) for name in ("anna", "bob")]
    run = a_run(store, signed_in, *orders)
    assert bulk.work(run.pk, Deadline.after(10))
    assert [order_state(order) for order in orders] == ["paid", "paid"]
    assert {line.state for line in run.lines.all()} == {"done"}
    words = LogEntry.objects.values_list("change_message", flat=True)
    assert set(words) == {"Mark paid: Done."}


def test_the_same_form_starts_one_run(store, signed_in):
    order = store.order()
    first, second = (a_run(store, signed_in, order) for _ in range(2))
    assert first.pk == second.pk
    assert BulkLine.objects.count() == 1


def test_the_form_of_somebody_else_is_not_found(store, signed_in, owner):
    order = store.order()
    a_run(store, signed_in, order, key="theirs")
    path = "/console/sales/order/bulk/mark_paid/"
    answer = owner.post(path, {"once": "theirs", "ids": [order.pk]})
    assert answer.status_code == 404
    assert BulkRun.objects.count() == 1


def test_a_run_that_was_interrupted_goes_on(store, signed_in):
    store.sells("accept")
    orders = [store.order(name) for name in ("anna", "bob")]
    run = a_run(store, signed_in, *orders)
    assert not bulk.work(run.pk, Deadline.after(0))
    assert bulk.due() == [run.pk]
    assert bulk.work(run.pk, Deadline.after(10))
    assert bulk.due() == []


def test_the_page_shows_how_far_it_is_and_goes_on(store, signed_in, manager):
    store.sells("accept")
    run = a_run(store, signed_in, store.order())
    page = f"/console/sales/bulkrun/{run.pk}/change/"
    answer = manager.get(page)
    assert b"0 of 1 line is finished" in answer.content
    assert b'hx-trigger="every 2s"' in answer.content
    path = f"/console/sales/bulkrun/{run.pk}/do/go-on/"
    key = manager.get(path).context["once"]
    answer = manager.post(path, {"once": key}, follow=True)
    assert b"1 of 1 line is finished" in answer.content
    assert b'hx-trigger="every 2s"' not in answer.content


def test_a_page_costs_the_same_with_many_lines(store, signed_in, manager):
    run = a_run(store, signed_in, store.order())
    page = f"/console/sales/bulkrun/{run.pk}/change/"
    few = queries(manager, page)
    BulkLine.objects.bulk_create(
        BulkLine(run=run, subject_id=number, label=str(number)) for number in range(150)
    )
    assert queries(manager, page) == few
    assert b"Next lines" in manager.get(page).content


def test_the_list_costs_the_same_with_many_rows(store, signed_in, manager):
    order = store.order()
    a_run(store, signed_in, order)
    few = queries(manager, "/console/sales/bulkrun/")
    for number in range(12):
        a_run(store, signed_in, order, key=f"more{number}")
    assert queries(manager, "/console/sales/bulkrun/") == few
