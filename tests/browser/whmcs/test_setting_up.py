"""The sheet as an admin: server, group, product, settings, field, options."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.whmcs.standin import Customer, Staff, found

SETTINGS = {
    "API Endpoint": "https://cp.emailarray.com/admin/json.php",
    "Allowed Domains CSV": "",
    "Default Account Type": "1|Basic",
    "Default Quota GB": "25",
    "Max Aliases": "25",
    "Allow External Forwards": "",
    "Default Timezone": "America/Montreal",
    "Default Date Format": "yyyy-mm-dd",
    "Default Language": "en",
    "Max Distribution Lists": "5",
    "Enable Aliases": "on",
    "Enable Distribution Lists": "on",
    "Allow External List Members": "on",
}


def test_the_server_is_added_and_its_connection_tested(staff):
    staff.server(Password="wrong")
    expect(staff.test_connection()).to_contain_text(
        "refused the user name or the password"
    )
    staff.fill({"Password": staff.standin.said["server"]["password"]})
    expect(staff.test_connection()).to_have_text("Connection successful!")
    staff.save()
    row = staff.page.locator("#servers").get_by_role("row").last
    expect(row).to_contain_text("PolarisMail")
    expect(row).to_contain_text("Thexyz Mailboxes")


def test_test_connection_says_which_part_of_the_way_failed(staff):
    service = staff.standin.said["api"].rpartition(":")[2].partition("/")[0]
    for typed, words in (
        ({"Username": ""}, re.compile("[Uu]sername of the server is empty")),
        ({"Password": ""}, re.compile("[Pp]assword of the server is empty")),
        ({"Hostname": "mail.example.net"}, "not on this installation's list"),
        ({"Port": "9"}, "cannot be reached"),
        ({"Port": service}, "answers, but not as the admin API"),
    ):
        staff.server(**typed)
        expect(staff.test_connection()).to_contain_text(words)
    with staff.standin.without_service():
        expect(staff.test_connection()).to_contain_text("Housemail at http://127.0.0.1")
    staff.standin.connection_file.rename(staff.standin.folder / "away")
    try:
        expect(staff.test_connection()).to_contain_text("housemail whmcs install")
    finally:
        (staff.standin.folder / "away").rename(staff.standin.connection_file)


def test_a_connection_is_tested_without_javascript_too(standin, window):
    staff = Staff(window(javascript=False), standin)
    staff.server()
    expect(staff.test_connection()).to_have_text("Connection successful!")


def shown_settings(page: Page) -> dict[str, str]:
    """The module settings on the page, by their labels, in their order."""
    fields = page.locator("#modulesettings .col-lg-6")
    return {
        field.locator("label").inner_text(): field.locator("input, select").evaluate(
            "node => node.type === 'checkbox' ? (node.checked ? 'on' : '') : node.value"
        )
        for field in fields.all()
    }


def choose_module(staff: Staff) -> None:
    staff.menu("Module Settings")
    staff.fill({"Module Name": "Thexyz Mailboxes"})
    staff.press("Choose")
    assert list(shown_settings(staff.page).items()) == list(SETTINGS.items())
    for label, choices in {
        "Default Account Type": ["1|Basic", "2|Enhanced"],
        "Default Language": ["en", "pt-br", "id", "es", "de", "fr"],
    }.items():
        offered = staff.page.get_by_label(label, exact=True).locator("option")
        expect(offered).to_have_text(choices)
    for text in (
        "Automatically setup the product as soon as the first payment is received",
        "Automatically setup the product when you manually accept a pending order",
    ):
        staff.page.get_by_label(text, exact=True).check()
    staff.fill({"Server Group": "PolarisMail Servers"})


def add_the_field(staff: Staff) -> None:
    staff.menu("Custom Fields")
    staff.fill({"Field Name": "Mailbox", "Field Type": "Text Box"})
    staff.fill({"Description": "Choose the first part of your email address"})
    for flag in ("Required Field", "Show on Order Form"):
        staff.page.get_by_label(flag, exact=True).check()
    staff.save()


def add_the_options(staff: Staff, product: str) -> None:
    staff.menu("System Settings > Configurable Options", "Create a New Group")
    staff.fill({"Group Name": "Plan"})
    staff.page.get_by_label(product).check()
    staff.save()
    for name, items in {
        "Account Type": "Basic\nEnhanced",
        "Mailbox Quota (GB)": "10\n25\n50\n100",
    }.items():
        form = staff.page.locator("#option-new")
        form.get_by_label("Option Name").fill(name)
        form.get_by_label("Options, one a line").fill(items)
        form.get_by_role("button", name="Save Option").click()
        staff.hears("Saved Successfully")


def create_the_product(staff: Staff) -> str:
    """Group of servers, group of products, product of type Other; return its id."""
    staff.menu("System Settings > Servers", "Create New Group")
    staff.fill({"Name": "More PolarisMail Servers"})
    staff.page.get_by_label("PolarisMail", exact=True).first.check()
    staff.save()
    staff.menu("System Settings > Products/Services", "Create a New Group")
    staff.fill({"Product Group Name": "More Email Services"})
    staff.press("Save Changes")
    staff.menu("Create a New Product")
    staff.page.get_by_label("Other", exact=True).check()
    staff.fill({"Product Group": "More Email Services"})
    staff.fill({"Product Name": "Personal Email Account"})
    staff.press("Continue")
    return found(staff.page.url, r"[?&]id=(\d+)")


def fill_the_settings(staff: Staff) -> None:
    """Choose the module, change some settings, and find them stored."""
    choose_module(staff)
    endpoint = staff.standin.said["server"]["endpoint"]
    staff.fill({"API Endpoint": endpoint, "Allowed Domains CSV": "thexyz.com"})
    staff.fill({"Default Account Type": "2|Enhanced"})
    staff.page.get_by_label("Allow External Forwards").check()
    staff.save()
    changed = {"API Endpoint": endpoint, "Allowed Domains CSV": "thexyz.com"}
    changed |= {"Default Account Type": "2|Enhanced", "Allow External Forwards": "on"}
    assert shown_settings(staff.page) == SETTINGS | changed


def test_group_product_settings_field_and_options_are_set_up_and_sold(staff, window):
    product = create_the_product(staff)
    fill_the_settings(staff)
    add_the_field(staff)
    add_the_options(staff, "Personal Email Account")

    customer = Customer(window(), staff.standin)
    customer.page.goto(f"{staff.standin.url}/cart.php?a=add&pid={product}")
    hint = customer.page.get_by_text("Choose the first part of your email address")
    expect(hint).to_be_visible()
    customer.field("Account Type").select_option("Basic")
    customer.field("Mailbox Quota (GB)").select_option("50")
    customer.field("Mailbox").fill("fresh.sale")
    customer.press_continue()
    staff.accept(customer.check_out())
    box = staff.standin.mailbox("fresh.sale")
    assert (box["account_type"], box["quota_mb"]) == (1, 50_000)
