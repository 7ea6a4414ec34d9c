"""Who may come in: keys, permissions, networks, and whose address counts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from housemail.installations import keys
from housemail.installations.models import ApiKey
from housemail.web.remote_address import remote_address


def test_without_a_key_it_is_401_and_says_how(api):
    api.key = ""
    answer = api.post("pending")
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Bearer")
    assert answer.json()["code"] == "key_missing"


def test_a_wrong_key_is_401(api):
    api.key = api.key[:-1] + ("a" if api.key[-1] != "a" else "b")
    answer = api.post("pending")
    assert (answer.status_code, answer.json()["code"]) == (401, "key_invalid")


@pytest.mark.parametrize(
    ("change", "code"), [("revoked_at", "key_revoked"), ("expires_at", "key_expired")]
)
def test_a_key_that_ended_says_so(api, change, code):
    ApiKey.objects.update(**{change: timezone.now() - timedelta(seconds=1)})
    answer = api.post("pending")
    assert (answer.status_code, answer.json()["code"]) == (401, code)


def test_a_key_of_another_network_is_403(api):
    ApiKey.objects.update(source_networks=["203.0.113.0/24"])
    answer = api.post("pending")
    assert (answer.status_code, answer.json()["code"]) == (403, "key_source")
    assert "127.0.0.1" in answer.json()["detail"]


def test_the_network_of_a_trusted_proxys_client_counts(api, settings):
    ApiKey.objects.update(source_networks=["203.0.113.0/24"])
    forwarded = {"x-forwarded-for": "203.0.113.7"}
    assert api.post("pending", **forwarded).status_code == 403
    settings.HOUSEMAIL_TRUSTED_PROXIES = ["127.0.0.0/8"]
    assert api.post("pending", **forwarded).status_code == 200


READS = {"connection-test", "availability", "pending", "usage"}
NEEDS_READ = {"overview", "check"}
STAFF_ONLY = ["adopt", "release-name", "repoint"]


@pytest.mark.parametrize("permission", keys.PERMISSIONS)
def test_each_call_needs_its_permission(api, installation, permission, all_calls):
    api.key = keys.make(installation, permissions=[permission])
    for path in all_calls:
        verb = path.rsplit("/", 1)[-1]
        needed = "write"
        if path in READS or verb in NEEDS_READ:
            needed = "read"
        if verb in STAFF_ONLY:
            needed = "adopt"
        answer = api.post(path.replace("{ref}", "1"), {"handle": "a", "members": []})
        refused = answer.json().get("code") == "key_permission"
        assert refused is (needed != permission), path
        assert answer.status_code == 403 or not refused
        assert not refused or needed in answer.json()["detail"]


@pytest.mark.parametrize("kind", ["client", "automation"])
@pytest.mark.parametrize("verb", STAFF_ONLY)
def test_some_calls_need_a_member_of_staff_too(api, verb, kind):
    answer = api.post(f"services/1/{verb}", {"actor": {"kind": kind}})
    code = "ask_support" if kind == "client" else "staff_only"
    assert (answer.status_code, answer.json()["code"]) == (403, code)


PROXIES = ["10.0.0.0/8", "2001:db8::/32"]


@pytest.mark.parametrize(
    ("peer", "forwarded", "proxies", "found"),
    [
        ("198.51.100.1", "203.0.113.7", PROXIES, "198.51.100.1"),
        ("10.0.0.1", "203.0.113.7", PROXIES, "203.0.113.7"),
        ("10.0.0.1", "1.2.3.4, 203.0.113.7, 10.9.9.9", PROXIES, "203.0.113.7"),
        ("10.0.0.1", "203.0.113.7", [], "10.0.0.1"),
        ("10.0.0.1", "", PROXIES, ""),
        ("10.0.0.1", "rubbish", PROXIES, ""),
        ("::ffff:10.0.0.1", "203.0.113.7", PROXIES, "203.0.113.7"),
        ("", "203.0.113.7", PROXIES, ""),
        ("", "203.0.113.7", ["unix"], "203.0.113.7"),
    ],
)
def test_forwarded_addresses_are_believed_from_trusted_hops_only(
    settings, peer, forwarded, proxies, found
):
    settings.HOUSEMAIL_TRUSTED_PROXIES = proxies
    meta = {"REMOTE_ADDR": peer, "HTTP_X_FORWARDED_FOR": forwarded}
    assert remote_address(meta) == found


def test_only_the_header_that_was_named_is_believed(settings):
    settings.HOUSEMAIL_TRUSTED_PROXIES = PROXIES
    settings.HOUSEMAIL_ADDRESS_HEADER = "ClientAddress"
    meta = {"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": "192.0.2.66"}
    assert remote_address(meta) == ""
    meta["HTTP_CLIENTADDRESS"] = "192.0.2.66, 203.0.113.7"
    assert remote_address(meta) == "203.0.113.7"
