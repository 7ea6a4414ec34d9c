"""Every element at once: contrast in light and dark, a narrow window, the keyboard."""

from __future__ import annotations

import copy
from pathlib import Path

import pytest
from playwright.sync_api import expect

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
