"""``housemail keys``."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from cryptography.fernet import Fernet
from django.core.management.base import CommandError
from django.db import connection
from django.utils import timezone

from housemail.installations import keys
from housemail.installations.models import ApiKey, Installation, Server


def key_in(text: str) -> str:
    found = re.search(r"^hm_[0-9a-f]{12}_\S+$", text, re.MULTILINE)
    assert found is not None, text
    return found[0]


def test_a_key_is_made_with_its_installation_and_works(run):
    text = run("keys", "create", "Acme", "--kind", "other", "--permissions", "read")
    found = keys.verify(f"Bearer {key_in(text)}", "192.0.2.1")
    assert isinstance(found, ApiKey)
    assert found.installation.name == "Acme"
    assert found.installation.kind == "other"
    assert found.permissions == ["read"]


def test_a_second_key_is_of_the_same_installation(run):
    run("keys", "create", "Acme")
    run("keys", "create", "Acme")
    assert Installation.objects.count() == 1
    assert ApiKey.objects.count() == 2
    assert Installation.objects.get().kind == "whmcs"


def test_the_secret_is_shown_once_and_never_again(run):
    key = key_in(run("keys", "create", "Acme"))
    listed = run("keys", "list")
    assert key.rpartition("_")[2] not in listed
    assert key[:15] in listed


def test_networks_and_end(run):
    run("keys", "create", "A", "--from", "192.0.2.0/24", "--from", "::1")
    run("keys", "create", "B", "--expires", "7")
    assert ApiKey.objects.get(installation__name="A").source_networks == [
        "192.0.2.0/24",
        "::1/128",
    ]
    end = ApiKey.objects.get(installation__name="B").expires_at
    assert end is not None
    assert timedelta(days=6) < end - timezone.now() <= timedelta(days=7)


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["--from", "192.0.2.1/24"], "--from"),
        (["--from", "home"], "--from"),
        (["--expires", "0"], "--expires"),
        (["--permissions", "all"], "Permissions"),
        (["--permissions", ","], "Permissions"),
    ],
)
def test_what_is_wrong_makes_nothing(run, arguments, word):
    with pytest.raises(CommandError, match=word):
        run("keys", "create", "Acme", *arguments)
    assert not Installation.objects.exists()


def test_an_installation_does_not_change_its_kind(run):
    run("keys", "create", "Acme")
    with pytest.raises(CommandError, match="of kind whmcs"):
        run("keys", "create", "Acme", "--kind", "shop")


def test_a_name_is_needed(run):
    with pytest.raises(CommandError, match="NAME"):
        run("keys", "create", " ")


def test_revoke_takes_what_list_shows(run):
    key = key_in(run("keys", "create", "Acme"))
    shown = key.rpartition("_")[0] + "_…"
    assert "revoked" in run("keys", "revoke", shown)
    assert keys.verify(f"Bearer {key}", "::1") is keys.KeyRefused.REVOKED
    assert "revoked 2" in run("keys", "list")
    with pytest.raises(CommandError, match="No valid key"):
        run("keys", "revoke", shown)


def test_rotate_makes_a_successor_once(run):
    old = key_in(run("keys", "create", "Acme", "--from", "192.0.2.0/24"))
    shown = old.split("_")[1]
    new = key_in(run("keys", "rotate", shown))
    for text in (old, new):
        assert isinstance(keys.verify(f"Bearer {text}", "192.0.2.9"), ApiKey)
    with pytest.raises(CommandError, match="successor"):
        run("keys", "rotate", shown)
    run("keys", "revoke", shown)
    with pytest.raises(CommandError, match="No valid key"):
        run("keys", "rotate", shown)


def test_list_says_what_is_over_and_what_to_do(run):
    assert "housemail keys create" in run("keys", "list")
    run("keys", "create", "Acme [brackets]", "--expires", "1")
    assert "valid until" in run("keys", "list")
    assert "Acme [brackets]" in run("keys", "list")
    ApiKey.objects.update(expires_at=timezone.now())
    assert "expired" in run("keys", "list")


def test_hosts_are_added_and_removed(run):
    run("keys", "create", "Acme")
    said = run(
        "keys", "hosts", "Acme", "--add", "CP.Example.net", "--remove",
        "cp.emailarray.com",
    )  # fmt: skip
    assert said == "Acme may use cfcp.emailarray.com, cp.example.net.\n"
    assert run("keys", "hosts", "Acme") == said
    with pytest.raises(CommandError, match="without https"):
        run("keys", "hosts", "Acme", "--add", "https://cp.example.net")
    with pytest.raises(CommandError, match="no installation"):
        run("keys", "hosts", "Nobody")


def stored() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT password FROM installations_server")
        return str(cursor.fetchone()[0])


def test_reencrypt_makes_the_old_key_superfluous(run, settings):
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    settings.HOUSEMAIL_ENCRYPTION_KEYS = [old]
    installation = Installation.objects.create(name="Acme")
    Server.objects.create(
        installation=installation,
        platform="memory",
        endpoint="-",
        username="admin",
        account="a",
        password="platform-secret",
    )
    before = stored()
    settings.HOUSEMAIL_ENCRYPTION_KEYS = [new, old]
    assert "1 stored credentials" in run("keys", "reencrypt")
    assert stored() != before
    settings.HOUSEMAIL_ENCRYPTION_KEYS = [new]
    assert Server.objects.get().password == "platform-secret"
    assert "platform-secret" not in stored()


def test_reencrypt_with_the_wrong_keys_changes_nothing(run, settings):
    installation = Installation.objects.create(name="Acme")
    Server.objects.create(
        installation=installation, platform="memory", account="a", password="x"
    )
    before = stored()
    settings.HOUSEMAIL_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    with pytest.raises(CommandError, match="HOUSEMAIL_ENCRYPTION_KEYS"):
        run("keys", "reencrypt")
    assert stored() == before
