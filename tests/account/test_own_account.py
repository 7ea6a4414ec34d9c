"""One's own account: name and language, second factor, and what each page costs."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator

from housemail.account.adapter import SecondFactorAdapter
from housemail.people.enrol import enrol, give_second_factor
from housemail.people.models import User
from housemail.people.roles import Role

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse 7 battery"
OWN = [
    "/account/",
    "/account/email/",
    "/account/password/change/",
    "/account/second-factor/",
]


@pytest.fixture
def anna(client) -> User:
    user = enrol("anna@example.com", PASSWORD, name="Anna")
    client.post("/account/login/", {"login": user.email, "password": PASSWORD})
    return user


@pytest.mark.parametrize("path", OWN)
def test_strangers_are_asked_to_sign_in(client, path):
    assert client.get(path)["Location"].startswith("/account/login/?next=")


def test_name_and_language_are_changed(client, anna):
    answer = client.post("/account/", {"name": "Anna B.", "language": "de"})
    assert answer["Location"] == "/account/"
    anna.refresh_from_db()
    assert (anna.name, anna.language) == ("Anna B.", "de")
    assert client.get("/account/")["Content-Language"] == "de"


def test_nobody_makes_themselves_staff(client, anna):
    data = {"name": "A", "language": "", "is_superuser": "1", "groups": "1"}
    client.post("/account/", {**data, "email": "x@example.com"})
    anna = User.objects.get()
    assert not anna.is_staff
    assert anna.email == "anna@example.com"


def test_a_refused_form_keeps_what_was_typed_and_changes_nothing(client, anna):
    answer = client.post("/account/", {"name": "N" * 101, "language": "de"})
    assert answer.status_code == 200
    assert b"N" * 101 in answer.content
    anna.refresh_from_db()
    assert anna.name == "Anna"


@pytest.mark.parametrize("path", OWN)
def test_a_page_costs_a_fixed_few_queries(
    client, anna, path, django_assert_max_num_queries
):
    client.get(path)
    with django_assert_max_num_queries(7):
        assert client.get(path).status_code == 200


def test_who_just_typed_the_password_is_not_asked_again(client, anna):
    activate = "/account/second-factor/totp/activate/"
    assert client.get(activate).status_code == 200
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] -= 301
    session.save()
    assert client.get(activate)["Location"].startswith("/account/reauthenticate/")


def test_secrets_of_second_factors_are_encrypted_at_rest():
    user = enrol("staff@example.com", PASSWORD, role=Role.OWNER)
    factor = give_second_factor(user)
    stored = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert factor.secret not in stored
    adapter = SecondFactorAdapter()
    assert adapter.decrypt(adapter.encrypt(factor.secret)) == factor.secret
    assert len(factor.recovery_codes) == 10


def test_a_new_second_factor_replaces_the_old_one():
    user = enrol("staff@example.com", PASSWORD)
    first = give_second_factor(user)
    second = give_second_factor(user)
    assert first != second
    assert Authenticator.objects.filter(user=user).count() == 2
