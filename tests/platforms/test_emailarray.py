"""EmailArray keeps the contract, against the emulator; and its own promises."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC
from decimal import Decimal
from typing import Any

import pytest

from housemail.platforms.base import (
    Address,
    Deadline,
    LoginRefused,
    NotAnAdminApi,
    OutcomeUnknown,
    PermissionRefused,
    PlatformRefused,
    PlatformUnavailable,
    Presence,
)
from housemail.platforms.emailarray.config import EmailArrayConfig
from housemail.platforms.emailarray.platform import EmailArray
from tests.platforms.contract import ANNA, DOMAIN, STRONG, PlatformContract, soon


def connect(emulator: Any, **options: Any) -> EmailArray:
    hosts = tuple(
        url.split("/")[2] for url in (emulator.endpoint, emulator.second_endpoint)
    )
    config = EmailArrayConfig(endpoint_groups=(hosts,), **options)
    return EmailArray(
        emulator.endpoint, emulator.username, emulator.password, config=config
    )


def sent(emulator: Any, action: str = "") -> list[str]:
    actions = [entry.action for entry in emulator.journal]
    return [name for name in actions if name == action or not action]


class TestEmailArray(PlatformContract):
    @pytest.fixture
    def platform(self, emulator: Any) -> EmailArray:
        return connect(emulator)


@pytest.fixture
def platform(emulator: Any) -> EmailArray:
    return connect(emulator)


@pytest.fixture
def with_anna(platform: EmailArray) -> EmailArray:
    platform.create_mailbox(ANNA, STRONG, soon())
    return platform


def test_the_number_of_calls_is_what_the_notes_say(
    emulator: Any, platform: EmailArray
) -> None:
    platform.connect(soon())
    at = ANNA.address
    steps = (
        (lambda: platform.look(at, soon(), calibrated=True), ["searchUsers"]),
        (lambda: platform.create_mailbox(ANNA, STRONG, soon()), ["addUser"]),
        (lambda: platform.read(at, soon()), ["getUserInfo"]),
        (lambda: platform.update_mailbox(ANNA, soon()), ["updateUser"]),
        (lambda: platform.disable_mailbox(at, soon()), ["disableUser"]),
        (lambda: platform.enable_mailbox(at, soon()), ["enableUser"]),
        (lambda: platform.webmail_login(at, soon()), ["getOTPass"]),
        (lambda: list(platform.all_mailboxes(DOMAIN, soon())), ["getAllUsersDomain"]),
        (lambda: platform.all_aliases(DOMAIN, soon()), ["getAllAliasesDomain"]),
        (lambda: platform.all_lists(DOMAIN, soon()), ["getAllListsDomain"]),
        (lambda: platform.remove_mailbox(at, soon()), ["removeUser"]),
    )
    for step, actions in steps:
        before = len(sent(emulator))
        step()
        assert sent(emulator)[before:] == actions


def test_a_wrong_password_is_login_refused(emulator: Any) -> None:
    with pytest.raises(LoginRefused):
        EmailArray(emulator.endpoint, emulator.username, "wrong").connect(soon())


def test_another_path_is_not_an_admin_api(emulator: Any) -> None:
    endpoint = emulator.endpoint.replace("/admin/json.php", "/nothing")
    with pytest.raises((NotAnAdminApi, PlatformUnavailable)):
        EmailArray(endpoint, "u", "p").connect(soon())


def test_a_refused_domain_listing_is_permission_refused(
    emulator: Any, platform: EmailArray
) -> None:
    emulator.switch_on("permission_denied", action="getAllDomains")
    with pytest.raises(PermissionRefused):
        platform.connect(soon())


@pytest.mark.parametrize(
    ("switch", "scope"),
    [
        ("http_5xx_after_apply", {}),
        ("timeout_after_apply", {"hold": 5}),
        ("connection_reset", {"at": "after_apply"}),
        ("malformed_json", {}),
        ("html_error_page", {"phase": "after"}),
        ("empty_body", {}),
        ("odd_returncode", {}),
    ],
)
def test_a_lost_answer_is_unknown_and_a_look_settles_it(
    emulator: Any, platform: EmailArray, switch: str, scope: dict[str, Any]
) -> None:
    platform.connect(soon())
    emulator.switch_on(switch, action="addUser", count=1, **scope)
    with pytest.raises(OutcomeUnknown):
        platform.create_mailbox(ANNA, STRONG, Deadline.after(1.5))
    emulator.switches_off()
    look = platform.look(ANNA.address, soon(), calibrated=True)
    assert look.presence is Presence.PRESENT
    assert len(sent(emulator, "addUser")) == 1


def test_a_token_that_expired_costs_one_login_and_one_repetition(
    emulator: Any, platform: EmailArray
) -> None:
    platform.connect(soon())
    emulator.switch_on("expired_token")
    platform.create_mailbox(ANNA, STRONG, soon())
    assert len(sent(emulator, "addUser")) == 2
    assert len(sent(emulator, "login")) == 2
    assert sum(entry.changed for entry in emulator.journal) == 1


@pytest.mark.parametrize(
    "preset", ["calm", "vendor_types", "strict_panel", "other_units", "hostile_shapes"]
)
def test_every_preset_of_shapes_is_read(emulator: Any, preset: str) -> None:
    platform = connect(emulator)
    platform.create_mailbox(ANNA, STRONG, soon())
    emulator.use_preset(preset)
    look = platform.look(ANNA.address, soon(), calibrated=True)
    assert look.presence is Presence.PRESENT
    box = platform.read(ANNA.address, soon())
    assert box is not None
    assert box.quota_raw is None or box.shows_quota(Decimal(5))


@pytest.mark.parametrize("unit", ["mb1000", "mb1024", "gb"])
def test_the_quota_is_recognised_in_every_unit(
    emulator: Any, with_anna: EmailArray, unit: str
) -> None:
    emulator.switch_on("quota_read_unit", value=unit)
    box = with_anna.read(ANNA.address, soon())
    assert box is not None
    assert box.shows_quota(Decimal(5))
    assert not box.shows_quota(Decimal("5.2"))


@pytest.mark.parametrize("shape", ["object", "list", "minimal", "fail"])
def test_any_shape_of_the_user_info_is_read(
    emulator: Any, with_anna: EmailArray, shape: str
) -> None:
    emulator.switch_on("userinfo_shape", value=shape)
    box = with_anna.read(ANNA.address, soon())
    assert box is not None
    assert box.display_name == ANNA.display_name
    assert box.disabled is False


def test_escaped_names_are_unescaped(emulator: Any, with_anna: EmailArray) -> None:
    emulator.switch_on("html_entities")
    box = with_anna.read(ANNA.address, soon())
    assert box is not None
    assert box.display_name == ANNA.display_name


def test_last_login_is_aware_utc(emulator: Any, platform: EmailArray) -> None:
    emulator.seed_mailbox(DOMAIN, "anna", lastauth=1_770_724_800.0, usage_mb=12)
    for form in ("text", "epoch"):
        emulator.switch_on("timestamp_format", value=form)
        box = platform.read(ANNA.address, soon())
        assert box is not None
        assert box.last_login_at is not None
        assert box.last_login_at.tzinfo is UTC
        assert box.last_login_at.timestamp() == 1_770_724_800
        assert box.used_bytes == 12_000_000


@pytest.mark.parametrize("shape", ["[]", "{}"])
def test_an_empty_listing_is_absence_only_when_usable(
    emulator: Any, platform: EmailArray, shape: str
) -> None:
    emulator.switch_on("empty_shape", value=shape)
    look = platform.look(ANNA.address, soon(), calibrated=True)
    assert look.presence is Presence.ABSENT


@pytest.mark.parametrize("shape", ['""', "null", "false"])
def test_an_unusable_listing_is_unproven(
    emulator: Any, platform: EmailArray, shape: str
) -> None:
    try:
        emulator.switch_on("empty_shape", value=shape)
    except ValueError:
        emulator.switch_on("empty_shape", value=shape.strip('"') or "text")
    look = platform.look(ANNA.address, soon(), calibrated=True)
    assert look.presence is Presence.UNPROVEN
    with pytest.raises(PlatformUnavailable):
        platform.all_aliases(DOMAIN, soon())


def test_a_refused_search_is_unproven(emulator: Any, with_anna: EmailArray) -> None:
    emulator.switch_on("permission_denied", action="searchUsers")
    look = with_anna.look(ANNA.address, soon(), calibrated=True)
    assert look.presence is Presence.UNPROVEN


def test_a_big_domain_is_listed_whole(emulator: Any, platform: EmailArray) -> None:
    emulator.seed_big(DOMAIN, 1200)
    names = [box.address.handle for box in platform.all_mailboxes(DOMAIN, soon())]
    assert len(names) == len(set(names)) == 1200
    assert len(sent(emulator, "getAllUsersDomain")) == 5


@pytest.mark.parametrize("switch", ["page_cap", "meta_missing", "offset_ignored"])
def test_a_listing_survives_what_is_not_known(
    emulator: Any, platform: EmailArray, switch: str
) -> None:
    emulator.seed_big(DOMAIN, 600)
    emulator.switch_on(switch)
    try:
        names = {box.address.handle for box in platform.all_mailboxes(DOMAIN, soon())}
    except PlatformUnavailable:
        return
    assert len(names) == 600


def test_a_search_among_very_many_is_complete(
    emulator: Any, platform: EmailArray
) -> None:
    emulator.seed_big(DOMAIN, 1200)
    many = Address("user0", DOMAIN)  # a substring of more rows than the limit
    look = platform.look(many, soon(), calibrated=True)
    assert look.presence in {Presence.UNPROVEN, Presence.ABSENT}
    found = platform.look(Address("user00042", DOMAIN), soon(), calibrated=True)
    assert found.presence is Presence.PRESENT


def test_parallel_creations_of_one_name_make_one(
    emulator: Any, platform: EmailArray
) -> None:
    gate = threading.Barrier(8)

    def create(_: int) -> bool:
        gate.wait()
        try:
            platform.create_mailbox(ANNA, STRONG, soon())
        except PlatformRefused:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(create, range(8))) == 1
    assert len(sent(emulator, "login")) == 1


def test_the_primary_gone_the_second_host_serves(emulator: Any) -> None:
    platform = connect(emulator)
    emulator.switch_on("primary_down", mode="refused")
    platform.create_mailbox(ANNA, STRONG, soon())
    assert platform.read(ANNA.address, soon()) is not None


def test_the_real_localisation_names_may_be_set(emulator: Any) -> None:
    platform = connect(emulator, update_timezone="", update_date_format="")
    platform.create_mailbox(ANNA, STRONG, soon())
    platform.update_mailbox(replace(ANNA, display_name="B"), soon())
    params = next(e.params for e in emulator.journal if e.action == "updateUser")
    assert "edittimezone" not in params
    assert params["edituser_language"] == "en"


def test_no_forbidden_action_is_ever_sent(emulator: Any, with_anna: EmailArray) -> None:
    with_anna.update_mailbox(ANNA, soon(), password="Another-pass-7")
    with_anna.remove_mailbox(ANNA.address, soon())
    forbidden = {"removeDomain", "updateDomain", "changePassword", "changeEmail"}
    assert not forbidden & set(sent(emulator))
