"""What tests of pages ask again and again."""

from __future__ import annotations

from dataclasses import dataclass

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Page, expect

SERIOUS = {"serious", "critical"}


@dataclass(frozen=True)
class Site:
    """Where the service answers."""

    url: str


def watched(page: Page, complaints: list[str]) -> None:
    """Collect what scripts and the browser complain about on this page."""

    def heard(message: ConsoleMessage) -> None:
        # A page that answers 404 on purpose is not a fault of the page.
        if message.type == "error" and "Failed to load resource" not in message.text:
            complaints.append(message.text)

    page.on("console", heard)
    page.on("pageerror", lambda error: complaints.append(str(error)))


def assert_accessible(
    page: Page, within: str | None = None, *, besides: str = ""
) -> None:
    """Let axe look, at all or at a part or ``besides`` one; nothing serious is found.

    Needs JavaScript in the page.
    """
    # Half a megabyte: once a page, however often one looks.
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    violations = page.evaluate(
        """([within, besides]) => axe
            .run({include: [within], exclude: besides ? [besides] : []},
                 {resultTypes: ["violations"]})
            .then((results) => results.violations)""",
        [within or "html", besides],
    )
    found = [
        f"{rule['help']}: {node['html'][:200]} {node.get('failureSummary')}"
        for rule in violations
        if rule["impact"] in SERIOUS
        for node in rule["nodes"]
    ]
    assert found == [], "\n".join([page.url, *found])


def assert_fits(page: Page) -> None:
    """Nothing is wider than the window: nobody scrolls sideways."""
    # Waits for a page that is on its way.
    page.wait_for_load_state()
    wide = page.locator("body").evaluate(
        """() => {
            const width = document.documentElement.clientWidth;
            if (document.documentElement.scrollWidth <= width) return [];
            return [...document.body.querySelectorAll("*")]
                .filter((node) => node.getBoundingClientRect().right > width + 0.5)
                .map((node) => node.outerHTML.slice(0, 160));
        }"""
    )
    assert wide == [], page.url


def assert_targets_are_large(page: Page) -> None:
    """What is clicked is at least 24 by 24 pixels (WCAG 2.2, 2.5.8)."""
    small = page.evaluate(
        """() => [...document.querySelectorAll("button, select, summary, a.btn")]
            .filter((node) => node.checkVisibility())
            .filter((node) => {
                const box = node.getBoundingClientRect();
                return box.width < 24 || box.height < 24;
            })
            .map((node) => node.outerHTML.slice(0, 160))"""
    )
    assert small == [], page.url


def sign_in(page: Page, email: str, password: str) -> None:
    """Fill the sign-in form that is open, and send it."""
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("main").get_by_role("button", name="Sign In").click()


def expect_heading(page: Page, words: str) -> None:
    """The page's first heading says this."""
    expect(page.get_by_role("heading", level=1)).to_have_text(words)
