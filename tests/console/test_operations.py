"""Operations: filtered, shown as a timeline, settled and decided."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.utils import timezone

from housemail.mailboxes import provisioning
from housemail.mailboxes.journal import Step
from housemail.mailboxes.models import Claim, Mailbox, Operation
from housemail.sales import contexts
from housemail.sales.models import Service
from tests.console.conftest import once, said
from tests.flows.conftest import Killed
from tests.sales.conftest import STAFF, Store, mailbox

pytestmark = pytest.mark.django_db
LIST = "/console/mailboxes/operation/"


@pytest.fixture
def box(store: Store) -> Mailbox:
    store.sells("order")
    return mailbox(store.order())


def do(client, operation: Operation, command: str, **data: str):
    path = f"{LIST}{operation.pk}/do/{command}/"
    return client.post(path, {"once": once(client, path), **data}, follow=True)


def an_operation(box: Mailbox, state: str, **more) -> Operation:
    now = timezone.now()
    values = {"lease_until": now, "created_at": now, "verb": "suspend", **more}
    return Operation.objects.create(mailbox=box, state=state, **values)


def rows(answer) -> set[int]:
    assert answer.status_code == 200
    return {row.pk for row in answer.context["cl"].result_list}


def test_the_list_is_filtered_by_what_is_wrong(support, box):
    hour = timedelta(hours=1)
    now = timezone.now()
    lost = an_operation(box, "open", sent_at=now - hour, lease_until=now - hour)
    refused = an_operation(box, "refused", closed_at=now)
    waits = an_operation(
        box, "undetermined", closed_at=now - 48 * hour, needs_staff=True
    )
    created = Operation.objects.get(verb="create")
    assert rows(support.get(f"{LIST}?show=unknown")) == {lost.pk}
    assert rows(support.get(f"{LIST}?show=open")) == {lost.pk}
    assert rows(support.get(f"{LIST}?show=failing")) == {refused.pk}
    assert rows(support.get(f"{LIST}?show=staff")) == {waits.pk}
    assert rows(support.get(f"{LIST}?verb=create")) == {created.pk}
    everything = {lost.pk, refused.pk, waits.pk, created.pk}
    for query in ("", f"mailbox={box.pk}", "q=anna@thexyz.com", "show=x&mailbox=y"):
        assert rows(support.get(f"{LIST}?{query}")) == everything, query
    assert rows(support.get(f"{LIST}?q=bob@thexyz.com")) == set()


def test_what_fails_again_and_again_is_one_line_that_says_how_often(support, box):
    tries = [
        an_operation(
            box, "unavailable", code="platform_unavailable", closed_at=timezone.now()
        )
        for _ in range(3)
    ]
    answer = support.get(f"{LIST}?show=failing")
    assert rows(answer) == {tries[-1].pk}
    assert "Tried 3 times." in answer.content.decode()
    cards = support.get("/console/").context["cards"]
    failing = [
        figure.number
        for card in cards
        for figure in card.figures
        if figure.url.endswith("show=failing")
    ]
    assert failing == [1]
    everything = support.get(LIST)
    assert {each.pk for each in tries} <= rows(everything)
    assert "Tried" not in everything.content.decode()


def test_the_list_costs_the_same_with_few_and_many(
    support, box, django_assert_num_queries, django_assert_max_num_queries
):
    support.get(LIST)
    with django_assert_max_num_queries(15) as captured:
        support.get(LIST)
    few = len(captured)
    for _ in range(60):
        an_operation(box, "refused", code="platform_refused", detail="No.")
    with django_assert_num_queries(few):
        assert len(rows(support.get(LIST))) == 50


def test_a_lost_answer_is_settled_when_staff_ask(manager, store, box, kill, clock):
    context = contexts.for_service(Service.objects.get(), STAFF)
    kill(Step.ANSWERED, "suspend")
    with pytest.raises(Killed):
        provisioning.suspend(context, store.deadline())
    operation = Operation.objects.get(verb="suspend")
    assert "Reload in a minute" in said(do(manager, operation, "settle-now"))[0]
    clock.advance(30)
    words = said(do(manager, operation, "settle-now"))
    assert words == ["Looked at and settled: Done."]
    box.refresh_from_db()
    assert box.state == "suspended"
    shown = manager.get(f"{LIST}{operation.pk}/change/")
    assert [step.title for step in shown.context["steps"]][:2] == ["Wanted", "Sent"]
    assert shown.context["steps"][-1].title == "Closed"
    assert {each["title"] for each in shown.context["console_commands"]} == set()


def test_a_name_in_doubt_is_given_back_with_a_reason(manager, support, box):
    Mailbox.objects.update(state="failed", needs_staff=True)
    Operation.objects.update(state="undetermined", needs_staff=True, code="needs_staff")
    operation = Operation.objects.get()
    shown = manager.get(f"{LIST}{operation.pk}/change/")
    assert {each["title"] for each in shown.context["console_commands"]} == {
        "Give the name back"
    }
    assert do(manager, operation, "give-back").status_code == 422
    assert (
        "held for its order again"
        in said(do(manager, operation, "give-back", reason="not there"))[0]
    )
    assert Claim.objects.get().kind == "hold"
    path = f"{LIST}{operation.pk}/do/give-back/"
    assert support.get(path).status_code == 403
    assert support.post(path, {"once": "k", "reason": "r"}).status_code == 403


def test_what_has_no_name_in_doubt_is_marked_as_looked_at(manager, box):
    operation = an_operation(box, "undetermined", needs_staff=True)
    Mailbox.objects.update(needs_staff=True)
    do(manager, operation, "looked-at", reason="fine in the panel")
    assert not Mailbox.objects.get().needs_staff
    again = do(manager, operation, "looked-at", reason="fine in the panel")
    assert b"nothing to decide here any more" in again.content
    assert LogEntry.objects.filter(object_id=str(operation.pk)).count() == 2
