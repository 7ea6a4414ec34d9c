#!/usr/bin/env python3
"""Make a picture of each page of the product again: ``make screens``.

Starts the demo in a folder of its own, goes in by its three doors and follows every
link, as a visitor, as a customer and as an owner. Each view of the URL table that is
met gets one picture and one line in docs/screens/README.md, so a new page cannot be
forgotten. The pictures are committed; look at each.
"""

from __future__ import annotations

import json
import os
import quopri
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import django
from django.urls import Resolver404, resolve
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from housemail.ops.demo.sign_ins import code  # noqa: E402
from scripts.pictures import shrink  # noqa: E402
from tests.browser.conftest import ARGUMENTS, CHROMIUM  # noqa: E402
from tests.browser.ways import plain  # noqa: E402
from tests.ops.conftest import environment  # noqa: E402

FOLDER = ROOT / "docs/screens"
WIDTH, NARROW, HEIGHT, MOST = 1200, 360, 800, 1300
# From here on the console shows its navigation.
CONSOLE = 1280
# Of rows that lead to the same view, the one that has most to show.
PREFERRED = "emma.clarke@thexyz.com"
# Programs, files and what is no page.
LEFT_OUT = re.compile(r"^/(api|static|hooks|healthz|readyz)\b|jsi18n|/webmail/")
# Views that are shown again in another state: the row that leads there, and its name.
STATES: Mapping[tuple[str, str], str] = {
    ("customer:overview", "clarke.studio"): "suspended",
    ("shop:order", "ruth.clarke"): "problem",
    ("shop:order", "emma.letters"): "waiting",
    ("shop:order", "clarke.baking"): "ready",
    # For the commands that these still offer.
    ("console:sales_order_change", "ruth.clarke"): "problem",
    ("console:sales_service_change", "emma.letters"): "waiting",
}
# What is typed to come to a page that no link leads to.
TYPED = {"handle": "emma.holidays"}
MAILED = re.compile(r"/mailboxes/first-password/[^/\s\"]+/")
# In titles and paths: what another run would call otherwise.
CHANGING = re.compile(r"HM-\w{4}-\w{4}|hm_\w+|\b\d+\b")
# Shown on a phone and in the dark, too.
AGAIN = ("shop:choose", "customer:overview", "console:index", "account_login")


@dataclass(frozen=True)
class Link:
    """A way on: where to, and the words of the row that it stands in."""

    path: str
    row: str

    @property
    def view(self) -> str:
        """The name in the URL table; empty for what is no page of ours."""
        if LEFT_OUT.search(self.path):
            return ""
        try:
            return resolve(self.path).view_name
        except Resolver404:
            return ""


@dataclass(frozen=True)
class Shot:
    """A picture that was taken."""

    file: str
    title: str
    path: str
    who: str


@dataclass
class Walk:
    """One person who follows every link; ``seen`` is shared by all of them."""

    who: str
    context: BrowserContext
    seen: dict[str, str]
    shots: list[Shot]
    waiting: list[Link] = field(default_factory=list)

    def go(self, *starts: str) -> None:
        """Go on until nothing new is met."""
        page = self.context.new_page()
        self.waiting = [Link(path, "") for path in starts]
        while self.waiting:
            link = self.waiting.pop(0)
            name = self._name(link)
            if name and name not in self.seen:
                self.seen[name] = link.path
                self._visit(page, link, name)
        page.close()

    def _name(self, link: Link) -> str:
        """Return what a picture of it is called; empty when there is to be none."""
        view = link.view
        for (shown, row), state in STATES.items():
            if shown == view and row in link.row:
                return f"{plain(view)}-{state}"
        return plain(view) if view else ""

    def _visit(self, page: Page, link: Link, name: str) -> None:
        answer = page.goto(link.path)
        if answer is None or answer.status != 200:
            return
        here = Link(urlsplit(page.url).path, link.row)
        if here.view != link.view:
            # It led elsewhere, and that page has its own picture.
            self.waiting.insert(0, here)
            return
        state = name.removeprefix(plain(link.view)).replace("-", ", ")
        self.shots.append(shot(page, name, self.who, state))
        self.waiting += links(page)

    def type_in(self, start: str, fields: Mapping[str, str]) -> None:
        """Send the form of a page, and take the page that comes then."""
        page = self.context.new_page()
        page.goto(start)
        for name, text in fields.items():
            page.locator(f"input[name={name}]").fill(text)
            page.locator(f"input[name={name}]").press("Enter")
        page.wait_for_url(lambda url: urlsplit(url).path != start)
        name = plain(Link(urlsplit(page.url).path, "").view)
        if self.seen.setdefault(name, page.url) == page.url:
            self.shots.append(shot(page, name, self.who))
        page.close()


def shot(page: Page, name: str, who: str, remark: str = "") -> Shot:
    """Take the page that is open."""
    picture(page, FOLDER / f"{name}.png")
    words = [CHANGING.sub("", part) for part in re.split(r" [|·] ", page.title())]
    title = next((part.strip(" :…_") for part in words if part.strip(" :…_")), "")
    path = CHANGING.sub("…", urlsplit(page.url).path)
    return Shot(f"{name}.png", (title or name) + remark, path, who)


def links(page: Page) -> list[Link]:
    """Return where the page leads, what has most to show first."""
    found = page.locator("a[href]:not([download])").evaluate_all(
        """nodes => nodes
            .filter((node) => node.origin === location.origin)
            .map((node) => [
                node.pathname,
                (node.closest("tr, li, article, .card, .list-group-item") || node)
                    .textContent.slice(0, 2000),
            ])"""
    )
    ways = [Link(path, row) for path, row in found]
    return sorted(ways, key=lambda way: PREFERRED not in way.row)


def picture(page: Page, path: Path) -> None:
    """Take the page, from its top, as long as it is within reason.

    The window is made as high as that, so that bars at its end lie at the end.
    """
    page.mouse.move(0, 0)
    page.evaluate("document.activeElement && document.activeElement.blur()")
    window = page.viewport_size or {"width": WIDTH, "height": HEIGHT}
    height = int(page.locator("html").evaluate("node => node.scrollHeight"))
    page.set_viewport_size({**window, "height": min(max(height, HEIGHT), MOST)})
    page.screenshot(path=path, animations="disabled")
    shrink(path)
    page.set_viewport_size({**window, "height": HEIGHT})


def sign_in(context: BrowserContext, person: Mapping[str, Any]) -> None:
    """Sign in as a person does; staff with a code."""
    page = context.new_page()
    page.goto("/account/login/")
    page.locator("input[name=login]").fill(person["email"])
    page.locator("input[name=password]").fill(person["password"])
    page.locator("input[name=password]").press("Enter")
    if "totp_secret" in person:
        box = page.locator("input[name=code]")
        box.fill(code(person["totp_secret"])[0])
        box.press("Enter")
    page.wait_for_url(lambda url: "/login/" not in url and "/authenticate/" not in url)
    page.close()


def show_again(
    browser: Browser, root: str, seen: Mapping[str, str], states: Mapping[str, Any]
) -> list[Shot]:
    """Take some pages on a phone and in the dark.

    ``states``: who is signed in, so that nobody needs a second code.
    """
    shots = []
    for suffix, width, scheme in (
        ("narrow", NARROW, "light"),
        ("dark", WIDTH, "dark"),
    ):
        for view in AGAIN:
            path = seen.get(plain(view))
            if path is None:
                continue
            who = who_sees(view)
            context = opened(
                browser,
                root,
                width=CONSOLE if who == "owner" and width == WIDTH else width,
                scheme=scheme,
                state=states.get(who),
            )
            page = context.new_page()
            page.goto(path)
            name = f"{plain(view)}-{suffix}"
            shots.append(shot(page, name, who, f", {suffix}"))
            context.close()
    return shots


def who_sees(view: str) -> str:
    """Return who is to see a page that is shown again."""
    if view.startswith("console"):
        return "owner"
    return "visitor" if view == "account_login" else "customer"


def opened(
    browser: Browser,
    root: str,
    *,
    width: int = WIDTH,
    scheme: Any = "light",
    state: Any = None,
) -> BrowserContext:
    """Return a window of somebody who was never here, or whose ``state`` it is."""
    return browser.new_context(
        base_url=root,
        color_scheme=scheme,
        locale="en-GB",
        storage_state=state,
        timezone_id="UTC",
        viewport={"width": width, "height": HEIGHT},
    )


@contextmanager
def demo(folder: Path) -> Iterator[dict[str, Any]]:
    """Run the demo; yield what ``--json`` says."""
    line = [sys.executable, "-m", "housemail", "demo", "--json", "--port=0"]
    line += ["--data-dir", str(folder)]
    process = subprocess.Popen(  # noqa: S603 - our own program
        line, cwd=ROOT, env=environment(folder), stdout=subprocess.PIPE, text=True
    )
    try:
        if process.stdout is None:
            raise OSError
        yield json.loads(process.stdout.readline())
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate()


def mailed(folder: Path) -> list[str]:
    """Return the first link to a first password that an e-mail brought."""
    for path in sorted((folder / "mail").glob("*")):
        text = quopri.decodestring(path.read_bytes()).decode("utf-8", "replace")
        found = MAILED.search(text)
        if found:
            return [found[0]]
    return []


def listed(shots: list[Shot]) -> str:
    """Return the text of docs/screens/README.md."""
    rows = "\n".join(
        f"| [{shot.title}]({shot.file}) | `{shot.path}` | {shot.who} |"
        for shot in shots
    )
    return (
        "# The pages\n\n"
        "One picture a page, taken from `housemail demo` by `make screens`; the WHMCS "
        "module's\npages are in [the guide](../whmcs.md).\n\n"
        f"| page | path | seen by |\n| --- | --- | --- |\n{rows}\n"
    )


def main() -> None:
    """Take them all."""
    if CHROMIUM is None:
        sys.exit("Chromium is not installed; scripts/packages.sh installs it.")
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in FOLDER.glob("*.png"):
        old.unlink()
    seen: dict[str, str] = {}
    shots: list[Shot] = []
    with (
        tempfile.TemporaryDirectory() as name,
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS) as browser,
        demo(Path(name) / "demo") as said,
    ):
        root = said["shop"]["url"].rstrip("/")
        Walk("visitor", opened(browser, root), seen, shots).go("/", "/account/signup/")
        customer = opened(browser, root)
        sign_in(customer, said["customer"])
        walk = Walk("customer", customer, seen, shots)
        walk.go("/mailboxes/", "/", "/account/")
        walk.type_in("/", TYPED)
        owner = opened(browser, root, width=CONSOLE)
        sign_in(owner, said["console"])
        Walk("owner", owner, seen, shots).go("/console/", "/account/")
        Walk("customer", customer, seen, shots).go(*mailed(Path(name) / "demo"))
        states = {"customer": customer.storage_state(), "owner": owner.storage_state()}
        shots += show_again(browser, root, seen, states)
    (FOLDER / "README.md").write_text(listed(shots), encoding="utf-8")
    size = sum((FOLDER / shot.file).stat().st_size for shot in shots)
    sys.stdout.write(f"{len(shots)} pictures, {size // 1024} kB\n")


if __name__ == "__main__":
    main()
