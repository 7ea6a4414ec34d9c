"""Roles: the table of the docstring is the table that counts."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import AnonymousUser, Group
from django.core.exceptions import PermissionDenied
from django.core.management import call_command

from housemail.people import roles
from housemail.people.models import User
from housemail.people.roles import Action, Role, may

pytestmark = pytest.mark.django_db


def person(role: Role | None) -> User:
    user = User.objects.create_user(f"{role or 'customer'}@house.test")
    roles.give(user, role)
    return user


def drawn() -> dict[tuple[str, str], bool]:
    """Read the table in the docstring."""
    head, body = re.split(r"^=[= ]+$", roles.__doc__ or "", flags=re.MULTILINE)[1:3]
    lines = [*head.strip().splitlines(), *body.strip().splitlines()]
    columns = lines[0].split()[1:]
    starts = [lines[0].index(column) for column in columns]
    return {
        (line.split()[0], column): "x" in line[start : start + len(column)]
        for line in lines[1:]
        for column, start in zip(columns, starts, strict=True)
    }


def test_the_drawn_table_is_complete_and_true() -> None:
    assert drawn() == {
        (action.value, role.value): action in roles.ALLOWED[role]
        for action in Action
        for role in Role
    }


@pytest.mark.parametrize("role", Role)
def test_a_role_allows_what_the_table_says(role: Role) -> None:
    user = person(role)
    assert user.is_staff
    assert {action for action in Action if may(user, action)} == roles.ALLOWED[role]


def test_only_owners_touch_keys_and_staff() -> None:
    for action in (Action.EDIT_KEYS, Action.EDIT_STAFF):
        assert [role for role in Role if action in roles.ALLOWED[role]] == [Role.OWNER]


def test_customers_and_strangers_are_allowed_nothing() -> None:
    customer = person(None)
    assert not customer.is_staff
    for action in Action:
        assert not may(customer, action)
        assert not may(AnonymousUser(), action)


def test_who_may_not_sign_in_may_nothing() -> None:
    user = person(Role.OWNER)
    user.is_active = False
    assert not user.is_staff
    assert not may(user, Action.SEE)


def test_a_new_role_replaces_the_old_one_at_once() -> None:
    user = person(Role.MANAGER)
    assert may(user, Action.RUN_SERVICES)
    roles.give(user, Role.SUPPORT)
    assert not may(user, Action.RUN_SERVICES)
    assert may(user, Action.UNSUSPEND)
    roles.give(user, None)
    assert not user.is_staff


def test_the_strongest_of_several_groups_counts() -> None:
    user = User.objects.create_user("anna@house.test")
    user.groups.set(Group.objects.filter(name__in=["support", "manager"]))
    assert user.role is Role.MANAGER


def test_djangos_superuser_is_an_owner() -> None:
    user = User.objects.create_superuser("root@house.test", "a secret")
    assert user.role is Role.OWNER


def test_require_refuses() -> None:
    roles.require(person(Role.OWNER), Action.EDIT_KEYS)
    with pytest.raises(PermissionDenied):
        roles.require(person(Role.MANAGER), Action.EDIT_KEYS)


def test_migrate_makes_the_groups_again() -> None:
    Group.objects.all().delete()
    call_command("migrate", verbosity=0)
    assert set(Group.objects.values_list("name", flat=True)) == set(Role)


def test_asking_several_times_costs_one_query(django_assert_num_queries) -> None:
    user = User.objects.get(pk=person(Role.SUPPORT).pk)
    with django_assert_num_queries(1):
        assert user.is_staff
        assert may(user, Action.SEE)
        assert not may(user, Action.EDIT_KEYS)
