"""Staff and customers: roles are the owners' matter, and one owner always stays."""

from __future__ import annotations

import pytest
from django.contrib.admin.models import LogEntry

from housemail.people.enrol import enrol
from housemail.people.models import User
from housemail.people.roles import Role
from tests.console.conftest import PASSWORD, once, said, staff
from tests.console.test_orders import queries
from tests.sales.conftest import person

pytestmark = [pytest.mark.databases, pytest.mark.django_db]
LIST = "/console/people/user/"


def do(client, who: User, name: str, **data: str):
    path = f"{LIST}{who.pk}/do/{name}/"
    return client.post(path, {"once": once(client, path), **data}, follow=True)


def the(email: str) -> User:
    return User.objects.get(email=email)


def test_an_owner_gives_a_role(owner):
    anna = enrol("anna@example.org", PASSWORD)
    answer = do(owner, anna, "role", role="manager")
    assert said(answer) == ["anna@example.org is now: Manager."]
    assert the("anna@example.org").role is Role.MANAGER
    do(owner, anna, "role", role="")
    assert the("anna@example.org").role is None


@pytest.mark.parametrize(
    ("name", "data"), [("role", {"role": "support"}), ("lock", {})]
)
def test_the_last_owner_stays(owner, name, data):
    me = the("owner@example.com")
    [sentence] = said(do(owner, me, name, **data))
    assert sentence.startswith("This is the last owner")
    me = the("owner@example.com")
    assert me.role is Role.OWNER
    assert me.is_active


def test_one_of_two_owners_may_go_and_a_locked_one_does_not_count(owner):
    other = staff(Role.OWNER, "second@example.com")
    do(owner, other, "lock")
    me = the("owner@example.com")
    assert said(do(owner, me, "role", role="support"))[0].startswith("This is the last")
    do(owner, other, "unlock")
    do(owner, me, "role", role="support")
    assert the("owner@example.com").role is Role.SUPPORT


def test_a_superuser_is_demoted_too(owner):
    root = User.objects.create_superuser("root@example.com", PASSWORD)
    do(owner, root, "role", role="support")
    assert the("root@example.com").role is Role.SUPPORT


def test_a_lost_second_factor_is_removed(owner):
    lost = staff(Role.SUPPORT, "lost@example.com")
    said_first = said(do(owner, lost, "remove-second-factor"))
    assert said_first == ["The second factor was removed."]
    assert said(do(owner, lost, "remove-second-factor")) == [
        "There was no second factor."
    ]


def test_a_member_of_staff_is_added_by_a_link_that_is_shown_once(owner, client):
    path = f"{LIST}do/invite/"
    sent = {"once": once(owner, path), "email": "new@example.com", "role": "support"}
    answer = owner.post(path, sent)
    link = answer.context["secret"]
    assert link in answer.content.decode()
    again = owner.post(path, sent, follow=True)
    assert link not in again.content.decode()
    new = User.objects.get(email="new@example.com")
    entry = LogEntry.objects.get()
    assert entry.change_message == (
        "Add a member of staff: new@example.com was added: Support."
    )
    assert entry.object_id == str(new.pk)
    form = client.get(link[link.index("/account/") :], follow=True)
    assert form.status_code == 200
    assert b"password1" in form.content


def test_a_mistake_keeps_what_was_typed(owner):
    path = f"{LIST}do/invite/"
    sent = {"once": once(owner, path), "email": "nonsense", "role": "support"}
    answer = owner.post(path, sent)
    assert answer.status_code == 422
    assert 'value="nonsense"' in answer.content.decode()
    enrol("anna@example.org", PASSWORD)
    answer = owner.post(path, {**sent, "email": "Anna@example.org"})
    assert "This address has an account" in answer.content.decode()


def test_people_are_found_by_role(owner, support):
    person(name="Somebody")
    answer = support.get(LIST, {"role": "customer"})
    assert [row.name for row in answer.context["cl"].result_list] == ["Somebody"]
    answer = support.get(LIST, {"role": "owner"})
    assert answer.context["cl"].result_count == 1


def test_no_digest_of_a_password_is_shown(owner):
    me = the("owner@example.com")
    for path in (LIST, f"{LIST}{me.pk}/change/"):
        assert me.password not in owner.get(path).content.decode()


def test_the_list_costs_the_same_with_many_rows(support):
    few = queries(support, LIST)
    for _number in range(12):
        person()
    assert queries(support, LIST) == few
