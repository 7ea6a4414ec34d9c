"""Every page of customer and shop, as nobody and as somebody else.

Generated from the URL table: a route without an entry in ROUTES fails, so that a new
page cannot be forgotten.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse

from housemail.sales.models import Order
from tests.customer.conftest import Owner, sold
from tests.sales.conftest import Store, person

pytestmark = pytest.mark.django_db
DOORS = ("customer", "shop")
PASSWORD = "Correct-horse-7"
Parts = Callable[[Order], Mapping[str, object]]


@dataclass(frozen=True)
class Route:
    """What a route is asked with: whose things it names, and a form that would work.

    ``named`` False: it names nothing of anybody, so that there is no 404 to expect.
    ``anonymous``: what nobody may get beside a sign-in, 404 and 405.
    """

    parts: Parts = lambda _order: {}
    form: Mapping[str, str] = field(default_factory=dict)
    named: bool = True
    anonymous: frozenset[int] = frozenset()


def of_service(order: Order) -> Mapping[str, object]:
    return {"ref": order.service.pk}


def of_order(order: Order) -> Mapping[str, object]:
    return {"number": order.number}


NEW_PASSWORD = {"password": PASSWORD, "again": PASSWORD}
# Open to everybody, or to everybody's own: what is in the session decides.
OPEN = Route(named=False, anonymous=frozenset({200}))
ROUTES: Mapping[str, Route] = {
    "customer:mailboxes": Route(named=False),
    "customer:overview": Route(of_service),
    "customer:webmail": Route(of_service),
    "customer:password": Route(of_service, NEW_PASSWORD),
    "customer:aliases": Route(of_service, {"handle": "fresh", "to": "own"}),
    "customer:alias_remove": Route(of_service, {"handle": "alias-a"}),
    "customer:alias_undo": Route(of_service, {"token": "x"}),
    "customer:lists": Route(of_service, {"handle": "fresh", "members": "x@y.example"}),
    "customer:list_remove": Route(of_service, {"list": "team"}),
    "customer:members_add": Route(
        of_service, {"list": "team", "members": "x@y.example"}
    ),
    "customer:member_remove": Route(
        of_service, {"list": "team", "member": "m@y.example"}
    ),
    "shop:choose": OPEN,
    "shop:check": OPEN,
    "shop:review": OPEN,
    "shop:held": OPEN,
    "shop:price": OPEN,
    "shop:hold": OPEN,
    "shop:place": OPEN,
    "shop:first_password": OPEN,
    # A link that nobody could make is only put aside; the next page refuses it.
    "shop:first_password_link": Route(lambda _order: {"token": "x"}, named=False),
    # Signed, not signed in; without a secret it is switched off.
    "shop:hook": Route(named=False, anonymous=frozenset({401, 403, 409})),
    "shop:orders": Route(named=False),
    "shop:order": Route(of_order),
    # A page that was left open is told to load itself again.
    "shop:progress": Route(of_order, anonymous=frozenset({200})),
    "shop:name": Route(of_order, {"handle": "fresh", "domain": "thexyz.com"}),
    "shop:retry": Route(of_order),
    "shop:cancel": Route(of_order),
    "shop:password": Route(of_order, NEW_PASSWORD),
}


def table(resolver: URLResolver, door: str = "") -> Iterator[str]:
    """Yield every route of the doors by name; one without a name is an error."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from table(entry, entry.namespace or door)
        elif door in DOORS:
            yield f"{door}:{entry.name}"


@dataclass
class Theirs:
    """A mailbox with an alias and a list, an order, and all that is on record."""

    store: Store
    order: Order
    paid_for: Order

    def path(self, name: str) -> str:
        """The path of a route, about their things."""
        door, _, _rest = name.partition(":")
        order = self.order if door == "customer" else self.paid_for
        return reverse(name, kwargs=dict(ROUTES[name].parts(order)))

    def record(self) -> object:
        """Everything in the database but sessions, and what the platform was asked."""
        rows = {
            model._meta.label: list(model._default_manager.order_by("pk").values())
            for model in apps.get_models()
            if model._meta.label != "sessions.Session"
        }
        return rows, len(self.store.emulator.journal), self.store.emulator.snapshot()

    @property
    def words(self) -> tuple[str, ...]:
        """What nobody else may read."""
        return (self.order.address, self.order.number, self.paid_for.number)


@pytest.fixture
def theirs(store: Store, client: Client) -> Theirs:
    """Things of somebody; whoever asks for them is another."""
    service = sold(store, "anna")
    owner = Owner(store, client, service)
    owner.add_alias("alias-a")
    owner.add_list("team", "m@y.example")
    store.sells("payment")
    return Theirs(store, service.order, store.order("waiting"))


def both(client: Client, theirs: Theirs, name: str) -> Iterator[Any]:
    """Ask by link, then by form."""
    path = theirs.path(name)
    yield client.get(path)
    yield client.post(path, dict(ROUTES[name].form))


def present() -> list[str]:
    return sorted(set(table(get_resolver())))


def test_every_route_has_an_entry_and_no_entry_is_left_over() -> None:
    routes = present()
    assert [name for name in routes if name not in ROUTES] == []
    doors = {name.partition(":")[0] for name in routes}
    assert "customer" in doors
    stale = {name for name in ROUTES if name.partition(":")[0] in doors} - set(routes)
    assert stale == set()


@pytest.mark.parametrize("name", present())
def test_nobody_is_asked_to_sign_in_and_changes_nothing(name, theirs, client):
    before = theirs.record()
    for answer in both(client, theirs, name):
        signing_in = answer.headers.get("Location", "").startswith("/account/login/")
        closed = answer.status_code in {404, 405} | ROUTES[name].anonymous
        assert signing_in or closed or not ROUTES[name].named, answer.status_code
        assert not any(word in answer.content.decode() for word in theirs.words)
    assert theirs.record() == before


@pytest.mark.parametrize("name", present())
def test_to_somebody_else_it_does_not_exist(name, theirs, client):
    client.force_login(person())
    before = theirs.record()
    for answer in both(client, theirs, name):
        if ROUTES[name].named:
            # 405 comes before it is known whose it is, so it is the same for all.
            assert answer.status_code in {404, 405}
        assert not any(word in answer.content.decode() for word in theirs.words)
    assert theirs.record() == before


@pytest.mark.parametrize("name", present())
def test_what_is_tried_here_is_there_for_its_owner(name, theirs, client):
    client.force_login(theirs.store.customer)
    if ROUTES[name].named:
        assert client.get(theirs.path(name)).status_code in {200, 302, 405}


@pytest.mark.parametrize("ref", ["0", "999999", "9" * 18, "9" * 19, "9" * 5000])
def test_a_ref_that_is_nobodys_is_404(ref, theirs, client):
    client.force_login(theirs.store.customer)
    assert client.get(f"/mailboxes/{ref}/aliases/").status_code == 404


# --- things of another's mailbox, named in forms of one's own


@pytest.mark.parametrize(
    ("page", "form"),
    [
        ("aliases/remove/", {"handle": "{name}"}),
        ("lists/remove/", {"list": "{name}"}),
        ("lists/members/", {"list": "{name}", "members": "x@y.example"}),
        ("lists/members/remove/", {"list": "{name}", "member": "m@y.example"}),
        ("lists/members/remove/", {"list": "mine", "member": "{name}@y.example"}),
    ],
)
def test_anothers_is_like_one_that_never_was(page, form, theirs, client):
    me = person()
    mine = Owner(theirs.store, client, sold(theirs.store, "berta", me))
    mine.store.customer = me
    mine.add_list("mine")
    client.force_login(me)
    before = theirs.record()
    pages = set()
    for name in ("alias-a", "team", "m", "nowhere"):
        data = {key: value.format(name=name) for key, value in form.items()}
        text = mine.words(client.post(mine.home + page, data), status=404)
        main = text.partition("<main")[2].partition("</main>")[0]
        pages.add(without_marks(main))
    assert len(pages) == 1
    assert theirs.record() == before


def test_anothers_removal_is_not_taken_back_on_ones_own_mailbox(theirs, client):
    me = person()
    mine = Owner(theirs.store, client, sold(theirs.store, "berta", me))
    client.force_login(theirs.store.customer)
    their_pages = Owner(theirs.store, client, theirs.order.service)
    text = their_pages.post("aliases/remove/", {"handle": "alias-a"})
    token = text.partition('name="token" value="')[2].partition('"')[0]
    assert token
    client.force_login(me)
    before = theirs.record()
    answer = client.post(mine.home + "aliases/undo/", {"token": token})
    assert answer["Location"] == mine.home + "aliases/"
    assert theirs.record() == before
    assert "The minute to take that back is over." in mine.get("aliases/")


def without_marks(text: str) -> str:
    """A page without the marks of its forms, which differ each time."""
    parts = text.split('name="csrfmiddlewaretoken" value="')
    return parts[0] + "".join(part.partition('"')[2] for part in parts[1:])
