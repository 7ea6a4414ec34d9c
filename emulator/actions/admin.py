"""The reseller's own account (API reference 5.7)."""

from __future__ import annotations

from emulator.actions import names
from emulator.call import Action, Answer, Call, Refused
from emulator.clock import stamp
from emulator.state import BASIC, ENHANCED, MB_PER_GB


def get_stats(call: Call) -> Answer:
    """Used and allowed, with the types mixed as seen (API reference 2.1)."""
    state, admin = call.state, call.state.admin
    return Answer(
        {
            "curemails": state.count(BASIC),
            "cureemails": str(state.count(ENHANCED)),
            "curocemails": "0",
            "curexemails": "0",
            "maxemails": str(admin.max_basic),
            "maxeemails": str(admin.max_enhanced),
            "maxocemails": "0",
            "maxexemails": "0",
            "curdomains": str(len(state.domains)),
            "maxdomains": str(admin.max_domains),
            "curquota": f"{state.quota_mb() / MB_PER_GB:.10g}",
            "maxquota": str(admin.max_quota_gb),
            "autogrow_quota": "0",
        }
    )


def get_brand(_call: Call) -> Answer:
    """The reseller's branding."""
    return Answer(
        {
            "basic_logo": "",
            "basic_logo_href": "",
            "supportemail": "support@reseller.example",
            "brandname": "Imitation",
            "brandlink": "https://reseller.example/",
            "brandcolor": "336699",
        }
    )


def get_history(call: Call) -> Answer:
    """The action history, newest first, under its misleading name."""
    return Answer(
        [
            {
                "action": line.action,
                "username": line.username,
                "remoteip": line.remoteip,
                "date1": stamp(line.at),
            }
            for line in reversed(call.state.history)
        ]
    )


def change_password(call: Call) -> Answer:
    """Changes the API credentials themselves: the next login needs the new ones."""
    admin = call.state.admin
    if call.text("password1") != admin.password:
        raise Refused("Current password is wrong")
    admin.password = names.password(call, "password2", None)
    return Answer("Password changed", changed=True)


def change_email(call: Call) -> Answer:
    """The reseller's own address."""
    admin = call.state.admin
    before, admin.email = admin.email, names.address(call, "emailadmin")
    return Answer("E-mail changed", changed=before != admin.email)


ACTIONS = (
    Action("getAdminStats", "read", "admin", get_stats),
    Action("getAdminBrandInfo", "read", "admin", get_brand),
    Action("getAccountStats", "read", "admin", get_history, listing=True),
    Action("changePassword", "write", "admin", change_password),
    Action("changeEmail", "write", "admin", change_email),
)
