"""What staff look at first: the figures, and what each of them counts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from housemail.installations.models import Installation, Server
from housemail.mailboxes import attention, role_addresses
from housemail.mailboxes.models import (
    Alias,
    Claim,
    DistributionList,
    HouseDomain,
    Mailbox,
    Operation,
)
from housemail.mailboxes.role_addresses import Place

pytestmark = [pytest.mark.databases, pytest.mark.django_db]
NOW = timezone.now()


@pytest.fixture
def house():
    installation = Installation.objects.create(name="one")
    server = Server.objects.create(
        installation=installation, platform="memory", username="a", account="a"
    )
    domain = HouseDomain.objects.create(name="thexyz.com", account="a")
    return installation, server, domain


def a_mailbox(house, ref: str, state: str = "active", **more) -> Mailbox:
    installation, server, domain = house
    return Mailbox.objects.create(
        installation=installation,
        ref=ref,
        server=server,
        house_domain=domain,
        handle=f"name{ref}",
        state=state,
        state_changed_at=NOW,
        quota_gb=25,
        account_type=1,
        **more,
    )


def an_operation(mailbox: Mailbox, state: str, **more) -> Operation:
    values = {"verb": "suspend", "lease_until": NOW, "created_at": NOW, **more}
    return Operation.objects.create(mailbox=mailbox, state=state, **values)


def a_claim(house, handle: str, kind: str, mailbox: Mailbox | None = None) -> Claim:
    installation, _, domain = house
    return Claim.objects.create(
        house_domain=domain,
        handle=handle,
        kind=kind,
        installation=installation,
        mailbox=mailbox,
        changed_at=NOW,
    )


def test_figures_count_by_state_at_a_fixed_cost(house, django_assert_num_queries):
    with django_assert_num_queries(4):
        empty = attention.figures()
    assert set(empty.mailboxes.values()) == {0}
    assert empty.domains_without_role_addresses == 1
    for number in range(5):
        a_mailbox(house, f"a{number}")
    a_mailbox(house, "s", "suspended")
    a_mailbox(house, "f", "failed", needs_staff=True)
    with django_assert_num_queries(4):
        found = attention.figures()
    assert found.mailboxes[Mailbox.State.ACTIVE] == 5
    assert found.mailboxes[Mailbox.State.SUSPENDED] == 1
    assert found.mailboxes_for_staff == 1


def test_operations_are_unknown_failing_or_open(house):
    box = a_mailbox(house, "1")
    hour = timedelta(hours=1)
    an_operation(box, "done", closed_at=NOW)
    acting = an_operation(box, "open", lease_until=NOW + hour, sent_at=NOW)
    unsent = an_operation(box, "open", lease_until=NOW - hour)
    unknown = an_operation(box, "open", lease_until=NOW - hour, sent_at=NOW - hour)
    refused = an_operation(box, "refused", closed_at=NOW - hour)
    an_operation(box, "refused", closed_at=NOW - 25 * hour)
    waits = an_operation(
        box, "undetermined", closed_at=NOW - 48 * hour, needs_staff=True
    )

    def of(condition):
        return set(Operation.objects.filter(condition))

    assert of(attention.is_open()) == {acting, unsent, unknown}
    assert of(attention.is_unknown()) == {unknown}
    assert of(attention.is_failing()) == {refused}
    assert of(attention.waits_for_staff()) == {waits}
    found = attention.figures()
    assert (
        found.operations_open,
        found.operations_unknown,
        found.operations_failing,
        found.operations_for_staff,
    ) == (3, 1, 1, 1)


def test_what_is_tried_again_and_again_is_one_failing_thing(house):
    boxes = [a_mailbox(house, name) for name in ("1", "2")]
    tries = [
        an_operation(boxes[0], "unavailable", verb="create", closed_at=NOW)
        for _ in range(4)
    ]
    suspend = an_operation(boxes[0], "refused", verb="suspend", closed_at=NOW)
    other = an_operation(boxes[1], "refused", verb="create", closed_at=NOW)
    assert attention.figures().operations_failing == 3
    found = attention.only_last_failures(Operation.objects.all())
    assert {row.pk: getattr(row, "times", None) for row in found} == {
        tries[-1].pk: 4,
        suspend.pk: 1,
        other.pk: 1,
    }


def test_role_addresses_are_found_where_they_are(house):
    domain = house[2]
    postmaster, abuse = role_addresses.of_domains([domain])[domain.pk]
    assert (postmaster.address, postmaster.place) == (
        "postmaster@thexyz.com",
        Place.NOWHERE,
    )
    assert not abuse.ours
    box = a_mailbox(house, "1")
    alias = a_claim(house, "postmaster", "alias", box)
    Alias.objects.create(mailbox=box, claim=alias, destination="anna@thexyz.com")
    a_claim(house, "abuse", "quarantine")
    assert list(role_addresses.domains_without()) == [domain]
    Claim.objects.filter(handle="abuse").delete()
    members = a_claim(house, "abuse", "list", box)
    DistributionList.objects.create(mailbox=box, claim=members)
    assert not role_addresses.domains_without().exists()
    postmaster, abuse = role_addresses.of_domains([domain])[domain.pk]
    assert (postmaster.place, postmaster.destination, postmaster.mailbox_id) == (
        Place.ALIAS,
        "anna@thexyz.com",
        box.pk,
    )
    assert (abuse.place, abuse.mailbox_id, abuse.ours) == (Place.LIST, box.pk, True)


def test_a_list_of_others_is_named_as_such_and_many_domains_cost_the_same(
    house, django_assert_num_queries
):
    domain = house[2]
    domain.foreign_lists = ["abuse"]
    domain.save()
    a_claim(house, "postmaster", "mailbox", a_mailbox(house, "1"))
    more = [
        HouseDomain.objects.create(name=f"d{number}.example", account="a")
        for number in range(20)
    ]
    with django_assert_num_queries(2):
        found = role_addresses.of_domains([domain, *more])
    assert found[domain.pk][1].place is Place.FOREIGN
    assert len(found) == 21
    assert role_addresses.domains_without().count() == 21
