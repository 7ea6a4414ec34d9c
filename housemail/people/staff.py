"""Who is staff: roles given and taken, second factors removed, nobody locked out.

There is always one owner who may sign in: the last one is neither demoted nor locked.
"""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from housemail.people import roles
from housemail.people.models import User
from housemail.people.roles import Role


class LastOwnerError(Exception):
    """Nobody could give roles any more."""

    def __str__(self) -> str:
        """Return the sentence, in the language of who reads it."""
        return _(
            "This is the last owner who may sign in. Make somebody else an owner first."
        )


def all_people() -> QuerySet[User]:
    """Return people with ``has_second_factor`` and their groups; two queries a list."""
    factors = Authenticator.objects.filter(user=OuterRef("pk"))
    return (
        User.objects.defer("password")
        .annotate(has_second_factor=Exists(factors))
        .prefetch_related("groups")
    )


def listed_role(person: User) -> Role | None:
    """Return the role of somebody of ``all_people``, without another query."""
    if person.is_superuser:
        return Role.OWNER
    return roles.strongest(group.name for group in person.groups.all())


def of_role(people: QuerySet[User], role: Role) -> QuerySet[User]:
    """Return those who are in a role's group; superusers are owners."""
    wanted = Q(groups__name=role.value)
    if role is Role.OWNER:
        wanted |= Q(is_superuser=True)
    return people.filter(wanted).distinct()


def customers(people: QuerySet[User]) -> QuerySet[User]:
    """Return those without a role."""
    names = [role.value for role in Role]
    return people.filter(is_superuser=False).exclude(groups__name__in=names)


def _is_last_owner(person: User) -> bool:
    """Say whether nobody else could give roles; called in a transaction."""
    _one_at_a_time()
    owners = of_role(User.objects.filter(is_active=True), Role.OWNER)
    return list(owners.values_list("pk", flat=True)) == [person.pk]


def _one_at_a_time() -> None:
    """Wait for whoever takes an owner away, before asking who the owners are.

    All lock the same row until their commit: two owners who demote each other would
    each still see the other one as an owner.
    """
    owners = Group.objects.filter(name=Role.OWNER.value)
    if not list(owners.select_for_update()):
        roles.make_groups()
        owners.select_for_update().get()


def change_role(person: User, role: Role | None) -> None:
    """Make this the only role; None makes a customer. Errors: LastOwnerError."""
    with transaction.atomic():
        if role is not Role.OWNER and _is_last_owner(person):
            raise LastOwnerError
        if role is not Role.OWNER and person.is_superuser:
            User.objects.filter(pk=person.pk).update(is_superuser=False)
            person.is_superuser = False
        roles.give(person, role)


def allow_sign_in(person: User, *, allowed: bool) -> None:
    """Lock somebody out, or in again. Errors: LastOwnerError."""
    with transaction.atomic():
        if not allowed and _is_last_owner(person):
            raise LastOwnerError
        User.objects.filter(pk=person.pk).update(is_active=allowed)
    person.is_active = allowed


def remove_second_factor(person: User) -> bool:
    """Remove it after a loss; say whether there was one.

    Staff sets up a new one before the console opens again.
    """
    return bool(Authenticator.objects.filter(user=person).delete()[0])
