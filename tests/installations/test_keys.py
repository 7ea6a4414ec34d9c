"""Keys: made once, checked in constant time, and told apart only by their holder."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from housemail.installations import keys
from housemail.installations.keys import KeyRefused
from housemail.installations.models import ApiKey, Installation

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def installation() -> Installation:
    return Installation.objects.create(name="one")


def bearer(text: str) -> str:
    return f"Bearer {text}"


def test_a_made_key_is_taken_and_only_its_digest_is_kept(installation):
    text = keys.make(installation, permissions=["read", "write"])
    key = ApiKey.objects.get()
    secret = text.split("_", 2)[2]
    assert text == f"hm_{key.prefix}_{secret}"
    assert secret not in str(ApiKey.objects.values().get())
    assert keys.verify(bearer(text), "203.0.113.9") == key
    assert keys.verify(f"bearer   {text} ", "") == key


@pytest.mark.parametrize("permissions", [[], ["admin"], ["read", "all"]])
def test_unknown_permissions_are_refused(installation, permissions):
    with pytest.raises(ValueError, match="read, write, adopt"):
        keys.make(installation, permissions=permissions)


@pytest.mark.parametrize("network", ["10.0.0.300", "house.test", "10.0.0.1/8"])
def test_what_is_no_network_is_refused(installation, network):
    with pytest.raises(ValueError, match=r"not|bits"):
        keys.make(installation, permissions=["read"], source_networks=[network])


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer  ", "Basic abc", "hm_1_2"])
def test_without_a_bearer_key_it_is_missing(header):
    assert keys.verify(header, "127.0.0.1") is KeyRefused.MISSING


def test_unknown_prefix_wrong_secret_and_nonsense_are_one_answer(
    installation, django_assert_num_queries
):
    text = keys.make(installation, permissions=["read"])
    prefix, secret = text.split("_", 2)[1:]
    wrong = f"hm_{prefix}_{'x' * len(secret)}"
    unknown = f"hm_{'0' * 12}_{secret}"
    for given in (wrong, unknown, "nonsense", "hm__", f"{text}\N{SNOWMAN}"):
        with django_assert_num_queries(1):
            assert keys.verify(bearer(given), "") is KeyRefused.INVALID


def test_revoked_and_expired_keys_say_so_only_to_who_has_the_secret(installation):
    text = keys.make(
        installation, permissions=["read"], expires_at=NOW + timedelta(days=1)
    )
    with time_machine.travel(NOW, tick=False):
        assert isinstance(keys.verify(bearer(text), ""), ApiKey)
    with time_machine.travel(NOW + timedelta(days=1), tick=False):
        assert keys.verify(bearer(text), "") is KeyRefused.EXPIRED
        assert keys.verify(bearer(text + "x"), "") is KeyRefused.INVALID
    ApiKey.objects.update(revoked_at=timezone.now())
    assert keys.verify(bearer(text), "") is KeyRefused.REVOKED


def test_two_keys_are_valid_during_a_rotation(installation):
    old = keys.make(installation, permissions=["read"])
    new = keys.make(installation, permissions=["read"])
    assert keys.verify(bearer(old), "") != keys.verify(bearer(new), "")
    ApiKey.objects.filter(prefix=old.split("_")[1]).update(revoked_at=timezone.now())
    assert keys.verify(bearer(old), "") is KeyRefused.REVOKED
    assert isinstance(keys.verify(bearer(new), ""), ApiKey)


@pytest.mark.parametrize(
    ("address", "taken"),
    [
        ("203.0.113.7", True),
        ("::ffff:203.0.113.7", True),
        ("2001:db8::1", True),
        ("203.0.114.7", False),
        ("2001:db9::1", False),
        ("", False),
        ("nonsense", False),
    ],
)
def test_a_key_is_taken_from_its_networks_only(installation, address, taken):
    text = keys.make(
        installation,
        permissions=["read"],
        source_networks=["203.0.113.0/24", "2001:db8::/32"],
    )
    found = keys.verify(bearer(text), address)
    assert isinstance(found, ApiKey) is taken
    assert taken or found is KeyRefused.SOURCE


def test_last_use_is_written_at_most_once_a_minute(
    installation, django_assert_num_queries
):
    text = keys.make(installation, permissions=["read"])
    with time_machine.travel(NOW, tick=False):
        keys.verify(bearer(text), "")
        assert ApiKey.objects.get().last_used_at == NOW
    with (
        time_machine.travel(NOW + timedelta(seconds=59), tick=False),
        django_assert_num_queries(1),
    ):
        keys.verify(bearer(text), "")
    with time_machine.travel(NOW + timedelta(seconds=60), tick=False):
        keys.verify(bearer(text), "")
        assert ApiKey.objects.get().last_used_at == NOW + timedelta(seconds=60)
