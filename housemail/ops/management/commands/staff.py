"""``housemail staff``: who may open the console."""

from __future__ import annotations

import getpass
import sys
from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import CommandError, CommandParser
from django.core.validators import validate_email
from django.db import IntegrityError

from housemail.ops import command, database
from housemail.people import enrol, staff
from housemail.people.models import User, folded
from housemail.people.roles import Role

CUSTOMER = "customer"
ROLES = [role.value for role in Role]


class Command(command.Command):
    """Adds and lists staff, changes roles, removes second factors that were lost."""

    help = (
        "Staff signs in where customers do, with a second factor. Support sees all and "
        "unsuspends and resets passwords, managers do all but keys and roles, owners "
        "do all."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """One word each: add, list, role, remove-second-factor."""
        actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
        add = actions.add_parser("add", help="add somebody, and show a link this once")
        add.add_argument("email", help="the address to sign in with")
        add.add_argument("--role", choices=ROLES, required=True)
        add.add_argument("--name", default="", help="what the person is called")
        add.add_argument(
            "--password",
            action="store_true",
            help="ask for a password on the terminal; no link is shown",
        )
        actions.add_parser("list", help="show who is staff")
        role = actions.add_parser("role", help="give another role, or take it away")
        role.add_argument("email")
        role.add_argument("role", choices=[*ROLES, CUSTOMER])
        factor = actions.add_parser(
            "remove-second-factor", help="after a loss; a new one is set up next time"
        )
        factor.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do the one action."""
        database.need_current()
        action = options["action"]
        if action == "add":
            self._add(options)
        elif action == "list":
            self._list()
        elif action == "role":
            self._role(options["email"], options["role"])
        else:
            self._remove_second_factor(options["email"])

    def _add(self, options: dict[str, Any]) -> None:
        email = _address(options["email"])
        name = options["name"].strip()[:100]
        person = User(email=email, name=name)
        password = _asked(person) if options["password"] else None
        try:
            person = enrol.enrol(email, password, name=name, role=Role(options["role"]))
        except IntegrityError as error:
            raise CommandError(
                f"{email} has an account already: "
                f"housemail staff role {email} {options['role']}"
            ) from error
        if password is not None:
            self.stdout.write(f"{email} was added. Sign in at {_public('/console/')}")
            return
        self.stdout.write(_public(enrol.password_link(person)))
        self.stderr.write(
            f"{email} was added. The link sets the password, works once and is shown "
            "only now."
        )

    def _list(self) -> None:
        shown = command.table("E-mail", "Name", "Role", "Second factor", "Sign-in")
        people = staff.all_people().order_by("email")
        rows = [(person, staff.listed_role(person)) for person in people]
        for person, role in rows:
            if role is not None:
                command.add(
                    shown,
                    person.email,
                    person.name,
                    role,
                    "yes" if getattr(person, "has_second_factor", False) else "no",
                    "allowed" if person.is_active else "locked",
                )
        if shown.row_count:
            self.console().print(shown)
        else:
            self.stdout.write(
                "Nobody is staff yet. Add an owner: "
                "housemail staff add EMAIL --role owner"
            )

    def _role(self, email: str, value: str) -> None:
        person = _person(email)
        role = None if value == CUSTOMER else Role(value)
        try:
            staff.change_role(person, role)
        except staff.LastOwnerError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{person.email} is now: {value}.")

    def _remove_second_factor(self, email: str) -> None:
        person = _person(email)
        if staff.remove_second_factor(person):
            self.stdout.write(
                f"The second factor of {person.email} was removed. A new one is set "
                "up at the next sign-in."
            )
        else:
            self.stdout.write(f"{person.email} has no second factor.")


def _address(email: str) -> str:
    try:
        validate_email(email)
    except ValidationError as error:
        raise CommandError(
            "EMAIL: give a whole address, such as you@example.com.", returncode=2
        ) from error
    return folded(email)


def _person(email: str) -> User:
    found = User.objects.filter(email=folded(email)).first()
    if found is None:
        raise CommandError(
            f"{folded(email)} has no account. Add it: housemail staff add"
        )
    return found


def _asked(person: User) -> str:
    """Ask twice on the terminal; a password is never an argument or in a pipe."""
    if not sys.stdin.isatty():
        raise CommandError(
            "--password asks on a terminal, and there is none. Leave it out to get a "
            "link.",
            returncode=2,
        )
    password = getpass.getpass("Password: ")
    if getpass.getpass("Again: ") != password:
        raise CommandError("The two are not the same; nothing was added.")
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise CommandError(" ".join(error.messages)) from error
    return password


def _public(path: str) -> str:
    return settings.HOUSEMAIL_PUBLIC_URL.rstrip("/") + path
