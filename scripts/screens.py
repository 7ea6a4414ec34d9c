#!/usr/bin/env python3
"""Make the pictures of docs/whmcs.md again: ``make screens``.

Starts ``housemail whmcs demo`` in a folder of its own, and goes the way of the guide
with the pages of the browser tests. The pictures are committed; run this after a change
of a template, and look at each.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from html import escape
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

from scripts.pictures import shrink  # noqa: E402
from tests.browser.conftest import ARGUMENTS, CHROMIUM  # noqa: E402
from tests.browser.whmcs.standin import (  # noqa: E402
    DOMAIN,
    Customer,
    Staff,
    StandIn,
    running,
)
from tests.ops.conftest import environment  # noqa: E402

FOLDER = ROOT / "docs/screens/whmcs"
WIDTH, MOST, MARGIN = 1200, 1600, 12
PLACE = "/srv/shop/whmcs"
FIRST, LAST = 6, 9
ENDPOINT = "https://cp.emailarray.com/admin/json.php"
TERMINAL = """<!doctype html><meta charset="utf-8"><style>
body { margin: 0; padding: 24px; background: #1b1f24; color: #e6e8eb; }
pre { margin: 0; font: 15px/1.45 monospace; white-space: pre-wrap; }
b { color: #8fd19e; }
</style><pre><b>$ %s</b>\n%s</pre>"""


class Camera:
    """Takes the pictures, each under the name that the guide gives it."""

    def __init__(self) -> None:
        """Nothing is taken yet."""
        self.taken: list[Path] = []

    def take(
        self,
        page: Page,
        name: str,
        *,
        of: Locator | None = None,
        until: Locator | None = None,
        most: int = MOST,
    ) -> None:
        """Take a page, or a part of it; ``until`` cuts before another part."""
        page.evaluate("document.activeElement.blur()")
        page.mouse.move(0, 0)
        top, bottom = 0.0, page.locator("body").evaluate("node => node.offsetHeight")
        if of is not None:
            top, bottom = edges(of)
            top -= MARGIN
        if until is not None:
            bottom = edges(until)[0] - MARGIN
        clip = {"x": 0, "y": max(0, top), "width": WIDTH}
        path = FOLDER / f"{name}.png"
        page.screenshot(
            path=path,
            full_page=True,
            clip={**clip, "height": min(bottom - clip["y"], most)},
        )
        shrink(path)
        self.taken.append(path)


def edges(part: Locator) -> tuple[float, float]:
    """Where it begins and ends on the page."""
    top, bottom = part.evaluate(
        "node => { const box = node.getBoundingClientRect();"
        " return [box.top + window.scrollY, box.bottom + window.scrollY]; }"
    )
    return float(top), float(bottom)


def install(browser: Browser, standin: StandIn, camera: Camera, folder: Path) -> None:
    """The command, with a WHMCS in a folder that is called as in the guide."""
    root = folder / PLACE.lstrip("/")
    for name in ("modules/servers", "includes/hooks"):
        (root / name).mkdir(parents=True)
    for name in ("init.php", "configuration.php", "index.php"):
        (root / name).write_text("<?php\n")
    line = [sys.executable, "-m", "housemail", "whmcs", "install", str(root)]
    line.append(f"--url={standin.said['api'].removesuffix('/api/v1')}")
    done = subprocess.run(  # noqa: S603 - our own program
        line,
        cwd=ROOT,
        env=environment(standin.folder),
        capture_output=True,
        text=True,
        check=True,
    )
    said = done.stdout.replace(str(folder), "").splitlines()
    # Every file has its line; the picture leaves out most of them, and says so.
    left_out = len(said) - FIRST - LAST
    said[FIRST:-LAST] = [f"[ {left_out} lines more ]"]
    page = browser.new_page(viewport={"width": WIDTH, "height": 100})
    text = escape("\n".join(said))
    page.set_content(TERMINAL % (f"bin/housemail whmcs install {PLACE}", text))
    camera.take(page, "01-install")
    page.close()


def connect(staff: Staff, camera: Camera) -> None:
    """Server, Test Connection and group."""
    page, take = staff.page, camera.take
    staff.menu("System Settings > Servers", "Add New Server")
    staff.fill({"Name": "PolarisMail", "Hostname": "cp.emailarray.com"})
    staff.fill({"Type": "Thexyz Mailboxes", "Username": "housemail-admin"})
    staff.fill({"Password": "not-a-real-password"})
    take(page, "03-server")
    staff.server()
    staff.test_connection()
    take(page, "04-test-connection")
    staff.fill({"Password": "wrong"})
    staff.test_connection()
    take(page, "22-test-connection-fails")
    staff.menu("System Settings > Servers", "Create New Group")
    staff.fill({"Name": "PolarisMail Servers"})
    page.get_by_label("PolarisMail", exact=True).first.check()
    take(page, "05-server-group")


def set_up(staff: Staff, camera: Camera) -> None:
    """Product, settings, fields and options."""
    page, take = staff.page, camera.take
    staff.menu("System Settings > Products/Services", "Create a New Product")
    page.get_by_label("Other", exact=True).check()
    staff.fill({"Product Group": "Email Services"})
    staff.fill({"Product Name": "Premium Email Account"})
    take(page, "06-product")
    staff.module_settings("Premium Email Account")
    # The demo's own endpoint is a port of this machine; the guide shows the vendor's.
    staff.fill({"API Endpoint": ENDPOINT})
    settings = page.locator("#modulesettings")
    take(page, "08-module-settings", of=settings, until=settings.locator("fieldset"))
    settings.locator(".row").evaluate("node => node.style.display = 'none'")
    take(page, "07-module")
    staff.menu("Custom Fields")
    cards = page.locator("fieldset.card")
    take(page, "09-custom-field", of=cards.nth(0))
    take(page, "11-domain-drop-down", of=cards.nth(1))
    staff.menu("System Settings > Configurable Options", "Mailbox options")
    page.locator("#option-new").evaluate("node => node.style.display = 'none'")
    take(page, "12-configurable-options")


def sell(staff: Staff, customer: Customer, camera: Camera) -> str:
    """The cart, and the order in the admin area; returns the service."""
    take, product = camera.take, staff.standin.id_of("product")
    customer.choose(product, Mailbox="support", Domain=DOMAIN)
    take(customer.page, "13-order-refused")
    customer.field("Mailbox").fill("testuser")
    customer.field("Mailbox Quota (GB)").select_option("25")
    customer.press_continue()
    take(customer.page, "14-order")
    service = customer.check_out()
    staff.open_order(service)
    take(staff.page, "15-accept-order")
    staff.press("Accept Order")
    staff.command(service, "Create")
    return service


def look_after(customer: Customer, service: str, camera: Camera) -> None:
    """The client area of the mailbox."""
    page, take = customer.page, camera.take
    customer.open(service, theme="six")
    take(page, "02-hook")
    customer.open(service, theme="twenty-one")
    take(page, "17-overview", until=page.locator(".pm-billing"))
    customer.open(service, "password")
    page.get_by_label("New password", exact=True).fill("Abcdefgh1")
    take(page, "18-password")
    customer.open(service, "aliases")
    customer.send("addAlias", handle="newsletter")
    customer.send("addAlias", handle="test.user")
    take(page, "19-aliases")
    customer.open(service, "lists")
    members = f"testuser@{DOMAIN}\nanna@example.org\nben@example.org"
    customer.send("addList", handle="family", members=members)
    take(page, "20-lists")
    customer.open(service)
    with page.expect_popup() as opened:
        customer.send("openWebmail")
    take(opened.value, "21-webmail")


def run(staff: Staff, customer: Customer, service: str, camera: Camera) -> None:
    """What staff see of it, when all is well and when not."""
    page, take = staff.page, camera.take
    second = customer.order(staff.standin.id_of("product2"), "anna")
    with staff.standin.without_service():
        staff.open_order(second)
        staff.press("Accept Order")
    staff.menu("Utilities > Module Queue")
    take(page, "23-module-queue")
    staff.service(second)
    staff.fill({"Domain": DOMAIN})
    take(page, "10-domain", of=page.locator("#serviceform > .row"))
    staff.service(service)
    take(page, "16-service")
    staff.menu("Utilities > Logs > Module Log")
    take(page, "24-module-log", most=1000)
    old = {"domain": DOMAIN, "username": "michael", "quota_mb": 25_000}
    staff.standin.tell_platform("seed", {"mailboxes": [old]})
    third = customer.order(staff.standin.id_of("product2"), "michael2")
    staff.service(third)
    staff.fill({"Username": f"michael@{DOMAIN}", "Status": "Active"})
    staff.save()
    staff.press("Adopt existing mailbox")
    staff.hears(re.compile("Success"))
    take(page, "25-adopt", until=page.get_by_label("Upgrade/Downgrade", exact=True))


def main() -> None:
    """Go the way of the guide."""
    if CHROMIUM is None:
        sys.exit("Chromium is not installed; scripts/packages.sh installs it.")
    FOLDER.mkdir(parents=True, exist_ok=True)
    camera = Camera()
    with (
        tempfile.TemporaryDirectory() as name,
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS) as browser,
        running(Path(name) / "demo") as standin,
    ):
        windows = [
            browser.new_context(viewport={"width": WIDTH, "height": 700}).new_page()
            for _ in range(2)
        ]
        install(browser, standin, camera, Path(name))
        staff, customer = Staff(windows[0], standin), Customer(windows[1], standin)
        connect(staff, camera)
        set_up(staff, camera)
        service = sell(staff, customer, camera)
        look_after(customer, service, camera)
        run(staff, customer, service, camera)
    for path in sorted(camera.taken):
        sys.stdout.write(f"{path.stat().st_size // 1024:5} kB  {path.name}\n")


if __name__ == "__main__":
    main()
