"""Servers: tested before saving, their password never shown back nor sent elsewhere."""

from __future__ import annotations

import pytest
from django.contrib.admin.models import LogEntry

from housemail.sales.models import SaleServer, ServerGroup
from tests.console.conftest import said
from tests.console.test_orders import queries
from tests.sales.conftest import a_server

pytestmark = pytest.mark.django_db
LIST = "/console/sales/saleserver/"
ADD = f"{LIST}add/"


def typed(emulator, **changes):
    fields = {
        "name": "Second",
        "hostname": "127.0.0.1",
        "typed_endpoint": emulator.endpoint,
        "kind": "emailarray",
        "username": emulator.username,
        "password": emulator.password,
        "max_mailboxes": "0",
        "active": "on",
    }
    return {**fields, **changes}


def test_a_server_is_tested_before_it_is_saved(store, manager):
    sent = typed(store.emulator, groups=[store.group.pk], _test="1")
    store.sells(allowed_domains="thexyz.com,not-there.example")
    page = manager.post(ADD, sent).content.decode()
    assert "The connection works" in page
    assert "<li>thexyz.com</li>" in page
    assert "missing on the platform" in page
    assert "<li>not-there.example</li>" in page
    assert 'value="Second"' in page
    assert store.emulator.password not in page
    assert SaleServer.objects.count() == 1


def test_what_was_tested_is_saved_without_typing_the_password_again(store, manager):
    answer = manager.post(ADD, typed(store.emulator, _test="1"))
    kept = answer.context["adminform"].form.kept
    sent = typed(store.emulator, password="", password_kept=kept)
    assert manager.post(ADD, sent, follow=True).status_code == 200
    saved = SaleServer.objects.get(name="Second")
    assert saved.password == store.emulator.password


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"password": "wrong"}, "refused the user name or the password"),
        ({"typed_endpoint": "http://127.0.0.1:9/admin/json.php"}, "cannot be reached"),
    ],
)
def test_each_failure_has_its_sentence(store, manager, changes, says):
    page = manager.post(ADD, typed(store.emulator, _test="1", **changes)).content
    assert "The connection failed" in page.decode()
    assert says in page.decode()


def test_an_address_that_is_no_admin_api(store, manager):
    wrong = store.emulator.endpoint.replace("json.php", "nothing")
    page = manager.post(ADD, typed(store.emulator, _test="1", typed_endpoint=wrong))
    assert "not as the admin API" in page.content.decode()


def test_a_login_without_permission(store, manager):
    store.emulator.switch_on("permission_denied", action="getAllDomains")
    page = manager.post(ADD, typed(store.emulator, _test="1"))
    assert "The connection failed" in page.content.decode()


def test_a_form_with_mistakes_is_not_sent_anywhere(store, manager):
    page = manager.post(ADD, typed(store.emulator, _test="1", username=""))
    assert "The connection" not in page.content.decode()
    assert "This field is required" in page.content.decode()


def test_the_stored_password_is_never_shown(store, manager, support):
    path = f"{LIST}{store.server.pk}/change/"
    for client in (manager, support):
        for page in (path, LIST, f"{LIST}{store.server.pk}/history/"):
            answer = client.get(page)
            assert answer.status_code == 200
            assert store.emulator.password not in answer.content.decode()


def test_an_empty_password_keeps_the_stored_one(store, manager):
    path = f"{LIST}{store.server.pk}/change/"
    sent = typed(store.emulator, name="Renamed", password="")
    assert said(manager.post(path, sent, follow=True))
    store.server.refresh_from_db()
    assert store.server.name == "Renamed"
    assert store.server.password == store.emulator.password


@pytest.mark.parametrize("button", ["_save", "_test"])
def test_the_stored_password_does_not_go_to_another_host(store, manager, button):
    path = f"{LIST}{store.server.pk}/change/"
    other = typed(
        store.emulator,
        password="",
        typed_endpoint="http://127.0.0.1:9/admin/json.php",
        **{button: "1"},
    )
    page = manager.post(path, other).content.decode()
    assert "enter the password again" in page
    store.server.refresh_from_db()
    assert store.server.endpoint == store.emulator.endpoint


def test_a_used_server_is_not_deleted(store, manager):
    store.order()
    path = f"{LIST}{store.server.pk}/delete/"
    assert manager.post(path, {"post": "yes"}).status_code == 403
    free = a_server(store.emulator, "Free")
    manager.post(f"{LIST}{free.pk}/delete/", {"post": "yes"})
    assert not SaleServer.objects.filter(name="Free").exists()


def test_support_may_look_but_not_test(store, support):
    assert support.post(ADD, typed(store.emulator, _test="1")).status_code == 403
    path = f"{LIST}{store.server.pk}/change/"
    sent = typed(store.emulator, _test="1")
    assert support.post(path, sent).status_code == 403


def test_lists_cost_the_same_with_many_rows(store, support):
    groups = "/console/sales/servergroup/"
    few = [queries(support, path) for path in (LIST, groups)]
    for number in range(12):
        a_server(store.emulator, f"S{number}").groups.add(store.group)
        ServerGroup.objects.create(name=f"G{number}")
    assert [queries(support, path) for path in (LIST, groups)] == few


def test_changes_are_in_the_history_without_the_password(store, manager):
    path = f"{LIST}{store.server.pk}/change/"
    manager.post(path, typed(store.emulator, name="Renamed", password="another 1!"))
    row = LogEntry.objects.get(object_id=str(store.server.pk))
    assert str(row.user) == "manager@example.com"
    assert "Password" in row.get_change_message()
    assert "another 1!" not in row.change_message
    page = manager.get(f"{LIST}{store.server.pk}/history/").content.decode()
    assert "manager@example.com" in page
