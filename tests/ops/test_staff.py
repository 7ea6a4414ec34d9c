"""``housemail release`` and ``housemail settle``."""

from __future__ import annotations

import getpass
from datetime import timedelta

import pytest
from django.core.management.base import CommandError
from django.utils import timezone

from housemail.installations.models import Installation
from housemail.mailboxes.models import Claim, HouseDomain, ReservedRelease
from housemail.ops import command


@pytest.fixture
def domain(db) -> HouseDomain:
    return HouseDomain.objects.create(name="thexyz.com", account="a")


def test_a_reserved_name_is_given_out_with_who_and_why(run, domain):
    said = run("release", "Sales@thexyz.com", "--reason", "the sales team itself")
    assert said == "sales@thexyz.com is no longer reserved.\n"
    row = ReservedRelease.objects.get()
    assert (row.handle, row.reason) == ("sales", "the sales team itself")
    assert row.actor == command.actor()
    assert row.actor.startswith("shell")


def test_a_quarantine_is_ended(run, domain):
    Claim.objects.create(
        house_domain=domain,
        handle="anna",
        kind=Claim.Kind.QUARANTINE,
        installation=Installation.objects.create(name="one"),
        expires_at=timezone.now() + timedelta(days=9),
        changed_at=timezone.now(),
    )
    said = run("release", "anna@thexyz.com", "--reason", "asked by its owner")
    assert said == "anna@thexyz.com was in quarantine and is free now.\n"
    assert "free already" in run("release", "anna@thexyz.com", "--reason", "again")


@pytest.mark.parametrize("address", ["nonsense", "", "anna@", "@thexyz.com"])
def test_what_is_no_whole_address_is_a_sentence(run, domain, address):
    with pytest.raises(CommandError, match="give the whole address") as refused:
        run("release", address, "--reason", "because")
    assert refused.value.returncode == 2


@pytest.mark.parametrize("address", ["anna@elsewhere.example", "a@b@thexyz.com"])
def test_what_cannot_be_released_is_a_sentence(run, domain, address):
    with pytest.raises(CommandError) as refused:
        run("release", address, "--reason", "because")
    assert refused.value.returncode == 1
    assert len(str(refused.value)) > 10


def test_a_reason_is_needed(run, domain):
    with pytest.raises(CommandError):
        run("release", "anna@thexyz.com")
    with pytest.raises(CommandError):
        run("release", "anna@thexyz.com", "--reason", " ")


def test_settle_counts(run):
    assert run("settle") == "0 settled, 0 still open.\n"


def test_commands_need_a_current_database(run, monkeypatch):
    from housemail.ops import database

    monkeypatch.setattr(database, "pending", lambda: ["one"])
    with pytest.raises(CommandError, match="housemail migrate"):
        run("settle")
    monkeypatch.setattr(database, "why_not", lambda: "no route to host")
    with pytest.raises(CommandError, match="no route to host"):
        run("settle")


def test_a_user_without_a_name(monkeypatch):
    def nobody() -> str:
        raise KeyError

    monkeypatch.setattr(getpass, "getuser", nobody)
    assert command.actor() == "shell"
