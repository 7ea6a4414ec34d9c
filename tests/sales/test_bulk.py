"""Bulk runs: whatever happens to a line is in its result, and the others go on."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from unittest import mock

import pytest
from django.contrib.admin.models import LogEntry
from django.utils import timezone

from housemail.mailboxes.models import Mailbox
from housemail.people import roles
from housemail.people.models import User
from housemail.people.roles import Role
from housemail.platforms.base import Deadline
from housemail.sales import bulk, orders
from housemail.sales.models import BulkLine, BulkRun, Order, Service
from tests.sales.conftest import STAFF, Store, order_state, person

pytestmark = [pytest.mark.databases, pytest.mark.django_db]


def a_manager() -> User:
    somebody = person(name="Mia")
    roles.give(somebody, Role.MANAGER)
    return somebody


def start(command: str, *ids: int, by: User | None = None, **params: str) -> BulkRun:
    return bulk.start(
        by or a_manager(), command, ids, key="k", title=command, params=params
    )


def results(run: BulkRun) -> list[tuple[str, str]]:
    return list(run.lines.values_list("state", "sentence"))


def done(run: BulkRun, seconds: float = 10) -> bool:
    return bulk.work(run.pk, Deadline.after(seconds))


def an_active(store: Store, handle: str) -> Service:
    store.sells("order")
    order = store.order(handle)
    store.engine()
    return store.service(order)


def test_a_refused_line_says_why_and_the_next_is_done(store):
    store.sells("accept")
    ended, open_ = store.order("anna"), store.order("bob")
    orders.cancel(ended, STAFF)
    run = start("accept", ended.pk, open_.pk)
    assert done(run)
    (first, why), second = results(run)
    assert first == "refused"
    assert "(Cancelled)" in why
    assert second == ("done", "Done.")
    assert order_state(open_) == "setting_up"


def test_a_line_of_an_order_that_stands_still_is_not_done(store):
    lost, cancelled = store.order("anna"), store.order("bob")
    orders.cancel(lost, store.actor())
    store.order("anna", customer=person())
    orders.mark_paid(cancelled, STAFF)
    Order.objects.filter(pk=cancelled.pk).update(state="cancelled")
    run = start("mark_paid", lost.pk, cancelled.pk)
    assert done(run)
    (first, why), (second, state) = results(run)
    assert (first, second) == ("refused", "refused")
    assert why.startswith("Noted, but not set up: ")
    assert "(Cancelled)" in state


def test_a_lost_answer_is_unknown(store):
    service = an_active(store, "anna")
    store.emulator.switch_on("connection_reset", action="disableUser", phase="after")
    box = Mailbox.objects.get(ref=service.ref)
    run = start("mailbox_suspend", box.pk, reason="not paid")
    assert done(run, 20)
    [(state, sentence)] = results(run)
    assert state in {"unknown", "done"}
    assert sentence


@pytest.mark.parametrize("role", [None, Role.SUPPORT])
def test_who_lost_the_power_stops_in_the_middle(store, role):
    store.sells("accept")
    both = [store.order(name) for name in ("anna", "bob")]
    manager = a_manager()
    run = start("mark_paid", *(order.pk for order in both), by=manager)
    real = bulk.KINDS["mark_paid"].do

    def then_demoted(*given: Any) -> object:
        done = real(*given)
        roles.give(manager, role)
        return done

    kind = replace(bulk.KINDS["mark_paid"], do=then_demoted)
    with mock.patch.dict(bulk.KINDS, {"mark_paid": kind}):
        assert done(run)
    assert results(run) == [
        ("done", "Done."),
        ("refused", "Nothing was done: Mia may no longer do this."),
    ]
    assert [order_state(order) for order in both] == ["paid", "placed"]


def test_somebody_elses_form_is_nobodys_run(store):
    order = store.order("anna")
    start("mark_paid", order.pk)
    with pytest.raises(BulkRun.DoesNotExist):
        start("mark_paid", order.pk, by=person())


def test_a_fault_of_one_line_does_not_stop_the_others(store, monkeypatch, caplog):
    store.sells("accept")
    both = [store.order(name) for name in ("anna", "bob")]
    real = orders.mark_paid

    def broken(order: Order, *given: object) -> Order:
        if order.pk == both[0].pk:
            raise ZeroDivisionError
        return real(order, STAFF)

    monkeypatch.setattr(orders, "mark_paid", broken)
    run = start("mark_paid", *(order.pk for order in both))
    assert done(run)
    assert [state for state, _ in results(run)] == ["refused", "done"]
    assert "failed unexpectedly" in results(run)[0][1]
    messages = LogEntry.objects.values_list("change_message", flat=True)
    assert any("failed unexpectedly" in words for words in messages)


def test_a_line_whose_process_died_is_done_again_when_its_time_is_over(store):
    store.sells("accept")
    run = start("mark_paid", store.order("anna").pk)
    soon = timezone.now() + timedelta(minutes=1)
    run.lines.update(state=BulkLine.State.RUNNING, lease_until=soon)
    assert not done(run)
    run.lines.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert done(run)
    assert results(run) == [("done", "Done.")]


def test_a_finished_run_does_nothing_more(store):
    store.sells("accept")
    run = start("mark_paid", store.order("anna").pk)
    assert done(run)
    lines = LogEntry.objects.count()
    assert done(run)
    assert LogEntry.objects.count() == lines
    assert bulk.counted(run) == {"done": 1}


def test_what_is_not_there_is_left_out(store):
    run = start("mark_paid", 987654)
    assert done(run)
    assert results(run) == []


def test_a_run_speaks_the_language_of_who_started_it(store):
    run = start("mark_paid", store.order("anna").pk)
    assert run.language == "en"
    assert str(run) == f"mark_paid #{run.pk}"


def test_old_runs_are_forgotten(store):
    run = start("mark_paid", store.order("anna").pk)
    assert done(run)
    assert bulk.prune() == 0
    long_ago = timezone.now() - timedelta(days=31)
    BulkRun.objects.update(finished_at=long_ago)
    assert bulk.prune()
    assert not BulkRun.objects.exists()


def test_starting_rings_the_engine(store, monkeypatch):
    rung: list[int] = []
    monkeypatch.setattr(bulk, "hints", [rung.append])
    run = start("mark_paid", store.order("anna").pk)
    assert rung == [run.pk]
