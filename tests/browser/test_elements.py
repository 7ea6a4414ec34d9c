"""Every element at once: contrast in light and dark, a narrow window, the keyboard."""

from __future__ import annotations

import copy
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from housemail.mailboxes.rules import _password_fault
from tests.browser.pages import assert_accessible, assert_fits, assert_targets_are_large
from tests.browser.samples import ADDRESS

SAMPLES = Path(__file__).parent / "templates"


@pytest.fixture
def sampled(settings, visit):
    """The house with the page of samples."""
    settings.TEMPLATES = copy.deepcopy(settings.TEMPLATES)
    settings.TEMPLATES[0]["DIRS"] = [str(SAMPLES)]
    settings.ROOT_URLCONF = "tests.browser.samples"
    return visit


@pytest.mark.parametrize("narrow", [False, True], ids=["wide", "narrow"])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_elements_are_accessible_and_fit(sampled, dark, narrow):
    page = sampled("/elements/", dark=dark, narrow=narrow)
    page.get_by_text("Remove orders@house.test").first.click()
    assert_accessible(page)
    assert_fits(page)
    assert_targets_are_large(page)


def test_a_confirmation_opens_by_keyboard_and_without_scripts(sampled):
    page = sampled("/elements/", javascript=False)
    button = page.get_by_role("button", name="Remove it")
    expect(button).to_be_hidden()
    page.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(button).to_be_visible()


def test_an_address_is_copied(sampled):
    page = sampled("/elements/")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    button = page.get_by_role("button", name=f"Copy {ADDRESS}")
    button.click()
    expect(page.get_by_role("status").filter(has_text="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == ADDRESS


def test_no_button_is_dead_without_scripts(sampled):
    page = sampled("/elements/", javascript=False)
    expect(page.locator("[data-copy]")).to_be_hidden()


def test_a_new_password_is_ticked_off_suggested_and_shown(sampled):
    page = sampled("/elements/")
    first = page.get_by_label("New password")
    again = page.get_by_label("The same password again")
    first.fill("Ab 1")
    met = page.locator(".hm-rule-met")
    expect(met).to_have_count(3)
    assert first.get_attribute("type") == "password"
    page.get_by_role("button", name="Suggest a password").click()
    expect(met).to_have_count(6)
    assert first.input_value() == again.input_value()
    assert _password_fault(first.input_value()) == ""
    expect(first).to_have_attribute("type", "text")
    page.get_by_role("button", name="Show the password").click()
    expect(again).to_have_attribute("type", "password")


def test_a_new_password_without_scripts_is_a_plain_form(sampled):
    page = sampled("/elements/", javascript=False)
    expect(page.get_by_role("button", name="Suggest a password")).to_be_hidden()
    expect(page.get_by_label("New password")).to_have_accessible_description(
        re.compile("At least 10 characters.*A symbol")
    )
    expect(page.get_by_label("The same password again")).to_have_accessible_description(
        re.compile("The two passwords are not the same")
    )
