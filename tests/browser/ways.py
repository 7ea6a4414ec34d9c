"""How each page of the product is come to, on a store that the demo filled.

``WAYS`` and ``NO_PAGES`` name every route for people that is not of a console's part;
those of the parts follow from the parts. A route in neither fails the tests.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.test import Client
from django.urls import NoReverseMatch, URLResolver, get_resolver, reverse

from emulator import Emulator
from housemail.console.base import RoomAdmin
from housemail.console.navigation import parts
from housemail.installations import keys
from housemail.mailboxes import releasing, reserving
from housemail.mailboxes.context import ServerDetails
from housemail.ops.demo import cast, sign_ins
from housemail.ops.demo.control import Control
from housemail.ops.demo.seed import Seeded, seed
from housemail.people.models import User
from housemail.sales import bulk, first_password
from housemail.sales.installation import installation
from housemail.sales.models import Product, SaleServer, Service
from housemail.sales.setting_up import of_order

DOMAINS = ("thexyz.com", "thexyz.ca", "thexyz.cn")
# Doors for programs.
PROGRAMS = ("api-v1",)
# Of each part of the console; those that a part does not allow are no pages of it.
KINDS = ("changelist", "change", "history", "add", "delete", "command", "list_command")
# A run is asked for by the list's form, and its page is the run's own.
NO_KIND = "bulk"


def world(emulator: Emulator) -> Seeded:
    """The demo's story, and a row of what it has none of."""
    details = ServerDetails(
        "emailarray", emulator.endpoint, emulator.username, emulator.password
    )
    control = Control(emulator.control_url)
    try:
        made = seed(details, DOMAINS, control)
    finally:
        control.close()
    keys.make(installation(), permissions=["read"])
    reserving.reserve("theboss", reason="asked", actor="somebody")
    releasing.release_name("theboss@thexyz.com", reason="asked", actor="somebody")
    # Nobody bought it, and nothing is on it, so that an owner may delete them.
    Product.objects.create(
        group=made.products[cast.PREMIUM].group, name="Unsold", slug="unsold"
    )
    SaleServer.objects.create(name="Unused", hostname="127.0.0.1")
    waiting = made.orders["wulandari.kantor"]
    owner = made.staff["owner"]
    bulk.start(owner, "mark_paid", [waiting.pk], key="k", title="Mark paid", params={})
    LogEntry.objects.create(
        user=owner,
        content_type=ContentType.objects.get_for_model(waiting),
        object_id=str(waiting.pk),
        object_repr=waiting.number,
        action_flag=CHANGE,
    )
    return made


# --- who goes there


def visitor(_made: Seeded) -> Client:
    """Nobody we know."""
    return Client()


def customer(_made: Seeded) -> Client:
    """The one of the demo, who signed in just now."""
    return _signed_in(sign_ins.CUSTOMER)


def owner(_made: Seeded) -> Client:
    """Staff that may all, with the second factor."""
    client = half_way(_made)
    code = sign_ins.code(sign_ins.OWNER.totp_secret)[0]
    client.post(reverse("mfa_authenticate"), {"code": code})
    return client


def half_way(_made: Seeded) -> Client:
    """Staff that has not given the second factor yet."""
    return _signed_in(sign_ins.OWNER)


def without_password(made: Seeded) -> Client:
    """A customer who came in by another way."""
    client = Client()
    client.force_login(made.customers["jonas"])
    return client


def _signed_in(person: sign_ins.SignIn) -> Client:
    client = Client()
    typed = {"login": person.email, "password": sign_ins.password()}
    client.post(reverse("account_login"), typed)
    return client


# --- where to

Parts = Callable[[Seeded], Mapping[str, object]]
Who = Callable[[Seeded], Client]


@dataclass(frozen=True)
class Way:
    """Whose page it is, what its address names, and where one starts.

    ``start``: another route that leads there.
    """

    who: Who = customer
    parts: Parts = lambda _made: {}
    query: Mapping[str, str] = field(default_factory=dict)
    start: str = ""

    def path(self, name: str, made: Seeded) -> str:
        """Where the browser is sent."""
        path = reverse(self.start or name, kwargs=dict(self.parts(made)))
        return f"{path}?{urlencode(self.query)}" if self.query else path


def order(handle: str) -> Parts:
    """An order by the name that was wanted."""
    return lambda made: {"number": made.orders[handle].number}


def service(handle: str) -> Parts:
    """The mailbox of an order."""
    return lambda made: {"ref": of_order(made.orders[handle].pk).ref}


def _mailed(made: Seeded) -> Mapping[str, object]:
    unused = of_order(made.orders["clarke.baking"].pk)
    return {"token": first_password.make_link_token(unused)}


def _emma(made: Seeded) -> User:
    return made.customers["emma"]


def _to_confirm(made: Seeded) -> Mapping[str, object]:
    address = EmailAddress.objects.filter(user=_emma(made)).first()
    if address is None:
        address = EmailAddress.objects.create(
            user=_emma(made), email="new@example.org", primary=False
        )
    return {"key": EmailConfirmationHMAC(address).key}


def _to_reset(made: Seeded) -> Mapping[str, object]:
    user = _emma(made)
    key = default_token_generator.make_token(user)
    return {"uidb36": user_pk_to_url_str(user), "key": key}


ACTIVE, SUSPENDED = service("emma.clarke"), service("clarke.studio")
CHOICE = {
    "handle": "emma.holidays",
    "domain": DOMAINS[0],
    "product": cast.PREMIUM,
}
# Some are looked at in more than one state.
WAYS: Mapping[str, tuple[Way, ...]] = {
    "account_login": (Way(visitor),),
    "account_signup": (Way(visitor),),
    "account_reset_password": (Way(visitor),),
    "account_reset_password_done": (Way(visitor),),
    "account_reset_password_from_key": (Way(visitor, _to_reset),),
    "account_reset_password_from_key_done": (Way(visitor),),
    "account_confirm_email": (Way(visitor, _to_confirm),),
    "account_email_verification_sent": (Way(visitor),),
    "account_inactive": (Way(visitor),),
    "account_profile": (Way(),),
    "account_email": (Way(),),
    "account_change_password": (Way(),),
    "account_set_password": (Way(without_password),),
    "account_logout": (Way(),),
    "account_reauthenticate": (Way(),),
    "mfa_authenticate": (Way(half_way),),
    "mfa_index": (Way(), Way(owner)),
    "mfa_activate_totp": (Way(),),
    "mfa_reauthenticate": (Way(owner),),
    "mfa_deactivate_totp": (Way(owner),),
    "mfa_view_recovery_codes": (Way(owner),),
    "mfa_generate_recovery_codes": (Way(owner),),
    "shop:choose": (
        Way(visitor),
        Way(visitor, query=CHOICE),
        Way(query={**CHOICE, "handle": "emma.clarke"}),
    ),
    "shop:review": (Way(query=CHOICE),),
    "shop:orders": (Way(),),
    "shop:order": tuple(
        Way(parts=order(sale.handle)) for sale in cast.SALES if sale.customer == "emma"
    ),
    "shop:first_password": (Way(visitor, _mailed, start="shop:first_password_link"),),
    "customer:mailboxes": (Way(), Way(without_password)),
    "customer:overview": (Way(parts=ACTIVE), Way(parts=SUSPENDED)),
    "customer:password": (Way(parts=ACTIVE), Way(parts=SUSPENDED)),
    "customer:aliases": (Way(parts=ACTIVE), Way(parts=SUSPENDED)),
    "customer:lists": (Way(parts=ACTIVE), Way(parts=SUSPENDED)),
    "console:index": (Way(owner),),
    "console:password_change_done": (Way(owner),),
    "console:app_list": (Way(owner, lambda _made: {"app_label": "sales"}),),
}
# Why there is nothing to see, when one opens it.
FORM, PIECE, LEADS, SERVED = "a form", "a piece of a page", "leads on", "for programs"
NO_PAGES: Mapping[str, str] = {
    "account_confirm_login_code": LEADS,
    "mfa_download_recovery_codes": SERVED,
    "shop:check": PIECE,
    "shop:price": PIECE,
    "shop:held": PIECE,
    "shop:progress": PIECE,
    "shop:hold": FORM,
    "shop:place": FORM,
    "shop:name": FORM,
    "shop:cancel": FORM,
    "shop:retry": FORM,
    "shop:password": FORM,
    "shop:first_password_link": LEADS,
    "shop:hook": SERVED,
    "customer:webmail": FORM,
    "customer:alias_remove": FORM,
    "customer:alias_undo": FORM,
    "customer:list_remove": FORM,
    "customer:members_add": FORM,
    "customer:member_remove": FORM,
    "web:language": FORM,
    "web:theme": FORM,
    "healthz": SERVED,
    "readyz": SERVED,
    "console:search": PIECE,
    "console:login": LEADS,
    "console:logout": LEADS,
    "console:password_change": LEADS,
    "console:autocomplete": SERVED,
    "console:jsi18n": SERVED,
    "console:view_on_site": LEADS,
}


def table(resolver: URLResolver | None = None, space: str = "") -> Iterator[str]:
    """Every named route that is for people, as ``reverse`` takes it."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            if entry.namespace not in PROGRAMS:
                yield from table(entry, entry.namespace or space)
        elif entry.name is not None:
            yield f"{space}:{entry.name}" if space else entry.name


def path_of(name: str, given: Mapping[str, str]) -> str:
    """The path of a route, with what it needs of what is given."""
    for names in ([], *([each] for each in given), list(given)[-2:]):
        with contextlib.suppress(NoReverseMatch):
            return reverse(name, kwargs={each: given[each] for each in names})
    raise NoReverseMatch(name)


def plain(view: str) -> str:
    """A view's name as a picture's; every history is alike, and so on."""
    alike = re.sub(r"\w+_(history|delete)$", r"\1", view.lower())
    return re.sub(r"[^a-z0-9]+", "-", alike).strip("-")


def of_part(part: RoomAdmin, kind: str) -> str:
    """The name of a part's route."""
    return f"console:{part.opts.app_label}_{part.opts.model_name}_{kind}"


def pages_of(part: RoomAdmin) -> Iterator[tuple[str, str]]:
    """The route and the path of every page that an owner can open.

    Of commands that ask for the same, one: their pages differ in their title only.
    """
    rows = part.model._default_manager.order_by("pk")
    first, newest = rows.first(), rows.last()
    assert first is not None, f"the store has no {part.opts.label}"
    assert newest is not None
    # A sale that has a mailbox is shown on the mailbox's page.
    shown = newest if part.model is Service else first
    of_list = {command.form: command.name for command in part.list_commands}
    given: dict[str, list[list[object]]] = {
        "changelist": [[]],
        "change": [[shown.pk]],
        "history": [[shown.pk]],
        "add": [[]] if part.add_action else [],
        # What is in use is not deleted; the newest is not.
        "delete": [[newest.pk]] if part.delete_action else [],
        "command": list(_asked(part, list(rows))),
        "list_command": [[name] for name in of_list.values()],
    }
    assert tuple(given) == KINDS
    for kind, several in given.items():
        name = of_part(part, kind)
        yield from ((name, reverse(name, args=args)) for args in several)


def _asked(part: RoomAdmin, rows: Sequence[Model]) -> Iterator[list[object]]:
    """Of each form, a command and a row where it is offered."""
    for form in dict.fromkeys(command.form for command in part.commands):
        offered = (
            [row.pk, command.name]
            for command in part.commands
            for row in rows
            if command.form is form and not command.stopped(row)
        )
        found = next(offered, None)
        assert found, f"the store has no {part.opts.label} that offers {form.__name__}"
        yield found


def kinds_of_parts() -> set[str]:
    """The names of all routes that follow from the parts."""
    return {of_part(part, kind) for part in parts() for kind in (*KINDS, NO_KIND)}
