"""The link that sets a mailbox's first password once; no password is ever mailed.

The token is signed, names the service and is good while no password has been set.
It is made when the e-mail is sent and stored nowhere. The door that serves the link
shall move it out of the address bar at once (session, then redirect).
"""

from __future__ import annotations

from django.core import signing

from housemail.mailboxes import provisioning, rules
from housemail.mailboxes.context import Actor, ActorKind, Answer
from housemail.mailboxes.errors import Refusal
from housemail.platforms.base import Deadline
from housemail.sales import contexts
from housemail.sales.errors import SaleConflict, SaleNotFound
from housemail.sales.models import Service
from housemail.sales.service_list import all_services

_SALT = "housemail.sales.first_password"
VALID_SECONDS = 14 * 24 * 3600


def make_link_token(service: Service) -> str:
    """Return a token for the link; it ends with use, with age, and with a new life."""
    return signing.dumps([service.pk, service.address], salt=_SALT)


def service_of(token: str) -> Service:
    """Return the service that a token is for, to show its address.

    Errors: ``link_invalid``, ``link_used``.
    """
    try:
        pk, address = signing.loads(token, salt=_SALT, max_age=VALID_SECONDS)
    except signing.SignatureExpired as exc:
        raise SaleConflict("link_used") from exc
    except (signing.BadSignature, TypeError, ValueError) as exc:
        raise SaleNotFound("link_invalid") from exc
    service = all_services().filter(pk=pk, address=address).first()
    ended = service is not None and service.state == Service.State.TERMINATED
    if service is None or service.passwords_set or ended:
        raise SaleConflict("link_used")
    return service


def redeem(token: str, deadline: Deadline, *, password: str) -> Answer:
    """Set the first password with a link's token, once.

    The token is used up before the call and given back when nothing was changed.
    Errors: ``link_invalid``, ``link_used``, PasswordUnsuitable, the verb's.
    """
    service = service_of(token)
    rules.check_password(password, suggestion=rules.generate_password)
    unused = Service.objects.filter(pk=service.pk, passwords_set=0)
    if not unused.update(passwords_set=1):
        raise SaleConflict("link_used")
    actor = Actor(ActorKind.CLIENT, str(service.customer_id), "link")
    try:
        return provisioning.set_password(
            contexts.for_service(service, actor), deadline, password=password
        )
    except Refusal:
        Service.objects.filter(pk=service.pk, passwords_set=1).update(passwords_set=0)
        raise
