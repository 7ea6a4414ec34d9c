"""A domain's footer, DKIM key and branding (API reference 5.6)."""

from __future__ import annotations

from emulator.call import Action, Answer, Call, Refused
from emulator.rows import digit

_DKIM_HOST = "imitation._domainkey"


def get_footer(call: Call) -> Answer:
    """The text under outgoing mail."""
    return Answer(call.domain().footer)


def set_footer(call: Call) -> Answer:
    """Replace it."""
    domain = call.domain()
    before, domain.footer = domain.footer, call.text("footertxt")
    return Answer("Footer updated", changed=before != domain.footer)


def get_dkim(call: Call) -> Answer:
    """Host and key are shown while it is still off."""
    domain = call.domain()
    return Answer(
        {
            "dkim_enabled": digit(flag=domain.dkim_enabled),
            "dkim_host": _DKIM_HOST,
            "dkim_key": domain.dkim_key,
        }
    )


def enable_dkim(call: Call) -> Answer:
    """Answers with host and key beside ``returndata``, without underscores."""
    domain = call.domain()
    before, domain.dkim_enabled = domain.dkim_enabled, True
    return Answer(
        "DKIM enabled",
        changed=not before,
        extra={"dkimhost": _DKIM_HOST, "dkimkey": domain.dkim_key},
    )


def disable_dkim(call: Call) -> Answer:
    """Stop signing."""
    domain = call.domain()
    before, domain.dkim_enabled = domain.dkim_enabled, False
    return Answer("DKIM disabled", changed=before)


def get_brand(call: Call) -> Answer:
    """The domain's branding."""
    brand = call.domain().brand
    logo = "https://logo.imitation.example/logo.png" if brand["newlogo"] else ""
    shown = {key: value for key, value in brand.items() if key != "newlogo"}
    return Answer(shown | {"basic_logo_href": logo})


def set_brand(call: Call) -> Answer:
    """Takes ``brand[...]`` in bracket syntax; an empty logo keeps the old one."""
    domain = call.domain()
    sent = call.request.params.get("brand")
    if not isinstance(sent, dict):
        raise Refused("Required field missing: brand")
    new = domain.brand | {key: sent[key] for key in domain.brand if key in sent}
    new["newlogo"] = new["newlogo"] or domain.brand["newlogo"]
    before, domain.brand = domain.brand, new
    return Answer("Branding updated", changed=before != new)


def reset_brand(call: Call) -> Answer:
    """Back to none."""
    domain = call.domain()
    before = domain.brand
    domain.brand = dict.fromkeys(before, "")
    return Answer("Branding reset", changed=before != domain.brand)


ACTIONS = (
    Action("getFooterDomain", "read", "domains", get_footer),
    Action("setFooterDomain", "write", "domains", set_footer),
    Action("getDKIM", "read", "domains", get_dkim),
    Action("enableDKIM", "write", "domains", enable_dkim),
    Action("disableDKIM", "write", "domains", disable_dkim),
    Action("getDomainBrandInfo", "read", "domains", get_brand),
    Action("setDomainBrandingV2", "write", "domains", set_brand),
    Action("resetDomainBranding", "delete", "domains", reset_brand),
)
