"""The console's door: who is let in, and where the others are sent."""

from __future__ import annotations

import time

import pytest
from allauth.mfa.totp.internal.auth import hotp_value
from django.core.cache import cache
from django.test import Client

from housemail.people.enrol import enrol, give_second_factor
from housemail.people.models import User
from housemail.people.roles import Role
from housemail.people.staff import remove_second_factor
from tests.console.conftest import enter

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse 7 battery"
AUTHENTICATE = "/account/second-factor/authenticate/"
REAUTHENTICATE = "/account/second-factor/reauthenticate/"
# A factor that is set up is told after the commit.
committed = pytest.mark.django_db(transaction=True)
ACTIVATE = "/account/second-factor/totp/activate/"


@pytest.fixture(autouse=True)
def nobody_tried_yet() -> None:
    cache.clear()


def code_of(secret: str) -> str:
    """What an authenticator shows in this moment."""
    return f"{hotp_value(secret, int(time.time()) // 30):06}"


def sign_in(client: Client, user: User) -> None:
    client.post("/account/login/", {"login": user.email, "password": PASSWORD})


def set_up(client: Client) -> str:
    """Set up a second factor in this session, as people do."""
    secret = client.get(ACTIVATE).context["form"].secret
    client.post(ACTIVATE, {"code": code_of(secret)})
    return str(secret)


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
    secret = give_second_factor(user).secret
    sign_in(client, user)
    client.post(AUTHENTICATE, {"code": code_of(secret)})
    assert way(client) == ("/console/", 200)


@committed
def test_setting_the_second_factor_up_here_is_enough(client):
    sign_in(client, enrol("staff@example.com", PASSWORD, role=Role.OWNER))
    set_up(client)
    assert way(client) == ("/console/", 200)


@committed
def test_a_factor_set_up_elsewhere_is_asked_for_here(client):
    other = Client()
    user = enrol("staff@example.com", PASSWORD, role=Role.OWNER)
    for each in (client, other):
        sign_in(each, user)
    secret = set_up(other)
    assert way(other) == ("/console/", 200)
    assert way(client, "/console/people/user/") == (REAUTHENTICATE, 200)
    answer = client.get("/console/", follow=True)
    assert b"made without your second factor" in answer.content
    wrong = client.post(f"{REAUTHENTICATE}?next=/console/", {"code": "000000"})
    assert wrong.status_code == 200
    assert way(client) == (REAUTHENTICATE, 200)
    cache.clear()  # one code is good once
    code = {"code": code_of(secret)}
    answer = client.post(REAUTHENTICATE, {**code, "next": "/console/"})
    assert answer["Location"] == "/console/"
    assert way(client) == ("/console/", 200)


@committed
@pytest.mark.parametrize(
    "path",
    [
        "/account/second-factor/recovery-codes/",
        "/account/second-factor/recovery-codes/generate/",
        "/account/second-factor/totp/deactivate/",
    ],
)
def test_the_password_alone_neither_sees_nor_removes_the_factor(client, path):
    other = Client()
    user = enrol("staff@example.com", PASSWORD, role=Role.OWNER)
    for each in (client, other):
        sign_in(each, user)
    set_up(other)
    assert way(other, path) == (path, 200)
    assert way(client, path) == (REAUTHENTICATE, 200)
    data = {"password": PASSWORD, "next": path}
    client.post("/account/reauthenticate/", data)
    assert way(client, path) == (REAUTHENTICATE, 200)


def test_a_removed_factor_no_longer_opens(client):
    user = enrol("staff@example.com", PASSWORD, role=Role.OWNER)
    give_second_factor(user)
    enter(client, user)
    remove_second_factor(user)
    give_second_factor(user)
    assert way(client) == (REAUTHENTICATE, 200)


def test_a_password_alone_is_not_enough_once_there_is_a_second_factor(client):
    user = enrol("staff@example.com", PASSWORD, role=Role.OWNER)
    give_second_factor(user)
    client.post("/account/login/", {"login": user.email, "password": PASSWORD})
    assert way(client) == ("/account/second-factor/authenticate/", 200)
    assert "_auth_user_id" not in client.session


def test_a_former_member_of_staff_is_refused_at_once(client):
    user = enrol("staff@example.com", PASSWORD, role=Role.OWNER)
    give_second_factor(user)
    enter(client, user)
    user.groups.clear()
    assert way(client) == ("/console/login/", 403)


def test_the_console_has_no_sign_in_form_of_its_own(client):
    answer = client.post("/console/login/", {"username": "a", "password": "b"})
    assert answer["Location"].startswith("/account/login/")
    assert client.get("/console/logout/", follow=True).redirect_chain
