"""Pages in a real browser: the system's Chromium, and axe.

``site`` is the service on a loopback port of its own, with this test's database: what a
test makes with the models is what the browser sees. Every test has its own database
state and browser context, every process its port: they run in parallel, in any order.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import cache
from playwright.sync_api import Browser, BrowserContext, Page
from pytest_django.live_server_helper import LiveServer

from tests.browser.pages import Site, watched

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# Playwright runs its loop in the thread of the test, where Django would refuse to ask
# the database; nothing here is asynchronous.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Use the system's Chromium: nothing is downloaded."""
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed; scripts/packages.sh installs it")
    return {"executable_path": CHROMIUM, "args": ARGUMENTS}


@pytest.fixture(scope="session")
def browser_context_args() -> dict[str, Any]:
    """What each context is like when a test asks for nothing else."""
    return {"viewport": {"width": 1200, "height": 900}, "locale": "en-GB"}


@pytest.fixture(scope="session")
def server() -> Iterator[LiveServer]:
    """One server a test process; it is told apart from others by its port."""
    running = LiveServer("127.0.0.1")
    yield running
    running.stop()


@pytest.fixture
def site(server: LiveServer, transactional_db: None) -> Site:
    """The service, with this test's database and no attempts counted yet."""
    cache.clear()
    return Site(server.url)


@pytest.fixture
def visit(browser: Browser, site: Site) -> Iterator[Callable[..., Page]]:
    """Open a page as somebody: ``visit("/account/login/", dark=True, narrow=True)``.

    The context is new; ``javascript=False`` switches scripts off. At the end of the
    test nothing may have been blocked by our own policy, or failed in a script.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_page(
        path: str,
        *,
        dark: bool = False,
        narrow: bool = False,
        javascript: bool = True,
        language: str = "en-GB",
    ) -> Page:
        context = browser.new_context(
            base_url=site.url,
            color_scheme="dark" if dark else "light",
            java_script_enabled=javascript,
            locale=language,
            viewport={"width": 360 if narrow else 1200, "height": 900},
        )
        contexts.append(context)
        page = context.new_page()
        watched(page, complaints)
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []
