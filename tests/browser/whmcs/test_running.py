"""Staff run a mailbox: suspend, change the package, adopt, look, terminate."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.pages import assert_accessible
from tests.browser.whmcs.standin import PAGES


def test_a_suspended_mailbox_is_shown_and_cannot_be_changed(staff, customer, mailbox):
    standin = staff.standin
    service = mailbox("on.hold")
    customer.open(service, "aliases")
    customer.send("addAlias", handle="on.hold.alias")
    staff.command(service, "Suspend", reason="Overdue")
    assert standin.mailbox("on.hold")["disabled"] is True
    ours = customer.page.locator(".thexyz-pm")
    for name in PAGES:
        customer.open(service, name)
        expect(ours.locator(".pm-readonly")).to_contain_text("nothing can be changed")
        expect(ours.locator("form")).to_have_count(0)
        assert_accessible(customer.page, within=".thexyz-pm")
    customer.open(service, "aliases")
    expect(ours).to_contain_text("on.hold.alias@thexyz.com")
    customer.open(service)
    expect(ours.locator(".pm-billing")).to_contain_text("Overdue")
    staff.command(service, "Unsuspend")
    assert standin.mailbox("on.hold")["disabled"] is False
    customer.open(service, "aliases")
    expect(ours.locator(".pm-readonly")).to_have_count(0)
    expect(ours.locator(".pm-form-addAlias")).to_be_visible()


def test_a_customer_upgrades_type_and_quota(staff, customer, mailbox):
    service = mailbox("up.grade")
    customer.open(service)
    page = customer.page
    page.goto(f"{staff.standin.url}/upgrade.php?type=configoptions&id={service}")
    page.get_by_label("Account Type").select_option("Enhanced")
    page.get_by_label("Mailbox Quota (GB)").select_option("100")
    page.get_by_role("button", name="Click to Continue").click()
    expect(page.get_by_role("status")).to_contain_text("has been made")
    box = staff.standin.mailbox("up.grade")
    assert (box["account_type"], box["quota_mb"]) == (2, 100_000)
    customer.open(service)
    expect(page.locator(".thexyz-pm")).to_contain_text("of 100 GB used")


def test_a_changed_product_changes_its_mailboxes_at_change_package(staff, mailbox):
    domain = {"Allowed Domains CSV": "thexyz.com"}
    first = staff.new_product("Plan one", domain)
    settings = {"Default Language": "pt-br", "Default Timezone": "Europe/Lisbon"}
    settings |= {"Default Date Format": "dd.mm.yyyy", "Default Quota GB": "50"}
    staff.new_product("Plan two", domain | settings)
    service = mailbox("pack.age", first)
    assert staff.standin.mailbox("pack.age")["user_language"] == "en"
    staff.service(service)
    staff.fill({"Product/Service": "Plan two"})
    staff.press("Upgrade Product")
    staff.hears("Change Package: Module Command Success")
    box = staff.standin.mailbox("pack.age")
    wanted = ("pt-br", "Europe/Lisbon", "dd.mm.yyyy", 50_000)
    keys = ("user_language", "timezone", "dateformat", "quota_mb")
    assert tuple(box[key] for key in keys) == wanted


def test_a_terminated_mailbox_is_gone_and_its_name_rests(staff, customer, mailbox):
    standin = staff.standin
    service = mailbox("last.day")
    customer.open(service, "aliases")
    customer.send("addAlias", handle="last.alias")
    for _again in range(2):
        staff.command(service, "Terminate")
        held = standin.platform()
        assert "last.day" not in held["mailboxes"]
        assert "last.alias" not in held["aliases"]
    customer.open(service)
    ours = customer.page.locator(".thexyz-pm")
    expect(ours.locator(".pm-calm")).to_contain_text("is not active")
    expect(ours.locator(".pm-billing")).to_be_visible()
    product = standin.id_of("product2")
    customer.choose(product, Mailbox="last.day")
    customer.is_told("not available")

    staff.service(service)
    staff.press("Release quarantined address")
    staff.hears("Release quarantined address: Module Command Success")
    customer.press_continue()
    again = customer.check_out()
    staff.accept(again)
    assert standin.mailbox("last.day")["disabled"] is False


def test_a_mailbox_that_exists_is_adopted_only_on_request(staff, customer):
    standin = staff.standin
    service = customer.order(standin.id_of("product2"), "old.friend")
    box = {"domain": "thexyz.com", "username": "old.friend", "quota_mb": 10_000}
    standin.tell_platform("seed", {"mailboxes": [box]})
    staff.service(service)
    staff.fill({"Username": "old.friend@thexyz.com", "Status": "Active"})
    staff.save()
    staff.press("Suspend")
    staff.hears("Adopt existing mailbox")
    staff.press("Create")
    staff.hears("old.friend@thexyz.com already exists")
    staff.press("Adopt existing mailbox")
    staff.hears("Adopt existing mailbox: Module Command Success")
    staff.press("Check now")
    staff.hears(re.compile("Check now: Module Command"))
    staff.command(service, "Suspend")
    assert standin.mailbox("old.friend")["disabled"] is True


def test_a_create_without_an_answer_waits_in_the_queue_and_is_finished(staff, customer):
    standin = staff.standin
    service = customer.order(standin.id_of("product2"), "pati.ence")
    with standin.without_service():
        staff.open_order(service)
        staff.press("Accept Order")
        staff.hears("Housemail at http://127.0.0.1")
    staff.menu("Utilities > Module Queue")
    row = staff.page.locator("#modulequeue tbody tr").filter(
        has=staff.page.get_by_role("link", name=service, exact=True)
    )
    expect(row).to_contain_text("cannot be reached; nothing was sent")
    row.get_by_role("button", name="Retry").click()
    expect(row).to_have_count(0)
    assert standin.mailbox("pati.ence")["disabled"] is False


def test_the_cron_job_writes_the_usage_to_each_service(staff, customer, mailbox):
    service = mailbox("us.age")
    # The platform is asked when a page shows the usage, and at night.
    customer.open(service)
    expect(customer.page.locator(".thexyz-pm")).to_contain_text("0 kB of 25 GB used")
    staff.menu("Stand-in")
    staff.press("Run cron job")
    staff.hears("The cron job has run")
    staff.service(service)
    shown = staff.page.get_by_text("Disk usage: 0 MB of 25000 MB")
    expect(shown).to_be_visible()


def test_the_module_log_shows_every_call_and_no_secret(staff, customer, mailbox):
    standin = staff.standin
    service = mailbox("well.logged")
    password = "Never-Logged_42"
    customer.open(service, "password")
    customer.send("password", newpw=password, confirmpw=password)
    expect(customer.flashes.first).to_contain_text("The password was changed")
    staff.menu("Utilities > Logs > Module Log")
    log = staff.page.locator("#modulelog")
    expect(log).to_contain_text("services/" + service + "/password")
    expect(log).to_contain_text("well.logged")
    for secret in (
        password,
        standin.said["api_key"],
        standin.said["server"]["password"],
    ):
        assert secret not in staff.page.content()
    state = staff.page.locator("#modulelogstate")
    for button, word in (("Disable", "disabled"), ("Enable", "enabled")):
        staff.press(f"{button} Debug Logging")
        expect(state).to_have_text(f"Module logging is {word}.")
