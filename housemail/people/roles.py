"""What staff may do: the one table, and the one question ``may(user, action)``.

A role is a Django group, so that the console can give and take it. Nothing is allowed
by a group's Django permissions: only this table counts.

============================  =======  =======  =====
action                        support  manager  owner
============================  =======  =======  =====
see                              x        x       x
unsuspend                        x        x       x
reset_password                   x        x       x
check_service                    x        x       x
run_services                              x       x
open_webmail                              x       x
run_orders                                x       x
edit_catalogue                            x       x
edit_servers                              x       x
edit_names                                x       x
settle_operations                         x       x
edit_settings                             x       x
edit_keys                                         x
edit_staff                                        x
============================  =======  =======  =====
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Protocol

from django.contrib.auth.models import AnonymousUser, Group, PermissionsMixin
from django.core.exceptions import PermissionDenied
from django.db import transaction


class Role(StrEnum):
    """A staff role; the value is the group's name. From the least to the most."""

    SUPPORT = "support"
    MANAGER = "manager"
    OWNER = "owner"


class Action(StrEnum):
    """What the console can do to something that is not one's own."""

    SEE = "see"
    UNSUSPEND = "unsuspend"
    RESET_PASSWORD = "reset_password"  # noqa: S105 - an action's name
    CHECK_SERVICE = "check_service"
    RUN_SERVICES = "run_services"  # create, suspend, terminate, change package, adopt
    OPEN_WEBMAIL = "open_webmail"  # somebody's letters: not for everybody
    RUN_ORDERS = "run_orders"  # accept, mark as paid, cancel, try again
    EDIT_CATALOGUE = "edit_catalogue"
    EDIT_SERVERS = "edit_servers"
    EDIT_NAMES = "edit_names"  # reserve, release with a reason
    SETTLE_OPERATIONS = "settle_operations"  # decide what stayed unknown, apply drift
    EDIT_SETTINGS = "edit_settings"  # module log on and off, how long it is kept
    EDIT_KEYS = "edit_keys"
    EDIT_STAFF = "edit_staff"  # who may make owners may do all that owners may


_SUPPORT = frozenset(
    {Action.SEE, Action.UNSUSPEND, Action.RESET_PASSWORD, Action.CHECK_SERVICE}
)
_OWNERS_ONLY = frozenset({Action.EDIT_KEYS, Action.EDIT_STAFF})

ALLOWED: Mapping[Role, frozenset[Action]] = {
    Role.SUPPORT: _SUPPORT,
    Role.MANAGER: frozenset(Action) - _OWNERS_ONLY,
    Role.OWNER: frozenset(Action),
}


class Person(Protocol):
    """What the table needs to know of somebody signed in (people.User)."""

    @property
    def is_active(self) -> bool:
        """Whether this person may sign in."""

    @property
    def role(self) -> Role | None:
        """The staff role; None for a customer."""


def may(user: Person | AnonymousUser, action: Action) -> bool:
    """Return whether this person's role allows it. Customers are allowed nothing."""
    if isinstance(user, AnonymousUser) or not user.is_active:
        return False
    return user.role is not None and action in ALLOWED[user.role]


def require(user: Person | AnonymousUser, action: Action) -> None:
    """Raise PermissionDenied when this person may not do it."""
    if not may(user, action):
        raise PermissionDenied(action)


def role_of(user: PermissionsMixin) -> Role | None:
    """Return the strongest role somebody has, or None."""
    if user.is_superuser:
        return Role.OWNER
    if not user.pk:
        return None
    return strongest(user.groups.values_list("name", flat=True))


def strongest(group_names: Iterable[str]) -> Role | None:
    """Return the strongest role among the names of groups, or None."""
    names = set(group_names)
    return next((role for role in reversed(Role) if role.value in names), None)


def give(user: PermissionsMixin, role: Role | None) -> None:
    """Make this somebody's only role; None makes a customer of them."""
    with transaction.atomic():
        ours = Group.objects.filter(name__in=[each.value for each in Role])
        user.groups.remove(*ours)
        if role is not None:
            group, _ = Group.objects.get_or_create(name=role.value)
            user.groups.add(group)
    # The answer is kept per object, and it has changed.
    user.__dict__.pop("role", None)


def make_groups(using: str = "default") -> None:
    """Make the groups that are missing."""
    for role in Role:
        Group.objects.using(using).get_or_create(name=role.value)
