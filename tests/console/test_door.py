"""The console's door: who is let in, and where the others are sent."""

from __future__ import annotations

import pytest

from housemail.people.enrol import enrol, give_second_factor
from housemail.people.roles import Role

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse 7 battery"


def way(client, path="/console/"):
    """Where one is led, up to the first page or refusal."""
    answer = client.get(path, follow=True)
    chain = [path, *(step[0].split("?")[0] for step in answer.redirect_chain)]
    return chain[-1], answer.status_code


def test_strangers_sign_in_as_everybody_does(client):
    assert way(client) == ("/account/login/", 200)
    last = client.get("/console/", follow=True).redirect_chain[-1][0]
    assert last == "/account/login/?next=/console/"


def test_customers_are_refused(client):
    client.force_login(enrol("anna@example.com", PASSWORD))
    assert way(client) == ("/console/login/", 403)


@pytest.mark.parametrize("role", Role)
def test_staff_without_a_second_factor_sets_one_up_first(client, role):
    enrol("staff@example.com", PASSWORD, role=role)
    client.post("/account/login/", {"login": "staff@example.com", "password": PASSWORD})
    assert way(client) == ("/account/second-factor/totp/activate/", 200)


@pytest.mark.parametrize("role", Role)
def test_staff_with_a_second_factor_is_let_in(client, role):
    user = enrol("staff@example.com", PASSWORD, role=role)
    give_second_factor(user)
    client.force_login(user)
    assert way(client) == ("/console/", 200)


def test_a_password_alone_is_not_enough_once_there_is_a_second_factor(client):
    user = enrol("staff@example.com", PASSWORD, role=Role.OWNER)
    give_second_factor(user)
    client.post("/account/login/", {"login": user.email, "password": PASSWORD})
    assert way(client) == ("/account/second-factor/authenticate/", 200)
    assert "_auth_user_id" not in client.session


def test_a_former_member_of_staff_is_refused_at_once(client):
    user = enrol("staff@example.com", PASSWORD, role=Role.OWNER)
    give_second_factor(user)
    client.force_login(user)
    user.groups.clear()
    assert way(client) == ("/console/login/", 403)


def test_the_console_has_no_sign_in_form_of_its_own(client):
    answer = client.post("/console/login/", {"username": "a", "password": "b"})
    assert answer["Location"].startswith("/account/login/")
    assert client.get("/console/logout/", follow=True).redirect_chain
