"""Test Connection says which part fails, each in its own sentence with the fix."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from emulator import Emulator
from housemail.installations.models import Installation, Server
from housemail.mailboxes import servers
from housemail.ops import health
from housemail.ops.health import Grade

Examined = Callable[..., health.Finding]


@pytest.fixture(scope="module")
def running() -> Iterator[Emulator]:
    emulator = Emulator(username="admin", password="Right-password-1")
    emulator.start()
    yield emulator
    emulator.stop()


@pytest.fixture
def emulator(running: Emulator) -> Iterator[Emulator]:
    servers.forget_platforms()
    yield running
    running.reset()
    servers.forget_platforms()


@pytest.fixture
def examined(db: None, emulator: Emulator) -> Examined:
    """What ``doctor --servers`` says about a server with these details."""

    def examined(**details: str) -> health.Finding:
        values = {
            "platform": "emailarray",
            "endpoint": emulator.endpoint,
            "username": "admin",
            "password": "Right-password-1",
            "account": "a",
            **details,
        }
        Server.objects.create(
            installation=Installation.objects.create(name="one"), **values
        )
        return list(health._servers())[-1]

    return examined


def test_all_is_well(examined: Examined) -> None:
    assert examined().grade is Grade.OK


@pytest.mark.parametrize(
    "details", [{"username": "root"}, {"password": "Wrong-password-1"}]
)
def test_user_name_or_password_is_wrong(examined: Examined, details) -> None:
    found = examined(**details)
    assert found.grade is Grade.FAIL
    assert "user name" in found.says.lower() or "username" in found.says.lower()
    assert "password" in found.says
    assert "Wrong-password-1" not in found.says


def test_the_endpoint_is_not_the_admin_api(examined: Examined, emulator) -> None:
    found = examined(endpoint=emulator.page_url)
    assert found.grade is Grade.FAIL
    assert "admin API" in found.says or "/admin/json.php" in found.says


def test_the_platform_is_not_reachable(examined: Examined) -> None:
    found = examined(endpoint="http://127.0.0.1:1/admin/json.php")
    assert found.grade is Grade.FAIL
    assert "127.0.0.1" in found.says


def test_the_demos_platform_is_told_apart_from_a_wrong_address(
    examined: Examined, settings
) -> None:
    settings.HOUSEMAIL_ALLOW_LOCAL_PLATFORM = False
    found = examined(endpoint="http://127.0.0.1:1/admin/json.php")
    assert found.grade is Grade.FAIL
    assert "Set HOUSEMAIL_ALLOW_LOCAL_PLATFORM=1" in found.says


def test_the_account_has_no_admin_permission(examined: Examined, emulator) -> None:
    emulator.switch_on("permission_denied", action="getAllDomains")
    found = examined()
    assert found.grade is Grade.FAIL
    assert "permission" in found.says
