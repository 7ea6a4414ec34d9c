"""House domains with their role addresses, reserved and held names, billing systems."""

from __future__ import annotations

import pytest
from django.contrib.admin.models import LogEntry

from housemail.mailboxes import aliases, reserving
from housemail.mailboxes.models import (
    Claim,
    HouseDomain,
    Mailbox,
    ReservedName,
    ReservedRelease,
)
from housemail.sales import contexts, services
from housemail.sales.models import Service
from tests.console.conftest import once, said
from tests.sales.conftest import STAFF, Store

pytestmark = pytest.mark.django_db
DOMAINS = "/console/mailboxes/housedomain/"
NAMES = "/console/mailboxes/reservedname/"
RELEASES = "/console/mailboxes/reservedrelease/"
CLAIMS = "/console/mailboxes/claim/"
WHY = "asked by the owner"


@pytest.fixture
def service(store: Store) -> Service:
    store.sells("order")
    return store.service(store.order())


def do(client, path: str, **data: str):
    return client.post(path, {"once": once(client, path), **data}, follow=True)


# --- house domains


def test_a_missing_role_address_is_named_released_and_found(manager, service, store):
    domain = HouseDomain.objects.get()
    page = f"{DOMAINS}{domain.pk}/change/"
    text = manager.get(page).content.decode()
    assert "Release postmaster@thexyz.com, abuse@thexyz.com, then add" in text
    assert b"thexyz.com" in manager.get(f"{DOMAINS}?show=without").content
    path = f"{DOMAINS}{domain.pk}/do/release-role/"
    assert do(manager, path, handle="postmaster").status_code == 422
    for handle in ("postmaster", "abuse"):
        words = said(do(manager, path, handle=handle, reason=WHY))
        assert words == [f"{handle}@thexyz.com is no longer reserved."]
        context = contexts.for_service(service, STAFF)
        aliases.add(context, store.deadline(), handle=handle, destination="")
    text = manager.get(page).content.decode()
    assert "Nothing: both role addresses are with us." in text
    assert "delivers to anna@thexyz.com" in text
    listed = manager.get(f"{DOMAINS}?show=without")
    assert list(listed.context["cl"].result_list) == []
    actors = set(ReservedRelease.objects.values_list("actor", flat=True))
    assert actors == {"console manager@example.com"}


def test_domains_cost_the_same_with_few_and_many(
    support, service, django_assert_num_queries, django_assert_max_num_queries
):
    claim = Claim.objects.get()
    HouseDomain.objects.create(name="a.example", account="a")
    Claim.objects.create(
        house_domain=HouseDomain.objects.get(name="a.example"),
        handle="abuse",
        kind="mailbox",
        installation=claim.installation,
        mailbox=claim.mailbox,
        changed_at=claim.changed_at,
    )
    support.get(DOMAINS)
    with django_assert_max_num_queries(14) as captured:
        support.get(DOMAINS)
    few = len(captured)
    for number in range(60):
        HouseDomain.objects.create(name=f"d{number}.example", account="a")
    with django_assert_num_queries(few):
        assert len(support.get(DOMAINS).context["cl"].result_list) == 50


# --- reserved names


def test_reserved_names_are_listed_with_their_origin(support, settings, tmp_path):
    path = tmp_path / "reserved.txt"
    path.write_text("theboss\n")
    settings.HOUSEMAIL_RESERVED_FILE = str(path)
    reserving.reserve("chief", reason=WHY, actor="somebody")
    text = support.get(f"{NAMES}?q=The.Boss").content.decode()
    assert "the host&#x27;s file" in text or "the host's file" in text
    text = support.get(f"{NAMES}?origin=added").content.decode()
    assert (WHY in text, "postmaster" in text) == (True, False)
    first = support.get(NAMES)
    assert first.context["page"].has_next()
    assert "www" in support.get(f"{NAMES}?p=2").content.decode()
    assert "comes with Housemail" in first.content.decode()
    assert b"No reserved name fits" in support.get(f"{NAMES}?q=xyz").content
    settings.HOUSEMAIL_RESERVED_FILE = "/nowhere"
    assert b"cannot be read" in support.get(NAMES).content


def test_reserved_names_cost_the_same_with_few_and_many(
    support, django_assert_num_queries, django_assert_max_num_queries
):
    support.get(NAMES)
    with django_assert_max_num_queries(10) as captured:
        support.get(NAMES)
    few = len(captured)
    for number in range(60):
        reserving.reserve(f"chief{number}", reason=WHY, actor="somebody")
    with django_assert_num_queries(few):
        support.get(NAMES)


def test_a_name_is_reserved_released_and_reserved_again(manager, service):
    words = said(do(manager, f"{NAMES}do/reserve/", handle="The.Boss", reason=WHY))
    assert words == ["The name theboss is reserved."]
    again = do(manager, f"{NAMES}do/reserve/", handle="the-boss", reason=WHY)
    assert again.status_code == 422
    assert b"reserved name already" in again.content
    assert b'value="the-boss"' in again.content
    address = "theboss@thexyz.com"
    words = said(do(manager, f"{NAMES}do/release/", address=address, reason=WHY))
    assert words == ["theboss@thexyz.com is no longer reserved."]
    release = ReservedRelease.objects.get()
    assert b"theboss@thexyz.com" in manager.get(RELEASES).content
    words = said(do(manager, f"{RELEASES}{release.pk}/do/take-back/", reason=WHY))
    assert words == [f"The name {address} is reserved again."]
    name = ReservedName.objects.get()
    answer = do(manager, f"{NAMES}{name.pk}/do/take-off/", reason=WHY)
    assert said(answer) == ["The name theboss is no longer reserved."]
    assert answer.redirect_chain[-1][0] == NAMES
    assert not ReservedName.objects.exists()
    told = LogEntry.objects.order_by("pk").values_list("change_message", "object_repr")
    assert [line for line in told if "already" not in line[0]] == [
        (f"Reserve a name: The name theboss is reserved. Reason: {WHY}", "theboss"),
        (f"Release a name: {address} is no longer reserved. Reason: {WHY}", ""),
        (
            f"Reserve again: The name {address} is reserved again. Reason: {WHY}",
            address,
        ),
        (
            f"Take off the list: The name theboss is no longer reserved. Reason: {WHY}",
            "theboss",
        ),
    ]
    assert len(told) == 5


@pytest.mark.parametrize("command", ["reserve", "release"])
def test_support_changes_no_name(support, command):
    path = f"{NAMES}do/{command}/"
    assert support.get(path).status_code == 403
    data = {"once": "k", "handle": "boss", "address": "a@b.example", "reason": WHY}
    assert support.post(path, data).status_code == 403
    assert support.get(NAMES).context["console_commands"] == []


# --- held names


def test_a_quarantine_says_until_when_and_is_freed_with_a_reason(
    manager, support, service, store
):
    services.terminate(service, STAFF, store.deadline())
    claim = Claim.objects.get()
    page = f"{CLAIMS}{claim.pk}/change/"
    text = support.get(f"{CLAIMS}?kind=quarantine").content.decode()
    assert "anna@thexyz.com" in text
    assert "Quarantine" in text
    assert f"{claim.expires_at:%Y}" in text
    assert str(store.customer.pk) in support.get(page).content.decode()
    path = f"{CLAIMS}{claim.pk}/do/free/"
    assert support.get(path).status_code == 403
    assert do(manager, path).status_code == 422
    answer = do(manager, path, reason=WHY)
    assert said(answer)[0] == "anna@thexyz.com was in quarantine and is free now."
    assert answer.status_code == 200
    assert not Claim.objects.exists()


def test_what_is_in_use_is_not_freed(manager, service):
    claim = Claim.objects.get()
    shown = manager.get(f"{CLAIMS}{claim.pk}/change/")
    assert shown.context["console_commands"] == []
    answer = do(manager, f"{CLAIMS}{claim.pk}/do/free/", reason=WHY)
    assert answer.status_code == 422
    assert Claim.objects.get().kind == "mailbox"
    assert support_sees_nothing_of_passwords(manager)


def support_sees_nothing_of_passwords(client) -> bool:
    """The billing system's page names its servers, and no password."""
    box = Mailbox.objects.select_related("server").get()
    path = f"/console/installations/installation/{box.installation_id}/change/"
    text = client.get(path).content.decode()
    return box.server.endpoint in text and box.server.password not in text
