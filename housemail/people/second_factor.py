"""Whether a session has shown a second factor, not only whether its account has one.

A session that began before the factor was set up elsewhere has shown nothing: it would
stay a session of the password alone.
"""

from __future__ import annotations

from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from django.http import HttpRequest

from housemail.people.models import User

METHOD = "mfa"  # allauth's own word, for a sign-in and for a confirmation


def was_shown(request: HttpRequest) -> bool:
    """Say whether this session has shown a factor that the account still has."""
    user = request.user
    if not isinstance(user, User):
        return False
    shown = [
        record.get("id")
        for record in get_authentication_records(request, user)
        if record.get("method") == METHOD
    ]
    return (
        bool(shown) and Authenticator.objects.filter(user=user, pk__in=shown).exists()
    )


def watch() -> None:
    """Remember in the session that it was here that a factor was set up."""
    authenticator_added.connect(_remember, dispatch_uid="second_factor_shown")


def _remember(
    *, request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any
) -> None:
    del kwargs  # the signal brings more
    # Recovery codes are made without typing any: that shows nothing.
    if authenticator.type == Authenticator.Type.TOTP:
        more = {"id": authenticator.pk, "type": str(authenticator.type)}
        record_authentication(request, user, METHOD, **more)
