"""Owners who take each other away at the same time: one of them stays."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.auth.models import Group
from django.db import connections

from housemail.people import roles, staff
from housemail.people.models import User
from housemail.people.roles import Role

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.databases]
MANY = 6


def owners() -> list[User]:
    found = staff.of_role(User.objects.filter(is_active=True), Role.OWNER)
    return list(found.order_by("pk"))


def all_at_once(work: Callable[[User], None]) -> int:
    """Do it to every owner, each in a thread of its own; count the refusals."""
    everybody = owners()
    barrier = threading.Barrier(len(everybody))

    def one(person: User) -> int:
        barrier.wait(timeout=30)
        try:
            work(person)
        except staff.LastOwnerError:
            return 1
        finally:
            connections.close_all()
        return 0

    with ThreadPoolExecutor(max_workers=len(everybody)) as pool:
        return sum(pool.map(one, everybody))


@pytest.mark.parametrize(
    "work",
    [
        lambda person: staff.change_role(person, Role.SUPPORT),
        lambda person: staff.allow_sign_in(person, allowed=False),
    ],
    ids=["demoted", "locked"],
)
def test_owners_who_go_all_at_once_leave_one(work):
    for number in range(MANY):
        person = User.objects.create_user(f"owner{number}@house.test")
        roles.give(person, Role.OWNER)
    assert all_at_once(work) == 1
    assert len(owners()) == 1


def test_the_rule_stands_without_the_group_too():
    Group.objects.all().delete()
    root = User.objects.create_user("root@house.test", is_superuser=True)
    with pytest.raises(staff.LastOwnerError):
        staff.change_role(root, Role.SUPPORT)
