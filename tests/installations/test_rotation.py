"""Rotation: two keys are valid meanwhile, one successor a key, one key a form."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from housemail.installations import keys
from housemail.installations.keys import KeyConflict, KeyRefused
from housemail.installations.models import ApiKey, Installation

pytestmark = [pytest.mark.databases, pytest.mark.django_db]


@pytest.fixture
def installation() -> Installation:
    return Installation.objects.create(name="one")


@pytest.fixture
def old(installation) -> str:
    return keys.make(
        installation, permissions=["read"], source_networks=["203.0.113.0/24"]
    )


def row(text: str) -> ApiKey:
    return ApiKey.objects.get(prefix=text.split("_")[1])


def verified(text: str):
    return keys.verify(f"Bearer {text}", "203.0.113.7")


def test_both_keys_are_valid_until_the_old_one_is_revoked(old):
    new = keys.rotate(row(old))
    assert verified(old) == row(old)
    assert verified(new) == row(new)
    assert row(new).permissions == ["read"]
    assert row(new).source_networks == ["203.0.113.0/24"]
    assert row(new).replaces == row(old)
    keys.revoke(row(old))
    assert verified(old) is KeyRefused.REVOKED
    assert verified(new) == row(new)


def test_a_key_has_one_successor_at_a_time(old):
    new = keys.rotate(row(old))
    with pytest.raises(KeyConflict, match="successor"):
        keys.rotate(row(old))
    assert ApiKey.objects.count() == 2
    keys.revoke(row(new))
    third = keys.rotate(row(old))
    assert verified(third) == row(third)


def test_the_successor_is_rotated_in_its_turn(old):
    newer = keys.rotate(row(keys.rotate(row(old))))
    assert isinstance(verified(newer), ApiKey)


def test_what_has_ended_is_neither_rotated_nor_revived(old, installation):
    keys.revoke(row(old))
    with pytest.raises(KeyConflict, match="revoked or has expired"):
        keys.rotate(row(old))
    before = row(old).revoked_at
    with pytest.raises(KeyConflict, match="revoked before"):
        keys.revoke(row(old))
    assert row(old).revoked_at == before
    soon = timezone.now() - timedelta(seconds=1)
    expired = keys.make(installation, permissions=["read"], expires_at=soon)
    with pytest.raises(KeyConflict, match="revoked or has expired"):
        keys.rotate(row(expired))
    assert not keys.is_valid(row(expired))
    assert not keys.is_valid(row(old))


def test_a_stale_row_does_not_rotate_what_was_revoked_meanwhile(old):
    stale = row(old)
    keys.revoke(row(old))
    with pytest.raises(KeyConflict):
        keys.rotate(stale)
    assert ApiKey.objects.count() == 1


def test_a_form_makes_one_key_however_often_it_is_sent(installation):
    first = keys.make(installation, permissions=["read"], form_key="f1")
    with pytest.raises(KeyConflict, match="made its key already"):
        keys.make(installation, permissions=["read"], form_key="f1")
    assert [row(first)] == list(ApiKey.objects.all())
    keys.make(installation, permissions=["read"], form_key="f2")
    keys.make(installation, permissions=["read"])
    keys.make(installation, permissions=["read"])
    assert ApiKey.objects.count() == 4
