"""``housemail doctor``: a line a check, and what to do."""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from django.core.management import call_command
from django.utils import timezone

from housemail.background import engine
from housemail.installations import keys
from housemail.installations.models import Installation, Server
from housemail.mailboxes.models import HouseDomain, Mailbox, Operation
from housemail.ops import database, health
from housemail.ops.health import Grade


@pytest.fixture
def data(tmp_path: Path, settings, monkeypatch) -> Path:
    tmp_path.chmod(0o700)
    settings.HOUSEMAIL_DATA_DIR = tmp_path
    monkeypatch.setattr(engine, "heartbeat", timezone.now)
    return tmp_path


@pytest.fixture
def found(db, data):
    def found(what: str) -> list[health.Finding]:
        return [one for one in health.examine(servers=False) if one.what == what]

    return found


@pytest.fixture
def mailbox(db) -> Mailbox:
    installation = Installation.objects.create(name="Acme")
    keys.make(installation, permissions=["read"])
    server = Server.objects.create(
        installation=installation,
        platform="memory",
        endpoint="-",
        username="admin",
        account="memory:admin@-",
        password="secret",
        domains=["thexyz.com"],
    )
    domain = HouseDomain.objects.create(name="thexyz.com", account="memory:admin@-")
    return Mailbox.objects.create(
        installation=installation,
        ref="17",
        server=server,
        house_domain=domain,
        handle="anna",
        state=Mailbox.State.ACTIVE,
        state_changed_at=timezone.now(),
        quota_gb=1,
        account_type=1,
        language="en",
        timezone="UTC",
        date_format="yyyy-mm-dd",
    )


def operation(mailbox: Mailbox, **changes) -> Operation:
    now = timezone.now()
    values = {"created_at": now, "lease_until": now, "verb": "suspend", **changes}
    return Operation.objects.create(mailbox=mailbox, **values)


def test_all_is_well(mailbox, data, capsys):
    call_command("doctor")
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == ["ok"] * len(lines)
    assert len(lines) == 9


def test_a_failed_check_ends_with_1(db, data, settings, run):
    settings.HOUSEMAIL_RESERVED_FILE = str(data / "missing")
    with pytest.raises(SystemExit) as ended:
        run("doctor")
    assert ended.value.code == 1


def test_secrets_that_others_can_read(found, data):
    (data / "encryption_keys").write_text("x")
    (data / "encryption_keys").chmod(0o644)
    [line] = found("data directory")
    assert line.grade is Grade.FAIL
    assert line.says.endswith(f"chmod 600 {data}/encryption_keys")
    data.chmod(0o755)
    assert f"chmod 700 {data}" in found("data directory")[0].says


def test_a_data_directory_that_is_gone(found, settings, data):
    settings.HOUSEMAIL_DATA_DIR = data / "gone"
    assert found("data directory")[0].grade is Grade.FAIL


def test_a_proxy_that_may_let_an_address_be_chosen(found, settings):
    assert found("proxies") == []
    settings.HOUSEMAIL_TRUSTED_PROXIES = ["127.0.0.1", "unix"]
    [line] = found("proxies")
    assert line.grade is Grade.WARN
    assert "from 127.0.0.1, unix: see that the proxy drops X_Forwarded_For" in line.says
    settings.HOUSEMAIL_ADDRESS_HEADER = "ClientAddress"
    assert found("proxies")[0].grade is Grade.OK


def test_an_old_python(found, monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 10))
    assert "3.11 or newer" in found("Python")[0].says


def test_a_database_that_does_not_answer_or_is_old(found, monkeypatch):
    monkeypatch.setattr(database, "pending", lambda: ["mailboxes.0002"])
    assert "housemail migrate" in found("database")[0].says
    assert found("keys") == []
    monkeypatch.setattr(database, "why_not", lambda: "connection refused")
    [line] = found("database")
    assert "connection refused" in line.says
    assert line.grade is Grade.FAIL


@pytest.mark.parametrize("beat", [None, timezone.now() - timedelta(hours=1)])
def test_an_engine_that_does_not_run(found, monkeypatch, beat):
    monkeypatch.setattr(engine, "heartbeat", lambda: beat)
    [line] = found("engine")
    assert line.grade is Grade.WARN
    assert "housemail serve" in line.says


def test_keys_that_are_missing_or_end_soon(found):
    assert "housemail keys create" in found("keys")[0].says
    installation = Installation.objects.create(name="Acme")
    keys.make(
        installation,
        permissions=["read"],
        expires_at=timezone.now() + timedelta(days=2),
    )
    assert "make its successor" in found("keys")[0].says


def test_credentials_that_cannot_be_decrypted(found, mailbox, settings):
    settings.HOUSEMAIL_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    [line] = found("credentials")
    assert line.grade is Grade.FAIL
    assert f"servers {mailbox.server_id} cannot" in line.says
    assert "HOUSEMAIL_ENCRYPTION_KEYS" in line.says
    assert list(health._servers()) == []


def test_operations_that_are_open_for_long_or_need_staff(found, mailbox):
    operation(mailbox)
    assert found("operation") == []
    old = operation(mailbox, created_at=timezone.now() - timedelta(hours=1))
    staff = operation(mailbox, state="undetermined", needs_staff=True)
    lines = [line.says for line in found("operation")]
    assert lines[0].startswith(
        f"{old.pk}: suspend of service 17, anna@thexyz.com: open"
    )
    assert lines[1].startswith(f"{staff.pk}: ")
    assert lines[1].endswith("needs staff")


def test_many_are_counted_not_listed(found, mailbox):
    for _ in range(health.LISTED + 3):
        operation(mailbox, state="undetermined", needs_staff=True)
    assert found("operation")[-1].says == "and 3 more"


def test_a_mailbox_that_needs_staff(found, mailbox):
    Mailbox.objects.update(needs_staff=True)
    assert "anna@thexyz.com of service 17" in found("mailbox")[0].says
    operation(mailbox, state="undetermined", needs_staff=True)
    assert found("mailbox") == []


def test_a_domain_that_no_server_lists(found, mailbox):
    Server.objects.update(domains=[])
    assert "thexyz.com" in found("house domains")[0].says
