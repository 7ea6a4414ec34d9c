"""Services: found, shown whole on one page, and commanded from there."""

from __future__ import annotations

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from emulator import Emulator
from housemail.console import desk_commands
from housemail.installations.models import Installation
from housemail.mailboxes import aliases, lists, provisioning
from housemail.mailboxes.models import Mailbox, Operation
from housemail.modulelog import storage
from housemail.modulelog.models import ModuleLogEntry
from housemail.people.models import User
from housemail.people.roles import Role
from housemail.platforms.base import Deadline, WebmailLogin
from housemail.sales import bulk, contexts
from housemail.sales.models import BulkRun, Service
from housemail.web.new_password import PARTS
from tests.console.conftest import once, said
from tests.flows.conftest import Shop
from tests.sales.conftest import Store, mailbox, order_state

pytestmark = pytest.mark.django_db
LIST = "/console/mailboxes/mailbox/"
GOOD = "Another-horse-8"


@pytest.fixture
def box(store: Store) -> Mailbox:
    """A mailbox of the shop."""
    store.sells("order")
    return mailbox(store.order())


@pytest.fixture
def foreign(emulator: Emulator) -> Mailbox:
    """A mailbox of another billing system."""
    shop = Shop(emulator, Installation.objects.create(name="A WHMCS"))
    provisioning.create(
        shop.context("77"),
        shop.deadline(),
        handle="bob",
        domain="thexyz.com",
        password=GOOD,
    )
    return Mailbox.objects.get(ref="77")


def page(box: Mailbox) -> str:
    return f"{LIST}{box.pk}/change/"


def do(client: Client, box: Mailbox, command: str, **data: str):
    """Open a command's page, fill it and send it."""
    path = f"{LIST}{box.pk}/do/{command}/"
    return client.post(path, {"once": once(client, path), **data}, follow=True)


def state(box: Mailbox) -> str:
    return Mailbox.objects.values_list("state", flat=True).get(pk=box.pk)


def history() -> list[str]:
    """What the history says, the newest first."""
    return list(LogEntry.objects.values_list("change_message", flat=True))


# --- finding


def test_every_installations_mailboxes_are_found(support, box, foreign):
    assert {b"anna@thexyz.com", b"bob@thexyz.com"} <= words_of(support.get(LIST))
    for query in ("q=bob@thexyz.com", "q=bob", "q=77", "installation=2"):
        query = query.replace("=2", f"={foreign.installation_id}")
        found = words_of(support.get(f"{LIST}?{query}"))
        assert b"bob@thexyz.com" in found, query
        assert b"anna@thexyz.com" not in found, query
    assert b"anna@thexyz.com" not in words_of(support.get(f"{LIST}?state=suspended"))
    assert b"bob@thexyz.com" in words_of(support.get(f"{LIST}?q=%40thexyz"))
    assert support.get(f"{LIST}?state=nonsense&installation=x").status_code == 200


def words_of(answer) -> set[bytes]:
    assert answer.status_code == 200
    known = (b"anna@thexyz.com", b"bob@thexyz.com")
    rows = answer.content.partition(b'id="result_list"')[2]
    return {word for word in known if word in rows}


def test_the_list_costs_the_same_with_few_and_many(
    support, box, django_assert_num_queries, django_assert_max_num_queries
):
    with django_assert_max_num_queries(20) as few:
        support.get(LIST)
    few = len(few)
    many(box, 60)
    with django_assert_num_queries(few):
        answer = support.get(LIST)
    assert answer.context["cl"].paginator.per_page == 50


def many(box: Mailbox, count: int) -> None:
    for number in range(count):
        Mailbox.objects.create(
            installation=box.installation,
            ref=f"x{number}",
            server=box.server,
            house_domain=box.house_domain,
            handle=f"more{number}",
            state="active",
            state_changed_at=box.state_changed_at,
            quota_gb=25,
            account_type=1,
        )


# --- the page


def test_the_page_shows_everything_about_one_mailbox(
    support, box, store, django_assert_num_queries, django_assert_max_num_queries
):
    storage.turn_on(1)
    service = Service.objects.get()
    context = contexts.for_service(service, store.actor())
    aliases.add(context, store.deadline(), handle="nick", destination="")
    lists.add(context, store.deadline(), handle="club", members=["a@b.example"])
    support.get(page(box))  # what Django remembers of itself is asked once
    with django_assert_max_num_queries(30) as few:
        answer = support.get(page(box))
    few = len(few)
    text = answer.content.decode()
    for words in (
        "anna@thexyz.com",
        "nick@thexyz.com",
        "club@thexyz.com",
        "a@b.example",
        "25 GB",
        "Add alias",
        "addAlias",
        "Premium Email Account",
        store.customer.email,
        "UTC",
    ):
        assert words in text, words
    for number in range(12):
        Operation.objects.create(
            mailbox=box,
            verb="suspend",
            state="done",
            actor="staff:1",
            lease_until=box.state_changed_at,
            created_at=box.state_changed_at,
        )
        ModuleLogEntry.objects.create(
            at=box.state_changed_at,
            installation_id=box.installation_id,
            ref=box.ref,
            action=f"a{number}",
            host="h",
            duration_ms=1,
            outcome="done",
        )
        aliases.add(context, store.deadline(), handle=f"nick{number}", destination="")
    support.get(page(box))
    with django_assert_num_queries(few):
        support.get(page(box))


def test_each_role_sees_its_own_buttons(signed_in, box):
    def offered(role: Role) -> set[str]:
        shown = signed_in(role).get(page(box)).context["console_commands"]
        return {command["url"].split("/")[-2] for command in shown}

    assert offered(Role.SUPPORT) == {"password", "check"}
    everything = {"suspend", "password", "plan", "check", "webmail", "terminate"}
    everything.add("let-end")
    assert offered(Role.MANAGER) == offered(Role.OWNER) == everything
    why = signed_in(Role.MANAGER).get(page(box)).context["not_offered"]
    assert why == {
        "The mailbox is Active; that is not possible now.": [
            "Create",
            "Unsuspend",
            "Adopt",
        ]
    }


def test_another_billing_systems_page_says_what_must_be_pressed_there(manager, foreign):
    answer = manager.get(page(foreign))
    assert b"A WHMCS has the settings of this service. Press the button there." in (
        answer.content
    )
    assert b"is not told to A WHMCS" in answer.content
    shown = {command["title"] for command in answer.context["console_commands"]}
    assert "Change package" not in shown
    assert "Suspend" in shown
    do(manager, foreign, "suspend", reason="unpaid")
    assert state(foreign) == "suspended"
    assert Operation.objects.get(verb="suspend").actor.startswith("staff:console-")
    answer = do(manager, foreign, "adopt", handle="bob", domain="thexyz.com")
    assert "Press the button there" in said(answer)[0]
    assert history() == ["Suspend: The mailbox is suspended. Reason: unpaid"]


@pytest.mark.parametrize(
    ("now", "whose", "words"),
    [
        ("active", "box", "Press Check now."),
        ("failed", "box", "Press Create to try again."),
        ("failed", "foreign", "Create it again in its billing system."),
        ("terminated", "box", "It was never looked at."),
    ],
)
def test_what_was_never_seen_names_a_button_that_is_there(
    manager, request, now, whose, words
):
    mine = request.getfixturevalue(whose)
    Mailbox.objects.filter(pk=mine.pk).update(state=now, seen_at=None)
    answer = manager.get(page(mine))
    assert words in answer.content.decode()
    shown = {str(each["title"]) for each in answer.context["console_commands"]}
    for button in ("Check now", "Create"):
        assert button in shown or f"Press {button}" not in words


# --- commands


def test_suspend_and_unsuspend_are_kept_in_the_history(manager, support, box):
    assert said(do(manager, box, "suspend", reason="unpaid")) == [
        "The mailbox is suspended."
    ]
    assert state(box) == "suspended"
    assert Service.objects.get().state == "Suspended"
    said_then = said(do(support, box, "unsuspend", reason="paid"))
    assert said_then == ["The mailbox is active again."]
    assert history()[:2] == [
        "Unsuspend: The mailbox is active again. Reason: paid",
        "Suspend: The mailbox is suspended. Reason: unpaid",
    ]
    emails = LogEntry.objects.values_list("user__email", flat=True)
    assert list(emails)[:2] == ["support@example.com", "manager@example.com"]


def test_a_double_click_runs_a_command_once(manager, box, emulator):
    path = f"{LIST}{box.pk}/do/check/"
    key = once(manager, path)
    first, second = (
        said(manager.post(path, {"once": key}, follow=True)) for _ in range(2)
    )
    assert first == ["The mail platform shows it as it is recorded."]
    assert second == [f"This was done already: {first[0]}"]


def test_what_ended_otherwise_is_in_the_history_too(manager, box, emulator):
    emulator.switch_on("primary_down", host=None)
    answer = do(manager, box, "suspend", reason="unpaid")
    assert "answer was lost" in said(answer)[0]
    assert history()[0] == f"Suspend: {said(answer)[0]} Reason: unpaid"
    assert state(box) == "suspending"
    assert b"Being suspended" in manager.get(page(box)).content


def test_a_password_is_checked_and_shown_nowhere(support, box):
    path = f"{LIST}{box.pk}/do/password/"
    shown = support.get(path).content.decode()
    assert all(str(part.words) in shown for part in PARTS)
    answer = do(support, box, "password", password="short")
    assert answer.status_code == 422
    assert b"at least 10 characters" in answer.content
    assert b'value="short"' not in answer.content
    assert said(do(support, box, "password", password=GOOD)) == [
        "The password was changed."
    ]
    assert GOOD not in str(list(LogEntry.objects.values()))
    assert GOOD not in str(list(ModuleLogEntry.objects.values()))


def test_terminate_asks_for_the_address(manager, box, emulator):
    answer = do(manager, box, "terminate", confirm="bob@thexyz.com")
    assert answer.status_code == 422
    assert b"Type anna@thexyz.com, exactly." in answer.content
    assert state(box) == "active"
    do(manager, box, "terminate", confirm="Anna@thexyz.com ")
    assert state(box) == "terminated"
    assert manager.get(page(box)).status_code == 200


def test_a_changed_product_is_brought_to_the_mailbox(manager, box, store):
    store.sells("order", quota_gb="50")
    answer = do(manager, box, "plan", product=str(store.product.pk))
    assert said(answer) == ["The package was changed: storage."]
    assert Mailbox.objects.get().quota_gb == 50


def test_a_check_names_what_differs(support, box, emulator, store):
    store.mailboxes["anna"].disabled = True
    answer = do(support, box, "check")
    assert said(answer) == [
        "The mail platform shows this differently: suspended or not."
    ]


def test_webmail_opens_once_and_its_way_in_is_in_no_record(manager, box):
    path = f"{LIST}{box.pk}/do/webmail/"
    answer = manager.post(path, {"once": once(manager, path)})
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    login = answer.context["login"]
    assert login.url.encode().replace(b"&", b"&amp;") in answer.content
    assert history()[0] == "Open webmail: A way into webmail was shown."
    assert login.url not in str(list(LogEntry.objects.values()))


def test_a_way_in_that_is_a_form_may_leave_for_that_host_only(manager, box, rf):
    request = rf.get(page(box))
    request.user = User.objects.get(email="manager@example.com")
    request.session = {}
    login = WebmailLogin("POST", "https://webmail.emailarray.com/in", {"otp": "once"})
    answer = desk_commands.way_in(request, box, login)
    assert b'action="https://webmail.emailarray.com/in"' in answer.content
    assert b'name="otp" value="once"' in answer.content
    assert (
        "form-action 'self' https://webmail.emailarray.com"
        in (answer["Content-Security-Policy"])
    )


def test_a_mailbox_in_an_orders_way_is_adopted(manager, store, emulator):
    store.sells("never")
    order = store.order("carol")
    emulator.seed_mailbox("thexyz.com", "carol")
    path = f"/console/sales/service/{order.service.pk}/"
    answer = manager.get(f"{path}change/")
    assert {each["title"] for each in answer.context["console_commands"]} == {
        "Create",
        "Adopt",
    }
    do_path = f"{path}do/create/"
    manager.post(do_path, {"once": once(manager, do_path)}, follow=True)
    assert order_state(order) == "problem"
    box = Mailbox.objects.get()
    assert manager.get(f"{path}change/").url == page(box)
    answer = do(manager, box, "adopt", handle="carol", domain="thexyz.com")
    assert said(answer) == ["The mailbox was taken over."]
    assert state(box) == "active"
    assert order_state(order) == "done"


def test_services_without_a_mailbox_are_listed(support, store, box):
    store.sells("never")
    store.order("dora")
    pending = support.get("/console/sales/service/?state__exact=Pending")
    assert b"dora@thexyz.com" in pending.content
    assert b"anna@thexyz.com" not in pending.content


# --- many at once


@pytest.mark.parametrize(
    ("command", "then"), [("mailbox_suspend", "suspended"), ("mailbox_check", "active")]
)
def test_many_are_commanded_at_once_and_each_line_is_reported(
    manager, box, foreign, command, then
):
    answer = manager.post(
        LIST,
        {"action": command, "_selected_action": [str(box.pk), str(foreign.pk)]},
    )
    assert b"2 mailboxes were picked" in answer.content
    assert state(box) == "active"
    start = answer.context["start"]
    data = {
        "once": answer.context["once"],
        "ids": [box.pk, foreign.pk],
        "reason": "unpaid",
    }
    manager.post(start, data)
    manager.post(start, data)
    run = BulkRun.objects.get()
    assert bulk.work(run.pk, Deadline.after(20))
    assert {state(box), state(foreign)} == {then}
    assert [line.state for line in run.lines.all()] == ["done", "done"]
    shown = manager.get(f"/console/sales/bulkrun/{run.pk}/change/").content.decode()
    assert "2 of 2 lines are finished" in shown


def test_support_may_not_suspend_many(support, box):
    data = {"action": "mailbox_suspend", "_selected_action": [str(box.pk)]}
    support.post(LIST, data)
    assert (
        support.post(f"{LIST}bulk/mailbox_suspend/", {"once": "k"}).status_code == 403
    )
    assert state(box) == "active"
