"""Sign-up, sign-in, second factor and one's own account, as a person does it."""

from __future__ import annotations

import re

import pytest
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from playwright.sync_api import expect

from housemail.people.enrol import enrol, give_second_factor
from housemail.people.roles import Role
from tests.browser.pages import (
    assert_accessible,
    assert_fits,
    assert_targets_are_large,
    expect_heading,
    sign_in,
)

PASSWORD = "correct horse 7 battery"


def code_of(secret: str) -> str:
    """What an authenticator shows now."""
    counter = next(iter(yield_hotp_counters_from_time()))
    return str(format_hotp_value(hotp_value(secret, counter)))


@pytest.mark.parametrize("path", ["/account/login/", "/nowhere/"])
def test_a_page_has_large_targets_and_what_is_nowhere_is_accessible(visit, path):
    page = visit(path, narrow=True, dark=True)
    assert_accessible(page)
    assert_fits(page)
    assert_targets_are_large(page)


@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no scripts"])
def test_signing_up_out_and_in_again(visit, javascript):
    page = visit("/account/signup/", javascript=javascript)
    page.get_by_label("Email").fill("Anna@Example.com")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign Up").click()
    expect_heading(page, "My mailboxes")
    page.goto("/account/")
    page.get_by_label(re.compile("Name")).fill("Anna")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Your account was changed.")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    page.goto("/account/login/")
    sign_in(page, "anna@example.com", PASSWORD)
    expect_heading(page, "My mailboxes")
    page.goto("/account/")
    expect(page.get_by_label(re.compile("Name"))).to_have_value("Anna")


def test_a_refused_password_is_explained_at_the_field(visit):
    page = visit("/account/signup/")
    page.get_by_label("Email").fill("anna@example.com")
    page.get_by_label("Password", exact=True).fill("1234")
    page.get_by_role("button", name="Sign Up").click()
    field = page.get_by_label("Password", exact=True)
    assert field.get_attribute("aria-invalid") == "true"
    expect(field).to_have_accessible_description(re.compile("too short"))
    expect(page.get_by_label("Email")).to_have_value("anna@example.com")
    assert_accessible(page)


def test_cookies_are_kept_on_loopback_and_are_closed_to_scripts(site, visit):
    enrol("anna@example.com", PASSWORD)
    page = visit("/account/login/")
    sign_in(page, "anna@example.com", PASSWORD)
    expect_heading(page, "My mailboxes")
    cookies = {cookie["name"]: cookie for cookie in page.context.cookies()}
    assert set(cookies) == {"sessionid", "csrftoken"}
    for cookie in cookies.values():
        assert cookie["secure"]
        assert cookie["httpOnly"]
        assert cookie["sameSite"] == "Lax"


@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no scripts"])
def test_staff_must_set_up_a_second_factor_before_the_console(site, visit, javascript):
    enrol("staff@example.com", PASSWORD, role=Role.SUPPORT)
    page = visit("/console/", javascript=javascript)
    sign_in(page, "staff@example.com", PASSWORD)
    expect_heading(page, "Activate Authenticator App")
    expect(page.get_by_text("Set up a second factor first")).to_be_visible()
    secret = page.get_by_label("Authenticator secret").input_value()
    page.get_by_label("Authenticator code").fill(code_of(secret))
    page.get_by_role("button", name="Activate").click()
    expect_heading(page, "Recovery Codes")
    page.goto("/console/")
    assert page.url.endswith("/console/")


def test_staff_signs_in_with_a_second_factor(site, visit):
    factor = give_second_factor(enrol("staff@example.com", PASSWORD, role=Role.OWNER))
    page = visit("/console/")
    sign_in(page, "staff@example.com", PASSWORD)
    expect_heading(page, "Two-Factor Authentication")
    assert_accessible(page)
    page.get_by_label("Code").fill(code_of(factor.secret))
    page.get_by_role("main").get_by_role("button", name="Sign In").click()
    page.wait_for_url("**/console/")


def test_a_recovery_code_stands_in_for_the_authenticator(site, visit):
    factor = give_second_factor(enrol("staff@example.com", PASSWORD, role=Role.OWNER))
    page = visit("/account/login/")
    sign_in(page, "staff@example.com", PASSWORD)
    page.get_by_label("Code").fill(factor.recovery_codes[0])
    page.get_by_role("main").get_by_role("button", name="Sign In").click()
    expect_heading(page, "My mailboxes")


@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no scripts"])
def test_light_and_dark_are_chosen_and_remembered(visit, javascript):
    page = visit("/account/login/", javascript=javascript, dark=True)
    root = page.locator("html")

    def ground() -> str:
        return str(
            page.locator("body").evaluate(
                "node => getComputedStyle(node).backgroundColor"
            )
        )

    system_dark = ground()
    page.get_by_role("button", name="Light").click()
    expect(root).to_have_attribute("data-bs-theme", "light")
    light = ground()
    assert light != system_dark
    page.goto("/account/signup/")
    expect(root).to_have_attribute("data-bs-theme", "light")
    page.get_by_role("button", name="Dark").click()
    expect(root).to_have_attribute("data-bs-theme", "dark")
    assert ground() == system_dark
    page.get_by_role("button", name="As the system").click()
    expect(root).not_to_have_attribute("data-bs-theme", re.compile("."))


@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no scripts"])
def test_the_language_is_chosen_and_remembered(site, visit, javascript):
    page = visit("/account/login/", javascript=javascript)
    page.get_by_label("Language").select_option("de")
    page.get_by_role("contentinfo").get_by_role("button").first.click()
    expect(page.locator("html")).to_have_attribute("lang", "de")
    page.goto("/account/signup/")
    expect(page.locator("html")).to_have_attribute("lang", "de")


def test_the_way_to_the_content_is_one_tab(visit):
    page = visit("/account/login/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
