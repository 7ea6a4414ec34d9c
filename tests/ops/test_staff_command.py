"""``housemail staff``: who may open the console."""

from __future__ import annotations

import getpass
import sys

import pytest
from django.core.management.base import CommandError

from housemail.people.enrol import enrol, give_second_factor
from housemail.people.models import User
from housemail.people.roles import Role

EMAIL = "anna@example.com"
PASSWORD = "correct horse 7 battery"


def test_the_first_owner_sets_a_password_by_a_link_that_works_once(run, client):
    said = run("staff", "add", "Anna@example.com", "--role", "owner", "--name", "Anna")
    link = said.splitlines()[0]
    assert link.startswith("http://127.0.0.1:8000/account/")
    path = link.removeprefix("http://127.0.0.1:8000")
    form = client.get(path, follow=True)
    chosen = {"password1": PASSWORD, "password2": PASSWORD}
    client.post(form.redirect_chain[-1][0], chosen, follow=True)
    anna = User.objects.get(email=EMAIL)
    assert (anna.name, anna.role) == ("Anna", Role.OWNER)
    assert anna.check_password(PASSWORD)
    client.logout()
    assert b"password1" not in client.get(path, follow=True).content


def test_a_password_may_be_asked_on_the_terminal(run, monkeypatch):
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(getpass, "getpass", lambda _prompt: PASSWORD)
    said = run("staff", "add", EMAIL, "--role", "support", "--password")
    assert PASSWORD not in said
    assert User.objects.get(email=EMAIL).check_password(PASSWORD)


@pytest.mark.parametrize("typed", [["short", "short"], [PASSWORD, "another"]])
def test_a_poor_or_mistyped_password_adds_nobody(run, monkeypatch, typed):
    answers = iter(typed)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(getpass, "getpass", lambda _prompt: next(answers))
    with pytest.raises(CommandError):
        run("staff", "add", EMAIL, "--role", "support", "--password")
    assert not User.objects.exists()


def test_no_password_is_read_from_a_pipe(run, monkeypatch):
    monkeypatch.setattr(sys.stdin, "isatty", lambda: False, raising=False)
    with pytest.raises(CommandError, match="terminal"):
        run("staff", "add", EMAIL, "--role", "support", "--password")


def test_staff_is_listed_with_second_factors(run):
    assert "Nobody is staff yet" in run("staff", "list")
    give_second_factor(enrol(EMAIL, PASSWORD, role=Role.OWNER))
    enrol("bob@example.com", PASSWORD)
    said = run("staff", "list")
    assert EMAIL in said
    assert "yes" in said
    assert "bob@example.com" not in said


def test_roles_change_but_the_last_owner_stays(run):
    enrol(EMAIL, PASSWORD, role=Role.OWNER)
    with pytest.raises(CommandError, match="last owner"):
        run("staff", "role", EMAIL, "customer")
    enrol("bob@example.com", PASSWORD)
    assert run("staff", "role", "Bob@example.com", "owner").endswith("owner.\n")
    run("staff", "role", EMAIL, "customer")
    assert User.objects.get(email=EMAIL).role is None


def test_a_second_factor_is_removed(run):
    give_second_factor(enrol(EMAIL, PASSWORD, role=Role.OWNER))
    assert "was removed" in run("staff", "remove-second-factor", EMAIL)
    assert "has no second factor" in run("staff", "remove-second-factor", EMAIL)


@pytest.mark.parametrize(
    "words",
    [
        ("add", "nonsense", "--role", "owner"),
        ("role", "nobody@example.com", "owner"),
        ("remove-second-factor", "nobody@example.com"),
    ],
)
def test_what_cannot_be_done_is_a_sentence(run, words):
    with pytest.raises(CommandError) as refused:
        run("staff", *words)
    assert len(str(refused.value)) > 10


def test_an_address_that_has_an_account_gets_no_second_one(run):
    enrol(EMAIL, PASSWORD)
    with pytest.raises(CommandError, match="staff role"):
        run("staff", "add", EMAIL, "--role", "owner")
