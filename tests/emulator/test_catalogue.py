"""The catalogue against the list of switches and presets of the reference."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

import emulator as package
from emulator import Emulator
from emulator.actions import ACTIONS
from emulator.catalogue import CATALOGUE
from emulator.presets import PRESETS

SWITCHES_TEXT = """
latency trickle http_5xx_then_success http_5xx_after_apply primary_down
timeout_after_apply timeout_before_apply late_apply connection_reset expired_token
single_token token_bound_to_host require_cookie login_failure permission_denied
malformed_json warning_prefix bom empty_body html_error_page scalar_types
odd_returncode row_shape empty_shape missing_fields extra_fields null_fields
quota_read_unit usage_format timestamp_format html_entities userinfo_shape
slow_listing page_cap offset_ignored offset_is_page unstable_order
mutate_between_pages meta_missing meta_wrong page_failure mailbox_exists
weak_password reused_password password_refused_text limit_reached domain_missing
domain_unverified domain_basic_only already_in_state partial_update_blanks
localisation_ignored localisation_names cascade_on_remove otp sso_url
replication_lag rate_limit maintenance
"""
SWITCHES = SWITCHES_TEXT.split()

ADMIN_ACTIONS_TEXT = """
login addUser getUserInfo getAllUsersDomain searchUsers getTotalUsersDomain
updateUser disableUser enableUser removeUser getOTPass getOTPassAndToken addAlias
removeAlias getAllAliasesDomain addList removeList getAllListsDomain getListMembers
addListMember removeListMember getAllForwardsDomain getAllDomains getDomainInfo
isDomainAvailable addDomain removeDomain updateDomain getDomainVerification
getDomainAssignedQuota getAliasDomains addAliasDomain removeAliasDomain
getFooterDomain setFooterDomain getDKIM enableDKIM disableDKIM getDomainBrandInfo
setDomainBrandingV2 resetDomainBranding getAdminStats getAdminBrandInfo
getAccountStats changePassword changeEmail
"""
ADMIN_ACTIONS = ADMIN_ACTIONS_TEXT.split()

USER_ACTIONS = ["login", "addForward", "removeForward", "getForwards"]


def test_every_switch_of_the_reference_exists_and_no_other():
    assert sorted(CATALOGUE) == sorted(SWITCHES)


@pytest.mark.parametrize("name", SWITCHES)
def test_every_switch_can_be_turned_on_and_off(name):
    emu = Emulator()
    emu.switch_on(name)
    assert [entry.spec.name for entry in emu.switches] == [name]
    assert CATALOGUE[name].effect
    emu.switch_off(name)
    assert emu.switches == []


def test_every_choice_of_every_switch_is_accepted():
    emu = Emulator()
    for spec in CATALOGUE.values():
        for key, option in spec.options.items():
            for choice in option.choices:
                emu.switch_on(spec.name, **{key: choice})
        for phase in spec.phases:
            emu.switch_on(spec.name, phase=phase)


def test_every_action_of_the_reference_exists_and_no_other():
    known = {"admin": ADMIN_ACTIONS, "user": USER_ACTIONS}
    wanted = {(door, name) for door, names in known.items() for name in names}
    assert set(ACTIONS) == wanted


def test_the_eight_presets_exist():
    assert list(PRESETS) == [
        "calm",
        "vendor_types",
        "bad_day",
        "lost_answers",
        "strict_panel",
        "other_units",
        "hostile_shapes",
        "big_domain",
    ]


@pytest.mark.parametrize(
    ("name", "scope"),
    [
        ("no_such_switch", {}),
        ("latency", {"host": "elsewhere"}),
        ("latency", {"phase": "sideways"}),
        ("latency", {"speed": 3}),
        ("latency", {"seconds": "soon"}),
        ("malformed_json", {"variant": "lovely"}),
        ("late_apply", {"phase": "after"}),
    ],
)
def test_a_wrong_wish_says_so(name, scope):
    emu = Emulator()
    with pytest.raises(ValueError, match=r"\w"):
        emu.switch_on(name, **scope)
    with pytest.raises(ValueError, match="no switch"):
        emu.switch_off("no_such_switch")
    with pytest.raises(ValueError, match="no preset"):
        emu.reset("no_such_preset")
    with pytest.raises(ValueError, match="no preset"):
        emu.use_preset("no_such_preset")


def test_the_same_scope_replaces_and_another_adds():
    emu = Emulator()
    emu.switch_on("quota_read_unit", unit="gb")
    emu.switch_on("quota_read_unit", value="mb1024")
    assert [entry.params["unit"] for entry in emu.switches] == ["mb1024"]
    emu.switch_on("quota_read_unit", unit="gb", host="cp")
    assert len(emu.switches) == 2
    emu.switches_off()
    assert emu.switches == []


def test_the_program_uses_itself_and_the_standard_library_only():
    allowed = {"emulator", *sys.stdlib_module_names}
    for path in Path(package.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0
                names = [node.module or ""]
            for name in names:
                assert name.partition(".")[0] in allowed, f"{path} imports {name}"
