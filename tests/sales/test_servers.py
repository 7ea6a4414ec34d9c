"""Servers of the shop, which one is filled next, and the shop's installation."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from emulator import Emulator
from housemail.installations.models import Installation
from housemail.mailboxes.errors import Refusal
from housemail.mailboxes.models import HouseDomain
from housemail.platforms.base import Deadline
from housemail.sales import servers
from housemail.sales.installation import installation
from housemail.sales.models import SaleServer, ServerGroup, Service
from tests.sales.conftest import STAFF, Store, a_server, person

pytestmark = pytest.mark.django_db


def test_the_endpoint_follows_from_the_host_name() -> None:
    server = SaleServer(hostname=" CP.EmailArray.com ")
    assert server.endpoint == "https://cp.emailarray.com/admin/json.php"
    server.typed_endpoint = "https://other.example/admin/json.php"
    assert server.details().endpoint == "https://other.example/admin/json.php"
    assert server.details(" https://p.example/x ").endpoint == "https://p.example/x"


def test_the_password_is_encrypted_at_rest(store: Store) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select password from sales_saleserver")
        (stored,) = cursor.fetchone()
    assert store.server.password not in stored
    assert SaleServer.objects.get().password == store.server.password


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"hostname": "10.0.0.1"}, "hostname"),
        ({"typed_endpoint": "http://cp.emailarray.com/x"}, "typed_endpoint"),
        ({"typed_endpoint": "https://u:p@cp.emailarray.com/x"}, "typed_endpoint"),
    ],
)
def test_a_server_that_no_call_would_reach_is_refused(
    settings, fields: dict[str, str], field: str
) -> None:
    settings.HOUSEMAIL_ALLOW_LOCAL_PLATFORM = False
    base = {"name": "x", "hostname": "cp.emailarray.com"}
    server = SaleServer(**{**base, **fields}, username="u", password="p")
    with pytest.raises(ValidationError) as wrong:
        server.full_clean()
    assert set(wrong.value.message_dict) == {field}
    assert "10.0.0.1" not in server.typed_endpoint


def test_local_servers_are_for_trying_only(settings) -> None:
    server = SaleServer(name="x", hostname="127.0.0.1", username="u", password="p")
    server.full_clean()
    settings.HOUSEMAIL_ALLOW_LOCAL_PLATFORM = False
    with pytest.raises(ValidationError):
        server.full_clean()


# --- the installation


def test_the_shop_is_one_installation_that_lists_its_servers_hosts() -> None:
    shop = installation()
    assert (shop.kind, installation().pk) == ("shop", shop.pk)
    SaleServer.objects.create(
        name="x", hostname="mail.example.com", username="u", password="p"
    )
    hosts = installation().endpoint_hosts
    assert hosts == ["cfcp.emailarray.com", "cp.emailarray.com", "mail.example.com"]
    SaleServer.objects.all().delete()
    assert "mail.example.com" not in installation().endpoint_hosts
    assert Installation.objects.count() == 1


# --- which is filled next


def test_the_least_full_server_is_next_and_a_full_one_is_passed_over(
    store: Store,
) -> None:
    small = a_server(store.emulator, "Small", max_mailboxes=1)
    small.groups.add(store.group)
    names = [
        store.service(store.order(f"n{number}")).server.name for number in range(4)
    ]
    assert names == ["PolarisMail", "Small", "PolarisMail", "PolarisMail"]


def test_a_server_is_chosen_once_and_places_of_ended_services_are_free(
    store: Store,
) -> None:
    from housemail.sales import orders

    SaleServer.objects.update(max_mailboxes=1)
    order = store.order()
    with pytest.raises(Refusal) as refused:
        store.order("other", customer=person())
    assert refused.value.code == "servers_full"
    orders.cancel(order, STAFF)
    store.order("other", customer=person())


def test_servers_that_take_no_more_keep_what_they_have(store: Store) -> None:
    from housemail.sales import orders

    order = store.order()
    SaleServer.objects.update(active=False)
    with pytest.raises(Refusal) as refused:
        store.order("other", customer=person())
    assert refused.value.code == "ask_support"
    assert isinstance(refused.value.__cause__, Refusal)
    assert refused.value.__cause__.code == "server_missing"
    orders.mark_paid(order, STAFF, store.deadline())
    assert order.state == "done"


def test_a_domain_stays_with_its_platform_account(store: Store) -> None:
    other = a_server(store.emulator, "Other", username="someone-else")
    other.groups.add(store.group)
    for number in range(3):
        store.order(f"n{number}")
    assert HouseDomain.objects.get().name == "thexyz.com"
    assert set(Service.objects.values_list("server__name", flat=True)) == {
        "PolarisMail"
    }


def test_a_group_without_servers_is_no_matter_of_the_customers(store: Store) -> None:
    store.sells(server_group=ServerGroup.objects.create(name="Empty"))
    with pytest.raises(Refusal) as refused:
        store.order()
    assert refused.value.code == "ask_support"
    assert isinstance(refused.value.__cause__, Refusal)
    assert refused.value.__cause__.code == "server_missing"


# --- test connection


def test_test_connection_of_a_server_that_is_not_saved(emulator: Emulator) -> None:
    server = SaleServer(
        name="new",
        hostname="127.0.0.1",
        typed_endpoint=emulator.endpoint,
        username=emulator.username,
        password=emulator.password,
    )
    found = servers.test_connection(server, Deadline.after(5))
    assert found["ok"] is True
    assert "thexyz.com" in list(found["domains"])  # type: ignore[call-overload]
    server.password = "wrong"
    with pytest.raises(Refusal) as refused:
        servers.test_connection(server, Deadline.after(5))
    assert refused.value.code == "server_login_refused"
    assert not SaleServer.objects.exists()
