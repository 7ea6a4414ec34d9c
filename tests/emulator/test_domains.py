"""Domains, their looks, and the reseller's own account."""

from __future__ import annotations

HOME = {"domain": "thexyz.com"}


def test_all_domains_are_rows_of_text(wire):
    rows = wire.ok("getAllDomains")
    assert [row["domain"] for row in rows] == ["thexyz.com", "thexyz.ca", "thexyz.cn"]
    assert all(isinstance(value, str) for row in rows for value in row.values())
    assert (rows[0]["domaintype"], rows[0]["active"]) == ("2", "1")


def test_domain_info_mixes_counts_and_text(emu, wire):
    emu.seed_mailbox("thexyz.com", "bob")
    info = wire.ok("getDomainInfo", **HOME)
    assert (info["vusers"], info["aliases"], info["active"]) == (1, 0, "1")


def test_a_domain_is_added_verified_backwards_and_removed(emu, wire):
    wire.ok("isDomainAvailable", domain="new.example")
    wire.no("addDomain", domain="new.example")
    wire.ok("addDomain", newdomain="new.example")
    wire.no("isDomainAvailable", domain="new.example")
    wire.no("addDomain", newdomain="new.example")
    pending = wire.call("getDomainVerification", domain="new.example")
    assert pending["returncode"] == 1
    assert isinstance(pending["returndata"], str)
    assert pending["message"]
    wire.no("getDomainVerification", **HOME)
    wire.ok("removeDomain", domain="new.example")
    assert "new.example" not in emu.state.domains


def test_a_domain_is_updated_one_field_at_a_time(emu, wire):
    wire.ok("updateDomain", editdomainactive=0, **HOME)
    wire.ok("updateDomain", editcatchall="bob@thexyz.com", **HOME)
    wire.ok("updateDomain", editdtzone="Asia/Tokyo", **HOME)
    wire.ok("updateDomain", editexchangeenabled=1, **HOME)
    info = wire.ok("getDomainInfo", **HOME)
    seen = [info[k] for k in ("active", "catchall", "dtzone", "exchange_enabled")]
    assert seen == ["0", "bob@thexyz.com", "Asia/Tokyo", "1"]


def test_assigned_quota_is_an_object(emu, wire):
    emu.seed_mailbox("thexyz.com", "bob", quota_mb=2500)
    assert wire.ok("getDomainAssignedQuota", **HOME) == {"totalquota": "2.5"}


def test_alias_domains_are_added_listed_and_removed(wire):
    wire.ok("addAliasDomain", adomain="other.example", **HOME)
    rows = wire.ok("getAliasDomains", **HOME)
    assert rows[0]["alias_domain"] == "other.example"
    assert isinstance(rows[0]["alias_domain_id"], int)
    wire.no("addAliasDomain", adomain="other.example", **HOME)
    wire.ok("removeAliasDomain", adomain="other.example", **HOME)
    wire.no("removeAliasDomain", adomain="other.example", **HOME)


def test_the_footer_is_text(wire):
    assert wire.ok("getFooterDomain", **HOME) == ""
    wire.ok("setFooterDomain", footertxt="Kind regards", **HOME)
    assert wire.ok("getFooterDomain", **HOME) == "Kind regards"


def test_enabling_dkim_answers_beside_returndata(wire):
    before = wire.ok("getDKIM", **HOME)
    assert before["dkim_enabled"] == "0"
    body = wire.call("enableDKIM", **HOME)
    assert body["dkimhost"] == before["dkim_host"]
    assert body["dkimkey"] == before["dkim_key"]
    assert wire.ok("getDKIM", **HOME)["dkim_enabled"] == "1"
    wire.ok("disableDKIM", **HOME)
    assert wire.ok("getDKIM", **HOME)["dkim_enabled"] == "0"


def test_branding_uses_bracket_parameters(emu, wire):
    brand = {
        "brand[brandname]": "Acme & Sons",
        "brand[supportemail]": "help@acme.example",
        "brand[brandcolor]": "ff0000",
        "brand[newlogo]": "QUJD",
    }
    wire.ok("setDomainBrandingV2", **HOME, **brand)
    shown = wire.ok("getDomainBrandInfo", **HOME)
    assert shown["brandname"] == "Acme & Sons"
    assert shown["brandcolor"] == "ff0000"
    assert shown["basic_logo_href"]
    entry = next(e for e in emu.journal if e.action == "setDomainBrandingV2")
    assert entry.params["brand"]["brandname"] == "Acme & Sons"
    assert entry.params["brand"]["newlogo"] == "***"
    wire.ok("resetDomainBranding", **HOME)
    assert wire.ok("getDomainBrandInfo", **HOME)["brandname"] == ""
    wire.no("setDomainBrandingV2", **HOME)


def test_statistics_have_the_seen_types(emu, wire):
    emu.seed_mailbox("thexyz.com", "bob", account_type=2)
    emu.seed_mailbox("thexyz.com", "anna")
    stats = wire.ok("getAdminStats")
    assert stats["curemails"] == 1
    assert stats["cureemails"] == "1"
    assert stats["curdomains"] == "3"
    assert wire.ok("getAdminBrandInfo")["brandname"]


def test_account_stats_is_the_action_history(wire):
    wire.add()
    line = wire.ok("getAccountStats")[0]
    assert line["action"] == "addUser"
    assert set(line) == {"action", "username", "remoteip", "date1"}


def test_change_password_changes_the_admin_itself(emu, wire):
    old = emu.password
    wire.no("changePassword", password1="wrong", password2="Br4nd!newpass")
    wire.ok("changePassword", password1=old, password2="Br4nd!newpass")
    assert emu.password == "Br4nd!newpass"
    assert wire.raw("login", username="admin", password=old).json["returncode"] == 0
    wire.login()
    wire.ok("changeEmail", emailadmin="boss@reseller.example")
    entries = [e for e in emu.journal if e.action == "changePassword"]
    assert entries[-1].params["password1"] == entries[-1].params["password2"] == "***"
    assert entries[-1].changed
    assert emu.journal[-1].action == "changeEmail"
    emu.reset()
    assert emu.password == old


def test_calls_on_a_missing_domain_are_refused(wire):
    for action in ("getDomainInfo", "removeDomain", "getDKIM", "getAllUsersDomain"):
        wire.no(action, domain="missing.example")
