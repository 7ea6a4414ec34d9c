"""The imitated platform's page: readable for everybody, on a phone too."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from emulator import Emulator
from tests.browser.pages import assert_accessible, assert_fits


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1200, 360])
def test_the_page_is_accessible_and_fits(browser: Browser, dark, width):
    with Emulator() as running:
        running.seed_mailbox("thexyz.com", "anna")
        context = browser.new_context(
            color_scheme="dark" if dark else "light",
            viewport={"width": width, "height": 900},
        )
        page = context.new_page()
        page.goto(running.page_url)
        assert page.get_by_text("anna").count()
        assert_accessible(page)
        assert_fits(page)
        context.close()
