"""The real module in a stand-in WHMCS, the real service, an imitated platform."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from housemail.ops.whmcs import demo
from tests.browser.pages import watched
from tests.browser.whmcs.standin import Customer, Staff, StandIn, running

HAS_STANDIN = shutil.which("php") is not None and all(map(os.path.exists, demo.FILES))


@pytest.fixture(scope="session")
def standin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StandIn]:
    """One stand-in a test process; tests tell their mailboxes apart by name."""
    if not HAS_STANDIN:
        pytest.skip("PHP or the stand-in's libraries: scripts/packages.sh")
    with running(tmp_path_factory.mktemp("whmcs") / "demo") as one:
        yield one


@pytest.fixture
def window(browser: Browser, standin: StandIn) -> Iterator[Callable[..., Page]]:
    """Open a window of somebody else each time: ``window(narrow=True)``.

    At the end of the test nothing may have failed in a script, and PHP may have
    noticed no fault of the module.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []
    before = len(standin.faults())

    def open_window(*, narrow: bool = False, javascript: bool = True) -> Page:
        context = browser.new_context(
            java_script_enabled=javascript,
            viewport={"width": 360 if narrow else 1200, "height": 900},
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        watched(page, complaints)
        return page

    yield open_window
    for context in contexts:
        context.close()
    assert complaints == []
    assert standin.faults()[before:] == []


@pytest.fixture(scope="session")
def office(browser: Browser, standin: StandIn) -> Iterator[Staff]:
    """Somebody who signs in once for all tests: the admin area keeps nothing."""
    with browser.new_context(viewport={"width": 1200, "height": 900}) as context:
        context.set_default_timeout(10_000)
        yield Staff(context.new_page(), standin)


@pytest.fixture
def staff(office: Staff, window: Callable[..., Page]) -> Staff:
    """Somebody at work."""
    office.page.goto(f"{office.standin.url}/admin/")
    return office


@pytest.fixture
def customer(standin: StandIn, window: Callable[..., Page]) -> Customer:
    """Somebody who buys."""
    return Customer(window(), standin)


@pytest.fixture
def mailbox(staff: Staff, customer: Customer) -> Callable[..., str]:
    """Sell a mailbox and set it up: ``mailbox("anna")`` is the id of its service."""

    def mailbox(handle: str, product: str = "") -> str:
        known = product or staff.standin.id_of("product2")
        service = customer.buy_quickly(known, handle)
        staff.accept_quickly(service)
        return service

    return mailbox
