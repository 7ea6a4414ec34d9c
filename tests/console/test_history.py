"""History: who did what and when, in one list that nobody can change."""

from __future__ import annotations

import pytest
from django import forms
from django.contrib.admin.models import LogEntry

from housemail.console.commands import CommandForm, reason_of
from housemail.people import acts
from housemail.people.models import User
from housemail.people.roles import Role
from tests.console.conftest import once

pytestmark = pytest.mark.django_db
LIST = "/console/admin/logentry/"
LOG = "/console/modulelog/modulelogentry/"


def rows(answer) -> list[str]:
    assert answer.status_code == 200
    return [row.change_message for row in answer.context["cl"].result_list]


def test_what_was_done_to_a_whole_list_is_found_there(manager, support, store):
    path = f"{LOG}do/off/"
    manager.post(path, {"once": once(manager, path)})
    said = "Log failures only: Only failed calls are logged."
    answer = support.get(f"{LIST}?q=failures")
    assert rows(answer) == [said]
    assert b"manager@example.com" in answer.content
    person = User.objects.get(email="manager@example.com").pk
    assert rows(support.get(f"{LIST}?person={person}")) == [said]
    entry = LogEntry.objects.get()
    page = support.get(f"{LIST}{entry.pk}/change/").content.decode()
    assert said in page
    assert "UTC" in page


def test_one_thing_is_linked(support, store):
    person = User.objects.get(email="support@example.com")
    acts.note(person, store.server, "Test connection: Done.")
    entry = LogEntry.objects.get()
    page = support.get(f"{LIST}{entry.pk}/change/").content.decode()
    assert f'href="/console/sales/saleserver/{store.server.pk}/change/"' in page


@pytest.mark.parametrize("role", Role)
def test_nobody_changes_it(signed_in, store, role):
    client = signed_in(role)
    acts.note(User.objects.get(email=f"{role.value}@example.com"), User, "x")
    entry = LogEntry.objects.get()
    assert client.get(f"{LIST}add/").status_code == 403
    assert client.post(f"{LIST}{entry.pk}/delete/", {"post": "yes"}).status_code == 403
    assert LogEntry.objects.get() == entry


def test_it_costs_the_same_with_few_and_many(
    support, store, django_assert_num_queries, django_assert_max_num_queries
):
    person = User.objects.get(email="support@example.com")
    acts.note(person, person, "x")
    support.get(LIST)
    with django_assert_max_num_queries(12) as captured:
        support.get(LIST)
    few = len(captured)
    for _ in range(60):
        acts.note(person, store.server, "x")
    with django_assert_num_queries(few):
        assert len(rows(support.get(LIST))) == 50


class _Asks(CommandForm):
    reason = forms.CharField(widget=forms.PasswordInput)


def test_a_password_is_never_a_reason():
    form = _Asks({"reason": "hush"})
    assert form.is_valid()
    assert reason_of(form) == ""
