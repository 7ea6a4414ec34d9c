"""Pages in every language on a phone: other words are longer, and must fit."""

from __future__ import annotations

from django.conf import settings
from playwright.sync_api import expect

from tests.browser.pages import assert_accessible, assert_fits

PAGES = ("/account/login/", "/account/signup/", "/account/password/reset/", "/nowhere")


def test_every_language_fits_on_a_phone_and_is_chosen_in_the_footer(visit) -> None:
    page = visit(PAGES[0], narrow=True)
    for code, name in settings.LANGUAGES:
        page.locator("#hm-language").select_option(name)
        page.locator("#hm-language + button").click()
        expect(page.locator("html")).to_have_attribute("lang", code)
        for path in PAGES:
            page.goto(path)
            expect(page.locator("html")).to_have_attribute("lang", code)
            assert_fits(page)
        page.goto(PAGES[0])
        assert_accessible(page)
