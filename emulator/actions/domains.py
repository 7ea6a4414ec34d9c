"""Domains: listing, creation, settings, verification (API reference 5.6)."""

from __future__ import annotations

import re

from emulator.call import Action, Answer, Call, Refused
from emulator.rows import digit
from emulator.state import BASIC, ENHANCED, MB_PER_GB, Domain

_DOMAIN = re.compile(
    r"(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}"
)


def get_all_domains(call: Call) -> Answer:
    """Every domain of the reseller, all values strings."""
    return Answer([_row(domain) for domain in call.domains.values()])


def _row(domain: Domain) -> dict[str, object]:
    return {
        "id": str(domain.id),
        "domain": domain.name,
        "isauditdomain": "0",
        "domaintype": str(ENHANCED if domain.enhanced else BASIC),
        "active": digit(flag=domain.active),
    }


def get_domain_info(call: Call) -> Answer:
    """One domain: counts as numbers, columns as text (API reference 2.1)."""
    domain = call.domain()
    return Answer(
        {
            "dtzone": domain.dtzone,
            "catchall": domain.catchall,
            "domaintype": str(ENHANCED if domain.enhanced else BASIC),
            "webmail": "1",
            "active": digit(flag=domain.active),
            "exchange_enabled": digit(flag=domain.exchange_enabled),
            "audit_enabled": "0",
            "localdelivery": "1",
            "homecountry": "",
            "expiry_notifications": 0,
            "vusers": len(domain.mailboxes),
            "aliases": len(domain.aliases),
            "lists": len(domain.lists),
            "totalQuota": sum(box.quota_mb for box in domain.mailboxes.values()),
        }
    )


def _free(call: Call, key: str) -> str:
    name = call.need(key).strip().lower()
    if not _DOMAIN.fullmatch(name):
        raise Refused("Invalid domain name")
    taken = any(name in d.alias_domains.values() for d in call.domains.values())
    if taken or name in call.domains:
        raise Refused("Domain is already in use")
    return name


def is_available(call: Call) -> Answer:
    """1 when it could be added; otherwise 0 with the reason."""
    _free(call, "domain")
    return Answer("Domain is available")


def add_domain(call: Call) -> Answer:
    """Takes only newdomain; it must be verified afterwards."""
    name = _free(call, "newdomain")
    if len(call.state.domains) >= call.state.admin.max_domains:
        raise Refused("Maximum number of domains reached")
    call.state.add_domain(name, verified=False)
    return Answer("Domain created", changed=True)


def remove_domain(call: Call) -> Answer:
    """Erase the domain with everything in it."""
    del call.state.domains[call.domain().name]
    return Answer("Domain removed", changed=True)


def update_domain(call: Call) -> Answer:
    """Partial: only what was sent changes."""
    domain = call.domain()
    before = domain.active, domain.exchange_enabled, domain.catchall, domain.dtzone
    if call.has("editdomainactive"):
        domain.active = call.text("editdomainactive") == "1"
    if call.has("editexchangeenabled"):
        domain.exchange_enabled = call.text("editexchangeenabled") == "1"
    if call.has("editcatchall"):
        domain.catchall = call.text("editcatchall")
    if call.has("editdtzone"):
        domain.dtzone = call.text("editdtzone")
    after = domain.active, domain.exchange_enabled, domain.catchall, domain.dtzone
    return Answer("Domain updated", changed=before != after)


def get_verification(call: Call) -> Answer:
    """Inverted: success means that verification is still pending."""
    domain = call.domain()
    if domain.verified and not call.consult.on("domain_unverified"):
        raise Refused("Domain is verified")
    return Answer(
        f"imitation-verification-{domain.id}",
        extra={"message": "Publish this value as a TXT record of mx-verification."},
    )


def get_assigned_quota(call: Call) -> Answer:
    """Gigabytes handed out in the domain; the real unit is not known."""
    total = sum(box.quota_mb for box in call.domain().mailboxes.values())
    return Answer({"totalquota": f"{total / MB_PER_GB:.10g}"})


def get_alias_domains(call: Call) -> Answer:
    """Other names of the domain."""
    return Answer(
        [
            {"alias_domain_id": number, "alias_domain": name}
            for number, name in call.domain().alias_domains.items()
        ]
    )


def add_alias_domain(call: Call) -> Answer:
    """Give the domain another name."""
    domain = call.domain()
    domain.alias_domains[call.state.next_id()] = _free(call, "adomain")
    return Answer("Alias domain created", changed=True)


def remove_alias_domain(call: Call) -> Answer:
    """Take the other name away."""
    domain = call.domain()
    wanted = call.need("adomain").strip().lower()
    for number, name in domain.alias_domains.items():
        if name == wanted:
            del domain.alias_domains[number]
            return Answer("Alias domain removed", changed=True)
    return call.repeated("No such alias domain", default="fail")


ACTIONS = (
    Action("getAllDomains", "read", "domains", get_all_domains, listing=True),
    Action("getDomainInfo", "read", "domains", get_domain_info),
    Action("isDomainAvailable", "read", "domains", is_available),
    Action("addDomain", "write", "domains", add_domain),
    Action("removeDomain", "delete", "domains", remove_domain),
    Action("updateDomain", "write", "domains", update_domain),
    Action("getDomainVerification", "read", "domains", get_verification),
    Action("getDomainAssignedQuota", "read", "domains", get_assigned_quota),
    Action("getAliasDomains", "read", "domains", get_alias_domains, listing=True),
    Action("addAliasDomain", "write", "domains", add_alias_domain),
    Action("removeAliasDomain", "delete", "domains", remove_alias_domain),
)
