"""Staff give out a name before its time: their own installation's, and no other's."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from unittest import mock

import pytest
from django.utils import timezone

from emulator import Emulator
from housemail.installations.models import Installation
from housemail.mailboxes import claims
from housemail.mailboxes.models import Claim, HouseDomain, Mailbox, ReservedRelease
from tests.flows.http import Billing, Reply, billing_system, serving

pytestmark = [pytest.mark.flow, pytest.mark.django_db(transaction=True)]
STAFF = {"kind": "staff", "id": "9"}


@pytest.fixture
def house(emulator: Emulator) -> Iterator[dict[str, Billing]]:
    """Two billing systems; the first had a mailbox, whose name is in quarantine."""
    with ExitStack() as stack:
        base = stack.enter_context(serving())
        one, two = (
            stack.enter_context(billing_system(base, emulator, name=name))
            for name in ("one", "two")
        )
        assert one.create("0", "first").status == 200
        assert one.create("1").status == 200
        assert one.service("terminate", "1").status == 200
        yield {"one": one, "two": two}


@pytest.fixture
def one(house: dict[str, Billing]) -> Billing:
    return house["one"]


def release(billing: Billing, ref: str = "1", **more: object) -> Reply:
    """Let staff release the name in quarantine, unless told another one."""
    wish: dict[str, object] = {"handle": "testuser", "domain": "thexyz.com"}
    wish |= {"reason": "asked by its owner", "actor": STAFF}
    return billing.service("release-name", ref, **{**wish, **more})


def kind_of(handle: str) -> str:
    """What holds a name now, "" when nothing does."""
    found = Claim.objects.filter(handle=handle).first()
    return found.kind if found else ""


def test_a_quarantined_name_is_free_for_another_owner(one: Billing) -> None:
    stranger = {"id": "99", "name": "Another One"}
    assert one.create("2", owner=stranger).code == "address_quarantined"
    done = release(one)
    assert done.status == 200
    assert done.body == {
        "state": "released",
        "code": "released_quarantine",
        "detail": "testuser@thexyz.com was in quarantine and is free now.",
    }
    assert release(one).body["code"] == "released_already"
    assert one.create("2", owner=stranger).status == 200


def test_without_a_handle_the_services_user_name_is_meant(one: Billing) -> None:
    service = {"username": "testuser@thexyz.com", "domain": "thexyz.com"}
    done = release(one, handle="", domain="", service=service)
    assert (done.status, kind_of("testuser")) == (200, "")


def test_a_hold_of_ones_own_is_ended(one: Billing) -> None:
    assert one.service("reserve", "5", handle="new", domain="thexyz.com").status == 200
    done = release(one, handle="new@thexyz.com", domain="")
    assert (done.body["code"], kind_of("new")) == ("released_hold", "")


def test_a_reserved_name_is_given_out_with_who_and_why(
    one: Billing, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "housemail")
    done = release(one, handle="sales", reason="Released in WHMCS by admin 9")
    assert done.body["detail"] == "sales@thexyz.com is no longer reserved."
    row = ReservedRelease.objects.get()
    assert (row.handle, row.actor) == ("sales", "one staff:9")
    assert row.reason == "Released in WHMCS by admin 9"
    assert "one staff:9 releases sales@thexyz.com" in caplog.text
    assert one.create("3", "sales").status == 200


@pytest.mark.parametrize("kind", [Claim.Kind.QUARANTINE, Claim.Kind.HOLD])
def test_what_another_installation_keeps_is_refused_with_its_reason(
    house: dict[str, Billing], kind: Claim.Kind
) -> None:
    Claim.objects.filter(handle="testuser").update(kind=kind)
    refused = release(house["two"])
    code = {"quarantine": "address_quarantined", "hold": "address_held"}[kind]
    assert (refused.status, refused.code) == (409, code)
    assert kind_of("testuser") == kind


def test_what_another_installation_kept_until_now_is_free_already(
    house: dict[str, Billing],
) -> None:
    ended = timezone.now() - timedelta(minutes=1)
    Claim.objects.filter(handle="testuser").update(expires_at=ended)
    assert release(house["two"]).body["code"] == "released_already"


def test_what_is_in_use_is_never_released(house: dict[str, Billing]) -> None:
    for billing in house.values():
        refused = release(billing, handle="first")
        assert (refused.status, refused.code) == (409, "address_taken")
    assert kind_of("first") == "mailbox"


def test_a_name_that_changes_hands_in_this_moment_stays(
    house: dict[str, Billing],
) -> None:
    real = claims.delete_unused
    other = Installation.objects.get(name="two")

    def later(rows) -> int:
        Claim.objects.filter(handle="testuser").update(installation=other, kind="hold")
        return real(rows)

    with mock.patch.object(claims, "delete_unused", later):
        refused = release(house["one"])
    assert (refused.status, refused.code) == (409, "address_taken")
    assert kind_of("testuser") == "hold"


def test_a_create_that_waits_for_staff_gets_its_name_back(one: Billing) -> None:
    Mailbox.objects.filter(ref="0").update(state="failed", needs_staff=True)
    done = release(one, "0", handle="first")
    assert (done.body["code"], kind_of("first")) == ("released_to_order", "hold")
    assert not Mailbox.objects.get(ref="0").needs_staff


@pytest.mark.parametrize("reason", ["", "  ", None])
def test_without_a_reason_nothing_is_released(one: Billing, reason: object) -> None:
    refused = release(one, reason=reason)
    assert (refused.status, refused.body["field"]) == (422, "reason")
    assert kind_of("testuser") == "quarantine"


@pytest.mark.parametrize("kind", ["client", "automation"])
def test_only_staff_release_a_name(one: Billing, kind: str) -> None:
    refused = release(one, actor={"kind": kind})
    assert (refused.status, refused.code) == (403, "staff_only")
    assert kind_of("testuser") == "quarantine"


def test_a_domain_of_another_account_is_out_of_reach(one: Billing) -> None:
    HouseDomain.objects.update(account="another")
    assert release(one, handle="sales").code == "domain_elsewhere"
    assert release(one).code == "domain_elsewhere"
    refused = release(one, handle="sales", domain="else.example")
    assert (refused.status, refused.code) == (422, "domain_not_allowed")
    assert not ReservedRelease.objects.exists()
    assert kind_of("testuser") == "quarantine"
