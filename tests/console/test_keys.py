"""API keys: owners only, shown once, rotated, revoked, never made twice."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.utils import timezone

from housemail.installations import keys
from housemail.installations.models import ApiKey, Installation
from housemail.people.models import StaffAct
from tests.console.conftest import once, said

pytestmark = pytest.mark.django_db
LIST = "/console/installations/apikey/"
NEW = f"{LIST}do/new/"
KEY = re.compile(rb"hm_[0-9a-f]{12}_[A-Za-z0-9_-]{43}")


@pytest.fixture
def installation() -> Installation:
    return Installation.objects.create(name="A WHMCS")


@pytest.fixture
def key(installation) -> ApiKey:
    keys.make(installation, permissions=["read"])
    return ApiKey.objects.get()


def filled(client, **changes: object) -> dict[str, object]:
    return {
        "once": once(client, NEW),
        "installation": "",
        "new_name": "Our WHMCS",
        "permissions": ["read", "write"],
        "networks": "192.0.2.0/24\n2001:db8::1",
        "expires": "",
        **changes,
    }


def test_a_key_is_shown_once_and_kept_nowhere(owner):
    day = timezone.now().date() + timedelta(days=7)
    data = filled(owner, expires=day.isoformat())
    answer = owner.post(NEW, data)
    [text] = set(KEY.findall(answer.content))
    assert "no-store" in answer["Cache-Control"]
    key = keys.verify(f"Bearer {text.decode()}", "192.0.2.7")
    assert isinstance(key, ApiKey)
    assert key.installation.name == "Our WHMCS"
    assert key.permissions == ["read", "write"]
    assert key.source_networks == ["192.0.2.0/24", "2001:db8::1/128"]
    assert key.expires_at is not None
    assert key.expires_at.date() == day
    again = owner.post(NEW, data, follow=True)
    done = f"{key} for Our WHMCS was made and shown."
    assert said(again) == [f"This was done already: {done}"]
    assert ApiKey.objects.count() == 1
    secret = text.decode().split("_", 2)[2]
    for page in (LIST, f"{LIST}{key.pk}/change/", f"{LIST}{key.pk}/history/"):
        assert secret not in owner.get(page).content.decode()
    for rows in (LogEntry.objects, StaffAct.objects, ApiKey.objects):
        assert secret not in str(list(rows.values()))
    entry = LogEntry.objects.get()
    assert entry.change_message == f"New key: {done}"
    assert (entry.object_id, entry.object_repr) == (str(key.pk), str(key))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            {"networks": "192.0.2.0/24\nhome"},
            "home is neither an address",
        ),
        ({"permissions": []}, "This field is required"),
        ({"new_name": ""}, "Choose a billing system, or type the name"),
        ({"expires": "2020-01-01"}, "Choose a day that is not over"),
    ],
)
def test_what_is_wrong_is_named_and_what_was_typed_is_kept(owner, change, words):
    answer = owner.post(NEW, filled(owner, **change))
    assert answer.status_code == 422
    text = answer.content.decode()
    assert words in text
    assert "192.0.2.0/24" in text
    assert not ApiKey.objects.exists()


def test_a_key_is_rotated_once_and_both_are_valid(owner, key):
    path = f"{LIST}{key.pk}/do/rotate/"
    sent = {"once": once(owner, path)}
    late = {"once": once(owner, path)}  # a second tab
    answer = owner.post(path, sent)
    [text] = set(KEY.findall(answer.content))
    assert isinstance(keys.verify(f"Bearer {text.decode()}", ""), ApiKey)
    assert keys.is_valid(key)
    owner.post(path, sent)
    assert "has a successor already" in said(owner.post(path, late, follow=True))[-1]
    assert ApiKey.objects.count() == 2
    page = owner.get(f"{LIST}{key.pk}/change/")
    assert {each["title"] for each in page.context["console_commands"]} == {"Revoke"}
    assert b"replaced by" in page.content


def test_a_revoked_key_is_neither_rotated_nor_revived(owner, key):
    path = f"{LIST}{key.pk}/do/revoke/"
    answer = owner.post(path, {"once": once(owner, path)}, follow=True)
    assert said(answer) == ["The key is revoked."]
    assert answer.context["console_commands"] == []
    key.refresh_from_db()
    when = key.revoked_at
    for command in ("revoke", "rotate"):
        path = f"{LIST}{key.pk}/do/{command}/"
        answer = owner.post(path, {"once": once(owner, path)}, follow=True)
        assert "revoked" in said(answer)[0]
    key.refresh_from_db()
    assert key.revoked_at == when
    assert ApiKey.objects.count() == 1


@pytest.mark.parametrize("who", ["support", "manager"])
def test_keys_are_for_owners_only(request, key, who):
    client = request.getfixturevalue(who)
    for path in (LIST, f"{LIST}{key.pk}/change/", NEW, f"{LIST}{key.pk}/do/revoke/"):
        assert client.get(path).status_code == 403, path
        assert client.post(path, {"once": "k"}).status_code == 403, path
    assert "apikey" not in client.get("/console/").content.decode()
    key.refresh_from_db()
    assert key.revoked_at is None


def test_the_list_costs_the_same_with_few_and_many(
    owner, installation, django_assert_num_queries, django_assert_max_num_queries
):
    keys.make(installation, permissions=["read"])
    keys.rotate(ApiKey.objects.get())
    owner.get(LIST)
    with django_assert_max_num_queries(12) as captured:
        owner.get(LIST)
    few = len(captured)
    for _ in range(60):
        keys.make(installation, permissions=["read"])
    with django_assert_num_queries(few):
        assert len(owner.get(LIST).context["cl"].result_list) == 50
