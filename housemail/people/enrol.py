"""Make an account for somebody, as a command or the demo does it."""

from __future__ import annotations

from dataclasses import dataclass

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.db import transaction
from django.urls import reverse

from housemail.people import roles
from housemail.people.models import User


@dataclass(frozen=True)
class SecondFactor:
    """What an authenticator is set up with, and what to use without one."""

    secret: str
    recovery_codes: list[str]


def enrol(
    email: str,
    password: str | None,
    *,
    name: str = "",
    language: str = "",
    role: roles.Role | None = None,
) -> User:
    """Make a person whose address counts as confirmed: somebody vouches for it.

    Without a password the person sets one by ``password_link``.

    Errors: IntegrityError, when the address has an account already.
    """
    with transaction.atomic():
        user = User.objects.create_user(email, password, name=name, language=language)
        EmailAddress.objects.create(
            user=user, email=user.email, verified=True, primary=True
        )
        if role is not None:
            roles.give(user, role)
    return user


def give_second_factor(user: User) -> SecondFactor:
    """Set up a second factor for somebody; an earlier one no longer works."""
    secret = generate_totp_secret()
    with transaction.atomic():
        Authenticator.objects.filter(user=user).delete()
        TOTP.activate(user, secret)
        codes = RecoveryCodes.activate(user)
    return SecondFactor(secret, codes.get_unused_codes())


def password_link(user: User) -> str:
    """Return the path at which this person sets a password, once, within days.

    Whoever has it can sign in as this person: show it once, never log it.
    """
    key = default_token_generator.make_token(user)
    return reverse(
        "account_reset_password_from_key",
        kwargs={"uidb36": user_pk_to_url_str(user), "key": key},
    )
