"""Fills a demo: the sheet's own set-up, people, and orders in every state.

Everything goes through the verbs that the pages use, against the imitated platform,
with a real cause for each state. A platform elsewhere gets the set-up and the people
only: nobody's real platform receives a mailbox from a demo.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX, make_password
from django.db import transaction

from housemail.mailboxes.context import ServerDetails
from housemail.modulelog import storage
from housemail.ops.demo import cast, sign_ins
from housemail.ops.demo.control import Control
from housemail.ops.demo.story import Story, hinder
from housemail.people.enrol import enrol, give_second_factor
from housemail.people.models import User
from housemail.people.roles import Role
from housemail.sales import opening
from housemail.sales.models import Order, Product

# So that the module log shows more than failures.
LOG_HOURS = 24
CALM = "calm"


@dataclass
class Seeded:
    """What was made; ``orders`` by the handle that was wanted."""

    products: dict[str, Product] = field(default_factory=dict)
    customers: dict[str, User] = field(default_factory=dict)
    staff: dict[str, User] = field(default_factory=dict)
    orders: dict[str, Order] = field(default_factory=dict)


def seed(
    details: ServerDetails,
    domains: Sequence[str],
    control: Control | None = None,
    preset: str = CALM,
) -> Seeded:
    """Make what is missing of set-up and people; with ``control`` tell the story too.

    ``control``: of the imitated platform behind ``details``, which is calm while the
    story is told and then behaves as ``preset`` says.
    """
    made = Seeded()
    products = opening.open_shop(details, domains, cast.OFFERS)
    made.products = {product.slug: product for product in products}
    known = cast.CUSTOMERS if control else {"emma": cast.CUSTOMERS["emma"]}
    with transaction.atomic():
        made.customers = {key: _customer(person) for key, person in known.items()}
        made.staff = {person.role: _staff(person) for person in sign_ins.STAFF}
        _give_passwords()
    if control is not None:
        storage.turn_on(LOG_HOURS)
        control.calm()
        story = Story(made.products, made.customers, made.staff, domains, control)
        made.orders = story.tell()
        if preset != CALM:
            control.preset(preset)
            hinder(control, domains)
    return made


def _customer(person: cast.Customer) -> User:
    found = User.objects.filter(email=person.email).first()
    return found or enrol(
        person.email, None, name=person.name, language=person.language
    )


def _staff(person: sign_ins.SignIn) -> User:
    found = User.objects.filter(email=person.email).first()
    if found is not None:
        return found
    user = enrol(
        person.email, None, name=person.name, language="en", role=Role(person.role)
    )
    give_second_factor(user, person.totp_secret)
    return user


def _give_passwords() -> None:
    """Let those sign in whose sign-ins are printed and who have no password yet.

    Hashed once for all of them: hashing is slow on purpose.
    """
    emails = [person.email for person in (sign_ins.CUSTOMER, *sign_ins.STAFF)]
    new = User.objects.filter(
        email__in=emails, password__startswith=UNUSABLE_PASSWORD_PREFIX
    )
    if new.exists():
        new.update(password=make_password(sign_ins.password()))
